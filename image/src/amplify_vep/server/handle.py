"""The front process's side of one worker process."""

import contextlib
import logging
import queue
import threading
import time
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from amplify_vep.errors import AmplifyError
from amplify_vep.server.messages import Cancel, PackedRequest, Submit
from amplify_vep.server.settings import Settings
from amplify_vep.server.watchdog import Watchdog
from amplify_vep.server.worker import run_worker

_END_S = 5.0
_log = logging.getLogger(__name__)


@dataclass
class Pending:
    """A request that waits for its result.

    Attributes:
        job: number of the job.
        request: what to score.
        future: receives the result as bytes, or the error.
        arrived: `time.monotonic()` when the request arrived.
        losses: number of workers that ended or hung while they had it.
        began: whether its worker has begun to score it.

    """

    job: int
    request: PackedRequest
    future: "Future[bytes]"
    arrived: float = field(default_factory=time.monotonic)
    losses: int = 0
    began: bool = False

    def fail(self, error: AmplifyError) -> None:
        """Sets the error, unless the request already has a result or was cancelled."""
        if not self.future.done():
            self.future.set_exception(error)


class WorkerHandle:
    """Starts a worker, exchanges messages with it, and detects its end.

    Attributes:
        ready: whether it accepts requests.
        was_ready: whether it has loaded the model.

    Args:
        settings: settings of the server.
        device: see `Scorer.load`.
        loop: event loop in which `on_message` and `on_end` are called.
        on_message: called with each message of the worker.
        on_end: called after the process of the worker has ended, or if it hangs and cannot be ended.

    """

    def __init__(
        self,
        settings: Settings,
        device: str | None,
        loop: AbstractEventLoop,
        on_message: Callable[["WorkerHandle", Any], None],
        on_end: Callable[["WorkerHandle"], None],
    ) -> None:
        self.device = device
        self.ready = self.was_ready = False
        self.started = time.monotonic()
        self.jobs: dict[int, Pending] = {}
        self.watchdog = Watchdog(loop, settings.hang_timeout_s, self._on_hang)
        self._loop = loop
        self._on_message = on_message
        self._on_end = on_end
        # Spawned, not forked: CUDA does not survive a fork.
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        arguments = (theirs, settings.model, settings.dtype, device)
        options = {"compiling": settings.compile}
        self.process = context.Process(
            target=run_worker, args=arguments, kwargs=options, daemon=True, name=f"worker-{device}"
        )
        self.process.start()
        theirs.close()
        self._outbox: queue.SimpleQueue[Submit | Cancel | None] = queue.SimpleQueue()
        for run in (self._listen, self._send):
            threading.Thread(target=run, daemon=True).start()

    @property
    def load(self) -> float:
        """Cost of the jobs of the worker."""
        return sum(pending.request.cost for pending in self.jobs.values())

    def submit(self, pending: Pending) -> None:
        """Sends a job to the worker. If the worker dies first, the job is still in `jobs`."""
        pending.began = False
        self.jobs[pending.job] = pending
        self.watchdog.expect_start()
        self._outbox.put(Submit(pending.job, pending.request, pending.arrived))

    def cancel(self, job: int) -> None:
        """Cancels a job for which nobody waits."""
        if self.jobs.pop(job, None) is not None:
            self._outbox.put(Cancel(job))

    def end(self) -> None:
        """Kills the process: a worker ignores SIGTERM."""
        self.watchdog.rest()
        self.process.kill()
        self.process.join(_END_S)

    def _on_hang(self) -> None:
        """Kills the process without waiting for its end: a process that waits for a device may never end."""
        self.ready = False
        _log.error("worker hangs", extra={"fields": {"device": self.device, "jobs": len(self.jobs)}})
        self.process.kill()
        self._loop.call_later(_END_S, self._on_end, self)

    def _send(self) -> None:
        """Sends the messages, in its own thread: a worker that does not read must not block the front process."""
        with contextlib.suppress(OSError):  # the worker has died; `_listen` detects it too and reports its end
            while (message := self._outbox.get()) is not None:
                self._connection.send(message)

    def _listen(self) -> None:
        try:
            while True:
                message = self._connection.recv()
                self._loop.call_soon_threadsafe(self._on_message, self, message)
        except (EOFError, OSError):
            self.ready = False
            self._outbox.put(None)
            self.process.join(_END_S)
            self.end()
        try:
            self._loop.call_soon_threadsafe(self._on_end, self)
        except RuntimeError:
            # The event loop is closed: the server is ending.
            return
