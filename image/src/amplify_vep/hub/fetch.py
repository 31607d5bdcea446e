"""Downloads a checkpoint from the Hugging Face hub and records its origin.

This file is also a script: `fetch.py MODEL_ID REVISION FOLDER`. The image runs it in a layer that contains no other
file of the package, so that a change of code does not download the weights again. It must therefore import nothing
from the package.
"""

import json
import os
import sys
from pathlib import Path

FILES = ("config.json", "*.safetensors", "model.safetensors.index.json")
ANSWER_S = 7.0
"""Seconds to wait for a response of the hub."""


def resolve_commit(model_id: str, revision: str) -> str:
    """Returns the commit of a branch, tag or commit on the hub. Raises the errors of the hub's client."""
    _bound_waiting()
    from huggingface_hub import HfApi  # noqa: PLC0415 - it reads the environment when it is imported

    return str(HfApi().model_info(model_id, revision=revision, timeout=ANSWER_S).sha)


def fetch(model_id: str, commit: str, folder: Path) -> None:
    """Downloads config and weights of a commit and writes provenance.json, without the hash of the weights.

    Args:
        model_id: such as `chandar-lab/AMPLIFY_350M`.
        commit: the result of `resolve_commit`.
        folder: created if it does not exist.

    """
    _bound_waiting()
    from huggingface_hub import snapshot_download  # noqa: PLC0415

    snapshot_download(model_id, revision=commit, local_dir=folder, allow_patterns=list(FILES))
    origin = {"schema_version": 1, "model_id": model_id, "revision": commit, "weights": "pretrained"}
    (folder / "provenance.json").write_text(json.dumps(origin, indent=2) + "\n", encoding="utf-8")


def _bound_waiting() -> None:
    os.environ.setdefault("HF_HUB_ETAG_TIMEOUT", str(int(ANSWER_S)))
    os.environ.setdefault("HF_HUB_DOWNLOAD_TIMEOUT", "30")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


if __name__ == "__main__":
    model, wanted, target = sys.argv[1:]
    resolved = resolve_commit(model, wanted)
    fetch(model, resolved, Path(target))
    print(f"{model} at {wanted} is commit {resolved}")
