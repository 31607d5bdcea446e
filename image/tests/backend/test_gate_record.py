"""The record of the gate's expected scores."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from amplify_vep.backend import gate_record
from amplify_vep.backend.gate import GATE_COLUMNS, reference_llr
from amplify_vep.backend.gate_record import RECORD_FILE, expected_llr, record_expected
from amplify_vep.backend.reference import ReferenceModel
from amplify_vep.checkpoint.provenance import identify
from amplify_vep.scorer import Scorer


@pytest.fixture
def recorded(checkpoint: Path, reference: ReferenceModel, tmp_path: Path) -> Path:
    """A checkpoint with its record."""
    folder = Path(shutil.copytree(checkpoint, tmp_path / "model"))
    record_expected(folder, identify(folder), reference)
    return folder


def unused() -> ReferenceModel:
    raise AssertionError("computed without need")


def test_a_record_of_the_same_weights_is_used(recorded: Path, reference: ReferenceModel) -> None:
    found = expected_llr(recorded, identify(recorded), unused)

    np.testing.assert_array_equal(found, reference_llr(reference, GATE_COLUMNS))


def test_a_start_uses_it(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_record, "reference_llr", lambda *given: unused())
    monkeypatch.setattr("amplify_vep.backend.plan.cpu_flags", lambda: {"avx512_bf16"})

    scorer = Scorer.load(recorded, device="cpu")

    assert scorer.gate is not None and scorer.gate["passed"]


def test_a_record_that_is_wrong_refuses_reduced_precision(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = json.loads((recorded / RECORD_FILE).read_text())
    record["llr"] = np.zeros_like(record["llr"]).tolist()
    (recorded / RECORD_FILE).write_text(json.dumps(record))
    monkeypatch.setattr("amplify_vep.backend.plan.cpu_flags", lambda: {"avx512_bf16"})

    assert Scorer.load(recorded, device="cpu").score("MK")["model"]["dtype"] == "float32"


@pytest.mark.parametrize("change", [{"of": {}}, {"llr": [[1.0]]}, {"llr": "none"}, None])
def test_another_or_a_damaged_record_is_computed_again(
    recorded: Path, reference: ReferenceModel, change: dict[str, object] | None
) -> None:
    path = recorded / RECORD_FILE
    path.write_text("{" if change is None else json.dumps({**json.loads(path.read_text()), **change}))

    found = expected_llr(recorded, identify(recorded), lambda: reference)

    np.testing.assert_array_equal(found, reference_llr(reference, GATE_COLUMNS))
