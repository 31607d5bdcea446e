"""Finds a model: a folder, or a hub id that is downloaded into a cache."""

import contextlib
import os
import re
from pathlib import Path

from amplify_vep.errors import ErrorCode, HubUnreachableError, ModelError, quoted

CACHE_VARIABLE = "AMPLIFY_CACHE_DIR"
_LONGEST_MODEL = 200
_HUB_ID = re.compile(r"[\w][\w.-]*/[\w][\w.-]*", re.ASCII)


def find_model(model: str, revision: str = "main") -> Path:
    """Returns the folder of a model, downloaded from the hub if necessary.

    Args:
        model: a folder, or a hub id such as `chandar-lab/AMPLIFY_350M`.
        revision: branch, tag or commit on the hub; default `main`.

    Raises:
        ModelError: MODEL_NOT_FOUND, and the errors of `download.download`.
        HubUnreachableError: the hub does not respond and the model is not in the cache.

    """
    with contextlib.suppress(RuntimeError, OSError):  # no such user, or too long for a path: not a folder
        folder = Path(model).expanduser()
        if folder.is_dir():
            return folder
    if not _HUB_ID.fullmatch(model):
        message = f"{quoted(model, _LONGEST_MODEL)} is neither a folder nor a hub id such as chandar-lab/AMPLIFY_350M."
        raise ModelError(ErrorCode.MODEL_NOT_FOUND, message)
    return _from_cache_or_hub(model, revision)


def cache_folder() -> Path:
    """`$AMPLIFY_CACHE_DIR`, else `amplify-vep` in the user's cache folder."""
    given = os.environ.get(CACHE_VARIABLE)
    if given:
        return Path(given)
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "amplify-vep"


def _from_cache_or_hub(model: str, revision: str) -> Path:
    # Imported here: a model in a folder does not need the hub client.
    from amplify_vep.hub.download import download, resolve_commit  # noqa: PLC0415

    models = cache_folder() / model.replace("/", "--")
    last_resolved = models / "refs" / re.sub(r"[^\w.-]", "_", revision)
    try:
        commit = resolve_commit(model, revision)
    except HubUnreachableError:
        if not last_resolved.is_file():
            raise
        return models / last_resolved.read_text(encoding="utf-8").strip()
    folder = models / commit
    if not last_resolved.is_file() or last_resolved.read_text(encoding="utf-8").strip() != commit:
        download(model, commit, folder)
        last_resolved.parent.mkdir(parents=True, exist_ok=True)
        last_resolved.write_text(commit, encoding="utf-8")
    return folder
