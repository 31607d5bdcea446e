"""Work that is done in steps, so that one device can alternate between several pieces of it."""

from collections.abc import Generator
from typing import TypeVar

Value = TypeVar("Value")


def finish(steps: Generator[object, None, Value]) -> Value:
    """Takes every step and gives the value at the end."""
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            value: Value = finished.value
            return value
