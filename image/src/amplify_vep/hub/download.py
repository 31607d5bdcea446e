"""Downloads a revision of a published checkpoint and verifies that it is a protein language model."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amplify_vep.checkpoint.config import load_config
from amplify_vep.checkpoint.provenance import identify, write_provenance
from amplify_vep.errors import ErrorCode, HubUnreachableError, ModelError
from amplify_vep.hub import fetch
from amplify_vep.hub.manifest import write_manifest


def resolve_commit(model_id: str, revision: str) -> str:
    """Returns the commit of a branch, tag or commit on the hub.

    Raises:
        HubUnreachableError: the hub does not respond within seconds.
        ModelError: MODEL_NOT_FOUND.

    """
    with _hub_errors(model_id, revision):
        return fetch.resolve_commit(model_id, revision)


def download(model_id: str, revision: str, folder: Path) -> str:
    """Downloads config and weights of one revision into a folder, verifies them and writes provenance.json.

    Args:
        model_id: such as `chandar-lab/AMPLIFY_350M`.
        revision: branch, tag or commit.
        folder: created if it does not exist.

    Returns:
        The plausibility report, one line.

    Raises:
        HubUnreachableError: the hub does not respond.
        ModelError: MODEL_NOT_FOUND, and the errors of `prove`.

    """
    commit = resolve_commit(model_id, revision)
    with _hub_errors(model_id, revision):
        fetch.fetch(model_id, commit, folder)
    return prove(folder)


def prove(folder: Path) -> str:
    """Verifies that a folder is a protein language model, and writes provenance.json, gate.json and manifest.json.

    gate.json has the expected scores of the fidelity gate, so that a start need not compute them. manifest.json lets
    the folder be deployed from S3, see `hub.manifest`.

    Returns:
        The plausibility report, one line.

    Raises:
        ModelError: CONFIG_INVALID, CHECKPOINT_INVALID, or MODEL_IMPLAUSIBLE if the weights predict natural proteins
            no better than residue frequencies.

    """
    # Imported here: PyTorch takes seconds to import.
    from amplify_vep.hub.plausibility import prove_plausible, record_gate  # noqa: PLC0415

    identity = identify(folder)
    report = prove_plausible(folder, load_config(folder, identity.model_id))
    write_provenance(folder, identity.model_id, identity.revision, identity.weights)
    record_gate(folder)
    write_manifest(folder)
    return f"{identity.model_id} at {identity.revision}: {report}"


@contextmanager
def _hub_errors(model_id: str, revision: str) -> Iterator[None]:
    """Converts the errors of the hub's client into errors of this package."""
    from huggingface_hub import errors  # noqa: PLC0415 - takes a second to import

    try:
        yield
    except (
        errors.RepositoryNotFoundError,
        errors.RevisionNotFoundError,
        errors.GatedRepoError,
        errors.HFValidationError,
    ) as error:
        message = f"The hub has no {model_id} at {revision!r}, or access is denied: check the id and the revision."
        raise ModelError(ErrorCode.MODEL_NOT_FOUND, message) from error
    except Exception as error:
        # The HTTP library of the client depends on its version, so its errors have no common base class.
        transport = "http" in type(error).__module__ or isinstance(error, errors.HfHubHTTPError | OSError)
        if not transport:
            raise
        message = (
            f"The Hugging Face hub does not respond for {model_id} ({type(error).__name__}): check the network or the "
            "proxy, or name a folder that contains the model."
        )
        raise HubUnreachableError(ErrorCode.HUB_UNREACHABLE, message) from error
