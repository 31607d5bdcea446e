"""AMPLIFY for inference: fused products, fused attention, and no work on places that are not read.

Equal to `reference.ReferenceModel` up to rounding. The residual stream is float32 in every precision. In the last
block, only the places to read pass through the query, feed-forward and vocabulary products.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from amplify_vep.backend.attention import Attention, fused
from amplify_vep.backend.linear import Linear, in_parts, make_gated, make_linear
from amplify_vep.checkpoint.config import ROTARY_THETA, ModelConfig
from amplify_vep.protein.tokenizer import AMINO_ACID_IDS
from amplify_vep.scoring.engine import LogProbs, Tokens

_DECODED_ROWS = 64
_LEAST_ROWS = 4
"""Products of fewer rows use other kernels, which round otherwise."""


@dataclass(frozen=True)
class Block:
    """The products of one block. In the last block, `qkv` computes only k and v, and `q` is used for q.

    `gated` is the first half of SwiGLU, see `make_gated`.
    """

    qkv: Linear
    q: Linear
    wo: Linear
    gated: Linear
    w3: Linear


Step = Callable[[Block, Tensor, Tensor], Tensor]
"""Computes any block except the last: maps the residual stream (B, T, hidden) and the rotary table to the next one."""


class FusedModel:
    """The model in one precision on one device.

    Args:
        state: checked state dict, in any type and on any device.
        config: hyper-parameters.
        device: such as `cpu` or `cuda:0`.
        dtype: precision of the matrix products and of attention.
        kernel: kernel of the matrix products, see `make_linear`.
        attend: attention; default `fused`.

    """

    def __init__(
        self,
        state: dict[str, Tensor],
        config: ModelConfig,
        device: str,
        dtype: torch.dtype,
        kernel: str,
        *,
        attend: Attention = fused,
    ) -> None:
        self.config = config
        self.device = device
        self.dtype = dtype
        self.kernel = kernel
        self.attend = attend
        self._embedding = state["encoder.weight"].to(device, torch.float32)
        self.blocks = [self._fuse(state, layer) for layer in range(config.num_hidden_layers)]
        norm = state["layer_norm_2.weight"].to(device, torch.float32)
        self._decoder = state["decoder.weight"].to(device, torch.float32) * norm
        self._decoder_bias = state["decoder.bias"].to(device, torch.float32)
        self.step: Step = self._forward
        self._rotary = lru_cache(maxsize=8)(self._rotary_table)

    def log_probs(self, tokens: Tokens, reads: Tokens) -> LogProbs:
        """Log-probabilities of the 20 amino acids at the places to read, see `scoring.engine.Batch` and `Passed`.

        They are NaN or infinity where the precision overflows.
        """
        values = self.forward(torch.from_numpy(tokens).to(self.device), torch.from_numpy(reads).to(self.device))
        return values.cpu().numpy()[..., AMINO_ACID_IDS].astype(np.float64)

    @torch.inference_mode()
    def forward(self, tokens: Tensor, reads: Tensor) -> Tensor:
        """Log-softmax (float32) over the whole vocabulary at the places to read.

        Args:
            tokens: ids, shape (B, T), int64, on the model's device.
            reads: token indexes in each copy, shape (B, R), int64, on the model's device.

        Returns:
            Shape (B, R, vocabulary).

        """
        x = functional.embedding(tokens, self._embedding)
        rotary = self._rotary(tokens.shape[1])
        for block in self.blocks[:-1]:
            x = self.step(block, x, rotary)
        x = self._forward_reads(self.blocks[-1], x, rotary, reads)
        return self._decode(x)

    def _decode(self, x: Tensor) -> Tensor:
        """Log-softmax of each row, in parts of always the same shape: the product of another shape rounds otherwise."""

        def product(rows: Tensor) -> Tensor:
            return functional.linear(rows, self._decoder, self._decoder_bias)

        return functional.log_softmax(in_parts(product, self._normalise(x), _DECODED_ROWS), dim=-1)

    def _forward(self, block: Block, x: Tensor, rotary: Tensor) -> Tensor:
        qkv = self._heads(block.qkv(self._normalise(x).to(self.dtype)), 3)
        qk = self._rotate(qkv[:, :, :2], rotary)
        x = x + block.wo(self.attend(qk[:, :, 0], qk[:, :, 1], qkv[:, :, 2]))
        return self._feed_forward(block, x)

    def _forward_reads(self, block: Block, x: Tensor, rotary: Tensor, reads: Tensor) -> Tensor:
        normed = self._normalise(x).to(self.dtype)
        kv = self._heads(block.qkv(normed), 2)
        q = self._heads(_of_rows(block.q, _gather(normed, reads)), 1)
        q = self._rotate(q, rotary[reads])
        k = self._rotate(kv[:, :, :1], rotary)
        mixed = self.attend(q[:, :, 0], k[:, :, 0], kv[:, :, 1])
        x = _gather(x, reads) + _of_rows(block.wo, mixed)
        return _of_rows(lambda rows: self._feed_forward(block, rows), x)

    def _feed_forward(self, block: Block, x: Tensor) -> Tensor:
        return x + block.w3(block.gated(self._normalise(x).to(self.dtype)))

    def _heads(self, x: Tensor, parts: int) -> Tensor:
        """Splits packed projections: (B, T, parts * hidden) to (B, T, parts, heads, head_size)."""
        return x.view(*x.shape[:2], parts, -1, self.config.head_size)

    @staticmethod
    def _rotate(x: Tensor, rotary: Tensor) -> Tensor:
        """Rotates interleaved pairs (x[2j], x[2j+1]) of each head, in float32; x: (B, T, n, heads, head_size)."""
        pairs = x.to(torch.float32, copy=True).reshape(*x.shape[:-1], -1, 2)
        if torch.compiler.is_compiling():
            # The compiler fuses this into one loop; it does not compile complex numbers.
            (first, second), (cos, sin) = pairs.unbind(-1), rotary.unbind(-1)
            return torch.stack((first * cos - second * sin, first * sin + second * cos), -1).flatten(-2).to(x.dtype)
        rotated = torch.view_as_complex(pairs).mul_(torch.view_as_complex(rotary))
        return torch.view_as_real(rotated).flatten(-2).to(x.dtype)

    def _normalise(self, x: Tensor) -> Tensor:
        """RMSNorm without its weight, which is part of the product that follows."""
        size, eps = x.shape[-1], self.config.norm_eps
        if self.device == "cpu" and not torch.compiler.is_compiling():
            # rms_norm takes twice as long here: PyTorch has no kernel for CPUs.
            mean_square: Tensor = torch.linalg.vector_norm(x, dim=-1, keepdim=True).square_().div_(size)
            return x * mean_square.add_(eps).rsqrt_()
        return functional.rms_norm(x, (size,), eps=eps)

    def _fuse(self, state: dict[str, Tensor], layer: int) -> Block:
        def get(name: str) -> Tensor:
            return state[f"transformer_encoder.{layer}.{name}.weight"].to(self.device, torch.float32)

        def linear(weight: Tensor) -> Linear:
            return make_linear(weight.to(self.dtype), self.kernel)

        norm = get("attention_norm")
        q, k, v = (get(name) * norm for name in ("q", "k", "v"))
        gate, up = (get("ffn.w12") * get("ffn_norm")).to(self.dtype).chunk(2)
        # The queries of the last block are computed separately, only for the places to read.
        last = layer == self.config.num_hidden_layers - 1
        return Block(
            qkv=linear(torch.cat((k, v) if last else (q, k, v))),
            q=linear(q),
            wo=linear(get("wo")),
            gated=make_gated(gate, up, self.kernel),
            w3=linear(get("ffn.w3")),
        )

    def _rotary_table(self, tokens: int) -> Tensor:
        """Cosine and sine of position * theta^(-2j/d) in float32; shape (tokens, 1, 1, head_size / 2, 2)."""
        pairs = torch.arange(0, self.config.head_size, 2, dtype=torch.float32) / self.config.head_size
        angles = torch.outer(torch.arange(tokens, dtype=torch.float32), ROTARY_THETA**-pairs).to(self.device)
        return torch.stack((angles.cos(), angles.sin()), dim=-1)[:, None, None]


def _gather(x: Tensor, reads: Tensor) -> Tensor:
    """Selects the vectors at the places to read: (B, T, hidden) to (B, R, hidden)."""
    return x.gather(1, reads[..., None].expand(-1, -1, x.shape[-1]))


def _of_rows(product: Linear, x: Tensor) -> Tensor:
    """Applies a function of each vector to (B, R, hidden), with at least `_LEAST_ROWS` vectors.

    The scores of a lone copy then equal, bit for bit, those of the same copy in a batch.
    """
    missing = _LEAST_ROWS - x.shape[0] * x.shape[1]
    if missing <= 0:
        return product(x)
    rows = product(functional.pad(x.flatten(0, 1), (0, 0, 0, missing))[None])
    return rows[0, :-missing].view(*x.shape[:2], -1)
