"""A copy has the same scores, bit for bit, alone and in any batch, and after any start, on a CPU."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from amplify_vep.backend.attention import WAYS
from amplify_vep.backend.device import DTYPES
from amplify_vep.backend.model import FusedModel
from amplify_vep.backend.plan import plan_for
from amplify_vep.checkpoint.synthesize import SHAPES, draw_tensors
from tests.support.proteins import random_protein
from tests.support.serving import live_server

LENGTHS = (3, 20, 66, 130)


@pytest.fixture(scope="module", params=["tiny", "350M"])
def model(request: pytest.FixtureRequest) -> dict[str, FusedModel]:
    """A model of few blocks in each precision that a CPU prefers."""
    config = replace(SHAPES[request.param], num_hidden_layers=2)
    state = {name: torch.from_numpy(values) for name, values in draw_tensors(config, seed=0).items()}
    built = {}
    for dtype in ("bfloat16", "float32"):
        plan = plan_for("cpu", dtype)
        built[dtype] = FusedModel(state, config, "cpu", DTYPES[dtype], plan.kernel, attend=WAYS[plan.attention])
    return built


@pytest.mark.parametrize("dtype", ["bfloat16", "float32"])
@pytest.mark.parametrize("reads_a_copy", [1, 2])
def test_a_copy_does_not_depend_on_its_batch(model: dict[str, FusedModel], dtype: str, reads_a_copy: int) -> None:
    random = np.random.default_rng(1)
    for length in LENGTHS:
        copies = 1024 // length
        reads_here = min(reads_a_copy, length - 2)
        tokens = random.integers(6, 26, (copies, length))
        reads = random.integers(1, length - 1, (copies, reads_here))
        together = model[dtype].log_probs(tokens, reads)
        for some in (1, 2, 3, 5, copies // 2):
            found = model[dtype].log_probs(tokens[-some:], reads[-some:])
            np.testing.assert_array_equal(found, together[-some:], err_msg=f"{length} tokens, {some} copies")


def scores(result: dict[str, Any]) -> tuple[object, ...]:
    return result["heatmap"], result["entropy"], result["pseudo_perplexity"]


def test_two_starts_under_load_and_alone_give_equal_scores(checkpoint: Path, tmp_path: Path) -> None:
    proteins = [random_protein(length, seed=length) for length in (1, 5, 30, 30, 61, 90)]
    with live_server(checkpoint, dtype="auto") as server, ThreadPoolExecutor(6) as pool:

        def ask(body: dict[str, Any]) -> dict[str, Any]:
            answer: dict[str, Any] = server.client.post("/invocations", json=body).json()
            return answer

        loaded = list(pool.map(ask, [{"sequence": protein} for protein in proteins] * 2))
        one = ask({"sequence": proteins[-1], "positions": "7"})

    fasta = tmp_path / "proteins.fasta"
    fasta.write_text("".join(f">{index}\n{protein}\n" for index, protein in enumerate(proteins)))
    command = ["score", str(fasta), "--out", str(tmp_path / "out"), "--model", str(checkpoint)]
    subprocess.run(
        [sys.executable, "-m", "amplify_vep", *command], check=True, env=server.environment, capture_output=True
    )
    for index, (first, second) in enumerate(zip(loaded[:6], loaded[6:], strict=True)):
        alone = json.loads((tmp_path / "out" / f"{index}.json").read_text())
        assert scores(first) == scores(second) == scores(alone)
        assert first["model"] == alone["model"]
        assert {"device", "dtype", "kernel", "batch_tokens", "torch_version"} <= alone["model"].keys()
    assert [row[6] for row in one["heatmap"]] == [row[6] for row in loaded[5]["heatmap"]]
