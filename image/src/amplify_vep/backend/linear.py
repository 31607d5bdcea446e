"""Matrix products with a constant weight, by whichever kernel is fastest on the device."""

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
    """PyTorch's own product, which a compiler can see through."""

    weight: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        """Maps (..., in) to (..., out)."""
        return functional.linear(x, self.weight)


@cache
def packing_available(device: str, dtype: torch.dtype) -> bool:
    """Whether oneDNN can hold weights of a type in its own blocked layout, as PyTorch's compiler has it do on CPUs.

    Tried rather than looked up: it depends on the CPU, the type, and how PyTorch was built.
    """
    if device != "cpu":
        return False
    try:
        make_linear(torch.zeros(16, 16, dtype=dtype), PACKED)(torch.zeros(1, 16, dtype=dtype))
    except (RuntimeError, AttributeError):
        return False
    return True


def make_linear(weight: Tensor, kernel: str) -> Linear:
    """A product with `weight` of shape (out, in), in its type and on its device.

    Args:
        weight: constant from here on.
        kernel: `plain` for PyTorch's own choice, `packed` for oneDNN with a blocked weight. On AMD CPUs the former
            is MKL, which uses only half of the vector width there.

    """
    if kernel == PLAIN:
        return PlainLinear(weight)
    packed = torch.ops.mkldnn._reorder_linear_weight(weight)
    product = torch.ops.mkldnn._linear_pointwise

    def packed_linear(x: Tensor) -> Tensor:
        result: Tensor = product(x, packed, None, "none", [], "")
        return result

    return packed_linear
