import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from amplify_vep.backend.gate import GATE_COLUMNS, reference_llr
from amplify_vep.backend.gate_record import expected_llr
from amplify_vep.backend.reference import ReferenceModel
from amplify_vep.checkpoint.config import load_config
from amplify_vep.checkpoint.provenance import identify
from amplify_vep.errors import ErrorCode, ModelError
from amplify_vep.hub import plausibility
from amplify_vep.hub.download import prove
from amplify_vep.hub.plausibility import frequency_nll, natural_proteins, prove_plausible
from amplify_vep.protein.alphabet import AMINO_ACIDS
from amplify_vep.protein.tokenizer import TOKENS


def test_natural_proteins_are_clean_and_frequencies_know_little() -> None:
    proteins = natural_proteins()

    assert len(proteins) >= 5
    assert all(set(protein) <= set(AMINO_ACIDS) for protein in proteins)
    assert 2.7 < frequency_nll(proteins) < 3.0


def test_a_model_that_knows_residue_counts_alone_proves_nothing(checkpoint: Path, tmp_path: Path) -> None:
    folder = tmp_path / "counts"
    shutil.copytree(checkpoint, folder)
    tensors = load_file(folder / "model.safetensors")
    tried = "".join(protein[:: plausibility._EVERY] for protein in natural_proteins())
    bias = [math.log(max(tried.count(token), 0.01)) if len(token) == 1 else -100.0 for token in TOKENS]
    tensors["decoder.weight"] *= 0
    tensors["decoder.bias"] = np.array(bias, dtype=np.float32)
    save_file(tensors, folder / "model.safetensors")

    with pytest.raises(ModelError) as refused:
        prove_plausible(folder, load_config(folder))

    assert refused.value.code is ErrorCode.MODEL_IMPLAUSIBLE
    assert refused.value.details is not None
    assert refused.value.details["masked_nll"] == pytest.approx(refused.value.details["frequency_nll"], abs=1e-3)


def test_a_proved_model_has_the_scores_that_the_gate_expects(
    checkpoint: Path, reference: ReferenceModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(checkpoint, tmp_path / "model"))
    monkeypatch.setattr(plausibility, "masked_nll", lambda engine, sequences: 2.0)

    prove(folder)

    def unused() -> ReferenceModel:
        raise AssertionError("computed without need")

    found = expected_llr(folder, identify(folder), unused)
    np.testing.assert_array_equal(found, reference_llr(reference, GATE_COLUMNS))


@pytest.mark.parametrize(("nll", "passes"), [(2.0, True), (2.99, False), (float("nan"), False)])
def test_the_proof_compares_with_residue_frequencies(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch, nll: float, passes: bool
) -> None:
    monkeypatch.setattr(plausibility, "masked_nll", lambda engine, sequences: nll)
    config = load_config(checkpoint)

    if passes:
        assert "2.000 nats" in prove_plausible(checkpoint, config)
    else:
        with pytest.raises(ModelError) as refused:
            prove_plausible(checkpoint, config)
        assert refused.value.code is ErrorCode.MODEL_IMPLAUSIBLE
