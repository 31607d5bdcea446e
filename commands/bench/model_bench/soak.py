"""`python -m model_bench soak`: sends thousands of mixed requests, checks every score and the growth of memory."""

import http.client
import json
import random
import subprocess
import time
import urllib.error
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amplify_vep.backend.gate import EXACT_DIFFERENCE, MAX_DIFFERENCE
from amplify_vep.scorer import Scorer
from amplify_vep.scoring.request import Scoring
from model_bench.server import Server, running_server
from model_bench.speed import protein

CLIENTS = 16
_WARM_UP = 0.2
_GROWTH = 1.25
_ALLOWANCE = 64 << 20
_PATIENCE_S = 0.05
_LENGTHS = (1, 5, 20, 60, 120)
_PROTEINS_A_LENGTH = 4


@dataclass
class Report:
    """The report of a soak test.

    Attributes:
        answers: number of responses by status code; `dropped` for requests that the client abandoned.
        faults: description of each wrong response.
        memory: resident bytes of all processes of the server, after the warm-up and at the end.
        seconds: duration of the test.

    """

    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    memory: tuple[int, int] = (0, 0)
    seconds: float = 0.0

    @property
    def bounded(self) -> bool:
        """Whether memory grew by no more than a quarter and 64 MiB."""
        before, after = self.memory
        return after <= before * _GROWTH + _ALLOWANCE

    def to_json(self) -> dict[str, object]:
        """The report as JSON values."""
        return {**vars(self), "answers": dict(self.answers), "bounded": self.bounded}


def soak(folder: Path, requests: int, limit_s: float, seed: int = 0) -> Report:
    """Sends good, bad and abandoned requests from 16 clients, and compares each score with float32.

    Args:
        folder: folder of the model.
        requests: number of requests.
        limit_s: seconds after which no more requests are sent.
        seed: seed of the random requests; default 0.

    """
    report = Report()
    truth = _Truth(folder)
    started = time.monotonic()
    with running_server(folder) as server, ThreadPoolExecutor(CLIENTS) as pool:

        def send(number: int) -> None:
            if time.monotonic() - started < limit_s:
                _send_one(server, report, truth, random.Random(seed * requests + number))  # noqa: S311 - not for security

        warm = int(requests * _WARM_UP)
        list(pool.map(send, range(warm)))
        before = _resident(server)
        list(pool.map(send, range(warm, requests)))
        report.memory = (before, _resident(server))
    report.seconds = round(time.monotonic() - started, 1)
    return report


class _Truth:
    """Proteins of a few lengths, so that batches are shared, and their scores, computed one by one in float32."""

    def __init__(self, folder: Path) -> None:
        scorer = Scorer.load(folder, dtype="float32")
        self.proteins = [protein(length + seed)[:length] for length in _LENGTHS for seed in range(_PROTEINS_A_LENGTH)]
        self._heatmaps = {
            (each, scoring): _heatmap(scorer.score(each, scoring=scoring))
            for each in self.proteins
            for scoring in Scoring
        }

    def agrees(self, result: dict[str, Any], scoring: Scoring, columns: list[int]) -> bool:
        """Whether a result has the scores of its protein at these columns and no other scores."""
        found = _heatmap(result)
        limit = EXACT_DIFFERENCE if result["model"]["dtype"] == "float32" else MAX_DIFFERENCE
        difference = np.abs(found - self._heatmaps[result["sequence"], scoring])
        return bool((difference[:, columns] <= limit).all() and np.isnan(np.delete(found, columns, axis=1)).all())


def _heatmap(result: dict[str, Any]) -> NDArray[np.float64]:
    return np.array(result["heatmap"], float)


def _send_one(server: Server, report: Report, truth: _Truth, dice: random.Random) -> None:
    kind = dice.choices([_good, _bad, _abandoned], [80, 15, 5])[0]
    kind(server, report, truth, dice)


def _good(server: Server, report: Report, truth: _Truth, dice: random.Random) -> None:
    sequence, scoring = dice.choice(truth.proteins), dice.choice(list(Scoring))
    columns = sorted(dice.sample(range(len(sequence)), dice.randint(1, len(sequence))))
    positions = ",".join(str(column + 1) for column in columns)
    try:
        result = server.score(sequence=sequence, scoring=scoring.value, positions=positions)
    except (urllib.error.URLError, ConnectionError) as error:
        report.faults.append(f"a good request failed: {error}")
        return
    if result["sequence"] != sequence or result["scoring"] != scoring.value:
        report.faults.append("a response belongs to another request")
    elif not truth.agrees(result, scoring, columns):
        report.faults.append(f"wrong scores for {len(sequence)} residues by {scoring.value}")
    report.answers["200"] += 1


def _bad(server: Server, report: Report, truth: _Truth, dice: random.Random) -> None:
    body: dict[str, object] = dice.choice(
        [{"sequence": "MKX"}, {"sequence": ""}, {"variants": "K2A"}, {"sequence": "MK", "joint": 3}]
    )
    try:
        server.score(**body)
        report.faults.append(f"a bad request was scored: {json.dumps(body)}")
    except urllib.error.HTTPError as error:
        report.answers[str(error.code)] += 1
        if error.code != http.client.BAD_REQUEST or "error_code" not in json.load(error):
            report.faults.append(f"a bad request got {error.code}: {json.dumps(body)}")


def _abandoned(server: Server, report: Report, truth: _Truth, dice: random.Random) -> None:
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=_PATIENCE_S)
    try:
        connection.request("POST", "/invocations", dice.choice(truth.proteins) * 5, {"Content-Type": "text/plain"})
        connection.getresponse()
    except (TimeoutError, ConnectionError):
        report.answers["dropped"] += 1
    finally:
        connection.close()


def _resident(server: Server) -> int:
    """Resident bytes of all processes of the server."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=True)  # noqa: S607
    rows = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    family = {server.process.pid, *(pid for pid, parent, _ in rows if parent == server.process.pid)}
    return sum(rss for pid, _, rss in rows if pid in family) * 1024
