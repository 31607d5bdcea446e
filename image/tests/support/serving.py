"""A real server in its own processes."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

START_S = 120.0


class LiveServer:
    """`amplify-vep serve` on a free port; its log is read line by line."""

    def __init__(self, folder: Path, environment: dict[str, str], dtype: str) -> None:
        command = [sys.executable, "-m", "amplify_vep", "serve", "--model", str(folder), "--port", "0"]
        self.environment = {**os.environ, "OMP_NUM_THREADS": "1", **environment}
        self.process = subprocess.Popen(
            [*command, "--dtype", dtype],
            env=self.environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.log: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        listening = self.wait_for("listening")
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{listening['port']}", timeout=START_S)

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._news:
                self.log.append(json.loads(line) if line.startswith("{") else {"message": line})
                self._news.notify_all()
        with self._news:
            self.log.append({"message": "closed"})
            self._news.notify_all()

    def wait_for(self, message: str, count: int = 1) -> dict[str, Any]:
        """Waits for the `count`-th line of the log with this message, and returns it."""

        def found() -> list[dict[str, Any]]:
            return [line for line in self.log if re.fullmatch(message, line["message"])]

        with self._news:
            done = self._news.wait_for(
                lambda: len(found()) >= count or self.log[-1:] == [{"message": "closed"}], START_S
            )
            assert done and len(found()) >= count, f"{message!r} never came: {self.log}"
            return found()[count - 1]

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ready = {line["pid"] for line in self.log if line["message"] == "worker ready"}
        return [int(child) for child in children if int(child) in ready]

    def end(self) -> int:
        """Sends SIGTERM and returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(START_S)


@contextmanager
def live_server(folder: Path, wait: bool = True, dtype: str = "float32", **environment: str) -> Iterator[LiveServer]:
    """A server that is ready, and is ended afterwards."""
    server = LiveServer(folder, environment, dtype)
    try:
        if wait:
            server.wait_for("worker ready")
        yield server
    finally:
        server.client.close()
        if server.process.poll() is None:
            server.end()
        for stream in (server.process.stdout, server.process.stderr):
            if stream is not None:
                server._reader.join(START_S)
                stream.close()
