"""Fetching a pinned revision of a published checkpoint, and proving that it is the model that it claims to be."""

import os
from pathlib import Path

from amplify_vep.config import load_config
from amplify_vep.errors import ErrorCode, HubUnreachableError, ModelError
from amplify_vep.provenance import PRETRAINED, write_provenance

_FILES = ["config.json", "*.safetensors", "model.safetensors.index.json"]
_ANSWER_S = 8.0
"""Seconds within which the hub must answer."""


def resolve_commit(model_id: str, revision: str) -> str:
    """Asks the hub which commit a branch, tag or commit names.

    Raises:
        HubUnreachableError: no answer within seconds.
        ModelError: MODEL_NOT_FOUND.

    """
    _bound_waiting()
    from huggingface_hub import HfApi  # noqa: PLC0415 - a second of imports that only a download needs
    from huggingface_hub.errors import (  # noqa: PLC0415
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    try:
        commit = HfApi().model_info(model_id, revision=revision, timeout=_ANSWER_S).sha
    except (RepositoryNotFoundError, RevisionNotFoundError, GatedRepoError, HFValidationError) as error:
        message = f"The hub has no {model_id} at {revision!r}, or does not show it: check the id and the revision."
        raise ModelError(ErrorCode.MODEL_NOT_FOUND, message) from error
    except (HfHubHTTPError, OSError, RuntimeError) as error:
        raise _unreachable(model_id, error) from error
    except Exception as error:
        # The hub's HTTP client has changed between versions; its transport errors share no base class with ours.
        if "http" not in type(error).__module__:
            raise
        raise _unreachable(model_id, error) from error
    if commit is None:
        raise ModelError(ErrorCode.MODEL_NOT_FOUND, f"The hub names no commit for {model_id} at {revision!r}.")
    return commit


def download(model_id: str, revision: str, folder: Path) -> str:
    """Fetches config and weights of one revision into a folder, checks them, and writes provenance.json.

    Args:
        model_id: such as `chandar-lab/AMPLIFY_350M`.
        revision: branch, tag or commit.
        folder: made where it does not exist.

    Returns:
        The plausibility report, one line.

    Raises:
        HubUnreachableError: the hub does not answer.
        ModelError: MODEL_NOT_FOUND, CONFIG_INVALID, CHECKPOINT_INVALID, or MODEL_IMPLAUSIBLE for weights that predict
            natural proteins no better than residue frequencies.

    """
    commit = resolve_commit(model_id, revision)
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415

    try:
        snapshot_download(model_id, revision=commit, local_dir=folder, allow_patterns=_FILES)
    except (HfHubHTTPError, OSError) as error:
        raise _unreachable(model_id, error) from error
    config = load_config(folder, model_id)
    # Imported here: only a fetched model is tried, and PyTorch takes seconds.
    from amplify_vep.plausibility import prove_plausible  # noqa: PLC0415

    report = prove_plausible(folder, config)
    write_provenance(folder, model_id, commit, PRETRAINED)
    return report


def _bound_waiting() -> None:
    # Read by huggingface_hub when it is imported.
    os.environ.setdefault("HF_HUB_ETAG_TIMEOUT", str(int(_ANSWER_S)))
    os.environ.setdefault("HF_HUB_DOWNLOAD_TIMEOUT", "30")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def _unreachable(model_id: str, error: Exception) -> HubUnreachableError:
    message = (
        f"The Hugging Face hub does not answer for {model_id} ({type(error).__name__}): check the network or "
        "the proxy, or name a folder that holds the model."
    )
    return HubUnreachableError(ErrorCode.HUB_UNREACHABLE, message)
