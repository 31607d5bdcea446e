"""Batches that do not fit into memory, overflow, and the choice of the precision."""

from collections.abc import Callable
from copy import copy
from pathlib import Path

import numpy as np
import pytest
import torch

from amplify_vep.backend import precision
from amplify_vep.backend.batch_size import BatchPolicy
from amplify_vep.backend.device import offered_dtypes
from amplify_vep.backend.engine import TorchEngine
from amplify_vep.backend.gate import GateReport
from amplify_vep.backend.linear import PLAIN
from amplify_vep.backend.model import FusedModel
from amplify_vep.backend.reference import ReferenceModel
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


def flags(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amplify_vep.backend.device._cpu_flags", lambda: set(text.split()))


def test_a_cpu_without_bf16_units_offers_float32_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    flags("fpu avx2 avx512f", monkeypatch)
    assert offered_dtypes("cpu") == ["float32"]

    flags("fpu avx512_bf16", monkeypatch)
    assert offered_dtypes("cpu") == ["bfloat16", "float32"]


@pytest.mark.parametrize(("capability", "dtypes"), [((7, 5), ["float16"]), ((8, 9), ["bfloat16", "float16"])])
def test_a_gpu_offers_what_it_has_units_for(
    capability: tuple[int, int], dtypes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)

    assert offered_dtypes("cuda:0") == [*dtypes, "float32"]


@pytest.mark.parametrize(
    ("passed", "bf16_s", "expected"),
    [(True, 0.5, "bfloat16"), (False, 0.5, "float32"), (True, 2.0, "float32")],
)
def test_the_fastest_precision_that_passes_the_gate_is_chosen(
    model: FusedModel, monkeypatch: pytest.MonkeyPatch, passed: bool, bf16_s: float, expected: str
) -> None:
    flags("avx512_bf16", monkeypatch)
    monkeypatch.setattr(precision, "packing_available", lambda device, dtype: False)
    times = {torch.bfloat16: bf16_s, torch.float32: 1.0}
    monkeypatch.setattr(precision, "times_of_a_batch", lambda models: [times[model.dtype] for model in models])
    monkeypatch.setattr(precision, "reference_llr", lambda model, columns: None)
    monkeypatch.setattr(precision, "check", lambda *arguments: GateReport(0.9995, 0.1, passed))

    def build(dtype: torch.dtype, kernel: str, blocks: int | None) -> FusedModel:
        built = copy(model)
        built.dtype = dtype
        return built

    choice = precision.choose(build, lambda: ReferenceModel(model.config), "cpu", "auto")

    assert choice.dtype == expected
    assert (choice.gate is None) == (expected == "float32")


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
