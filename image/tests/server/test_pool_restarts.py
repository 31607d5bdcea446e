"""Workers that die or cannot start: they are replaced, until the server gives up."""

import asyncio

from amplify_vep.errors import ErrorCode
from amplify_vep.server.messages import Began, Idle, Ready, StartFailed
from amplify_vep.server.worker import DEVICE_LOST
from tests.support.pools import FakeWorker, PoolUnderTest, error_of, in_loop, settle


def test_a_model_that_cannot_be_loaded_is_not_tried_again(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(1)
        workers[0].say(StartFailed({"error_code": "CHECKPOINT_INVALID", "message": "damaged"}, 78))

        workers[0].die(0)

        assert bench.codes == [78]
        assert len(workers) == 1

    in_loop(scenario)


def test_workers_that_die_while_loading_are_given_up_after_some(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(1, max_restarts=2)
        for _ in range(3):
            assert bench.codes == []
            workers[-1].die()

        assert bench.codes == [1]
        assert len(workers) == 3

    in_loop(scenario)


def test_a_worker_that_hangs_while_loading_is_replaced(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(2, start_timeout_s=0.01, max_restarts=1)
        workers[0].say(Ready({}))
        while len(workers) < 3:
            await asyncio.sleep(0)

        assert [worker.closed for worker in workers] == [False, True, False]
        assert bench.codes == []

    in_loop(scenario)


def test_a_device_that_cannot_be_had_again_spares_the_others(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(2, max_restarts=1)
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


def test_waiting_requests_fail_when_the_server_gives_up(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(1)
        workers[0].say(Ready({}))
        task = bench.ask()
        await settle()
        workers[0].die()
        workers[1].say(StartFailed({"error_code": "CHECKPOINT_INVALID", "message": "gone"}, 78))

        assert (await error_of(task)).code is ErrorCode.SHUTTING_DOWN
        assert bench.codes == [78]

    in_loop(scenario)


def test_a_request_that_kills_its_workers_takes_no_other_with_it(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(1)
        workers[0].say(Ready({}))
        tasks = [bench.ask(sequence) for sequence in ("MK", "MKT", "MKTV")]
        await settle()
        for worker in range(2):
            workers[worker].die()
            workers[worker + 1].say(Ready({}))
        late = bench.ask("MKTVR")
        await settle()

        assert (await error_of(tasks[0])).code is ErrorCode.WORKER_LOST
        for task in (tasks[1], tasks[2], late):
            assert len(workers[2].jobs) == 1
            workers[2].answer(b"scored")
            await settle()
            assert await task == b"scored"

    in_loop(scenario)


def test_a_start_that_succeeds_forgives_those_before(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(1, max_restarts=1)
        for _ in range(4):
            workers[-1].die()
            workers[-1].say(Ready({}))
            workers[-1].die()

        assert bench.codes == []
        assert len(workers) == 9

    in_loop(scenario)


def test_a_worker_that_begins_no_pass_in_time_is_replaced(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(1, hang_timeout_s=0.05)
        workers[0].say(Ready({}))
        tasks = [bench.ask("MK"), bench.ask("MKT")]
        await settle()
        workers[0].say(Began(tuple(workers[0].jobs), 0.5))
        await asyncio.sleep(0.2)
        assert len(workers) == 1
        while len(workers) < 2:
            await asyncio.sleep(0.01)

        assert not bench.pool.ready
        workers[1].say(Ready({}))
        for task in tasks:
            workers[1].answer(b"scored")
            assert await task == b"scored"
        workers[1].say(Idle())
        await asyncio.sleep(0.1)
        assert len(workers) == 2

    in_loop(scenario)


def test_an_idle_message_does_not_excuse_a_job_that_it_crossed(workers: list[FakeWorker]) -> None:
    async def scenario() -> None:
        bench = PoolUnderTest(1, hang_timeout_s=0.02)
        workers[0].say(Ready({}))
        bench.ask("MK")
        await settle()
        workers[0].say(Idle())
        while len(workers) < 2:
            await asyncio.sleep(0.01)

        assert workers[0].closed

    in_loop(scenario)
