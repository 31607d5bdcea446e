"""How many masked copies a batch holds: as few as reach nearly the best throughput, as many as memory allows."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from amplify_vep.backend.memory import is_out_of_memory
from amplify_vep.backend.timing import seconds

ENOUGH = 0.97
"""Share of the best measured throughput that the chosen batch must reach."""

DEFAULT_TOKENS = 1024
"""Tokens a batch of a CPU where nothing was measured."""

_DEFAULT_TOKENS_OF_A_GPU = 16_384
_TOKENS_A_COPY = 128
_LARGEST = 65_536
_FLAT = 4
"""How many times the best batch is passed by before growing ends."""


@dataclass
class BatchPolicy:
    """Copies a batch, by the length of a copy.

    Attributes:
        tokens: that a batch should hold.
        token_limit: tokens that free memory allows in one batch; None where it is not known.
        limits: copies that fitted after memory ran out, by tokens a copy.

    """

    tokens: int = DEFAULT_TOKENS
    token_limit: int | None = None
    limits: dict[int, int] = field(default_factory=dict)

    def batch_size(self, tokens: int) -> int:
        """Copies of `tokens` tokens each that one batch should hold, at least 1."""
        wanted = -(-self.tokens // tokens)
        if self.token_limit is not None:
            wanted = min(wanted, self.token_limit // tokens)
        return self.fitting(wanted, tokens)

    def fitting(self, copies: int, tokens: int) -> int:
        """Of so many copies as many as fit, at least 1, by what is known of those no longer."""
        limits = [limit for length, limit in self.limits.items() if length <= tokens]
        return max(1, min([copies, *limits]))

    def remember_limit(self, tokens: int, copies: int) -> None:
        """Notes that more than `copies` copies of `tokens` tokens do not fit."""
        self.limits[tokens] = min(max(1, copies), self.limits.get(tokens, max(1, copies)))


def default_tokens(device: str) -> int:
    """Tokens a batch of a device where nothing was measured."""
    return _DEFAULT_TOKENS_OF_A_GPU if device.startswith("cuda") else DEFAULT_TOKENS


def measure_tokens(run: Callable[[int, int], None], budget_s: float, limit: int = _LARGEST) -> int:
    """Doubles the batch until throughput grows no more, and gives the smallest that reaches `ENOUGH` of the best.

    Half of the time goes to growing, the rest to further rounds over all sizes, of which each keeps its best time: on
    a shared machine a single one would choose by chance.

    Args:
        run: passes (copies, tokens a copy) through the model and waits for the result.
        budget_s: seconds after which no larger batch is tried and no further round begun.
        limit: tokens that no batch shall exceed.

    Returns:
        Tokens a batch.

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
