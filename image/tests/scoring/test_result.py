"""The result object contains the scores, as JSON without NaN or infinity."""

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from mavehgvs import Variant as MaveVariant

from amplify_vep.backend.reference import ReferenceModel, naive_masked_marginals
from amplify_vep.protein.alphabet import AMINO_ACIDS, ROW
from amplify_vep.scorer import Scorer
from amplify_vep.scoring.result import encode_result, to_json_row
from amplify_vep.scoring.statistics import entropy, outliers, percentiles, top_residues
from tests.support.proteins import DEMO

KEYS = {
    "schema_version", "model", "scoring", "sequence", "sequence_length", "numbering_offset", "amino_acids", "heatmap",
    "percentiles", "outliers", "variants", "joint", "sensitivity", "entropy", "top_residue", "pseudo_perplexity",
    "windows", "timing",
}  # fmt: skip


@pytest.fixture(scope="module")
def result(scorer: Scorer) -> dict[str, Any]:
    return scorer.score(DEMO, variants=["K2A"], name=None)


def cells(result: dict[str, Any]) -> list[tuple[str, float, float]]:
    """(label, llr, percentile) of the non-synonymous cells."""
    return [
        (f"{wild_type}{column + 1}{mutant}", result["heatmap"][row][column], result["percentiles"][row][column])
        for row, mutant in enumerate(AMINO_ACIDS)
        for column, wild_type in enumerate(DEMO)
        if mutant != wild_type
    ]


def test_has_exactly_the_keys_of_the_contract(scorer: Scorer, result: dict[str, Any]) -> None:
    assert set(result) == KEYS
    assert set(scorer.score("MK", name="p")) == KEYS | {"name"}
    assert scorer.score(">first second\nMK")["name"] == "first"
    assert {"id", "revision", "weights", "weights_sha256", "package_version", "device", "dtype"} <= set(result["model"])
    assert result["model"]["weights"] == "synthetic"
    assert set(result["timing"]) == {
        "queue_s", "compute_s", "total_s", "copies", "batches", "batch_size", "oom_retries", "float32_recomputes",
    }  # fmt: skip


def test_is_json_without_nan_or_infinity(scorer: Scorer) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    for options in ({}, {"positions": "3"}, {"scoring": "wt-marginals"}):
        text = encode_result(scorer.score(DEMO, **options)).decode()
        assert json.loads(text, parse_constant=refuse)["sequence"] == DEMO
    with pytest.raises(ValueError, match="JSON"):
        encode_result({"value": float("nan")})


def test_rounds_without_negative_zero() -> None:
    assert [str(value) for value in to_json_row(np.array([-1e-9, np.nan, 1.2345678]), 6)] == ["0.0", "None", "1.234568"]


def test_percentiles_rank_the_non_synonymous_cells(result: dict[str, Any]) -> None:
    ranked = sorted(cells(result), key=lambda cell: cell[1])

    assert all(first[2] <= second[2] for first, second in pairwise(ranked))
    assert 0 < ranked[0][2] < 0.1
    assert 99.9 < ranked[-1][2] < 100
    assert all(result["percentiles"][ROW[wt]][column] is None for column, wt in enumerate(DEMO))


def test_ties_share_the_middle_of_their_percentiles() -> None:
    llr = np.zeros((20, 1))
    llr[1:, 0] = [-1.0] * 10 + [1.0] * 9

    found = percentiles(llr, "A")[:, 0]

    assert np.isnan(found[0])
    assert found[1] == pytest.approx(100 * 5 / 19)
    assert found[19] == pytest.approx(100 * 14.5 / 19)


def test_outliers_lie_beyond_the_first_and_last_percentile(result: dict[str, Any]) -> None:
    values = [value for _, value, _ in cells(result)]
    low, high = np.percentile(values, [1, 99])
    scores = [float(outlier.split()[-1]) for outlier in result["outliers"]]

    assert len(scores) == sum(value < low or value > high for value in values) == 26
    assert scores == sorted(scores, reverse=True)
    assert all(str(MaveVariant(outlier.split()[0])) == outlier.split()[0] for outlier in result["outliers"])
    assert not any("=" in outlier for outlier in result["outliers"])


def test_few_cells_have_no_outliers() -> None:
    five, six = (np.random.default_rng(0).normal(size=(20, length)) for length in (5, 6))

    assert outliers(five, "MKTVR", 0) == []
    assert outliers(six, "MKTVRQ", 0) != []


def test_sensitivity_is_the_mean_of_the_nineteen(result: dict[str, Any]) -> None:
    for column, wild_type in enumerate(DEMO):
        others = [result["heatmap"][row][column] for row, mutant in enumerate(AMINO_ACIDS) if mutant != wild_type]
        assert result["sensitivity"][column] == pytest.approx(sum(others) / 19, abs=2e-6)


def test_entropy_and_top_residue_are_of_the_twenty_renormalised() -> None:
    log_probs = np.log(np.array([[0.5 / 20] * 20, [0.6] + [0.01] * 19]))

    assert entropy(log_probs)[0] == pytest.approx(np.log(20))
    shares = np.exp(log_probs[1]) / np.exp(log_probs[1]).sum()
    assert entropy(log_probs)[1] == pytest.approx(-(shares * np.log(shares)).sum())
    assert top_residues(np.vstack([log_probs[1], np.full(20, np.nan)])) == ["A", None]


def test_pseudo_perplexity_is_of_the_wild_type(result: dict[str, Any], reference: ReferenceModel) -> None:
    log_probs = naive_masked_marginals(reference, DEMO)
    wild_type = [log_probs[column, ROW[residue]] for column, residue in enumerate(DEMO)]

    assert result["pseudo_perplexity"] == pytest.approx(np.exp(-np.mean(wild_type)), rel=1e-4)
