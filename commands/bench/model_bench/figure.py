"""A measured figure, and the comparison of two alternatives."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from model_bench.timing import seconds

PAIRS = 7
"""Number of alternating pairs, of which the median is reported."""


@dataclass(frozen=True)
class Figure:
    """A measured value.

    Attributes:
        name: what is measured.
        value: the value in `unit`.
        unit: such as `s`, or `x` for a ratio.
        goal: such as `>= 3`; empty if there is no goal.
        holds: whether the goal is reached; None if there is no goal.

    """

    name: str
    value: float
    unit: str
    goal: str = ""
    holds: bool | None = None

    def to_json(self) -> dict[str, Any]:
        """The figure as JSON values."""
        return {**vars(self), "value": round(self.value, 3)}


def at_least(name: str, value: float, unit: str, goal: float) -> Figure:
    """A figure that should be at least `goal`."""
    return Figure(name, value, unit, f">= {goal:g}", value >= goal)


def at_most(name: str, value: float, unit: str, goal: float) -> Figure:
    """A figure that should be at most `goal`."""
    return Figure(name, value, unit, f"<= {goal:g}", value <= goal)


def median_ratio(slow: Callable[[], object], fast: Callable[[], object], pairs: int = PAIRS) -> float:
    """How many times longer `slow` takes than `fast`: the median of alternating pairs, after one call of each."""
    slow(), fast()
    return statistics.median(seconds(slow) / seconds(fast) for _ in range(pairs))
