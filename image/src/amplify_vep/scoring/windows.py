"""Windows: the part of a long protein that the model sees for each position."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


def centred_start(column: int, length: int, window: int) -> int:
    """First column of the window centred on `column`, clamped to the ends of the protein.

    Args:
        column: 0-based.
        length: number of residues in the protein.
        window: number of residues in one copy.

    """
    return max(0, min(column - window // 2, length - window))


def strided_starts(length: int, window: int) -> list[int]:
    """First columns of half-overlapping windows that cover the protein. The last window ends at its end."""
    if length <= window:
        return [0]
    stride = max(1, window // 2)
    return [*range(0, length - window, stride), length - window]


def most_central_start(column: int, starts: Sequence[int], window: int) -> int:
    """The window of `starts` in which `column` is closest to the centre; the first one if two are equally close."""
    return min(starts, key=lambda start: abs(2 * (column - start) - (window - 1)))


@dataclass
class WindowRun:
    """A run of neighbouring positions that share one window, or whose window moves along with them.

    Attributes:
        first: column of the first position.
        last: column of the last position.
        start: first column of the window of `first`.
        size: number of residues in the window.
        sliding: whether the window moves by one residue with each position.

    """

    first: int
    last: int
    start: int
    size: int
    sliding: bool = False

    def to_json(self, offset: int) -> dict[str, Any]:
        """The run as JSON values, in the caller's numbering; both ends are included."""
        shift = 1 + offset
        return {
            "positions": [self.first + shift, self.last + shift],
            "start": self.start + shift,
            "end": self.start + self.size - 1 + shift,
            "sliding": self.sliding,
        }


def describe_windows(starts: Sequence[tuple[int, int]], size: int) -> list[WindowRun]:
    """Combines neighbouring positions into runs.

    Args:
        starts: (column, first column of its window) for every scored position, sorted by column.
        size: number of residues in each window.

    """
    runs: list[WindowRun] = []
    for column, start in starts:
        run = runs[-1] if runs else None
        if run is None or run.last != column - 1:
            runs.append(WindowRun(column, column, start, size))
            continue
        alone = run.first == run.last
        slides = start == run.start + (column - run.first)
        stays = start == run.start and (alone or not run.sliding)
        if stays or (slides and (alone or run.sliding)):
            run.last, run.sliding = column, not stays
        else:
            runs.append(WindowRun(column, column, start, size))
    return runs
