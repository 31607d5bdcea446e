"""Protein variant effect prediction with AMPLIFY, a masked protein language model."""

__version__ = "0.1.0"
