"""HTTP/1.1 connections: a deadline for each request to arrive, and typed responses to malformed HTTP."""

import asyncio
import json
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from amplify_vep.errors import AmplifyError, ErrorCode, InputError, ReceiveTimeoutError


class Connection(H11Protocol):
    """uvicorn's protocol, which has neither a deadline for a request nor a typed response to malformed HTTP."""

    receive_timeout_s = 30.0
    """Seconds from the first byte of a request, or from the start of the connection, to the last byte of its body."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the deadline of the first request."""
        super().connection_made(transport)
        self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends the deadline."""
        self._end_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Starts the deadline of a request with its first byte, and ends it with its last."""
        self._start_deadline()
        super().data_received(data)
        self._check_deadline()

    def on_response_complete(self) -> None:
        """Handles a request that has arrived during the previous one."""
        super().on_response_complete()
        if self.conn.trailing_data[0] and not self.transport.is_closing():
            self._start_deadline()
        self._check_deadline()

    def send_400_response(self, msg: str) -> None:
        """Answers malformed HTTP with a typed error, and closes the connection."""
        message = f"{msg} Send HTTP/1.1 with at most 64 KiB of headers, and Content-Length or chunks that are complete."
        self._refuse(InputError(ErrorCode.INVALID_HTTP, message))

    def _start_deadline(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.receive_timeout_s, self._on_deadline)

    def _check_deadline(self) -> None:
        """Ends the deadline unless a request has arrived only in part."""
        between = self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]
        if between or self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._end_deadline()

    def _end_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _on_deadline(self) -> None:
        message = f"The request did not arrive within {self.receive_timeout_s:g} s; send it again."
        self._refuse(ReceiveTimeoutError(ErrorCode.RECEIVE_TIMED_OUT, message))

    def _refuse(self, error: AmplifyError) -> None:
        """Sends an error, unless a response has begun, and closes the connection."""
        if self.transport.is_closing():
            return
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = json.dumps(error.body()).encode()
            headers: list[tuple[str, str]] = [
                ("content-type", "application/json"),
                ("content-length", str(len(body))),
                ("connection", "close"),
            ]
            response = h11.Response(status_code=error.status, headers=headers, reason=STATUS_PHRASES[error.status])
            events: list[Any] = [response, h11.Data(data=body), h11.EndOfMessage()]
            for event in events:
                self.transport.write(self.conn.send(event) or b"")
        if self.cycle is not None and not self.cycle.response_complete:
            # The application stops reading, and its response is not sent.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()


def connection_class(receive_timeout_s: float) -> type[Connection]:
    """The protocol with a deadline in seconds for each request to arrive."""
    return type("TimedConnection", (Connection,), {"receive_timeout_s": receive_timeout_s})
