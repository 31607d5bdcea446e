"""Positions to score, such as `10-25,40`."""

import re

import numpy as np

from amplify_vep.errors import ErrorCode, InputError, quoted
from amplify_vep.protein.whitespace import plain_spaces

_RANGE = re.compile(r"(-?\d{1,9})(?:\s*-\s*(-?\d{1,9}))?", re.ASCII)


def parse_positions(text: str, length: int, offset: int = 0) -> list[int]:
    """Parses single positions and closed ranges, separated by commas.

    Args:
        text: such as `10-25,40`, in the caller's numbering.
        length: number of residues in the protein.
        offset: number that the caller's numbering adds to the 1-based index.

    Returns:
        0-based columns, sorted, without duplicates.

    Raises:
        InputError: INVALID_POSITIONS if a part cannot be read or is outside the protein, or no position is named.

    """
    parts = [part for part in map(str.strip, plain_spaces(text).split(",")) if part]
    if not parts:
        raise _invalid(f"Positions {quoted(text)} name no position; write them as 10-25,40 or leave them out.")
    if len(parts) > length:
        raise _invalid(f"Positions have {len(parts)} parts for {length} residues; write neighbours as ranges.")
    chosen = np.zeros(length, dtype=bool)
    for part in parts:
        first, last = _read_range(part, 1 + offset, length + offset)
        chosen[first - offset - 1 : last - offset] = True
    columns: list[int] = np.flatnonzero(chosen).tolist()
    return columns


def _read_range(part: str, lowest: int, highest: int) -> tuple[int, int]:
    match = _RANGE.fullmatch(part)
    if not match:
        raise _invalid(f"{quoted(part)} is not a position or range; write positions as 10-25,40.")
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last:
        raise _invalid(f"Range {quoted(part)} has the larger position first; write the smaller position first.")
    if first < lowest or last > highest:
        message = f"{quoted(part)} is outside the protein, whose positions are {lowest} to {highest}."
        raise InputError(ErrorCode.INVALID_POSITIONS, message, {"first": lowest, "last": highest})
    return first, last


def _invalid(message: str) -> InputError:
    return InputError(ErrorCode.INVALID_POSITIONS, message)
