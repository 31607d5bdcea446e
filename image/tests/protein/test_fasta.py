import re

from hypothesis import given
from hypothesis import strategies as st

from amplify_vep.protein.fasta import read_fasta
from amplify_vep.protein.whitespace import plain_spaces


def test_reads_records_one_after_the_other() -> None:
    lines = ["MK", "", ">one first", "AC", "DE", ">", "GH", ">empty", ">last", "KL"]

    records = [(record.name, record.sequence) for record in read_fasta("\n".join(lines))]

    expected = [("record-1", "MK"), ("one", "ACDE"), ("record-3", "GH"), ("empty", ""), ("last", "KL")]
    assert records == expected


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_lines_are_records(text: str) -> None:
    records = list(read_fasta(text))

    assert all(record.name for record in records)
    assert len(records) <= text.count(">") + 1
    lines = [line.strip() for line in re.split(r"\r\n|\r|\n", plain_spaces(text))]
    residues = "".join(line for line in lines if not line.startswith(">"))
    assert "".join(record.sequence for record in records) == residues
