"""Matrix products with a constant weight, by one of two kernels."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

Linear = Callable[[Tensor], Tensor]
"""Maps (..., in) to (..., out)."""

PLAIN, PACKED = "plain", "packed"


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

    return packed_linear


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

    return packed_gated
