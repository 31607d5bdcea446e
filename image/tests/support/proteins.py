"""Proteins that several tests score."""

import numpy as np

DEMO = "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRGYVLAGG"
SHORT_WINDOW = 24
"""Residues in one copy of `short_checkpoint`."""


def random_protein(length: int, seed: int = 0) -> str:
    """A protein of the 20 standard amino acids, the same for the same seed."""
    return "".join(np.random.default_rng(seed).choice(list("ACDEFGHIKLMNPQRSTVWY"), length))
