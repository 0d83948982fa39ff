"""A book's line before the game, of three generations.

2022: words alone ("UTAH -2.5", "EVEN"), which name the favourite. 2025: ``spread``, the home side's line, and money
lines as numbers. 2026: text under ``close``, which is the newest price before the game; ``open`` may be a placeholder
and is never read. Where words and number disagree about who is favoured, or by how much, there is no line.
"""

import re
from collections import Counter

import msgspec

from cockpit.domain.games import LINE, GameLine
from cockpit.feeds.census import tally
from cockpit.feeds.espn import bodies
from cockpit.feeds.espn.numbers import scaled, text_of

WIDEST = 100 * LINE
"""A spread beyond which a number is nonsense."""
HIGHEST = 500 * LINE
"""The same of a total."""
LONGEST_ODDS = 100_000
EVEN = frozenset({"EVEN", "EV", "PK", "PICK", "PICKEM", "PICK'EM"})
OFF = frozenset({"", "OFF", "N/A", "--"})

_DETAILS = re.compile(r"([A-Z0-9]{1,8}) ([+-]?\d{1,3}(?:\.\d{1,2})?)", re.ASCII)
_DIGITS = 2
"""A line is in 1/100 point."""


class Names(msgspec.Struct, frozen=True):
    """How ESPN abbreviates the two sides."""

    away: str
    home: str


def line(offered: list[msgspec.Raw] | None, names: Names, census: Counter[str]) -> GameLine | None:
    """The first line with a money line on both sides, else the first at all; None where no book has one.

    What cannot be read, what contradicts itself and what is offered during the game is counted and left out.
    """
    found: list[GameLine] = []
    for raw in offered or ():
        each = _read(raw, names, census)
        if each is not None:
            found.append(each)
    whole = (each for each in found if each.home is not None and each.away is not None)
    return next(whole, found[0] if found else None)


def _read(raw: msgspec.Raw, names: Names, census: Counter[str]) -> GameLine | None:
    if bytes(raw) == b"null":
        return None
    try:
        return _line(msgspec.json.decode(raw, type=bodies.Odds), names, census)
    except (ValueError, RecursionError) as error:
        tally(census, "odds", error)
        return None


def _line(odds: bodies.Odds, names: Names, census: Counter[str]) -> GameLine | None:
    """One book's line. Raises ValueError."""
    provider = (odds.provider.name if odds.provider else None) or ""
    if "live" in provider.casefold():
        tally(census, "odds", "offered during the game")
        return None
    stated, told = _spread(odds), _details(odds.details, names, census)
    if stated is not None and told is not None and stated != told:
        tally(census, "odds", "words and number disagree")
        return None
    moneyline = odds.moneyline or bodies.Sides()
    found = GameLine(
        provider=provider,
        spread=told if stated is None else stated,
        total=_total(odds),
        home=_american(moneyline.home, odds.home_team_odds),
        away=_american(moneyline.away, odds.away_team_odds),
    )
    return found if found != GameLine(provider=provider) else None


def _spread(odds: bodies.Odds) -> int | None:
    """The home side's line, 1/100 point. Raises ValueError."""
    spread = _points(text_of(odds.spread))
    if spread is None and odds.point_spread is not None:
        spread = _points(text_of(_close(odds.point_spread.home).line))
    return spread


def _points(text: str) -> int | None:
    if text.upper() in OFF:
        return None
    return _limited(0 if text.upper() in EVEN else scaled(text, _DIGITS), -WIDEST, WIDEST)


def _details(text: str | None, names: Names, census: Counter[str]) -> int | None:
    """The home side's line by the words, which give the favourite's; None where they say nothing."""
    words = " ".join((text or "").upper().split())
    if words in OFF:
        return None
    if words in EVEN:
        return 0
    match = _DETAILS.fullmatch(words)
    if match is None or match.group(1) not in (names.home.upper(), names.away.upper()):
        tally(census, "details", words)
        return None
    points = scaled(match.group(2), _DIGITS) or 0
    if abs(points) >= WIDEST:
        tally(census, "details", "a price, not a line")
        return None
    return points if match.group(1) == names.home.upper() else -points


def _total(odds: bodies.Odds) -> int | None:
    """Points of both sides, 1/100. Raises ValueError."""
    text = text_of(odds.over_under)
    if not text and odds.total is not None:
        text = text_of(_close(odds.total.over).line).lstrip("oOuU")
    return None if text.upper() in OFF else _limited(scaled(text, _DIGITS), 1, HIGHEST)


def _american(quoted: bodies.Quoted | None, side: bodies.SideOdds | None) -> int | None:
    """American odds, whole: -220, +180; EVEN is +100. Raises ValueError."""
    for text in (text_of(side.money_line) if side else "", text_of(_close(quoted).odds)):
        if text.upper() not in OFF:
            return _odds(text.upper())
    return None


def _odds(text: str) -> int:
    stated = 100 if text in EVEN else scaled(text, 0) or 0
    if not 100 <= abs(stated) <= LONGEST_ODDS:
        raise ValueError(f"not American odds: {stated}")
    return stated


def _close(quoted: bodies.Quoted | None) -> bodies.Price:
    return (quoted.close if quoted is not None else None) or bodies.Price()


def _limited(value: int | None, low: int, high: int) -> int | None:
    if value is not None and not low <= value <= high:
        raise ValueError(f"line out of range: {value}")
    return value
