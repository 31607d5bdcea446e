"""The library: load a model once and score proteins.

from amplify_vep.scorer import Scorer

scorer = Scorer.load("chandar-lab/AMPLIFY_120M")
result = scorer.score("MKTVRQERLKSIVRILERSK", variants=["K2A"])
print(result["variants"][0]["score"])
"""

import time
from collections.abc import Callable, Generator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from amplify_vep.backend.attention import WAYS
from amplify_vep.backend.batch_size import BatchPolicy
from amplify_vep.backend.compilation import OFF, ON, check_mode
from amplify_vep.backend.device import (
    DTYPES,
    check_device,
    default_device,
    device_name,
    pin_attention,
    use_ieee_float32,
)
from amplify_vep.backend.engine import TorchEngine
from amplify_vep.backend.gate import GateReport
from amplify_vep.backend.gate_record import expected_llr
from amplify_vep.backend.linear import PLAIN
from amplify_vep.backend.memory import keep_freed_memory, peak_bytes, release_cached, token_limit
from amplify_vep.backend.model import FusedModel
from amplify_vep.backend.plan import Plan, plan_for
from amplify_vep.backend.precision import AUTO, choose
from amplify_vep.backend.reference import load_reference
from amplify_vep.checkpoint.config import load_config
from amplify_vep.checkpoint.provenance import ModelIdentity, identify, model_id_of
from amplify_vep.checkpoint.weights import load_state
from amplify_vep.hub.source import find_model
from amplify_vep.scoring.engine import Batch, Passed
from amplify_vep.scoring.marginals import score_steps
from amplify_vep.scoring.request import ScoreRequest, parse_request
from amplify_vep.scoring.result import build_result
from amplify_vep.scoring.steps import finish

Steps = Generator[Batch, Passed, Callable[[], dict[str, Any]]]
"""Scores one protein: yields each batch, receives its result, and returns the function that builds the result object.

To build it takes time in which the device can work on the next batch.
"""


