"""Work in steps, so that one device can alternate between several jobs."""

from collections.abc import Callable, Generator
from typing import TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")
Value = TypeVar("Value")


def finish(steps: Generator[Asked, Given, Value], run: Callable[[Asked], Given]) -> Value:
    """Calls `run` for everything that the steps yield, and returns their return value."""
    try:
        asked = next(steps)
        while True:
            asked = steps.send(run(asked))
    except StopIteration as finished:
        value: Value = finished.value
        return value
