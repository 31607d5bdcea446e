"""An independent computation of conservation, in other words and with other tools than the one it checks.

Reads a list of alignments from standard input, each a list of rows. Writes weights, n_eff, and per position of
the first row conservation, gap fraction and PSSM.
"""

import json
import sys

import numpy as np

ALPHABET = "ACDEFGHIKLMNPQRSTVWY"

# As NCBI publishes it.
BLOSUM62 = """\
   A  R  N  D  C  Q  E  G  H  I  L  K  M  F  P  S  T  W  Y  V
A  4 -1 -2 -2  0 -1 -1  0 -2 -1 -1 -1 -1 -2 -1  1  0 -3 -2  0
R -1  5  0 -2 -3  1  0 -2  0 -3 -2  2 -1 -3 -2 -1 -1 -3 -2 -3
N -2  0  6  1 -3  0  0  0  1 -3 -3  0 -2 -3 -2  1  0 -4 -2 -3
D -2 -2  1  6 -3  0  2 -1 -1 -3 -4 -1 -3 -3 -1  0 -1 -4 -3 -3
C  0 -3 -3 -3  9 -3 -4 -3 -3 -1 -1 -3 -1 -2 -3 -1 -1 -2 -2 -1
Q -1  1  0  0 -3  5  2 -2  0 -3 -2  1  0 -3 -1  0 -1 -2 -1 -2
E -1  0  0  2 -4  2  5 -2  0 -3 -3  1 -2 -3 -1  0 -1 -3 -2 -2
G  0 -2  0 -1 -3 -2 -2  6 -2 -4 -4 -2 -3 -3 -2  0 -2 -2 -3 -3
H -2  0  1 -1 -3  0  0 -2  8 -3 -3 -1 -2 -1 -2 -1 -2 -2  2 -3
I -1 -3 -3 -3 -1 -3 -3 -4 -3  4  2 -3  1  0 -3 -2 -1 -3 -1  3
L -1 -2 -3 -4 -1 -2 -3 -4 -3  2  4 -2  2  0 -3 -2 -1 -2 -1  1
K -1  2  0 -1 -3  1  1 -2 -1 -3 -2  5 -1 -3 -1  0 -1 -3 -2 -2
M -1 -1 -2 -3 -1  0 -2 -3 -2  1  2 -1  5  0 -2 -1 -1 -1 -1  1
F -2 -3 -3 -3 -2 -3 -3 -3 -1  0  0 -3  0  6 -4 -2 -2  1  3 -1
P -1 -2 -2 -1 -3 -1 -1 -2 -2 -3 -3 -1 -2 -4  7 -1 -1 -4 -3 -2
S  1 -1  1  0 -1  0  0  0 -1 -2 -2  0 -1 -2 -1  4  1 -3 -2 -2
T  0 -1  0 -1 -1 -1 -1 -2 -2 -1 -1 -1 -1 -2 -1  1  5 -2 -2  0
W -3 -3 -4 -4 -2 -2 -3 -2 -2 -3 -2 -3 -1  1 -4 -3 -2 11  2 -3
Y -2 -2 -2 -3 -2 -1 -2 -3  2 -1 -1 -2 -1  3 -3 -2 -2  2  7 -1
V  0 -3 -3 -3 -1 -2 -2 -3 -3  3  1 -2  1 -1 -2 -2  0 -3 -1  4
"""

FREQUENCIES = {
    "A": 0.078, "R": 0.051, "N": 0.041, "D": 0.052, "C": 0.024, "Q": 0.034, "E": 0.059, "G": 0.083, "H": 0.025,
    "I": 0.062, "L": 0.092, "K": 0.056, "M": 0.024, "F": 0.044, "P": 0.043, "S": 0.059, "T": 0.055, "W": 0.014,
    "Y": 0.034, "V": 0.072,
}  # fmt: skip

# Share of equal residues from which two sequences count as alike.
IDENTITY = 0.8


def matrix() -> np.ndarray:
    """BLOSUM62 in the order of ALPHABET, 20 x 20."""
    head, *lines = BLOSUM62.splitlines()
    order = head.split()
    table = {line.split()[0]: dict(zip(order, map(int, line.split()[1:]), strict=True)) for line in lines}
    return np.array([[table[a][b] for b in ALPHABET] for a in ALPHABET], dtype=float)


def measured(aligned: list[str]) -> dict[str, object]:
    """What the top of this file names, of one alignment: rows of equal length, gaps as "-"."""
    rows = np.array([list(row) for row in aligned])
    one_hot = np.stack([rows == letter for letter in ALPHABET], axis=2).astype(float)  # sequence, column, residue
    gaps = (rows == "-").astype(float)
    background = np.array([FREQUENCIES[letter] for letter in ALPHABET])
    background /= background.sum()

    counts = one_hot.sum(axis=0)  # column, residue
    kinds = (counts > 0).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(counts > 0, 1 / (counts * kinds[:, None]), 0)
    weights = np.einsum("scr,cr->s", one_hot, share) / rows.shape[1]

    both = (1 - gaps) @ (1 - gaps).T
    letters = [(rows == letter).astype(float) for letter in sorted(set(rows.flat) - {"-"})]
    same = sum(has @ has.T for has in letters)
    with np.errstate(divide="ignore", invalid="ignore"):
        alike = np.where(both > 0, same / both, 0) >= IDENTITY
    np.fill_diagonal(alike, True)
    n_eff = float((1 / alike.sum(axis=1)).sum())

    conditional = background * np.exp2(matrix() / 2)
    conditional /= conditional.sum(axis=1, keepdims=True)
    positions = []
    for column in np.flatnonzero(gaps[0] == 0):
        weighted = weights @ one_hot[:, column]
        gap = float(weights @ gaps[:, column] / weights.sum()) if weights.sum() > 0 else 0.0
        p = (weighted + 1e-7) / (weighted + 1e-7).sum()
        m = (p + background) / 2
        divergence = float(0.5 * (p * np.log2(p / m)).sum() + 0.5 * (background * np.log2(background / m)).sum())
        if weighted.sum() > 0:
            f = weighted / weighted.sum()
            mixed = ((max(n_eff - 1, 0)) * f + 10 * (f @ conditional)) / (max(n_eff - 1, 0) + 10)
        else:
            mixed = background
        positions.append(
            {"conservation": divergence * (1 - gap), "gap_fraction": gap, "pssm": np.log2(mixed / background).tolist()}
        )
    return {"weights": weights.tolist(), "n_eff": n_eff, "positions": positions}


json.dump([measured(aligned) for aligned in json.load(sys.stdin)], sys.stdout)
