"""The engine of scoring on one device: keeps batches within memory and scores finite."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from amplify_vep.backend.batch_size import BatchPolicy
from amplify_vep.backend.memory import is_out_of_memory, release_cached
from amplify_vep.backend.model import FusedModel
from amplify_vep.errors import ErrorCode, ScoringError
from amplify_vep.scoring.engine import Batch, LogProbs, Passed, Tokens

MOST_OVERFLOWS = 16
"""Batches in a row that overflow, after which the model scores only in float32: each was computed twice."""

_log = logging.getLogger(__name__)


@dataclass
class _Counts:
    """Counts of retries in one pass."""

    oom_retries: int = 0
    float32_recomputes: int = 0


class TorchEngine:
    """Passes batches through a `FusedModel`.

    Args:
        model: the model in the chosen precision.
        policy: the batch size.
        exact: returns the model in float32, for copies in which `model` overflows; called at most once.

    Attributes:
        always_exact: whether all copies are computed in float32, because `MOST_OVERFLOWS` batches in a row overflowed.

    """

    def __init__(self, model: FusedModel, policy: BatchPolicy, exact: Callable[[], FusedModel]) -> None:
        self.model = model
        self.policy = policy
        self._load_exact = exact
        self._exact: FusedModel | None = None
        self._overflows = 0

    @property
    def always_exact(self) -> bool:
        """See the class."""
        return self._overflows >= MOST_OVERFLOWS

    @property
    def window(self) -> int:
        """Most residues in one copy."""
        return self.model.config.window

    def batch_size(self, tokens: int) -> int:
        """Number of copies in one batch, at least 1, where each copy has `tokens` tokens."""
        return self.policy.batch_size(tokens)

    def run(self, batch: Batch) -> Passed:
        """Passes a batch through the model, in parts if memory is not sufficient.

        Raises:
            ScoringError: OUT_OF_MEMORY if a single copy does not fit; NON_FINITE_SCORE if the result is NaN or infinity
                in float32 too.

        """
        started = time.perf_counter()
        counts = _Counts()
        values = self._in_parts(batch.tokens, batch.reads, counts)
        return Passed(values, len(batch), time.perf_counter() - started, **vars(counts))

    def _in_parts(self, tokens: Tokens, reads: Tokens, counts: _Counts) -> LogProbs:
        """Passes as many copies at a time as fit: the limit may be lower now than when the batch was made."""
        done: list[LogProbs] = []
        start = 0
        while start < len(tokens):
            end = start + self.policy.fitting(len(tokens) - start, tokens.shape[1])
            done.append(self._fitting(tokens[start:end], reads[start:end], counts))
            start = end
        return np.concatenate(done)

    def _fitting(self, tokens: Tokens, reads: Tokens, counts: _Counts, released: bool = False) -> LogProbs:
        copies, length = tokens.shape
        try:
            return self._finite(tokens, reads, counts)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            if copies == 1 and released:
                message = f"One copy of {length - 2} residues does not fit into the memory of the device."
                raise ScoringError(ErrorCode.OUT_OF_MEMORY, message) from error
        # Outside the handler: the traceback of the exception keeps the tensors of the failed batch alive.
        counts.oom_retries += 1
        release_cached(self.model.device)
        if copies == 1:
            return self._fitting(tokens, reads, counts, released=True)
        self.policy.remember_limit(length, copies // 2)
        return self._in_parts(tokens, reads, counts)

    def _finite(self, tokens: Tokens, reads: Tokens, counts: _Counts) -> LogProbs:
        if self.always_exact:
            values = self._in_float32(tokens, reads, counts)
        else:
            values = self.model.log_probs(tokens, reads)
            # Only the copies that overflow, so that the other copies in the batch have the scores that they have alone.
            overflowed = ~np.isfinite(values).all(axis=(1, 2))
            if not overflowed.any():
                self._overflows = 0
                return values
            counts.float32_recomputes += 1
            self._count_overflow()
            values[overflowed] = self._in_float32(tokens[overflowed], reads[overflowed], counts)
        if not np.isfinite(values).all():
            message = "The model returns NaN or infinity in float32: its weights are damaged."
            raise ScoringError(ErrorCode.NON_FINITE_SCORE, message)
        return values

    def _count_overflow(self) -> None:
        self._overflows += 1
        if self.always_exact:
            _log.warning("%d batches in a row overflowed: the model scores in float32 from now on", MOST_OVERFLOWS)

    def _in_float32(self, tokens: Tokens, reads: Tokens, counts: _Counts) -> LogProbs:
        try:
            return self._exact_model().log_probs(tokens, reads)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        # One by one, without learning a limit: float32 needs more memory than the chosen precision.
        counts.oom_retries += 1
        release_cached(self.model.device)
        exact = self._exact_model()
        return np.concatenate([exact.log_probs(*copy) for copy in zip(tokens[:, None], reads[:, None], strict=True)])

    def _exact_model(self) -> FusedModel:
        if self._exact is None:
            self._exact = self._load_exact()
        return self._exact
