"""Batch size: the smallest batch that reaches nearly the best throughput and fits into memory."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from amplify_vep.backend.memory import is_out_of_memory
from amplify_vep.backend.timing import seconds

ENOUGH = 0.97
"""Share of the best measured throughput that the chosen batch size must reach."""

DEFAULT_TOKENS = 1024
"""Tokens per batch on a CPU if nothing was measured."""

_DEFAULT_TOKENS_OF_A_GPU = 16_384
_TOKENS_A_COPY = 128
_LARGEST = 65_536
_FLAT = 4
"""Batch sizes up to this many times the fastest one are tried before the search ends."""


@dataclass
class BatchPolicy:
    """The number of copies per batch, depending on the length of a copy.

    Attributes:
        tokens: preferred number of tokens per batch.
        token_limit: most tokens per batch that free memory allows; None if it is not known.
        limits: most copies per batch by tokens per copy, learned when memory ran out.

    """

    tokens: int = DEFAULT_TOKENS
    token_limit: int | None = None
    limits: dict[int, int] = field(default_factory=dict)

    def batch_size(self, tokens: int) -> int:
        """Number of copies in one batch, at least 1, where each copy has `tokens` tokens."""
        wanted = -(-self.tokens // tokens)
        if self.token_limit is not None:
            wanted = min(wanted, self.token_limit // tokens)
        return self.fitting(wanted, tokens)

    def fitting(self, copies: int, tokens: int) -> int:
        """How many of `copies` fit, at least 1, given the out-of-memory limits learned at this length or shorter."""
        limits = [limit for length, limit in self.limits.items() if length <= tokens]
        return max(1, min([copies, *limits]))

    def remember_limit(self, tokens: int, copies: int) -> None:
        """Records that more than `copies` copies of `tokens` tokens do not fit."""
        self.limits[tokens] = min(max(1, copies), self.limits.get(tokens, max(1, copies)))


def default_tokens(device: str) -> int:
    """Tokens per batch on a device if nothing was measured."""
    return _DEFAULT_TOKENS_OF_A_GPU if device.startswith("cuda") else DEFAULT_TOKENS


def measure_tokens(run: Callable[[int, int], None], budget_s: float, limit: int = _LARGEST) -> int:
    """Doubles the batch size until throughput stops growing; returns the smallest that reaches `ENOUGH` of the best.

    Half of the time is for growing the batch. The rest is for more rounds over all sizes, of which each keeps its best
    time, because the result of a single round is random on a shared machine.

    Args:
        run: passes (copies, tokens per copy) through the model and waits for the result.
        budget_s: seconds after which no larger batch is tried and no other round is started.
        limit: most tokens per batch; default 65,536.

    Returns:
        Tokens per batch.

    """
    started = time.perf_counter()
    best: dict[int, float] = {}

    def time_of(copies: int) -> float:
        return seconds(lambda: run(copies, _TOKENS_A_COPY))

    copies = 1
    while copies * _TOKENS_A_COPY <= min(limit, _LARGEST):
        try:
            run(copies, _TOKENS_A_COPY)
            best[copies] = time_of(copies)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            break
        fastest = max(best, key=lambda size: size / best[size])
        if copies >= _FLAT * fastest or time.perf_counter() - started > budget_s / 2:
            break
        copies *= 2
    while best and time.perf_counter() - started < budget_s:
        best = {size: min(shortest, time_of(size)) for size, shortest in best.items()}
    enough = ENOUGH * max((size / shortest for size, shortest in best.items()), default=0.0)
    return _TOKENS_A_COPY * min((size for size, shortest in best.items() if size / shortest >= enough), default=1)
