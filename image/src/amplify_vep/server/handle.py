"""One worker process as the front sees it."""

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
    """A request that somebody waits for.

    Attributes:
        job: its number.
        request: what to score.
        future: gets the result as bytes, or the error.
        arrived: `time.monotonic()` when it came.
        attempts: workers that it was given to.

    """

    job: int
    request: ScoreRequest
    future: "Future[bytes]"
    arrived: float = field(default_factory=time.monotonic)
    attempts: int = 0

    def fail(self, error: AmplifyError) -> None:
        """Gives the error to whoever waits, if somebody still does."""
        if not self.future.done():
            self.future.set_exception(error)


class WorkerHandle:
    """Starts a worker, talks to it, and hears of its end.

    Args:
        settings: of the server.
        device: see `Scorer.load`.
        loop: on which `on_message` and `on_end` are called.
        on_message: gets each message of the worker.
        on_end: called once, when the worker's process has ended.

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
        """Residues of the jobs that it has."""
        return sum(len(pending.request.sequence) for pending in self.jobs.values())

    def submit(self, pending: Pending) -> None:
        """Gives it a job; a worker that dies before it reads it returns the job at its end."""
        pending.attempts += 1
        self.jobs[pending.job] = pending
        self._outbox.put(Submit(pending.job, pending.request, pending.arrived))

    def cancel(self, job: int) -> None:
        """Tells it that nobody waits for a job any more."""
        if self.jobs.pop(job, None) is not None:
            self._outbox.put(Cancel(job))

    def end(self) -> None:
        """Ends the process, whatever it does: a worker heeds no SIGTERM."""
        self.process.kill()
        self.process.join(_END_S)

    def _send(self) -> None:
        """Sends what is to be sent, in a thread of its own: a worker that reads nothing must not stop the front."""
        with contextlib.suppress(OSError):  # it has died; `_listen` sees the same and returns its jobs
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
            # The loop has closed: the server itself is ending.
            return
