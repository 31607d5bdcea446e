"""Devices, their precisions, and IEEE float32 on all of them."""

from functools import cache
from pathlib import Path

import torch

from amplify_vep.errors import ErrorCode, ModelError

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
"""Precisions by the name of the option `dtype`."""


def default_device() -> str:
    """`cuda:0` if there is a GPU, else `cpu`."""
    return "cuda:0" if torch.cuda.is_available() else "cpu"


def has_matrix_units(device: str) -> bool:
    """Whether the device has matrix units for 16 bits: every supported GPU, or a CPU with AMX."""
    return device.startswith("cuda") or "amx_bf16" in cpu_flags()


def use_ieee_float32() -> None:
    """Makes PyTorch compute float32 products in IEEE float32: no TF32, no bf16 splitting, no reduced accumulators."""
    torch.set_float32_matmul_precision("highest")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
    torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False


def pin_attention() -> None:
    """Makes PyTorch's fused attention on GPUs use flash, else memory-efficient attention, and never cuDNN.

    cuDNN prepares each new shape for a third of a second on recent GPUs, and rounds differently.
    """
    torch.backends.cuda.enable_cudnn_sdp(False)


def check_device(device: str) -> None:
    """Checks that this machine has the device.

    Raises:
        ModelError: DEVICE_UNSUITABLE if it does not.

    """
    try:
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        message = f"Device {device!r} cannot be used ({reason}); leave it out to use {default_device()}."
        raise ModelError(ErrorCode.DEVICE_UNSUITABLE, message) from error


def device_name(device: str) -> str:
    """The device as shown in a result, such as `cuda:0 (NVIDIA L4)` or `cpu (AVX512, 8 threads)`."""
    if device.startswith("cuda"):
        return f"{device} ({torch.cuda.get_device_name(device)})"
    return f"cpu ({torch.backends.cpu.get_cpu_capability()}, {torch.get_num_threads()} threads)"


@cache
def cpu_flags() -> frozenset[str]:
    """The features of the CPU as Linux names them; empty on other systems."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:  # not Linux: assume a CPU with float32 only
        return frozenset()
    for line in text.splitlines():
        if line.lower().startswith(("flags", "features")):
            return frozenset(line.split(":", 1)[1].split())
    return frozenset()
