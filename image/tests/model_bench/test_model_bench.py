"""The figures are computed as described, and the soak test finds wrong responses."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from amplify_vep.backend.model import Step
from amplify_vep.backend.reference import ReferenceModel
from amplify_vep.protein.tokenizer import MASK
from amplify_vep.scorer import Scorer
from amplify_vep.scoring.engine import Batch, Passed, Tokens
from amplify_vep.scoring.request import Scoring
from model_bench import run, sharing, speed
from model_bench.__main__ import main
from model_bench.figure import PAIRS, Figure, at_least, at_most, median_ratio
from model_bench.soak import Report, _Truth


def test_a_goal_holds_or_does_not() -> None:
    assert at_least("a", 3.0, "x", 3).to_json() == {
        "name": "a", "value": 3.0, "unit": "x", "goal": ">= 3", "holds": True,
    }  # fmt: skip
    assert at_least("a", 2.99, "x", 3).holds is False
    assert (at_most("a", 2.0, "x", 2).holds, at_most("a", 2.01, "x", 2).holds) == (True, False)
    assert Figure("a", 1.23456, "s").to_json()["value"] == 1.235


def test_pairs_alternate_and_the_median_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    clock = 0.0

    def takes(name: str, durations: list[float]) -> None:
        nonlocal clock
        order.append(name)
        clock += durations.pop(0)

    slow, fast = [9.0, 2.0, 4.0, 60.0], [9.0, 1.0, 1.0, 1.0]
    monkeypatch.setattr("model_bench.timing.time.perf_counter", lambda: clock)

    ratio = median_ratio(lambda: takes("slow", slow), lambda: takes("fast", fast), pairs=3)

    assert ratio == pytest.approx(4.0)
    assert order == ["slow", "fast"] * 4


def test_speed_up_is_per_copy(scorer: Scorer, reference: ReferenceModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "median_ratio", lambda slow, fast: (slow(), fast(), fast(), 2.0)[-1])

    ratio, rate = speed.speed_up(scorer, reference, 64)

    assert ratio == pytest.approx(2.0 * 2 * scorer.engine.batch_size(66) / (speed.NAIVE_TOKENS // 66))
    assert rate > 0


def test_the_share_is_of_the_forward_passs_own_products(scorer: Scorer) -> None:
    share = speed.share_figure(scorer, "tiny", length=32)

    assert share.value > 0
    assert share.goal == ">= 0.45"


def test_the_basic_figures_are_written_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(speed, "median_ratio", lambda slow, fast: (slow(), fast(), fast(), 2.0)[-1])

    code = main(["bench", "--shape", "tiny", "--dtype", "float32", "--json", str(tmp_path / "new/figures.json")])

    assert code == 0
    written = json.loads((tmp_path / "new/figures.json").read_text())
    assert [entry["unit"] for entry in written["figures"]] == ["x", "1/s"]
    assert all(set(entry) == {"name", "value", "unit", "goal", "holds"} for entry in written["figures"])
    assert written["environment"]["tiny"]["dtype"] == "float32"
    assert "L = 128" in capsys.readouterr().out


@pytest.mark.parametrize("works", [True, False])
def test_figures_are_called_compiled_only_where_the_model_is(
    checkpoint: Path,
    reference: ReferenceModel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    works: bool,
) -> None:
    def compiled(step: Step, **options: object) -> Step:
        if not works:
            raise RuntimeError("unsupported")
        return step

    monkeypatch.setattr(torch, "compile", compiled)
    monkeypatch.setattr(speed, "median_ratio", lambda slow, fast: (slow(), fast(), fast(), 2.0)[-1])

    figures = list(run._compiled_figures(checkpoint, reference, "tiny", "float32", {}))

    assert len(figures) == (4 if works else 0)
    assert all("tiny compiled" in figure.name for figure in figures)
    assert ("RuntimeError: unsupported" in capsys.readouterr().out) == (not works)


def test_sharing_is_measured_with_the_copies_that_two_requests_have(
    scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[Tokens] = []
    plain = scorer.engine.run

    def run(batch: Batch) -> Passed:
        assert (np.take_along_axis(batch.tokens, batch.reads, axis=1) == MASK).all()
        assert (batch.tokens == MASK).sum() == len(batch)
        batches.append(batch.tokens)
        return plain(batch)

    monkeypatch.setattr(scorer.engine, "run", run)
    requests = [sharing.masked_copies(20, 3, seed) for seed in (0, 1)]

    together, apart = sharing.rates(scorer, requests, size=4)

    assert [len(batch) for batch in batches[:4]] == [4, 2, 3, 3]
    assert len(batches) == 4 * (PAIRS + 1)
    assert (len(together), len(apart)) == (PAIRS, PAIRS)
    np.testing.assert_array_equal(np.concatenate(batches[:2]), np.concatenate(batches[2:4]))
    assert not (requests[0] == requests[1]).all(axis=1).any()
    names = [figure.name for figure in sharing.sharing_figures(scorer, "tiny")]
    assert len(names) == 6 and all("L = 64" in name for name in names)


def test_a_soak_is_bounded_where_memory_stays() -> None:
    steady = Report(Counter({"200": 3}), memory=(100 << 20, 110 << 20))
    growing = Report(memory=(400 << 20, 600 << 20))

    assert steady.to_json()["answers"] == {"200": 3}
    assert (steady.bounded, growing.bounded) == (True, False)


def test_a_soak_sees_a_wrong_score(checkpoint: Path, scorer: Scorer) -> None:
    truth = _Truth(checkpoint)
    sequence = truth.proteins[-1]
    result = scorer.score(sequence, positions="3,7")
    other = scorer.score(truth.proteins[-2], positions="3,7")

    assert len({len(each) for each in truth.proteins}) < len(truth.proteins)
    assert truth.agrees(result, Scoring.MASKED_MARGINALS, [2, 6])
    assert not truth.agrees(result, Scoring.MASKED_MARGINALS, [2])
    assert not truth.agrees(result, Scoring.MASKED_MARGINALS, [2, 6, 7])
    assert not truth.agrees(result, Scoring.WT_MARGINALS, [2, 6])
    assert not truth.agrees({**result, "heatmap": other["heatmap"]}, Scoring.MASKED_MARGINALS, [2, 6])


@pytest.mark.parametrize("arguments", [[], ["bench", "--figures", "some"], ["soak"]])
def test_wrong_usage_has_its_own_exit_code(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.delenv("AMPLIFY_MODEL_DIR", raising=False)

    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2


def test_a_soak_without_a_model_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["soak", "--model", str(tmp_path / "none")]) == 1
    assert "MODEL_NOT_FOUND" in capsys.readouterr().err


@pytest.mark.parametrize(("faults", "code"), [([], 0), (["wrong scores"], 1)])
def test_a_soak_fails_where_a_response_was_wrong(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], faults: list[str], code: int
) -> None:
    monkeypatch.setattr("model_bench.soak.soak", lambda folder, requests, limit_s: Report(faults=faults))

    assert main(["soak", "--model", str(checkpoint)]) == code
    assert json.loads(capsys.readouterr().out)["faults"] == faults
