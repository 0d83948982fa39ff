"""Prices by time: what both price histories are made of, and how a span of time is asked for."""

from cockpit.domain.units import PRICE, SECOND
from cockpit.rehearsal.polymarket.market import RESOLVED, Market
from cockpit.rehearsal.stands.asked import Asked
from cockpit.rehearsal.stands.polymarket.errors import Refused, clob

INTERVALS = {
    "1h": 3_600, "6h": 21_600, "1d": 86_400, "1w": 604_800, "1m": 2_592_000, "max": 0, "all": 0,
}  # fmt: skip
"""How far back each goes, in seconds; 0 is all there is."""


def count(asked: Asked, name: str, default: int) -> int:
    """A whole number that is not below zero; raises Refused."""
    text = asked.first(name)
    if text and not text.isdecimal():
        raise Refused(clob(400, f"invalid {name}"))
    return int(text) if text else default


def back(interval: str, now: int) -> tuple[int, int]:
    """An interval up to now (ns UTC) as Unix seconds, the end not included; raises Refused."""
    if interval not in INTERVALS:
        raise Refused(clob(400, "invalid interval"))
    second, span = now // SECOND, INTERVALS[interval]
    return second - span if span else 0, second + 1


def history(token: tuple[Market, bool], span: tuple[int, int], every: int, now: int) -> list[tuple[int, int]]:
    """A token's price, oldest first.

    Args:
        token: its market, and whether it is YES.
        span: from and to, Unix seconds, the end not included.
        every: seconds between points at least.
        now: ns UTC; the newest point is of now while the market trades.

    Returns:
        Unix seconds and price units.
    """
    market, yes = token
    points = list(market.minutes)
    if market.phase != RESOLVED and not market.book.empty:
        points.append((now // SECOND, market.book.mid))
    found: dict[int, tuple[int, int]] = {}
    for at, price in points:
        if span[0] <= at < span[1]:
            found.setdefault(at // every, (at, price if yes else PRICE - price))
    return list(found.values())
