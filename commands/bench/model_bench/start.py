"""Time from process start to the first /ping that answers 200."""

import time
from pathlib import Path

from model_bench.figure import Figure
from model_bench.server import running_server

_STARTS = 3


def start_figure(folder: Path, shape: str) -> Figure:
    """Best of some starts, the files of the model in the page cache as after the first."""

    def start() -> float:
        started = time.perf_counter()
        with running_server(folder):
            return time.perf_counter() - started

    return Figure(f"start, {shape}: process start to the first /ping 200", min(start() for _ in range(_STARTS)), "s")
