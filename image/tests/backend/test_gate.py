"""The gate passes accurate precisions, and fails errors with which a model still looks plausible."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

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
from amplify_vep.backend.reference import ReferenceModel
from amplify_vep.checkpoint.config import ModelConfig
from amplify_vep.checkpoint.weights import load_state
from amplify_vep.protein.alphabet import ROW
from amplify_vep.protein.tokenizer import MASK, encode
from amplify_vep.scoring.engine import LogProbs, Tokens

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


@pytest.mark.parametrize("at_once", [1, 3 * 7, 2 * 3 * 7, 3 * 3 * 7, 1 << 20])
def test_scores_are_held_for_some_heads_at_a_time(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    q, k, v = torch.rand(2, 3, 2, 4), torch.rand(2, 7, 2, 4), torch.rand(2, 7, 2, 4)
    held: list[int] = []
    plain = torch.bmm

    def bmm(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        held.append(first.shape[0] * first.shape[1] * k.shape[1])
        return plain(first, second)

    monkeypatch.setattr(attention, "_SCORES_AT_ONCE", at_once)
    monkeypatch.setattr(torch, "bmm", bmm)

    torch.testing.assert_close(attention.split(q, k, v), attention.fused(q, k, v))
    assert max(held) <= max(at_once, 3 * 7)


class HalfSplit(FusedModel):
    """Pairs (j, j + d/2) instead of (2j, 2j + 1)."""

    def _rotate(self, x: torch.Tensor, rotary: torch.Tensor) -> torch.Tensor:  # type: ignore[override]
        paired = x.reshape(*x.shape[:-1], 2, -1).transpose(-1, -2).flatten(-2)
        return FusedModel._rotate(paired, rotary)


class NoRotary(FusedModel):
    """No rotation."""

    def _rotary_table(self, tokens: int) -> torch.Tensor:
        return torch.tensor([1.0, 0.0]).expand_as(super()._rotary_table(tokens)).contiguous()


class ShiftedRotary(FusedModel):
    """A wrong angle for each pair."""

    def _rotary_table(self, tokens: int) -> torch.Tensor:
        return super()._rotary_table(tokens).flip(-2)


def no_mask(log_probs: LogProbsOf) -> LogProbsOf:
    """Leaves the wild type unmasked."""
    protein = encode(GATE_PROTEIN)
    return lambda tokens, reads: log_probs(np.where(tokens == MASK, protein, tokens), reads)


def accumulating(log_probs: LogProbsOf) -> LogProbsOf:
    """Keeps all earlier positions masked."""
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


@pytest.mark.parametrize("wrong_size", [1, 3, len(COLUMNS)])
def test_fails_for_an_error_in_one_batch_size(
    state: dict[str, torch.Tensor], config: ModelConfig, expected: NDArray[np.float64], wrong_size: int
) -> None:
    model = FusedModel(state, config, "cpu", torch.float32, PLAIN)

    def faulty(tokens: Tokens, reads: Tokens) -> LogProbs:
        values = model.log_probs(tokens, reads)
        return values[..., ::-1] if len(tokens) == wrong_size else values

    assert not check(faulty, expected, COLUMNS).passed


def test_is_passed_in_few_batches(
    state: dict[str, torch.Tensor], config: ModelConfig, expected: NDArray[np.float64]
) -> None:
    model = FusedModel(state, config, "cpu", torch.float32, PLAIN)
    sizes: list[int] = []

    def counted(tokens: Tokens, reads: Tokens) -> LogProbs:
        sizes.append(len(tokens))
        return model.log_probs(tokens, reads)

    assert check(counted, expected, COLUMNS).passed
    assert sizes == [1, 1, 1, 1, 3, 3, 3, 3, 3, 3, len(COLUMNS)]


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_fails_for_constant_output(expected: NDArray[np.float64], value: float) -> None:
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
