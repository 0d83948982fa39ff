"""A table of paths, and how query parameters and pages are read. Cursors are opaque; a foreign one is the first page."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from cockpit.domain.units import SECOND
from cockpit.rehearsal.stands.asked import Answer, Asked
from cockpit.rehearsal.stands.kalshi.errors import NOT_FOUND, Refused, bare, invalid
from cockpit.rehearsal.stands.kalshi.gate import PREFIX

Act = Callable[..., Answer]
T = TypeVar("T")
_END = 1 << 62


class Routes:
    """Paths below the prefix, with ``*`` for a part that varies, and what answers them."""

    def __init__(self) -> None:
        self._table: list[tuple[str, tuple[str, ...], Act]] = []

    def add(self, method: str, path: str, act: Act) -> None:
        """Let ``act(asked, *parts)`` answer."""
        self._table.append((method, tuple(path.split("/")), act))

    def answer(self, asked: Asked) -> Answer:
        """The answer to a request: 404 for an unknown path, 405 for a known one asked otherwise."""
        if not asked.path.startswith(PREFIX + "/"):
            return NOT_FOUND
        parts = tuple(asked.path[len(PREFIX) + 1 :].rstrip("/").split("/"))
        other = False
        for method, pattern, act in self._table:
            if len(pattern) == len(parts) and all(p in ("*", q) for p, q in zip(pattern, parts, strict=True)):
                if method == asked.method:
                    try:
                        return act(asked, *(q for p, q in zip(pattern, parts, strict=True) if p == "*"))
                    except Refused as refused:
                        return refused.answer
                other = True
        return Answer(405) if other else NOT_FOUND


def whole(asked: Asked, name: str, default: int, request: str) -> int:
    """A whole-number parameter; raises Refused when it is none."""
    text = asked.first(name)
    if not text:
        return default
    if not text.removeprefix("-").isdecimal():
        raise Refused(bare(f"Parameter validation failed for {request}: invalid {name}"))
    return int(text)


def limit_of(asked: Asked, request: str, default: int, most: int) -> int:
    """The page size; raises Refused outside 1 to ``most``."""
    limit = whole(asked, "limit", default, request)
    if limit > most:
        raise Refused(invalid(request, "Limit", "lte"))
    if limit < 1:
        raise Refused(invalid(request, "Limit", "gte"))
    return limit


def span_of(asked: Asked, request: str) -> tuple[int, int]:
    """``min_ts`` and ``max_ts`` (unix seconds) as ns UTC, both included."""
    first = whole(asked, "min_ts", 0, request)
    last = whole(asked, "max_ts", _END // SECOND, request)
    return first * SECOND, last * SECOND


def cursor_of(asked: Asked) -> int | None:
    """The place a cursor names; None for the first page."""
    try:
        text = base64.urlsafe_b64decode(asked.first("cursor")).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    name, _, number = text.partition(":")
    return int(number) if name == "at" and number.isdecimal() else None


def cursor_for(place: int | None) -> str:
    """The cursor of a place; "" after the last page."""
    return "" if place is None else base64.urlsafe_b64encode(f"at:{place}".encode()).decode()


def page(items: Sequence[T], asked: Asked, limit: int) -> tuple[Sequence[T], str]:
    """One page of a list that only grows at its end, and the cursor of the next."""
    start = cursor_of(asked) or 0
    rest = start + limit
    return items[start:rest], cursor_for(rest if rest < len(items) else None)


def flag(asked: Asked, name: str) -> bool:
    """Whether a parameter says true."""
    return asked.first(name).lower() in ("true", "1")


Body = dict[str, Any]
