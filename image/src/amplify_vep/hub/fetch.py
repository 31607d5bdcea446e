"""Fetching a checkpoint from the Hugging Face hub, and noting where it comes from.

Also a script of its own, `fetch.py MODEL_ID REVISION FOLDER`: the image runs it in a layer that knows no other file of
this package, so that a change of code fetches no weights again. It imports nothing of the package for this reason.
"""

import json
import os
import sys
from pathlib import Path

FILES = ("config.json", "*.safetensors", "model.safetensors.index.json")
ANSWER_S = 7.0
"""Seconds within which the hub must answer."""


def resolve_commit(model_id: str, revision: str) -> str:
    """Asks the hub which commit a branch, tag or commit names; raises what the hub's client raises."""
    _bound_waiting()
    from huggingface_hub import HfApi  # noqa: PLC0415 - reads the environment when it is imported

    return str(HfApi().model_info(model_id, revision=revision, timeout=ANSWER_S).sha)


def fetch(model_id: str, commit: str, folder: Path) -> None:
    """Fetches config and weights of a commit, and writes provenance.json without the weights' hash.

    Args:
        model_id: such as `chandar-lab/AMPLIFY_350M`.
        commit: as `resolve_commit` gives it.
        folder: made where it does not exist.

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
