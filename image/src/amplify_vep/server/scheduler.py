"""Fair scheduling: the active jobs take turns, one batch each, and small batches pass together."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from amplify_vep.scoring.engine import Batch, Engine, Passed, join, split

Steps = Generator[Batch, Passed, Callable[[], dict[str, Any]]]


@dataclass(frozen=True)
class Outcome:
    """The end of a job: the function that builds its result, or its error."""

    job: int
    result: Callable[[], dict[str, Any]] | None = None
    error: Exception | None = None


@dataclass(eq=False)
class _Turn:
    """A job that has started, and the batch that it waits for."""

    job: int
    steps: Steps
    batch: Batch


class Rotation:
    """Jobs that take turns. A short protein waits for one batch of each other job, not until a long protein is done.

    A batch that is not full is filled up with whole batches of other jobs whose copies have the same length.

    Args:
        engine: the model that processes the batches.

    Attributes:
        passing: the jobs whose batches pass together now, or passed last.

    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.passing: tuple[int, ...] = ()
        self._new: dict[int, Steps] = {}
        self._turns: deque[_Turn] = deque()

    def __len__(self) -> int:
        return len(self._new) + len(self._turns)

    def add(self, job: int, steps: Steps) -> None:
        """Adds a job. Its first turn is after the turns of the jobs that are already there."""
        self._new[job] = steps

    def drop(self, job: int) -> None:
        """Removes a job. Unknown jobs are ignored, because they may have ended in the meantime."""
        self._new.pop(job, None)
        for turn in [turn for turn in self._turns if turn.job == job]:
            turn.steps.close()
            self._turns.remove(turn)

    def turn(self) -> list[Outcome]:
        """Passes the next job's batch, and those that fill it up, through the model; returns the jobs that ended."""
        outcomes = [self._begin(job, self._new.pop(job)) for job in list(self._new)]
        turns = self._next_turns()
        for turn in turns:
            self._turns.remove(turn)
        outcomes += [self._advance(turn, result) for turn, result in zip(turns, self._pass(turns), strict=True)]
        return [outcome for outcome in outcomes if outcome is not None]

    def _next_turns(self) -> list[_Turn]:
        """The next job, and the jobs after it whose batches fill up its batch."""
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
        """The result of each job's batch. An error of one job must not end the others."""
        batches = [turn.batch for turn in turns]
        self.passing = tuple(turn.job for turn in turns)
        try:
            return split(self._engine.run(join(batches)), batches) if turns else []
        except Exception as error:
            if len(turns) == 1:
                return [error]
        # Pass each batch alone, to find the job that fails.
        return [result for turn in turns for result in self._pass([turn])]

    def _begin(self, job: int, steps: Steps) -> Outcome | None:
        return self._step(job, steps, lambda: next(steps))

    def _advance(self, turn: _Turn, result: Passed | Exception) -> Outcome | None:
        if isinstance(result, Exception):
            return Outcome(turn.job, error=result)
        return self._step(turn.job, turn.steps, lambda: turn.steps.send(result))

    def _step(self, job: int, steps: Steps, step: Callable[[], Batch]) -> Outcome | None:
        """Advances a job to its next batch and puts it last in the queue; returns its outcome if it has ended."""
        try:
            self._turns.append(_Turn(job, steps, step()))
        except StopIteration as finished:
            return Outcome(job, result=finished.value)
        except Exception as error:  # reported to the caller of this job
            return Outcome(job, error=error)
        return None
