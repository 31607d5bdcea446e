"""The process that checks the bodies of requests."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator

import pytest

from amplify_vep.errors import AmplifyError, ErrorCode
from amplify_vep.inference import JSON
from amplify_vep.scoring.cost import request_cost
from amplify_vep.scoring.request import ScoreRequest
from amplify_vep.server import parser as module
from amplify_vep.server.parser import RequestParser


@pytest.fixture
def parser() -> Iterator[RequestParser]:
    running = RequestParser()
    yield running
    running.close()


def body(sequence: str) -> bytes:
    return json.dumps({"sequence": sequence}).encode()


def test_gives_the_checked_request_and_its_cost(parser: RequestParser) -> None:
    packed = asyncio.run(parser.parse(body("mktv"), JSON))

    assert packed.unpack() == ScoreRequest("MKTV")
    assert packed.cost == request_cost(ScoreRequest("MKTV"))


def test_a_bad_body_is_a_typed_error_and_the_next_is_checked(parser: RequestParser) -> None:
    async def both() -> str:
        with pytest.raises(AmplifyError) as refused:
            await parser.parse(body("MKX"), JSON)
        assert (refused.value.code, refused.value.status) == (ErrorCode.INVALID_RESIDUE, 400)
        return (await parser.parse(body("MK"), JSON)).unpack().sequence

    assert asyncio.run(both()) == "MK"


def test_answers_are_not_mixed_up_when_callers_go(parser: RequestParser) -> None:
    async def scenario() -> list[str]:
        gone = [asyncio.ensure_future(parser.parse(body("MK" * 20), JSON)) for _ in range(9)]
        await asyncio.sleep(0)
        for task in gone[::2]:
            task.cancel()
        found = await asyncio.gather(*(parser.parse(body("M" * size), JSON) for size in range(1, 9)))
        return [packed.unpack().sequence for packed in found]

    assert asyncio.run(scenario()) == ["M" * size for size in range(1, 9)]


def test_a_process_that_ends_is_started_again(parser: RequestParser) -> None:
    first = parser._process.pid or 0
    os.kill(first, signal.SIGKILL)

    assert asyncio.run(parser.parse(body("MK"), JSON)).unpack().sequence == "MK"
    assert parser._process.pid != first


def test_an_unknown_error_hides_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(body: bytes, content_type: str | None) -> ScoreRequest:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(module, "input_fn", broken)

    answer = module._checked(b"MK", "text/plain")

    assert isinstance(answer, tuple)
    assert (answer[0]["error_code"], answer[1]) == ("INTERNAL_ERROR", 500)
    assert "secret" not in json.dumps(answer)
