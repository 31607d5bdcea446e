"""Precision by measurement: of the types that the device offers, the fastest that passes the gate."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from amplify_vep.backend.device import DTYPES, offered_dtypes
from amplify_vep.backend.gate import GATE_PROTEIN, GateReport, check, reference_llr
from amplify_vep.backend.linear import PACKED, PLAIN, packing_available
from amplify_vep.backend.model import FusedModel
from amplify_vep.errors import ErrorCode, ModelError
from amplify_vep.reference import ReferenceModel
from amplify_vep.tokenizer import encode

AUTO = "auto"
GATE_COLUMNS = list(range(2, len(GATE_PROTEIN), 4))
TIMED_BLOCKS = 4
"""Blocks of the model that are built to be timed: all are alike, and whole models of every kind would fill memory."""

Build = Callable[[torch.dtype, str, int | None], FusedModel]
"""Makes the model in a type, with a kernel of `make_linear`, with its first so many blocks (None for all)."""

_TIMED_COPIES = 4
_TIMES = 5
_CLEAR_GAIN = 0.9


@dataclass(frozen=True)
class Choice:
    """A model in the precision that was chosen, and why.

    Attributes:
        model: ready to score.
        dtype: its precision by name.
        gate: how close it came to float32; None where the caller insisted on a precision.

    """

    model: FusedModel
    dtype: str
    gate: GateReport | None


def choose(build: Build, reference: Callable[[], ReferenceModel], device: str, wanted: str) -> Choice:
    """Measures the candidates and gives the fastest faithful one.

    Args:
        build: makes the model.
        reference: makes the plain float32 model, called only where there is something to compare.
        device: where they run.
        wanted: `auto`, or the precision to use whatever the gate says.

    Raises:
        ModelError: DEVICE_UNSUITABLE for an unknown precision.

    """
    if wanted != AUTO:
        if wanted not in DTYPES:
            message = f"Precision {wanted!r} is unknown; use {AUTO}, {', '.join(DTYPES)}."
            raise ModelError(ErrorCode.DEVICE_UNSUITABLE, message)
        kernel, _ = _fastest_kernel(build, device, DTYPES[wanted])
        return Choice(build(DTYPES[wanted], kernel, None), wanted, None)
    timed = sorted(
        ((name, *_fastest_kernel(build, device, DTYPES[name])) for name in offered_dtypes(device)),
        key=lambda candidate: candidate[2],
    )
    expected: NDArray[np.float64] | None = None
    for name, kernel, _ in timed:
        model = build(DTYPES[name], kernel, None)
        if name == "float32":
            return Choice(model, name, None)
        if expected is None:
            expected = reference_llr(reference(), GATE_COLUMNS)
        report = check(model.log_probs, expected, GATE_COLUMNS)
        if report.passed:
            return Choice(model, name, report)
    raise AssertionError("float32 is always offered")


def _fastest_kernel(build: Build, device: str, dtype: torch.dtype) -> tuple[str, float]:
    """The fastest kernel, and its time for a small batch."""
    seconds = seconds_a_batch(build(dtype, PLAIN, TIMED_BLOCKS))
    if packing_available(device, dtype):
        packed_seconds = seconds_a_batch(build(dtype, PACKED, TIMED_BLOCKS))
        # PyTorch's own kernel unless the gain is clear, so that noise does not choose.
        if packed_seconds < _CLEAR_GAIN * seconds:
            return PACKED, packed_seconds
    return PLAIN, seconds


def seconds_a_batch(model: FusedModel) -> float:
    """Best time of a small batch, after one pass to warm up."""
    tokens = np.repeat(encode(GATE_PROTEIN)[None], _TIMED_COPIES, axis=0)
    reads = np.ones((_TIMED_COPIES, 1), dtype=np.int64)
    model.log_probs(tokens, reads)
    times = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        model.log_probs(tokens, reads)
        times.append(time.perf_counter() - started)
    return min(times)
