"""Attention in two implementations. `backend.plan` has the one that is fastest on each kind of device.

On CPUs, PyTorch's fused attention multiplies bfloat16 with MKL, which does not use the bfloat16 units of AMD CPUs;
batched products use oneDNN, which does.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

Attention = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Unmasked attention of q (B, R, heads, head_size) to k and v (B, T, heads, head_size); returns (B, R, hidden)."""

_SCORES_AT_ONCE = 1 << 20
"""2 MiB in bfloat16: larger scores do not stay in the cache."""


def fused(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """PyTorch's fused attention: never stores all scores at once, and computes them in float32."""
    mixed = functional.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2))
    return mixed.transpose(1, 2).flatten(-2)


def split(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Two batched products with a softmax between them, for some heads at a time; scores have the precision of q."""
    copies, places, heads, size = q.shape
    q, k, v = (part.transpose(1, 2).reshape(copies * heads, -1, size) for part in (q * size**-0.5, k, v))
    at_once = max(1, _SCORES_AT_ONCE // (places * k.shape[1]))
    mixed = torch.cat([_attend(*part) for part in zip(*(whole.split(at_once) for whole in (q, k, v)), strict=True)])
    return mixed.view(copies, heads, places, size).transpose(1, 2).flatten(-2)


def _attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return torch.bmm(torch.bmm(q, k.transpose(1, 2)).softmax(dim=-1), v)


WAYS: dict[str, Attention] = {"fused": fused, "split": split}
"""Both implementations by name."""
