"""Float32 scores equal those of the naive loop, for any batch, neighbours and window."""

import numpy as np
import pytest
import torch

from amplify_vep.backend.batch_size import BatchPolicy
from amplify_vep.backend.reference import ReferenceModel, naive_masked_marginals, naive_wt_log_probs
from amplify_vep.errors import ErrorCode, InputError
from amplify_vep.protein.alphabet import AMINO_ACIDS, ROW
from amplify_vep.protein.tokenizer import AMINO_ACID_IDS, MASK, encode
from amplify_vep.scorer import Scorer
from amplify_vep.scoring.engine import LogProbs
from amplify_vep.scoring.statistics import llr_matrix
from amplify_vep.scoring.windows import strided_starts
from tests.support.proteins import DEMO, SHORT_WINDOW, random_protein

LONG = random_protein(61, seed=8)
CLOSE = 1e-4


def matrix(result: dict[str, list[list[float | None]]]) -> LogProbs:
    return np.array(result["heatmap"], dtype=float)


def assert_same(found: LogProbs, expected: LogProbs) -> None:
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=CLOSE, equal_nan=True)


@pytest.mark.parametrize("tokens", [1, 200, 1000, 100_000])
def test_masked_marginals_equal_the_naive_loop_in_every_cell(
    scorer: Scorer, reference: ReferenceModel, monkeypatch: pytest.MonkeyPatch, tokens: int
) -> None:
    monkeypatch.setattr(scorer.engine, "policy", BatchPolicy(tokens=tokens))

    found = matrix(scorer.score(DEMO))

    assert_same(found, llr_matrix(naive_masked_marginals(reference, DEMO), DEMO))
    assert all(found[ROW[residue], column] == 0 for column, residue in enumerate(DEMO))


@pytest.mark.parametrize("sequence", ["M", "MK", "ACDEFGHIKLMNPQRSTVWY"])
def test_short_proteins_equal_the_naive_loop(scorer: Scorer, reference: ReferenceModel, sequence: str) -> None:
    assert_same(matrix(scorer.score(sequence)), llr_matrix(naive_masked_marginals(reference, sequence), sequence))


def test_a_score_does_not_depend_on_the_neighbours_in_its_batch(scorer: Scorer) -> None:
    together = matrix(scorer.score(DEMO))

    for positions in ("1", "7,31", "60-65"):
        alone = matrix(scorer.score(DEMO, positions=positions))
        scored = ~np.isnan(alone)
        assert_same(alone[scored], together[scored])


def test_positions_pay_only_for_themselves_and_leave_the_rest_null(scorer: Scorer) -> None:
    result = scorer.score(DEMO, positions="10-12,40", variants=["K2A"])

    scored = [2, 10, 11, 12, 40]
    assert result["timing"]["copies"] == len(scored)
    for position in range(1, len(DEMO) + 1):
        cells = [row[position - 1] for row in result["heatmap"]]
        assert all((cell is not None) == (position in scored) for cell in cells)
        assert (result["entropy"][position - 1] is not None) == (position in scored)
        assert (result["top_residue"][position - 1] is not None) == (position in scored)


def test_variants_alone_restrict_nothing(scorer: Scorer) -> None:
    assert scorer.score(DEMO, variants=["K2A"])["timing"]["copies"] == len(DEMO)


def test_wt_marginals_equal_one_naive_pass(scorer: Scorer, reference: ReferenceModel) -> None:
    result = scorer.score(DEMO, scoring="wt-marginals")

    assert_same(matrix(result), llr_matrix(naive_wt_log_probs(reference, DEMO), DEMO))
    assert result["timing"]["copies"] == 1


def test_long_proteins_are_scored_in_windows_centred_on_each_position(
    short_scorer: Scorer, short_reference: ReferenceModel
) -> None:
    result = short_scorer.score(LONG)

    assert_same(matrix(result), llr_matrix(naive_masked_marginals(short_reference, LONG), LONG))
    assert result["windows"] == [
        {"positions": [1, 13], "start": 1, "end": 24, "sliding": False},
        {"positions": [14, 50], "start": 2, "end": 25, "sliding": True},
        {"positions": [51, 61], "start": 38, "end": 61, "sliding": False},
    ]


def test_each_window_can_be_rebuilt_by_hand(short_scorer: Scorer, short_reference: ReferenceModel) -> None:
    column, start = 30, 30 - SHORT_WINDOW // 2
    result = matrix(short_scorer.score(LONG, positions=str(column + 1)))

    alone = LONG[start : start + SHORT_WINDOW]
    expected = llr_matrix(naive_masked_marginals(short_reference, alone, [column - start]), alone)
    assert_same(result[:, column], expected[:, column - start])


