"""How numbers look on the screen, in one place: cents without a sign of dollars, signed edges, durations, New York time.

Everything printed is ASCII but for `CUT` and the dots of charts; texts from outside pass `clean` first, so that one
character is one cell.
"""

import unicodedata
from functools import lru_cache

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.newyork import local
from cockpit.domain.units import BID, MONEY_DIGITS, PRICE, QTY, QTY_DIGITS, SECOND, decimal

CUT = "…"
"""Stands where text was cut off."""
ASCII_CUT = "~"
"""Stands for it on a terminal of letters only."""
NONE = "-"
"""Stands where there is no value."""

_SPELT = {"≥": ">=", "≤": "<=", "–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "°": "d",
          "×": "x", "→": "->", "…": CUT, "\t": " ", "\n": " "}  # fmt: skip
_MINUTE = 60 * SECOND
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_WEEK = 6
"""Days a weekday is enough for."""


def clean(text: str) -> str:
    """Text of one cell a character: accents are dropped, other foreign glyphs spelt out or shown as ``?``."""
    return text if text.isascii() and text.isprintable() else _spell(text)


@lru_cache(maxsize=4096)
def _spell(text: str) -> str:
    return "".join(_glyph(char) for char in unicodedata.normalize("NFC", text))


def _glyph(char: str) -> str:
    """A terminal's own idea of a glyph's width cannot be known, and some run from right to left: ASCII can be relied on.

    So can braille, which is one cell wide everywhere.
    """
    if char in _SPELT:
        return _SPELT[char]
    if "\u2800" <= char <= "\u28ff":
        return char
    plain = unicodedata.normalize("NFKD", char)[0]
    return plain if plain.isascii() and plain.isprintable() else "?"


def cut(text: str, width: int) -> str:
    """The text in at most ``width`` cells, with `CUT` as its last when some of it is missing."""
    text = clean(text)
    return text if len(text) <= width else text[: max(width - 1, 0)] + CUT[:width]


def counted(n: int, noun: str) -> str:
    """How many of what: ``1 game``, ``2 games``."""
    return f"{n:,} {noun}{'s' * (n != 1)}"


# ---------------------------------------------------------------------------------------------- prices


def cents(price: int) -> str:
    """A price (1e-4 dollar) in exact cents: ``86``, ``0.5``."""
    return decimal(price, 2)


def of_side(side: int, price: int) -> int:
    """What a contract of that side costs at a YES price."""
    return price if side == BID else PRICE - price


def side_word(side: int) -> str:
    """YES for a bid, NO for an ask in YES terms."""
    return "YES" if side == BID else "NO"


def act(side: int, price: int) -> str:
    """Side and its own price: ``Y@86``, ``N@17``."""
    return f"{'Y' if side == BID else 'N'}@{cents(of_side(side, price))}" if side else NONE


def bid_ask(bid: int, ask: int) -> str:
    """The top of a book: ``86/88``; an empty side is ``--``."""
    return f"{'--' if bid == EMPTY_BID else cents(bid)}/{'--' if ask == EMPTY_ASK else cents(ask)}"


def own_top(side: int, bid: int, ask: int) -> str:
    """The top of a book in the terms of a side: ``NO 17/20``; bids are what that side is bought at."""
    near, far = (bid, ask) if side == BID else (PRICE - ask, PRICE - bid)
    return f"{side_word(side)} {bid_ask(near, far)}"


def tapered(*prices: int) -> bool:
    """Whether one of the prices is not a whole cent."""
    return any(price % 100 for price in prices)


def probability(value: float, places: int = 0) -> str:
    """A probability as cents: ``94``."""
    return f"{value * 100:.{places}f}"


def signed_cents(value: float | None, places: int = 0) -> str:
    """Dollars a contract as signed cents: ``+8``; None is `NONE`."""
    return NONE if value is None else f"{value * 100:+.{places}f}"


# ---------------------------------------------------------------------------------------------- money and quantities


