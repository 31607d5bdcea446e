"""Every body becomes a request that can be scored, or a typed error."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_vep.errors import AmplifyError, ErrorCode, InputError, UnavailableError, error_from_body
from amplify_vep.inference import input_fn, model_fn, output_fn, predict_fn
from amplify_vep.scoring.request import MAX_NAME, MAX_VARIANTS, ScoreRequest, Scoring, parse_request
from tests.support.proteins import DEMO

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=6,
)
FIELDS = ["sequence", "name", "scoring", "variants", "positions", "joint", "numbering_offset", "other"]
bodies = st.dictionaries(st.sampled_from(FIELDS), json_values | st.just(DEMO), max_size=5)


def test_fills_in_what_is_not_asked() -> None:
    assert parse_request({"sequence": "mktv"}) == ScoreRequest("MKTV")


def test_reads_what_is_asked() -> None:
    request = parse_request(
        {
            "sequence": ">p1\nMKTV",
            "scoring": "wt-marginals",
            "variants": "K12A, p.Thr13Val\nK12A",
            "positions": "11",
            "numbering_offset": 10,
        }
    )

    assert (request.name, request.scoring, request.numbering_offset) == ("p1", Scoring.WT_MARGINALS, 10)
    assert [str(variant) for variant in request.variants] == ["K12A", "T13V"]
    assert request.columns == (0,)
    assert request.scored_columns() == [0, 1, 2]


def test_reads_multiple_mutants_between_long_white_space() -> None:
    # White space that is looked at again for each of its characters would take minutes here.
    request = parse_request({"sequence": "MKTV", "variants": "K2A" + " " * 200_000 + "T3V ;  V4A"})

    assert [str(variant) for variant in request.variants] == ["K2A", "T3V;V4A"]


@pytest.mark.parametrize("empty", [None, ""])
def test_none_or_an_empty_text_counts_as_absent_where_an_argument_is_optional(empty: str | None) -> None:
    optional = dict.fromkeys(["name", "scoring", "variants", "positions", "joint", "numbering_offset"], empty)

    assert parse_request({"sequence": "MKTV", **optional}) == ScoreRequest("MKTV")
    for body in ({"sequence": empty}, {"sequence": "MKTV", "other": empty}):
        with pytest.raises(InputError):
            parse_request(body)


def test_keeps_the_note_of_a_stop_codon_that_was_dropped() -> None:
    request = parse_request({"sequence": "MKTV*"})

    assert request.sequence == "MKTV"
    assert "stop codon" in request.notes[0]


def test_too_many_variants_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        parse_request({"sequence": "MK", "variants": ["K2A"] * (MAX_VARIANTS + 1)})

    assert refused.value.code is ErrorCode.INVALID_VARIANT


@pytest.mark.parametrize(
    "body",
    [
        {"variants": [1] * 15_000},
        {"variants": [1] * 1_000_000},
        {f"argument {number}": 0 for number in range(250_000)},
        {f"a{number}": 0 for number in range(9)},
    ],
)
def test_many_errors_are_summarised(body: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        parse_request({"sequence": "MK", **body})

    assert len(json.dumps(refused.value.body())) < 1500


def test_spaces_around_semicolons_part_no_variant() -> None:
    request = parse_request({"sequence": "MKTV", "variants": "K2A; T3V,K2A ;V4A"})

    assert [str(variant) for variant in request.variants] == ["K2A;T3V", "K2A;V4A"]


def test_a_name_from_a_header_is_as_long_as_a_name_may_be() -> None:
    assert parse_request({"sequence": f">{'x' * 1000}\nMK"}).name == "x" * MAX_NAME


@pytest.mark.parametrize("argument", ["variants", "positions"])
def test_a_protein_in_the_wrong_place_is_not_repeated(argument: str) -> None:
    protein = "MKTVRQERLKSIVRILERSKEPVSG"

    with pytest.raises(InputError) as refused:
        parse_request({"sequence": protein, argument: protein})

    assert protein not in json.dumps(refused.value.body())


def test_more_parts_than_residues_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        parse_request({"sequence": "MKTV", "positions": "1-4," * 5})

    assert refused.value.code is ErrorCode.INVALID_POSITIONS


@given(bodies)
def test_any_object_is_a_request_or_refused(body: dict[str, Any]) -> None:
    try:
        request = parse_request(body)
    except AmplifyError as error:
        assert error.status == 400
        assert json.dumps(error.body(), allow_nan=False)
    else:
        assert set(request.scored_columns()) <= set(range(len(request.sequence)))


@given(st.binary(max_size=200), st.sampled_from(["application/json", "text/plain", "application/x-fasta", "", "a/b"]))
def test_any_bytes_are_a_request_or_refused(body: bytes, kind: str) -> None:
    try:
        request = input_fn(body, kind)
    except AmplifyError as error:
        assert error.status == 400
    else:
        assert request.sequence


def test_sagemakers_four_functions_score_a_request(checkpoint: Any) -> None:
    model = model_fn(str(checkpoint))

    prediction = predict_fn(input_fn(json.dumps({"sequence": "MKTV"})), model)

    assert json.loads(output_fn(prediction))["sequence"] == "MKTV"


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_error_survives_a_process_boundary(code: ErrorCode) -> None:
    for kind in (InputError, UnavailableError):
        error = kind(code, "message", {"limit": 1})

        restored = error_from_body(json.loads(json.dumps(error.body())), error.status)

        assert (type(restored), restored.body(), restored.status) == (kind, error.body(), error.status)
