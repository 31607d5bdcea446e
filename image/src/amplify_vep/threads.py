"""How a CPU's threads wait for each other."""

import os


def wait_without_spinning() -> None:
    """Lets idle threads of PyTorch's OpenMP sleep, unless the environment says otherwise; before PyTorch is imported.

    Spinning gains little on an idle machine, and costs up to tenfold on one that is shared: each product then waits
    for a thread whose core a spinning one holds.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
