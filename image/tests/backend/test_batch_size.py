"""The size of batches, and the release of their memory."""

import subprocess
import sys

import pytest

from amplify_vep.backend.batch_size import BatchPolicy
from amplify_vep.backend.memory import free_bytes, token_limit
from amplify_vep.checkpoint.config import ModelConfig


def test_batches_follow_tokens_limits_and_memory() -> None:
    policy = BatchPolicy(tokens=512, token_limit=4000)

    assert [policy.batch_size(tokens) for tokens in (3, 66, 130, 512, 513, 2048, 5000)] == [171, 8, 4, 1, 1, 1, 1]
    policy.remember_limit(66, 3)
    assert [policy.batch_size(tokens) for tokens in (65, 66, 100)] == [8, 3, 3]
    assert BatchPolicy(tokens=100_000, token_limit=1000).batch_size(100) == 10


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's memory")
@pytest.mark.parametrize("kept", [True, False])
def test_freed_memory_is_kept_for_the_next_batch(kept: bool) -> None:
    program = f"""
import resource, torch
from amplify_vep.backend.memory import keep_freed_memory
if {kept}: keep_freed_memory()
for _ in range(30):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    torch.ones(12 << 20)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""

    faults = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    pages = 12 << 20 << 2 >> 12
    assert (int(faults.stdout) < pages // 10) == kept


def test_memory_bounds_a_batch(config: ModelConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amplify_vep.backend.memory.free_bytes", lambda device: 1_000_000)
    a_token = 4 * (8 * config.hidden_size + 4 * config.inner_size)

    assert token_limit(config, "cpu") == 500_000 // a_token
    monkeypatch.setattr("amplify_vep.backend.memory.free_bytes", lambda device: None)
    assert token_limit(config, "cpu") is None
    assert free_bytes("cpu") is None or free_bytes("cpu") != 0
