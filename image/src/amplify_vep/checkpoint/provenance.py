"""Where a checkpoint comes from: provenance.json beside the weights, and what a result says of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from amplify_vep import __version__
from amplify_vep.checkpoint.weights import read_metadata, weight_files
from amplify_vep.errors import ErrorCode, ModelError

PROVENANCE_FILE = "provenance.json"
PRETRAINED, SYNTHETIC = "pretrained", "synthetic"
_CHUNK = 1 << 20
_HUB_CACHE = "models--"


@dataclass(frozen=True)
class ModelIdentity:
    """What a checkpoint is.

    Attributes:
        model_id: hub id, or what `synthesize` calls its own.
        revision: resolved commit of the hub, seed of a synthetic one, or `local`.
        weights: `pretrained` or `synthetic`.
        weights_sha256: SHA-256 of the weights file; of shards, of their names and SHA-256 sums.
        package_version: of this package.
        model_version: names weights and code in one.

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
    """Reads what a checkpoint is, without PyTorch.

    The hash in provenance.json is taken only for files whose size and time of change are those that were hashed;
    otherwise the weights are hashed anew.

    Raises:
        ModelError: CHECKPOINT_INVALID where there are no readable weights, or provenance.json is damaged.

    """
    files = weight_files(folder)
    recorded = _read_provenance(folder)
    unchanged = recorded.get("files") == {path.name: _stamp(path) for path in files}
    sha256 = str(recorded["weights_sha256"]) if unchanged and "weights_sha256" in recorded else hash_weights(files)
    synthetic = SYNTHETIC in (recorded.get("weights"), read_metadata(folder).get("weights"))
    code_and_weights = hashlib.sha256(f"{sha256} {__version__}".encode()).hexdigest()
    return ModelIdentity(
        model_id=_model_id(folder, recorded),
        revision=str(recorded.get("revision", "local")),
        weights=SYNTHETIC if synthetic else PRETRAINED,
        weights_sha256=sha256,
        package_version=__version__,
        model_version=f"sha256:{code_and_weights}",
    )


def model_id_of(folder: Path) -> str:
    """The id in provenance.json, else the one that a hub cache's folder names, else `local/` and the folder's name."""
    return _model_id(folder, _read_provenance(folder))


def _model_id(folder: Path, recorded: Mapping[str, Any]) -> str:
    whole = folder.resolve()
    cached = [
        part.removeprefix(_HUB_CACHE).replace("--", "/", 1) for part in whole.parts if part.startswith(_HUB_CACHE)
    ]
    return str(recorded.get("model_id") or (cached[-1] if cached else f"local/{whole.name}"))


def write_provenance(folder: Path, model_id: str, revision: str, weights: str) -> None:
    """Hashes the weights in `folder` and writes provenance.json beside them; arguments as of `ModelIdentity`."""
    files = weight_files(folder)
    content = {
        "schema_version": 1,
        "model_id": model_id,
        "revision": revision,
        "weights": weights,
        "weights_sha256": hash_weights(files),
        "files": {path.name: _stamp(path) for path in files},
        "written_by": f"amplify-vep {__version__}",
    }
    (folder / PROVENANCE_FILE).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def hash_weights(files: list[Path]) -> str:
    """SHA-256 (hex) of the single file, or of the lines `sha256  name` of every shard."""
    sums = [_sha256(path) for path in files]
    if len(sums) == 1:
        return sums[0]
    lines = "".join(f"{digest}  {path.name}\n" for digest, path in zip(sums, files, strict=True))
    return hashlib.sha256(lines.encode()).hexdigest()


def _stamp(path: Path) -> dict[str, int]:
    # Whole seconds: image layers keep no finer times.
    status = path.stat()
    return {"size": status.st_size, "modified": int(status.st_mtime)}


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _read_provenance(folder: Path) -> Mapping[str, Any]:
    path = folder / PROVENANCE_FILE
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(ErrorCode.CHECKPOINT_INVALID, f"{PROVENANCE_FILE} cannot be read: {error}.") from error
    if not isinstance(content, dict):
        raise ModelError(ErrorCode.CHECKPOINT_INVALID, f"{PROVENANCE_FILE} is not a JSON object.")
    return content
