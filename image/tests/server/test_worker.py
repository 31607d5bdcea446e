"""Several workers, lost devices and metrics."""

import json
import math
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch

from amplify_vep.errors import ErrorCode
from amplify_vep.scorer import Scorer
from amplify_vep.scoring.engine import Batch, Passed
from amplify_vep.scoring.request import ScoreRequest
from amplify_vep.server import metrics, worker
from amplify_vep.server.messages import Began, Cancel, Done, Failed, Idle, PackedRequest, Submit
from amplify_vep.server.run import devices
from tests.support.proteins import DEMO, random_protein
from tests.support.serving import live_server

TEXT = {"Content-Type": "text/plain"}


class Wire:
    """The worker's end of a connection; records what it sends."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send(self, message: Any) -> None:
        self.sent.append(message)


class Stopped(Exception):  # noqa: N818 - how a test ends the worker's loop
    pass


class Inbox(queue.SimpleQueue[Any]):
    """Ends the loop of the worker when it has read all messages and would wait."""

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        if self.empty():
            raise Stopped
        return super().get(block, timeout)


def failing(scorer: Scorer, error: Exception, monkeypatch: pytest.MonkeyPatch) -> Scorer:
    def steps(request: ScoreRequest, submitted: float | None = None) -> Generator[Batch, Passed, Any]:
        if request.sequence == "MK":
            raise error
        return plain(request, submitted)

    plain = scorer.steps
    monkeypatch.setattr(scorer, "steps", lambda request, submitted: _lazily(steps, request, submitted))
    return scorer


def _lazily(steps: Any, *arguments: Any) -> Generator[Batch, Passed, Any]:
    return (yield from steps(*arguments))


def work(scorer: Scorer, *messages: Submit | Cancel) -> list[Any]:
    wire, inbox = Wire(), Inbox()
    for message in messages:
        inbox.put(message)
    with pytest.raises((Stopped, SystemExit)) as ended:
        worker._work(wire, inbox, scorer)  # type: ignore[arg-type]  # in place of the connection
    return [*(sent for sent in wire.sent if not isinstance(sent, Began | Idle)), ended.value]


def test_an_unknown_error_fails_only_its_job_and_hides_its_text(
    scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = failing(scorer, ValueError("secret"), monkeypatch)

    failed, done, _ = work(
        broken,
        Submit(1, PackedRequest.of(ScoreRequest("MK")), time.monotonic()),
        Submit(2, PackedRequest.of(ScoreRequest("MKT")), time.monotonic()),
    )

    assert (failed.job, failed.status, failed.body["error_code"]) == (1, 500, ErrorCode.INTERNAL_ERROR.value)
    assert "secret" not in json.dumps(failed.body)
    assert isinstance(done, Done)
    assert json.loads(done.result)["sequence"] == "MKT"


@pytest.mark.parametrize(
    "error",
    [
        torch.AcceleratorError("CUDA error: unspecified launch failure", 719),
        RuntimeError("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasGemmEx`"),
    ],
)
def test_a_lost_device_ends_the_worker_before_it_answers(
    scorer: Scorer, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(os, "_exit", sys.exit)
    lost = failing(scorer, error, monkeypatch)

    (ended,) = work(lost, Submit(1, PackedRequest.of(ScoreRequest("MK")), time.monotonic()))

    assert isinstance(ended, SystemExit)
    assert ended.code == worker.DEVICE_LOST


def test_a_result_that_json_cannot_hold_fails_alone(scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amplify_vep.scoring.result.pseudo_perplexity", lambda log_probs, sequence: math.inf)

    failed, _ = work(scorer, Submit(1, PackedRequest.of(ScoreRequest("MK")), time.monotonic()))

    assert (failed.status, failed.body["error_code"]) == (500, ErrorCode.INTERNAL_ERROR.value)


def test_a_cancelled_job_is_not_answered(scorer: Scorer) -> None:
    sent = work(
        scorer,
        Submit(1, PackedRequest.of(ScoreRequest("MKTV")), time.monotonic()),
        Submit(2, PackedRequest.of(ScoreRequest("MKT")), time.monotonic()),
        Cancel(1),
    )

    assert [message.job for message in sent if isinstance(message, Done | Failed)] == [2]


def test_waiting_counts_from_the_arrival_at_the_server(scorer: Scorer) -> None:
    done, _ = work(scorer, Submit(1, PackedRequest.of(ScoreRequest("MKT")), time.monotonic() - 100))

    assert done.figures["queue_s"] >= 100


def test_a_worker_announces_its_passes_and_that_it_is_idle(scorer: Scorer) -> None:
    wire, inbox = Wire(), Inbox()
    for job, columns in ((1, (0, 1)), (2, (2,))):
        inbox.put(Submit(job, PackedRequest.of(ScoreRequest(DEMO, columns=columns)), time.monotonic()))
    with pytest.raises(Stopped):
        worker._work(wire, inbox, scorer)  # type: ignore[arg-type]  # in place of the connection

    began, *done, idle = wire.sent
    assert began == Began((1, 2), 0.0)
    assert [message.job for message in done] == [1, 2]
    assert idle == Idle()


def test_the_next_batch_does_not_wait_until_a_result_is_built(scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    next_batch = threading.Event()
    run = scorer.engine.run

    def passing(batch: Batch) -> Passed:
        if batch.tokens.shape[1] == len("MKTV") + 2:
            next_batch.set()
        return run(batch)

    def building(result: dict[str, Any]) -> bytes:
        assert next_batch.wait(timeout=10)
        return b"{}"

    monkeypatch.setattr(scorer.engine, "run", passing)
    monkeypatch.setattr(worker, "encode_result", building)

    first, second, _ = work(
        scorer,
        Submit(1, PackedRequest.of(ScoreRequest("MKT")), time.monotonic()),
        Submit(2, PackedRequest.of(ScoreRequest("MKTV")), time.monotonic()),
    )

    assert isinstance(first, Done)
    assert isinstance(second, Done)


def test_requests_are_spread_over_workers_and_never_mixed_up(checkpoint: Path) -> None:
    with live_server(checkpoint, AMPLIFY_DEVICES="cpu,cpu") as server:
        server.wait_for("worker ready", count=2)
        assert len(server.workers()) == 2

        def ask(index: int) -> bool:
            sequence = random_protein(20 + index, seed=index)
            answer = server.client.post("/invocations", content=sequence, headers=TEXT)
            return bool(answer.json()["sequence"] == sequence)

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(ask, range(40)))


@pytest.mark.parametrize(
    ("given", "visible", "expected"),
    [
        ("cuda:1, cpu", None, ["cuda:1", "cpu"]),
        ("", "0,1,2", ["cuda:0", "cuda:1", "cuda:2"]),
        (",", None, [None]),
        ("", "3", [None]),
        ("", "", [None]),
        ("", "-1", [None]),
    ],
)
def test_there_is_one_worker_a_gpu(
    given: str, visible: str | None, expected: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)

    assert list(devices(given)) == expected


def test_metrics_are_in_the_embedded_format(scorer: Scorer, capsys: pytest.CaptureFixture[str]) -> None:
    done, _ = work(scorer, Submit(1, PackedRequest.of(ScoreRequest("MKT")), time.monotonic()))

    metrics.emit(metrics.job_metrics(done.figures), "cuda:0")

    line = json.loads(capsys.readouterr().out)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    names = {metric["Name"] for metric in directive["Metrics"]}
    assert names == {
        "Copies", "BatchSize", "QueueWait", "ComputeTime", "OomRetries", "Float32Recomputes", "DeviceMemory",
    }  # fmt: skip
    assert names | {"_aws", "Device"} == set(line)
    assert directive["Dimensions"] == [["Device"]]
    assert line["Copies"] == 3
    assert line["DeviceMemory"] > 0


def test_the_front_process_never_imports_pytorch() -> None:
    program = "import sys; import amplify_vep.server.run; print([name for name in ('torch',) if name in sys.modules])"

    imported = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert imported.stdout.strip() == "[]"


def test_a_server_that_cannot_compile_ends_with_the_reason(checkpoint: Path) -> None:
    environment = {"AMPLIFY_COMPILE": "on", "CXX": "/nonexistent/g++", "TORCHINDUCTOR_FORCE_DISABLE_CACHES": "1"}
    with live_server(checkpoint, wait=False, **environment) as server:
        assert server.process.wait(60) == 78
        assert server.wait_for("The model cannot be compiled .*")["error_code"] == "DEVICE_UNSUITABLE"
