from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import pytest

from amplify_vep.scoring.engine import Batch, Passed
from amplify_vep.server.scheduler import Outcome, Rotation

Job = Generator[Batch, Passed, Callable[[], dict[str, Any]]]
ROOM = 4


class FakeEngine:
    """Returns the first token of each copy, and records which copies passed together."""

    window = 100

    def __init__(self, breaks_on: int | None = None) -> None:
        self.passes: list[list[int]] = []
        self._breaks_on = breaks_on

    def batch_size(self, tokens: int) -> int:
        return ROOM

    def run(self, batch: Batch) -> Passed:
        names = batch.tokens[:, 0].tolist()
        self.passes.append(names)
        if self._breaks_on in names:
            raise ValueError("broken")
        values = np.broadcast_to(batch.tokens[:, :1, None], (*batch.reads.shape, 20)).astype(float)
        return Passed(values, copies=len(batch), seconds=float(len(batch)), oom_retries=1)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


def batch(name: int, copies: int, tokens: int = 10, reads: int = 1) -> Batch:
    return Batch(np.full((copies, tokens), name), np.ones((copies, reads), dtype=np.int64))


def job(name: int, sizes: list[int], tokens: int = 10, reads: int = 1) -> Job:
    """Yields batches of these sizes; the result contains their results."""
    result: dict[str, Any] = {"passed": []}
    for size in sizes:
        result["passed"].append((yield batch(name, size, tokens, reads)))
    return lambda: result


def outcomes(rotation: Rotation) -> list[Outcome]:
    """Takes turns until no job is left."""
    ended = []
    while rotation:
        ended += rotation.turn()
    return ended


def test_jobs_alternate_batch_by_batch(engine: FakeEngine) -> None:
    rotation = Rotation(engine)
    for name, batches in [(1, 4), (2, 1), (3, 2)]:
        rotation.add(name, job(name, [ROOM] * batches))

    ended = outcomes(rotation)

    assert engine.passes == [[name] * ROOM for name in (1, 2, 3, 1, 3, 1, 1)]
    assert [outcome.job for outcome in ended] == [2, 3, 1]


def test_batches_that_fit_pass_together_and_each_job_gets_its_own(engine: FakeEngine) -> None:
    rotation = Rotation(engine)
    for name, sizes in [(1, [1, 1]), (2, [2]), (3, [2]), (4, [1])]:
        rotation.add(name, job(name, sizes))

    ended = outcomes(rotation)

    assert engine.passes == [[1, 2, 2, 4], [3, 3, 1]]
    for outcome in ended:
        assert outcome.result is not None
        for passed in outcome.result()["passed"]:
            assert (passed.log_probs == outcome.job).all()
            assert passed.seconds == len(passed.log_probs)
            assert (passed.copies, passed.oom_retries) in [(4, 1), (3, 1)]


@pytest.mark.parametrize("other", [{"tokens": 11}, {"reads": 2}])
def test_copies_of_another_shape_are_not_joined(engine: FakeEngine, other: dict[str, int]) -> None:
    rotation = Rotation(engine)
    rotation.add(1, job(1, [1]))
    rotation.add(2, job(2, [1], **other))

    outcomes(rotation)

    assert engine.passes == [[1], [2]]


def test_one_jobs_error_ends_no_other_of_its_pass() -> None:
    engine = FakeEngine(breaks_on=1)
    rotation = Rotation(engine)
    rotation.add(1, job(1, [1]))
    rotation.add(2, job(2, [1, 1]))

    bad, good = outcomes(rotation)

    assert engine.passes == [[1, 2], [1], [2], [2]]
    assert (bad.job, bad.result, str(bad.error)) == (1, None, "broken")
    assert good.job == 2 and good.result is not None


def test_a_job_that_cannot_start_has_an_error(engine: FakeEngine) -> None:
    def refused() -> Job:
        raise ValueError("no window")
        yield

    rotation = Rotation(engine)
    rotation.add(1, refused())

    (outcome,) = outcomes(rotation)

    assert str(outcome.error) == "no window"
    assert engine.passes == []


def test_a_dropped_job_takes_no_turn_more(engine: FakeEngine) -> None:
    rotation = Rotation(engine)
    rotation.add(1, job(1, [ROOM] * 9))
    rotation.add(2, job(2, [ROOM] * 2))
    rotation.turn()
    rotation.add(3, job(3, [ROOM]))

    for dropped in (1, 3, 99):
        rotation.drop(dropped)

    assert len(rotation) == 1
    assert [outcome.job for outcome in outcomes(rotation)] == [2]
    assert engine.passes == [[1] * ROOM, [2] * ROOM, [2] * ROOM]


@pytest.mark.parametrize("jobs", [0, 3])
def test_counts_its_jobs(engine: FakeEngine, jobs: int) -> None:
    rotation = Rotation(engine)
    for number in range(jobs):
        rotation.add(number, job(number, [1]))

    assert len(rotation) == jobs
