"""`amplify-vep soak`: thousands of mixed requests, every answer checked, memory held against its start."""

import http.client
import json
import random
import subprocess
import time
import urllib.error
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from amplify_vep.alphabet import AMINO_ACIDS
from amplify_vep.bench.server import Server, running_server

CLIENTS = 16
_WARM_UP = 0.2
_GROWTH = 1.25
_ALLOWANCE = 64 << 20
_PATIENCE_S = 0.05


@dataclass
class Report:
    """What a soak saw.

    Attributes:
        answers: how many of each kind: status codes, `dropped` for those that the client left.
        faults: answers that were wrong, at most some.
        memory: resident bytes of all the server's processes, after warm-up and at the end.
        seconds: it took.

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
    """Sends a mix of good, bad, long and abandoned requests from 16 clients.

    Args:
        folder: of the model.
        requests: to send.
        limit_s: seconds after which no more are sent.
        seed: of the mix.

    """
    report = Report()
    started = time.monotonic()
    with running_server(folder, AMPLIFY_TUNING_S="0") as server, ThreadPoolExecutor(CLIENTS) as pool:

        def send(number: int) -> None:
            if time.monotonic() - started < limit_s:
                _one_of(random.Random(seed * requests + number))(server, report)  # noqa: S311 - a mix, no secret

        warm = int(requests * _WARM_UP)
        list(pool.map(send, range(warm)))
        before = _resident(server)
        list(pool.map(send, range(warm, requests)))
        report.memory = (before, _resident(server))
    report.seconds = round(time.monotonic() - started, 1)
    return report


def _one_of(dice: random.Random) -> Callable[[Server, Report], None]:
    kind = dice.choices([_good, _bad, _abandoned], [80, 15, 5])[0]
    return lambda server, report: kind(server, report, dice)


def _protein(dice: random.Random) -> str:
    length = dice.choice([1, 5, 20, 20, 60, 60, 200])
    return "".join(dice.choices(AMINO_ACIDS, k=length))


def _good(server: Server, report: Report, dice: random.Random) -> None:
    sequence = _protein(dice)
    scoring = dice.choice(["masked-marginals", "wt-marginals"])
    variant = f"{sequence[-1]}{len(sequence)}A"
    try:
        result = server.score(sequence=sequence, scoring=scoring, variants=[variant])
    except (urllib.error.URLError, ConnectionError) as error:
        report.faults.append(f"good request refused: {error}")
        return
    if result["sequence"] != sequence or result["scoring"] != scoring or len(result["variants"]) != 1:
        report.faults.append("an answer belongs to another request")
    report.answers["200"] += 1


def _bad(server: Server, report: Report, dice: random.Random) -> None:
    body: dict[str, object] = dice.choice(
        [{"sequence": "MKX"}, {"sequence": ""}, {"variants": "K2A"}, {"sequence": "MK", "joint": 3}]
    )
    try:
        server.score(**body)
        report.faults.append(f"bad request was scored: {json.dumps(body)}")
    except urllib.error.HTTPError as error:
        report.answers[str(error.code)] += 1
        if error.code != http.client.BAD_REQUEST or "error_code" not in json.load(error):
            report.faults.append(f"bad request got {error.code}: {json.dumps(body)}")


def _abandoned(server: Server, report: Report, dice: random.Random) -> None:
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=_PATIENCE_S)
    try:
        connection.request("POST", "/invocations", _protein(dice) * 5, {"Content-Type": "text/plain"})
        connection.getresponse()
    except (TimeoutError, ConnectionError):
        report.answers["dropped"] += 1
    finally:
        connection.close()


def _resident(server: Server) -> int:
    """Resident bytes of the server's processes."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=True)  # noqa: S607
    rows = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    family = {server.process.pid, *(pid for pid, parent, _ in rows if parent == server.process.pid)}
    return sum(rss for pid, _, rss in rows if pid in family) * 1024
