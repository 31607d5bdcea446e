"""torch.compile over a model's blocks, kept only where it works, is faithful and, with `auto`, gains enough."""

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
"""How many times faster than eager a small batch must be for `auto` to keep the compiled model."""

MOST_GRAPHS = 64
"""Shapes of a batch for which CUDA graphs are recorded: each holds memory for as long as the process lives."""

_WARM_UP_COPIES = (4, 1)
"""One copy alone is compiled apart from several, for its dimension vanishes."""

Compiler = Callable[[Step, str], Step]
"""Compiles what one block does, for a device."""


def compile_blocks(step: Step, device: str) -> Step:
    """One compiled function for all blocks: CUDA graphs on a GPU, C++ on a CPU; compiles when first called."""
    # In this process: a pool of compilers costs more memory and time than one block's few kernels take.
    os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")
    mode = "reduce-overhead" if device.startswith("cuda") else "default"
    # A break in the graph would fall back to eager in silence.
    compiled: Step = torch.compile(step, fullgraph=True, mode=mode)
    return compiled


def choose_compiled(
    eager: FusedModel,
    build: Callable[[], FusedModel],
    expected: Callable[[], NDArray[np.float64]],
    wanted: str,
    compiler: Compiler = compile_blocks,
) -> tuple[FusedModel, Compilation]:
    """Compiles, warms and gates a model, and gives it, or the eager one and the reason.

    Args:
        eager: what runs otherwise.
        build: makes the same model with plain products, which alone can be traced.
        expected: gives the llr of `GATE_COLUMNS` by the naive float32 loop; called only for a model that compiles.
        wanted: `off`, `on`, or `auto` to keep it only where it is `LEAST_GAIN` times as fast.
        compiler: see `Compiler`.

    Raises:
        ModelError: DEVICE_UNSUITABLE for an unknown `wanted`.

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
            compilation.refuse(f"it fails the fidelity gate ({found})")
    if compilation.compiled:
        compilation.gain = _gain(eager, model)
        if wanted == AUTO and compilation.gain < LEAST_GAIN:
            compilation.refuse(f"its gain is too small ({compilation.gain:.2f} times as fast, {LEAST_GAIN} needed)")
    return (model if compilation.compiled else eager), compilation


def check_mode(wanted: str) -> None:
    """Refuses an unknown mode.

    Raises:
        ModelError: DEVICE_UNSUITABLE.

    """
    if wanted not in COMPILE_MODES:
        message = f"Compiling {wanted!r} is unknown; use {', '.join(COMPILE_MODES)}."
        raise ModelError(ErrorCode.DEVICE_UNSUITABLE, message)


def _gain(eager: FusedModel, model: FusedModel) -> float:
    """How many times faster a batch is."""
    eager_s, compiled_s = times_of_a_batch([eager, model])
    return eager_s / compiled_s


def _compile(model: FusedModel, compilation: Compilation, compiler: Compiler) -> None:
    """Replaces the model's step by a compiled one, and passes the gate's protein through it."""
    started = time.perf_counter()
    on_gpu = model.device.startswith("cuda")
    if on_gpu:
        for block in model.blocks:
            for product in (block.qkv, block.q, block.wo, block.w12, block.w3):
                if isinstance(product, PlainLinear):
                    # CUDA graphs copy every operand that they are not told to find in place.
                    torch._dynamo.mark_static_address(product.weight)
    compilation.compiled = True
    try:
        compiled = compiler(model.step, model.device)
    except Exception as error:  # whatever a compiler raises, the eager model still scores
        compilation.refuse(reason_of(error))
        return
    model.step = CompiledStep(model, compiled, compilation, MOST_GRAPHS if on_gpu else None)
    protein = encode(GATE_PROTEIN)[None]
    for copies in _WARM_UP_COPIES:
        model.log_probs(np.repeat(protein, copies, axis=0), np.ones((copies, 1), dtype=np.int64))
    compilation.warm_up_s = round(time.perf_counter() - started, 3)
