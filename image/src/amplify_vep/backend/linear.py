"""Matrix products with a constant weight, by whichever kernel is fastest on the device."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

Linear = Callable[[Tensor], Tensor]
"""Maps (..., in) to (..., out)."""

PLAIN, PACKED = "plain", "packed"


def packing_available(device: str) -> bool:
    """Whether oneDNN can hold weights in its own blocked layout, as PyTorch's compiler has it do on CPUs."""
    operators = torch.ops.mkldnn
    return (
        device == "cpu"
        and torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
        and all(hasattr(operators, name) for name in ("_reorder_linear_weight", "_linear_pointwise"))
    )


def make_linear(weight: Tensor, kernel: str) -> Linear:
    """A product with `weight` of shape (out, in), in its type and on its device.

    Args:
        weight: constant from here on.
        kernel: `plain` for PyTorch's own choice, `packed` for oneDNN with a blocked weight. On AMD CPUs the former
            is MKL, which uses only half of the vector width there.

    """
    if kernel == PLAIN:
        return lambda x: functional.linear(x, weight)
    packed = torch.ops.mkldnn._reorder_linear_weight(weight)
    product = torch.ops.mkldnn._linear_pointwise

    def packed_linear(x: Tensor) -> Tensor:
        result: Tensor = product(x, packed, None, "none", [], "")
        return result

    return packed_linear
