"""What scoring asks of a model: log-probabilities of the 20 amino acids at chosen places of a batch of copies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int64]
LogProbs = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Batch:
    """Copies that pass through the model together, all of one length and with as many places to read.

    Attributes:
        tokens: ids, shape (B, T).
        reads: places in each copy to read, 0 is `<bos>`; shape (B, R).

    """

    tokens: Tokens
    reads: Tokens

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def shape(self) -> tuple[int, int]:
        """Tokens a copy, and places read in each: batches that share it can be joined."""
        return self.tokens.shape[1], self.reads.shape[1]


@dataclass(frozen=True, eq=False)
class Passed:
    """What came of a batch.

    Attributes:
        log_probs: log p (natural log, softmax over the whole vocabulary in float32) of the 20 amino acids in heatmap
            row order; shape (B, R, 20), every value finite.
        copies: that passed together, those of others included.
        seconds: the batch's share of the time that the pass took.
        oom_retries: times that the pass was halved because memory ran out.
        float32_recomputes: passes that were computed again in float32.

    """

    log_probs: LogProbs
    copies: int
    seconds: float = 0.0
    oom_retries: int = 0
    float32_recomputes: int = 0


class Capacity(Protocol):
    """How much a model takes at once."""

    @property
    def window(self) -> int:
        """Residues that one copy can hold."""

    def batch_size(self, tokens: int) -> int:
        """Copies of `tokens` tokens each that one batch should hold, at least 1."""


class Engine(Capacity, Protocol):
    """A model that is loaded on a device."""

    def run(self, batch: Batch) -> Passed:
        """Passes a batch through the model.

        Raises:
            ScoringError: the device or the model failed.

        """


def join(batches: Sequence[Batch]) -> Batch:
    """One batch of several that share their shape, in their order."""
    tokens, reads = ([getattr(batch, name) for batch in batches] for name in ("tokens", "reads"))
    return Batch(np.concatenate(tokens), np.concatenate(reads))


def split(passed: Passed, batches: Sequence[Batch]) -> list[Passed]:
    """What came of each of the batches that were joined."""
    ends = np.cumsum([len(batch) for batch in batches])
    parts = np.split(passed.log_probs, ends[:-1])
    return [replace(passed, log_probs=part, seconds=passed.seconds * len(part) / ends[-1]) for part in parts]
