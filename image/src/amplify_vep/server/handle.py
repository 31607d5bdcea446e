"""The front process's side of one worker process."""

import contextlib
import queue
import threading
import time
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from amplify_vep.errors import AmplifyError
from amplify_vep.scoring.request import ScoreRequest
from amplify_vep.server.messages import Cancel, Submit
from amplify_vep.server.settings import Settings
from amplify_vep.server.worker import run_worker

_END_S = 5.0


@dataclass
class Pending:
    """A request that waits for its result.

    Attributes:
        job: number of the job.
        request: what to score.
        future: receives the result as bytes, or the error.
        arrived: `time.monotonic()` when the request arrived.
        attempts: number of workers that have received it.

    """

    job: int
    request: ScoreRequest
    future: "Future[bytes]"
    arrived: float = field(default_factory=time.monotonic)
    attempts: int = 0

    def fail(self, error: AmplifyError) -> None:
        """Sets the error, unless the request already has a result or was cancelled."""
        if not self.future.done():
            self.future.set_exception(error)


class WorkerHandle:
    """Starts a worker, exchanges messages with it, and detects its end.

    Args:
        settings: settings of the server.
        device: see `Scorer.load`.
        loop: event loop in which `on_message` and `on_end` are called.
        on_message: called with each message of the worker.
        on_end: called once, after the process of the worker has ended.

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
        self.ready = False
        self.started = time.monotonic()
        self.jobs: dict[int, Pending] = {}
        self._loop = loop
        self._on_message = on_message
        self._on_end = on_end
        # Spawned, not forked: CUDA does not survive a fork.
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        arguments = (theirs, settings.model, settings.dtype, device, settings.tuning_s)
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
    def load(self) -> int:
        """Number of residues in the jobs of the worker."""
        return sum(len(pending.request.sequence) for pending in self.jobs.values())

    def submit(self, pending: Pending) -> None:
        """Sends a job to the worker. If the worker dies first, the job is still in `jobs`."""
        pending.attempts += 1
        self.jobs[pending.job] = pending
        self._outbox.put(Submit(pending.job, pending.request, pending.arrived))

    def cancel(self, job: int) -> None:
        """Cancels a job for which nobody waits."""
        if self.jobs.pop(job, None) is not None:
            self._outbox.put(Cancel(job))

    def end(self) -> None:
        """Kills the process: a worker ignores SIGTERM."""
        self.process.kill()
        self.process.join(_END_S)

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
