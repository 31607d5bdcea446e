"""Throughput of several clients at once, compared with one client."""

import statistics
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from model_bench.figure import PAIRS, Figure
from model_bench.server import Server, running_server
from model_bench.speed import protein
from model_bench.timing import seconds

CLIENTS = (4, 16)
_RESIDUES = 48
_POSITIONS = "1-8"


def client_figures(folder: Path, shape: str) -> Iterator[Figure]:
    """Throughput of 4 and 16 clients, each with one open request, divided by the throughput of one client."""
    with running_server(folder) as server:
        for clients in CLIENTS:
            yield _figure(server, clients, shape)


def _figure(server: Server, clients: int, shape: str) -> Figure:
    sequence = protein(_RESIDUES)

    def ask() -> None:
        server.score(sequence=sequence, positions=_POSITIONS)

    def run(at_once: int) -> float:
        with ThreadPoolExecutor(at_once) as pool:
            return seconds(lambda: list(pool.map(lambda _: ask(), range(clients))))

    run(1), run(clients)
    ratio = statistics.median(run(1) / run(clients) for _ in range(PAIRS))
    return Figure(
        f"{clients} clients against one, {shape}, L = {_RESIDUES}, positions {_POSITIONS}: throughput", ratio, "x"
    )
