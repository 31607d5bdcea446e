"""Weights from S3: manifest.json names the SHA-256 of each file, and the deployment names the SHA-256 of the manifest.

So a server loads only the weights that were deployed, also if somebody has overwritten the objects since then. Nothing
else below the prefix is read.
"""

import atexit
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from amplify_vep.checkpoint.config import CONFIG_FILE, load_config
from amplify_vep.checkpoint.provenance import (
    PROVENANCE_FILE,
    hash_file,
    kind_of_weights,
    model_id_of,
    write_provenance,
)
from amplify_vep.checkpoint.weights import INDEX_FILE, unreadable, weight_files
from amplify_vep.errors import ErrorCode, ModelError, UsageError, listed, quoted

MANIFEST_FILE = "manifest.json"
URL_VARIABLE = "AMPLIFY_MODEL_DATA_URL"
SHA256_VARIABLE = "AMPLIFY_MODEL_DATA_SHA256"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_READ = re.compile(rf"{CONFIG_FILE}|{PROVENANCE_FILE}|{INDEX_FILE}|[\w-][\w.-]*\.safetensors", re.ASCII)
"""Names of the files that a server reads: no pickle and no code."""


@dataclass(frozen=True)
class Deployed:
    """The weights that a deployment names.

    Attributes:
        url: where they are, such as `s3://bucket/prefix/`; the id of the model in results.
        manifest_sha256: SHA-256 (hex) of their manifest.json; the revision in results.

    """

    url: str
    manifest_sha256: str


def deployed() -> Deployed | None:
    """The weights that the environment names; None if it names none, and the model folder is used as it is.

    Raises:
        UsageError: USAGE if only one of the two variables is set, or the hash is none.

    """
    url, sha256 = os.environ.get(URL_VARIABLE, ""), os.environ.get(SHA256_VARIABLE, "")
    if not url and not sha256:
        return None
    if not url or not _SHA256.fullmatch(sha256):
        message = f"{URL_VARIABLE} and {SHA256_VARIABLE} (64 hexadecimal digits) belong together; set both or neither."
        raise UsageError(ErrorCode.USAGE, message)
    return Deployed(url, sha256)


def write_manifest(folder: Path) -> None:
    """Writes manifest.json: the SHA-256 of every file of a checkpoint that a server reads."""
    names = [CONFIG_FILE, *(path.name for path in weight_files(folder))]
    names += [name for name in (PROVENANCE_FILE, INDEX_FILE) if (folder / name).is_file()]
    content = {"schema_version": 1, "files": {name: hash_file(folder / name) for name in sorted(names)}}
    (folder / MANIFEST_FILE).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def verified(folder: Path, expected: Deployed) -> Path:
    """Checks the files in a folder against its manifest, and the manifest against the deployment.

    Args:
        folder: where the files of the prefix are, such as /opt/ml/model; nothing is written there.
        expected: the deployed weights.

    Returns:
        A new folder that has only the checked files, and a provenance.json that names `expected`. It is deleted when
        this process ends.

    Raises:
        ModelError: WEIGHTS_CHANGED if a file is not the deployed one; CHECKPOINT_INVALID or CONFIG_INVALID.

    """
    sums = _manifest(folder, expected)
    differing = [name for name, sha256 in sums.items() if not _is(folder / name, sha256)]
    if differing:
        raise _changed(expected, f"{listed(differing, ', ')} not as in {MANIFEST_FILE}")
    checked = Path(tempfile.mkdtemp(prefix="amplify-vep-"))
    atexit.register(shutil.rmtree, checked, ignore_errors=True)
    for name in sums:
        (checked / name).symlink_to((folder / name).resolve())
    weights, config = kind_of_weights(checked), load_config(checked, model_id_of(checked))
    # With the window of a base stage, which is known by the model id that is replaced here.
    (checked / CONFIG_FILE).unlink()
    (checked / CONFIG_FILE).write_text(json.dumps(config.to_json()), encoding="utf-8")
    (checked / PROVENANCE_FILE).unlink(missing_ok=True)
    write_provenance(checked, expected.url, f"sha256:{expected.manifest_sha256}", weights, sums)
    return checked


def _manifest(folder: Path, expected: Deployed) -> Mapping[str, str]:
    path = folder / MANIFEST_FILE
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _changed(expected, f"there is no {MANIFEST_FILE}") from None
    except OSError as error:
        raise unreadable(path, error) from error
    found = hashlib.sha256(content).hexdigest()
    if found != expected.manifest_sha256:
        raise _changed(expected, f"{MANIFEST_FILE} has SHA-256 {found}, deployed was {expected.manifest_sha256}")
    try:
        files = json.loads(content)["files"]
        sums = {str(name): str(sha256) for name, sha256 in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _invalid('it is not {"schema_version": 1, "files": {NAME: SHA-256}}') from None
    foreign = [quoted(name) for name in sums if not _READ.fullmatch(name)]
    if foreign:
        raise _invalid(f"it names files that are not part of a checkpoint: {listed(foreign, ', ')}")
    if CONFIG_FILE not in sums:
        raise _invalid(f"it does not name {CONFIG_FILE}")
    return sums


def _is(path: Path, sha256: str) -> bool:
    return path.is_file() and hash_file(path) == sha256


def _changed(expected: Deployed, what: str) -> ModelError:
    message = (
        f"The files in {expected.url} are not those that were deployed: {what}. They were changed after the last "
        "`pulumi up`: run it again to deploy them, or restore them."
    )
    return ModelError(ErrorCode.WEIGHTS_CHANGED, message)


def _invalid(what: str) -> ModelError:
    return ModelError(ErrorCode.CHECKPOINT_INVALID, f"{MANIFEST_FILE} cannot be used: {what}. See `amplify-vep prove`.")
