"""A pool of fake workers that a test controls."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from amplify_vep.errors import AmplifyError
from amplify_vep.scoring.request import ScoreRequest
from amplify_vep.server.handle import Pending
from amplify_vep.server.messages import Done, PackedRequest
from amplify_vep.server.pool import WorkerPool
from amplify_vep.server.settings import Settings
from amplify_vep.server.watchdog import Watchdog

FIGURES = {"copies": 1}


class FakeWorker:
    """Records its jobs; the test decides what it sends and when it ends."""

    made: ClassVar[list["FakeWorker"]] = []

    def __init__(self, settings: Settings, device: str | None, loop: Any, heard: Any, ended: Any) -> None:
        self.device, self.ready, self.was_ready, self.started = device, False, False, 0.0
        self.watchdog = Watchdog(loop, settings.hang_timeout_s, self.end)
        self.jobs: dict[int, Pending] = {}
        self.cancelled: list[int] = []
        self.process = SimpleNamespace(exitcode=None, pid=None)
        self.closed = False
        self._heard, self._ended = heard, ended
        self.made.append(self)

    @property
    def load(self) -> float:
        return sum(pending.request.cost for pending in self.jobs.values())

    def submit(self, pending: Pending) -> None:
        self.jobs[pending.job] = pending

    def cancel(self, job: int) -> None:
        if self.jobs.pop(job, None):
            self.cancelled.append(job)

    def end(self) -> None:
        self.closed = True
        self.die()

    def say(self, message: Any) -> None:
        self._heard(self, message)

    def answer(self, text: bytes = b"{}") -> None:
        """Finishes its oldest job."""
        self.say(Done(next(iter(self.jobs)), text, FIGURES))

    def die(self, code: int = -9) -> None:
        self.process.exitcode = code
        self._ended(self)


class PoolUnderTest:
    """A pool, and the exit codes that it gave up with."""

    def __init__(self, devices: int, **settings: Any) -> None:
        self.codes: list[int] = []
        names: list[str | None] = [f"cuda:{index}" for index in range(devices)]
        self.pool = WorkerPool(Settings("m", **settings), names, self.codes.append)

    def ask(self, sequence: str = "MKTV") -> "asyncio.Task[bytes]":
        return asyncio.ensure_future(self.pool.score(PackedRequest.of(ScoreRequest(sequence))))


def in_loop(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 20))


async def settle() -> None:
    """Runs everything that is ready to run."""
    for _ in range(5):
        await asyncio.sleep(0)


async def error_of(task: "asyncio.Task[bytes]") -> AmplifyError:
    with pytest.raises(AmplifyError) as failed:
        await task
    return failed.value
