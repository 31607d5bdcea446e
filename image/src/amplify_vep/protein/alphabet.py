"""The 20 standard amino acids, and their HGVS labels."""

AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY"
"""One-letter codes, in the row order of every heatmap."""

_CODES = "Ala Cys Asp Glu Phe Gly His Ile Lys Leu Met Asn Pro Gln Arg Ser Thr Val Trp Tyr"

THREE_LETTER = dict(zip(AMINO_ACIDS, _CODES.split(" "), strict=True))
"""Three-letter code of each one-letter code, as HGVS protein notation writes it."""

ROW = {residue: row for row, residue in enumerate(AMINO_ACIDS)}
"""Heatmap row of each residue."""

_ONE_LETTER = {three.upper(): one for one, three in THREE_LETTER.items()}


def to_one_letter(text: str) -> str | None:
    """Reads `K`, `Lys` or `LYS`, in any case; None where that names none of the 20 standard amino acids."""
    code = text.upper()
    return code if code in THREE_LETTER else _ONE_LETTER.get(code)


def hgvs_label(wild_type: str, position: int, mutant: str) -> str:
    """The MAVE-HGVS label of one substitution, such as `p.Lys10Ala`; `p.Lys10=` where nothing changes.

    Args:
        wild_type: one-letter code.
        position: as the label shows it (1-based index plus numbering offset).
        mutant: one-letter code.

    """
    change = "=" if wild_type == mutant else THREE_LETTER[mutant]
    return f"p.{THREE_LETTER[wild_type]}{position}{change}"
