"""Batch size: as many copies as the plan of the device has tokens for, and as fit into memory."""

from dataclasses import dataclass, field

CPU_TOKENS, GPU_TOKENS = 2048, 16_384
"""Tokens per batch, always the same on one kind of device: a measured size would depend on what else the machine does.

2,048 are within 2 % of the best throughput on a CPU with two cores; 16,384 are still to be measured.
"""


@dataclass
class BatchPolicy:
    """The number of copies per batch, depending on the length of a copy.

    Attributes:
        tokens: preferred number of tokens per batch.
        token_limit: most tokens per batch that free memory allows; None if it is not known.
        limits: most copies per batch by tokens per copy, learned when memory ran out.

    """

    tokens: int = CPU_TOKENS
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
