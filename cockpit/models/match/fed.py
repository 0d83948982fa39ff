"""The Fed's decisions: the change of its target, or the level it leaves it at, by meeting.

A decision is the change of the target's upper bound in basis points on a grid of 25: "hold" is 0, "25 bps decrease" is
-25 exactly, "50+ bps decrease" and Kalshi's C26 ("more than 25") are both -50 or less.
"""

import re

import msgspec

from cockpit.domain.markets import Market
from cockpit.domain.units import UNDERLYING
from cockpit.models.match.amounts import Bounds, bounds, half_line, span
from cockpit.models.match.dates import ticker_date, times
from cockpit.models.match.frame import hints_of
from cockpit.models.match.words import numerals

_BUCKET = re.compile(r"(?:\b|\d)(?:bps?|basis points?)\b|\b(?:nochange|unchanged|hold|maintain|decision)\b")
_DECISION = re.compile(r"KXFEDDECISION-\d\d[A-Z]{3}-([HC])([0-9]{1,6})$")
_LEVEL = re.compile(r"KXFED-\d\d[A-Z]{3}-T(\d+(?:\.\d+)?)$")
_CUT = re.compile(r"\b(?:cuts?|decreases?|lowers?|reduces?)\b")
_HIKE = re.compile(r"\b(?:hikes?|increases?|raises?)\b")
_HOLD = re.compile(r"\b(?:nochange|unchanged|holds?|maintains?)\b")
_SIZE = re.compile(
    r"(?:(more than|over|greater than|>)\s?|(at least|>=)\s?)?(?<![\d.-])([0-9]{1,6})\s?(\+)?\s?(?:bps?|basis points?)(\+)?"
    r"( or (?:more|greater|larger|higher))?"
)
_LIMITED = re.compile(
    r"\b(?:less than|fewer than|under|below|up to|at most|no more than|between)\s+\d|\d\s?(?:bps?|basis points?)? or (?:less|fewer|lower)"
    r"|\d\s?(?:-|to|or|and)\s?\d+\s?(?:bps?|basis)"
)
"""Moves of other shapes than one size, or one and more."""

BP = UNDERLYING
_MOVE = 25 * BP
_QUARTER = UNDERLYING // 4


class Told(msgspec.Struct, gc=False):
    """What is read from a market about a published number."""

    family: str
    subject: str
    measure: str
    limits: Bounds
    period: str
    scope: str = ""
    step: int = 0
    source: str = ""
    doubt: str = ""
    confidence: float = 0.85


def read(market: Market, text: str) -> Told | None:
    """A decision bucket or a level, by the ticker first; None for a question that is neither."""
    when = times(text, hints_of(market))
    period = month_of(when.period) if when.period else ticker_month(market)
    if not period:
        return None
    level = _LEVEL.match(market.ticker)
    if level or "upper bound" in text:
        limits = _level(market, when.text)
        return (
            Told("fed", "FOMC", "target rate upper bound", limits, period, step=_QUARTER) if limits else None
        )
    if not _BUCKET.search(text):
        return None
    by_ticker, by_text = _bucket_of_ticker(market.ticker), _bucket(text)
    limits = by_ticker or by_text
    if limits is None:
        return None
    doubt = ""
    if by_ticker and by_text and _moves(by_ticker) != _moves(by_text):
        doubt = "ticker and title name different moves"
    told = Told(
        "fed", "FOMC", "target rate change", limits, period, step=_MOVE, source="Federal Reserve", doubt=doubt
    )
    told.confidence = 1.0 if by_ticker else 0.9
    return told


def _moves(limits: Bounds) -> tuple[int | None, int | None]:
    """A bucket on the grid of 25 basis points, bounds included."""
    low, high = limits.low, limits.high
    if low is not None and not limits.low_closed:
        low = low // _MOVE * _MOVE + _MOVE
    if high is not None and not limits.high_closed:
        high = -(-high // _MOVE) * _MOVE - _MOVE
    return low, high


def _bucket_of_ticker(ticker: str) -> Bounds | None:
    """H0, H25, H26 ("more than 25"), C25, C26."""
    m = _DECISION.match(ticker)
    if m is None:
        return None
    size, sign = int(m[2]), 1 if m[1] == "H" else -1
    if size % 25 == 0:
        return span(sign * size * BP, sign * size * BP)
    least = size - 1
    return half_line(">", least * BP) if sign > 0 else half_line("<", -least * BP)


def _bucket(text: str) -> Bounds | None:
    """The move a text names; None where it names none, or two."""
    cut, hike, hold = bool(_CUT.search(text)), bool(_HIKE.search(text)), bool(_HOLD.search(text))
    sizes = list(_SIZE.finditer(text))
    if len(sizes) > 1 or _LIMITED.search(text):
        return None
    size = sizes[0] if sizes else None
    if hold and size is None:
        return span(0, 0) if not (cut or hike) else None
    if size is None or cut == hike:
        return None
    points = int(size[3]) * BP
    return _move(
        points, 1 if hike else -1, strict=bool(size[1]), more=bool(size[2] or size[4] or size[5] or size[6])
    )


def _move(points: int, sign: int, *, strict: bool, more: bool) -> Bounds | None:
    """A move of one size, of more than it, or of it and more."""
    if points == 0:
        return span(0, 0) if not (strict or more) else None
    if strict:
        return half_line(">", points) if sign > 0 else half_line("<", -points)
    if more:
        return half_line(">=", points) if sign > 0 else half_line("<=", -points)
    return span(sign * points, sign * points)


def _level(market: Market, text: str) -> Bounds | None:
    if market.strike_type == "greater" and market.floor is not None:
        return half_line(">", market.floor, "%")
    limits, _ = bounds(numerals(text))
    return limits


def month_of(period: str) -> str:
    """The month of a period; empty for a longer one."""
    return period[:7] if re.fullmatch(r"20\d\d-\d\d(?:-\d\d)?", period) else ""


def ticker_month(market: Market) -> str:
    """The month in a Kalshi ticker; empty where there is none."""
    when = ticker_date(market.ticker) if market.venue == "kalshi" else ticker_date("")
    return f"{when.year}-{when.month:02}" if when.month else ""
