"""Matrix products with a constant weight, by one of two kernels."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import torch
from torch import Tensor
from torch.nn import functional

from amplify_vep.backend.device import has_matrix_units

Linear = Callable[[Tensor], Tensor]
"""Maps (..., in) to (..., out)."""

PLAIN, PACKED = "plain", "packed"

_ROWS_WITH_AMX = 256
"""Rows of each product with AMX. Fewer are slower: 64 by a quarter, on a Xeon of the fifth generation."""


@dataclass(frozen=True, eq=False)
class PlainLinear:
    """PyTorch's own product, which a compiler can trace."""

    weight: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        """Maps (..., in) to (..., out)."""
        return functional.linear(x, self.weight)


@cache
def packing_available(device: str, dtype: torch.dtype) -> bool:
    """Whether oneDNN can store weights of a type in its blocked layout, as PyTorch's compiler does on CPUs.

    This is tried, because it depends on the CPU, the type and the build of PyTorch.
    """
    if device != "cpu":
        return False
    try:
        make_linear(torch.zeros(16, 16, dtype=dtype), PACKED)(torch.zeros(1, 16, dtype=dtype))
    except (RuntimeError, AttributeError):
        return False
    return True


def make_linear(weight: Tensor, kernel: str) -> Linear:
    """Returns a product with `weight` of shape (out, in), in its type and on its device.

    Args:
        weight: must not change afterwards.
        kernel: `plain` for PyTorch's own choice, `packed` for oneDNN with a blocked weight. On AMD CPUs PyTorch
            chooses MKL, which uses only half of the vector width there.

    """
    if kernel == PLAIN:
        return PlainLinear(weight)
    packed = torch.ops.mkldnn._reorder_linear_weight(weight)
    product = torch.ops.mkldnn._linear_pointwise

    def packed_linear(x: Tensor) -> Tensor:
        result: Tensor = product(x, packed, None, "none", [], "")
        return result

    return _steady(packed_linear, weight.dtype)


def make_gated(gate: Tensor, up: Tensor, kernel: str) -> Linear:
    """Returns the gated half of SwiGLU: maps x to silu(x gate^T) * (x up^T). Weights and kernel as in `make_linear`.

    The packed kernel applies the activation and the product of the two inside the matrix products, in float32.
    """
    if kernel == PLAIN:
        both = PlainLinear(torch.cat((gate, up)))

        def plain_gated(x: Tensor) -> Tensor:
            first, second = both(x).chunk(2, dim=-1)
            return functional.silu(first) * second

        return plain_gated
    packed_gate, packed_up = (torch.ops.mkldnn._reorder_linear_weight(weight) for weight in (gate, up))
    product = torch.ops.mkldnn._linear_pointwise

    def packed_gated(x: Tensor) -> Tensor:
        activated: Tensor = product(x, packed_gate, None, "swish", [], "")
        result: Tensor = product.binary(x, activated, packed_up, None, "mul")
        return result

    return _steady(packed_gated, gate.dtype)


def _steady(product: Linear, dtype: torch.dtype) -> Linear:
    """Returns a product of which each row has the same bits, whatever rows are beside it, on a CPU.

    With AMX, oneDNN adds in an order that depends on the number of rows, so each product there has the same number.
    """
    if dtype != torch.bfloat16 or not has_matrix_units("cpu"):
        return product
    return partial(in_parts, product, rows=_ROWS_WITH_AMX)


def in_parts(product: Linear, x: Tensor, rows: int) -> Tensor:
    """Applies a product to (..., in) in parts of always so many rows, the last one filled up with zeros."""
    flat = x.flatten(0, -2)
    parts = torch.split(functional.pad(flat, (0, 0, 0, -len(flat) % rows)), rows)
    return torch.cat([product(part) for part in parts])[: len(flat)].view(*x.shape[:-1], -1)
