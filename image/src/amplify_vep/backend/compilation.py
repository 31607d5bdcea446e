"""Compiles the blocks of a model with torch.compile. Off by default: no GPU has shown yet that it pays."""

import os

import torch

from amplify_vep.backend.model import Block, FusedModel, Step
from amplify_vep.errors import ErrorCode, ModelError

COMPILE_MODES = OFF, ON = "off", "on"
_LONGEST_REASON = 300


def check_mode(wanted: str) -> None:
    """Checks the mode of compilation.

    Raises:
        ModelError: DEVICE_UNSUITABLE if the mode is unknown.

    """
    if wanted not in COMPILE_MODES:
        message = f"The compile mode {wanted!r} is unknown; use {', '.join(COMPILE_MODES)}."
        raise ModelError(ErrorCode.DEVICE_UNSUITABLE, message)


def compile_blocks(model: FusedModel) -> None:
    """Replaces the step of a model by one compiled function for all blocks, lengths and batch sizes.

    It compiles at the first call, for which the fidelity gate is enough: its batches have one copy and several. The
    last block runs eagerly, because it computes little. The products must be plain: others cannot be traced.
    """
    # In this process: a pool of compiler processes costs more memory and time than the few kernels of one block.
    os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")
    # fullgraph: otherwise a graph break runs eagerly without any message.
    compiled: Step = torch.compile(model.step, fullgraph=True)

    def step(block: Block, x: torch.Tensor, rotary: torch.Tensor) -> torch.Tensor:
        for part, dimension in ((x, 0), (x, 1), (rotary, 0)):
            torch._dynamo.maybe_mark_dynamic(part, dimension)
        return compiled(block, x, rotary)

    model.step = step


def reason_of(error: Exception) -> str:
    """The class and the first line of an error."""
    lines = str(error).strip().splitlines() or ["no message"]
    return f"{type(error).__name__}: {lines[0]}"[:_LONGEST_REASON]
