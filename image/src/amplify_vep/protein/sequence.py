"""Cleans and checks one protein, by the same rules as the tools' contract."""

import re
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

from amplify_vep.errors import LISTED, ErrorCode, InputError, listed
from amplify_vep.protein.alphabet import AMINO_ACIDS
from amplify_vep.protein.whitespace import plain_spaces

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
    ">": "> begins a FASTA header, which needs a line of its own",
    "\\": "a literal \\n is no line break: send a real one, or none",
}
_ACCESSION = re.compile(r"(?:[OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z\d]{2}\d){1,2})(?:-\d+)?", re.ASCII)
"""A UniProt accession, see https://www.uniprot.org/help/accession_numbers."""

_LITERAL_LINE_END = re.compile(r"\\[nr]")
_DROPPED_STOP = "The '*' at the end (a stop codon) was dropped."


@dataclass(frozen=True)
class Protein:
    """One protein.

    Attributes:
        sequence: residues in upper case.
        name: first word of the FASTA header; None if there is no header.
        notes: what was changed, beyond white space, case and header.

    """

    sequence: str
    name: str | None = None
    notes: tuple[str, ...] = ()


def clean_sequence(text: str) -> Protein:
    """Cleans one protein: plain or FASTA, wrapped or not, in upper or lower case, without the `*` at its end.

    Raises:
        InputError: NOT_TEXT, MULTIPLE_SEQUENCES, EMPTY_SEQUENCE, SEQUENCE_TOO_LONG, or INVALID_RESIDUE with the
            characters and their 1-based positions.

    """
    if _BINARY.search(text):
        raise InputError(ErrorCode.NOT_TEXT, "The sequence is binary data; send it as plain text or FASTA.")
    lines = [line for line in (line.strip() for line in re.split(r"\r\n|\r|\n", plain_spaces(text))) if line]
    headers = [line for line in lines if line.startswith(">")]
    if len(headers) > 1 or (headers and lines[0] != headers[0]):
        what = f"{len(headers)} FASTA records" if len(headers) > 1 else "residues before a FASTA header"
        raise InputError(ErrorCode.MULTIPLE_SEQUENCES, f"The text has {what}; send one protein per request.")
    residues = "".join("".join(line.split()) for line in lines if not line.startswith(">")).translate(_UPPER)
    if headers and not residues:
        raise _header_alone(headers[0])
    sequence = residues.removesuffix("*")
    check_residues(sequence)
    words = headers[0][1:].split() if headers else []
    return Protein(sequence, words[0] if words else None, (_DROPPED_STOP,) if sequence != residues else ())


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
        raise _accession_given(sequence) if _ACCESSION.fullmatch(sequence) else _invalid_residues(offending)


def _header_alone(header: str) -> InputError:
    message = (
        "The sequence is empty: the text is one FASTA header. If its line breaks were lost, send the residues on a "
        "line of their own, or alone."
    )
    if _LITERAL_LINE_END.search(header):
        message = (
            "The FASTA header has a literal \\n (a backslash and a letter) where a line break belongs; send real line "
            "breaks, or the residues alone."
        )
    return InputError(ErrorCode.EMPTY_SEQUENCE, message)


def _accession_given(accession: str) -> InputError:
    message = (
        f"{accession} is a UniProt accession, not a sequence; send the residues, which are at "
        f"https://rest.uniprot.org/uniprotkb/{accession}.fasta."
    )
    return InputError(ErrorCode.INVALID_RESIDUE, message, {"accession": accession})


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
