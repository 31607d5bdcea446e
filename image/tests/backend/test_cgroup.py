"""Memory limits of containers."""

from pathlib import Path

import pytest

from amplify_vep.backend import memory
from amplify_vep.backend.cgroup import cgroup_free_bytes

V1, V2 = ("memory.limit_in_bytes", "memory.usage_in_bytes"), ("memory.max", "memory.current")


def system(root: Path, lines: str) -> Path:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(lines)
    return root / "sys/fs/cgroup"


def group(folder: Path, names: tuple[str, str], limit: str, usage: int, cached: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / names[0]).write_text(f"{limit}\n")
    (folder / names[1]).write_text(f"{usage}\n")
    (folder / "memory.stat").write_text(f"inactive_file {cached}\ntotal_inactive_file {cached}\n")


def test_version_2_counts_the_tightest_of_a_group_and_its_parents(tmp_path: Path) -> None:
    mount = system(tmp_path, "0::/pod/container\n")
    group(mount / "pod/container", V2, "max", 10)
    group(mount / "pod", V2, "1000", 700, cached=50)

    assert cgroup_free_bytes(tmp_path) == 350
    group(mount / "pod/container", V2, "400", 300)
    assert cgroup_free_bytes(tmp_path) == 100


def test_version_1_is_found_by_its_controller(tmp_path: Path) -> None:
    mount = system(tmp_path, "5:devices:/other\n4:cpu,memory:/docker/abc\n0::/\n")
    group(mount / "memory/docker/abc", V1, "1000", 200)
    group(mount / "memory", V1, str(2**63 - 4096), 5000)

    assert cgroup_free_bytes(tmp_path) == 800


def test_a_group_that_is_mounted_as_the_top_is_found(tmp_path: Path) -> None:
    mount = system(tmp_path, "4:memory:/path/on/the/host\n")
    group(mount / "memory", V1, "1000", 1200, cached=100)

    assert cgroup_free_bytes(tmp_path) == 0


def test_without_a_limit_or_groups_there_is_none(tmp_path: Path) -> None:
    assert cgroup_free_bytes(tmp_path) is None
    mount = system(tmp_path, "0::/\n")
    assert cgroup_free_bytes(tmp_path) is None
    group(mount, V2, "max", 5)
    assert cgroup_free_bytes(tmp_path) is None


def test_free_memory_is_that_of_the_container(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "cgroup_free_bytes", lambda: 12345)
    assert memory.free_bytes("cpu") == 12345
    monkeypatch.setattr(memory, "cgroup_free_bytes", lambda: None)
    assert memory.free_bytes("cpu") not in (None, 12345)
