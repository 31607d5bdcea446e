"""Chooses the precision by measurement: the fastest that the device offers and that passes the fidelity gate."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from amplify_vep.backend.batch_size import default_tokens
from amplify_vep.backend.device import DTYPES, offered_dtypes
from amplify_vep.backend.gate import GATE_PROTEIN, GateReport, check, reference_llr
from amplify_vep.backend.linear import PACKED, PLAIN, packing_available
from amplify_vep.backend.model import FusedModel
from amplify_vep.backend.reference import ReferenceModel
from amplify_vep.backend.timing import best_seconds
from amplify_vep.errors import ErrorCode, ModelError
from amplify_vep.protein.tokenizer import encode

AUTO = "auto"
GATE_COLUMNS = list(range(2, len(GATE_PROTEIN), 4))
"""0-based columns of the gate's protein that are compared."""

TIMED_BLOCKS = 4
"""Number of blocks in the models that are timed. All blocks are alike, and several whole models may not fit."""

Build = Callable[[torch.dtype, str, int | None], FusedModel]
"""Builds the model in a type, with a kernel of `make_linear` and a number of blocks (None for all)."""

_TIMED_COPIES = 4
_ROUNDS = 7
_FAVOUR = {PLAIN: 0.98, PACKED: 1.0}
_FIRST_BY = 0.9


@dataclass(frozen=True)
class Choice:
    """A model in the chosen precision.

    Attributes:
        model: ready to score.
        dtype: name of its precision.
        gate: how close it is to float32; None if the caller chose the precision, or it is float32.

    """

    model: FusedModel
    dtype: str
    gate: GateReport | None


def choose(build: Build, reference: Callable[[], ReferenceModel], device: str, wanted: str) -> Choice:
    """Measures the candidates and returns the fastest one that passes the gate.

    Args:
        build: builds the model.
        reference: builds the plain float32 model; called only if there is something to compare.
        device: such as `cpu` or `cuda:0`.
        wanted: `auto`, or the precision to use without the gate.

    Raises:
        ModelError: DEVICE_UNSUITABLE if the precision is unknown.

    """
    if wanted != AUTO and wanted not in DTYPES:
        message = f"Precision {wanted!r} is unknown; use {AUTO}, {', '.join(DTYPES)}."
        raise ModelError(ErrorCode.DEVICE_UNSUITABLE, message)
    ranked = _fastest_first(build, device, offered_dtypes(device) if wanted == AUTO else [wanted])
    expected: NDArray[np.float64] | None = None
    for name, kernel in ranked:
        model = build(DTYPES[name], kernel, None)
        if name in (wanted, "float32"):
            return Choice(model, name, None)
        if expected is None:
            expected = reference_llr(reference(), GATE_COLUMNS)
        report = check(model.log_probs, expected, GATE_COLUMNS)
        if report.passed:
            return Choice(model, name, report)
    raise AssertionError("float32 is always offered")


def _fastest_first(build: Build, device: str, names: list[str]) -> list[tuple[str, str]]:
    """Each precision with its fastest kernel, sorted by the time of one batch."""
    kernels = {name: [PLAIN, PACKED] if packing_available(device, DTYPES[name]) else [PLAIN] for name in names}
    tried = [(name, kernel) for name in names for kernel in kernels[name]]
    if len(tried) == 1:
        return tried
    models = [build(DTYPES[name], kernel, TIMED_BLOCKS) for name, kernel in tried]
    times = dict(zip(tried, times_of_a_batch(models), strict=True))
    # PyTorch's own kernel unless the other is clearly faster: noise must not decide.
    shortest = [min(kernels[name], key=lambda each: times[name, each] * _FAVOUR[each]) for name in names]
    # The first precision stays first unless another is clearly faster: all workers should choose the same.
    fastest = zip(names, shortest, strict=True)
    return sorted(fastest, key=lambda each: times[each] * (_FIRST_BY if each[0] == names[0] else 1))


def times_of_a_batch(models: Sequence[FusedModel]) -> list[float]:
    """Best time of one batch in seconds, for each model."""
    protein = encode(GATE_PROTEIN)
    # On a GPU a full batch: a small one takes the same time in any precision.
    copies = default_tokens(models[0].device) // len(protein) if models[0].device.startswith("cuda") else _TIMED_COPIES
    tokens, reads = np.repeat(protein[None], copies, axis=0), np.ones((copies, 1), dtype=np.int64)
    return best_seconds([partial(model.log_probs, tokens, reads) for model in models], _ROUNDS)
