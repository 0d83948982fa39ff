"""An event loop whose time stands still while there is work and jumps to the next timer when there is none.

So hours pass as fast as they can be worked through, sockets, timeouts and polls included, and always in the same order.
"""

import asyncio
import selectors
from collections.abc import Callable


class _Jumping(selectors.DefaultSelector):
    """Says how long it would have waited instead of waiting."""

    def __init__(self, waited: Callable[[float], None]) -> None:
        super().__init__()
        self._waited = waited

    def select(self, timeout=None):
        found = super().select(0)
        if found or timeout == 0:
            return found
        if timeout is None:  # nothing but a thread or another process can bring work
            return super().select(None)
        self._waited(timeout)
        return []


class Warped(asyncio.SelectorEventLoop):
    """For everything that runs on one thread, both ends of its sockets included."""

    def __init__(self) -> None:
        self.passed = 0.0
        super().__init__(_Jumping(self._jump))
        self._clock_resolution = 1e-6

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self.passed

    def _jump(self, seconds: float) -> None:
        self.passed += seconds
