import json
from pathlib import Path
from typing import Any

import pytest

from amplify_vep.checkpoint.config import load_config, parse_config
from amplify_vep.checkpoint.synthesize import SHAPES
from amplify_vep.errors import ErrorCode, ModelError

PUBLISHED: dict[str, Any] = {
    "_name_or_path": "",
    "architectures": ["AMPLIFY"],
    "att_bias": False,
    "auto_map": {"AutoModel": "amplify.AMPLIFY"},
    "bos_token_id": 3,
    "decoder_init_range": 0.02,
    "dropout_prob": 0,
    "embedding_init_range": 0.02,
    "eos_token_id": 4,
    "ffn_bias": False,
    "hidden_act": "SwiGLU",
    "hidden_size": 960,
    "intermediate_size": 3840,
    "layer_norm_after_embedding": False,
    "layer_norm_before_last_layer": True,
    "mask_token_id": 2,
    "max_length": 2048,
    "model_type": "AMPLIFY",
    "norm_eps": 1e-05,
    "num_attention_heads": 15,
    "num_hidden_layers": 32,
    "pad_token_id": 0,
    "rms_norm": True,
    "torch_dtype": "float32",
    "transformers_version": "4.38.2",
    "unk_token_id": 1,
    "vocab_size": 27,
}


def test_reads_the_published_350m_and_ignores_housekeeping() -> None:
    config = parse_config(PUBLISHED)

    assert config == SHAPES["350M"]
    assert (config.head_size, config.inner_size, config.window) == (64, 2560, 2046)


def test_reads_the_published_120m() -> None:
    smaller = {"hidden_size": 640, "num_hidden_layers": 24, "num_attention_heads": 10, "intermediate_size": 2560}

    config = parse_config({**PUBLISHED, **smaller})

    assert config == SHAPES["120M"]
    assert config.inner_size == 1712


@pytest.mark.parametrize("where", ["argument", "config"])
def test_base_stages_get_windows_of_510_residues(where: str) -> None:
    raw = {**PUBLISHED, "_name_or_path": "chandar-lab/AMPLIFY_350M_base" if where == "config" else ""}

    config = parse_config(raw, "chandar-lab/AMPLIFY_350M_base" if where == "argument" else "")

    assert config.window == 510


def test_counts_the_parameters_of_the_published_files() -> None:
    def file_size(shape: str) -> int:
        total = 0
        for dimensions in SHAPES[shape].tensor_shapes().values():
            count = 4
            for dimension in dimensions:
                count *= dimension
            total += count
        return total

    headers = {"350M": 1_416_062_764 - file_size("350M"), "120M": 473_126_988 - file_size("120M")}

    assert all(0 < header < 60_000 for header in headers.values()), headers


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("hidden_act", "GELU", 'hidden_act is "GELU"'),
        ("rms_norm", False, "rms_norm is false"),
        ("rms_norm", 1, "rms_norm is 1"),
        ("att_bias", True, "att_bias is true"),
        ("ffn_bias", True, "ffn_bias is true"),
        ("layer_norm_after_embedding", True, "layer_norm_after_embedding is true"),
        ("layer_norm_before_last_layer", False, "layer_norm_before_last_layer is false"),
        ("vocab_size", 33, "vocab_size is 33"),
        ("pad_token_id", 1, "pad_token_id is 1"),
        ("mask_token_id", 32, "mask_token_id is 32"),
        ("model_type", "esm", 'model_type is "esm"'),
        ("num_attention_heads", 7, "not a multiple of num_attention_heads 7"),
        ("num_attention_heads", 320, "must be even for the rotary embedding"),
        ("hidden_size", "960", 'hidden_size is "960"'),
        ("num_hidden_layers", 0, "num_hidden_layers is 0"),
        ("max_length", 2, "no room for a residue"),
        ("max_length", True, "max_length is true"),
        ("norm_eps", 0, "norm_eps is 0"),
        ("rope_theta", 500_000, "rope_theta is 500000"),
    ],
)
def test_refuses_what_it_does_not_support_by_name(field: str, value: object, message: str) -> None:
    with pytest.raises(ModelError) as refused:
        parse_config({**PUBLISHED, field: value})

    assert refused.value.code is ErrorCode.CONFIG_INVALID
    assert message in refused.value.message


def test_lists_every_fault_at_once() -> None:
    raw = {name: value for name, value in PUBLISHED.items() if name not in ("hidden_size", "rms_norm")}

    with pytest.raises(ModelError) as refused:
        parse_config({**raw, "hidden_act": "relu"})

    assert refused.value.details == {
        "faults": [
            "hidden_size is missing",
            "rms_norm is missing",
            'hidden_act is "relu", only "SwiGLU" is supported',
        ],
        "count": 3,
    }


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_refuses_a_config_file_that_cannot_be_read(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "config.json").write_text(content)

    with pytest.raises(ModelError) as refused:
        load_config(tmp_path)

    assert refused.value.code is ErrorCode.CONFIG_INVALID


def test_writes_what_it_reads() -> None:
    config = SHAPES["tiny"]

    assert parse_config(json.loads(json.dumps(config.to_json()))) == config
