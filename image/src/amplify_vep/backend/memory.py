"""Memory of the device and the host: limits, measurements and release."""

import ctypes
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import torch

from amplify_vep.backend.cgroup import cgroup_free_bytes
from amplify_vep.checkpoint.config import ModelConfig

_SHARE = 0.5
"""Share of the free memory for a batch. The rest is for attention on long proteins and for other processes."""

_SIGNS_OF_NO_MEMORY = ("can't allocate memory", "CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED")
"""Texts in errors for which PyTorch has no class: of its CPU allocator, the driver and cuBLAS."""

_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4
_KEPT_BYTES = 1 << 30


def keep_freed_memory() -> None:
    """Makes glibc keep freed memory, up to 1 GiB, for the next batch. Has no effect with other C libraries.

    By default glibc returns large tensors to the system after each use, and the system must clear their pages again,
    which takes up to half of the time of attention. See mallopt(3).
    """
    mallopt = _of_glibc("mallopt")
    # M_MMAP_THRESHOLD cannot be above 32 MiB, so separate mappings are switched off.
    mallopt(_M_MMAP_MAX, 0)
    mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)


def token_limit(config: ModelConfig, device: str) -> int | None:
    """Most tokens per batch that free memory allows; None if free memory is not known.

    Args:
        config: its widths determine the memory of a token: the residual stream, a normalised copy, q, k and v with
            their rotated copies, and the gated product, all counted as float32.
        device: such as `cpu` or `cuda:0`.

    """
    free = free_bytes(device)
    a_token = 4 * (8 * config.hidden_size + 4 * config.inner_size)
    return None if free is None else max(1, int(_SHARE * free / a_token))


def free_bytes(device: str) -> int | None:
    """Free memory in bytes: of a GPU, or of the host within the limit of the container; None if it is not known."""
    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)[0]
    try:
        lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    available = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    within = cgroup_free_bytes()
    return min([*available, *([] if within is None else [within])], default=None)


def peak_bytes(device: str) -> int:
    """Highest memory use so far in bytes: reserved by PyTorch on a GPU, or the resident set of the process."""
    if device.startswith("cuda"):
        return torch.cuda.max_memory_reserved(device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, Linux kibibytes.
    return peak if sys.platform == "darwin" else peak * 1024


def is_out_of_memory(error: Exception) -> bool:
    """Whether an error means that the device or the host ran out of memory."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return any(sign in str(error) for sign in _SIGNS_OF_NO_MEMORY)


def release_cached(device: str) -> None:
    """Returns freed memory, which PyTorch keeps on a GPU and glibc on the host, to the system."""
    if device.startswith("cuda"):
        torch.cuda.empty_cache()
    else:
        _of_glibc("malloc_trim")(0)


def _of_glibc(name: str) -> Callable[..., object]:
    """A function of glibc, or a function without effect if the C library does not have it."""
    known = getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
    return known or (lambda *given: None)
