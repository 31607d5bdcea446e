"""The memory limit of a container: Linux control groups, version 1 and 2.

https://docs.kernel.org/admin-guide/cgroup-v2.html and https://docs.kernel.org/admin-guide/cgroup-v1/memory.html
"""

from collections.abc import Iterator
from pathlib import Path

_V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
_V2 = ("memory.max", "memory.current", "inactive_file")


def cgroup_free_bytes(root: Path = Path("/")) -> int | None:
    """Bytes that this process can still allocate within the memory limits of its control groups; None without a limit.

    A group's limit counts for all groups below it, so the smallest remainder counts. Files in the page cache that are
    not in use count as free, because the kernel drops them first.

    Args:
        root: has `proc` and `sys`; another folder in tests.

    """
    free = [room for folder, names in _groups(root) if (room := _room(folder, *names)) is not None]
    return min(free, default=None)


def _groups(root: Path) -> Iterator[tuple[Path, tuple[str, str, str]]]:
    """The folders of this process's memory groups and of their parents, with the names of their files."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return
    mount = root / "sys/fs/cgroup"
    for line in lines:
        number, controllers, path = line.split(":", 2)
        if number == "0":
            top, names = mount, _V2
        elif "memory" in controllers.split(","):
            top, names = mount / "memory", _V1
        else:
            continue
        # Inside a container, the group can be mounted as the top folder although its path is that of the host.
        group = top / path.strip("/")
        yield from ((folder, names) for folder in (group, *group.parents) if folder.is_relative_to(top))


def _room(folder: Path, limit_name: str, usage_name: str, cache_name: str) -> int | None:
    try:
        limit = (folder / limit_name).read_text(encoding="utf-8").strip()
        usage = int((folder / usage_name).read_text(encoding="utf-8"))
        statistics = dict(line.split() for line in (folder / "memory.stat").read_text(encoding="utf-8").splitlines())
        return None if limit == "max" else max(0, int(limit) - usage + int(statistics.get(cache_name, 0)))
    except (OSError, ValueError):  # no such group here, or the controller is off
        return None
