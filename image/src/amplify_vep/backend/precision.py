"""Builds the model by the first plan of its device that passes the fidelity gate."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amplify_vep.backend.compilation import compile_blocks, reason_of
from amplify_vep.backend.device import DTYPES
from amplify_vep.backend.gate import EXACT_DIFFERENCE, GATE_COLUMNS, MAX_DIFFERENCE, GateReport, check
from amplify_vep.backend.model import FusedModel
from amplify_vep.backend.plan import Plan, plan_for, plans
from amplify_vep.errors import ErrorCode, ModelError

AUTO = "auto"
Build = Callable[[Plan], FusedModel]
"""Builds the model by a plan."""


@dataclass(frozen=True)
class Choice:
    """A model and its plan.

    Attributes:
        model: ready to score.
        plan: how it computes.
        gate: how close it is to float32; None if it was not compared.

    """

    model: FusedModel
    plan: Plan
    gate: GateReport | None


def choose(
    build: Build, expected: Callable[[], NDArray[np.float64]], device: str, wanted: str, compiling: bool = False
) -> Choice:
    """Returns the model of the first plan that passes the gate.

    Args:
        build: builds the model; with plain products if it is to be compiled.
        expected: returns the llr of `GATE_COLUMNS` by the naive float32 loop; called only if there is something to
            compare.
        device: such as `cpu` or `cuda:0`.
        wanted: `auto`, or the precision to use without the gate.
        compiling: compile the blocks; the gate then checks every precision.

    Raises:
        ModelError: DEVICE_UNSUITABLE if the precision is unknown, or the model cannot be compiled, or fails the gate
            when it is compiled.

    """
    if wanted != AUTO and wanted not in DTYPES:
        message = f"Precision {wanted!r} is unknown; use {AUTO}, {', '.join(DTYPES)}."
        raise ModelError(ErrorCode.DEVICE_UNSUITABLE, message)
    compared: NDArray[np.float64] | None = None
    for plan in plans(device) if wanted == AUTO else [plan_for(device, wanted)]:
        model = build(plan)
        if not compiling and plan.dtype in (wanted, "float32"):
            return Choice(model, plan, None)
        compared = expected() if compared is None else compared
        limit = EXACT_DIFFERENCE if plan.dtype == "float32" else MAX_DIFFERENCE
        report = _checked(model, compared, limit, compiling)
        if report.passed:
            return Choice(model, plan, report)
    message = "The compiled model fails the fidelity gate in every precision; leave out --compile."
    raise ModelError(ErrorCode.DEVICE_UNSUITABLE, message)


def _checked(model: FusedModel, expected: NDArray[np.float64], limit: float, compiling: bool) -> GateReport:
    if not compiling:
        return check(model.log_probs, expected, GATE_COLUMNS, limit)
    try:
        compile_blocks(model)
        return check(model.log_probs, expected, GATE_COLUMNS, limit)
    except Exception as error:  # a compiler can raise anything
        message = f"The model cannot be compiled ({reason_of(error)}); leave out --compile."
        raise ModelError(ErrorCode.DEVICE_UNSUITABLE, message) from error
