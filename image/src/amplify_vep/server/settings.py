"""Settings of the server."""

import math
import os
from dataclasses import dataclass, fields
from typing import Any

from amplify_vep.errors import ErrorCode, UsageError

PREFIX = "AMPLIFY_"

_LEAST = {
    "receive_timeout_s": 0.001,
    "request_timeout_s": 0.001,
    "hang_timeout_s": 0.001,
    "grace_s": 0,
    "max_restarts": 0,
}
"""Smallest values, if not 1."""


@dataclass(frozen=True)
class Settings:
    """Settings of the server. Every field after `port` can be set with the environment variable `AMPLIFY_<FIELD>`.

    Attributes:
        model: folder or hub id.
        host: address to listen on.
        port: port to listen on.
        dtype: `auto`, `float32`, `bfloat16` or `float16`.
        compile: `off` or `on`, see `Scorer.load`.
        max_body_bytes: largest body of a request, in bytes.
        max_queued: most requests that wait for a worker; the next one gets 503.
        max_active: most requests between which one worker alternates.
        receive_timeout_s: most seconds for a request, headers and body, to arrive; it gets 408 after that.
        request_timeout_s: seconds from arrival to result; SageMaker waits at most 3600.
        hang_timeout_s: least seconds for one pass before a worker counts as hung; a pass gets 20 times the time that it
            takes at the best speed so far, if that is longer.
        grace_s: seconds after SIGTERM to finish running requests; SageMaker sends SIGKILL after 30.
        start_timeout_s: most seconds for a worker to load the model.
        max_restarts: how often workers can die while they load the model before the server gives up.
        devices: comma-separated, such as `cuda:0,cuda:1`; empty for all GPUs, or the CPU if there is none.
        model_version: version of image and weights together; empty takes every request, whatever version it is for.

    """

    model: str
    host: str = "127.0.0.1"
    port: int = 8080
    dtype: str = "auto"
    compile: str = "off"
    max_body_bytes: int = 4_000_000
    max_queued: int = 256
    max_active: int = 64
    receive_timeout_s: float = 30.0
    request_timeout_s: float = 3600.0
    hang_timeout_s: float = 60.0
    grace_s: float = 25.0
    start_timeout_s: float = 900.0
    max_restarts: int = 3
    devices: str = ""
    model_version: str = ""


def settings_from_environment(**given: Any) -> Settings:
    """Settings from `given`, else from the environment, else the defaults. None in `given` counts as not given.

    Raises:
        UsageError: USAGE with the variable whose value is of the wrong type or too small.

    """
    values: dict[str, Any] = {}
    for field in fields(Settings):
        text = os.environ.get(PREFIX + field.name.upper())
        if text is None or field.name in ("model", "host", "port"):
            continue
        kind: type[Any] = type(field.default)
        try:
            values[field.name] = kind(text)
            fits = kind is str or _LEAST.get(field.name, 1) <= values[field.name] < math.inf
        except ValueError:
            fits = False
        if not fits:
            name, least = PREFIX + field.name.upper(), _LEAST.get(field.name, 1)
            message = (
                f"{name}={text!r} is not a finite {kind.__name__} of at least {least}; the default is {field.default}."
            )
            raise UsageError(ErrorCode.USAGE, message)
    return Settings(**{**values, **{name: value for name, value in given.items() if value is not None}})
