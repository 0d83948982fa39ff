"""A book from the highest price down, with our orders in their queues and the fair band on the price axis."""

from collections.abc import Sequence
from typing import NamedTuple

from cockpit.app import text
from cockpit.app.line import Line, Span, crop
from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.units import PRICE
from cockpit.domain.view import Band, Detail, Level

BEST = "*"
"""Beside the best bid and the best ask."""
_NAMED_FROM = 44
"""From this width our orders are named."""
_NEAR = 50
"""A band's edge this near a level (price units) is written on the level."""


class Rung(NamedTuple):
    """A row: a level of the book, or a place of the fair band between levels."""

    price: int
    level: Level | None
    band: str
    """``hi``, ``fair``, ``lo``, ``|`` within the band, or nothing."""


def ladder(detail: Detail, width: int, height: int) -> list[Line]:
    """The header and the rungs around the touch; rows left out show their sign at the next."""
    if height < 2:
        return []
    row = detail.row
    every = rungs(detail.levels, row.fair)
    if not detail.levels:
        return [_header(width), ((" no book: nothing rests here, or it is not known", "dim"),)][:height]
    kept = _kept(every, row.bid, row.ask, height - 1)
    lines: list[Line] = [_header(width)]
    last = -1
    for i, rung in enumerate(every):
        if i in kept:
            cut = i != last + 1 or (i == max(kept) and i + 1 < len(every))
            last = i
            named = width >= _NAMED_FROM
            sign = text.CUT if cut else " "
            lines.append(crop(((sign, "dim"), *_cells(rung, row.bid, row.ask, named=named)), width))
    return lines


def _header(width: int) -> Line:
    own = "left<before us" if width >= _NAMED_FROM else "left<us"
    return crop(((f" {'bid':>6}  {'YES':>5}  {'ask':>6} {'fair':<5}{own}", "header"),), width)


def rungs(levels: Sequence[Level], fair: Band | None) -> list[Rung]:
    """Levels and the band's three places, highest first."""
    marks = {} if fair is None else {"hi": fair.high, "fair": fair.mid, "lo": fair.low}
    places = {name: round(value * PRICE) for name, value in marks.items()}
    names: dict[int, str] = {}
    loose: list[Rung] = []
    for name in ("fair", "hi", "lo"):
        if name not in places:
            continue
        near = min((level.price for level in levels), key=lambda p: abs(p - places[name]), default=None)
        if near is not None and abs(near - places[name]) <= _NEAR and near not in names:
            names[near] = name
        else:
            loose.append(Rung(places[name], None, name))
    inside = range(places.get("lo", 1), places.get("hi", 0) + 1)
    known = [Rung(lv.price, lv, names.get(lv.price, "|" if lv.price in inside else "")) for lv in levels]
    return sorted([*known, *loose], key=lambda rung: -rung.price)


def _kept(every: Sequence[Rung], bid: int, ask: int, room: int) -> set[int]:
    """Rows that are shown: the touch, our orders and the band first, then what is nearest to the touch."""
    sides = [price for price in (bid if bid != EMPTY_BID else 0, ask if ask != EMPTY_ASK else 0) if price]
    middle = sum(sides) / len(sides) if sides else PRICE / 2

    def rank(i: int) -> tuple[int, float]:
        rung = every[i]
        own = rung.level is not None and bool(rung.level.own)
        touch = rung.level is not None and rung.price in (bid, ask)
        first = (
            0 if touch else 1 if own else 2 if rung.band == "fair" else 3 if rung.band in ("hi", "lo") else 4
        )
        return first, abs(rung.price - middle)

    return set(sorted(range(len(every)), key=rank)[:room])


def _cells(rung: Rung, bid: int, ask: int, *, named: bool) -> list[Span]:
    level = rung.level
    band: Span = (f" {rung.band:<5}", "band")
    if level is None:
        return [(" " * 8, "text"), (f"{_tenths(rung.price):>5}", "band"), (" " * 8, "text"), band]
    best_bid, best_ask = rung.price == bid and level.bid > 0, rung.price == ask and level.ask > 0
    return [
        (f"{_size(level.bid):>6}{BEST if best_bid else ' '} ", "bid"),
        (f"{text.cents(rung.price):>5}", "title" if best_bid or best_ask else "text"),
        (f" {BEST if best_ask else ' '}{_size(level.ask):>6}", "ask"),
        band,
        *_own(level, named),
    ]


def _size(qty: int) -> str:
    return text.short_quantity(qty) if qty else ""


def _own(level: Level, named: bool) -> list[Span]:
    """``100<240 desk-41``: quantity left, quantity before it, and whose."""
    return [
        (
            f"{', ' if i else ''}{text.short_quantity(left)}<{text.short_quantity(before)}{f' {name}' * named}",
            "own",
        )
        for i, (name, left, before) in enumerate(level.own)
    ]


def _tenths(price: int) -> str:
    """A place between levels, to a tenth of a cent."""
    return text.probability(price / PRICE, 1)
