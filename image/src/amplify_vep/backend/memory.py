"""How much memory a batch may take, and what becomes of it afterwards."""

import ctypes
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import torch

from amplify_vep.checkpoint.config import ModelConfig

_SHARE = 0.5
"""Of the free memory: the rest is for attention on long proteins, and for what else runs."""

_SIGNS_OF_NO_MEMORY = ("can't allocate memory", "CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED")
"""In the messages of errors that PyTorch has no class of its own for: its CPU allocator's, the driver's, cuBLAS's."""

_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4
_KEPT_BYTES = 1 << 30


def keep_freed_memory() -> None:
    """Lets glibc keep what a batch frees for the next one, up to 1 GiB; other C libraries are left as they are.

    It would otherwise give large tensors back to the system after each use, and clearing their pages again takes up to
    half of the time of attention. See mallopt(3).
    """
    mallopt = _of_glibc("mallopt")
    # Its threshold for mappings of their own ends at 32 MiB, so there are none at all.
    mallopt(_M_MMAP_MAX, 0)
    mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)


def token_limit(config: ModelConfig, device: str) -> int | None:
    """Tokens that free memory allows in one batch; None where free memory is not known.

    Args:
        config: whose widths decide what a token costs: the residual stream, a normalised copy, q, k and v with their
            rotated copies, and the gated product, all counted as float32.
        device: such as `cpu` or `cuda:0`.

    """
    free = free_bytes(device)
    a_token = 4 * (8 * config.hidden_size + 4 * config.inner_size)
    return None if free is None else max(1, int(_SHARE * free / a_token))


def free_bytes(device: str) -> int | None:
    """Free memory of a device; of a CPU's host, what Linux calls available."""
    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)[0]
    try:
        lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    available = [line for line in lines if line.startswith("MemAvailable:")]
    return int(available[0].split()[1]) * 1024 if available else None


def peak_bytes(device: str) -> int:
    """Most memory that was in use so far: what PyTorch held of a GPU, or the process's resident set."""
    if device.startswith("cuda"):
        return torch.cuda.max_memory_reserved(device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, Linux kibibytes.
    return peak if sys.platform == "darwin" else peak * 1024


def is_out_of_memory(error: Exception) -> bool:
    """Whether an error says that memory ran out, of a device or of the host."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return any(sign in str(error) for sign in _SIGNS_OF_NO_MEMORY)


def release_cached(device: str) -> None:
    """Gives back memory that was freed and kept for later: what PyTorch keeps of a GPU's, or glibc of the host's."""
    if device.startswith("cuda"):
        torch.cuda.empty_cache()
    else:
        _of_glibc("malloc_trim")(0)


def _of_glibc(name: str) -> Callable[..., object]:
    """A function of glibc; one that does nothing where the C library has no such function."""
    known = getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
    return known or (lambda *given: None)
