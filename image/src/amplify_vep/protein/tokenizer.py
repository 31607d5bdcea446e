"""AMPLIFY's 27 tokens and the encoding of a protein."""

import numpy as np
from numpy.typing import NDArray

from amplify_vep.protein.alphabet import AMINO_ACIDS

TOKENS = ("<pad>", "<unk>", "<mask>", "<bos>", "<eos>", "|", *"LAGVSERTIDPKQNFYMHWCB")
"""Tokens in the order of their ids in the published tokenizer."""

_IDS = {token: index for index, token in enumerate(TOKENS)}

PAD, UNK, MASK, BOS, EOS = (_IDS[token] for token in ("<pad>", "<unk>", "<mask>", "<bos>", "<eos>"))
"""Ids of the special tokens."""

SPECIAL_TOKENS_A_COPY = 2
"""`<bos>` and `<eos>`, before and after the residues."""

AMINO_ACID_IDS: NDArray[np.int64] = np.array([_IDS[residue] for residue in AMINO_ACIDS], dtype=np.int64)
"""Token ids of the 20 standard amino acids, in heatmap row order; shape (20,)."""


def encode(sequence: str) -> NDArray[np.int64]:
    """Encodes a protein as `<bos>`, one token per residue, `<eos>`.

    Args:
        sequence: one-letter codes; a letter without a token (X, U, Z, O, ...) becomes `<unk>`.

    Returns:
        Token ids, shape (len(sequence) + 2,).

    """
    return np.array([BOS, *(_IDS.get(residue, UNK) for residue in sequence), EOS], dtype=np.int64)
