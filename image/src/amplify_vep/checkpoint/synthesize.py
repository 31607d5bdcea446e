"""Synthetic checkpoints: the same architecture with random weights, whose scores spread like a trained model's.

The scales are chosen so that the llr has a standard deviation of 2 to 3 and 18 to 35 % of its variance depends on the
context. An error in rotary embedding, masking or batching therefore changes the scores. Every result that is computed
with such weights has `weights: "synthetic"`.
"""

import json
import stat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from amplify_vep.checkpoint.config import ModelConfig
from amplify_vep.checkpoint.provenance import SYNTHETIC, write_provenance
from amplify_vep.checkpoint.weights import SINGLE_FILE
from amplify_vep.protein.tokenizer import MASK

Array = NDArray[np.float32]

SHAPES = {
    "tiny": ModelConfig(64, 4, 4, 256, 1e-5, 2048),
    "120M": ModelConfig(640, 24, 10, 2560, 1e-5, 2048),
    "350M": ModelConfig(960, 32, 15, 3840, 1e-5, 2048),
}
"""Shapes by name: the two published ones, and `tiny` with hidden size 64 and 4 layers."""


def synthesize(folder: Path, seed: int = 0, shape: str = "tiny", config: ModelConfig | None = None) -> None:
    """Writes config.json, model.safetensors (float32) and provenance.json. The same seed writes the same bytes.

    Args:
        folder: created if it does not exist.
        seed: of the random number generator; default 0.
        shape: a name in `SHAPES`; default `tiny`.
        config: another shape, used instead of `shape`.

    """
    config = config or SHAPES[shape]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config.to_json(), indent=2) + "\n", encoding="utf-8")
    # Only one entry: safetensors writes several in an order that changes from run to run.
    save_file(draw_tensors(config, seed), folder / SINGLE_FILE, metadata={"weights": SYNTHETIC})
    # safetensors writes a file that only its owner can read. The server of an image runs as another user.
    (folder / SINGLE_FILE).chmod(stat.S_IMODE((folder / "config.json").stat().st_mode))
    size = f"AMPLIFY_{shape}" if shape != "tiny" else f"amplify-{config.hidden_size}x{config.num_hidden_layers}"
    write_provenance(folder, model_id=f"synthetic/{size}", revision=f"seed-{seed}", weights=SYNTHETIC)


def draw_tensors(config: ModelConfig, seed: int) -> dict[str, Array]:
    """Random values (float32) of every tensor, by name, in the order of `ModelConfig.tensor_shapes`."""
    random = np.random.default_rng(seed)
    return {name: _draw(name, shape, config, random) for name, shape in config.tensor_shapes().items()}


def _draw(name: str, shape: tuple[int, ...], config: ModelConfig, random: np.random.Generator) -> Array:
    if len(shape) == 1 and name != "decoder.bias":
        return random.uniform(0.7, 1.3, shape).astype(np.float32)
    values: Array = random.standard_normal(shape, dtype=np.float32)
    fan_in = shape[-1]
    if name == "encoder.weight":
        values[MASK] *= 0.1
        return values
    scale = 1 / np.sqrt(fan_in)
    if name == "decoder.bias":
        scale = 0.5
    elif name == "decoder.weight":
        scale = 2 / np.sqrt(fan_in)
    elif name.endswith(("wo.weight", "w3.weight")):
        scale = 4 / np.sqrt(2 * config.num_hidden_layers * fan_in)
    values *= np.float32(scale)
    return values
