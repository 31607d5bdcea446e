"""Time from the start of the process to the first /ping that returns 200."""

import time
from pathlib import Path

from model_bench.figure import Figure
from model_bench.server import running_server

_STARTS = 3


def start_figure(folder: Path, shape: str) -> Figure:
    """Best time of three starts; after the first one, the files of the model are in the page cache."""

    def start() -> float:
        started = time.perf_counter()
        with running_server(folder):
            return time.perf_counter() - started

    return Figure(f"start, {shape}: process start to the first /ping 200", min(start() for _ in range(_STARTS)), "s")
