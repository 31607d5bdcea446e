import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from amplify_vep.backend.reference import load_reference, naive_masked_marginals
from amplify_vep.checkpoint.config import ModelConfig, load_config
from amplify_vep.checkpoint.provenance import identify
from amplify_vep.checkpoint.weights import load_state
from amplify_vep.cli import main
from amplify_vep.errors import ErrorCode, ModelError
from amplify_vep.scorer import Scorer
from amplify_vep.scoring.statistics import entropy
from tests.support.proteins import DEMO

Tensors = dict[str, torch.Tensor]
LAST_NORM = "layer_norm_2.weight"


@pytest.fixture
def copy(checkpoint: Path, tmp_path: Path) -> Path:
    """A checkpoint that a test may change."""
    return Path(shutil.copytree(checkpoint, tmp_path / "model"))


def rewrite(folder: Path, tensors: Tensors) -> None:
    save_file(tensors, folder / "model.safetensors", metadata={"weights": "synthetic"})


def refusal(folder: Path) -> ModelError:
    with pytest.raises(ModelError) as refused:
        load_state(folder, load_config(folder))
    assert refused.value.code is ErrorCode.CHECKPOINT_INVALID
    return refused.value


@pytest.mark.parametrize("place", ["weights.safe_open", "provenance.Path.open"])
def test_weights_that_must_not_be_read_are_a_typed_error(
    copy: Path, monkeypatch: pytest.MonkeyPatch, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(*given: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    (copy / "provenance.json").unlink()
    monkeypatch.setattr(f"amplify_vep.checkpoint.{place}", denied)

    assert main(["describe", "--model", str(copy)]) == 78
    assert "CHECKPOINT_INVALID: model.safetensors cannot be read (Permission denied)" in capsys.readouterr().err


def test_names_missing_extra_misshaped_and_mistyped_tensors_at_once(copy: Path) -> None:
    tensors = load_file(copy / "model.safetensors")
    del tensors["transformer_encoder.1.wo.weight"]
    tensors["transformer_encoder.9.wo.weight"] = torch.zeros(2)
    tensors[LAST_NORM] = torch.ones(63)
    tensors["decoder.bias"] = tensors["decoder.bias"].to(torch.float64)
    rewrite(copy, tensors)

    error = refusal(copy)

    assert error.details == {
        "faults": [
            "decoder.bias is stored as F64, expected float32, float16 or bfloat16",
            f"{LAST_NORM} has shape [63], expected [64]",
            "transformer_encoder.1.wo.weight is missing",
            "transformer_encoder.9.wo.weight is not part of the architecture",
        ],
        "count": 4,
    }


def test_a_long_list_of_tensors_is_cut(copy: Path) -> None:
    rewrite(copy, {LAST_NORM: torch.ones(64)})

    error = refusal(copy)

    assert error.details is not None
    assert error.details["count"] == len(load_config(copy).tensor_shapes()) - 1
    assert error.message.count("is missing") == len(error.details["faults"]) == 5


def test_a_truncated_file_is_damaged(copy: Path) -> None:
    file = copy / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-1000])

    assert "damaged or incomplete" in refusal(copy).message


def test_a_folder_without_weights_is_refused(copy: Path) -> None:
    (copy / "model.safetensors").unlink()

    assert "has neither" in refusal(copy).message


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_loads_weights_stored_in_sixteen_bits(copy: Path, dtype: torch.dtype) -> None:
    tensors = load_file(copy / "model.safetensors")
    rewrite(copy, {name: tensor.to(dtype) for name, tensor in tensors.items()})

    config = load_config(copy)
    state = load_state(copy, config)
    assert all(tensor.dtype == dtype for tensor in state.values())
    found = Scorer.load(copy, dtype="float32", device="cpu").score(DEMO, positions="1-3")["entropy"][:3]
    expected = entropy(naive_masked_marginals(load_reference(state, config), DEMO, [0, 1, 2]))[:3]
    assert found == pytest.approx(expected, abs=1e-4)


def shard(folder: Path, tensors: Tensors) -> None:
    names = sorted(tensors)
    parts = {"model-00001-of-00002.safetensors": names[::2], "model-00002-of-00002.safetensors": names[1::2]}
    for file, members in parts.items():
        save_file({name: tensors[name] for name in members}, folder / file)
    weight_map = {name: file for file, members in parts.items() for name in members}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))
    (folder / "model.safetensors").unlink()


def test_loads_shards_like_the_single_file(copy: Path, config: ModelConfig) -> None:
    tensors = load_file(copy / "model.safetensors")
    whole = identify(copy).weights_sha256

    shard(copy, tensors)

    state = load_state(copy, config)
    assert set(state) == set(tensors)
    assert all(torch.equal(state[name], tensors[name]) for name in tensors)
    assert identify(copy).weights_sha256 != whole


def test_names_shards_that_are_not_there(copy: Path) -> None:
    shard(copy, load_file(copy / "model.safetensors"))
    (copy / "model-00002-of-00002.safetensors").unlink()

    assert "model-00002-of-00002.safetensors" in refusal(copy).message


def test_a_tensor_in_two_shards_is_refused(copy: Path) -> None:
    tensors = load_file(copy / "model.safetensors")
    shard(copy, tensors)
    first = copy / "model-00001-of-00002.safetensors"
    save_file({**load_file(first), sorted(tensors)[1]: tensors[sorted(tensors)[1]]}, first)

    assert "is in two files" in refusal(copy).message


@pytest.mark.parametrize("index", ["{", "{}", '{"weight_map": 3}', '{"weight_map": {"a": "../x.safetensors"}}'])
def test_refuses_an_index_that_cannot_be_followed(copy: Path, index: str) -> None:
    (copy / "model.safetensors").unlink()
    (copy / "model.safetensors.index.json").write_text(index)

    assert "model.safetensors.index.json" in refusal(copy).message


def test_reads_values_unchanged(checkpoint: Path, config: ModelConfig) -> None:
    state = load_state(checkpoint, config)

    expected = load_file(checkpoint / "model.safetensors")
    assert all(np.array_equal(state[name].numpy(), expected[name].numpy()) for name in config.tensor_shapes())
