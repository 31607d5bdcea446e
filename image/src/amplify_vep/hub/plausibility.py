"""Checks that weights are a protein language model: they must predict natural proteins better than frequencies do."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import torch

from amplify_vep.backend.batch_size import BatchPolicy
from amplify_vep.backend.device import default_device, use_ieee_float32
from amplify_vep.backend.engine import TorchEngine
from amplify_vep.backend.gate_record import record_expected
from amplify_vep.backend.linear import PLAIN
from amplify_vep.backend.model import FusedModel
from amplify_vep.backend.reference import load_reference
from amplify_vep.checkpoint.config import ModelConfig, load_config
from amplify_vep.checkpoint.provenance import identify
from amplify_vep.checkpoint.weights import load_state
from amplify_vep.errors import ErrorCode, ModelError
from amplify_vep.protein.alphabet import AMINO_ACIDS
from amplify_vep.protein.fasta import read_fasta
from amplify_vep.scoring.marginals import score_steps
from amplify_vep.scoring.request import ScoreRequest
from amplify_vep.scoring.statistics import wild_type_rows
from amplify_vep.scoring.steps import finish

_MARGIN = 0.1
"""Nats by which a model must be better. Trained models are better by far more; random weights can be, by chance."""

_EVERY = 4
"""Every fourth position is masked, to keep the image build short."""


def natural_proteins() -> list[str]:
    """The bundled natural proteins (UniProt, CC BY 4.0)."""
    text = files("amplify_vep.hub").joinpath("data/natural_proteins.fasta").read_text(encoding="utf-8")
    return [record.sequence for record in read_fasta(text)]


def frequency_nll(sequences: list[str]) -> float:
    """Mean negative log-likelihood (nats per residue) at the masked positions, by the residue frequencies there."""
    tried = "".join(sequence[::_EVERY] for sequence in sequences)
    counts = np.array([tried.count(residue) for residue in AMINO_ACIDS], dtype=float)
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())


def masked_nll(engine: TorchEngine, sequences: list[str]) -> float:
    """Mean negative log-likelihood (nats per residue) of the wild type at the masked positions."""
    losses = []
    for sequence in sequences:
        columns = tuple(range(0, len(sequence), _EVERY))
        steps = score_steps(ScoreRequest(sequence, columns=columns), engine)
        log_probs = finish(steps, lambda batch: engine.run(batch).log_probs).log_probs
        losses.append(-log_probs[list(columns), wild_type_rows(sequence)[list(columns)]])
    return float(np.concatenate(losses).mean())


def record_gate(folder: Path) -> None:
    """Computes and writes the expected scores of the fidelity gate."""
    config = load_config(folder)
    record_expected(folder, identify(folder), load_reference(load_state(folder, config), config))


def prove_plausible(folder: Path, config: ModelConfig) -> str:
    """Loads the weights in float32 and compares their predictions with residue frequencies.

    Returns:
        One line with both values.

    Raises:
        ModelError: CHECKPOINT_INVALID if tensors are missing or do not match; MODEL_IMPLAUSIBLE.

    """
    use_ieee_float32()
    model = FusedModel(load_state(folder, config), config, default_device(), torch.float32, PLAIN)
    return check_plausible(TorchEngine(model, BatchPolicy(), lambda: model))


def check_plausible(engine: TorchEngine) -> str:
    """Compares the predictions of a loaded model with residue frequencies.

    Returns:
        One line with both values.

    Raises:
        ModelError: MODEL_IMPLAUSIBLE.

    """
    sequences = natural_proteins()
    found = masked_nll(engine, sequences)
    needed = frequency_nll(sequences)
    figures = f"masked NLL of {len(sequences)} natural proteins {found:.3f} nats, by residue frequencies {needed:.3f}"
    if not found < needed - _MARGIN:
        message = f"The weights are not a protein language model: {figures}. The file is damaged or of another model."
        raise ModelError(ErrorCode.MODEL_IMPLAUSIBLE, message, {"masked_nll": found, "frequency_nll": needed})
    return figures
