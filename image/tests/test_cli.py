"""The commands that scripts rely on."""

import json
from pathlib import Path

import pytest
import torch

from amplify_vep.cli import main
from amplify_vep.errors import ErrorCode, UsageError
from amplify_vep.scorer import Scorer
from amplify_vep.server.settings import Settings, settings_from_environment
from tests.support.command import run


def test_scores_one_protein_into_a_file(checkpoint: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "result.json"

    code = run("score", "--model", checkpoint, "--sequence", "MKTVRQ", "--out", out, "--dtype", "float32",
               "--variants", "K2A;T3V", "--positions", "1", "--joint")  # fmt: skip

    result = json.loads(out.read_text())
    assert code == 0
    assert (result["model"]["dtype"], result["joint"]) == ("float32", True)
    assert [variant["variant"] for variant in result["variants"]] == ["K2A;T3V"]


def test_a_failed_compilation_is_an_error(
    checkpoint: Path, fasta: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise RuntimeError("unsupported")

    monkeypatch.setattr(torch, "compile", fail)
    for proteins in (("--sequence", "MKTVRQ", "--out", tmp_path / "one.json"), (fasta, "--out", tmp_path / "out")):
        assert run("score", *proteins, "--model", checkpoint, "--dtype", "float32", "--compile", "on") == 78
        assert "cannot be compiled (RuntimeError: unsupported)" in capsys.readouterr().err


def test_bad_input_is_reported_and_nothing_is_written(
    checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run("score", "--model", checkpoint, "--sequence", "MKX", "--out", tmp_path / "result.json")

    assert code == 65
    assert capsys.readouterr().err.startswith("amplify-vep: INVALID_RESIDUE: ")
    assert not (tmp_path / "result.json").exists()


def test_impossible_outputs_are_reported_before_the_model_is_loaded(
    checkpoint: Path, fasta: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Scorer, "load", lambda *given, **more: pytest.fail("loaded"))

    assert run("score", "--sequence", "MK", "-o", tmp_path, "--model", checkpoint) == 64
    assert run("score", fasta, "-o", fasta, "--model", checkpoint) == 64
    assert run("score", fasta, "-o", fasta / "below", "--model", checkpoint) == 74
    assert f"{fasta}/below cannot be read or written" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["score"], ["dance"], ["synthesize", "x", "--seed", "-1"]])
def test_wrong_usage_has_its_own_exit_code(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 64


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_an_impossible_port_is_reported(checkpoint: Path, capsys: pytest.CaptureFixture[str], port: str) -> None:
    assert run("serve", "--model", checkpoint, f"--port={port}") == 64
    assert f"Port {port}" in capsys.readouterr().err


def test_a_home_of_nobody_is_no_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("describe", "--model", "~nobody-of-this-name/x") == 78
    assert "MODEL_NOT_FOUND" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "-o", "x"],
        ["score", "a.fasta", "--sequence", "MK", "-o", "x"],
        ["score", "missing.fasta", "-o", "x"],
        ["score", "a.fasta", "-o", "x", "--variants", "K2A"],
        ["describe"],
    ],
)
def test_contradictory_or_missing_arguments_are_reported(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMPLIFY_MODEL_DIR", raising=False)

    assert run(*arguments) == 64


def test_the_model_may_come_from_the_environment(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AMPLIFY_MODEL_DIR", str(checkpoint))

    assert run("describe") == 0
    assert json.loads(capsys.readouterr().out)["weights"] == "synthetic"


def test_settings_come_from_arguments_environment_and_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLIFY_MAX_QUEUED", "7")
    monkeypatch.setenv("AMPLIFY_DTYPE", "bfloat16")

    monkeypatch.setenv("AMPLIFY_COMPILE", "on")

    settings = settings_from_environment(model="m", dtype="float32", host=None)

    assert settings == Settings("m", dtype="float32", compile="on", max_queued=7)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_QUEUED", "many"),
        ("GRACE_S", "-1"),
        ("MAX_BODY_BYTES", "1.5"),
        ("MAX_ACTIVE", "0"),
        ("GRACE_S", "inf"),
    ],
)
def test_an_impossible_setting_is_reported(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"AMPLIFY_{name}", value)

    with pytest.raises(UsageError) as refused:
        settings_from_environment(model="m")

    assert refused.value.code is ErrorCode.USAGE
    assert f"AMPLIFY_{name}='{value}'" in refused.value.message


def test_the_port_is_sagemakers_where_none_is_given(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAGEMAKER_BIND_TO_PORT", "eighty")

    assert run("serve", "--model", checkpoint) == 64
    assert "SAGEMAKER_BIND_TO_PORT='eighty'" in capsys.readouterr().err
