"""Measures the time of alternatives on a machine that may be shared."""

import time
from collections.abc import Callable, Sequence


def best_seconds(runs: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Best time in seconds of each of `runs`, over `rounds` rounds after one round to warm up.

    Each round calls all of them once, because the speed of a machine drifts and the order must not matter. Each call
    must wait for its result.
    """
    for run in runs:
        run()
    return [min(times) for times in zip(*([seconds(run) for run in runs] for _ in range(rounds)), strict=True)]


def seconds(run: Callable[[], object]) -> float:
    """Wall time of one call in seconds."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
