"""Protein variants: parsing, labels, and the check of their wild-type residues."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from amplify_vep.errors import ErrorCode, InputError, listed, quoted
from amplify_vep.protein.alphabet import THREE_LETTER, hgvs_label, to_one_letter
from amplify_vep.protein.whitespace import plain_spaces

_SITE = re.compile(r"\(?([A-Za-z]{3}|[A-Za-z])(-?\d{1,9})([A-Za-z]{3}|[A-Za-z]|=)\)?", re.ASCII)
_REFUSED_KINDS = (
    (re.compile(r"fs", re.I), "a frameshift"),
    (re.compile(r"delins", re.I), "a deletion-insertion"),
    (re.compile(r"del|-\)?$", re.I), "a deletion"),
    (re.compile(r"ins", re.I), "an insertion"),
    (re.compile(r"dup", re.I), "a duplication"),
    (re.compile(r"ext", re.I), "an extension"),
    (re.compile(r"(ter|\*)\)?$", re.I), "a stop"),
)
MAX_OFFSET = 1_000_000
"""Largest absolute value of a numbering offset."""

_SITES_FOR_AN_OFFSET = 3


@dataclass(frozen=True, order=True)
class Site:
    """One substitution, in the caller's numbering; residues as one-letter codes."""

    position: int
    wild_type: str
    mutant: str


@dataclass(frozen=True)
class Variant:
    """One or more substitutions at distinct positions, in order of position."""

    sites: tuple[Site, ...]

    def __str__(self) -> str:
        return ";".join(f"{site.wild_type}{site.position}{site.mutant}" for site in self.sites)

    @property
    def hgvs(self) -> str:
        """The MAVE-HGVS label: `p.Lys10Ala`, or `p.[Lys10Ala;Leu12Val]` for several substitutions."""
        labels = [hgvs_label(site.wild_type, site.position, site.mutant) for site in self.sites]
        return labels[0] if len(labels) == 1 else f"p.[{';'.join(label[2:] for label in labels)}]"


def parse_variant(text: str) -> Variant:
    """Parses `K10A`, `p.Lys10Ala`, or several substitutions joined with `;` (`K10A;L12V`, `p.[Lys10Ala;Leu12Val]`).

    Raises:
        InputError: INVALID_VARIANT if the text is not a set of substitutions at distinct positions.

    """
    body = plain_spaces(text).strip().removeprefix("p.")
    if body.startswith("[") and body.endswith("]"):
        body = body[1:-1]
    sites = sorted(_parse_site(part.strip().removeprefix("p."), text) for part in body.split(";"))
    for site, following in pairwise(sites):
        if site.position == following.position:
            raise _invalid(text, f"names position {site.position} more than once; give one substitution per position")
    return Variant(tuple(sites))


def check_wild_types(variants: Sequence[Variant], sequence: str, offset: int) -> None:
    """Checks that the wild-type residues of variants are the residues in the sequence.

    Args:
        variants: in the caller's numbering.
        sequence: the protein's residues.
        offset: number that the caller's numbering adds to the 1-based index.

    Raises:
        InputError: WILD_TYPE_MISMATCH with the residue found at each position. If exactly one constant offset fits
            three or more distinct sites, the error suggests it.

    """
    sites = sorted({Site(site.position, site.wild_type, "") for variant in variants for site in variant.sites})
    wrong = [site for site in sites if _residue(sequence, site.position - offset) != site.wild_type]
    if not wrong:
        return
    found = listed([_describe_mismatch(site, sequence, offset) for site in wrong])
    details = {"mismatches": len(wrong)}
    suggested = _constant_offset(sites, sequence)
    fix = "Check the numbering and the sequence."
    if suggested is not None:
        details["numbering_offset"] = suggested
        fix = f"All {len(sites)} sites match with numbering_offset {suggested}; send it if your numbering differs."
    raise InputError(ErrorCode.WILD_TYPE_MISMATCH, f"{found}. {fix}", details)


def _parse_site(text: str, whole: str) -> Site:
    match = _SITE.fullmatch(text)
    wild_type = to_one_letter(match[1]) if match else None
    if match and wild_type is not None:
        mutant = wild_type if match[3] == "=" else to_one_letter(match[3])
        if mutant is not None:
            return Site(int(match[2]), wild_type, mutant)
    for pattern, kind in _REFUSED_KINDS:
        if pattern.search(text):
            raise _invalid(whole, f"is {kind}; only substitutions such as K10A or p.Lys10Ala are scored")
    fix = "write substitutions of the 20 standard amino acids as K10A, p.Lys10Ala or K10A;L12V"
    raise _invalid(whole, f"cannot be read; {fix}")


def _residue(sequence: str, index: int) -> str | None:
    return sequence[index - 1] if 1 <= index <= len(sequence) else None


def _describe_mismatch(site: Site, sequence: str, offset: int) -> str:
    found = _residue(sequence, site.position - offset)
    there = f"is outside the protein ({1 + offset} to {len(sequence) + offset})"
    if found is not None:
        there = f"is {THREE_LETTER[found]} ({found})"
    return f"position {site.position} {there}, not {THREE_LETTER[site.wild_type]} ({site.wild_type})"


def _constant_offset(sites: Sequence[Site], sequence: str) -> int | None:
    positions = [site.position for site in sites]
    if len(set(positions)) < _SITES_FOR_AN_OFFSET:
        return None
    candidates = range(max(-MAX_OFFSET, max(positions) - len(sequence)), min(MAX_OFFSET + 1, *positions))
    offsets = np.arange(candidates.start, candidates.stop)
    residues = np.frombuffer(sequence.encode("ascii"), dtype=np.uint8)
    for site in sites:
        # Few offsets remain after the first sites, so this is fast.
        offsets = offsets[residues[site.position - offsets - 1] == ord(site.wild_type)]
    return int(offsets[0]) if len(offsets) == 1 else None


def _invalid(text: str, what: str) -> InputError:
    return InputError(ErrorCode.INVALID_VARIANT, f"Variant {quoted(text)} {what}.")
