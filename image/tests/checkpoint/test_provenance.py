import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors.numpy import load_file, save_file

from amplify_vep import __version__
from amplify_vep.checkpoint.provenance import identify
from amplify_vep.errors import ErrorCode, ModelError
from amplify_vep.scorer import Scorer


@pytest.fixture
def copy(checkpoint: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(checkpoint, tmp_path / "model"))


def test_a_synthetic_checkpoint_is_marked_in_two_places(copy: Path) -> None:
    identity = identify(copy)

    assert identity.weights == "synthetic"
    assert (identity.model_id, identity.revision) == ("synthetic/amplify-64x4", "seed-0")
    (copy / "provenance.json").unlink()
    assert identify(copy).weights == "synthetic"
    assert identify(copy).model_id == "local/model"
    assert identify(copy).weights_sha256 == identity.weights_sha256


def test_provenance_cannot_make_synthetic_weights_pretrained(copy: Path) -> None:
    recorded = json.loads((copy / "provenance.json").read_text())
    (copy / "provenance.json").write_text(json.dumps({**recorded, "weights": "pretrained"}))

    assert identify(copy).weights == "synthetic"


def test_weights_that_changed_are_hashed_anew(copy: Path) -> None:
    before = identify(copy)
    file = copy / "model.safetensors"
    tensors = load_file(file)
    tensors["decoder.bias"] += 1
    save_file(tensors, file, metadata={"weights": "synthetic"})
    os.utime(file, (1, 1))

    after = identify(copy)

    assert after.weights_sha256 != before.weights_sha256
    assert after.model_version != before.model_version


def test_the_version_names_weights_and_code(checkpoint: Path) -> None:
    identity = identify(checkpoint)

    assert identity.model_version.startswith("sha256:")
    assert len(identity.model_version) == len("sha256:") + 64
    assert identity.package_version == __version__


@pytest.mark.parametrize(
    ("folder", "window"),
    [
        ("AMPLIFY_120M", 2046),
        ("AMPLIFY_120M_base", 510),
        ("models--chandar-lab--AMPLIFY_120M_base/snapshots/0123", 510),
    ],
)
def test_a_base_stage_is_known_by_its_folder_too(checkpoint: Path, tmp_path: Path, folder: str, window: int) -> None:
    bare = tmp_path / folder
    bare.mkdir(parents=True)
    for name in ("config.json", "model.safetensors"):
        shutil.copy(checkpoint / name, bare)

    assert Scorer.load(bare, dtype="float32", device="cpu").engine.window == window


def test_a_cached_model_is_called_as_on_the_hub(checkpoint: Path, tmp_path: Path) -> None:
    bare = tmp_path / "models--chandar-lab--AMPLIFY_120M/snapshots/0123"
    bare.mkdir(parents=True)
    shutil.copy(checkpoint / "model.safetensors", bare)

    assert identify(bare).model_id == "chandar-lab/AMPLIFY_120M"


def test_provenance_without_a_hash_is_completed(copy: Path) -> None:
    recorded = json.loads((copy / "provenance.json").read_text())
    del recorded["weights_sha256"]
    (copy / "provenance.json").write_text(json.dumps(recorded))

    assert len(identify(copy).weights_sha256) == 64


@pytest.mark.parametrize("content", ["{", "[]"])
def test_damaged_provenance_is_refused(copy: Path, content: str) -> None:
    (copy / "provenance.json").write_text(content)

    with pytest.raises(ModelError) as refused:
        identify(copy)

    assert refused.value.code is ErrorCode.CHECKPOINT_INVALID


def test_describe_needs_no_pytorch(checkpoint: Path) -> None:
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from amplify_vep.cli import main\n"
        f"sys.exit(main(['describe', '--model', {str(checkpoint)!r}]))"
    )

    described = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert json.loads(described.stdout) == identify(checkpoint).to_json()
