"""How requests are distributed to workers, and when they wait."""

import pytest

from amplify_vep.errors import ErrorCode, InputError
from amplify_vep.server.messages import Began, Done, Failed, Idle, Ready
from tests.support.pools import FIGURES, FakeWorker, PoolUnderTest, error_of, in_loop, settle


def test_nothing_is_taken_before_a_worker_is_ready_or_after_the_end(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(1)
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
        bench = PoolUnderTest(2)
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


def test_an_idle_worker_takes_what_a_busy_one_has_not_begun(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(2)
        for worker in workers:
            worker.say(Ready({}))
        tasks = [bench.ask(sequence) for sequence in ("M" * 50, "M" * 60, "M" * 40, "M" * 20)]
        await settle()
        busy, quick = workers
        assert [len(pending.request.unpack().sequence) for pending in busy.jobs.values()] == [50, 40]
        first, second = busy.jobs
        busy.say(Began((first,), 1.0))
        for _ in range(2):
            quick.answer()
        quick.say(Idle())

        assert (list(busy.jobs), list(quick.jobs), busy.cancelled) == ([first], [second], [second])
        busy.say(Done(second, b"late", FIGURES))
        quick.answer(b"moved")
        quick.say(Idle())
        assert (list(busy.jobs), list(quick.jobs)) == ([first], [])
        busy.answer(b"first")
        assert (await tasks[0], await tasks[2]) == (b"first", b"moved")

    in_loop(scenario)


def test_more_than_the_workers_take_waits_and_more_than_that_is_refused(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(1, max_active=1, max_queued=1)
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
        bench = PoolUnderTest(1)
        workers[0].say(Ready({}))
        tasks = [bench.ask("MK"), bench.ask("MKT")]
        await settle()

        workers[0].die()
        assert not bench.pool.ready
        workers[1].say(Ready({}))
        assert [pending.request.unpack().sequence for pending in workers[1].jobs.values()] == ["MK"]
        workers[1].answer(b"first")
        assert [pending.request.unpack().sequence for pending in workers[1].jobs.values()] == ["MKT"]
        workers[1].die()

        assert await tasks[0] == b"first"
        lost = await error_of(tasks[1])
        assert (lost.code, lost.status) == (ErrorCode.WORKER_LOST, 500)
        assert len(workers) == 3

    in_loop(scenario)


def test_a_late_answer_of_a_dead_worker_or_a_cancelled_job_changes_nothing(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(1)
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
        bench = PoolUnderTest(1, request_timeout_s=0.0)
        workers[0].say(Ready({}))

        assert (await error_of(bench.ask())).code is ErrorCode.TIMED_OUT
        assert bench.pool.busy == 0

    in_loop(scenario)


def test_what_the_worker_refuses_reaches_the_caller_as_it_is(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(1)
        workers[0].say(Ready({}))
        task = bench.ask()
        await settle()
        body = {"error_code": "JOINT_NOT_POSSIBLE", "message": "too far apart", "details": {"span": 9}}
        workers[0].say(Failed(next(iter(workers[0].jobs)), 400, body))

        error = await error_of(task)
        assert isinstance(error, InputError)
        assert error.body() == body

    in_loop(scenario)


def test_only_faults_of_ours_count_as_failures(workers: list[FakeWorker], capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(1)
        workers[0].say(Ready({}))
        for status, code in ((400, "JOINT_NOT_POSSIBLE"), (500, "NON_FINITE_SCORE")):
            task = bench.ask()
            await settle()
            workers[0].say(Failed(next(iter(workers[0].jobs)), status, {"error_code": code, "message": "no"}))
            await error_of(task)

    in_loop(scenario)

    assert capsys.readouterr().out.count('"Failures": 1') == 1
