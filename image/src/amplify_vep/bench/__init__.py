"""Figures: how fast the engine is beside the naive loop, beside the hardware, and for several clients."""
