"""Every error is under 2 kB, for any request and any checkpoint."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from amplify_vep.checkpoint.config import load_config, parse_config
from amplify_vep.checkpoint.synthesize import SHAPES
from amplify_vep.checkpoint.weights import INDEX_FILE, load_state, weight_files
from amplify_vep.errors import AmplifyError, ErrorCode, ModelError
from amplify_vep.hub.source import find_model
from amplify_vep.inference import input_fn
from amplify_vep.protein.variants import check_wild_types, parse_variant
from amplify_vep.scoring.request import parse_request

LONGEST = 2000
WILD = "\U0001f9ec"


def assert_short(run: Callable[[], object]) -> AmplifyError:
    with pytest.raises(AmplifyError) as refused:
        run()
    assert len(json.dumps(refused.value.body())) < LONGEST
    return refused.value


@pytest.mark.parametrize(
    "body",
    [
        {"sequence": WILD * 9_000},
        {"sequence": "".join(chr(0x4E00 + index) for index in range(9_000))},
        {"sequence": "BJOUXZ*-0" * 1_000},
        {"sequence": "A" * 20_000},
        {"sequence": ">a\nMK\n" * 5_000},
        {"sequence": "MK", "variants": [WILD * 9_000]},
        {"sequence": "MK", "variants": [f"K{position}A" for position in range(3, 20_000)]},
        {"sequence": "MK", "variants": "K2A;" * 9_000},
        {"sequence": "MK", "positions": WILD * 9_000},
        {"sequence": "MK", "positions": f"2{' ' * 9_000}-1"},
        {"sequence": "MK", "positions": f"2{' ' * 9_000}-3"},
        {"sequence": "MK", "positions": "," * 9_000},
        {"sequence": "MK", "scoring": "x" * 9_000},
        {"sequence": "MK", "name": WILD * 9_000},
        {"sequence": "MK", WILD * 9_000: 1},
        {"sequence": 1, "variants": {}, "positions": 1, "joint": 1, "numbering_offset": "", "scoring": 1, "name": 1},
    ],
)
def test_a_request(body: dict[str, Any]) -> None:
    assert_short(lambda: parse_request(body))


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"{", "x" * 9_000), (b"[" * 100_000, "application/json"), (b"1" * 9_000, "application/json"), (b"\xff", "")],
)
def test_a_body(body: bytes, kind: str) -> None:
    assert_short(lambda: input_fn(body, kind))


def test_mismatches_beyond_those_that_are_listed_are_counted() -> None:
    variants = [parse_variant(f"K{position}A") for position in range(3, 103)]

    error = assert_short(lambda: check_wild_types(variants, "MK", 0))

    assert "95 more" in error.message


@pytest.mark.parametrize(
    "changes",
    [{"hidden_act": "x" * 9_000}, {"hidden_size": [1] * 9_000}, dict.fromkeys(SHAPES["tiny"].to_json(), "x" * 200)],
)
def test_a_configuration(changes: dict[str, Any]) -> None:
    assert_short(lambda: parse_config({**SHAPES["tiny"].to_json(), **changes}))


def test_a_configuration_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "config.json").mkdir()

    assert_short(lambda: load_config(tmp_path))


def test_shards_that_are_missing_are_counted(tmp_path: Path) -> None:
    names = {f"tensor{index}": f"shard-{index}.safetensors" for index in range(500)}
    (tmp_path / INDEX_FILE).write_text(json.dumps({"weight_map": names}))

    error = assert_short(lambda: weight_files(tmp_path))

    assert "495 more" in error.message


def test_tensors_that_do_not_fit_are_counted(tmp_path: Path) -> None:
    tensors = {f"{'x' * 900}{index}": np.zeros(1, np.float32) for index in range(9)}
    save_file(tensors, tmp_path / "model.safetensors")

    error = assert_short(lambda: load_state(tmp_path, SHAPES["tiny"]))

    assert error.details is not None
    assert error.details["count"] == len(SHAPES["tiny"].tensor_shapes()) + 9


@pytest.mark.parametrize("model", ["x" * 9_000, "x/" * 900, f"{WILD}/" * 900])
def test_a_model_that_does_not_exist(model: str) -> None:
    assert assert_short(lambda: find_model(model)).code is ErrorCode.MODEL_NOT_FOUND


def test_any_message_is_cut() -> None:
    error = ModelError(ErrorCode.CONFIG_INVALID, WILD * 9_000)

    assert len(error.message.encode()) <= LONGEST / 2
    assert error.message.endswith("...")
