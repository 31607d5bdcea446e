"""The workers together: who scores what, who replaces whom, and who waits."""

import asyncio
import itertools
import logging
import time
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from amplify_vep.errors import AmplifyError, ErrorCode, ScoringError, UnavailableError, error_from_body
from amplify_vep.scoring.request import ScoreRequest
from amplify_vep.server import metrics
from amplify_vep.server.handle import Pending, WorkerHandle
from amplify_vep.server.messages import Done, Failed, Ready, StartFailed
from amplify_vep.server.settings import Settings

_ATTEMPTS = 2
_log = logging.getLogger(__name__)


class WorkerPool:
    """Keeps one worker a device, and gives each request to one of them, once; twice if the first dies.

    Args:
        settings: of the server.
        devices: one worker each.
        give_up: called with an exit code when no worker can be started.

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
        """Whether some worker has a loaded model and has passed a protein through it."""
        return any(worker.ready for worker in self._workers)

    @property
    def busy(self) -> int:
        """Requests that wait or run."""
        return len(self._waiting) + sum(len(worker.jobs) for worker in self._workers)

    async def score(self, request: ScoreRequest) -> bytes:
        """Scores a request; the result object as JSON text.

        Cancelling the call drops the work.

        Raises:
            UnavailableError: NOT_READY, QUEUE_FULL or SHUTTING_DOWN.
            ScoringError: WORKER_LOST, TIMED_OUT, or what the worker reports.
            InputError: what only the model can tell, such as JOINT_NOT_POSSIBLE.

        """
        self.admit()
        pending = Pending(next(self._numbers), request, self._loop.create_future())
        self._waiting.append(pending)
        self._hand_out()
        try:
            return await asyncio.wait_for(pending.future, self._settings.request_timeout_s)
        except asyncio.TimeoutError:
            limit = self._settings.request_timeout_s
            message = f"The request was not scored within {limit:g} s; ask for fewer positions, or send a part."
            raise ScoringError(ErrorCode.TIMED_OUT, message) from None
        finally:
            self._forget(pending)

    def refuse(self) -> None:
        """Takes no more requests; what still waits or runs fails with SHUTTING_DOWN."""
        self._closing = True
        error = UnavailableError(ErrorCode.SHUTTING_DOWN, "The server is shutting down; send the request again.")
        for pending in [*self._waiting, *(job for worker in self._workers for job in worker.jobs.values())]:
            pending.fail(error)

    def close(self) -> None:
        """Ends every worker, and whatever waits for one."""
        self.refuse()
        for worker in self._workers:
            worker.end()

    def admit(self) -> None:
        """Refuses where no request can be taken now.

        Raises:
            UnavailableError: NOT_READY, QUEUE_FULL or SHUTTING_DOWN.

        """
        if self._closing:
            raise UnavailableError(ErrorCode.SHUTTING_DOWN, "The server is shutting down; send the request again.")
        if not self.ready:
            raise UnavailableError(ErrorCode.NOT_READY, "The model is not loaded yet; wait until /ping answers 200.")
        if len(self._waiting) >= self._settings.max_queued:
            message = f"{len(self._waiting)} requests wait already; send it again later."
            raise UnavailableError(ErrorCode.QUEUE_FULL, message)

    def _start(self, device: str | None) -> WorkerHandle:
        worker = WorkerHandle(self._settings, device, self._loop, self._heard, self._ended)
        self._loop.call_later(self._settings.start_timeout_s, self._check_start, worker)
        return worker

    def _check_start(self, worker: WorkerHandle) -> None:
        """Ends a worker that hangs while it loads; its end is then treated as any other."""
        if worker in self._workers and not worker.ready and not self._closing:
            limit = self._settings.start_timeout_s
            _log.error("worker did not load the model in time", extra={"fields": {"start_timeout_s": limit}})
            worker.end()

    def _hand_out(self) -> None:
        while self._waiting:
            free = [worker for worker in self._workers if self._can_take(worker, self._waiting[0])]
            if not free:
                return
            min(free, key=lambda worker: worker.load).submit(self._waiting.popleft())

    def _can_take(self, worker: WorkerHandle, pending: Pending) -> bool:
        """Whether a worker has room; a request whose worker died is alone with its next, for it may be why."""
        alone = pending.attempts > 0 or any(job.attempts > 1 for job in worker.jobs.values())
        return worker.ready and len(worker.jobs) < (1 if alone else self._settings.max_active)

    def _forget(self, pending: Pending) -> None:
        if pending in self._waiting:
            self._waiting.remove(pending)
        for worker in self._workers:
            worker.cancel(pending.job)
        self._hand_out()

    def _heard(self, worker: WorkerHandle, message: Any) -> None:
        if isinstance(message, Ready):
            worker.ready = True
            self._failed_starts = 0
            start_s = round(time.monotonic() - worker.started, 3)
            _log.info("worker ready", extra={"fields": {**message.facts, "start_s": start_s}})
            metrics.emit({"StartTime": start_s}, worker.device)
            self._hand_out()
        elif isinstance(message, StartFailed):
            _log.error(message.body["message"], extra={"fields": message.body})
            # Where others work, the device may be at fault, not the model: it is tried again.
            if not self.ready:
                self._abandon(message.exit_code)
        elif isinstance(message, Done | Failed):
            pending = worker.jobs.pop(message.job, None)
            if isinstance(message, Done):
                metrics.emit(metrics.job_metrics(message.figures), worker.device)
            elif message.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                metrics.emit({"Failures": 1}, worker.device)
            # A job that was cancelled meanwhile has nobody waiting.
            if pending is not None and not pending.future.done():
                self._settle(pending, message)
            self._hand_out()

    def _settle(self, pending: Pending, message: Done | Failed) -> None:
        if isinstance(message, Done):
            pending.future.set_result(message.result)
        else:
            pending.fail(error_from_body(message.body, message.status))

    def _ended(self, worker: WorkerHandle) -> None:
        if self._closing:
            return
        was_ready, worker.ready = worker.ready, False
        code = worker.process.exitcode
        _log.error("worker ended", extra={"fields": {"exit_code": code, "jobs": len(worker.jobs)}})
        lost, worker.jobs = list(worker.jobs.values()), {}
        for pending in reversed(lost):
            self._retry(pending)
        if not was_ready:
            self._failed_starts += 1
        if self._failed_starts > self._settings.max_restarts:
            self._do_without(worker)
            return
        self._workers[self._workers.index(worker)] = self._start(worker.device)

    def _do_without(self, worker: WorkerHandle) -> None:
        """Leaves a device out that cannot be had, as long as there are others."""
        if not self.ready:
            self._abandon(1)
            return
        _log.error("device left out", extra={"fields": {"device": worker.device}})
        self._workers.remove(worker)
        self._hand_out()

    def _abandon(self, exit_code: int) -> None:
        """Refuses all work and starts no more workers: the server is about to end."""
        self.refuse()
        self._give_up(exit_code)

    def _retry(self, pending: Pending) -> None:
        if pending.attempts < _ATTEMPTS:
            self._waiting.appendleft(pending)
            return
        message = "The process that scored the request died twice; the protein may be too long for this device."
        pending.fail(ScoringError(ErrorCode.WORKER_LOST, message))


def error_of(error: BaseException) -> AmplifyError:
    """The error as a caller may see it: ours as they are, anything else as INTERNAL_ERROR without its text."""
    if isinstance(error, AmplifyError):
        return error
    return ScoringError(ErrorCode.INTERNAL_ERROR, f"The server failed ({type(error).__name__}): a fault of ours.")
