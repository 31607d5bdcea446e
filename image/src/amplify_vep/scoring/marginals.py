"""masked-marginals and wt-marginals (Meier et al. 2021, doi:10.1101/2021.07.09.450648), one batch at a time.

Nothing is computed here: the steps of a protein yield one batch after another and receive its log-probabilities.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

import numpy as np

from amplify_vep.errors import ErrorCode, InputError
from amplify_vep.protein.tokenizer import MASK, encode
from amplify_vep.protein.variants import Variant
from amplify_vep.scoring.engine import Batch, Capacity, LogProbs, Tokens
from amplify_vep.scoring.request import ScoreRequest, Scoring
from amplify_vep.scoring.windows import (
    WindowRun,
    centred_start,
    describe_windows,
    most_central_start,
    strided_starts,
)


@dataclass
class Marginals:
    """The log-probabilities of one protein.

    Attributes:
        log_probs: log p of the 20 amino acids, NaN where not scored; shape (L, 20).
        joint: log p at the sites of each multiple mutant whose sites were masked together; shape (sites, 20).
        windows: the window of each scored position.

    """

    log_probs: LogProbs
    joint: dict[Variant, LogProbs] = field(default_factory=dict)
    windows: list[WindowRun] = field(default_factory=list)


@dataclass(frozen=True)
class _Copy:
    """One copy: the first column of its window, the columns to read, and whether they are masked."""

    start: int
    reads: tuple[int, ...]
    masked: bool


Steps = Generator[Batch, LogProbs, Marginals]
"""Scores one protein: yields each batch and receives its log-probabilities, shape (B, R, 20)."""


def score_steps(request: ScoreRequest, capacity: Capacity) -> Steps:
    """Scores a protein batch by batch. The return value of the generator is the `Marginals`.

    Args:
        request: what to score.
        capacity: of the model that processes the batches.

    Raises:
        InputError: JOINT_NOT_POSSIBLE if the sites of a variant do not fit into one window.

    """
    if request.scoring is Scoring.WT_MARGINALS:
        return _wt_marginals(request, capacity)
    return _masked_marginals(request, capacity, _joint_copies(request, capacity.window))


def _masked_marginals(request: ScoreRequest, capacity: Capacity, joint: dict[Variant, _Copy]) -> Steps:
    length = len(request.sequence)
    starts = [(column, centred_start(column, length, capacity.window)) for column in request.scored_columns()]
    marginals = _empty(request, starts, capacity)
    copies = [_Copy(start, (column,), masked=True) for column, start in starts]
    for copy, read in (yield from _run(request, capacity, copies)):
        marginals.log_probs[copy.reads[0]] = read[0]
    # Variants at the same sites share one copy. Copies with the same number of sites pass together.
    by_sites: dict[int, dict[_Copy, None]] = {}
    for copy in joint.values():
        by_sites.setdefault(len(copy.reads), {})[copy] = None
    for together in by_sites.values():
        results = yield from _run(request, capacity, list(together))
        reads = dict(results)
        marginals.joint |= {variant: reads[copy] for variant, copy in joint.items() if copy in reads}
    return marginals


def _wt_marginals(request: ScoreRequest, capacity: Capacity) -> Steps:
    length = len(request.sequence)
    windows = strided_starts(length, capacity.window)
    starts = [(column, most_central_start(column, windows, capacity.window)) for column in request.scored_columns()]
    marginals = _empty(request, starts, capacity)
    for start in windows:
        reads = tuple(column for column, its_start in starts if its_start == start)
        if reads:
            for copy, read in (yield from _run(request, capacity, [_Copy(start, reads, masked=False)])):
                marginals.log_probs[list(copy.reads)] = read
    return marginals


def _run(
    request: ScoreRequest, capacity: Capacity, copies: Sequence[_Copy]
) -> Generator[Batch, LogProbs, list[tuple[_Copy, LogProbs]]]:
    """Yields batches of copies that all read the same number of places."""
    protein = encode(request.sequence)
    size = min(len(request.sequence), capacity.window)
    results: list[tuple[_Copy, LogProbs]] = []
    done = 0
    while done < len(copies):
        batch = copies[done : done + capacity.batch_size(size + 2)]
        results += zip(batch, (yield _assemble(protein, batch, size)), strict=True)
        done += len(batch)
    return results


def _assemble(protein: Tokens, batch: Sequence[_Copy], size: int) -> Batch:
    """A batch of copies with size + 2 tokens: `<bos>`, the window and `<eos>`."""
    tokens = np.empty((len(batch), size + 2), dtype=np.int64)
    tokens[:, 0], tokens[:, -1] = protein[0], protein[-1]
    reads = np.array([copy.reads for copy in batch], dtype=np.int64)
    for row, copy in enumerate(batch):
        tokens[row, 1:-1] = protein[copy.start + 1 : copy.start + 1 + size]
        reads[row] += 1 - copy.start
        if copy.masked:
            tokens[row, reads[row]] = MASK
    return Batch(tokens, reads)


def _joint_copies(request: ScoreRequest, window: int) -> dict[Variant, _Copy]:
    if not request.joint:
        return {}
    copies = {}
    for variant in request.variants:
        columns = tuple(request.column(site.position) for site in variant.sites)
        span = columns[-1] - columns[0] + 1
        if span > window:
            message = (
                f"Sites {variant.sites[0].position} and {variant.sites[-1].position} span {span} residues, a window "
                f"has {window}: they cannot be masked together. Leave joint out to sum the single-site scores."
            )
            raise InputError(ErrorCode.JOINT_NOT_POSSIBLE, message, {"span": span, "window": window})
        if len(columns) > 1:
            middle = (columns[0] + columns[-1] + 1) // 2
            copies[variant] = _Copy(centred_start(middle, len(request.sequence), window), columns, masked=True)
    return copies


def _empty(request: ScoreRequest, starts: Sequence[tuple[int, int]], capacity: Capacity) -> Marginals:
    size = min(len(request.sequence), capacity.window)
    table = np.full((len(request.sequence), 20), np.nan)
    return Marginals(table, windows=describe_windows(starts, size))
