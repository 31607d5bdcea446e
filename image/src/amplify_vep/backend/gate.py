"""The fidelity gate: reduced precision, fused kernels and batching must rank variants like plain float32."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amplify_vep.backend.reference import ReferenceModel, naive_masked_marginals
from amplify_vep.protein.alphabet import ROW
from amplify_vep.scoring.engine import LogProbs, Tokens
from amplify_vep.scoring.marginals import score_steps
from amplify_vep.scoring.request import ScoreRequest
from amplify_vep.scoring.steps import finish

MIN_SPEARMAN = 0.999
"""Lowest rank correlation with float32 over the non-synonymous cells that passes."""

MAX_DIFFERENCE = 0.5
"""Largest difference of an llr (natural log) that passes in reduced precision."""

EXACT_DIFFERENCE = 1e-4
"""Largest difference of an llr (natural log) that passes in float32."""

GATE_PROTEIN = "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRGYVLAGG"
"""The protein that the gate scores: a DNA-binding domain, also the first protein of the demo."""

GATE_COLUMNS = list(range(2, len(GATE_PROTEIN), 4))
"""0-based columns of the gate's protein that are compared at the start."""

_ALONE = 4
"""Columns that are also compared in a batch of one copy."""

LogProbsOf = Callable[[Tokens, Tokens], LogProbs]
"""The model to check, see `backend.model.FusedModel.log_probs`."""


@dataclass(frozen=True)
class GateReport:
    """How close a model is to the reference.

    Attributes:
        spearman: lowest rank correlation over the scored non-synonymous cells, of both comparisons.
        max_difference: largest absolute difference of an llr, of both comparisons.
        passed: whether both are within the limits.

    """

    spearman: float
    max_difference: float
    passed: bool


def reference_llr(model: ReferenceModel, columns: list[int]) -> NDArray[np.float64]:
    """The llr of the gate's protein at some columns by the naive float32 loop; shape (columns, 20)."""
    return to_llr(naive_masked_marginals(model, GATE_PROTEIN, columns)[columns], columns)


def check(
    log_probs: LogProbsOf, expected: NDArray[np.float64], columns: list[int], max_difference: float = MAX_DIFFERENCE
) -> GateReport:
    """Compares the masked-marginals of a model with the reference: in one batch, and in batches of one and of three.

    Args:
        log_probs: the model to check.
        expected: the result of `reference_llr` for the same columns.
        columns: 0-based columns of the gate's protein.
        max_difference: largest difference of an llr that passes; default 0.5.

    """
    changed = np.array([[ROW[GATE_PROTEIN[column]] != row for row in range(20)] for column in columns])
    # Few alone: a copy alone takes a third of the time of a full batch.
    small = [_scored(log_probs, columns[:_ALONE], 1), _scored(log_probs, columns[_ALONE:], 3)]
    correlations, differences = [], []
    for scored in (np.concatenate(small), _scored(log_probs, columns, len(columns))):
        found = to_llr(scored, columns)
        correlations.append(spearman(found[changed], expected[changed]))
        differences.append(float(np.nan_to_num(np.abs(found - expected), nan=np.inf).max()))
    worst, furthest = min(correlations), max(differences)
    return GateReport(worst, furthest, bool(worst >= MIN_SPEARMAN and furthest <= max_difference))


def _scored(log_probs: LogProbsOf, columns: list[int], copies: int) -> LogProbs:
    """Log-probabilities of some columns, in batches of `copies`; shape (columns, 20)."""
    request = ScoreRequest(GATE_PROTEIN, columns=tuple(columns))
    steps = score_steps(request, _FixedBatch(copies))
    return finish(steps, lambda batch: log_probs(batch.tokens, batch.reads)).log_probs[columns]


@dataclass(frozen=True)
class _FixedBatch:
    """A capacity with a fixed batch size."""

    copies: int
    window: int = len(GATE_PROTEIN)

    def batch_size(self, tokens: int) -> int:
        """The fixed number of copies, for any length."""
        return self.copies


def spearman(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Rank correlation of two vectors; 0 if one is constant or has NaN or infinity, which never passes."""
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return 0.0
    ranks = [np.argsort(np.argsort(values, kind="stable"), kind="stable") for values in (first, second)]
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def to_llr(log_probs: LogProbs, columns: list[int]) -> NDArray[np.float64]:
    """The llr of each column: log p minus log p of the wild type; shape (columns, 20)."""
    wild_types = [ROW[GATE_PROTEIN[column]] for column in columns]
    with np.errstate(invalid="ignore"):
        return log_probs - log_probs[np.arange(len(columns)), wild_types][:, None]
