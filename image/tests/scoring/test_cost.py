import pytest

from amplify_vep.protein.variants import parse_variant
from amplify_vep.scoring.cost import copy_cost, request_cost
from amplify_vep.scoring.request import ScoreRequest, Scoring


def test_attention_makes_long_copies_cost_more_per_token() -> None:
    assert copy_cost(66) == pytest.approx(66, rel=0.02)
    assert copy_cost(2048) / 2048 == pytest.approx(1.5, rel=0.02)


def test_a_request_costs_what_its_copies_cost() -> None:
    sequence = "M" * 100
    mutants = (parse_variant("M1A;M9C"), parse_variant("M2A;M9C"))

    assert request_cost(ScoreRequest(sequence)) == 100 * copy_cost(102)
    assert request_cost(ScoreRequest(sequence, columns=(3, 5))) == 2 * copy_cost(102)
    assert request_cost(ScoreRequest(sequence, columns=(3,), variants=mutants)) == 4 * copy_cost(102)
    assert request_cost(ScoreRequest(sequence, columns=(3,), variants=mutants, joint=True)) == 3 * copy_cost(102)
    assert request_cost(ScoreRequest(sequence, Scoring.WT_MARGINALS)) == copy_cost(102)


def test_copies_of_a_long_protein_are_windows() -> None:
    assert request_cost(ScoreRequest("M" * 4092)) == 4092 * copy_cost(2048)
    assert request_cost(ScoreRequest("M" * 4092, Scoring.WT_MARGINALS)) == 3 * copy_cost(2048)
