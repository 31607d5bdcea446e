"""Fuzzes /invocations from its OpenAPI description: no 500, and every response as described."""

import asyncio
from pathlib import Path
from typing import Any, cast

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from amplify_vep.checkpoint.synthesize import SHAPES, synthesize
from amplify_vep.inference import input_fn
from amplify_vep.scorer import Scorer
from amplify_vep.scoring.result import encode_result
from amplify_vep.server.app import create_app
from amplify_vep.server.messages import PackedRequest
from amplify_vep.server.pool import WorkerPool
from amplify_vep.server.settings import Settings

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


class InProcess:
    """Scores in this process, like a worker in its own."""

    ready, busy = True, 0
    scorer: Scorer

    async def score(self, request: PackedRequest) -> bytes:
        return await asyncio.to_thread(lambda: encode_result(self.scorer.score_request(request.unpack())))

    def admit(self) -> None:
        """Accepts every request."""

    def close(self) -> None:
        """There is nothing to end."""


def start() -> WorkerPool:
    return cast(WorkerPool, InProcess())


async def parse(body: bytes, content_type: str | None) -> PackedRequest:
    return PackedRequest.of(input_fn(body, content_type))


schemathesis.serializer.alias("application/x-fasta", "text/plain")
schema = schemathesis.openapi.from_asgi(
    "/openapi.json", create_app(Settings("none", max_body_bytes=50_000), start, parse)
)


@schema.parametrize()
@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: "schemathesis.Case[Any]", tmp_path_factory: object) -> None:
    if not hasattr(InProcess, "scorer"):
        folder = Path(tmp_path_factory.mktemp("fuzz"))  # type: ignore[attr-defined]
        synthesize(folder, config=SHAPES["tiny"])
        InProcess.scorer = Scorer.load(folder, dtype="float32", device="cpu")

    case.call_and_validate(checks=CHECKS)