def test_wt_marginals_read_each_position_where_it_lies_most_central(
    short_scorer: Scorer, short_reference: ReferenceModel
) -> None:
    result = short_scorer.score(LONG, scoring="wt-marginals")

    found = matrix(result)
    assert result["timing"]["copies"] == len(strided_starts(len(LONG), SHORT_WINDOW)) == 5
    for window in result["windows"]:
        part = LONG[window["start"] - 1 : window["end"]]
        expected = llr_matrix(naive_wt_log_probs(short_reference, part), part)
        for position in range(window["positions"][0], window["positions"][1] + 1):
            assert_same(found[:, position - 1], expected[:, position - window["start"]])


def test_multiple_mutants_sum_their_single_sites(scorer: Scorer) -> None:
    result = scorer.score(DEMO, variants=["K2A;T3V", "K2A", "p.Thr3Val", "K2K", "K2=;T3V"])

    scores = {variant["variant"]: variant["score"] for variant in result["variants"]}
    assert scores["K2A;T3V"] == pytest.approx(scores["K2A"] + scores["T3V"], abs=2e-6)
    assert scores["K2A"] == result["heatmap"][ROW["A"]][1]
    assert scores["K2K"] == 0
    assert scores["K2K;T3V"] == scores["T3V"]


def naive_joint(model: ReferenceModel, sequence: str, changes: list[tuple[int, str]]) -> float:
    copy = encode(sequence)
    for column, _ in changes:
        copy[column + 1] = MASK
    with torch.inference_mode():
        log_probs = torch.log_softmax(model(torch.from_numpy(copy)[None])[0], -1).numpy()[:, AMINO_ACID_IDS]
    return float(
        sum(log_probs[column + 1, ROW[mt]] - log_probs[column + 1, ROW[sequence[column]]] for column, mt in changes)
    )


def test_joint_masks_all_sites_at_once(scorer: Scorer, reference: ReferenceModel) -> None:
    result = scorer.score(DEMO, variants=["K2A;T3V", "V4A;R5A;Q6A", "K2A"], joint=True)

    scores = [variant["score"] for variant in result["variants"]]
    assert scores[0] == pytest.approx(naive_joint(reference, DEMO, [(1, "A"), (2, "V")]), abs=CLOSE)
    assert scores[1] == pytest.approx(naive_joint(reference, DEMO, [(3, "A"), (4, "A"), (5, "A")]), abs=CLOSE)
    assert scores[2] == result["heatmap"][ROW["A"]][1]
    assert abs(scores[0] - scorer.score(DEMO, variants=["K2A;T3V"])["variants"][0]["score"]) > 0.01


def test_positions_pay_for_joint_variants_by_one_copy_each(scorer: Scorer, reference: ReferenceModel) -> None:
    result = scorer.score(DEMO, variants=["K2A;T3V", "V4A;R5A;Q6A", "K2A"], joint=True, positions="10")

    assert result["timing"]["copies"] == 2 + 2
    scored = [column for column, residue in enumerate(result["top_residue"]) if residue is not None]
    assert scored == [1, 9]
    expected = naive_joint(reference, DEMO, [(1, "A"), (2, "V")])
    assert result["variants"][0]["score"] == pytest.approx(expected, abs=CLOSE)


def test_joint_variants_at_the_same_sites_share_a_copy(scorer: Scorer) -> None:
    variants = [f"K2{first};T3{second}" for first in "ACDE" for second in "ACDE"]

    result = scorer.score(DEMO, variants=[*variants, "K2A;V4A"], joint=True, positions="1")

    assert result["timing"]["copies"] == 1 + 2
    apart = [scorer.score(DEMO, variants=[name], joint=True, positions="1")["variants"][0] for name in variants[:3]]
    for shared, alone in zip(result["variants"], apart, strict=False):
        assert shared["score"] == pytest.approx(alone["score"], abs=CLOSE)


def test_joint_sites_that_fit_no_window_are_refused(short_scorer: Scorer) -> None:
    fits = f"{LONG[0]}1A;{LONG[23]}24A"
    assert short_scorer.score(LONG, variants=[fits], joint=True, positions="1")["variants"][0]["score"] is not None

    with pytest.raises(InputError) as refused:
        short_scorer.score(LONG, variants=[f"{LONG[0]}1A;{LONG[24]}25A"], joint=True)

    assert refused.value.code is ErrorCode.JOINT_NOT_POSSIBLE
    assert refused.value.details == {"span": 25, "window": 24}


def test_numbering_offset_shifts_request_and_result(scorer: Scorer) -> None:
    plain = scorer.score(DEMO, variants=["K2A"], positions="2-4")
    shifted = scorer.score(DEMO, variants=["K102A"], positions="102-104", numbering_offset=100)

    assert shifted["heatmap"] == plain["heatmap"]
    assert shifted["variants"] == [{**plain["variants"][0], "variant": "K102A", "hgvs": "p.Lys102Ala"}]
    assert shifted["windows"] == [{"positions": [102, 104], "start": 101, "end": 165, "sliding": False}]


def test_rows_follow_the_amino_acids(scorer: Scorer) -> None:
    assert scorer.score("MK")["amino_acids"] == AMINO_ACIDS
