"""The plan of each kind of device, the gate's veto, and compiling."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from amplify_vep.backend import plan as module
from amplify_vep.backend import precision
from amplify_vep.backend.compilation import reason_of
from amplify_vep.backend.device import DTYPES
from amplify_vep.backend.gate import GATE_COLUMNS, GateReport, reference_llr
from amplify_vep.backend.linear import PLAIN
from amplify_vep.backend.model import Block, FusedModel, Step
from amplify_vep.backend.plan import Plan, plan_for, plans
from amplify_vep.backend.reference import ReferenceModel
from amplify_vep.checkpoint.config import ModelConfig
from amplify_vep.checkpoint.weights import load_state
from amplify_vep.errors import ErrorCode, ModelError
from amplify_vep.scorer import Scorer
from tests.support.proteins import DEMO


def flags(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cpu_flags", lambda: set(text.split()))


@pytest.mark.parametrize(
    ("cpu", "expected"),
    [
        ("fpu avx2 avx512f", [("float32", "split")]),
        ("fpu asimd bf16", [("float32", "split")]),
        ("avx512f avx512_bf16", [("bfloat16", "split"), ("float32", "split")]),
        ("avx512_bf16 amx_bf16", [("bfloat16", "fused"), ("float32", "split")]),
    ],
)
def test_a_cpu_has_the_plans_of_its_units(
    cpu: str, expected: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    flags(cpu, monkeypatch)

    assert [(plan.dtype, plan.attention) for plan in plans("cpu")] == expected
    assert {plan.batch_tokens for plan in plans("cpu")} == {2048}


@pytest.mark.parametrize(
    ("capability", "dtypes"), [((7, 5), ["float16", "float32"]), ((8, 9), ["float16", "bfloat16", "float32"])]
)
def test_a_gpu_prefers_float16(capability: tuple[int, int], dtypes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)

    assert plans("cuda:0") == [Plan(dtype, PLAIN, "fused", 16_384) for dtype in dtypes]


@pytest.fixture
def build(checkpoint: Path, config: ModelConfig) -> Callable[[Plan], FusedModel]:
    state = load_state(checkpoint, config)
    return lambda plan: FusedModel(state, config, "cpu", DTYPES[plan.dtype], PLAIN)


@pytest.mark.parametrize(("passes", "expected"), [(True, "bfloat16"), (False, "float32")])
def test_the_first_plan_that_passes_the_gate_is_chosen(
    build: Callable[[Plan], FusedModel],
    reference: ReferenceModel,
    monkeypatch: pytest.MonkeyPatch,
    passes: bool,
    expected: str,
) -> None:
    flags("avx512_bf16", monkeypatch)
    monkeypatch.setattr(precision, "check", lambda *given: GateReport(0.9995, 0.1, passes))

    choice = precision.choose(build, lambda: reference_llr(reference, GATE_COLUMNS), "cpu", "auto")

    assert (choice.plan, choice.model.dtype) == (plan_for("cpu", expected), DTYPES[expected])
    assert (choice.gate is None) == (expected == "float32")


def test_a_precision_that_is_asked_for_needs_no_gate(build: Callable[[Plan], FusedModel]) -> None:
    def unused() -> NDArray[np.float64]:
        raise AssertionError("compared without need")

    assert precision.choose(build, unused, "cpu", "float16").plan == plan_for("cpu", "float16")


def test_a_compiled_model_scores_the_same_and_says_so(
    checkpoint: Path, scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[bool] = []

    def compiled(step: Step, *, fullgraph: bool) -> Step:
        def run(block: Block, x: torch.Tensor, rotary: torch.Tensor) -> torch.Tensor:
            calls.append(fullgraph)
            return step(block, x, rotary)

        return run

    monkeypatch.setattr(torch, "compile", compiled)

    loaded = Scorer.load(checkpoint, dtype="float32", device="cpu", compiling="on")

    assert calls and all(calls)
    assert loaded.gate is not None and loaded.gate["passed"]
    result = loaded.score(DEMO)
    assert (result["model"]["compiled"], scorer.score(DEMO)["model"]["compiled"]) == (True, False)
    assert result["model"]["kernel"].startswith("plain products")


def test_torch_compiles_the_block(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = torch.compile

    def traced(step: Step, *, fullgraph: bool) -> Step:
        made: Step = plain(step, fullgraph=fullgraph, backend="aot_eager")
        return made

    monkeypatch.setattr(torch, "compile", traced)

    assert Scorer.load(checkpoint, dtype="float32", device="cpu", compiling="on").gate is not None


@pytest.mark.parametrize(
    ("broken", "reason"), [(True, "RuntimeError: no compiler"), (False, "fails the fidelity gate in every precision")]
)
def test_a_model_that_does_not_compile_is_an_error(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch, broken: bool, reason: str
) -> None:
    def compiled(step: Step, **options: object) -> Step:
        def run(block: Block, x: torch.Tensor, rotary: torch.Tensor) -> torch.Tensor:
            if broken:
                raise RuntimeError("no compiler\nand more")
            return step(block, x, rotary) * 2

        return run

    monkeypatch.setattr(torch, "compile", compiled)

    with pytest.raises(ModelError) as refused:
        Scorer.load(checkpoint, dtype="auto", device="cpu", compiling="on")

    assert refused.value.code is ErrorCode.DEVICE_UNSUITABLE
    assert reason in refused.value.message


def test_an_unknown_mode_is_refused(checkpoint: Path) -> None:
    with pytest.raises(ModelError, match="'auto' is unknown; use off, on"):
        Scorer.load(checkpoint, compiling="auto")


def test_a_reason_is_one_short_line() -> None:
    assert reason_of(ValueError("a\nb")) == "ValueError: a"
    assert reason_of(ValueError()) == "ValueError: no message"
    assert len(reason_of(ValueError("x" * 999))) == 300
