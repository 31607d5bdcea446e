"""Scoring: which copies of a protein pass through the model, and what is read from them."""
