"""The JSON body of a request, and the checked request that is made from it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
    WithJsonSchema,
)

from amplify_vep.errors import LISTED, ErrorCode, InputError, listed, shortened
from amplify_vep.protein.positions import parse_positions
from amplify_vep.protein.sequence import clean_sequence
from amplify_vep.protein.variants import MAX_OFFSET, Variant, check_wild_types, parse_variant

MAX_VARIANTS = 20_000
"""Most variants in a request: more than all single substitutions of a protein of 1,000 residues."""

MAX_NAME = 200
"""Most characters in a name."""

_CONTROL = re.compile("[\x00-\x1f\x7f]")


class Scoring(str, Enum):
    """The scoring method (Meier et al. 2021, doi:10.1101/2021.07.09.450648)."""

    MASKED_MARGINALS = "masked-marginals"
    WT_MARGINALS = "wt-marginals"


_InlineScoring = Annotated[Scoring, WithJsonSchema({"type": "string", "enum": [scoring.value for scoring in Scoring]})]


class RequestBody(BaseModel):
    """The JSON body of POST /invocations."""

    model_config = ConfigDict(extra="forbid")

    sequence: StrictStr = Field(
        examples=["MKTVRQERLK"], description="One protein, plain or FASTA: 1 to 10,000 of the 20 standard amino acids."
    )
    name: StrictStr | None = Field(
        default=None, max_length=MAX_NAME, description="Name of the protein, repeated in the result."
    )
    scoring: _InlineScoring = Field(
        default=Scoring.MASKED_MARGINALS, description="Scoring method; default masked-marginals."
    )
    variants: list[StrictStr] | StrictStr | None = Field(
        default=None,
        description="K10A or p.Lys10Ala, several substitutions joined with `;`. A list, or a text with commas.",
    )
    positions: StrictStr | None = Field(default=None, description="Positions to score, such as 10-25,40; default all.")
    joint: StrictBool = Field(default=False, description="Mask all sites of a multiple mutant together; default false.")
    numbering_offset: Annotated[StrictInt, Field(ge=-MAX_OFFSET, le=MAX_OFFSET)] = Field(
        default=0, description="Number that the caller's numbering adds to the 1-based index; default 0."
    )


@dataclass(frozen=True)
class ScoreRequest:
    """A checked request.

    Attributes:
        sequence: residues in upper case.
        scoring: masked-marginals or wt-marginals.
        variants: in the caller's numbering, with checked wild types.
        columns: 0-based columns of the heatmap to score, sorted; None for all.
        joint: mask all sites of a multiple mutant together.
        numbering_offset: number that the caller's numbering adds to the 1-based index.
        name: name of the protein.
        notes: what was changed in the sequence, for the caller.

    """

    sequence: str
    scoring: Scoring = Scoring.MASKED_MARGINALS
    variants: tuple[Variant, ...] = ()
    columns: tuple[int, ...] | None = None
    joint: bool = False
    numbering_offset: int = 0
    name: str | None = None
    notes: tuple[str, ...] = ()

    def scored_columns(self) -> list[int]:
        """The requested columns and the sites of every variant whose sites are masked one at a time; sorted."""
        if self.columns is None:
            return list(range(len(self.sequence)))
        alone = [variant for variant in self.variants if not (self.joint and len(variant.sites) > 1)]
        return sorted({self.column(site.position) for variant in alone for site in variant.sites}.union(self.columns))

    def column(self, position: int) -> int:
        """The 0-based column of a position in the caller's numbering."""
        return position - self.numbering_offset - 1


def parse_request(raw: Mapping[str, Any]) -> ScoreRequest:
    """Checks the JSON body of a request. None or an empty text for an optional argument counts as absent.

    Raises:
        InputError: INVALID_INPUT if an argument is missing, unknown or of the wrong type; JOINT_NOT_POSSIBLE for
            wt-marginals; and the errors of `clean_sequence`, `parse_variant`, `check_wild_types`, `parse_positions`.

    """
    if len(raw) > len(RequestBody.model_fields) + LISTED:
        message = (
            f"The request has {len(raw)} arguments; the known arguments are {', '.join(RequestBody.model_fields)}."
        )
        raise InputError(ErrorCode.INVALID_INPUT, message)
    if isinstance(raw.get("variants"), list):
        _check_count(raw["variants"])
    optional = RequestBody.model_fields.keys() - {"sequence"}
    given = {name: value for name, value in raw.items() if name not in optional or value not in (None, "")}
    try:
        body = RequestBody.model_validate(given)
    except ValidationError as error:
        raise _invalid_input(error) from None
    if body.name is not None and _CONTROL.search(body.name):
        raise InputError(ErrorCode.INVALID_INPUT, "name has control characters; send one line of text.")
    protein = clean_sequence(body.sequence)
    variants = _parse_variants(body.variants)
    check_wild_types(variants, protein.sequence, body.numbering_offset)
    if body.joint and body.scoring is not Scoring.MASKED_MARGINALS:
        message = "joint masks sites together, but wt-marginals masks no sites; send only one of the two."
        raise InputError(ErrorCode.JOINT_NOT_POSSIBLE, message)
    columns = None
    if body.positions is not None:
        columns = tuple(parse_positions(body.positions, len(protein.sequence), body.numbering_offset))
    return ScoreRequest(
        sequence=protein.sequence,
        scoring=body.scoring,
        variants=variants,
        columns=columns,
        joint=body.joint,
        numbering_offset=body.numbering_offset,
        name=body.name if body.name is not None else protein.name and protein.name[:MAX_NAME],
        notes=protein.notes,
    )


def _parse_variants(raw: list[str] | str | None) -> tuple[Variant, ...]:
    if raw is None:
        return ()
    texts = raw
    if isinstance(raw, str):
        joined = ";".join(part.strip() for part in raw.split(";"))
        texts = [text for text in re.split(r"[,\s]+", joined) if text]
    _check_count(texts)
    return tuple(dict.fromkeys(parse_variant(text) for text in texts))


def _check_count(variants: Sequence[object]) -> None:
    if len(variants) > MAX_VARIANTS:
        message = f"The request has {len(variants)} variants, the maximum is {MAX_VARIANTS}; send several requests."
        raise InputError(ErrorCode.INVALID_VARIANT, message, {"variants": len(variants), "limit": MAX_VARIANTS})


def _invalid_input(error: ValidationError) -> InputError:
    faults: dict[str, dict[str, str]] = {}
    for item in error.errors(include_input=False, include_url=False):
        where = str(item["loc"][0]) if item["loc"] else "body"
        if item["type"] == "extra_forbidden":
            near = get_close_matches(where, RequestBody.model_fields, n=1)
            what = f"is unknown{f'; did you mean {near[0]}?' if near else ''}"
            where = shortened(where)
        else:
            what = "is missing" if item["type"] == "missing" else item["msg"]
        message = f"{where}: {what}"
        faults[message] = {"argument": where, "message": message}
    return InputError(ErrorCode.INVALID_INPUT, f"{listed(list(faults))}.", {"faults": list(faults.values())[:LISTED]})
