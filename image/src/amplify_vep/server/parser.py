"""Checks the bodies of requests in a process of its own: a large body must not delay /ping."""

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from amplify_vep.errors import AmplifyError, ErrorCode, ScoringError, error_from_body
from amplify_vep.inference import input_fn
from amplify_vep.server.messages import PackedRequest

_END_S = 5.0
_log = logging.getLogger(__name__)


class RequestParser:
    """Runs one process that checks one body after another, and starts it again if it ends."""

    def __init__(self) -> None:
        # One thread: bodies wait for their turn here, and a caller that has gone leaves the queue.
        self._turn = ThreadPoolExecutor(1, thread_name_prefix="parser")
        self._start()

    async def parse(self, body: bytes, content_type: str | None) -> PackedRequest:
        """Checks a body.

        Raises:
            InputError: see `input_fn`.
            ScoringError: INTERNAL_ERROR if the process ends twice.

        """
        answer = await asyncio.get_running_loop().run_in_executor(self._turn, self._exchange, (body, content_type))
        if isinstance(answer, PackedRequest):
            return answer
        raise error_from_body(*answer)

    def close(self) -> None:
        """Ends the process."""
        self._turn.shutdown(wait=False, cancel_futures=True)
        self._process.kill()
        self._process.join(_END_S)

    def _start(self) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=run_parser, args=(theirs,), daemon=True, name="parser")
        self._process.start()
        theirs.close()

    def _exchange(self, question: tuple[bytes, str | None]) -> Any:
        for _ in range(2):
            try:
                self._connection.send(question)
                return self._connection.recv()
            except (EOFError, OSError):
                self._process.join(_END_S)
                _log.error("parser ended", extra={"fields": {"exit_code": self._process.exitcode}})
                self._connection.close()
                self._start()
        error = ScoringError(ErrorCode.INTERNAL_ERROR, "The process that checks requests ended twice.")
        return error.body(), error.status


def run_parser(connection: Connection) -> None:
    """Answers bodies with a `PackedRequest`, or with the body and status of an error, until the connection closes."""
    for name in (signal.SIGINT, signal.SIGTERM):
        # They reach the whole process group; the front process decides when to end.
        signal.signal(name, signal.SIG_IGN)
    try:
        while True:
            connection.send(_checked(*connection.recv()))
    except (EOFError, OSError):
        return


def _checked(body: bytes, content_type: str | None) -> PackedRequest | tuple[dict[str, Any], int]:
    try:
        return PackedRequest.of(input_fn(body, content_type))
    except AmplifyError as error:
        return error.body(), error.status
    except Exception as error:  # the next body must still be checked
        _log.exception("a request cannot be checked")
        failed = ScoringError(ErrorCode.INTERNAL_ERROR, f"The server failed ({type(error).__name__}).")
        return failed.body(), failed.status
