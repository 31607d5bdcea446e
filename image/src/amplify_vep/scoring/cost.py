"""The cost of work, in tokens of a short copy: how busy a worker is, and how long a pass should take."""

from amplify_vep.scoring.request import ScoreRequest, Scoring

_EQUAL_TOKENS = 4000
"""Tokens per copy at which attention multiplies as much as the other products: 3,850 (120M) to 5,760 (350M)."""

_WINDOW = 2046
"""Most residues in one copy of the published models. The front process, which counts with it, loads no model."""


def copy_cost(tokens: int) -> float:
    """Cost of one copy: its tokens, plus a part for attention that grows with their square."""
    return tokens * (1 + tokens / _EQUAL_TOKENS)


def request_cost(request: ScoreRequest) -> float:
    """Cost of all copies of a request."""
    size = min(len(request.sequence), _WINDOW)
    if request.scoring is Scoring.WT_MARGINALS:
        # Half-overlapping windows.
        copies = 1 + -(-2 * (len(request.sequence) - size) // size)
    else:
        copies = len(request.scored_columns()) + sum(
            request.joint and len(variant.sites) > 1 for variant in request.variants
        )
    return copies * copy_cost(size + 2)
