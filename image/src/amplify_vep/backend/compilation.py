"""Compiles the blocks of a model, and keeps the result only if it works, is accurate and, with `auto`, fast enough."""

import os
import time
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from amplify_vep.backend.compiled import Compilation, CompiledStep, reason_of
from amplify_vep.backend.gate import EXACT_DIFFERENCE, GATE_PROTEIN, MAX_DIFFERENCE, check
from amplify_vep.backend.linear import PlainLinear
from amplify_vep.backend.model import FusedModel, Step
from amplify_vep.backend.precision import GATE_COLUMNS, times_of_a_batch
from amplify_vep.errors import ErrorCode, ModelError
from amplify_vep.protein.tokenizer import encode

OFF, ON, AUTO = "off", "on", "auto"
COMPILE_MODES = (OFF, ON, AUTO)

LEAST_GAIN = 1.1
"""With `auto`, how many times faster than eager a small batch must be to keep the compiled model."""

MOST_GRAPHS = 64
"""Number of batch shapes for which CUDA graphs are recorded. Each takes memory until the process ends."""

_WARM_UP_COPIES = (4, 1)
"""A batch of one copy is compiled separately, because the compiler removes dimensions of size 1."""

Compiler = Callable[[Step, str], Step]
"""Compiles the function of one block for a device."""


def compile_blocks(step: Step, device: str) -> Step:
    """One compiled function for all blocks: CUDA graphs on a GPU, C++ on a CPU. Compiles at the first call."""
    # In this process: a pool of compiler processes costs more memory and time than the few kernels of one block.
    os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")
    mode = "reduce-overhead" if device.startswith("cuda") else "default"
    # fullgraph: otherwise a graph break runs eagerly without any message.
    compiled: Step = torch.compile(step, fullgraph=True, mode=mode)
    return compiled


def choose_compiled(
    eager: FusedModel,
    build: Callable[[], FusedModel],
    expected: Callable[[], NDArray[np.float64]],
    wanted: str,
    compiler: Compiler = compile_blocks,
) -> tuple[FusedModel, Compilation]:
    """Compiles a model, warms it up and checks it, and returns it, or the eager model with the reason.

    Args:
        eager: the model to use if the compiled one is not kept.
        build: builds the same model with plain products; other products cannot be traced.
        expected: returns the llr of `GATE_COLUMNS` by the naive float32 loop; called only if the model compiles.
        wanted: `off`, `on`, or `auto` to keep the compiled model only if it is `LEAST_GAIN` times as fast.
        compiler: see `Compiler`; default `compile_blocks`.

    Raises:
        ModelError: DEVICE_UNSUITABLE if `wanted` is unknown.

    """
    check_mode(wanted)
    compilation = Compilation()
    if wanted == OFF:
        return eager, compilation
    model = build()
    _compile(model, compilation, compiler)
    if compilation.compiled:
        limit = EXACT_DIFFERENCE if model.dtype == torch.float32 else MAX_DIFFERENCE
        compilation.gate = gate = check(model.log_probs, expected(), GATE_COLUMNS, limit)
        if compilation.compiled and not gate.passed:
            found = f"Spearman {gate.spearman:.4f}, largest difference {gate.max_difference:.2g}"
            compilation.refuse(f"the compiled model fails the fidelity gate ({found})")
    if compilation.compiled:
        compilation.gain = _gain(eager, model)
        if wanted == AUTO and compilation.gain < LEAST_GAIN:
            compilation.refuse(f"the gain is too small ({compilation.gain:.2f} times as fast, {LEAST_GAIN} required)")
    return (model if compilation.compiled else eager), compilation


def check_mode(wanted: str) -> None:
    """Checks the mode of compilation.

    Raises:
        ModelError: DEVICE_UNSUITABLE if the mode is unknown.

    """
    if wanted not in COMPILE_MODES:
        message = f"The compile mode {wanted!r} is unknown; use {', '.join(COMPILE_MODES)}."
        raise ModelError(ErrorCode.DEVICE_UNSUITABLE, message)


def _gain(eager: FusedModel, model: FusedModel) -> float:
    """How many times faster one batch is."""
    eager_s, compiled_s = times_of_a_batch([eager, model])
    return eager_s / compiled_s


def _compile(model: FusedModel, compilation: Compilation, compiler: Compiler) -> None:
    """Replaces the step of the model by a compiled one, and warms it up with the gate's protein."""
    started = time.perf_counter()
    on_gpu = model.device.startswith("cuda")
    if on_gpu:
        for block in model.blocks:
            for product in (block.qkv, block.q, block.wo, block.w12, block.w3):
                if isinstance(product, PlainLinear):
                    # CUDA graphs copy every operand without a static address.
                    torch._dynamo.mark_static_address(product.weight)
    compilation.compiled = True
    try:
        compiled = compiler(model.step, model.device)
    except Exception as error:  # a compiler can raise anything; the eager model can still score
        compilation.refuse(reason_of(error))
        return
    model.step = CompiledStep(model, compiled, compilation, MOST_GRAPHS if on_gpu else None)
    protein = encode(GATE_PROTEIN)[None]
    for copies in _WARM_UP_COPIES:
        model.log_probs(np.repeat(protein, copies, axis=0), np.ones((copies, 1), dtype=np.int64))
    compilation.warm_up_s = round(time.perf_counter() - started, 3)
