"""What scoring asks of a model: log-probabilities of the 20 amino acids at chosen places of a batch of copies."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int64]
LogProbs = NDArray[np.float64]


class Engine(Protocol):
    """A model that is loaded on a device."""

    @property
    def window(self) -> int:
        """Residues that one copy can hold."""

    def batch_size(self, tokens: int) -> int:
        """Copies of `tokens` tokens each that one batch should hold, at least 1."""

    def log_probs(self, tokens: Tokens, reads: Tokens) -> LogProbs:
        """Passes a batch through the model.

        Args:
            tokens: ids, shape (B, T).
            reads: places in each copy to read, 0 is `<bos>`; shape (B, R).

        Returns:
            log p (natural log, softmax over the whole vocabulary in float32) of the 20 amino acids in heatmap row
            order; shape (B, R, 20), every value finite.

        """
