import pytest
from hypothesis import given
from hypothesis import strategies as st
from mavehgvs import Variant as MaveVariant

from amplify_vep.errors import AmplifyError, ErrorCode, InputError
from amplify_vep.protein.alphabet import AMINO_ACIDS, THREE_LETTER, hgvs_label
from amplify_vep.protein.positions import parse_positions
from amplify_vep.protein.variants import check_wild_types, parse_variant
from tests.support.proteins import random_protein

sites = st.tuples(st.sampled_from(AMINO_ACIDS), st.integers(-50, 20_000), st.sampled_from(AMINO_ACIDS))


def refusal(text: str) -> InputError:
    with pytest.raises(InputError) as refused:
        parse_variant(text)
    return refused.value


@given(st.lists(sites, min_size=1, max_size=5, unique_by=lambda site: site[1]), st.randoms(use_true_random=False))
def test_reads_its_own_notations_in_any_order(drawn: list[tuple[str, int, str]], random: object) -> None:
    expected = ";".join(f"{wt}{position}{mt}" for wt, position, mt in sorted(drawn, key=lambda site: site[1]))
    short = ";".join(f"{wt}{position}{mt}".lower() for wt, position, mt in drawn)
    long = ";".join(f"{THREE_LETTER[wt]}{position}{THREE_LETTER[mt]}" for wt, position, mt in drawn)

    assert str(parse_variant(short)) == expected
    assert str(parse_variant(f"p.[{long}]")) == expected
    assert parse_variant(parse_variant(short).hgvs) == parse_variant(short)


@given(st.text(max_size=40))
def test_any_text_is_a_variant_or_refused(text: str) -> None:
    try:
        variant = parse_variant(text)
    except AmplifyError as error:
        assert error.code is ErrorCode.INVALID_VARIANT
    else:
        assert parse_variant(str(variant)) == variant


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("p.Lys10del", "a deletion"),
        ("K10-", "a deletion"),
        ("p.Lys10_Leu12del", "a deletion"),
        ("p.Lys10_Leu11insGly", "an insertion"),
        ("p.Lys10delinsGlyAla", "a deletion-insertion"),
        ("p.Lys10dup", "a duplication"),
        ("p.Lys10Ter", "a stop"),
        ("K10*", "a stop"),
        ("p.Lys10fs", "a frameshift"),
        ("p.Lys10ArgfsTer5", "a frameshift"),
        ("p.Ter110GlnextTer17", "an extension"),
        ("K10A;L12*", "a stop"),
    ],
)
def test_refuses_other_kinds_of_variants_by_name(text: str, kind: str) -> None:
    error = refusal(text)

    assert error.code is ErrorCode.INVALID_VARIANT
    assert f"is {kind};" in error.message


@pytest.mark.parametrize("text", ["", "K", "10", "KA10", "K10", "K10X", "X10A", "p.", "K10A,L12V", "K10A;", "p.[K10A"])
def test_refuses_what_it_cannot_read(text: str) -> None:
    assert "cannot be read" in refusal(text).message


def test_refuses_a_position_that_is_repeated() -> None:
    assert "names position 10 more than once" in refusal("K10A;L12V;K10R").message


def test_synonymous_is_written_with_an_equals_sign() -> None:
    assert parse_variant("K10=").hgvs == parse_variant("p.Lys10=").hgvs == parse_variant("K10K").hgvs == "p.Lys10="


def test_names_the_residue_in_the_sequence() -> None:
    with pytest.raises(InputError) as refused:
        check_wild_types([parse_variant("A2V"), parse_variant("K99A")], "MKTV", offset=0)

    assert refused.value.code is ErrorCode.WILD_TYPE_MISMATCH
    assert "position 2 is Lys (K), not Ala (A)" in refused.value.message
    assert "position 99 is outside the protein (1 to 4)" in refused.value.message
    assert refused.value.details == {"mismatches": 2}


def shifted(sequence: str, columns: list[int], offset: int) -> list[str]:
    return [f"{sequence[column]}{column + 1 + offset}A" for column in columns]


def test_offers_the_only_offset_that_makes_three_sites_fit() -> None:
    sequence = random_protein(120, seed=5)

    with pytest.raises(InputError) as refused:
        check_wild_types([parse_variant(text) for text in shifted(sequence, [3, 40, 77, 101], 23)], sequence, offset=0)

    assert refused.value.details is not None
    assert refused.value.details["numbering_offset"] == 23
    check_wild_types([parse_variant(text) for text in shifted(sequence, [3, 40, 77], 23)], sequence, offset=23)


def test_offers_no_offset_that_would_be_refused() -> None:
    with pytest.raises(InputError) as refused:
        check_wild_types([parse_variant(text) for text in shifted("MKTVRQ", [1, 2, 3], 5_000_000)], "MKTVRQ", offset=0)

    assert "numbering_offset" not in (refused.value.details or {})


@pytest.mark.parametrize("columns", [[3, 40], [3, 3, 40]])
def test_offers_no_offset_for_fewer_than_three_distinct_sites(columns: list[int]) -> None:
    sequence = random_protein(120, seed=5)

    with pytest.raises(InputError) as refused:
        check_wild_types([parse_variant(text) for text in shifted(sequence, columns, 200)], sequence, offset=0)

    assert "numbering_offset" not in (refused.value.details or {})


def test_offers_no_offset_where_several_fit() -> None:
    variants = [parse_variant(f"A{position}V") for position in (101, 103, 105)]

    with pytest.raises(InputError) as refused:
        check_wild_types(variants, "A" * 50, offset=0)

    assert "numbering_offset" not in (refused.value.details or {})


def test_every_label_of_a_heatmap_is_valid_mave_hgvs() -> None:
    sequence = AMINO_ACIDS + random_protein(80, seed=1)

    for index, wild_type in enumerate(sequence):
        for mutant in AMINO_ACIDS:
            label = hgvs_label(wild_type, index + 1, mutant)
            assert str(MaveVariant(label)) == label


def test_labels_of_multiple_mutants_are_valid_mave_hgvs() -> None:
    label = parse_variant("L12V;K10A").hgvs

    assert label == "p.[Lys10Ala;Leu12Val]"
    assert str(MaveVariant(label)) == label


@pytest.mark.parametrize(
    ("text", "offset", "columns"),
    [("1", 0, [0]), ("2-4, 4-5,1", 0, [0, 1, 2, 3, 4]), ("101-102", 100, [0, 1]), ("-3--1", -4, [0, 1, 2])],
)
def test_reads_positions(text: str, offset: int, columns: list[int]) -> None:
    assert parse_positions(text, 5, offset) == columns


@pytest.mark.parametrize("text", ["", ",", "0", "6", "4-2", "1-6", "a", "1..3", "1-", "1-2-3", "²"])
def test_refuses_positions_that_are_none(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_positions(text, 5)

    assert refused.value.code is ErrorCode.INVALID_POSITIONS


@given(st.text("0123456789-, a", max_size=20), st.integers(1, 50), st.integers(-60, 60))
def test_any_text_names_columns_of_the_protein_or_is_refused(text: str, length: int, offset: int) -> None:
    try:
        columns = parse_positions(text, length, offset)
    except AmplifyError as error:
        assert error.code is ErrorCode.INVALID_POSITIONS
    else:
        assert columns == sorted(set(columns))
        assert set(columns) <= set(range(length))
