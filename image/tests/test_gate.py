"""The gate lets faithful precision pass, and fails the faults that a plausible-looking model could have."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from amplify_vep.alphabet import ROW
from amplify_vep.backend import attention
from amplify_vep.backend.gate import (
    EXACT_DIFFERENCE,
    GATE_PROTEIN,
    MAX_DIFFERENCE,
    LogProbsOf,
    check,
    reference_llr,
    spearman,
)
from amplify_vep.backend.linear import PACKED, PLAIN, packing_available
from amplify_vep.backend.model import FusedModel
from amplify_vep.checkpoint import load_state
from amplify_vep.config import ModelConfig
from amplify_vep.reference import ReferenceModel
from amplify_vep.scoring.engine import LogProbs, Tokens
from amplify_vep.tokenizer import MASK, encode

COLUMNS = list(range(0, len(GATE_PROTEIN), 3))
CASES = [
    (dtype, kernel)
    for dtype in (torch.float32, torch.bfloat16, torch.float16)
    for kernel in (PLAIN, PACKED)
    if kernel == PLAIN or packing_available("cpu", dtype)
]


@pytest.fixture(scope="module")
def state(checkpoint: Path, config: ModelConfig) -> dict[str, torch.Tensor]:
    return load_state(checkpoint, config)


@pytest.fixture(scope="module")
def expected(reference: ReferenceModel) -> NDArray[np.float64]:
    return reference_llr(reference, COLUMNS)


@pytest.mark.parametrize(("dtype", "kernel"), CASES)
def test_every_precision_passes_with_every_kernel(
    state: dict[str, torch.Tensor],
    config: ModelConfig,
    expected: NDArray[np.float64],
    dtype: torch.dtype,
    kernel: str,
) -> None:
    model = FusedModel(state, config, "cpu", dtype, kernel)

    report = check(model.log_probs, expected, COLUMNS)

    assert report.passed, report
    assert (report.max_difference <= EXACT_DIFFERENCE) == (dtype == torch.float32)
    assert report.max_difference <= MAX_DIFFERENCE


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_both_ways_of_attention_pass(
    state: dict[str, torch.Tensor], config: ModelConfig, expected: NDArray[np.float64], dtype: torch.dtype
) -> None:
    model = FusedModel(state, config, "cpu", dtype, PLAIN)

    for way in (attention.fused, attention.split):
        model.attend = way
        assert check(model.log_probs, expected, COLUMNS).passed, way


def test_long_batches_hold_no_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    q, k = torch.rand(2, 3, 2, 4), torch.rand(2, 7, 2, 4)
    expected = attention.split(q, k, k)
    torch.testing.assert_close(attention.fused(q, k, k), expected)

    monkeypatch.setattr(attention, "_MOST_SCORES", 2 * 2 * 3 * 7 - 1)
    monkeypatch.setattr(torch, "bmm", lambda *given: pytest.fail("held scores"))

    torch.testing.assert_close(attention.split(q, k, k), expected)


def test_attention_is_split_only_where_that_is_clearly_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    times = {attention.fused: 1.0, attention.split: 0.7}
    monkeypatch.setattr(attention, "_seconds", lambda way, part: times[way])
    choose = attention.fastest_attention.__wrapped__

    assert choose("cpu", torch.bfloat16, 2, 4) is attention.split
    assert choose("cpu", torch.float32, 2, 4) is attention.fused
    assert choose("cuda:0", torch.bfloat16, 2, 4) is attention.fused
    times[attention.split] = 0.9
    assert choose("cpu", torch.bfloat16, 2, 4) is attention.fused


class HalfSplit(FusedModel):
    """Pairs (j, j + d/2) instead of (2j, 2j + 1)."""

    def _split_pairs(self, weight: torch.Tensor) -> torch.Tensor:
        return weight


class NoRotary(FusedModel):
    """No position at all."""

    def _rotary_tables(self, tokens: int) -> tuple[torch.Tensor, torch.Tensor]:
        cos, sin = super()._rotary_tables(tokens)
        return torch.ones_like(cos), torch.zeros_like(sin)


class ShiftedRotary(FusedModel):
    """Another angle for each pair."""

    def _rotary_tables(self, tokens: int) -> tuple[torch.Tensor, torch.Tensor]:
        cos, sin = super()._rotary_tables(tokens)
        return cos.flip(-1), sin.flip(-1)


def no_mask(log_probs: LogProbsOf) -> LogProbsOf:
    """Shows the wild type where it should be masked."""
    protein = encode(GATE_PROTEIN)
    return lambda tokens, reads: log_probs(np.where(tokens == MASK, protein, tokens), reads)


def accumulating(log_probs: LogProbsOf) -> LogProbsOf:
    """Keeps every earlier position masked."""
    seen: list[int] = []

    def faulty(tokens: Tokens, reads: Tokens) -> LogProbs:
        tokens = tokens.copy()
        for row, read in enumerate(reads[:, 0]):
            seen.append(int(read))
            tokens[row, seen] = MASK
        return log_probs(tokens, reads)

    return faulty


@pytest.mark.parametrize("fault", [HalfSplit, NoRotary, ShiftedRotary])
def test_fails_for_wrong_rotary_embeddings(
    state: dict[str, torch.Tensor], config: ModelConfig, expected: NDArray[np.float64], fault: type[FusedModel]
) -> None:
    model = fault(state, config, "cpu", torch.float32, PLAIN)

    report = check(model.log_probs, expected, COLUMNS)

    assert not report.passed
    assert report.spearman < 0.95


@pytest.mark.parametrize("fault", [no_mask, accumulating])
def test_fails_for_wrong_masks(
    state: dict[str, torch.Tensor],
    config: ModelConfig,
    expected: NDArray[np.float64],
    fault: Callable[[LogProbsOf], LogProbsOf],
) -> None:
    model = FusedModel(state, config, "cpu", torch.float32, PLAIN)

    report = check(fault(model.log_probs), expected, COLUMNS)

    assert not report.passed


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_fails_for_output_that_says_nothing(expected: NDArray[np.float64], value: float) -> None:
    report = check(lambda tokens, reads: np.full((*reads.shape, 20), value), expected, COLUMNS)

    assert not report.passed


def test_synthetic_checkpoints_spread_like_a_trained_model(expected: NDArray[np.float64]) -> None:
    changed = np.array([[ROW[GATE_PROTEIN[column]] != row for row in range(20)] for column in COLUMNS])

    assert 1.5 < expected[changed].std() < 4


def test_rank_correlation_of_known_vectors() -> None:
    values = np.array([0.1, 5.0, 2.0, 3.0])

    assert spearman(values, values**3) == pytest.approx(1)
    assert spearman(values, -values) == pytest.approx(-1)
    assert spearman(values, np.ones(4)) == 0
