"""How each kind of device computes: a table, because the choice changes scores and timing on a busy machine is random.

The attention and the precision change an llr by up to 0.15 in bfloat16. Two starts on one kind of device must choose
the same, so the fidelity gate can refuse a plan, and nothing else decides.
"""

from dataclasses import dataclass

import torch

from amplify_vep.backend.batch_size import CPU_TOKENS, GPU_TOKENS
from amplify_vep.backend.device import DTYPES, cpu_flags
from amplify_vep.backend.linear import PACKED, PLAIN, packing_available

_BF16_SINCE = (8, 0)
"""CUDA capability of the first GPUs with bfloat16 units."""


@dataclass(frozen=True)
class Plan:
    """One way to compute.

    Attributes:
        dtype: name of the precision, see `DTYPES`.
        kernel: kernel of the products, see `make_linear`.
        attention: name in `attention.WAYS`.
        batch_tokens: tokens per batch.

    """

    dtype: str
    kernel: str
    attention: str
    batch_tokens: int


def plans(device: str) -> list[Plan]:
    """The plans of a device in order of preference. The last is float32, which needs no gate."""
    return [plan_for(device, dtype) for dtype in _precisions(device)]


def plan_for(device: str, dtype: str) -> Plan:
    """The plan of a device for one precision, whether the device prefers it or not."""
    if device.startswith("cuda"):
        # Flash attention; float32 has the memory-efficient one.
        return Plan(dtype, PLAIN, "fused", GPU_TOKENS)
    # The scores of split products do not depend on the other copies in the batch; without AMX, those of fused attention
    # can. With AMX they do not, and fused attention in bfloat16 is twice as fast.
    fused = dtype == "bfloat16" and "amx_bf16" in cpu_flags()
    kernel = PACKED if packing_available(device, DTYPES[dtype]) else PLAIN
    return Plan(dtype, kernel, "fused" if fused else "split", CPU_TOKENS)


def _precisions(device: str) -> list[str]:
    if device.startswith("cuda"):
        # float16 rounds eight times finer than bfloat16 at the same speed. Batches that overflow are computed again.
        has_bf16 = torch.cuda.get_device_capability(device) >= _BF16_SINCE
        return ["float16", "bfloat16", "float32"] if has_bf16 else ["float16", "float32"]
    # Without units for it, bfloat16 is slower than float32 and less accurate.
    return ["bfloat16", "float32"] if cpu_flags() & {"avx512_bf16", "amx_bf16"} else ["float32"]
