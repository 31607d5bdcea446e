"""Runs the server until SIGTERM or SIGINT."""

import asyncio
import logging
import math
import os
import signal
import socket
from collections.abc import Callable, Sequence
from multiprocessing import active_children
from pathlib import Path

import uvicorn

from amplify_vep.errors import ErrorCode, UsageError
from amplify_vep.server.app import create_app
from amplify_vep.server.log import configure_logging
from amplify_vep.server.parser import RequestParser
from amplify_vep.server.pool import WorkerPool
from amplify_vep.server.protocol import connection_class
from amplify_vep.server.settings import Settings

_log = logging.getLogger(__name__)
_BACKLOG = 512
_FLUSH_S = 2
"""Seconds after the grace period to send the last responses."""


def serve(settings: Settings) -> int:
    """Serves until SIGTERM or SIGINT, then finishes running requests within the grace period.

    Returns:
        The exit code of the process: 0 after an orderly end, the worker's exit code if the model cannot be loaded.

    Raises:
        UsageError: USAGE if the port is in use.

    """
    configure_logging()
    listening = _listen(settings)
    exit_codes: list[int] = []

    def give_up(code: int) -> None:
        exit_codes.append(code)
        server.should_exit = True

    def start_pool() -> WorkerPool:
        return WorkerPool(settings, list(devices(settings.devices)), give_up)

    parser = RequestParser()
    app = create_app(settings, start_pool, parser.parse)
    config = uvicorn.Config(
        app,
        http=connection_class(settings.receive_timeout_s),
        log_config=None,
        access_log=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=math.ceil(settings.grace_s) + _FLUSH_S,
    )
    server = _Server(config, settings.grace_s, lambda: app.state.pool)
    for name in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again after an orderly end, when it was already handled.
        signal.signal(name, lambda number, frame: None)
    _log.info("listening", extra={"fields": {"host": settings.host, "port": listening.getsockname()[1]}})
    try:
        server.run(sockets=[listening])
    finally:
        parser.close()
        # The pool ends its workers. If that did not happen, Python would wait for them, and they ignore SIGTERM.
        for worker in active_children():
            worker.kill()
    return exit_codes[0] if exit_codes else 0


class _Server(uvicorn.Server):
    """Gives running requests the grace period, and answers the rest with 503 before uvicorn closes the connections."""

    def __init__(self, config: uvicorn.Config, grace_s: float, pool: Callable[[], WorkerPool]) -> None:
        super().__init__(config)
        self._grace_s = grace_s
        self._pool = pool

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuses the requests that are left after the grace period."""
        timer = asyncio.get_running_loop().call_later(self._grace_s, lambda: self._pool().refuse())
        try:
            await super().shutdown(sockets)
        finally:
            timer.cancel()


def devices(given: str) -> Sequence[str | None]:
    """One entry per worker: the given devices, else every NVIDIA GPU if there are several, else None (the default)."""
    if given:
        return [device.strip() for device in given.split(",") if device.strip()] or [None]
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        count = len([name for name in visible.split(",") if name.strip() not in ("", "-1")])
    else:
        # The driver's list: this process does not import PyTorch.
        gpus = Path("/proc/driver/nvidia/gpus")
        count = len(list(gpus.iterdir())) if gpus.is_dir() else 0
    return [f"cuda:{index}" for index in range(count)] if count > 1 else [None]


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio sets TCP_NODELAY only where the protocol is given; without it, each response waits for a delayed ACK.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        listening.close()
        reason = error.strerror if isinstance(error, OSError) else "the largest port is 65535"
        message = f"Port {settings.port} on {settings.host} cannot be used ({reason}); choose another with --port."
        raise UsageError(ErrorCode.USAGE, message) from error
    return listening
