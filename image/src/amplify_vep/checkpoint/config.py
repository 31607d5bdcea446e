"""The model's hyper-parameters, read from the checkpoint's config.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amplify_vep.errors import LISTED, ErrorCode, ModelError, listed, shortened
from amplify_vep.protein.tokenizer import BOS, EOS, MASK, PAD, SPECIAL_TOKENS_A_COPY, TOKENS, UNK

CONFIG_FILE = "config.json"

ROTARY_THETA = 10_000.0
"""Base of the rotary embedding, the same in every AMPLIFY model."""

BASE_STAGE_TOKENS = 512
"""Tokens per copy in the training of the base stages, whatever their max_length is."""

_REQUIRED = (
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "norm_eps",
    "max_length",
    "vocab_size",
)

_SUPPORTED: dict[str, Any] = {
    "hidden_act": "SwiGLU",
    "rms_norm": True,
    "ffn_bias": False,
    "att_bias": False,
    "layer_norm_after_embedding": False,
    "layer_norm_before_last_layer": True,
}
"""Architecture switches for which only one value is supported; each is required."""

_FIXED_WHERE_GIVEN: dict[str, Any] = {
    "model_type": "AMPLIFY",
    "pad_token_id": PAD,
    "unk_token_id": UNK,
    "mask_token_id": MASK,
    "bos_token_id": BOS,
    "eos_token_id": EOS,
    "rope_theta": ROTARY_THETA,
}


@dataclass(frozen=True)
class ModelConfig:
    """Hyper-parameters of one AMPLIFY model.

    Attributes:
        hidden_size: width of the residual stream.
        num_hidden_layers: transformer blocks.
        num_attention_heads: heads per block; `hidden_size` is a multiple of it.
        intermediate_size: nominal SwiGLU size; the inner size is 2/3 of it, rounded up to a multiple of 8.
        norm_eps: added to the mean square in RMSNorm.
        max_length: most tokens per copy, including `<bos>` and `<eos>`.

    """

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    norm_eps: float
    max_length: int
    vocab_size: int = len(TOKENS)

    @property
    def head_size(self) -> int:
        """Width of one attention head."""
        return self.hidden_size // self.num_attention_heads

    @property
    def inner_size(self) -> int:
        """Width of the gate and the up projection."""
        return -(-(2 * self.intermediate_size // 3) // 8) * 8

    @property
    def window(self) -> int:
        """Most residues in one masked copy."""
        return self.max_length - SPECIAL_TOKENS_A_COPY

    def tensor_shapes(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every tensor of the checkpoint."""
        hidden, inner = self.hidden_size, self.inner_size
        shapes: dict[str, tuple[int, ...]] = {"encoder.weight": (self.vocab_size, hidden)}
        for layer in range(self.num_hidden_layers):
            block = f"transformer_encoder.{layer}."
            shapes |= {f"{block}{name}.weight": (hidden, hidden) for name in ("q", "k", "v", "wo")}
            shapes[f"{block}ffn.w12.weight"] = (2 * inner, hidden)
            shapes[f"{block}ffn.w3.weight"] = (hidden, inner)
            shapes |= {f"{block}{name}.weight": (hidden,) for name in ("attention_norm", "ffn_norm")}
        shapes["layer_norm_2.weight"] = (hidden,)
        shapes["decoder.weight"] = (self.vocab_size, hidden)
        shapes["decoder.bias"] = (self.vocab_size,)
        return shapes

    def to_json(self) -> dict[str, Any]:
        """The content of a config.json from which `parse_config` makes this configuration."""
        sizes = {name: getattr(self, name) for name in _REQUIRED}
        return {**sizes, **_SUPPORTED, **_FIXED_WHERE_GIVEN, "dropout_prob": 0}


def parse_config(raw: Mapping[str, Any], model_id: str = "") -> ModelConfig:
    """Reads the fields of a config.json that the model needs and ignores the others.

    Args:
        raw: the JSON object.
        model_id: hub id; base stages (`..._base`) get windows of at most 512 tokens, as in their training.

    Raises:
        ModelError: CONFIG_INVALID with the missing, unsupported or contradictory fields.

    """
    faults = [f"{name} is missing" for name in (*_REQUIRED, *_SUPPORTED) if name not in raw]
    expected = {**_SUPPORTED, **_FIXED_WHERE_GIVEN, "vocab_size": len(TOKENS)}
    faults += [
        f"{name} is {_shown(raw[name])}, only {_shown(value)} is supported"
        for name, value in expected.items()
        if name in raw and (raw[name] != value or isinstance(raw[name], bool) != isinstance(value, bool))
    ]
    if not faults:
        faults = _size_faults(raw)
    if faults:
        details = {"faults": faults[:LISTED], "count": len(faults)}
        raise ModelError(ErrorCode.CONFIG_INVALID, f"config.json: {listed(faults)}.", details)
    ids = (model_id, str(raw.get("_name_or_path", "")))
    longest = BASE_STAGE_TOKENS if any(name.endswith("_base") for name in ids) else raw["max_length"]
    sizes = {name: raw[name] for name in _REQUIRED if name != "max_length"}
    return ModelConfig(**sizes, max_length=min(longest, raw["max_length"]))


def load_config(folder: Path, model_id: str = "") -> ModelConfig:
    """Reads the `config.json` of a checkpoint folder. See `parse_config` for the arguments and errors."""
    try:
        raw = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = f"{folder.name} has no config.json; name a folder with config.json and model.safetensors."
        raise ModelError(ErrorCode.CONFIG_INVALID, message) from None
    except (OSError, ValueError) as error:
        raise ModelError(ErrorCode.CONFIG_INVALID, f"config.json cannot be read: {error}.") from error
    if not isinstance(raw, dict):
        raise ModelError(ErrorCode.CONFIG_INVALID, "config.json is not a JSON object.")
    return parse_config(raw, model_id)


def _shown(value: object) -> str:
    return shortened(json.dumps(value))


def _size_faults(raw: Mapping[str, Any]) -> list[str]:
    counts = [name for name in _REQUIRED if name not in ("norm_eps", "vocab_size")]
    faults = [
        f"{name} is {_shown(raw[name])}, it must be a positive integer"
        for name in counts
        if not isinstance(raw[name], int) or isinstance(raw[name], bool) or raw[name] < 1
    ]
    eps = raw["norm_eps"]
    if not isinstance(eps, float) or not 0 < eps < 1:
        faults.append(f"norm_eps is {_shown(eps)}, it must be between 0 and 1")
    if faults:
        return faults
    hidden, heads = raw["hidden_size"], raw["num_attention_heads"]
    if hidden % heads:
        faults.append(f"hidden_size {hidden} is not a multiple of num_attention_heads {heads}")
    elif (hidden // heads) % 2:
        faults.append(
            f"hidden_size / num_attention_heads is {hidden // heads}, it must be even for the rotary embedding"
        )
    if raw["max_length"] <= SPECIAL_TOKENS_A_COPY:
        faults.append(f"max_length {raw['max_length']} has no room for a residue between <bos> and <eos>")
    return faults
