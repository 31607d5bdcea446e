"""A worker process: one model on one device, whose jobs take turns."""

import logging
import os
import queue
import signal
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from amplify_vep.errors import AmplifyError, ErrorCode, ModelError, ScoringError
from amplify_vep.hub.manifest import deployed
from amplify_vep.scoring.result import encode_result
from amplify_vep.server.log import configure_logging
from amplify_vep.server.messages import Began, Cancel, Done, Failed, Idle, Ready, StartFailed, Submit
from amplify_vep.server.pace import PacedEngine
from amplify_vep.server.scheduler import Outcome, Rotation

if TYPE_CHECKING:
    from amplify_vep.scorer import Scorer

DEVICE_LOST = 86
"""Exit code of a worker whose device does not respond any more."""

_SIGNS_OF_LOSS = ("CUDA error", "CUBLAS_STATUS_", "CUDNN_STATUS_")
_PROBE = "MKTVRQERLKSIVRILERSK"
_log = logging.getLogger(__name__)


def run_worker(connection: Connection, model: str, dtype: str, device: str | None, *, compiling: str) -> None:
    """Loads the model, reports that it is ready, and scores requests until the connection closes.

    Args:
        connection: connection to the front process; when it closes, this process ends.
        model: folder or hub id.
        dtype: see `Scorer.load`.
        device: see `Scorer.load`.
        compiling: see `Scorer.load`.

    """
    for name in (signal.SIGINT, signal.SIGTERM):
        # Ctrl-C and SageMaker's SIGTERM reach the whole process group; the front process decides when to end.
        signal.signal(name, signal.SIG_IGN)
    configure_logging()
    try:
        scorer = _load(model, dtype, device, compiling)
        if deployed() is not None:
            _prove(scorer)
    except ModelError as error:
        connection.send(StartFailed(error.body(), error.exit_code))
        return
    connection.send(Ready(scorer.facts()))
    inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, inbox), daemon=True).start()
    _work(connection, inbox, scorer)


def _load(model: str, dtype: str, device: str | None, compiling: str) -> "Scorer":
    # Imported here: the process ignores signals before it imports PyTorch, which takes seconds.
    from amplify_vep.scorer import Scorer  # noqa: PLC0415

    scorer = Scorer.load(model, dtype=dtype, device=device, compiling=compiling)
    scorer.score(_PROBE)
    return scorer


def _prove(scorer: "Scorer") -> None:
    """Proves weights from S3, as the build of an image proves those in it. Raises ModelError MODEL_IMPLAUSIBLE."""
    from amplify_vep.hub.plausibility import check_plausible  # noqa: PLC0415 - it imports PyTorch

    _log.info("weights proved", extra={"fields": {"report": check_plausible(scorer.engine)}})


def _receive(connection: Connection, inbox: "queue.SimpleQueue[Any]") -> None:
    try:
        while True:
            inbox.put(connection.recv())
    except (EOFError, OSError):
        # The front process has ended: nobody reads results, and the device must be free for the next server.
        os._exit(0)


class _Outbox:
    """Sends messages to the front process. Results are built in a thread, while the device works on the next batch."""

    def __init__(self, connection: Connection, scorer: "Scorer") -> None:
        self._connection = connection
        self._scorer = scorer
        self._lock = threading.Lock()
        self._ended: queue.Queue[Outcome] = queue.Queue()
        threading.Thread(target=self._run, daemon=True).start()

    def send(self, message: Began | Idle | Done | Failed) -> None:
        """Sends a message at once."""
        with self._lock:
            self._connection.send(message)

    def answer(self, outcome: Outcome) -> None:
        """Sends the answer of a job as soon as it is built."""
        self._ended.put(outcome)

    def wait(self) -> None:
        """Waits until all answers are sent."""
        self._ended.join()

    def _run(self) -> None:
        while True:
            self.send(_answer(self._ended.get(), self._scorer))
            self._ended.task_done()


def _work(connection: Connection, inbox: "queue.SimpleQueue[Any]", scorer: "Scorer") -> None:
    outbox = _Outbox(connection, scorer)
    engine = PacedEngine(scorer.engine, lambda limit_s: outbox.send(Began(rotation.passing, limit_s)))
    rotation = Rotation(engine)
    while True:
        if not rotation and inbox.empty():
            # A worker is idle when it has answered: the front process stops its watchdog then.
            outbox.wait()
            outbox.send(Idle())
        while not rotation or not inbox.empty():
            _accept(inbox.get(), rotation, scorer)
        for outcome in rotation.turn():
            if outcome.error is not None and _device_is_lost(outcome.error):
                # All other jobs of this process are lost; the front process sends them to the next worker.
                _log.error("the device is lost: %s", outcome.error)
                outbox.wait()
                sys.stderr.flush()
                # os._exit: the normal end of Python can wait for the device forever.
                os._exit(DEVICE_LOST)
            outbox.answer(outcome)


def _accept(message: Submit | Cancel, rotation: Rotation, scorer: "Scorer") -> None:
    if isinstance(message, Cancel):
        rotation.drop(message.job)
    else:
        rotation.add(message.job, scorer.steps(message.request.unpack(), message.arrived))


def _answer(outcome: Outcome, scorer: "Scorer") -> Done | Failed:
    error = outcome.error
    if outcome.result is not None:
        try:
            result = outcome.result()
            figures = {**result["timing"], "device_memory_bytes": scorer.memory_bytes()}
            return Done(outcome.job, encode_result(result), figures)
        except Exception as failed:  # such as infinity, which JSON cannot hold
            error = failed
    if not isinstance(error, AmplifyError):
        _log.error("job failed: %s", "".join(traceback.format_exception(error)))
        error = ScoringError(ErrorCode.INTERNAL_ERROR, f"Scoring failed ({type(error).__name__}): an internal error.")
    return Failed(outcome.job, error.status, error.body())


def _device_is_lost(error: Exception) -> bool:
    import torch  # noqa: PLC0415 - already imported by the model

    # cuBLAS, cuDNN and compiled kernels report it as a RuntimeError.
    reported = isinstance(error, RuntimeError) and any(sign in str(error) for sign in _SIGNS_OF_LOSS)
    return isinstance(error, torch.AcceleratorError) or reported
