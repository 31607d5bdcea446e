"""Runs moto, which emulates AWS, as a server on the loopback address.

The `moto_server` command answers an exception with an HTML page that names no reason. Here the answer to an exception
has no body, and the header `x-emulator-error` holds the reason in one line: with status 501 if moto lacks the service
or the operation, with status 500 if moto itself failed.

    python server.py PORT GATEWAY_PORT

Calls that moto itself makes, such as those of the tasks of state machines, go to GATEWAY_PORT, so that services that
moto does not have can answer them.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import flask
from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.serving import run_simple

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
MAX_REASON_LENGTH = 500

# moto checks the condition of a write and then writes: a request of another thread can come between the two.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
ONE_REQUEST_AT_A_TIME = ("dynamodb", "s3")

# A long poll must not hold up the other requests to its queue: here moto's own lock of a queue is held, which a poll
# lets go while it waits. Without it, a message that is sent while another one is deleted is lost.
ONE_AT_A_TIME_ON_A_QUEUE = ("receive_message", "delete_message", "change_message_visibility", "get_queue_attributes")

# Longest time that moto needs to read the definition of a state machine.
LONGEST_READING_S = 30.0


class QuietRequestHandler(MotoRequestHandler):
    """Writes no access log: the twin would have to read every line of it."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Writes nothing."""


class Dispatcher(DomainDispatcherApplication):
    """Remembers which service a host belongs to: moto lists its own source folders to find out, at every request."""

    def __init__(self) -> None:
        super().__init__(create_app)
        self._backends: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        """Name of the service; None if moto does not have it."""
        if host not in self._backends:
            self._backends[host] = super().get_backend_for_host(host)
        return self._backends[host]


class Emulator:
    """WSGI application: every service of moto, with exceptions as described at the top of this file."""

    def __init__(self) -> None:
        self._moto = Dispatcher()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request."""
        try:
            answer: Iterable[bytes] = self._moto(environ, start_response)
            return answer
        except Exception as error:
            missing = isinstance(error, NotImplementedError)
            status = "501 Not Implemented" if missing else "500 Internal Server Error"
            start_response(status, [("x-emulator-error", one_line(error)), ("content-length", "0")])
            return []


def create_app(service: Any) -> flask.Flask:
    """Creates the Flask application of one service; raises NotImplementedError if moto does not have the service."""
    if service is None:
        raise NotImplementedError("moto does not have this service")
    app = create_backend_app(service)
    for kind in (NotFound, MethodNotAllowed):
        app.register_error_handler(kind, raise_if_unrouted)
    if service in ONE_REQUEST_AT_A_TIME:
        app.wsgi_app = one_at_a_time(app.wsgi_app)  # type: ignore[method-assign, assignment]
    if service == "sqs":
        guard_queues()
    if service == "stepfunctions":
        wait_before_stops()
    return app


def guard_queues() -> None:
    """Lets one operation on a queue end before the next one starts."""
    from moto.sqs.models import SQSBackend  # noqa: PLC0415 -- only twins with queues need it

    def guarded(operation: Callable[..., Any]) -> Callable[..., Any]:
        def run(backend: SQSBackend, queue_name: str, *args: Any, **kwargs: Any) -> Any:
            with backend.get_queue(queue_name)._messages_lock:
                return operation(backend, queue_name, *args, **kwargs)

        return run

    for name in ONE_AT_A_TIME_ON_A_QUEUE:
        setattr(SQSBackend, name, guarded(getattr(SQSBackend, name)))


def wait_before_stops() -> None:
    """Lets the stop of an execution wait until its thread has read the definition: before, moto fails."""
    from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker  # noqa: PLC0415 -- takes a second

    stop = ExecutionWorker.stop

    def stop_what_began(worker: ExecutionWorker, *args: Any, **kwargs: Any) -> None:
        deadline = time.monotonic() + LONGEST_READING_S
        while worker.env is None and time.monotonic() < deadline:
            time.sleep(0.01)
        stop(worker, *args, **kwargs)

    ExecutionWorker.stop = stop_what_began  # type: ignore[method-assign, assignment]


def one_at_a_time(application: WSGIApplication) -> WSGIApplication:
    """Lets one request end before the next one starts."""
    lock = threading.Lock()

    def locked(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with lock:
            answer: Iterable[bytes] = application(environ, start_response)
            return answer

    return locked


def raise_if_unrouted(error: HTTPException) -> HTTPException:
    """Passes on an answer of the service, such as "no such key"; an unknown path or method is a missing operation."""
    if flask.request.routing_exception is error:
        raise NotImplementedError(f"moto does not have {flask.request.method} {flask.request.path}") from error
    return error


def one_line(error: BaseException) -> str:
    """Type and text of an exception, as a header can carry them."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text.encode("ascii", "backslashreplace").decode()[:MAX_REASON_LENGTH]


def main() -> None:
    """Serves until the process is ended."""
    port, gateway_port = sys.argv[1:]
    # moto reads the address of its own calls from here.
    os.environ["MOTO_PORT"] = gateway_port
    default_user_config["stepfunctions"]["execute_state_machine"] = True
    run_simple(HOST, int(port), Emulator(), threaded=True, request_handler=QuietRequestHandler)


if __name__ == "__main__":
    main()
