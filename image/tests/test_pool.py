"""Who scores what, who replaces whom, and who waits: the pool with workers that do as they are told."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from amplify_vep.errors import AmplifyError, ErrorCode, InputError
from amplify_vep.request import ScoreRequest
from amplify_vep.server import pool as pool_module
from amplify_vep.server.handle import Pending
from amplify_vep.server.messages import Done, Failed, Ready, StartFailed
from amplify_vep.server.pool import WorkerPool
from amplify_vep.server.settings import Settings
from amplify_vep.server.worker import DEVICE_LOST

FIGURES = {"copies": 1}


class FakeWorker:
    """Keeps what it is given; says and does what the test wants."""

    made: ClassVar[list["FakeWorker"]] = []

    def __init__(self, settings: Settings, device: str | None, loop: Any, heard: Any, ended: Any) -> None:
        self.device, self.ready, self.started = device, False, 0.0
        self.jobs: dict[int, Pending] = {}
        self.cancelled: list[int] = []
        self.process = SimpleNamespace(exitcode=None)
        self.closed = False
        self._heard, self._ended = heard, ended
        self.made.append(self)

    @property
    def load(self) -> int:
        return sum(len(pending.request.sequence) for pending in self.jobs.values())

    def submit(self, pending: Pending) -> None:
        pending.attempts += 1
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


@pytest.fixture(autouse=True)
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FakeWorker]]:
    monkeypatch.setattr(pool_module, "WorkerHandle", FakeWorker)
    FakeWorker.made = []
    yield FakeWorker.made


class Bench:
    """A pool, and the exit codes with which it gave up."""

    def __init__(self, devices: int, **settings: Any) -> None:
        self.codes: list[int] = []
        names: list[str | None] = [f"cuda:{index}" for index in range(devices)]
        self.pool = WorkerPool(Settings("m", **settings), names, self.codes.append)

    def ask(self, sequence: str = "MKTV") -> "asyncio.Task[bytes]":
        return asyncio.ensure_future(self.pool.score(ScoreRequest(sequence)))


def in_loop(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 20))


async def settle() -> None:
    """Lets everything that can run now run."""
    for _ in range(5):
        await asyncio.sleep(0)


async def error_of(task: "asyncio.Task[bytes]") -> AmplifyError:
    with pytest.raises(AmplifyError) as failed:
        await task
    return failed.value


def test_nothing_is_taken_before_a_worker_is_ready_or_after_the_end(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(1)
        assert not bench.pool.ready
        assert (await error_of(bench.ask())).code is ErrorCode.NOT_READY

        workers[0].say(Ready({}))
        assert bench.pool.ready
        waiting = bench.ask()
        await settle()
        bench.pool.close()

        assert (await error_of(waiting)).code is ErrorCode.SHUTTING_DOWN
        assert (await error_of(bench.ask())).code is ErrorCode.SHUTTING_DOWN
        assert workers[0].closed

    in_loop(scenario)


def test_the_least_loaded_worker_gets_the_next_request(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(2)
        for worker in workers:
            worker.say(Ready({}))
        tasks = [bench.ask(sequence) for sequence in ("M" * 100, "MK", "MKT", "MKTV")]
        await settle()

        assert [len(worker.jobs) for worker in workers] == [1, 3]
        for text in (b"long",):
            workers[0].answer(text)
        for text in (b"a", b"b", b"c"):
            workers[1].answer(text)
        assert [await task for task in tasks] == [b"long", b"a", b"b", b"c"]
        assert bench.pool.busy == 0

    in_loop(scenario)


def test_more_than_the_workers_take_waits_and_more_than_that_is_refused(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(1, max_active=1, max_queued=1)
        workers[0].say(Ready({}))
        first, second = bench.ask(), bench.ask()
        await settle()

        assert (await error_of(bench.ask())).code is ErrorCode.QUEUE_FULL
        assert bench.pool.busy == 2
        workers[0].answer(b"1")
        await first
        workers[0].answer(b"2")
        assert await second == b"2"

    in_loop(scenario)


def test_a_dead_workers_requests_are_retried_once_and_then_lost(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(1)
        workers[0].say(Ready({}))
        tasks = [bench.ask("MK"), bench.ask("MKT")]
        await settle()

        workers[0].die()
        assert not bench.pool.ready
        workers[1].say(Ready({}))
        assert [pending.request.sequence for pending in workers[1].jobs.values()] == ["MK", "MKT"]
        workers[1].answer(b"first")
        workers[1].die()

        assert await tasks[0] == b"first"
        lost = await error_of(tasks[1])
        assert (lost.code, lost.status) == (ErrorCode.WORKER_LOST, 500)
        assert len(workers) == 3

    in_loop(scenario)


def test_a_late_answer_of_a_dead_worker_or_a_cancelled_job_changes_nothing(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(1)
        workers[0].say(Ready({}))
        gone, stays = bench.ask(), bench.ask()
        await settle()
        job_gone, job_stays = workers[0].jobs
        gone.cancel()
        await settle()
        assert workers[0].cancelled == [job_gone]

        workers[0].say(Done(job_gone, b"nobody waits", FIGURES))
        workers[0].die()
        workers[0].say(Done(job_stays, b"from the dead", FIGURES))
        workers[1].say(Ready({}))
        workers[1].answer(b"from its successor")

        assert await stays == b"from its successor"

    in_loop(scenario)


def test_a_request_that_takes_too_long_is_dropped(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(1, request_timeout_s=0.0)
        workers[0].say(Ready({}))

        assert (await error_of(bench.ask())).code is ErrorCode.TIMED_OUT
        assert bench.pool.busy == 0

    in_loop(scenario)


def test_what_the_worker_refuses_reaches_the_caller_as_it_is(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(1)
        workers[0].say(Ready({}))
        task = bench.ask()
        await settle()
        body = {"error_code": "JOINT_NOT_POSSIBLE", "message": "too far apart", "details": {"span": 9}}
        workers[0].say(Failed(next(iter(workers[0].jobs)), 400, body))

        error = await error_of(task)
        assert isinstance(error, InputError)
        assert error.body() == body

    in_loop(scenario)


def test_a_model_that_cannot_be_loaded_is_not_tried_again(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(1)
        workers[0].say(StartFailed({"error_code": "CHECKPOINT_INVALID", "message": "damaged"}, 78))

        workers[0].die(0)

        assert bench.codes == [78]
        assert len(workers) == 1

    in_loop(scenario)


def test_workers_that_die_while_loading_are_given_up_after_some(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(1, max_restarts=2)
        for _ in range(3):
            assert bench.codes == []
            workers[-1].die()

        assert bench.codes == [1]
        assert len(workers) == 3

    in_loop(scenario)


def test_a_worker_that_hangs_while_loading_is_replaced(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(2, start_timeout_s=0.01, max_restarts=1)
        workers[0].say(Ready({}))
        while len(workers) < 3:
            await asyncio.sleep(0)

        assert [worker.closed for worker in workers] == [False, True, False]
        assert bench.codes == []

    in_loop(scenario)


def test_a_device_that_cannot_be_had_again_spares_the_others(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(2, max_restarts=1)
        workers[0].say(Ready({}))
        workers[1].say(Ready({}))
        task = bench.ask()
        await settle()
        workers[1].die(DEVICE_LOST)
        for number in (2, 3):
            workers[number].say(StartFailed({"error_code": "DEVICE_UNSUITABLE", "message": "no device"}, 78))
            workers[number].die(0)

        assert bench.codes == []
        assert len(workers) == 4
        workers[0].answer(b"scored")
        assert await task == b"scored"

    in_loop(scenario)


def test_whoever_waits_is_told_when_the_server_gives_up(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(1)
        workers[0].say(Ready({}))
        task = bench.ask()
        await settle()
        workers[0].die()
        workers[1].say(StartFailed({"error_code": "CHECKPOINT_INVALID", "message": "gone"}, 78))

        assert (await error_of(task)).code is ErrorCode.SHUTTING_DOWN
        assert bench.codes == [78]

    in_loop(scenario)


def test_only_faults_of_ours_count_as_failures(workers: list[FakeWorker], capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario() -> None:
        bench = Bench(1)
        workers[0].say(Ready({}))
        for status, code in ((400, "JOINT_NOT_POSSIBLE"), (500, "NON_FINITE_SCORE")):
            task = bench.ask()
            await settle()
            workers[0].say(Failed(next(iter(workers[0].jobs)), status, {"error_code": code, "message": "no"}))
            await error_of(task)

    in_loop(scenario)

    assert capsys.readouterr().out.count('"Failures": 1') == 1


def test_a_start_that_succeeds_forgives_those_before(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = Bench(1, max_restarts=1)
        for _ in range(4):
            workers[-1].die()
            workers[-1].say(Ready({}))
            workers[-1].die()

        assert bench.codes == []
        assert len(workers) == 9

    in_loop(scenario)
