"""The model on a device: fused weights, measured precision and batch size."""
