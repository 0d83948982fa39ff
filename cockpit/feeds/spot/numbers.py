"""Numbers of the spot sockets: 1e-8 integers and ns, from text or from JSON numbers read as decimals."""

from decimal import Decimal

from cockpit.domain.units import ASK, BID, MILLISECOND, UNDERLYING_DIGITS, fixed
from cockpit.feeds.exact import LATEST_S, nearest, rfc3339

TAKERS = {"buy": BID, "sell": ASK}
"""The taker's word to its side."""


def moment(text: str | None) -> int:
    """An RFC 3339 time as ns UTC, 0 when missing; raises ValueError."""
    return rfc3339(text) if text else 0


def milliseconds(value: int) -> int:
    """Unix milliseconds as ns UTC; raises ValueError outside 1970..2099."""
    if not 0 <= value <= LATEST_S * 1_000:
        raise ValueError(f"time out of range: {value}")
    return value * MILLISECOND


def count(value: str | Decimal | None) -> int:
    """A size or best price in 1e-8: missing and zero are 0; raises ValueError when negative or no number."""
    if isinstance(value, Decimal):
        units = nearest(value, UNDERLYING_DIGITS)
    else:
        units = fixed(value, UNDERLYING_DIGITS) if value else 0
    if units < 0:
        raise ValueError(f"negative: {value}")
    return units


def positive(value: str | Decimal) -> int:
    """A price or traded size in 1e-8; raises ValueError unless it is above zero."""
    units = count(value)
    if units == 0:
        raise ValueError(f"not above zero: {value}")
    return units
