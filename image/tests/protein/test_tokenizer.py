from amplify_vep.protein.alphabet import AMINO_ACIDS
from amplify_vep.protein.tokenizer import AMINO_ACID_IDS, BOS, EOS, MASK, PAD, TOKENS, UNK, encode


def test_ids_are_the_lines_of_the_published_vocabulary() -> None:
    assert len(TOKENS) == 27
    assert (PAD, UNK, MASK, BOS, EOS) == (0, 1, 2, 3, 4)
    assert "".join(TOKENS[6:]) == "LAGVSERTIDPKQNFYMHWCB"


def test_encodes_residues_between_bos_and_eos() -> None:
    assert encode("LAB").tolist() == [3, 6, 7, 26, 4]


def test_what_is_no_token_is_unknown() -> None:
    assert encode("XUZOl").tolist() == [3, 1, 1, 1, 1, 1, 4]


def test_amino_acid_ids_follow_the_heatmaps_rows() -> None:
    assert [TOKENS[index] for index in AMINO_ACID_IDS] == list(AMINO_ACIDS)
