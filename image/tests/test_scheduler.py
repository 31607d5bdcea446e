from collections.abc import Generator
from typing import Any

import pytest

from amplify_vep.server.scheduler import Outcome, Rotation


def job(name: str, batches: int, seen: list[str], error: Exception | None = None) -> Generator[None, None, Any]:
    for _ in range(batches):
        seen.append(name)
        yield
    if error is not None:
        raise error
    return {"name": name}


def outcomes(rotation: Rotation) -> list[Outcome]:
    """Takes turns until no job is left."""
    ended = []
    while rotation:
        outcome = rotation.turn()
        if outcome is not None:
            ended.append(outcome)
    return ended


def test_jobs_alternate_batch_by_batch() -> None:
    seen: list[str] = []
    rotation = Rotation()
    for number, (name, batches) in enumerate([("long", 4), ("short", 1), ("middle", 2)]):
        rotation.add(number, job(name, batches, seen))

    ended = outcomes(rotation)

    assert seen == ["long", "short", "middle", "long", "middle", "long", "long"]
    assert [outcome.result for outcome in ended] == [{"name": "short"}, {"name": "middle"}, {"name": "long"}]


def test_one_jobs_error_ends_no_other() -> None:
    rotation = Rotation()
    rotation.add(1, job("bad", 1, [], ValueError("broken")))
    rotation.add(2, job("good", 3, []))

    bad, good = outcomes(rotation)

    assert (bad.job, bad.result) == (1, None)
    assert isinstance(bad.error, ValueError)
    assert good == Outcome(2, result={"name": "good"})


def test_a_dropped_job_takes_no_turn_more() -> None:
    seen: list[str] = []
    rotation = Rotation()
    rotation.add(1, job("gone", 9, seen))
    rotation.add(2, job("stays", 2, seen))
    rotation.turn()

    rotation.drop(1)
    rotation.drop(99)

    assert [outcome.job for outcome in outcomes(rotation)] == [2]
    assert seen == ["gone", "stays", "stays"]


@pytest.mark.parametrize("jobs", [0, 3])
def test_counts_its_jobs(jobs: int) -> None:
    rotation = Rotation()
    for number in range(jobs):
        rotation.add(number, job("any", 1, []))

    assert len(rotation) == jobs
