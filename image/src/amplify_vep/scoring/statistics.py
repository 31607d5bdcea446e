"""Statistics of a scored protein: llr, percentiles, outliers, sensitivity, entropy, pseudo-perplexity."""

import numpy as np
from numpy.typing import NDArray

from amplify_vep.protein.alphabet import AMINO_ACIDS, ROW, hgvs_label

Matrix = NDArray[np.float64]

CELLS_FOR_OUTLIERS = 100
"""Fewest non-synonymous cells for which outliers are reported."""

OUTLIER_PERCENTILES = (1, 99)


def wild_type_rows(sequence: str) -> NDArray[np.int64]:
    """Heatmap row of each residue; shape (L,)."""
    return np.array([ROW[residue] for residue in sequence], dtype=np.int64)


def llr_matrix(log_probs: Matrix, sequence: str) -> Matrix:
    """The llr, log p(mt) - log p(wt), from log-probabilities of shape (L, 20); shape (20, L), NaN if not scored."""
    wild_type = log_probs[np.arange(len(sequence)), wild_type_rows(sequence)]
    llr: Matrix = (log_probs - wild_type[:, None]).T
    return llr


def non_synonymous(llr: Matrix, sequence: str) -> NDArray[np.bool_]:
    """Mask of the cells that were scored and change the residue; shape (20, L)."""
    scored = np.isfinite(llr)
    scored[wild_type_rows(sequence), np.arange(len(sequence))] = False
    return scored


def percentiles(llr: Matrix, sequence: str) -> Matrix:
    """Percentile of each non-synonymous cell: the share of these cells below it, where ties count half.

    Returns:
        0 to 100, NaN in all other cells; shape (20, L).

    """
    cells = non_synonymous(llr, sequence)
    values = llr[cells]
    ranked = np.sort(values)
    below, through = np.searchsorted(ranked, values, "left"), np.searchsorted(ranked, values, "right")
    result = np.full(llr.shape, np.nan)
    if values.size:
        result[cells] = 50 * (below + through) / values.size
    return result


def outliers(llr: Matrix, sequence: str, offset: int) -> list[str]:
    """Non-synonymous cells beyond the 1st and 99th percentile, highest llr first, such as `p.Lys10Ala 2.1002`.

    Empty if fewer than `CELLS_FOR_OUTLIERS` cells were scored, because these percentiles are then not meaningful.
    """
    cells = non_synonymous(llr, sequence)
    if cells.sum() < CELLS_FOR_OUTLIERS:
        return []
    low, high = np.percentile(llr[cells], OUTLIER_PERCENTILES)
    rows, columns = np.nonzero(cells & ((llr < low) | (llr > high)))
    order = np.argsort(-llr[rows, columns], kind="stable")
    return [
        f"{hgvs_label(sequence[column], int(column) + 1 + offset, AMINO_ACIDS[row])} {llr[row, column]:.4f}"
        for row, column in zip(rows[order], columns[order], strict=True)
    ]


def sensitivity(llr: Matrix, sequence: str) -> Matrix:
    """Mean llr of the 19 substitutions at each position, NaN if not scored; shape (L,)."""
    changed = np.where(non_synonymous(llr, sequence), llr, 0.0).sum(axis=0)
    means: Matrix = np.where(np.isfinite(llr).all(axis=0), changed / (len(AMINO_ACIDS) - 1), np.nan)
    return means


def entropy(log_probs: Matrix) -> Matrix:
    """Entropy (nats) of the renormalised probabilities of the 20 amino acids at each position; shape (L,)."""
    shifted = log_probs - log_probs.max(axis=1, keepdims=True)
    weights = np.exp(shifted)
    total = weights.sum(axis=1)
    nats: Matrix = np.log(total) - (weights * shifted).sum(axis=1) / total
    return nats


def top_residues(log_probs: Matrix) -> list[str | None]:
    """The most probable of the 20 amino acids at each position, None if not scored; length L."""
    best = np.argmax(np.nan_to_num(log_probs, nan=-np.inf), axis=1)
    unscored = np.isnan(log_probs[:, 0])
    return [None if unscored[column] else AMINO_ACIDS[best[column]] for column in range(len(log_probs))]


def pseudo_perplexity(log_probs: Matrix, sequence: str) -> float:
    """Exp of the mean negative log p of the wild type at the scored positions: at least 1; lower is more certain."""
    wild_type = log_probs[np.arange(len(sequence)), wild_type_rows(sequence)]
    return float(np.exp(-np.nanmean(wild_type)))
