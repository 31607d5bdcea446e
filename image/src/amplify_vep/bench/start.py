"""Time from process start to the first /ping that answers 200."""

from pathlib import Path

from amplify_vep.backend.timing import seconds
from amplify_vep.bench.figure import Figure
from amplify_vep.bench.server import running_server

_STARTS = 3


def start_figure(folder: Path, shape: str) -> Figure:
    """Best of some starts, the files of the model in the page cache as after the first."""

    def start() -> None:
        with running_server(folder, AMPLIFY_TUNING_S="0"):
            return

    return Figure(
        f"start, {shape}: process start to the first /ping 200", min(seconds(start) for _ in range(_STARTS)), "s"
    )
