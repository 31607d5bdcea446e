"""A checkpoint's folder: hyper-parameters, weights and where they come from."""
