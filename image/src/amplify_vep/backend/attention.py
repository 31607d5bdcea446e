"""Attention, by whichever way is fastest on the device."""

import time
from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

Attention = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Unmasked attention of q (B, R, heads, head_size) to k and v (B, T, heads, head_size); gives (B, R, hidden)."""

_TRIED_COPIES = 2
_TRIED_TOKENS = 256
_TIMES = 5
_CLEAR_GAIN = 0.8
_MOST_SCORES = 1 << 27
"""Scores that may be held at once; longer batches take the fused way."""


def fused(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """PyTorch's own: scores are never held as a whole, and stay in float32."""
    mixed = functional.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2))
    return mixed.transpose(1, 2).flatten(-2)


def split(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Two batched products with a softmax between them, scores in the precision of q."""
    copies, places, heads, size = q.shape
    if copies * heads * places * k.shape[1] > _MOST_SCORES:
        return fused(q, k, v)
    by_head = [part.transpose(1, 2).reshape(copies * heads, -1, size) for part in (q * size**-0.5, k, v)]
    weights = torch.bmm(by_head[0], by_head[1].transpose(1, 2)).softmax(dim=-1)
    mixed = torch.bmm(weights, by_head[2]).view(copies, heads, places, size)
    return mixed.transpose(1, 2).flatten(-2)


@cache
def fastest_attention(device: str, dtype: torch.dtype, heads: int, head_size: int) -> Attention:
    """Measures both ways, and gives `split` only where the gain is clear.

    PyTorch's fused attention multiplies bfloat16 on CPUs through MKL, which has no such units on AMD; batched products
    go through oneDNN, which does. On a GPU, and in float32, the fused way is taken unmeasured.
    """
    if device != "cpu" or dtype != torch.bfloat16:
        return fused
    part = torch.zeros(_TRIED_COPIES, _TRIED_TOKENS, heads, head_size, dtype=dtype)
    return split if _seconds(split, part) < _CLEAR_GAIN * _seconds(fused, part) else fused


@torch.inference_mode()
def _seconds(attention: Attention, part: Tensor) -> float:
    attention(part, part, part)
    times = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        attention(part, part, part)
        times.append(time.perf_counter() - started)
    return min(times)
