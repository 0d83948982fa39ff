"""Prices, sizes and times of Polymarket's wire as exact integers; repeated texts are parsed once.

Prices are dollars with up to four decimals and may lack the zero before the point (".48"); sizes are shares with up to
six; times are milliseconds since the epoch as text, RFC 3339, or "2026-10-06 04:00:00+00".
"""

import re
from decimal import Decimal

from cockpit.domain.units import MILLISECOND, PRICE, PRICE_DIGITS, QTY_DIGITS, price, qty
from cockpit.feeds.exact import LATEST_S, nearest, rfc3339

LIMIT = 1 << 16
"""Entries a table may hold; then it starts anew."""

_SPACED = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d)(?::?(\d\d))?", re.ASCII)


class Prices(dict[str, int]):
    """Dollar text to price units; ``prices[text]`` raises ValueError for text that is no price in 0..1."""

    def __missing__(self, text: str) -> int:
        """Parse and remember."""
        if len(self) >= LIMIT:
            self.clear()
        value = self[text] = price(_whole(text))
        return value


class Quantities(dict[str, int]):
    """Text of a size to quantity units; raises ValueError for text that is none, or below zero."""

    def __missing__(self, text: str) -> int:
        """Parse and remember."""
        if len(self) >= LIMIT:
            self.clear()
        value = qty(_whole(text))
        if value < 0:
            raise ValueError(f"negative size: {text!r}")
        self[text] = value
        return value


class Numbers:
    """The look-up tables of one feed."""

    def __init__(self) -> None:
        self.price = Prices()
        self.qty = Quantities()

    def size(self, text: str) -> int:
        """A quantity above zero; raises ValueError."""
        value = self.qty[text]
        if not value:
            raise ValueError(f"not a size: {text!r}")
        return value

    def bid(self, text: str) -> int:
        """A best bid as the venue states it: "" and 0 are an empty side, which is price 0. Raises ValueError."""
        return self.price[text] if text else 0

    def ask(self, text: str) -> int:
        """A best ask: "", 0 and 1 are an empty side, which is a dollar. Raises ValueError."""
        return (self.price[text] if text else 0) or PRICE


def _whole(text: str) -> str:
    return f"0{text}" if text[:1] == "." else text


def price_of(value: Decimal) -> int:
    """A price stated as a JSON number, in price units, half to even; raises ValueError outside 0..1."""
    units = nearest(value, PRICE_DIGITS)
    if not 0 <= units <= PRICE:
        raise ValueError(f"price outside 0..1: {value}")
    return units


def qty_of(value: Decimal) -> int:
    """A size stated as a JSON number, in quantity units, half to even; raises ValueError unless above zero."""
    units = nearest(value, QTY_DIGITS)
    if units <= 0:
        raise ValueError(f"not a size: {value}")
    return units


def millis(value: str | int | None) -> int:
    """Milliseconds since the epoch, text or number, as ns UTC; None and "" are 0, not known. Raises ValueError."""
    if value is None or value == "":
        return 0
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit() and len(value) <= len(str(LATEST_S)) + 3):
            raise ValueError(f"not milliseconds: {value[:40]!r}")
        value = int(value)
    if not 0 <= value <= LATEST_S * 1_000:
        raise ValueError(f"time out of range: {value}")
    return value * MILLISECOND


def moment(text: str | None) -> int:
    """A listing's time as ns UTC: RFC 3339, or with a blank and a bare offset; None and "" are 0. Raises ValueError."""
    if not text:
        return 0
    match = _SPACED.fullmatch(text)
    if match is None:
        return rfc3339(text)
    day, clock, decimals, hours, minutes = match.groups()
    return rfc3339(f"{day}T{clock}{(decimals or '')[:10]}{hours}:{minutes or '00'}")
