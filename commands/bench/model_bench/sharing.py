"""What it gains to share batches across requests, as the server does with those that are not full."""

import statistics
from collections.abc import Iterator

import numpy as np

from amplify_vep.backend.timing import seconds
from amplify_vep.protein.tokenizer import MASK, encode
from amplify_vep.scorer import Scorer
from amplify_vep.scoring.engine import Batch, Tokens
from amplify_vep.server.settings import Settings
from model_bench.figure import PAIRS, Figure
from model_bench.speed import protein


def sharing_figures(scorer: Scorer, shape: str, length: int = 64) -> Iterator[Figure]:
    """Copies per second of requests in shared batches and in batches of their own, and the first by the second.

    Measured where sharing gains most, with one position from each of as many requests as a worker alternates between,
    and for two whole proteins, whose batches are full but for the last.
    """
    size = scorer.engine.batch_size(length + 2)
    for number, what, copies in ((Settings.max_active, "one position each", 1), (2, "whole proteins", length)):
        requests = [masked_copies(length, copies, seed) for seed in range(number)]
        together, apart = rates(scorer, requests, size)
        name = f"{number} requests, {shape}, L = {length}, {what}"
        yield Figure(f"{name}: in shared batches", statistics.median(together), "1/s")
        yield Figure(f"{name}: in batches of their own", statistics.median(apart), "1/s")
        gain = statistics.median(shared / own for shared, own in zip(together, apart, strict=True))
        yield Figure(f"{name}: gain", gain, "x")


def masked_copies(length: int, copies: int, seed: int) -> Tokens:
    """So many copies of a protein, each masked at the next position, in turn; shape (copies, length + 2)."""
    tokens = np.repeat(encode(protein(length + seed)[:length])[None], copies, axis=0)
    places = np.arange(copies)
    tokens[places, places % length + 1] = MASK
    return tokens


def rates(scorer: Scorer, requests: list[Tokens], size: int) -> tuple[list[float], list[float]]:
    """Copies per second in alternating turns, after one to warm up: batches shared, and batches of one request each."""
    copies = sum(len(request) for request in requests)

    def run(rows: Tokens) -> None:
        for start in range(0, len(rows), size):
            batch = rows[start : start + size]
            reads = (batch == MASK).argmax(axis=1)[:, None]
            scorer.engine.run(Batch(batch, reads))

    def apart() -> None:
        for request in requests:
            run(request)

    shared = np.concatenate(requests)
    pairs = [(copies / seconds(lambda: run(shared)), copies / seconds(apart)) for _ in range(PAIRS + 1)]
    return [pair[0] for pair in pairs[1:]], [pair[1] for pair in pairs[1:]]
