"""Fair turns: every active job gets one batch, then the next job's turn comes."""

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

Steps = Generator[object, None, dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What became of a job: its result, or the error that ended it."""

    job: int
    result: dict[str, Any] | None = None
    error: Exception | None = None


class Rotation:
    """Jobs in turn. A short protein waits for one batch of each other job, never for a long protein's end."""

    def __init__(self) -> None:
        self._turns: deque[tuple[int, Steps]] = deque()

    def __len__(self) -> int:
        return len(self._turns)

    def add(self, job: int, steps: Steps) -> None:
        """Adds a job; its first turn comes after those of the jobs that are there already."""
        self._turns.append((job, steps))

    def drop(self, job: int) -> None:
        """Forgets a job; unknown ones are ignored, for they may have ended meanwhile."""
        kept = [turn for turn in self._turns if turn[0] != job]
        for name, steps in self._turns:
            if name == job:
                steps.close()
        self._turns = deque(kept)

    def turn(self) -> Outcome | None:
        """Takes one step of the next job; its outcome where it ended, None where it goes on."""
        job, steps = self._turns.popleft()
        try:
            next(steps)
        except StopIteration as finished:
            return Outcome(job, result=finished.value)
        except Exception as error:  # one job's fault must not end the others
            return Outcome(job, error=error)
        self._turns.append((job, steps))
        return None
