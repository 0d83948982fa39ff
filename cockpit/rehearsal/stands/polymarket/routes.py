"""A table of paths, and how often each may be asked."""

from collections import deque
from collections.abc import Callable

from cockpit.domain.units import SECOND
from cockpit.rehearsal.stands.asked import Answer, Asked
from cockpit.rehearsal.stands.polymarket.errors import Refused

Act = Callable[..., Answer]


class Routes:
    """Paths, with ``*`` for a part that varies, and what answers them."""

    def __init__(self, missing: Answer) -> None:
        self._table: list[tuple[str, tuple[str, ...], Act]] = []
        self._missing = missing

    def add(self, method: str, path: str, act: Act) -> None:
        """Let ``act(asked, *parts)`` answer."""
        self._table.append((method, tuple(path.split("/")), act))

    def answer(self, asked: Asked, path: str) -> Answer:
        """The answer for a path: 404 for an unknown one, 405 for a known one asked otherwise."""
        parts = tuple(path.strip("/").split("/"))
        known = False
        for method, pattern, act in self._table:
            if len(pattern) == len(parts) and all(p in ("*", q) for p, q in zip(pattern, parts, strict=True)):
                if method == asked.method:
                    try:
                        return act(asked, *(q for p, q in zip(pattern, parts, strict=True) if p == "*"))
                    except Refused as refused:
                        return refused.answer
                known = True
        return Answer(405) if known else self._missing


class Window:
    """At most so many in any span of time."""

    def __init__(self, most: int, span_ns: int) -> None:
        self._most = most
        self._span = span_ns
        self._times: deque[int] = deque()

    def wait(self, now: int) -> int:
        """Note one at ``now`` (ns UTC): 0, or the seconds until there is room for it."""
        times = self._times
        while times and times[0] <= now - self._span:
            times.popleft()
        if len(times) >= self._most:
            return (times[0] + self._span - now) // SECOND + 1 if times else self._span // SECOND
        times.append(now)
        return 0
