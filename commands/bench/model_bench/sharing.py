"""The gain of sharing batches between requests, as the server does with batches that are not full."""

import statistics
from collections.abc import Iterator

import numpy as np

from amplify_vep.protein.tokenizer import MASK, encode
from amplify_vep.scorer import Scorer
from amplify_vep.scoring.engine import Batch, Tokens
from amplify_vep.server.settings import Settings
from model_bench.figure import PAIRS, Figure
from model_bench.speed import protein
from model_bench.timing import seconds


def sharing_figures(scorer: Scorer, shape: str, length: int = 64) -> Iterator[Figure]:
    """Copies per second in shared batches and in separate batches, and their ratio.

    The gain is largest for one position each from as many requests as a worker alternates between. It is also measured
    for two whole proteins, where only the last batch is not full.
    """
    size = scorer.engine.batch_size(length + 2)
    for number, what, copies in ((Settings.max_active, "one position each", 1), (2, "whole proteins", length)):
        requests = [masked_copies(length, copies, seed) for seed in range(number)]
        together, apart = rates(scorer, requests, size)
        name = f"{number} requests, {shape}, L = {length}, {what}"
        yield Figure(f"{name}: in shared batches", statistics.median(together), "1/s")
        yield Figure(f"{name}: in separate batches", statistics.median(apart), "1/s")
        gain = statistics.median(shared / own for shared, own in zip(together, apart, strict=True))
        yield Figure(f"{name}: gain", gain, "x")


def masked_copies(length: int, copies: int, seed: int) -> Tokens:
    """Copies of a protein, each masked at the next position; shape (copies, length + 2)."""
    tokens = np.repeat(encode(protein(length + seed)[:length])[None], copies, axis=0)
    places = np.arange(copies)
    tokens[places, places % length + 1] = MASK
    return tokens


def rates(scorer: Scorer, requests: list[Tokens], size: int) -> tuple[list[float], list[float]]:
    """Copies per second of shared and of separate batches, in alternating pairs after one to warm up."""
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
