"""The 20 standard amino acids and their HGVS labels."""

AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY"
"""One-letter codes, in the row order of every heatmap."""

_CODES = "Ala Cys Asp Glu Phe Gly His Ile Lys Leu Met Asn Pro Gln Arg Ser Thr Val Trp Tyr"

THREE_LETTER = dict(zip(AMINO_ACIDS, _CODES.split(" "), strict=True))
"""Three-letter code of each one-letter code, as used in HGVS protein notation."""

ROW = {residue: row for row, residue in enumerate(AMINO_ACIDS)}
"""Heatmap row of each residue."""

_ONE_LETTER = {three.upper(): one for one, three in THREE_LETTER.items()}


def to_one_letter(text: str) -> str | None:
    """One-letter code of `K`, `Lys` or `LYS`, in any case; None if it is not one of the 20 standard amino acids."""
    code = text.upper()
    return code if code in THREE_LETTER else _ONE_LETTER.get(code)


def hgvs_label(wild_type: str, position: int, mutant: str) -> str:
    """The MAVE-HGVS label of one substitution, such as `p.Lys10Ala`, or `p.Lys10=` if nothing changes.

    Args:
        wild_type: one-letter code.
        position: 1-based index plus numbering offset.
        mutant: one-letter code.

    """
    change = "=" if wild_type == mutant else THREE_LETTER[mutant]
    return f"p.{THREE_LETTER[wild_type]}{position}{change}"
