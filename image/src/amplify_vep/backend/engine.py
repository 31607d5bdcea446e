"""The model on one device, as scoring uses it: batches that fit, and numbers that can be trusted."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from amplify_vep.backend.batching import BatchPolicy
from amplify_vep.backend.model import FusedModel
from amplify_vep.errors import ErrorCode, ScoringError
from amplify_vep.scoring.engine import LogProbs, Tokens


@dataclass
class EngineCounts:
    """What went otherwise than planned since the engine started."""

    oom_retries: int = 0
    float32_recomputes: int = 0


class TorchEngine:
    """Passes batches through a `FusedModel`.

    Args:
        model: in the precision that was chosen.
        policy: how many copies a batch holds.
        exact: gives the model in float32, for batches in which `model` overflows; called at most once.

    """

    def __init__(self, model: FusedModel, policy: BatchPolicy, exact: Callable[[], FusedModel]) -> None:
        self.model = model
        self.policy = policy
        self.counts = EngineCounts()
        self._load_exact = exact
        self._exact: FusedModel | None = None

    @property
    def window(self) -> int:
        """Residues that one copy can hold."""
        return self.model.config.window

    def batch_size(self, tokens: int) -> int:
        """Copies of `tokens` tokens each that one batch should hold, at least 1."""
        return self.policy.batch_size(tokens)

    def log_probs(self, tokens: Tokens, reads: Tokens) -> LogProbs:
        """Passes a batch through the model, in halves where memory does not suffice; see `scoring.engine.Engine`.

        Raises:
            ScoringError: OUT_OF_MEMORY where a single copy does not fit, NON_FINITE_SCORE where float32 gives NaN or
                infinity too.

        """
        try:
            return self._pass(tokens, reads)
        except torch.OutOfMemoryError as error:
            if len(tokens) == 1:
                message = f"One copy of {tokens.shape[1] - 2} residues does not fit into the device's memory."
                raise ScoringError(ErrorCode.OUT_OF_MEMORY, message) from error
        # Outside the handler: the exception's traceback would keep the failed batch's tensors alive.
        self.counts.oom_retries += 1
        self.policy.remember_limit(tokens.shape[1], len(tokens) // 2)
        if self.model.device.startswith("cuda"):
            torch.cuda.empty_cache()
        half = len(tokens) // 2
        return np.concatenate(
            [self.log_probs(tokens[:half], reads[:half]), self.log_probs(tokens[half:], reads[half:])]
        )

    def _pass(self, tokens: Tokens, reads: Tokens) -> LogProbs:
        values = self.model.log_probs(tokens, reads)
        if np.isfinite(values).all():
            return values
        self.counts.float32_recomputes += 1
        if self._exact is None:
            self._exact = self._load_exact()
        values = self._exact.log_probs(tokens, reads)
        if not np.isfinite(values).all():
            message = "The model gives NaN or infinity in float32: its weights are damaged."
            raise ScoringError(ErrorCode.NON_FINITE_SCORE, message)
        return values
