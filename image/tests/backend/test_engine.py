"""Batches that do not fit into memory, and overflow."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from amplify_vep.backend.batch_size import BatchPolicy
from amplify_vep.backend.engine import MOST_OVERFLOWS, TorchEngine
from amplify_vep.backend.linear import PLAIN
from amplify_vep.backend.model import FusedModel
from amplify_vep.checkpoint.config import ModelConfig
from amplify_vep.checkpoint.weights import load_state
from amplify_vep.errors import ErrorCode, ModelError, ScoringError
from amplify_vep.scorer import Scorer
from amplify_vep.scoring.engine import Batch, LogProbs, Tokens
from tests.support.proteins import DEMO

ONE_COPY = Batch(np.full((1, 7), 6), np.ones((1, 1), dtype=np.int64))
LogProbsOf = Callable[[FusedModel, Tokens, Tokens], LogProbs]


@pytest.fixture
def model(checkpoint: Path, config: ModelConfig) -> FusedModel:
    return FusedModel(load_state(checkpoint, config), config, "cpu", torch.float32, PLAIN)


@pytest.fixture
def limited(scorer: Scorer, model: FusedModel, monkeypatch: pytest.MonkeyPatch) -> Scorer:
    """A scorer whose device runs out of memory with more than five copies."""
    plain = FusedModel.log_probs

    def log_probs(self: FusedModel, tokens: Tokens, reads: Tokens) -> LogProbs:
        if len(tokens) > 5:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return plain(self, tokens, reads)

    monkeypatch.setattr(FusedModel, "log_probs", log_probs)
    engine = TorchEngine(model, BatchPolicy(tokens=2000), lambda: model)
    return Scorer(engine, scorer.identity, "float32", None)


def test_a_batch_that_does_not_fit_is_halved_and_the_size_remembered(limited: Scorer, scorer: Scorer) -> None:
    first = limited.score(DEMO)
    second = limited.score(DEMO)

    np.testing.assert_allclose(
        np.array(first["heatmap"], float), np.array(scorer.score(DEMO)["heatmap"], float), atol=1e-4
    )
    assert first["timing"]["oom_retries"] > 0
    assert second["timing"]["oom_retries"] == 0
    assert second["timing"]["batch_size"] <= 5


def test_one_copy_that_does_not_fit_is_an_error(model: FusedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    def log_probs(self: FusedModel, tokens: Tokens, reads: Tokens) -> LogProbs:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(FusedModel, "log_probs", log_probs)
    engine = TorchEngine(model, BatchPolicy(), lambda: model)

    with pytest.raises(ScoringError) as failed:
        engine.run(ONE_COPY)

    assert failed.value.code is ErrorCode.OUT_OF_MEMORY
    assert "5 residues" in failed.value.message


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:129] . DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        MemoryError(),
    ],
)
def test_one_copy_is_tried_again_when_memory_is_released(
    model: FusedModel, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    plain, errors = FusedModel.log_probs, [error]

    def log_probs(self: FusedModel, tokens: Tokens, reads: Tokens) -> LogProbs:
        if errors:
            raise errors.pop()
        return plain(self, tokens, reads)

    monkeypatch.setattr(FusedModel, "log_probs", log_probs)

    passed = TorchEngine(model, BatchPolicy(), lambda: model).run(ONE_COPY)

    assert np.isfinite(passed.log_probs).all()
    assert passed.oom_retries == 1


def test_what_was_learned_of_memory_holds_for_batches_made_before(
    model: FusedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, sizes = FusedModel.log_probs, list[int]()

    def log_probs(self: FusedModel, tokens: Tokens, reads: Tokens) -> LogProbs:
        sizes.append(len(tokens))
        if len(tokens) > 4:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return plain(self, tokens, reads)

    monkeypatch.setattr(FusedModel, "log_probs", log_probs)
    engine = TorchEngine(model, BatchPolicy(), lambda: model)
    batch = Batch(np.full((17, 7), 6), np.ones((17, 1), dtype=np.int64))

    first, second = engine.run(batch), engine.run(batch)

    assert sizes == [17, 8, 4, 4, 4, 4, 1, 4, 4, 4, 4, 1]
    assert (first.oom_retries, second.oom_retries) == (2, 0)
    np.testing.assert_array_equal(first.log_probs, second.log_probs)


def test_other_faults_are_no_lack_of_memory(model: FusedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    def log_probs(self: FusedModel, tokens: Tokens, reads: Tokens) -> LogProbs:
        raise RuntimeError("shapes do not fit")

    monkeypatch.setattr(FusedModel, "log_probs", log_probs)

    with pytest.raises(RuntimeError, match="shapes"):
        TorchEngine(model, BatchPolicy(), lambda: model).run(ONE_COPY)


class OverflowingIn(FusedModel):
    """Overflows in the copies that begin with a token, and counts its batches."""

    token = 7
    batches = 0

    def log_probs(self, tokens: Tokens, reads: Tokens) -> LogProbs:
        self.batches += 1
        values = super().log_probs(tokens, reads)
        values[tokens[:, 0] == self.token] = np.nan
        return values


def test_an_overflow_changes_no_other_copy_of_its_batch(
    checkpoint: Path, config: ModelConfig, model: FusedModel
) -> None:
    state = load_state(checkpoint, config)
    overflowing = OverflowingIn(state, config, "cpu", torch.bfloat16, PLAIN)
    tokens, reads = np.full((3, 7), 6), np.ones((3, 1), dtype=np.int64)
    tokens[1, 0] = OverflowingIn.token

    passed = TorchEngine(overflowing, BatchPolicy(), lambda: model).run(Batch(tokens, reads))

    others = FusedModel(state, config, "cpu", torch.bfloat16, PLAIN).log_probs(tokens[::2], reads[::2])
    np.testing.assert_array_equal(passed.log_probs[::2], others)
    np.testing.assert_array_equal(passed.log_probs[[1]], model.log_probs(tokens[[1]], reads[[1]]))
    assert passed.float32_recomputes == 1


def test_a_model_that_always_overflows_is_soon_computed_only_in_float32(
    checkpoint: Path, config: ModelConfig, model: FusedModel, scorer: Scorer
) -> None:
    overflowing = OverflowingIn(load_state(checkpoint, config), config, "cpu", torch.bfloat16, PLAIN)
    engine = TorchEngine(overflowing, BatchPolicy(), lambda: model)
    bad = Batch(np.full((1, 7), OverflowingIn.token), np.ones((1, 1), dtype=np.int64))
    for batch in [bad] * (MOST_OVERFLOWS - 1) + [ONE_COPY] + [bad] * (MOST_OVERFLOWS - 1):
        engine.run(batch)
    assert not engine.always_exact

    recomputes = [engine.run(bad).float32_recomputes for _ in range(3)]

    assert recomputes == [1, 0, 0]
    assert overflowing.batches == 2 * MOST_OVERFLOWS
    result = Scorer(engine, scorer.identity, "bfloat16", None).score(DEMO)
    assert result["model"]["dtype"] == "float32"
    assert overflowing.batches == 2 * MOST_OVERFLOWS


class Overflowing(FusedModel):
    """Overflows in its precision."""

    def log_probs(self, tokens: Tokens, reads: Tokens) -> LogProbs:
        return np.full((*reads.shape, 20), np.inf)


def test_a_batch_that_overflows_is_computed_again_in_float32(
    checkpoint: Path, config: ModelConfig, model: FusedModel, scorer: Scorer
) -> None:
    overflowing = Overflowing(load_state(checkpoint, config), config, "cpu", torch.float16, PLAIN)
    loaded: list[FusedModel] = []

    def exact() -> FusedModel:
        loaded.append(model)
        return model

    result = Scorer(TorchEngine(overflowing, BatchPolicy(), exact), scorer.identity, "float16", None).score(DEMO)

    assert result["timing"]["float32_recomputes"] == result["timing"]["batches"] > 1
    assert len(loaded) == 1
    found, expected = (np.array(one["heatmap"], float) for one in (result, scorer.score(DEMO)))
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_memory_that_float32_lacks_shrinks_no_other_batch(
    checkpoint: Path, config: ModelConfig, model: FusedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    overflowing = Overflowing(load_state(checkpoint, config), config, "cpu", torch.float16, PLAIN)
    plain, sizes = model.log_probs, list[int]()

    def log_probs(tokens: Tokens, reads: Tokens) -> LogProbs:
        sizes.append(len(tokens))
        if len(tokens) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return plain(tokens, reads)

    def exact() -> FusedModel:
        if not sizes:
            sizes.append(0)
            raise torch.OutOfMemoryError("CUDA out of memory")
        return model

    monkeypatch.setattr(model, "log_probs", log_probs)
    engine = TorchEngine(overflowing, BatchPolicy(), exact)
    batch = Batch(np.full((3, 7), 6), np.ones((3, 1), dtype=np.int64))

    first, second = engine.run(batch), engine.run(batch)

    assert sizes == [0, 1, 1, 1, 3, 1, 1, 1]
    assert engine.policy.limits == {}
    assert (first.float32_recomputes, first.oom_retries, second.oom_retries) == (1, 1, 1)
    np.testing.assert_array_equal(first.log_probs, second.log_probs)


def test_a_model_that_overflows_in_float32_is_an_error(checkpoint: Path, config: ModelConfig, scorer: Scorer) -> None:
    broken = Overflowing(load_state(checkpoint, config), config, "cpu", torch.float32, PLAIN)

    with pytest.raises(ScoringError) as failed:
        Scorer(TorchEngine(broken, BatchPolicy(), lambda: broken), scorer.identity, "float32", None).score("MK")

    assert failed.value.code is ErrorCode.NON_FINITE_SCORE


def test_an_unknown_precision_or_device_is_refused(checkpoint: Path) -> None:
    for dtype, device in (("int8", "cpu"), ("auto", "cuda:77"), ("auto", "abacus")):
        with pytest.raises(ModelError) as refused:
            Scorer.load(checkpoint, dtype=dtype, device=device)
        assert refused.value.code is ErrorCode.DEVICE_UNSUITABLE


def test_float32_is_ieee_float32(checkpoint: Path) -> None:
    torch.set_float32_matmul_precision("medium")

    Scorer.load(checkpoint, dtype="float32", device="cpu")

    assert torch.get_float32_matmul_precision() == "highest"
    assert not torch.backends.cuda.matmul.allow_tf32
