"""Shared checkpoints and models: small, synthetic, and created once per run."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import settings

from amplify_vep.backend.device import use_ieee_float32
from amplify_vep.backend.reference import ReferenceModel, load_reference
from amplify_vep.checkpoint.config import ModelConfig, load_config
from amplify_vep.checkpoint.synthesize import SHAPES, synthesize
from amplify_vep.checkpoint.weights import load_state
from amplify_vep.scorer import Scorer
from amplify_vep.server import pool as pool_module
from tests.support.pools import FakeWorker
from tests.support.proteins import DEMO, SHORT_WINDOW

torch.set_num_threads(1)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")
use_ieee_float32()

FASTA = f""">one first protein
{DEMO[:30]}
>bad
MKTX
>one again
MKTVRQ
>../../etc/pass wd
MKT
"""


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hidden size 64, 4 layers, windows of 2046 residues."""
    folder = tmp_path_factory.mktemp("checkpoint")
    synthesize(folder)
    return folder


@pytest.fixture(scope="session")
def short_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with windows of 24 residues, so that short proteins need several."""
    folder = tmp_path_factory.mktemp("short")
    synthesize(folder, seed=3, config=replace(SHAPES["tiny"], max_length=SHORT_WINDOW + 2))
    return folder


@pytest.fixture(scope="session")
def config(checkpoint: Path) -> ModelConfig:
    return load_config(checkpoint)


@pytest.fixture(scope="session")
def reference(checkpoint: Path, config: ModelConfig) -> ReferenceModel:
    return load_reference(load_state(checkpoint, config), config)


@pytest.fixture(scope="session")
def short_reference(short_checkpoint: Path) -> ReferenceModel:
    short = load_config(short_checkpoint)
    return load_reference(load_state(short_checkpoint, short), short)


@pytest.fixture(scope="session")
def scorer(checkpoint: Path) -> Scorer:
    return Scorer.load(checkpoint, dtype="float32", device="cpu")


@pytest.fixture(scope="session")
def short_scorer(short_checkpoint: Path) -> Scorer:
    return Scorer.load(short_checkpoint, dtype="float32", device="cpu")


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> list[FakeWorker]:
    """All workers that a pool starts, in order."""
    monkeypatch.setattr(pool_module, "WorkerHandle", FakeWorker)
    FakeWorker.made = []
    return FakeWorker.made


@pytest.fixture
def fasta(tmp_path: Path) -> Path:
    """Four records, one of which cannot be scored."""
    path = tmp_path / "proteins.fasta"
    path.write_text(FASTA)
    return path
