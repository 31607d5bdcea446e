"""Files of unknown origin: any content is read, or refused with a typed error."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amplify_vep.checkpoint.config import ModelConfig, load_config, parse_config
from amplify_vep.checkpoint.provenance import identify
from amplify_vep.checkpoint.synthesize import SHAPES
from amplify_vep.checkpoint.weights import load_state, read_metadata
from amplify_vep.errors import ErrorCode, ModelError

VALID: dict[str, Any] = SHAPES["tiny"].to_json()
values: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers(-5, 5000) | st.floats() | st.text(max_size=5) | st.just([])
)
any_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@given(st.dictionaries(st.sampled_from(sorted(VALID)), values, max_size=4))
def test_any_configuration_is_read_or_refused_by_name(changes: dict[str, Any]) -> None:
    try:
        config = parse_config({**VALID, **changes})
    except ModelError as error:
        assert error.code is ErrorCode.CONFIG_INVALID
        assert any(name in error.message for name in changes)
    else:
        assert config.hidden_size % config.num_attention_heads == 0
        assert config.window >= 1


@given(content=st.binary(max_size=200))
@any_folder
def test_any_bytes_are_a_configuration_or_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.json").write_bytes(content)

    try:
        load_config(tmp_path)
    except ModelError as error:
        assert error.code is ErrorCode.CONFIG_INVALID


@given(content=st.binary(max_size=300) | st.binary(max_size=200).map(lambda rest: b"\x08" + bytes(7) + rest))
@any_folder
def test_any_bytes_are_weights_or_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    config: ModelConfig = SHAPES["tiny"]

    for read in (lambda: load_state(tmp_path, config), lambda: read_metadata(tmp_path), lambda: identify(tmp_path)):
        try:
            read()
        except ModelError as error:
            assert error.code is ErrorCode.CHECKPOINT_INVALID


@given(content=st.recursive(values, lambda inner: st.dictionaries(st.sampled_from(["weight_map", "a"]), inner)))
@any_folder
def test_any_index_is_followed_or_refused(tmp_path: Path, content: Any) -> None:
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(content))

    try:
        load_state(tmp_path, SHAPES["tiny"])
    except ModelError as error:
        assert error.code is ErrorCode.CHECKPOINT_INVALID
