"""How many masked copies a batch holds: as few as reach nearly the best throughput, as many as memory allows."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

ENOUGH = 0.97
"""Share of the best measured throughput that the chosen batch must reach."""

DEFAULT_TOKENS = 512
"""Tokens a batch where nothing was measured."""

_TOKENS_A_COPY = 128
_LARGEST = 65_536


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
        limits = [limit for length, limit in self.limits.items() if length <= tokens]
        return max(1, min([wanted, *limits]))

    def remember_limit(self, tokens: int, copies: int) -> None:
        """Notes that more than `copies` copies of `tokens` tokens do not fit."""
        self.limits[tokens] = min(max(1, copies), self.limits.get(tokens, max(1, copies)))


def measure_tokens(run: Callable[[int, int], None], budget_s: float, limit: int = _LARGEST) -> int:
    """Doubles the batch until throughput grows no more, and gives the smallest that reaches `ENOUGH` of the best.

    Args:
        run: passes (copies, tokens a copy) through the model and waits for the result.
        budget_s: seconds after which no larger batch is tried.
        limit: tokens that no batch shall exceed.

    Returns:
        Tokens a batch.

    """
    started = time.perf_counter()
    speeds: dict[int, float] = {}
    copies = 1
    while copies * _TOKENS_A_COPY <= limit:
        run(copies, _TOKENS_A_COPY)
        best = min(_time(run, copies) for _ in range(2))
        speeds[copies] = copies / best
        slower = len(speeds) > 2 and speeds[copies] < max(speeds.values()) / ENOUGH * ENOUGH**2  # noqa: PLR2004
        if slower or time.perf_counter() - started > budget_s:
            break
        copies *= 2
    enough = ENOUGH * max(speeds.values())
    return _TOKENS_A_COPY * min(size for size, speed in speeds.items() if speed >= enough)


def _time(run: Callable[[int, int], None], copies: int) -> float:
    started = time.perf_counter()
    run(copies, _TOKENS_A_COPY)
    return time.perf_counter() - started
