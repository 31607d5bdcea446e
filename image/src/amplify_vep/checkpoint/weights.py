"""Reads the safetensors of a checkpoint and checks that they match the architecture."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError, safe_open

from amplify_vep.checkpoint.config import ModelConfig
from amplify_vep.errors import LISTED, ErrorCode, ModelError, listed, shortened

if TYPE_CHECKING:
    from torch import Tensor

SINGLE_FILE = "model.safetensors"
INDEX_FILE = "model.safetensors.index.json"
_STORED_TYPES = {"F32", "F16", "BF16"}
_LONGEST_NAME = 60


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a checkpoint folder: the single file, or the shards in the index.

    Raises:
        ModelError: CHECKPOINT_INVALID if there are none, or a shard is missing.

    """
    if (folder / SINGLE_FILE).is_file():
        return [folder / SINGLE_FILE]
    if not (folder / INDEX_FILE).is_file():
        raise _invalid(f"{folder.name} has neither {SINGLE_FILE} nor {INDEX_FILE}.")
    names = sorted(set(_weight_map(folder).values()))
    if not names:
        raise _invalid(f"{INDEX_FILE} names no shards.")
    if any("/" in name or "\\" in name for name in names):
        raise _invalid(f"{INDEX_FILE} names shards outside the checkpoint's folder.")
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise _invalid(f"{INDEX_FILE} names shards that do not exist: {listed(missing, ', ')}.")
    return [folder / name for name in names]


def load_state(folder: Path, config: ModelConfig, device: str = "cpu") -> "dict[str, Tensor]":
    """Reads every tensor, memory-mapped, in its stored type.

    Args:
        folder: has `model.safetensors`, or shards and their index.
        config: its `tensor_shapes` must match the checkpoint exactly.
        device: device of the tensors, such as `cpu` (default) or `cuda:0`.

    Raises:
        ModelError: CHECKPOINT_INVALID with the tensors that are missing, unknown, or of the wrong shape or type, or
            with the file that cannot be read.

    """
    state: dict[str, Tensor] = {}
    faults: list[str] = []
    found: set[str] = set()
    shapes = config.tensor_shapes()
    for path in weight_files(folder):
        try:
            with safe_open(path, framework="pt", device=device) as file:
                names = set(file.keys())
                faults += [f"{shortened(name, _LONGEST_NAME)} is in two files" for name in sorted(names & found)]
                found |= names
                for name in sorted(names & shapes.keys()):
                    fault = _tensor_fault(name, file.get_slice(name), shapes[name])
                    if fault:
                        faults.append(fault)
                    else:
                        state[name] = file.get_tensor(name)
        except (SafetensorError, OSError) as error:
            raise unreadable(path, error) from error
    faults += [f"{name} is missing" for name in shapes if name not in found]
    extra = sorted(found - shapes.keys())
    faults += [f"{shortened(name, _LONGEST_NAME)} is not part of the architecture" for name in extra]
    if faults:
        raise _invalid(f"The checkpoint does not match config.json: {listed(faults)}.", faults)
    return state


def read_metadata(folder: Path) -> dict[str, str]:
    """Metadata in the header of the first safetensors file, read without PyTorch."""
    path = weight_files(folder)[0]
    try:
        with safe_open(path, framework="np") as file:
            return dict(file.metadata() or {})
    except (SafetensorError, OSError) as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> ModelError:
    """The error of a weights file that is damaged, or that this process must not or cannot read."""
    if isinstance(error, OSError):
        return _invalid(f"{path.name} cannot be read ({error.strerror or error}): check its permissions and its disk.")
    return _invalid(f"{path.name} cannot be read ({error}): it is damaged or incomplete.")


def _tensor_fault(name: str, stored: object, expected: tuple[int, ...]) -> str | None:
    shape = tuple(stored.get_shape())  # type: ignore[attr-defined]  # safetensors does not type its slices
    kind = stored.get_dtype()  # type: ignore[attr-defined]
    if shape != expected:
        return f"{name} has shape {list(shape)}, expected {list(expected)}"
    if kind not in _STORED_TYPES:
        return f"{name} is stored as {kind}, expected float32, float16 or bfloat16"
    return None


def _weight_map(folder: Path) -> dict[str, str]:
    try:
        mapping = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))["weight_map"]
        return {str(name): str(file) for name, file in mapping.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _invalid(f"{INDEX_FILE} cannot be read: {error}.") from error


def _invalid(message: str, faults: Sequence[str] = ()) -> ModelError:
    details = {"faults": faults[:LISTED], "count": len(faults)} if faults else None
    return ModelError(ErrorCode.CHECKPOINT_INVALID, message, details)
