import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_vep.errors import AmplifyError, ErrorCode, InputError
from amplify_vep.protein.sequence import MAX_RESIDUES, Protein, clean_sequence

residues = st.text("ACDEFGHIKLMNPQRSTVWY", min_size=1, max_size=200)


def refusal(text: str) -> InputError:
    with pytest.raises(InputError) as refused:
        clean_sequence(text)
    return refused.value


@given(residues, st.integers(1, 60), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_wrapping_case_and_header_change_nothing(sequence: str, width: int, newline: str, header: bool) -> None:
    lines = [sequence[start : start + width].lower() for start in range(0, len(sequence), width)]
    text = newline.join([">P0CG47 ubiquitin", *lines] if header else lines)

    assert clean_sequence(text) == Protein(sequence, "P0CG47" if header else None)


@given(st.text(max_size=300))
def test_any_text_is_a_protein_or_refused(text: str) -> None:
    try:
        protein = clean_sequence(text)
    except AmplifyError as error:
        assert error.status == 400
    else:
        assert set(protein.sequence) <= set("ACDEFGHIKLMNPQRSTVWY")


@pytest.mark.parametrize("text", ["", "  \n ", ">only a header", "\ufeff"])
def test_an_empty_sequence_is_refused(text: str) -> None:
    assert refusal(text).code is ErrorCode.EMPTY_SEQUENCE


def test_the_longest_protein_is_taken_and_one_more_is_not() -> None:
    assert len(clean_sequence("A" * MAX_RESIDUES).sequence) == 10_000

    error = refusal("A" * (MAX_RESIDUES + 1))

    assert error.code is ErrorCode.SEQUENCE_TOO_LONG
    assert error.details == {"sequence_length": 10_001, "limit": 10_000}


@pytest.mark.parametrize("character", list("BJOUXZ*-1.?é"))
def test_names_the_character_and_its_position(character: str) -> None:
    error = refusal(f"MKTV{character}RQ")

    assert error.code is ErrorCode.INVALID_RESIDUE
    assert f"{character!r} at position 5" in error.message


@pytest.mark.parametrize("letter", ["\xdf", "\ufb01", "\u0131", "\u017f"])
def test_letters_that_grow_into_residues_are_none(letter: str) -> None:
    assert refusal(f"MK{letter}").code is ErrorCode.INVALID_RESIDUE


def test_never_repeats_a_whole_sequence_of_faults() -> None:
    error = refusal("X" * 500)

    assert "and 495 more" in error.message
    assert "XXX" not in error.message


@pytest.mark.parametrize("text", [">a\nMK\n>b\nMV", "MK\n>b\nMV", ">a\n>b"])
def test_two_records_are_refused(text: str) -> None:
    assert refusal(text).code is ErrorCode.MULTIPLE_SEQUENCES


@pytest.mark.parametrize("text", ["MK\x00TV", "\x1f\x8b\x08", "MK\ufffdT"])
def test_binary_data_is_refused(text: str) -> None:
    assert refusal(text).code is ErrorCode.NOT_TEXT
