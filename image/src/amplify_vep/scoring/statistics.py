"""What is told about a protein beside its llr: percentiles, outliers, sensitivity, entropy, pseudo-perplexity."""

import numpy as np
from numpy.typing import NDArray

from amplify_vep.protein.alphabet import AMINO_ACIDS, ROW, hgvs_label

Matrix = NDArray[np.float64]

CELLS_FOR_OUTLIERS = 100
OUTLIER_PERCENTILES = (1, 99)


def wild_type_rows(sequence: str) -> NDArray[np.int64]:
    """Heatmap row of each residue; shape (L,)."""
    return np.array([ROW[residue] for residue in sequence], dtype=np.int64)


def llr_matrix(log_probs: Matrix, sequence: str) -> Matrix:
    """Log p(mt) - log p(wt) of every cell, from log-probabilities (L, 20); shape (20, L), NaN where not scored."""
    wild_type = log_probs[np.arange(len(sequence)), wild_type_rows(sequence)]
    llr: Matrix = (log_probs - wild_type[:, None]).T
    return llr


def non_synonymous(llr: Matrix, sequence: str) -> NDArray[np.bool_]:
    """Cells that were scored and change the residue; shape (20, L)."""
    scored = np.isfinite(llr)
    scored[wild_type_rows(sequence), np.arange(len(sequence))] = False
    return scored


def percentiles(llr: Matrix, sequence: str) -> Matrix:
    """Percentile of each non-synonymous cell among those of the protein: the share below it, ties counted half.

    Returns:
        0 to 100, NaN elsewhere; shape (20, L).

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
    """Cells beyond the 1st and 99th percentile of the non-synonymous ones, best first: `p.Lys10Ala 2.1002`.

    Empty below 100 cells, where those percentiles mean nothing.
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
    """Mean llr over the 19 substitutions of each position, NaN where not scored; shape (L,)."""
    changed = np.where(non_synonymous(llr, sequence), llr, 0.0).sum(axis=0)
    means: Matrix = np.where(np.isfinite(llr).all(axis=0), changed / (len(AMINO_ACIDS) - 1), np.nan)
    return means


def entropy(log_probs: Matrix) -> Matrix:
    """Entropy (nats) of each position over the 20 amino acids renormalised; shape (L,)."""
    shifted = log_probs - log_probs.max(axis=1, keepdims=True)
    weights = np.exp(shifted)
    total = weights.sum(axis=1)
    nats: Matrix = np.log(total) - (weights * shifted).sum(axis=1) / total
    return nats


def top_residues(log_probs: Matrix) -> list[str | None]:
    """The likeliest of the 20 amino acids at each position, None where not scored; length L."""
    best = np.argmax(np.nan_to_num(log_probs, nan=-np.inf), axis=1)
    unscored = np.isnan(log_probs[:, 0])
    return [None if unscored[column] else AMINO_ACIDS[best[column]] for column in range(len(log_probs))]


def pseudo_perplexity(log_probs: Matrix, sequence: str) -> float:
    """Exp of the mean negative log p of the wild type over the scored positions; at least 1, lower is surer."""
    wild_type = log_probs[np.arange(len(sequence)), wild_type_rows(sequence)]
    return float(np.exp(-np.nanmean(wild_type)))