class Scorer:
    """A loaded model.

    Args:
        engine: the model on its device.
        identity: identity of the checkpoint.
        dtype: name of the precision.
        gate: how close the model is to float32; None if it was not compared.
        compiled: whether the blocks run compiled; default false.

    """

    def __init__(
        self,
        engine: TorchEngine,
        identity: ModelIdentity,
        dtype: str,
        gate: GateReport | None,
        compiled: bool = False,
    ) -> None:
        self.engine = engine
        self.compiled = compiled
        self.identity = identity
        self.gate = None if gate is None else asdict(gate)
        self._model = {
            "id": identity.model_id,
            "revision": identity.revision,
            "weights": identity.weights,
            "weights_sha256": identity.weights_sha256,
            "package_version": identity.package_version,
            "device": device_name(engine.model.device),
            "dtype": dtype,
            "kernel": f"{engine.model.kernel} products, {engine.model.attend.__name__} attention",
            "batch_tokens": engine.policy.tokens,
            "torch_version": torch.__version__,
            "compiled": compiled,
        }

    @classmethod
    def load(
        cls,
        model: str | Path,
        dtype: str = AUTO,
        device: str | None = None,
        threads: int = 0,
        *,
        compiling: str = OFF,
    ) -> "Scorer":
        """Loads a checkpoint.

        Args:
            model: a folder with config.json and safetensors, or a hub id such as `chandar-lab/AMPLIFY_350M`.
            dtype: `auto` (default: the first plan of the device that passes the fidelity gate), `float32`, `bfloat16`
                or `float16`.
            device: such as `cpu` or `cuda:1`; by default the first GPU, or the CPU if there is none.
            threads: number of CPU threads; 0 (default) for PyTorch's choice.
            compiling: `off` (default), or `on` to run the blocks with torch.compile.

        Raises:
            ModelError: the model cannot be found, loaded or verified, or the device does not exist.

        """
        check_mode(compiling)
        folder = find_model(str(model))
        device = device or default_device()
        if threads:
            torch.set_num_threads(threads)
        use_ieee_float32()
        pin_attention()
        keep_freed_memory()
        check_device(device)
        if device.startswith("cuda"):
            torch.cuda.set_device(device)
        config = load_config(folder, model_id_of(folder))
        state = load_state(folder, config)
        identity = identify(folder)

        def build(plan: Plan) -> FusedModel:
            kernel = PLAIN if compiling == ON else plan.kernel
            return FusedModel(state, config, device, DTYPES[plan.dtype], kernel, attend=WAYS[plan.attention])

        def expected() -> NDArray[np.float64]:
            return expected_llr(folder, identity, lambda: load_reference(state, config, device))

        choice = choose(build, expected, device, dtype, compiling == ON)
        # Plans that failed the gate are deleted; release their memory before free memory is measured.
        release_cached(device)
        policy = BatchPolicy(choice.plan.batch_tokens, token_limit(config, device))

        def load_exact() -> FusedModel:
            plan = plan_for(device, "float32")
            return FusedModel(
                load_state(folder, config), config, device, torch.float32, plan.kernel, attend=WAYS[plan.attention]
            )

        engine = TorchEngine(choice.model, policy, load_exact)
        return cls(engine, identity, choice.plan.dtype, choice.gate, compiling == ON)

    def facts(self) -> dict[str, Any]:
        """Facts about the loaded model for the log: identity, how the model computes, gate, memory limit."""
        return {**self._described(), "gate": self.gate, "token_limit": self.engine.policy.token_limit}

    def memory_bytes(self) -> int:
        """Highest memory use so far in bytes: of the device on a GPU, of the process on a CPU."""
        return peak_bytes(self.engine.model.device)

    def score(self, sequence: str, **options: Any) -> dict[str, Any]:
        """Scores one protein.

        Args:
            sequence: plain or FASTA, 1 to 10,000 residues of the 20 standard amino acids.
            options: `name`, `scoring`, `variants`, `positions`, `joint` and `numbering_offset`, see `RequestBody`.

        Returns:
            The result object, see `scoring.result.build_result`.

        Raises:
            InputError: the request cannot be scored.
            ScoringError: the device or the model failed.

        """
        return self.score_request(parse_request({"sequence": sequence, **options}))

    def score_request(self, request: ScoreRequest) -> dict[str, Any]:
        """Scores a checked request. Returns and raises the same as `score`."""
        return finish(self.steps(request), self.engine.run)()

    def steps(self, request: ScoreRequest, submitted: float | None = None) -> Steps:
        """Scores a request batch by batch, so that a caller can alternate between proteins and join their batches.

        Args:
            request: the checked request.
            submitted: `time.monotonic()` when the request arrived; default now.

        """
        submitted = time.monotonic() if submitted is None else submitted
        steps = score_steps(request, self.engine)
        passes: list[Passed] = []
        try:
            batch = next(steps)
            while True:
                passes.append((yield batch))
                batch = steps.send(passes[-1].log_probs)
        except StopIteration as finished:
            marginals = finished.value
        total_s, compute_s = time.monotonic() - submitted, sum(passed.seconds for passed in passes)
        timing = {
            # Waiting for a worker and for the turns of other requests.
            "queue_s": round(max(0.0, total_s - compute_s), 6),
            "compute_s": round(compute_s, 6),
            "total_s": round(total_s, 6),
            "copies": sum(len(passed.log_probs) for passed in passes),
            "batches": len(passes),
            "batch_size": max(passed.copies for passed in passes),
            "oom_retries": sum(passed.oom_retries for passed in passes),
            "float32_recomputes": sum(passed.float32_recomputes for passed in passes),
        }
        return partial(build_result, request, marginals, self._described(), timing)

    def _described(self) -> dict[str, Any]:
        # For each result: a model that overflows again and again scores in float32 from then on.
        return {**self._model, "dtype": "float32"} if self.engine.always_exact else self._model
