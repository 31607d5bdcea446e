"""A server loads only the weights that were deployed, however the objects below the prefix have changed since."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from amplify_vep.checkpoint.config import load_config
from amplify_vep.checkpoint.provenance import identify
from amplify_vep.checkpoint.synthesize import synthesize
from amplify_vep.errors import ErrorCode, ModelError, UsageError
from amplify_vep.hub.manifest import Deployed, deployed, verified, write_manifest
from amplify_vep.scorer import Scorer
from tests.support.command import run
from tests.support.serving import live_server

URL = "s3://weights/fine-tuned/1/"


@pytest.fixture
def folder(checkpoint: Path, tmp_path: Path) -> Path:
    copy = Path(shutil.copytree(checkpoint, tmp_path / "model"))
    write_manifest(copy)
    return copy


def expected(folder: Path) -> Deployed:
    return Deployed(URL, hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest())


def refusal(folder: Path, wanted: Deployed) -> ModelError:
    with pytest.raises(ModelError) as refused:
        verified(folder, wanted)
    return refused.value


def rewrite(folder: Path, files: object) -> None:
    (folder / "manifest.json").write_text(json.dumps({"schema_version": 1, "files": files}))


def test_the_manifest_names_every_file_that_a_server_reads_and_no_other(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    (folder / "amplify.py").write_text("raise SystemExit('remote code')")

    write_manifest(folder)

    files = json.loads((folder / "manifest.json").read_text())["files"]
    assert list(files) == ["config.json", "model.safetensors", "provenance.json"]
    assert files["config.json"] == hashlib.sha256((folder / "config.json").read_bytes()).hexdigest()


def test_the_deployed_weights_are_used_and_results_say_where_they_are_from(folder: Path) -> None:
    before = sorted(folder.iterdir())
    wanted = expected(folder)

    checked = verified(folder, wanted)

    model = Scorer.load(checked, dtype="float32", device="cpu").score("MKTV")["model"]
    assert (model["id"], model["revision"]) == (URL, f"sha256:{wanted.manifest_sha256}")
    assert model["weights"] == "synthetic"
    assert model["weights_sha256"] == identify(folder).weights_sha256
    assert sorted(folder.iterdir()) == before


def test_nothing_that_the_manifest_does_not_name_is_read(folder: Path) -> None:
    wanted = expected(folder)
    (folder / "gate.json").write_text("{}")
    (folder / "model.safetensors.index.json").write_text('{"weight_map": {"a": "other.safetensors"}}')

    assert {path.name for path in verified(folder, wanted).iterdir()} == {
        "config.json",
        "model.safetensors",
        "provenance.json",
    }


def overwrite_weights(folder: Path) -> None:
    synthesize(folder, seed=7)


def overwrite_all(folder: Path) -> None:
    synthesize(folder, seed=7)
    write_manifest(folder)


def remove_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def remove_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def change_config(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "norm_eps": 1e-3}))


CHANGES = [overwrite_weights, overwrite_all, remove_weights, remove_manifest, change_config]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_other_files_than_the_deployed_ones_are_refused(folder: Path, change: Callable[[Path], None]) -> None:
    wanted = expected(folder)
    change(folder)

    error = refusal(folder, wanted)

    assert error.code is ErrorCode.WEIGHTS_CHANGED
    assert URL in error.message and "pulumi up" in error.message
    assert error.exit_code == 78


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([], "files"),
        ({"model.safetensors": "0" * 64}, "does not name config.json"),
        ({"config.json": "0" * 64, "pytorch_model.bin": "0" * 64}, "'pytorch_model.bin'"),
        ({"config.json": "0" * 64, "../model.safetensors": "0" * 64}, "'../model.safetensors'"),
        ({"config.json": "0" * 64, "amplify.py": "0" * 64}, "'amplify.py'"),
    ],
)
def test_a_manifest_that_names_anything_but_a_checkpoint_is_refused(folder: Path, files: object, reason: str) -> None:
    rewrite(folder, files)

    error = refusal(folder, expected(folder))

    assert error.code is ErrorCode.CHECKPOINT_INVALID
    assert reason in error.message


def test_a_manifest_without_weights_is_refused(folder: Path) -> None:
    files = json.loads((folder / "manifest.json").read_text())["files"]
    rewrite(folder, {"config.json": files["config.json"]})

    assert refusal(folder, expected(folder)).code is ErrorCode.CHECKPOINT_INVALID


def test_weights_of_a_base_stage_keep_its_window(folder: Path) -> None:
    recorded = json.loads((folder / "provenance.json").read_text())
    (folder / "provenance.json").write_text(json.dumps({**recorded, "model_id": "chandar-lab/AMPLIFY_120M_base"}))
    write_manifest(folder)

    assert load_config(verified(folder, expected(folder))).max_length == 512


def test_a_manifest_survives_the_way_through_s3(folder: Path, tmp_path: Path) -> None:
    downloaded = tmp_path / "downloaded"
    downloaded.mkdir()
    for path in folder.iterdir():
        (downloaded / path.name).write_bytes(path.read_bytes())
        os.utime(downloaded / path.name, (1, 1))

    assert identify(verified(downloaded, expected(folder))).weights_sha256 == identify(folder).weights_sha256


def test_the_environment_names_the_deployed_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    assert deployed() is None
    monkeypatch.setenv("AMPLIFY_MODEL_DATA_URL", URL)
    with pytest.raises(UsageError):
        deployed()
    monkeypatch.setenv("AMPLIFY_MODEL_DATA_SHA256", "0" * 63)
    with pytest.raises(UsageError):
        deployed()
    monkeypatch.setenv("AMPLIFY_MODEL_DATA_SHA256", "0" * 64)

    assert deployed() == Deployed(URL, "0" * 64)


def test_commands_use_the_deployed_weights(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AMPLIFY_MODEL_DIR", str(folder))
    monkeypatch.setenv("AMPLIFY_MODEL_DATA_URL", URL)
    monkeypatch.setenv("AMPLIFY_MODEL_DATA_SHA256", expected(folder).manifest_sha256)

    assert run("describe") == 0
    assert json.loads(capsys.readouterr().out)["model_id"] == URL
    overwrite_weights(folder)
    assert run("describe") == 78
    assert "WEIGHTS_CHANGED" in capsys.readouterr().err


def test_a_server_proves_deployed_weights_before_it_serves(folder: Path) -> None:
    wanted = expected(folder)
    environment = {"AMPLIFY_MODEL_DATA_URL": URL, "AMPLIFY_MODEL_DATA_SHA256": wanted.manifest_sha256}

    with live_server(folder, wait=False, **environment) as server:
        assert server.process.wait(60) == 78
        assert server.wait_for(".*not a protein language model.*")["error_code"] == "MODEL_IMPLAUSIBLE"
