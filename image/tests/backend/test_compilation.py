"""A compiled model is kept only if it works, is accurate and faster; otherwise the result has the reason."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from amplify_vep.backend.batch_size import BatchPolicy
from amplify_vep.backend.compilation import Compiler, choose_compiled
from amplify_vep.backend.compiled import Compilation, CompiledStep
from amplify_vep.backend.engine import TorchEngine
from amplify_vep.backend.gate import EXACT_DIFFERENCE, reference_llr
from amplify_vep.backend.linear import PACKED, PLAIN, packing_available
from amplify_vep.backend.model import Block, FusedModel, Step
from amplify_vep.backend.precision import GATE_COLUMNS
from amplify_vep.backend.reference import ReferenceModel
from amplify_vep.checkpoint.config import ModelConfig
from amplify_vep.checkpoint.weights import load_state
from amplify_vep.errors import ErrorCode, ModelError
from amplify_vep.scorer import Scorer
from tests.support.proteins import DEMO, random_protein

Build = Callable[[], FusedModel]


@pytest.fixture(scope="module")
def expected(reference: ReferenceModel) -> NDArray[np.float64]:
    return reference_llr(reference, GATE_COLUMNS)


@pytest.fixture
def build(checkpoint: Path, config: ModelConfig) -> Build:
    return lambda: FusedModel(load_state(checkpoint, config), config, "cpu", torch.float32, PLAIN)


def same(step: Step, device: str) -> Step:
    """Returns the function without compilation."""
    return step


def broken(step: Step, device: str) -> Step:
    raise RuntimeError("No working C++ compiler found\nand a long trace")


def broken_when_called(step: Step, device: str) -> Step:
    def fail(block: Block, x: torch.Tensor, rotary: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("No working C++ compiler found\nand a long trace")

    return fail


def rough(step: Step, device: str) -> Step:
    return lambda block, x, rotary: step(block, x, rotary).bfloat16().float()


def heatmap(result: dict[str, Any]) -> NDArray[np.float64]:
    return np.array(result["heatmap"], float)


@pytest.mark.skipif(not (shutil.which("g++") or shutil.which("clang++")), reason="needs a C++ compiler")
def test_a_compiled_model_scores_as_the_eager_one(checkpoint: Path, scorer: Scorer) -> None:
    found = Scorer.load(checkpoint, dtype="float32", device="cpu", compiling="on")
    graphs = torch._dynamo.utils.counters["stats"]["unique_graphs"]

    for sequence in (DEMO, "M", random_protein(7), random_protein(301)[:300]):
        result, eager = (one.score(sequence, positions="1") for one in (found, scorer))
        np.testing.assert_allclose(heatmap(result), heatmap(eager), atol=EXACT_DIFFERENCE)
        assert result["model"]["compiled"] is True
        assert eager["model"]["compiled"] is False
        assert "not_compiled_because" not in result["model"] | eager["model"]

    assert found.gate is not None and found.gate["max_difference"] <= EXACT_DIFFERENCE
    assert found.facts()["compile_s"] > 0
    # The warm-up compiled for one copy and for several: other lengths and batches are not compiled again.
    found.score(random_protein(40))
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == graphs > 0


@pytest.mark.parametrize("compiler", [broken, broken_when_called])
def test_a_model_that_does_not_compile_runs_eagerly_with_a_reason(
    build: Build, expected: NDArray[np.float64], compiler: Compiler, caplog: pytest.LogCaptureFixture
) -> None:
    eager = build()

    kept, compilation = choose_compiled(eager, build, lambda: expected, "on", compiler)

    reason = "RuntimeError: No working C++ compiler found"
    assert kept is eager
    assert compilation.to_json() == {"compiled": False, "not_compiled_because": reason}
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert reason in caplog.text


def test_a_result_has_the_reason_of_a_failed_compilation(
    checkpoint: Path, scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object, **more: object) -> None:
        raise RuntimeError("unsupported")

    monkeypatch.setattr(torch, "compile", fail)

    result = Scorer.load(checkpoint, dtype="float32", device="cpu", compiling="on").score(DEMO)

    assert result["model"]["compiled"] is False
    assert result["model"]["not_compiled_because"] == "RuntimeError: unsupported"
    np.testing.assert_allclose(heatmap(result), heatmap(scorer.score(DEMO)), atol=EXACT_DIFFERENCE)


def test_an_unfaithful_compiled_model_is_refused(build: Build, expected: NDArray[np.float64]) -> None:
    eager = build()

    kept, compilation = choose_compiled(eager, build, lambda: expected, "on", rough)

    assert kept is eager
    assert compilation.compiled is False
    assert compilation.reason.startswith("the compiled model fails the fidelity gate (Spearman ")
    assert compilation.gate is not None and compilation.gate.max_difference > EXACT_DIFFERENCE


@pytest.mark.parametrize("case", [("auto", 1.1, True), ("auto", 1.09, False), ("on", 0.5, True)])
def test_auto_keeps_what_gains_ten_per_cent(
    build: Build,
    expected: NDArray[np.float64],
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[str, float, bool],
) -> None:
    wanted, eager_s, kept = case
    eager = build()
    monkeypatch.setattr(
        "amplify_vep.backend.compilation.times_of_a_batch",
        lambda models: [eager_s if model is eager else 1.0 for model in models],
    )

    model, compilation = choose_compiled(eager, build, lambda: expected, wanted, same)

    assert (model is not eager, compilation.compiled) == (kept, kept)
    assert compilation.gain == pytest.approx(eager_s)
    assert compilation.reason == ("" if kept else "the gain is too small (1.09 times as fast, 1.1 required)")


def test_nothing_is_compiled_unasked(build: Build, scorer: Scorer) -> None:
    eager = build()

    def refuse(*given: object) -> Any:
        pytest.fail("compiled")

    kept, compilation = choose_compiled(eager, refuse, refuse, "off", refuse)

    assert kept is eager
    assert compilation.to_json() == {"compiled": False}
    assert scorer.facts()["compile_s"] is None


def test_compiled_products_are_plain(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "compile", lambda step, **options: same(step, "cpu"))
    times = "amplify_vep.backend.precision.times_of_a_batch"
    monkeypatch.setattr(times, lambda models: [float(model.kernel == PLAIN) for model in models])

    eager, found = (Scorer.load(checkpoint, "float32", "cpu", compiling=wanted) for wanted in ("off", "on"))

    assert eager.engine.model.kernel == (PACKED if packing_available("cpu", torch.float32) else PLAIN)
    assert found.engine.model.kernel == PLAIN
    assert found.compilation.compiled


class Fragile:
    """A compiled block that raises the given error, if there is one."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.error: Exception | None = None
        self.calls = 0

    def __call__(self, block: Block, x: torch.Tensor, rotary: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        if self.error is not None and len(x) > 1:
            raise self.error
        return self.step(block, x, rotary)


@pytest.fixture
def fragile(build: Build, scorer: Scorer) -> tuple[Fragile, Scorer]:
    model, compilation = build(), Compilation(compiled=True)
    block = Fragile(model.step)
    model.step = CompiledStep(model, block, compilation)
    engine = TorchEngine(model, BatchPolicy(), lambda: model)
    return block, Scorer(engine, scorer.identity, "float32", None, compilation)


def test_a_block_that_fails_later_gives_way_for_good(fragile: tuple[Fragile, Scorer], scorer: Scorer) -> None:
    block, found = fragile
    before = found.score(DEMO)["model"]
    block.error, block.calls = RuntimeError("recompiled too often"), 0

    after = found.score(DEMO)

    assert (before["compiled"], after["model"]["compiled"]) == (True, False)
    assert after["model"]["not_compiled_because"] == "RuntimeError: recompiled too often"
    assert block.calls == 1
    np.testing.assert_allclose(heatmap(after), heatmap(scorer.score(DEMO)), atol=EXACT_DIFFERENCE)


def test_running_out_of_memory_is_no_fault_of_the_compiler(fragile: tuple[Fragile, Scorer]) -> None:
    block, found = fragile
    block.error = torch.OutOfMemoryError("CUDA out of memory")

    result = found.score(DEMO)

    assert result["model"]["compiled"] is True
    assert result["timing"]["oom_retries"] > 0


def test_graphs_are_recorded_for_so_many_shapes_only(build: Build) -> None:
    model = build()
    block = Fragile(model.step)
    step = CompiledStep(model, block, Compilation(compiled=True), most_shapes=2)
    width, half = model.config.hidden_size, model.config.head_size // 2

    def passes(copies: int) -> int:
        before = block.calls
        step(model.blocks[0], torch.ones(copies, 5, width), torch.ones(5, 1, 1, half, 2))
        return block.calls - before

    assert [passes(copies) for copies in (1, 2, 3, 1, 2, 3)] == [1, 1, 0, 1, 1, 0]


def test_an_unknown_mode_is_refused(checkpoint: Path) -> None:
    with pytest.raises(ModelError) as refused:
        Scorer.load(checkpoint, device="cpu", compiling="always")

    assert refused.value.code is ErrorCode.DEVICE_UNSUITABLE
    assert "'always'" in refused.value.message
