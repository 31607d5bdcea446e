"""Precision by measurement: of the types that the device offers, the fastest that passes the gate."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from amplify_vep.backend.device import DTYPES, offered_dtypes
from amplify_vep.backend.gate import GATE_PROTEIN, GateReport, check, reference_llr
from amplify_vep.backend.linear import PACKED, PLAIN, packing_available
from amplify_vep.backend.model import FusedModel
from amplify_vep.errors import ErrorCode, ModelError
from amplify_vep.reference import ReferenceModel
from amplify_vep.tokenizer import encode

AUTO = "auto"
GATE_COLUMNS = list(range(2, len(GATE_PROTEIN), 4))
_TIMED_COPIES = 4
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


def choose(
    build: Callable[[torch.dtype, str], FusedModel], reference: Callable[[], ReferenceModel], device: str, wanted: str
) -> Choice:
    """Measures the candidates and gives the fastest faithful one.

    Args:
        build: makes the model in a type, with a kernel of `make_linear`.
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
        return Choice(_fastest_kernel(build, device, DTYPES[wanted])[0], wanted, None)
    timed = sorted(
        ((*_fastest_kernel(build, device, DTYPES[name]), name) for name in offered_dtypes(device)),
        key=lambda candidate: candidate[1],
    )
    plain: ReferenceModel | None = None
    for model, _, name in timed:
        if name == "float32":
            return Choice(model, name, None)
        plain = plain or reference()
        report = check(model.log_probs, reference_llr(plain, GATE_COLUMNS), GATE_COLUMNS)
        if report.passed:
            return Choice(model, name, report)
    raise AssertionError("float32 is always offered")


def _fastest_kernel(
    build: Callable[[torch.dtype, str], FusedModel], device: str, dtype: torch.dtype
) -> tuple[FusedModel, float]:
    best = build(dtype, PLAIN)
    seconds = seconds_a_batch(best)
    if packing_available(device, dtype):
        packed = build(dtype, PACKED)
        packed_seconds = seconds_a_batch(packed)
        # PyTorch's own kernel unless the gain is clear, so that noise does not choose.
        if packed_seconds < _CLEAR_GAIN * seconds:
            return packed, packed_seconds
    return best, seconds


def seconds_a_batch(model: FusedModel) -> float:
    """Best time of a small batch, after one pass to warm up."""
    tokens = np.repeat(encode(GATE_PROTEIN)[None], _TIMED_COPIES, axis=0)
    reads = np.ones((_TIMED_COPIES, 1), dtype=np.int64)
    model.log_probs(tokens, reads)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        model.log_probs(tokens, reads)
        times.append(time.perf_counter() - started)
    return min(times)
