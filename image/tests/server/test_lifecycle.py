"""Start, stop and the loss of workers: the server answers every request, with a result or a typed error."""

import http.client
import os
import signal
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from amplify_vep.cli import main
from tests.support.proteins import random_protein
from tests.support.serving import LiveServer, live_server

TEXT = {"Content-Type": "text/plain"}


def test_a_worker_that_dies_is_replaced_and_its_requests_retried(checkpoint: Path) -> None:
    with live_server(checkpoint) as server:
        sequences = [random_protein(300, seed=seed) for seed in range(3)]
        with ThreadPoolExecutor(3) as pool:
            waits = [pool.submit(server.client.post, "/invocations", content=text, headers=TEXT) for text in sequences]
            _wait_until_taken(server, waits)
            os.kill(server.workers()[0], signal.SIGKILL)
            answers = [wait.result() for wait in waits]

        assert [answer.status_code for answer in answers] == [200] * 3
        assert [answer.json()["sequence"] for answer in answers] == sequences
        assert server.wait_for("worker ended")["exit_code"] == -signal.SIGKILL
        assert server.wait_for("worker ready", count=2)


def test_a_worker_that_hangs_is_replaced_and_its_requests_retried(checkpoint: Path) -> None:
    with live_server(checkpoint, AMPLIFY_HANG_TIMEOUT_S="3") as server, ThreadPoolExecutor(2) as pool:
        os.kill(server.workers()[0], signal.SIGSTOP)

        waits = [pool.submit(server.client.post, "/invocations", content=text, headers=TEXT) for text in ("MKT", "MK")]
        server.wait_for("worker ended")
        assert server.client.get("/ping").status_code == 503

        assert [wait.result().json()["sequence"] for wait in waits] == ["MKT", "MK"]
        assert server.client.get("/ping").status_code == 200
        assert server.wait_for("worker hangs")["jobs"] == 2


def _wait_until_taken(server: LiveServer, waits: list["Future[httpx.Response]"]) -> None:
    """Returns when all requests have arrived and none has a response; /ping shows how many."""
    while server.client.get("/ping").json()["busy"] < len(waits):
        assert not any(wait.done() for wait in waits), "answered too soon for this test: ask for longer proteins"


def test_sigterm_finishes_what_runs_and_refuses_new_work(checkpoint: Path) -> None:
    with live_server(checkpoint) as server, ThreadPoolExecutor(1) as pool:
        running = pool.submit(server.client.post, "/invocations", content=random_protein(250), headers=TEXT)
        _wait_until_taken(server, [running])
        worker = server.workers()[0]

        code = server.end()

        assert running.result().status_code == 200
        assert code == 0
        assert not Path(f"/proc/{worker}").exists()
        with pytest.raises(httpx.ConnectError):
            server.client.get("/ping")


def test_requests_that_outlast_the_grace_period_get_503(checkpoint: Path) -> None:
    with live_server(checkpoint, AMPLIFY_GRACE_S="0") as server, ThreadPoolExecutor(1) as pool:
        running = pool.submit(server.client.post, "/invocations", content=random_protein(9000), headers=TEXT)
        _wait_until_taken(server, [running])

        code = server.end()

        answer = running.result()
        assert (answer.status_code, answer.json()["error_code"]) == (503, "SHUTTING_DOWN")
        assert "Retry-After" in answer.headers and "Content-Length" in answer.headers
        assert code == 0


def test_ping_answers_while_a_worker_reads_nothing(checkpoint: Path) -> None:
    mutants = "ACDEFGHIKLNPQRS"
    variants = [f"M{site}{one};M{site + 1}{two}" for site in range(1, 60) for one in mutants for two in mutants]
    with live_server(checkpoint) as server, ThreadPoolExecutor(1) as pool:
        (worker,) = server.workers()
        os.kill(worker, signal.SIGSTOP)
        try:
            body = {"sequence": "M" * 60, "variants": variants, "positions": "1"}
            wait = pool.submit(server.client.post, "/invocations", json=body)
            _wait_until_taken(server, [wait])
            assert server.client.get("/ping", timeout=2).status_code == 200
        finally:
            os.kill(worker, signal.SIGCONT)
        assert len(wait.result().json()["variants"]) == len(variants)


def test_ping_is_fast_while_large_requests_are_checked(checkpoint: Path) -> None:
    mutants = "ACDEFGHIKLNPQRSTVWY"
    triples = [
        f"M{site}A;M{site + 1}{one};M{site + 2}{two}" for site in range(1, 57) for one in mutants for two in mutants
    ]
    body = {"sequence": "M" * 60, "variants": triples[:20_000], "positions": "1"}
    seconds = []
    with live_server(checkpoint) as server, ThreadPoolExecutor(8) as pool:
        waits = [pool.submit(server.client.post, "/invocations", json=body) for _ in range(8)]
        connection = http.client.HTTPConnection("127.0.0.1", server.client.base_url.port, timeout=20)
        while not all(wait.done() for wait in waits):
            started = time.perf_counter()
            connection.request("GET", "/ping")
            connection.getresponse().read()
            seconds.append(time.perf_counter() - started)
            time.sleep(0.005)
        connection.close()

    assert [wait.result().status_code for wait in waits] == [200] * 8
    assert sorted(seconds)[len(seconds) * 99 // 100] < 0.1


def test_work_of_a_client_that_has_gone_is_dropped(checkpoint: Path) -> None:
    with live_server(checkpoint) as server:
        with pytest.raises(httpx.ReadTimeout):
            server.client.post("/invocations", content=random_protein(5000), headers=TEXT, timeout=1)

        while server.client.get("/ping").json()["busy"]:
            pass
        assert server.client.post("/invocations", content="MKTV", headers=TEXT).status_code == 200


def test_a_full_queue_answers_503_with_retry_after(checkpoint: Path) -> None:
    with live_server(checkpoint, AMPLIFY_MAX_ACTIVE="1", AMPLIFY_MAX_QUEUED="1") as server:
        with ThreadPoolExecutor(2) as pool:
            waits: list[Future[httpx.Response]] = []
            for _ in range(2):
                waits.append(pool.submit(server.client.post, "/invocations", content=random_protein(250), headers=TEXT))
                _wait_until_taken(server, waits)

            answer = server.client.post("/invocations", content="MK", headers=TEXT)

            assert [wait.result().status_code for wait in waits] == [200, 200]
        assert (answer.status_code, answer.json()["error_code"]) == (503, "QUEUE_FULL")
        assert int(answer.headers["retry-after"]) > 0


def test_a_request_beyond_its_time_gets_an_answer(checkpoint: Path) -> None:
    with live_server(checkpoint, AMPLIFY_REQUEST_TIMEOUT_S="0.5") as server:
        answer = server.client.post("/invocations", content=random_protein(9000), headers=TEXT)

        assert (answer.status_code, answer.json()["error_code"]) == (500, "TIMED_OUT")
        assert server.client.get("/ping").json()["busy"] == 0


def test_a_broken_checkpoint_ends_the_server_with_its_reason(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes((checkpoint / "config.json").read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"nothing")

    with live_server(tmp_path, wait=False) as server:
        assert server.process.wait(60) == 78
        assert server.wait_for(".*damaged or incomplete.*")["error_code"] == "CHECKPOINT_INVALID"


def test_a_port_in_use_is_reported(checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code = main(["serve", "--model", str(checkpoint), "--port", str(port)])

    assert code == 64
    assert f"Port {port} on 127.0.0.1 cannot be used" in capsys.readouterr().err
