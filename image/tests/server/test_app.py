"""The HTTP interface, on a real server with a real worker."""

import gzip
import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from amplify_vep.scorer import Scorer
from tests.support.proteins import DEMO, random_protein
from tests.support.serving import LiveServer, live_server

TEXT = {"Content-Type": "text/plain"}
OWN = f"sha256:{'a' * 64}"
OTHER = f"sha256:{'b' * 64}"


@pytest.fixture(scope="module")
def server(checkpoint: Path) -> Iterator[LiveServer]:
    with live_server(checkpoint, AMPLIFY_MAX_BODY_BYTES="20000", AMPLIFY_MODEL_VERSION=OWN) as running:
        yield running


def test_ping_is_ready_and_sized(server: LiveServer) -> None:
    answer = server.client.get("/ping")

    assert answer.status_code == 200
    assert "transfer-encoding" not in answer.headers


def test_a_response_on_an_open_connection_waits_for_no_timer(server: LiveServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.client.base_url.port, timeout=20)
    seconds = []
    for _ in range(15):
        started = time.perf_counter()
        connection.request("GET", "/ping")
        assert connection.getresponse().read()
        seconds.append(time.perf_counter() - started)
    connection.close()

    # Linux delays an ACK by at least 40 ms.
    assert sorted(seconds)[len(seconds) // 2] < 0.03


def test_scores_what_the_library_scores(server: LiveServer, scorer: Scorer) -> None:
    answer = server.client.post("/invocations", json={"sequence": DEMO, "variants": "K2A, K2A;T3V"})

    result, expected = answer.json(), scorer.score(DEMO, variants=["K2A", "K2A;T3V"])
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "transfer-encoding" not in answer.headers
    assert result["variants"] == [
        {**variant, "score": pytest.approx(variant["score"], abs=1e-4)} for variant in expected["variants"]
    ]


@pytest.mark.parametrize(
    ("kind", "body", "name"),
    [
        ("text/plain", "mktv\nrqer\n", None),
        ('text/plain; charset="UTF-8"', ">p1 first\nMKTV\nRQER", "p1"),
        ("application/x-fasta", ">p2\nMKTVRQER", "p2"),
        ("application/json; charset=utf-8", '{"sequence": "MKTVRQER", "name": "p3"}', "p3"),
    ],
)
def test_takes_json_text_and_fasta(server: LiveServer, kind: str, body: str, name: str | None) -> None:
    result = server.client.post("/invocations", content=body, headers={"Content-Type": kind}).json()

    assert result["sequence"] == "MKTVRQER"
    assert result.get("name") == name


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("application/json", b"{", "INVALID_INPUT"),
        ("application/json", b"[]", "INVALID_INPUT"),
        ("application/json", b"[" * 15_000, "INVALID_INPUT"),
        ("application/json", b"{}", "INVALID_INPUT"),
        ("application/json", b'{"sequence": 5}', "INVALID_INPUT"),
        ("application/json", b'{"sequence": "MK", "sequnce": ""}', "INVALID_INPUT"),
        ("application/json", b'{"sequence": "MK", "scoring": "best"}', "INVALID_INPUT"),
        ("application/json", b'{"sequence": "MK", "joint": "yes"}', "INVALID_INPUT"),
        ("application/json", b'{"sequence": "MK", "numbering_offset": 1.5}', "INVALID_INPUT"),
        ("application/json", b'{"sequence": "MK", "name": "a\\u0000b"}', "INVALID_INPUT"),
        ("application/json", b'{"sequence": ""}', "EMPTY_SEQUENCE"),
        ("application/json", b'{"sequence": "MKX"}', "INVALID_RESIDUE"),
        ("application/json", b'{"sequence": "MK\\ud800"}', "INVALID_RESIDUE"),
        ("application/json", b'{"sequence": "MK", "\\ud800": 1}', "INVALID_INPUT"),
        ("application/json", b'{"sequence": "MK", "numbering_offset": 1%s}' % (b"0" * 5000), "INVALID_INPUT"),
        ("application/json", json.dumps({"sequence": "A" * 10_001}).encode(), "SEQUENCE_TOO_LONG"),
        ("application/json", b'{"sequence": "MK", "variants": ["K9A"]}', "WILD_TYPE_MISMATCH"),
        ("application/json", b'{"sequence": "MK", "variants": ["K2del"]}', "INVALID_VARIANT"),
        ("application/json", b'{"sequence": "MK", "positions": "3"}', "INVALID_POSITIONS"),
        (
            "application/json",
            b'{"sequence": "MK", "variants": ["M1A;K2A"], "joint": true, "scoring": "wt-marginals"}',
            "JOINT_NOT_POSSIBLE",
        ),
        ("application/json", b"\xff\xfe", "NOT_TEXT"),
        ("text/plain", b">a\nMK\n>b\nMV", "MULTIPLE_SEQUENCES"),
        ("text/plain", b"MK\x00", "NOT_TEXT"),
        ("application/octet-stream", b"MK", "UNSUPPORTED_CONTENT_TYPE"),
        ("text/plain; charset=latin-1", b"MK", "UNSUPPORTED_ENCODING"),
        ('application/json; Charset="UTF-16"', b"{}", "UNSUPPORTED_ENCODING"),
        ("application/json", b'{"sequence": "MK", "sequence": "MV"}', "INVALID_INPUT"),
        ("text/plain", b"A" * 20_001, "BODY_TOO_LARGE"),
    ],
)
def test_a_bad_request_gets_400_with_a_typed_reason(server: LiveServer, kind: str, body: bytes, code: str) -> None:
    answer = server.client.post("/invocations", content=body, headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["error_code"]) == (400, code)
    assert set(answer.json()) <= {"error_code", "message", "details"}
    assert len(answer.json()["message"]) < 600


