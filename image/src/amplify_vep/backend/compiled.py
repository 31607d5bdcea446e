"""A compiled block that falls back to the eager one if it fails, and the record of this."""

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
        compiled: whether the blocks run compiled now; False after a block has failed.
        reason: why they do not, although it was requested; otherwise empty.
        gain: how many times faster than eager a small batch is; None if it was not measured.
        warm_up_s: seconds that the compilation took.
        gate: how close the compiled model is to float32.

    """

    compiled: bool = False
    reason: str = ""
    gain: float | None = None
    warm_up_s: float | None = None
    gate: GateReport | None = None

    def refuse(self, reason: str) -> None:
        """Records and logs that the blocks run eagerly."""
        self.compiled, self.reason = False, reason
        _log.warning("the model runs without compilation: %s", reason)

    def to_json(self) -> dict[str, Any]:
        """The part of a result that describes the compilation."""
        return {"compiled": self.compiled, **({"not_compiled_because": self.reason} if self.reason else {})}


class CompiledStep:
    """A compiled block. If it fails, this is logged and the eager block is used from then on.

    Args:
        model: the model whose blocks are computed.
        compiled: the compiled form of the model's `step`.
        compilation: records a failure.
        most_shapes: number of batch shapes for which `compiled` is used, other shapes run eagerly; None (default) for
            all.

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
        """Maps the residual stream (B, T, hidden) to the next one, see `FusedModel.step`."""
        if not self._compilation.compiled or not self._admits(tuple(x.shape)):
            return self._plain(block, x, rotary)
        try:
            if block is self._first:
                self._begin(x, rotary)
            return self._compiled(block, x, rotary)
        except Exception as error:  # a compiler can raise anything; the eager block can still score
            if isinstance(error, torch.AcceleratorError) or is_out_of_memory(error):
                raise  # caused by the batch or the device, not by the compiler
            self._compilation.refuse(reason_of(error))
        return self._plain(block, x, rotary)

    def _begin(self, x: Tensor, rotary: Tensor) -> None:
        """Marks the dimensions that differ between batches, and the start of a pass for CUDA graphs."""
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
    """The class and the first line of an error, as the reason in a result."""
    lines = str(error).strip().splitlines() or ["no message"]
    return f"{type(error).__name__}: {lines[0]}"[:_LONGEST_REASON]
