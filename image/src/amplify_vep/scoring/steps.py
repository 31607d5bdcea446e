"""Work that is done in steps, so that one device can alternate between several pieces of it."""

from collections.abc import Callable, Generator
from typing import TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")
Value = TypeVar("Value")


def finish(steps: Generator[Asked, Given, Value], run: Callable[[Asked], Given]) -> Value:
    """Answers whatever the steps ask for by `run`, and gives the value at their end."""
    try:
        asked = next(steps)
        while True:
            asked = steps.send(run(asked))
    except StopIteration as finished:
        value: Value = finished.value
        return value
