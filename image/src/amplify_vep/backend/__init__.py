"""The model on a device: fused weights, chosen precision, measured batch size."""
