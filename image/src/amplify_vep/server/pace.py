"""How long the next pass can take: the time after which a worker counts as hung."""

from collections.abc import Callable

from amplify_vep.scoring.cost import copy_cost
from amplify_vep.scoring.engine import Batch, Engine, Passed

FACTOR = 20.0
"""How many times slower than at the best speed so far a pass can be: another program uses the device, memory runs out
and the batch is halved, or it is computed again in float32."""


class PacedEngine:
    """Measures the speed of an engine, and announces each pass before it begins.

    Args:
        engine: the engine that passes the batches.
        announce: called with the seconds that the next pass can take; 0 if nothing was measured yet.

    """

    def __init__(self, engine: Engine, announce: Callable[[float], None]) -> None:
        self._engine = engine
        self._announce = announce
        self._seconds_per_cost: float | None = None

    @property
    def window(self) -> int:
        """See `Capacity`."""
        return self._engine.window

    def batch_size(self, tokens: int) -> int:
        """See `Capacity`."""
        return self._engine.batch_size(tokens)

    def run(self, batch: Batch) -> Passed:
        """See `Engine`."""
        cost = len(batch) * copy_cost(batch.tokens.shape[1])
        self._announce(FACTOR * cost * (self._seconds_per_cost or 0.0))
        passed = self._engine.run(batch)
        pace = passed.seconds / cost
        self._seconds_per_cost = pace if self._seconds_per_cost is None else min(self._seconds_per_cost, pace)
        return passed
