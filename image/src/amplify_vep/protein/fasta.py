"""Reads FASTA files, one record at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from amplify_vep.protein.whitespace import plain_spaces


@dataclass(frozen=True)
class FastaRecord:
    """One record of a FASTA file.

    Attributes:
        name: first word of the header; `record-N` with the record's number, from 1, if there is none.
        sequence: residues, not checked.

    """

    name: str
    sequence: str


def read_fasta(content: str) -> Iterator[FastaRecord]:
    """Yields each record in order. Lines before the first header are one record without a name."""
    name: str | None = None
    residues: list[str] = []
    count = 0
    # Not splitlines: it also splits at characters that are allowed in headers, such as U+2028.
    for line in re.split(r"\r\n|\r|\n", plain_spaces(content)):
        text = line.strip()
        if text.startswith(">"):
            if name is not None or residues:
                count += 1
                yield FastaRecord(name or f"record-{count}", "".join(residues))
            words = text[1:].split()
            name, residues = (words[0] if words else ""), []
        elif text:
            residues.append(text)
    if name is not None or residues:
        yield FastaRecord(name or f"record-{count + 1}", "".join(residues))