def test_a_request_for_another_version_is_refused(server: LiveServer) -> None:
    headers = {**TEXT, "X-Amzn-SageMaker-Custom-Attributes": f"model-version={OTHER}"}
    answer = server.client.post("/invocations", content="MKTV", headers=headers)

    # Not 5xx: such an answer would roll the update back that brought this version.
    assert (answer.status_code, answer.json()["error_code"]) == (400, "OTHER_MODEL_VERSION")


@pytest.mark.parametrize("attributes", [f"model-version={OWN}", "trace-id=7", OTHER, "model-version=", ""])
def test_its_own_version_and_the_attributes_of_others_are_taken(server: LiveServer, attributes: str) -> None:
    headers = {**TEXT, "X-Amzn-SageMaker-Custom-Attributes": attributes}
    answer = server.client.post("/invocations", content="MKTV", headers=headers)

    assert (answer.status_code, answer.json()["sequence"]) == (200, "MKTV")


def test_the_nearest_argument_is_suggested(server: LiveServer) -> None:
    answer = server.client.post("/invocations", json={"sequence": "MK", "varaints": "K2A"})

    assert "did you mean variants?" in answer.json()["message"]


def test_other_paths_and_methods_have_their_own_codes(server: LiveServer) -> None:
    wrong = server.client.get("/invocations")

    for path in ("/predict", "/ping/", "/invocations/"):
        missing = server.client.get(path)
        assert (missing.status_code, missing.json()["error_code"]) == (404, "NOT_FOUND")
    assert (wrong.status_code, wrong.json()["error_code"]) == (405, "METHOD_NOT_ALLOWED")


def test_head_of_ping_has_the_status_and_no_body(server: LiveServer) -> None:
    answer = server.client.head("/ping")

    assert (answer.status_code, answer.content) == (200, b"")


def test_a_compressed_body_is_refused(server: LiveServer) -> None:
    headers = {**TEXT, "Content-Encoding": "gzip"}
    answer = server.client.post("/invocations", content=gzip.compress(b"MK"), headers=headers)

    assert (answer.status_code, answer.json()["error_code"]) == (400, "UNSUPPORTED_ENCODING")
    assert "uncompressed" in answer.json()["message"]


@pytest.mark.parametrize(("method", "path"), [("X" * 9_000, "/ping"), ("GET", f"/{'x' * 9_000}")])
def test_a_long_method_or_path_is_not_repeated(server: LiveServer, method: str, path: str) -> None:
    answer = server.client.request(method, path)

    assert answer.status_code in {404, 405}
    assert len(answer.content) < 500


def test_bad_requests_do_not_harm_the_others(server: LiveServer) -> None:
    def ask(index: int) -> tuple[int, int, str | None]:
        if index % 2:
            return server.client.post("/invocations", content=b"M*K", headers=TEXT).status_code, index, None
        sequence = random_protein(10 + index, seed=index)
        answer = server.client.post("/invocations", content=sequence, headers=TEXT)
        return answer.status_code, index, answer.json()["sequence"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(24)))

    for status, index, sequence in answers:
        assert (status, sequence) == ((400, None) if index % 2 else (200, random_protein(10 + index, seed=index)))


def test_a_short_protein_overtakes_a_long_one_and_ping_answers_meanwhile(server: LiveServer) -> None:
    finished: list[str] = []

    def ask(name: str, length: int) -> None:
        server.client.post("/invocations", content=random_protein(length), headers=TEXT)
        finished.append(name)

    long = threading.Thread(target=ask, args=("long", 500))
    long.start()
    assert server.client.get("/ping", timeout=2).status_code == 200
    ask("short", 5)
    long.join()

    assert finished == ["short", "long"]


def test_sequences_never_reach_the_log(server: LiveServer) -> None:
    secret = random_protein(40, seed=77)
    server.client.post("/invocations", content=secret, headers=TEXT)
    server.client.post("/invocations", content=secret + "X", headers=TEXT)

    assert secret not in json.dumps(server.log)
