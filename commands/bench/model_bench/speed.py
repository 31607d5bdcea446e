"""Speed of the engine, compared with the naive float32 loop and with its own matrix products alone."""

import statistics
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import torch

from amplify_vep.backend.model import FusedModel
from amplify_vep.backend.reference import ReferenceModel, naive_masked_marginals
from amplify_vep.scorer import Scorer
from amplify_vep.scoring.request import ScoreRequest, Scoring
from model_bench.figure import Figure, at_least, at_most, median_ratio
from model_bench.timing import best_seconds, seconds

NAIVE_TOKENS = 512
"""Tokens in one turn of the naive loop: a few copies of a short protein, or one copy of a long one."""

SHARE_ROUNDS = 11

MIN_SHARE = {"cpu": 0.45, "cuda": 0.7}
MIN_SHARE_COMPILED = {"cpu": 0.6, "cuda": 0.7}


def protein(length: int) -> str:
    """A random protein with `length` residues, the same at every call."""
    return "".join(np.random.default_rng(length).choice(list("ACDEFGHIKLMNPQRSTVWY"), length))


def speed_up(scorer: Scorer, reference: ReferenceModel, length: int) -> tuple[float, float]:
    """Speed-up of masked-marginals per copy over the naive loop, and copies per second of the engine.

    Both score positions of one protein with the same weights and threads. The engine scores two full batches.
    """
    sequence = protein(length)
    copies = min(length, 2 * scorer.engine.batch_size(length + 2))
    request = ScoreRequest(sequence, columns=tuple(range(copies)))
    times: list[float] = []

    def fast() -> None:
        times.append(seconds(lambda: scorer.score_request(request)))

    naive_columns = list(range(max(1, NAIVE_TOKENS // (length + 2))))
    ratio = median_ratio(lambda: naive_masked_marginals(reference, sequence, naive_columns), fast)
    return ratio * copies / len(naive_columns), copies / statistics.median(times[1:])


def speed_figures(scorer: Scorer, reference: ReferenceModel, shape: str, goals: dict[int, float]) -> Iterator[Figure]:
    """Speed-up and copies per second at each length of `goals` (residues to smallest speed-up)."""
    for length, goal in goals.items():
        ratio, rate = speed_up(scorer, reference, length)
        name = f"masked-marginals, {shape}, L = {length}"
        yield at_least(f"{name}: speed-up over the naive float32 loop", ratio, "x", goal)
        yield Figure(f"{name}: copies per second", rate, "1/s")


def wt_figure(scorer: Scorer, shape: str, length: int = 256) -> Figure:
    """Time of wt-marginals, in units of one batched masked copy."""
    sequence = protein(length)
    copies = scorer.engine.batch_size(length + 2)
    masked = ScoreRequest(sequence, columns=tuple(range(copies)))
    wild_type = ScoreRequest(sequence, scoring=Scoring.WT_MARGINALS)
    ratio = median_ratio(lambda: scorer.score_request(wild_type), lambda: scorer.score_request(masked))
    return at_most(f"wt-marginals, {shape}, L = {length}: in batched copies", ratio * copies, "copies", 2)


def share_figure(scorer: Scorer, shape: str, length: int = 256) -> Figure:
    """Share of the attainable compute: best time of the products alone, divided by that of the forward pass."""
    model = scorer.engine.model
    copies = scorer.engine.batch_size(length + 2)
    tokens = torch.randint(6, 26, (copies, length + 2), device=model.device)
    reads = torch.ones((copies, 1), dtype=torch.int64, device=model.device)
    ways = _attention_products(model, copies, length + 2)
    runs = [lambda: model.forward(tokens, reads), *_linear_products(model, copies, length + 2), *ways]
    forward, *products = best_seconds([partial(_synchronised, run, model.device) for run in runs], SHARE_ROUNDS)
    attainable = sum(products[: -len(ways)]) + min(products[-len(ways) :])
    goals = MIN_SHARE_COMPILED if scorer.compiled else MIN_SHARE
    goal = goals[model.device.split(":")[0]]
    return at_least(
        f"share of attainable compute, {shape}, L = {length}, {copies} copies", attainable / forward, "", goal
    )


def _linear_products(model: FusedModel, copies: int, tokens: int) -> list[Callable[[], None]]:
    """One function per type of product. Each uses the weights of every block; the last block has only the reads."""
    wide, inner = (
        _operand(model, copies, tokens, size) for size in (model.config.hidden_size, model.config.inner_size)
    )
    one, one_inner = wide[:, :1].contiguous(), inner[:, :1].contiguous()
    *blocks, last = model.blocks

    @torch.inference_mode()
    def run(kind: str, x: torch.Tensor, x_last: torch.Tensor) -> None:
        for block in blocks:
            getattr(block, kind)(x)
        getattr(last, kind)(x_last)

    return [
        lambda: run("qkv", wide, wide),
        lambda: run("wo", wide, one),
        lambda: run("gated", wide, one),
        lambda: run("w3", inner, one_inner),
    ]


def _attention_products(model: FusedModel, copies: int, tokens: int) -> list[Callable[[], None]]:
    """The model's attention in every block, and its two products alone; the faster one counts."""
    config = model.config
    heads = _operand(model, copies, tokens, config.hidden_size).view(copies, tokens, -1, config.head_size)
    by_head = heads.transpose(1, 2).reshape(-1, tokens, config.head_size)
    scores = torch.bmm(by_head, by_head.transpose(1, 2))
    queries = [tokens] * (config.num_hidden_layers - 1) + [1]

    @torch.inference_mode()
    def own() -> None:
        for places in queries:
            model.attend(heads[:, :places], heads, heads)

    @torch.inference_mode()
    def products() -> None:
        for places in queries:
            torch.bmm(by_head[:, :places], by_head.transpose(1, 2))
            torch.bmm(scores[:, :places], by_head)

    return [own, products]


def _operand(model: FusedModel, copies: int, places: int, width: int) -> torch.Tensor:
    return torch.randn(copies, places, width, device=model.device).to(model.dtype)


def _synchronised(run: Callable[[], object], device: str) -> None:
    run()
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
