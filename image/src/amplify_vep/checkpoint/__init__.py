"""The folder of a checkpoint: hyper-parameters, weights and their origin."""
