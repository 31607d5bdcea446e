"""The fidelity gate: reduced precision, fused kernels and batching must rank variants as plain float32 does."""

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
"""Least rank correlation with float32 over the non-synonymous cells."""

MAX_DIFFERENCE = 0.5
"""Largest difference of an llr (natural log) in reduced precision."""

EXACT_DIFFERENCE = 1e-4
"""Largest difference of an llr in float32."""

GATE_PROTEIN = "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRGYVLAGG"
"""The protein that is scored: the DNA-binding domain with which the demo begins."""

LogProbsOf = Callable[[Tokens, Tokens], LogProbs]
"""A model under test, see `backend.model.FusedModel.log_probs`."""


@dataclass(frozen=True)
class GateReport:
    """How close a model came to the reference.

    Attributes:
        spearman: rank correlation over all non-synonymous cells that were scored.
        max_difference: largest absolute difference of an llr, and between batch sizes.
        passed: within the limits that were asked for.

    """

    spearman: float
    max_difference: float
    passed: bool


def reference_llr(model: ReferenceModel, columns: list[int]) -> NDArray[np.float64]:
    """Naive float32 llr of the gate's protein at some columns; shape (columns, 20)."""
    return to_llr(naive_masked_marginals(model, GATE_PROTEIN, columns)[columns], columns)


def check(
    log_probs: LogProbsOf, expected: NDArray[np.float64], columns: list[int], max_difference: float = MAX_DIFFERENCE
) -> GateReport:
    """Holds masked-marginals of a model against the reference, in batches of three sizes.

    Args:
        log_probs: the model under test.
        expected: what `reference_llr` gives for the same columns.
        columns: 0-based columns of the gate's protein.
        max_difference: largest difference of an llr that passes.

    """
    changed = np.array([[ROW[GATE_PROTEIN[column]] != row for row in range(20)] for column in columns])
    request = ScoreRequest(GATE_PROTEIN, columns=tuple(columns))
    correlations, differences = [], []
    for copies in (1, 3, len(columns)):
        steps = score_steps(request, _FixedBatch(copies))
        marginals = finish(steps, lambda batch: log_probs(batch.tokens, batch.reads))
        found = to_llr(marginals.log_probs[columns], columns)
        correlations.append(spearman(found[changed], expected[changed]))
        differences.append(float(np.nan_to_num(np.abs(found - expected), nan=np.inf).max()))
    worst, furthest = min(correlations), max(differences)
    return GateReport(worst, furthest, bool(worst >= MIN_SPEARMAN and furthest <= max_difference))


@dataclass(frozen=True)
class _FixedBatch:
    """As many copies at a time as it is told."""

    copies: int
    window: int = len(GATE_PROTEIN)

    def batch_size(self, tokens: int) -> int:
        """The fixed number of copies, whatever their length."""
        return self.copies


def spearman(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Rank correlation of two vectors; NaN or constant input gives 0, which no gate lets pass."""
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return 0.0
    ranks = [np.argsort(np.argsort(values, kind="stable"), kind="stable") for values in (first, second)]
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def to_llr(log_probs: LogProbs, columns: list[int]) -> NDArray[np.float64]:
    """Subtracts the wild type's log p from each column's 20."""
    wild_types = [ROW[GATE_PROTEIN[column]] for column in columns]
    with np.errstate(invalid="ignore"):
        return log_probs - log_probs[np.arange(len(columns)), wild_types][:, None]
