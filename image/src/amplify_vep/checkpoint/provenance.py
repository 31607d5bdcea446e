"""The origin of a checkpoint: provenance.json beside the weights, and the identity that a result shows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from amplify_vep import __version__
from amplify_vep.checkpoint.weights import read_metadata, unreadable, weight_files
from amplify_vep.errors import ErrorCode, ModelError

PROVENANCE_FILE = "provenance.json"
PRETRAINED, SYNTHETIC = "pretrained", "synthetic"
_CHUNK = 1 << 20
_HUB_CACHE = "models--"


@dataclass(frozen=True)
class ModelIdentity:
    """The identity of a checkpoint.

    Attributes:
        model_id: hub id, or the name that `synthesize` gives.
        revision: commit on the hub, `seed-N` of a synthetic checkpoint, or `local`.
        weights: `pretrained` or `synthetic`.
        weights_sha256: SHA-256 of the weights file; of shards, see `hash_weights`.
        package_version: version of this package.
        model_version: SHA-256 of `weights_sha256` and `package_version`: one name for weights and code.

    """

    model_id: str
    revision: str
    weights: str
    weights_sha256: str
    package_version: str
    model_version: str

    def to_json(self) -> dict[str, str]:
        """The identity as one flat JSON object."""
        return asdict(self)


def identify(folder: Path) -> ModelIdentity:
    """Reads the identity of a checkpoint, without PyTorch.

    The hash in provenance.json is used only if size and modification time of the files are those recorded with it.
    Otherwise the weights are hashed again.

    Raises:
        ModelError: CHECKPOINT_INVALID if no weights can be read, or provenance.json is damaged.

    """
    files = weight_files(folder)
    recorded = _read_provenance(folder)
    unchanged = recorded.get("files") == {path.name: _stamp(path) for path in files}
    sha256 = str(recorded["weights_sha256"]) if unchanged and "weights_sha256" in recorded else hash_weights(files)
    code_and_weights = hashlib.sha256(f"{sha256} {__version__}".encode()).hexdigest()
    return ModelIdentity(
        model_id=_model_id(folder, recorded),
        revision=str(recorded.get("revision", "local")),
        weights=kind_of_weights(folder),
        weights_sha256=sha256,
        package_version=__version__,
        model_version=f"sha256:{code_and_weights}",
    )


def kind_of_weights(folder: Path) -> str:
    """`synthetic` if provenance.json or the weights file itself says so, else `pretrained`."""
    marks = (_read_provenance(folder).get("weights"), read_metadata(folder).get("weights"))
    return SYNTHETIC if SYNTHETIC in marks else PRETRAINED


def model_id_of(folder: Path) -> str:
    """The id in provenance.json, else the one in the path of a hub cache, else `local/` and the folder's name."""
    return _model_id(folder, _read_provenance(folder))


def _model_id(folder: Path, recorded: Mapping[str, Any]) -> str:
    whole = folder.resolve()
    cached = [
        part.removeprefix(_HUB_CACHE).replace("--", "/", 1) for part in whole.parts if part.startswith(_HUB_CACHE)
    ]
    return str(recorded.get("model_id") or (cached[-1] if cached else f"local/{whole.name}"))


def write_provenance(
    folder: Path, model_id: str, revision: str, weights: str, sums: Mapping[str, str] | None = None
) -> None:
    """Writes provenance.json beside the weights in `folder`.

    Args:
        folder: of the checkpoint.
        model_id: see `ModelIdentity`.
        revision: see `ModelIdentity`.
        weights: see `ModelIdentity`.
        sums: SHA-256 of the files by name, if they are known; the weights are hashed otherwise.

    """
    files = weight_files(folder)
    content = {
        "schema_version": 1,
        "model_id": model_id,
        "revision": revision,
        "weights": weights,
        "weights_sha256": hash_weights(files, sums),
        "files": {path.name: _stamp(path) for path in files},
        "written_by": f"amplify-vep {__version__}",
    }
    (folder / PROVENANCE_FILE).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def hash_weights(files: list[Path], sums: Mapping[str, str] | None = None) -> str:
    """SHA-256 (hex) of a single file, or of the lines `sha256  name` of all shards. `sums`: see `write_provenance`."""
    digests = [hash_file(path) if sums is None else sums[path.name] for path in files]
    if len(digests) == 1:
        return digests[0]
    lines = "".join(f"{digest}  {path.name}\n" for digest, path in zip(digests, files, strict=True))
    return hashlib.sha256(lines.encode()).hexdigest()


def _stamp(path: Path) -> dict[str, int]:
    # Whole seconds: image layers have no finer resolution.
    status = path.stat()
    return {"size": status.st_size, "modified": int(status.st_mtime)}


def hash_file(path: Path) -> str:
    """SHA-256 (hex) of a file.

    Raises:
        ModelError: CHECKPOINT_INVALID if it cannot be read.

    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise unreadable(path, error) from error
    return digest.hexdigest()


def _read_provenance(folder: Path) -> Mapping[str, Any]:
    path = folder / PROVENANCE_FILE
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(ErrorCode.CHECKPOINT_INVALID, f"{PROVENANCE_FILE} cannot be read: {error}.") from error
    if not isinstance(content, dict):
        raise ModelError(ErrorCode.CHECKPOINT_INVALID, f"{PROVENANCE_FILE} is not a JSON object.")
    return content
