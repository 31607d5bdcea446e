import os
import stat
from pathlib import Path

import pytest

from amplify_vep.checkpoint.synthesize import SHAPES, draw_tensors, synthesize


def test_the_same_seed_gives_the_same_bytes(checkpoint: Path, tmp_path: Path) -> None:
    synthesize(tmp_path / "again")
    synthesize(tmp_path / "other", seed=1)

    def files(folder: Path) -> list[bytes]:
        return [(folder / name).read_bytes() for name in ("model.safetensors", "config.json")]

    assert files(tmp_path / "again") == files(checkpoint)
    assert files(tmp_path / "other")[0] != files(checkpoint)[0]


def test_others_may_read_what_the_umask_lets_them_read(tmp_path: Path) -> None:
    previous = os.umask(0o022)
    try:
        synthesize(tmp_path)
    finally:
        os.umask(previous)

    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o644}


def test_the_recipe_spreads_each_tensor_as_it_should() -> None:
    config = SHAPES["tiny"]
    tensors = draw_tensors(config, seed=4)

    assert tensors["encoder.weight"][[5, 6, 7]].std() == pytest.approx(1, rel=0.15)
    assert tensors["encoder.weight"][2].std() == pytest.approx(0.1, rel=0.25)
    assert tensors["transformer_encoder.0.q.weight"].std() == pytest.approx(1 / 8, rel=0.05)
    assert tensors["transformer_encoder.0.wo.weight"].std() == pytest.approx(4 / (8 * 64) ** 0.5, rel=0.05)
    assert tensors["decoder.weight"].std() == pytest.approx(2 / 8, rel=0.1)
    norm = tensors["layer_norm_2.weight"]
    assert 0.7 <= norm.min() < 0.8 and 1.2 < norm.max() <= 1.3
