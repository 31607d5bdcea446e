"""Reading FASTA files of many records, one record at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class FastaRecord:
    """One record: the first word of its header (`record-N` where there is none), and its residues, unchecked."""

    name: str
    sequence: str


def read_fasta(content: str) -> Iterator[FastaRecord]:
    """Gives each record in order; lines before the first header are a record of their own."""
    name: str | None = None
    residues: list[str] = []
    count = 0
    # Not splitlines: it ends lines at characters that headers may hold.
    for line in re.split(r"\r\n|\r|\n", content.removeprefix("\ufeff")):
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
