"""Cleans and checks one protein, by the same rules as the tools' contract."""

import re
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

from amplify_vep.errors import LISTED, ErrorCode, InputError, listed
from amplify_vep.protein.alphabet import AMINO_ACIDS

MAX_RESIDUES = 10_000
"""Most residues a protein can have."""

_UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)
"""Only ASCII: `str.upper` turns other letters into residues, such as the German sharp s into SS."""

_BINARY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_REASONS = {
    "B": "B is Asp or Asn",
    "J": "J is Leu or Ile",
    "O": "O is pyrrolysine",
    "U": "U is selenocysteine",
    "X": "X is an unknown residue",
    "Z": "Z is Glu or Gln",
    "*": "* is a stop codon",
    "-": "- is an alignment gap",
}


@dataclass(frozen=True)
class Protein:
    """One protein.

    Attributes:
        sequence: residues in upper case.
        name: first word of the FASTA header; None if there is no header.

    """

    sequence: str
    name: str | None = None


def clean_sequence(text: str) -> Protein:
    """Cleans one protein: plain or FASTA, with or without line breaks, in upper or lower case.

    Raises:
        InputError: NOT_TEXT, MULTIPLE_SEQUENCES, EMPTY_SEQUENCE, SEQUENCE_TOO_LONG, or INVALID_RESIDUE with the
            characters and their 1-based positions.

    """
    text = text.removeprefix("\ufeff")
    if _BINARY.search(text):
        raise InputError(ErrorCode.NOT_TEXT, "The sequence is binary data; send it as plain text or FASTA.")
    lines = [line for line in (line.strip() for line in re.split(r"\r\n|\r|\n", text)) if line]
    headers = [line for line in lines if line.startswith(">")]
    if len(headers) > 1 or (headers and lines[0] != headers[0]):
        what = f"{len(headers)} FASTA records" if len(headers) > 1 else "residues before a FASTA header"
        raise InputError(ErrorCode.MULTIPLE_SEQUENCES, f"The text has {what}; send one protein per request.")
    residues = "".join("".join(line.split()) for line in lines if not line.startswith(">")).translate(_UPPER)
    check_residues(residues)
    words = headers[0][1:].split() if headers else []
    return Protein(residues, words[0] if words else None)


def check_residues(sequence: str) -> None:
    """Checks that a sequence has 1 to 10,000 residues of the 20 standard amino acids.

    Raises:
        InputError: EMPTY_SEQUENCE, SEQUENCE_TOO_LONG or INVALID_RESIDUE.

    """
    if not sequence:
        message = f"The sequence is empty; send 1 to {MAX_RESIDUES} residues of the 20 standard amino acids."
        raise InputError(ErrorCode.EMPTY_SEQUENCE, message)
    if len(sequence) > MAX_RESIDUES:
        message = (
            f"The sequence has {len(sequence)} residues, the maximum is {MAX_RESIDUES}; send a domain or a fragment."
        )
        details = {"sequence_length": len(sequence), "limit": MAX_RESIDUES}
        raise InputError(ErrorCode.SEQUENCE_TOO_LONG, message, details)
    offending = [(character, index + 1) for index, character in enumerate(sequence) if character not in AMINO_ACIDS]
    if offending:
        raise _invalid_residues(offending)


def _invalid_residues(offending: list[tuple[str, int]]) -> InputError:
    found = listed([f"{character!r} at position {position}" for character, position in offending], ", ")
    kinds = list(dict.fromkeys(character for character, _ in offending))
    reasons = [_REASONS[kind] for kind in kinds if kind in _REASONS]
    if any(kind.isdigit() for kind in kinds):
        reasons.append("remove line numbers")
    because = f" ({'; '.join(reasons)})" if reasons else ""
    message = f"The sequence has {found}{because}; only the 20 standard amino acids ({AMINO_ACIDS}) are scored."
    details = {"characters": kinds[:LISTED], "positions": [position for _, position in offending[:LISTED]]}
    return InputError(ErrorCode.INVALID_RESIDUE, message, details)
