"""The pool of workers: it distributes requests, replaces workers that die, and limits the queue."""

import asyncio
import itertools
import logging
import time
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from amplify_vep.errors import AmplifyError, ErrorCode, ScoringError, UnavailableError, error_from_body
from amplify_vep.server import metrics
from amplify_vep.server.handle import Pending, WorkerHandle
from amplify_vep.server.messages import Began, Done, Failed, Idle, PackedRequest, Ready, StartFailed
from amplify_vep.server.settings import Settings

_MOST_LOSSES = 2
_log = logging.getLogger(__name__)


class WorkerPool:
    """Runs one worker per device, and sends each request to one of them; to a second one if the first dies.

    Args:
        settings: settings of the server.
        devices: starts one worker for each.
        give_up: called with an exit code if no worker can be started.

    """

    def __init__(self, settings: Settings, devices: list[str | None], give_up: Callable[[int], None]) -> None:
        self._settings = settings
        self._give_up = give_up
        self._numbers = itertools.count(1)
        self._waiting: deque[Pending] = deque()
        self._failed_starts = 0
        self._closing = False
        self._loop = asyncio.get_running_loop()
        self._workers = [self._start(device) for device in devices]

    @property
    def ready(self) -> bool:
        """Whether a worker has loaded the model and scored a protein."""
        return any(worker.ready for worker in self._workers)

    @property
    def busy(self) -> int:
        """Number of requests that wait or run."""
        return len(self._waiting) + sum(len(worker.jobs) for worker in self._workers)

    async def score(self, request: PackedRequest) -> bytes:
        """Scores a request and returns the result object as JSON text. If the call is cancelled, so is the work.

        Raises:
            UnavailableError: NOT_READY, QUEUE_FULL or SHUTTING_DOWN.
            ScoringError: WORKER_LOST, TIMED_OUT, or an error of the worker.
            InputError: an error that depends on the model, such as JOINT_NOT_POSSIBLE.

        """
        self.admit()
        pending = Pending(next(self._numbers), request, self._loop.create_future())
        self._waiting.append(pending)
        self._distribute()
        try:
            return await asyncio.wait_for(pending.future, self._settings.request_timeout_s)
        except asyncio.TimeoutError:
            limit = self._settings.request_timeout_s
            message = f"The request was not scored within {limit:g} s; send fewer positions or a shorter protein."
            raise ScoringError(ErrorCode.TIMED_OUT, message) from None
        finally:
            self._remove(pending)

    def refuse(self) -> None:
        """Accepts no more requests. Requests that wait or run fail with SHUTTING_DOWN."""
        self._closing = True
        error = UnavailableError(ErrorCode.SHUTTING_DOWN, "The server is shutting down; send the request again.")
        for pending in [*self._waiting, *(job for worker in self._workers for job in worker.jobs.values())]:
            pending.fail(error)

    def close(self) -> None:
        """Ends all workers. Requests that wait or run fail with SHUTTING_DOWN."""
        self.refuse()
        for worker in self._workers:
            worker.end()

    def admit(self) -> None:
        """Checks that a request can be accepted now.

        Raises:
            UnavailableError: NOT_READY, QUEUE_FULL or SHUTTING_DOWN.

        """
        if self._closing:
            raise UnavailableError(ErrorCode.SHUTTING_DOWN, "The server is shutting down; send the request again.")
        if not self.ready:
            raise UnavailableError(ErrorCode.NOT_READY, "The model is not loaded yet; wait until /ping returns 200.")
        if len(self._waiting) >= self._settings.max_queued:
            message = f"{len(self._waiting)} requests are already waiting; send the request again later."
            raise UnavailableError(ErrorCode.QUEUE_FULL, message)

    def _start(self, device: str | None) -> WorkerHandle:
        worker = WorkerHandle(self._settings, device, self._loop, self._on_message, self._on_end)
        self._loop.call_later(self._settings.start_timeout_s, self._check_start, worker)
        return worker

    def _check_start(self, worker: WorkerHandle) -> None:
        """Ends a worker that did not load the model in time; its end is handled like any other."""
        if worker in self._workers and not worker.ready and not self._closing:
            limit = self._settings.start_timeout_s
            _log.error("worker did not load the model in time", extra={"fields": {"start_timeout_s": limit}})
            worker.end()

    def _distribute(self) -> None:
        while self._waiting:
            free = [worker for worker in self._workers if self._can_take(worker, self._waiting[0])]
            if not free:
                return
            min(free, key=lambda worker: worker.load).submit(self._waiting.popleft())

    def _share(self, idle: WorkerHandle) -> None:
        """Gives an idle worker the last request that the busiest one has not begun."""
        busiest = max(self._workers, key=lambda worker: worker.load)
        unbegun = [pending for pending in busiest.jobs.values() if not pending.began]
        if idle.ready and not idle.jobs and not self._waiting and len(busiest.jobs) > 1 and unbegun:
            busiest.cancel(unbegun[-1].job)
            idle.submit(unbegun[-1])

    def _can_take(self, worker: WorkerHandle, pending: Pending) -> bool:
        """Whether a worker has room. A request whose worker died runs alone on the next, as it may be the cause."""
        alone = pending.losses > 0 or any(job.losses > 0 for job in worker.jobs.values())
        return worker.ready and len(worker.jobs) < (1 if alone else self._settings.max_active)

    def _remove(self, pending: Pending) -> None:
        if pending in self._waiting:
            self._waiting.remove(pending)
        for worker in self._workers:
            worker.cancel(pending.job)
        self._distribute()

    def _on_message(self, worker: WorkerHandle, message: Any) -> None:
        if isinstance(message, Ready):
            worker.ready = worker.was_ready = True
            self._failed_starts = 0
            start_s = round(time.monotonic() - worker.started, 3)
            facts = {**message.facts, "pid": worker.process.pid, "start_s": start_s}
            _log.info("worker ready", extra={"fields": facts})
            metrics.emit({"StartTime": start_s}, worker.device)
            self._distribute()
        elif isinstance(message, StartFailed):
            _log.error(message.body["message"], extra={"fields": message.body})
            # If other workers are ready, the cause may be the device and not the model: it is tried again.
            if not self.ready:
                self._abandon(message.exit_code)
        elif isinstance(message, Began):
            worker.watchdog.expect(message.limit_s)
            for job in worker.jobs.keys() & message.jobs:
                worker.jobs[job].began = True
        elif isinstance(message, Idle):
            worker.watchdog.rest()
            if worker.jobs:
                worker.watchdog.expect()  # jobs that were sent before this message arrived
            self._share(worker)
        elif isinstance(message, Done | Failed):
            pending = worker.jobs.pop(message.job, None)
            if isinstance(message, Done):
                metrics.emit(metrics.job_metrics(message.figures), worker.device)
            elif message.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                metrics.emit({"Failures": 1}, worker.device)
            # Nobody waits for a job that was cancelled in the meantime.
            if pending is not None and not pending.future.done():
                self._settle(pending, message)
            self._distribute()

    def _settle(self, pending: Pending, message: Done | Failed) -> None:
        if isinstance(message, Done):
            pending.future.set_result(message.result)
        else:
            pending.fail(error_from_body(message.body, message.status))

    def _on_end(self, worker: WorkerHandle) -> None:
        worker.watchdog.rest()
        # A worker that hangs can end after it was replaced.
        if self._closing or worker not in self._workers:
            return
        code = worker.process.exitcode
        _log.error("worker ended", extra={"fields": {"exit_code": code, "jobs": len(worker.jobs)}})
        lost, worker.jobs = list(worker.jobs.values()), {}
        for pending in reversed(lost):
            self._retry(pending)
        if not worker.was_ready:
            self._failed_starts += 1
        if self._failed_starts > self._settings.max_restarts:
            self._drop_device(worker)
            return
        self._workers[self._workers.index(worker)] = self._start(worker.device)

    def _drop_device(self, worker: WorkerHandle) -> None:
        """Stops using a device that cannot be started; gives up if it is the last one."""
        if not self.ready:
            self._abandon(1)
            return
        _log.error("device left out", extra={"fields": {"device": worker.device}})
        self._workers.remove(worker)
        self._distribute()

    def _abandon(self, exit_code: int) -> None:
        """Refuses all requests and starts no more workers, because the server will end."""
        self.refuse()
        self._give_up(exit_code)

    def _retry(self, pending: Pending) -> None:
        pending.losses += 1
        if pending.losses < _MOST_LOSSES:
            self._waiting.appendleft(pending)
            return
        message = "The process that scored the request died or hung twice; the protein may be too long for this device."
        pending.fail(ScoringError(ErrorCode.WORKER_LOST, message))


def error_of(error: BaseException) -> AmplifyError:
    """The error for the caller: errors of this package unchanged, any other as INTERNAL_ERROR without its text."""
    if isinstance(error, AmplifyError):
        return error
    return ScoringError(ErrorCode.INTERNAL_ERROR, f"The server failed ({type(error).__name__}): an internal error.")
