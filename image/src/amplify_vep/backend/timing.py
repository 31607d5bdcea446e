"""Timing several ways of doing the same on a machine that others may share."""

import time
from collections.abc import Callable, Sequence


def best_seconds(runs: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Best time of each, in rounds in which each has its turn, after one round to warm up.

    In turns, because a machine's speed drifts: what is timed last must not win or lose by that. Each run has to wait
    for its result.
    """
    for run in runs:
        run()
    return [min(times) for times in zip(*([seconds(run) for run in runs] for _ in range(rounds)), strict=True)]


def seconds(run: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
