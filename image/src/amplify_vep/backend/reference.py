"""The model in its plainest form, with which the fast engine is compared.

Fournier et al. 2024, "Protein Language Models: Is Scaling Necessary?". One module per name in the state dict, float32,
no fusion and no batching.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from amplify_vep.checkpoint.config import ROTARY_THETA, ModelConfig
from amplify_vep.protein.tokenizer import AMINO_ACID_IDS, MASK, encode
from amplify_vep.scoring.engine import LogProbs
from amplify_vep.scoring.windows import centred_start


def rotary_factors(config: ModelConfig, tokens: int) -> Tensor:
    """Complex numbers of absolute value 1 that rotate pair j at each position; shape (tokens, head_size / 2)."""
    pairs = torch.arange(0, config.head_size, 2, dtype=torch.float32) / config.head_size
    angles = torch.outer(torch.arange(tokens, dtype=torch.float32), ROTARY_THETA**-pairs)
    return torch.polar(torch.ones_like(angles), angles)


def rotate(x: Tensor, factors: Tensor) -> Tensor:
    """Rotates interleaved pairs (x[2j], x[2j+1]) as complex numbers; x has shape (B, T, heads, head_size)."""
    pairs = torch.view_as_complex(x.float().reshape(*x.shape[:-1], -1, 2))
    return torch.view_as_real(pairs * factors[:, None]).flatten(-2).to(x.dtype)


class RmsNorm(nn.Module):
    """x / sqrt(mean(x^2) + eps), with the mean square in float32, times a weight of shape (hidden,)."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x: Tensor) -> Tensor:
        """Normalises the last dimension."""
        mean_square = x.float().pow(2).mean(-1, keepdim=True)
        return (x.float() * torch.rsqrt(mean_square + self.eps)).to(x.dtype) * self.weight


class SwiGlu(nn.Module):
    """w3(silu(gate) * up), with gate and up packed in w12."""

    def __init__(self, hidden: int, inner: int) -> None:
        super().__init__()
        self.w12 = nn.Linear(hidden, 2 * inner, bias=False)
        self.w3 = nn.Linear(inner, hidden, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Maps (..., hidden) to (..., hidden)."""
        gate, up = self.w12(x).chunk(2, dim=-1)
        projected: Tensor = self.w3(functional.silu(gate) * up)
        return projected


class Block(nn.Module):
    """x += attention(norm(x)); x += ffn(norm(x))."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        hidden = config.hidden_size
        self.heads = config.num_attention_heads
        self.q, self.k, self.v, self.wo = (nn.Linear(hidden, hidden, bias=False) for _ in range(4))
        self.ffn = SwiGlu(hidden, config.inner_size)
        self.attention_norm = RmsNorm(hidden, config.norm_eps)
        self.ffn_norm = RmsNorm(hidden, config.norm_eps)

    def forward(self, x: Tensor, factors: Tensor) -> Tensor:
        """Maps the residual stream (B, T, hidden) to the next one."""
        normed = self.attention_norm(x)
        q, k, v = (part(normed).unflatten(-1, (self.heads, -1)) for part in (self.q, self.k, self.v))
        q, k = rotate(q, factors), rotate(k, factors)
        mixed = functional.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2))
        x = x + self.wo(mixed.transpose(1, 2).flatten(-2))
        projected: Tensor = self.ffn(self.ffn_norm(x))
        return x + projected


class ReferenceModel(nn.Module):
    """AMPLIFY, with the published tensor names."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        # With a weight, Embedding draws none: drawing on the meta device takes seconds of imports.
        empty = torch.empty(config.vocab_size, config.hidden_size)
        self.encoder = nn.Embedding(config.vocab_size, config.hidden_size, _weight=empty)
        self.transformer_encoder = nn.ModuleList(Block(config) for _ in range(config.num_hidden_layers))
        self.layer_norm_2 = RmsNorm(config.hidden_size, config.norm_eps)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size)

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits (B, T, vocabulary) of token ids (B, T)."""
        factors = self.rotary(tokens.shape[1]).to(tokens.device)
        x = self.encoder(tokens)
        for block in self.transformer_encoder:
            x = block(x, factors)
        logits: Tensor = self.decoder(self.layer_norm_2(x))
        return logits

    def rotary(self, tokens: int) -> Tensor:
        """The rotary factors of `tokens` tokens; `<bos>` has position 0."""
        return rotary_factors(self.config, tokens)


def load_reference(state: dict[str, Tensor], config: ModelConfig, device: str = "cpu") -> ReferenceModel:
    """Builds the reference model in float32 from a checked state dict."""
    with torch.device("meta"):
        model = ReferenceModel(config)
    model.load_state_dict({name: tensor.to(device, torch.float32) for name, tensor in state.items()}, assign=True)
    return model.eval()


@torch.inference_mode()
def naive_masked_marginals(model: ReferenceModel, sequence: str, columns: list[int] | None = None) -> LogProbs:
    """Masks one position at a time, in one copy per pass.

    Args:
        model: in float32.
        sequence: residues of the 20 standard amino acids, of any length.
        columns: 0-based columns to score; None (default) for all.

    Returns:
        log p of the 20 amino acids in heatmap row order, NaN if not scored; shape (L, 20).

    """
    table = np.full((len(sequence), len(AMINO_ACID_IDS)), np.nan)
    window = min(len(sequence), model.config.window)
    device = next(model.parameters()).device
    for column in range(len(sequence)) if columns is None else columns:
        start = centred_start(column, len(sequence), window)
        copy = encode(sequence[start : start + window])
        place = column - start + 1
        copy[place] = MASK
        logits = model(torch.from_numpy(copy)[None].to(device))
        table[column] = functional.log_softmax(logits[0, place].float(), dim=-1).cpu().numpy()[AMINO_ACID_IDS]
    return table


@torch.inference_mode()
def naive_wt_log_probs(model: ReferenceModel, sequence: str) -> LogProbs:
    """One pass over an unmasked protein that fits into one window; shape (L, 20), see `naive_masked_marginals`."""
    tokens = torch.from_numpy(encode(sequence))[None]
    logits = model(tokens.to(next(model.parameters()).device))[0, 1:-1]
    return functional.log_softmax(logits.float(), dim=-1).cpu().numpy().astype(np.float64)[:, AMINO_ACID_IDS]
