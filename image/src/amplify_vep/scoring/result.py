"""The result object of a scored protein, as JSON without NaN or infinity."""

import json
from typing import Any

import numpy as np

from amplify_vep.protein.alphabet import AMINO_ACIDS, ROW
from amplify_vep.protein.variants import Variant
from amplify_vep.scoring.engine import LogProbs
from amplify_vep.scoring.marginals import Marginals
from amplify_vep.scoring.request import ScoreRequest
from amplify_vep.scoring.statistics import (
    Matrix,
    entropy,
    llr_matrix,
    outliers,
    percentiles,
    pseudo_perplexity,
    sensitivity,
    top_residues,
)

SCHEMA_VERSION = "1.0"
LLR_DECIMALS = 6
PERCENTILE_DECIMALS = 2


def build_result(
    request: ScoreRequest, marginals: Marginals, model: dict[str, Any], timing: dict[str, Any]
) -> dict[str, Any]:
    """Builds the result object of one protein.

    Args:
        request: the checked request.
        marginals: the log-probabilities.
        model: identity, device, precision and compilation of the model, for the key `model`.
        timing: seconds and counts, for the key `timing`.

    Returns:
        Only JSON values; cells that were not scored are None. `heatmap` and `percentiles` have 20 rows (in the order
        of `amino_acids`) of L columns; `sensitivity`, `entropy` and `top_residue` have length L.

    """
    sequence = request.sequence
    llr = llr_matrix(marginals.log_probs, sequence)
    return {
        "schema_version": SCHEMA_VERSION,
        "model": model,
        "scoring": request.scoring.value,
        **({"name": request.name} if request.name is not None else {}),
        **({"notes": list(request.notes)} if request.notes else {}),
        "sequence": sequence,
        "sequence_length": len(sequence),
        "numbering_offset": request.numbering_offset,
        "amino_acids": AMINO_ACIDS,
        "heatmap": to_json_matrix(llr, LLR_DECIMALS),
        "percentiles": to_json_matrix(percentiles(llr, sequence), PERCENTILE_DECIMALS),
        "outliers": outliers(llr, sequence, request.numbering_offset),
        "variants": [_scored_variant(request, variant, llr, marginals) for variant in request.variants],
        "joint": request.joint,
        "sensitivity": to_json_row(sensitivity(llr, sequence), LLR_DECIMALS),
        "entropy": to_json_row(entropy(marginals.log_probs), LLR_DECIMALS),
        "top_residue": top_residues(marginals.log_probs),
        "pseudo_perplexity": round(pseudo_perplexity(marginals.log_probs, sequence), LLR_DECIMALS),
        "windows": [window.to_json(request.numbering_offset) for window in marginals.windows],
        "timing": timing,
    }


def encode_result(result: dict[str, Any]) -> bytes:
    """The result object as JSON text in UTF-8.

    Raises:
        ValueError: the result has NaN or infinity.

    """
    return json.dumps(result, allow_nan=False, separators=(",", ":")).encode()


def to_json_row(values: Matrix, decimals: int) -> list[float | None]:
    """Rounds the values; NaN becomes None and negative zero becomes 0."""
    rounded = np.round(values, decimals) + 0.0
    return [None if value != value else value for value in rounded.tolist()]  # noqa: PLR0124 - true only for NaN


def to_json_matrix(values: Matrix, decimals: int) -> list[list[float | None]]:
    """Applies `to_json_row` to every row."""
    return [to_json_row(row, decimals) for row in values]


def _scored_variant(request: ScoreRequest, variant: Variant, llr: Matrix, marginals: Marginals) -> dict[str, Any]:
    columns = [request.column(site.position) for site in variant.sites]
    if variant in marginals.joint:
        score = _joint_score(variant, marginals.joint[variant])
    else:
        pairs = zip(variant.sites, columns, strict=True)
        score = sum(float(llr[ROW[site.mutant], column]) for site, column in pairs)
    return {"variant": str(variant), "hgvs": variant.hgvs, "score": round(score, LLR_DECIMALS) + 0.0}


def _joint_score(variant: Variant, log_probs: LogProbs) -> float:
    return sum(
        float(log_probs[index, ROW[site.mutant]] - log_probs[index, ROW[site.wild_type]])
        for index, site in enumerate(variant.sites)
    )
