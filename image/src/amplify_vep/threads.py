"""Settings of the CPU threads."""

import os


def wait_without_spinning() -> None:
    """Makes idle OpenMP threads of PyTorch sleep, unless `GOMP_SPINCOUNT` is set. Call it before PyTorch is imported.

    Spinning gains little on an idle machine and can take ten times as long on a shared one, where a spinning thread
    occupies the core that another thread needs.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