def money(value: int | None, places: int = 2) -> str:
    """Money units as dollars, rounded half away from zero: ``86.00``, ``-105.90``; None is `NONE`."""
    if value is None:
        return NONE
    unit = 10 ** (MONEY_DIGITS - places)
    count = (abs(value) + unit // 2) // unit
    return decimal(-count if value < 0 else count, places, places)


def signed_money(value: int | None, places: int = 2) -> str:
    """As `money` with its sign always shown: ``+34.84``."""
    text = money(value, places)
    return text if value is None or text.startswith("-") else f"+{text}"


def whole_money(value: int | None) -> str:
    """Whole dollars where cents say nothing: ``1846``."""
    return money(value, 0)


def quantity(value: int) -> str:
    """Contracts, exactly: ``100``, ``0.01``."""
    return decimal(value, QTY_DIGITS)


def short_quantity(value: int) -> str:
    """Contracts in at most five cells: ``240``, ``0.25``, ``4.1k``, ``12k``, ``1.2M``."""
    count = value / QTY
    if abs(count) < 100 and value % QTY:
        return "<.01" if abs(count) < 0.01 else f"{count:.2g}" if abs(count) < 9.95 else f"{count:.0f}"
    for limit, divisor, unit in ((1_000, 1, ""), (10_000, 1_000, "k"), (1_000_000, 1_000, "k")):
        if abs(count) < limit:
            return f"{count / divisor:.{1 if limit == 10_000 else 0}f}{unit}"
    return f"{count / 1e6:.1f}M" if abs(count) < 1e8 else f"{count / 1e6:.0f}M"


def underlying(price: float) -> str:
    """A price of an underlying to what moves within a second: ``84,213``, ``3,021.6``, ``138.21``, ``0.5512``."""
    places = 0 if price >= 10_000 else 1 if price >= 1_000 else 2 if price >= 10 else 4
    return f"{price:,.{places}f}"


def offset(value: float) -> str:
    """A distance between prices in few cells, signed: ``+14``, ``-3.2``, ``+0.011``."""
    places = 0 if abs(value) >= 10 else 1 if abs(value) >= 1 else None
    return f"{value:+.2g}" if places is None else f"{value:+,.{places}f}"


def plain(value: float, width: int = 9) -> str:
    """A model's number in few cells."""
    if value == int(value) and abs(value) < 10 ** (width - 1):
        return f"{int(value):,}" if len(f"{int(value):,}") <= width else str(int(value))
    return f"{value:,.2f}" if abs(value) >= 1_000 else f"{value:.4g}"


# ---------------------------------------------------------------------------------------------- time


def duration(ns: int) -> str:
    """Time left in at most five cells: ``0:21``, ``7:53``, ``59:59``, ``2h07``, ``17d``."""
    if ns < _HOUR:
        minutes, seconds = divmod(max(ns, 0) // SECOND, 60)
        return f"{minutes}:{seconds:02}"
    if ns < _DAY:
        return f"{ns // _HOUR}h{ns % _HOUR // _MINUTE:02}"
    return f"{ns // _DAY}d{ns % _DAY // _HOUR:02}" if ns < 10 * _DAY else f"{ns // _DAY}d"


def left(ns: int) -> str:
    """The same in four cells, seconds only where they matter: ``7:53``, ``59m``, ``2h07``, ``12h``; unknown (0) is `NONE`."""
    for least, below, unit, letter in ((10 * _MINUTE, _HOUR, _MINUTE, "m"), (10 * _HOUR, _DAY, _HOUR, "h")):
        if least <= ns < below:
            return f"{ns // unit}{letter}"
    return duration(ns) if ns else NONE


def age(ns: int) -> str:
    """How old something is: ``<1s``, ``94s``, ``12m``, ``3h``, ``2d``; what ticks faster than a second tells nothing."""
    if ns < SECOND:
        return "<1s"
    for limit, unit, letter in (
        (120 * SECOND, SECOND, "s"),
        (120 * _MINUTE, _MINUTE, "m"),
        (2 * _DAY, _HOUR, "h"),
    ):
        if ns < limit:
            return f"{ns // unit}{letter}"
    return f"{ns // _DAY}d"


def short_age(ns: int) -> str:
    """The same in three cells, in whole seconds to 99: ``0s``, ``94s``, ``12m``, ``3h``."""
    if ns < 100 * SECOND:
        return f"{max(ns, 0) // SECOND}s"
    return age(ns) if ns >= 120 * _MINUTE else f"{ns // _MINUTE}m"


def day(ts: int, now: int) -> str:
    """New York's day: ``today``, ``Fri`` within six days to come, else ``Dec 12``."""
    at, here = local(ts), local(now)
    days = (at.date() - here.date()).days
    if days == 0:
        return "today"
    return f"{at:%a}" if 0 < days <= _WEEK else f"{at:%b} {at.day}"


def start(ts: int, now: int) -> str:
    """When something begins: ``7:30p`` today, ``Fri 7:30p`` within six days, else ``Dec 12 7:30p``."""
    at, on = local(ts), day(ts, now)
    hour = f"{at.hour % 12 or 12}:{at.minute:02}{'a' if at.hour < 12 else 'p'}"
    return hour if on == "today" else f"{on} {hour}"


def clock(ts: int) -> str:
    """New York's wall clock: ``14:52:07``; no time yet is dashes."""
    return local(ts).strftime("%H:%M:%S") if ts > 0 else "--:--:--"


def short_clock(ts: int) -> str:
    """The same to the minute: ``14:52``."""
    return clock(ts)[:5]
