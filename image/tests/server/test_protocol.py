"""Requests that arrive only in part, and malformed HTTP."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.serving import LiveServer, live_server

POST = b"POST /invocations HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"


@pytest.fixture(scope="module")
def server(checkpoint: Path) -> Iterator[LiveServer]:
    with live_server(checkpoint, AMPLIFY_RECEIVE_TIMEOUT_S="0.5", AMPLIFY_MAX_BODY_BYTES="1000") as running:
        yield running


def connect(server: LiveServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.client.base_url.port or 0), timeout=20)


def everything(connection: socket.socket) -> bytes:
    """What the server sends until it closes the connection."""
    received = b""
    while part := connection.recv(1 << 16):
        received += part
    return received


def answer(received: bytes) -> tuple[int, str]:
    head, _, body = received.rpartition(b"\r\n\r\n")
    return int(head.rpartition(b"HTTP/1.1 ")[2].split()[0]), str(json.loads(body)["error_code"])


@pytest.mark.parametrize(
    "part", [b"", b"POST /invoc", POST, POST + b"Content-Length: 9\r\n\r\n", POST + b"Content-Length: 9\r\n\r\nMKT"]
)
def test_a_request_that_arrives_only_in_part_gets_408(server: LiveServer, part: bytes) -> None:
    with connect(server) as connection:
        connection.sendall(part)

        assert answer(everything(connection)) == (408, "RECEIVE_TIMED_OUT")


def test_the_second_request_of_a_connection_has_a_deadline_too(server: LiveServer) -> None:
    with connect(server) as connection:
        connection.sendall(POST + b"Content-Length: 2\r\n\r\nMKGET /ping HTT")

        received = everything(connection)

    assert received.startswith(b"HTTP/1.1 200 ")
    assert answer(received) == (408, "RECEIVE_TIMED_OUT")


def test_the_time_to_score_is_not_the_time_to_arrive(server: LiveServer) -> None:
    scored = server.client.post("/invocations", content="MKTVRQERLK" * 60, headers={"Content-Type": "text/plain"})

    assert scored.status_code == 200
    assert scored.json()["timing"]["total_s"] > 0.5


def test_a_body_that_goes_on_after_its_response_is_cut(server: LiveServer) -> None:
    with connect(server) as connection:
        connection.sendall(POST + b"Content-Length: 2000\r\n\r\n" + b"A" * 1001)

        assert answer(everything(connection)) == (400, "BODY_TOO_LARGE")


@pytest.mark.parametrize(
    "malformed",
    [
        b"hello\r\n\r\n",
        b"GET /ping HTTP/1.1\r\n\r\n",
        POST + b"Content-Length: many\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nnot a size\r\n",
        b"GET /ping HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 70_000,
    ],
)
def test_malformed_http_gets_a_typed_400(server: LiveServer, malformed: bytes) -> None:
    with connect(server) as connection:
        connection.sendall(malformed)

        assert answer(everything(connection)) == (400, "INVALID_HTTP")


def test_half_sent_requests_do_not_stay_open(server: LiveServer) -> None:
    connections = [connect(server) for _ in range(100)]
    for connection in connections:
        connection.sendall(b"GET /ping HTTP/1.1\r\n")

    assert {answer(everything(connection)) for connection in connections} == {(408, "RECEIVE_TIMED_OUT")}
    for connection in connections:
        connection.close()
    assert server.client.get("/ping").status_code == 200
