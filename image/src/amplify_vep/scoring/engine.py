"""The interface between scoring and a model: a batch of copies in, log-probabilities of the 20 amino acids out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int64]
LogProbs = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Batch:
    """Copies that pass through the model together. All have the same length and the same number of places to read.

    Attributes:
        tokens: ids, shape (B, T).
        reads: token indexes to read in each copy, 0 is `<bos>`; shape (B, R).

    """

    tokens: Tokens
    reads: Tokens

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def shape(self) -> tuple[int, int]:
        """Tokens per copy and places read per copy. Batches of the same shape can be joined."""
        return self.tokens.shape[1], self.reads.shape[1]


@dataclass(frozen=True, eq=False)
class Passed:
    """The result of a batch.

    Attributes:
        log_probs: log p (natural log, softmax over the whole vocabulary in float32) of the 20 amino acids in heatmap
            row order; shape (B, R, 20), every value finite.
        copies: copies that passed together, including those of other requests.
        seconds: the batch's share of the time of the pass.
        oom_retries: how often the pass was repeated because memory ran out.
        float32_recomputes: number of passes that were computed again in float32.

    """

    log_probs: LogProbs
    copies: int
    seconds: float = 0.0
    oom_retries: int = 0
    float32_recomputes: int = 0


class Capacity(Protocol):
    """How much a model can process at once."""

    @property
    def window(self) -> int:
        """Most residues in one copy."""

    def batch_size(self, tokens: int) -> int:
        """Number of copies in one batch, at least 1, where each copy has `tokens` tokens."""


class Engine(Capacity, Protocol):
    """A model on a device."""

    def run(self, batch: Batch) -> Passed:
        """Passes a batch through the model.

        Raises:
            ScoringError: the device or the model failed.

        """


def join(batches: Sequence[Batch]) -> Batch:
    """Joins batches of the same shape into one, in their order."""
    tokens, reads = ([getattr(batch, name) for batch in batches] for name in ("tokens", "reads"))
    return Batch(np.concatenate(tokens), np.concatenate(reads))


def split(passed: Passed, batches: Sequence[Batch]) -> list[Passed]:
    """Splits the result of joined batches into one result per batch."""
    ends = np.cumsum([len(batch) for batch in batches])
    parts = np.split(passed.log_probs, ends[:-1])
    return [replace(passed, log_probs=part, seconds=passed.seconds * len(part) / ends[-1]) for part in parts]
