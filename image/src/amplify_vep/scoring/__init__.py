"""Scoring: the request, the masked copies that pass through a model, and the result."""
