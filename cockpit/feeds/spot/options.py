"""The at-the-money volatility of each expiry, out of a summary of all of Deribit's options on one currency.

``mark_iv`` is per cent a year. Instruments are named BTC-28NOV26-90000-C, or XRP_USDC-28NOV26-2d25-P where they settle in
USDC; all expire at 08:00 UTC. Between the two strikes around the expiry's own forward the volatility is linear.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

import msgspec

from cockpit.domain.events import ImpliedVol
from cockpit.domain.units import SECOND, UNDERLYING_DIGITS, fixed
from cockpit.feeds.census import tally
from cockpit.feeds.exact import nearest
from cockpit.feeds.spot.numbers import count, milliseconds

PERCENT_DIGITS = UNDERLYING_DIGITS - 2
"""Per cent with this many decimals are 1e-8 of one."""
LEAST, MOST = 2_000_000, 1_000_000_000
"""Volatilities outside 2 to 1000 % a year are of no crypto coin: a fraction where per cent were meant, or no price."""
AHEAD_NS = 35 * 86_400 * SECOND
"""Later expiries are of no use for contracts that close within days."""
WIDEST = 5
"""Strikes farther apart than a fifth of the forward leave the money to guesswork."""

_NAME = re.compile(
    r"([A-Z]{2,8}(?:_USDC)?)-([1-9]\d?)([A-Z]{3})(\d\d)-(\d{1,12}(?:d\d{1,8})?)-[CP]", re.ASCII
)
_MONTHS = {
    "JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MAY": 5, "JUN": 6,
    "JUL": 7, "AUG": 8, "SEP": 9, "OCT": 10, "NOV": 11, "DEC": 12,
}  # fmt: skip


class Option(msgspec.Struct, gc=False):
    """One row of a summary."""

    instrument_name: str
    mark_iv: Decimal | None = None
    underlying_price: Decimal | None = None
    creation_timestamp: int = 0


class _Expiry(msgspec.Struct):
    """What is known of one expiry: when it was told, its forward, and volatilities by strike."""

    ex: int
    forward: int
    strikes: dict[int, list[int]]


def at_the_money(
    ts: int, source: str, options: Iterable[Option], symbols: Mapping[str, str], census: Counter[str]
) -> list[ImpliedVol]:
    """The level of each expiry within `AHEAD_NS`, by name and soonest first.

    Args:
        ts: when the summary was received.
        source: the feed's name.
        options: all of them, in any order.
        symbols: what the names of instruments begin with, to our name of the pair; others are passed over.
        census: where what cannot be used is counted.

    Raises:
        ValueError: when a number is none.
    """
    found: dict[tuple[str, int], _Expiry] = {}
    for each in options:
        named = instrument(each.instrument_name)
        if named is None:
            tally(census, "instrument", "unreadable")
            continue
        base, expiry, strike = named
        symbol = symbols.get(base)
        if symbol is None or not ts < expiry <= ts + AHEAD_NS:
            continue
        forward, sigma = count(each.underlying_price), nearest(each.mark_iv or Decimal(0), PERCENT_DIGITS)
        if not forward or not LEAST <= sigma <= MOST:
            tally(census, "option", "without a volatility" if not sigma else "out of range")
            continue
        known = found.setdefault(
            (symbol, expiry), _Expiry(milliseconds(each.creation_timestamp), forward, {})
        )
        known.strikes.setdefault(strike, []).append(sigma)
    levels = ((symbol, expiry, known, _level(known)) for (symbol, expiry), known in sorted(found.items()))
    return [
        ImpliedVol(ts, known.ex, source, symbol, level, expiry - ts, expiry)
        for symbol, expiry, known, level in levels
        if level
    ]


@lru_cache(maxsize=8_192)
def instrument(name: str) -> tuple[str, int, int] | None:
    """What an option is on, when it expires (ns UTC) and its strike (1e-8); None for any other name."""
    match = _NAME.fullmatch(name)
    if match is None or match[3] not in _MONTHS:
        return None
    try:
        day = datetime(2000 + int(match[4]), _MONTHS[match[3]], int(match[2]), 8, tzinfo=UTC)
    except ValueError:
        return None
    strike = fixed(match[5].replace("d", "."), UNDERLYING_DIGITS)
    return (match[1], int(day.timestamp()) * SECOND, strike) if strike else None


def _level(known: _Expiry) -> int:
    """The volatility at the forward; 0 where no two strikes near it stand around it."""
    below = max((strike for strike in known.strikes if strike <= known.forward), default=0)
    above = min((strike for strike in known.strikes if strike >= known.forward), default=0)
    if not below or not above or (above - below) * WIDEST > known.forward:
        return 0
    low, high = (sum(told) // len(told) for told in (known.strikes[below], known.strikes[above]))
    return low + (high - low) * (known.forward - below) // max(above - below, 1)
