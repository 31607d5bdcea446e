"""A server in another process, for the figures and the soak test."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_START_S = 600.0
_POLL_S = 0.02
_ANSWER_S = 600.0


class Server:
    """A running `amplify-vep serve`.

    Attributes:
        process: the front process.
        address: such as `http://127.0.0.1:8123`.

    """

    def __init__(self, process: "subprocess.Popen[bytes]", address: str) -> None:
        self.process = process
        self.address = address

    def score(self, **body: Any) -> dict[str, Any]:
        """Posts one request and returns the result object."""
        request = urllib.request.Request(  # noqa: S310 - the address of our own server
            f"{self.address}/invocations", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=_ANSWER_S) as answer:  # noqa: S310
            result: dict[str, Any] = json.load(answer)
            return result

    def ready(self) -> bool:
        """Whether /ping returns 200."""
        try:
            with urllib.request.urlopen(f"{self.address}/ping") as answer:  # noqa: S310
                return bool(answer.status == 200)  # noqa: PLR2004
        except (urllib.error.URLError, ConnectionError):
            return False


@contextmanager
def running_server(folder: Path, **environment: str) -> Iterator[Server]:
    """Starts a server on a free port, waits until it is ready, and ends it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "amplify_vep", "serve", "--model", str(folder), "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server = Server(process, f"http://127.0.0.1:{port}")
    try:
        deadline = time.monotonic() + _START_S
        while not server.ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start (exit code {process.poll()})")
            time.sleep(_POLL_S)
        yield server
    finally:
        process.terminate()
        process.wait()
