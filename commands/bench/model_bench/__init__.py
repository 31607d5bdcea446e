"""Measurements of the model package: speed against the naive loop and the hardware, and a soak test of the server."""
