"""Every case of tests/vectors.json, with which the parsers of the tools' contract are tested too."""

import json
from pathlib import Path
from typing import Any

import pytest

from amplify_vep.errors import InputError
from amplify_vep.protein.fasta import read_fasta
from amplify_vep.protein.positions import parse_positions
from amplify_vep.protein.sequence import clean_sequence
from amplify_vep.protein.variants import check_wild_types, parse_variant

VECTORS = json.loads((Path(__file__).parents[3] / "tests/vectors.json").read_text(encoding="utf-8"))


def cases(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in VECTORS[kind]])


@cases("sequence")
def test_sequence(case: dict[str, Any]) -> None:
    try:
        protein = clean_sequence(case["input"])
        found = {"sequence": protein.sequence, **({"notes": list(protein.notes)} if protein.notes else {})}
        assert found == case["expect"]
    except InputError as error:
        assert_refused(error, {"message_contains": [], **case, **case["expect"]})


@cases("fasta")
def test_fasta(case: dict[str, Any]) -> None:
    found = [(record.name, clean_sequence(record.sequence).sequence) for record in read_fasta(case["input"])]

    assert found == [
        (record["name"] or f"record-{number}", record["sequence"]) for number, record in enumerate(case["records"], 1)
    ]


@cases("positions")
def test_positions(case: dict[str, Any]) -> None:
    try:
        columns = parse_positions(case["input"], case["length"], case["numbering_offset"])
        assert [column + 1 for column in columns] == case.get("expect")
    except InputError as error:
        assert_refused(error, case)


@cases("variants")
def test_variants(case: dict[str, Any]) -> None:
    try:
        variant = parse_variant(case["input"])
        check_wild_types([variant], case["sequence"], case["numbering_offset"])
        assert str(variant) == case.get("expect")
    except InputError as error:
        assert_refused(error, case)


def assert_refused(error: InputError, case: dict[str, Any]) -> None:
    assert error.code.value == case.get("error"), error.message
    missing = [part for part in case["message_contains"] if part not in error.message]
    assert not missing, error.message
