"""Messages between the front process and a worker."""

import pickle
from dataclasses import dataclass
from typing import Any

from amplify_vep.scoring.cost import request_cost
from amplify_vep.scoring.request import ScoreRequest


@dataclass(frozen=True)
class PackedRequest:
    """A checked request in a form that the front process forwards without reading its thousands of variants.

    Attributes:
        data: the pickled `ScoreRequest`.
        cost: see `request_cost`.

    """

    data: bytes
    cost: float

    @classmethod
    def of(cls, request: ScoreRequest) -> "PackedRequest":
        """Packs a request."""
        return cls(pickle.dumps(request), request_cost(request))

    def unpack(self) -> ScoreRequest:
        """The request."""
        request: ScoreRequest = pickle.loads(self.data)  # noqa: S301 - from another process of this server
        return request


@dataclass(frozen=True)
class Submit:
    """Front to worker: score this request. `arrived` is `time.monotonic()`, one clock for all processes."""

    job: int
    request: PackedRequest
    arrived: float


@dataclass(frozen=True)
class Cancel:
    """Front to worker: nobody waits for this job."""

    job: int


@dataclass(frozen=True)
class Ready:
    """Worker to front: the model is loaded and has scored a protein."""

    facts: dict[str, Any]


@dataclass(frozen=True)
class StartFailed:
    """Worker to front: the model cannot be loaded, and a retry would fail too."""

    body: dict[str, Any]
    exit_code: int


@dataclass(frozen=True)
class Began:
    """Worker to front: a pass begins.

    Attributes:
        jobs: the jobs whose batches pass together.
        limit_s: seconds after which the worker counts as hung; the front process can wait longer.

    """

    jobs: tuple[int, ...]
    limit_s: float


@dataclass(frozen=True)
class Idle:
    """Worker to front: no job is left."""


@dataclass(frozen=True)
class Done:
    """Worker to front: the result of a job as JSON text, and its figures for the metrics."""

    job: int
    result: bytes
    figures: dict[str, Any]


@dataclass(frozen=True)
class Failed:
    """Worker to front: why a job has no result."""

    job: int
    status: int
    body: dict[str, Any]
