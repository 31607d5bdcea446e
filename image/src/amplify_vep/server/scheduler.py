"""Fair turns: every active job gets one batch, then the next job's turn comes; small batches pass together."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from amplify_vep.scoring.engine import Batch, Engine, Passed, join, split

Steps = Generator[Batch, Passed, dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What became of a job: its result, or the error that ended it."""

    job: int
    result: dict[str, Any] | None = None
    error: Exception | None = None


@dataclass(eq=False)
class _Turn:
    """A job that has begun, and the batch that it asks for."""

    job: int
    steps: Steps
    batch: Batch


class Rotation:
    """Jobs in turn. A short protein waits for one batch of each other job, never for a long protein's end.

    A batch that is not full takes along those of other jobs that fit in whole, of copies equally long.

    Args:
        engine: through which the batches pass.

    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._new: dict[int, Steps] = {}
        self._turns: deque[_Turn] = deque()

    def __len__(self) -> int:
        return len(self._new) + len(self._turns)

    def add(self, job: int, steps: Steps) -> None:
        """Adds a job; its first turn comes after those of the jobs that are there already."""
        self._new[job] = steps

    def drop(self, job: int) -> None:
        """Forgets a job; unknown ones are ignored, for they may have ended meanwhile."""
        self._new.pop(job, None)
        for turn in [turn for turn in self._turns if turn.job == job]:
            turn.steps.close()
            self._turns.remove(turn)

    def turn(self) -> list[Outcome]:
        """Passes the next job's batch through the model, and those that join it; gives the outcomes of what ended."""
        outcomes = [self._begin(job, self._new.pop(job)) for job in list(self._new)]
        turns = self._next_turns()
        for turn in turns:
            self._turns.remove(turn)
        outcomes += [self._advance(turn, came) for turn, came in zip(turns, self._pass(turns), strict=True)]
        return [outcome for outcome in outcomes if outcome is not None]

    def _next_turns(self) -> list[_Turn]:
        """The next job, and those after it whose batches fill up its own."""
        if not self._turns:
            return []
        chosen, *others = self._turns
        turns = [chosen]
        room = self._engine.batch_size(chosen.batch.shape[0]) - len(chosen.batch)
        for turn in others:
            if turn.batch.shape == chosen.batch.shape and len(turn.batch) <= room:
                turns.append(turn)
                room -= len(turn.batch)
        return turns

    def _pass(self, turns: Sequence[_Turn]) -> Sequence[Passed | Exception]:
        """What came of each job's batch: one job's fault must not end the others."""
        batches = [turn.batch for turn in turns]
        try:
            return split(self._engine.run(join(batches)), batches) if turns else []
        except Exception as error:
            if len(turns) == 1:
                return [error]
        # Whose batch it was shows when each passes alone.
        return [came for turn in turns for came in self._pass([turn])]

    def _begin(self, job: int, steps: Steps) -> Outcome | None:
        return self._go_on(job, steps, lambda: next(steps))

    def _advance(self, turn: _Turn, came: Passed | Exception) -> Outcome | None:
        if isinstance(came, Exception):
            return Outcome(turn.job, error=came)
        return self._go_on(turn.job, turn.steps, lambda: turn.steps.send(came))

    def _go_on(self, job: int, steps: Steps, step: Callable[[], Batch]) -> Outcome | None:
        """Takes a job to its next batch, behind all others; its outcome where there is none."""
        try:
            self._turns.append(_Turn(job, steps, step()))
        except StopIteration as finished:
            return Outcome(job, result=finished.value)
        except Exception as error:  # told to whoever asked for this job
            return Outcome(job, error=error)
        return None
