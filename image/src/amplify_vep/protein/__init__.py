"""Proteins as text: sequences, FASTA records, variants, positions and tokens."""
