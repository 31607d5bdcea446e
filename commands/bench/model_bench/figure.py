"""One figure, and how two ways of doing the same are compared."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from amplify_vep.backend.timing import seconds

PAIRS = 7
"""Alternating pairs at least, of which the median is told."""


@dataclass(frozen=True)
class Figure:
    """A measured value.

    Attributes:
        name: what was measured.
        value: in `unit`.
        unit: such as `x` for a ratio.
        goal: such as `>= 3`; empty for a value that only informs.
        holds: whether it is reached; None without a goal.

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
    """A figure that should reach `goal`."""
    return Figure(name, value, unit, f">= {goal:g}", value >= goal)


def at_most(name: str, value: float, unit: str, goal: float) -> Figure:
    """A figure that should not exceed `goal`."""
    return Figure(name, value, unit, f"<= {goal:g}", value <= goal)


def median_ratio(slow: Callable[[], object], fast: Callable[[], object], pairs: int = PAIRS) -> float:
    """How many times longer `slow` takes than `fast`: median over alternating pairs, after one call of each."""
    slow(), fast()
    return statistics.median(seconds(slow) / seconds(fast) for _ in range(pairs))
