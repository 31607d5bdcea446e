"""A compiled block that gives way to the plain one when it fails, and the record of whether it has."""

import logging
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from amplify_vep.backend.gate import GateReport
from amplify_vep.backend.memory import is_out_of_memory
from amplify_vep.backend.model import Block, FusedModel, Step

_LONGEST_REASON = 300
_log = logging.getLogger(__name__)


@dataclass
class Compilation:
    """Whether the blocks run compiled.

    Attributes:
        compiled: they do, now; a block that fails later makes it False.
        reason: why not, though it was asked for; empty otherwise.
        gain: how many times faster than eager a small batch was; None where it was not measured.
        warm_up_s: seconds that compiling took.
        gate: how close the compiled model came to float32.

    """

    compiled: bool = False
    reason: str = ""
    gain: float | None = None
    warm_up_s: float | None = None
    gate: GateReport | None = None

    def refuse(self, reason: str) -> None:
        """Records that the blocks run eagerly, and says so in the log."""
        self.compiled, self.reason = False, reason
        _log.warning("the model runs uncompiled: %s", reason)

    def to_json(self) -> dict[str, Any]:
        """What a result says of it."""
        return {"compiled": self.compiled, **({"not_compiled_because": self.reason} if self.reason else {})}


class CompiledStep:
    """A compiled block that gives way to the plain one, loudly and for good, when it fails.

    Args:
        model: whose blocks it computes.
        compiled: the same as the model's own `step`.
        compilation: where a failure is recorded.
        most_shapes: shapes of a batch that are passed to `compiled`, later ones run plainly; None for all.

    """

    def __init__(
        self, model: FusedModel, compiled: Step, compilation: Compilation, most_shapes: int | None = None
    ) -> None:
        self._first = model.blocks[0]
        self._graphs = model.device.startswith("cuda")
        self._plain = model.step
        self._compiled = compiled
        self._compilation = compilation
        self._most_shapes = most_shapes
        self._shapes: set[tuple[int, ...]] = set()

    def __call__(self, block: Block, x: Tensor, rotary: Tensor) -> Tensor:
        """Maps the residual stream (B, T, hidden) to the next, see `FusedModel.step`."""
        if not self._compilation.compiled or not self._admits(tuple(x.shape)):
            return self._plain(block, x, rotary)
        try:
            if block is self._first:
                self._begin(x, rotary)
            return self._compiled(block, x, rotary)
        except Exception as error:  # whatever a compiler raises, the plain block still scores
            if isinstance(error, torch.AcceleratorError) or is_out_of_memory(error):
                raise  # The batch's or the device's fault, not the compiler's.
            self._compilation.refuse(reason_of(error))
        return self._plain(block, x, rotary)

    def _begin(self, x: Tensor, rotary: Tensor) -> None:
        """Tells the compiler that batches differ in copies and length, and its graphs that a pass begins."""
        for part, dimension in ((x, 0), (x, 1), (rotary, 0)):
            torch._dynamo.maybe_mark_dynamic(part, dimension)
        if self._graphs:
            torch.compiler.cudagraph_mark_step_begin()  # type: ignore[no-untyped-call]

    def _admits(self, shape: tuple[int, ...]) -> bool:
        if self._most_shapes is None or shape in self._shapes:
            return True
        if len(self._shapes) < self._most_shapes:
            self._shapes.add(shape)
            return True
        return False


def reason_of(error: Exception) -> str:
    """What a failure is told as: its kind and its first line."""
    lines = str(error).strip().splitlines() or ["no message"]
    return f"{type(error).__name__}: {lines[0]}"[:_LONGEST_REASON]
