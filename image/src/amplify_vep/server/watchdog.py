"""Detects a worker that does not answer any more: a stopped process, or a device that never finishes a pass."""

from asyncio import AbstractEventLoop, TimerHandle
from collections.abc import Callable


class Watchdog:
    """Calls a function if a worker neither begins the next pass nor becomes idle in the time that its pass can take.

    Args:
        loop: event loop of the timer.
        least_s: least seconds that a worker gets.
        on_hang: called once.

    """

    def __init__(self, loop: AbstractEventLoop, least_s: float, on_hang: Callable[[], None]) -> None:
        self._loop = loop
        self._least_s = least_s
        self._on_hang = on_hang
        self._timer: TimerHandle | None = None

    def expect(self, seconds: float = 0.0) -> None:
        """Waits again for a sign of life: `seconds`, and at least `least_s`."""
        self.rest()
        self._timer = self._loop.call_later(max(self._least_s, seconds), self._on_hang)

    def expect_start(self) -> None:
        """Waits for the worker to begin, unless it is already waited for."""
        if self._timer is None:
            self.expect()

    def rest(self) -> None:
        """Waits for nothing: the worker is idle or has ended."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
