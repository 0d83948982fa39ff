"""A venue's market as a typed contract: the family it belongs to reads it.

Structured fields come first, words second; a market that no family knows is read by its words alone. Nothing is read
from one venue's market with knowledge of another's.
"""

import re

import msgspec

from cockpit.domain.markets import EventGroup, Market, Series
from cockpit.domain.units import SECOND
from cockpit.models.assets import by_series
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.crypto import read_crypto
from cockpit.models.match.games import read_game
from cockpit.models.match.macro import read_macro
from cockpit.models.match.mentions import read_mention
from cockpit.models.match.politics import is_politics, read_politics
from cockpit.models.match.text import read_text
from cockpit.models.match.weather import read_weather
from cockpit.models.match.words import fold, phrased

_CRYPTO = re.compile(
    r"\b(?:bitcoin|btc|ethereum|ether|eth|solana|sol|xrp|dogecoin|doge|bnb|hyperliquid|hype)\b"
)
_MACRO = re.compile(r"\b(?:fed|fomc|federal reserve|cpi|inflation|gdp|unemployment|payrolls?|jobs)\b")
_WEATHER = re.compile(r"\btemp(?:erature)?s?\b")
_MENTION = re.compile(r"\b(?:say|mention|post|tweet)\b")
_GAME = re.compile(r" vs?\.? | @ | at | beat | defeat | win (?:against|over) |^spread\b")
_COMBO = ("KXMVE",)
"""Series whose markets are several markets at once."""

_TITLES = ("title", "subtitle")
_TITLE = 1_000
_RULES = 20_000
_TIMES = ("open_ns", "close_ns", "expected_ns", "clear_ns")
_LATEST_NS = 7_258_118_400 * SECOND
"""The year 2200."""


def read(market: Market, group: EventGroup | None = None, series: Series | None = None) -> TypedContract:
    """What a market pays YES on, in typed terms; never raises for a market of any shape.

    Blanks in texts count as one, rules are read to their 20,000th character; a title of more than 1,000 is refused, for
    its end would be lost.

    Args:
        market: the listing.
        group: its event, where it is known: titles that only the event completes are read with it.
        series: its series, where it is known.
    """
    if series is not None and not market.series:
        market = msgspec.structs.replace(market, series=series.ticker)
    if market.ticker.startswith(_COMBO):
        return _refused(market, "several markets at once")
    market, group = _compact(market), _compact_group(group)
    if _too_long(market, group):
        return _refused(market, "a title of more than 1,000 characters")
    return _read(market, group)


def _read(market: Market, group: EventGroup | None) -> TypedContract:
    """The first family's reading that finds its question in a market."""
    text = fold(market.title or (group.title if group else ""))
    ours = market.venue == "kalshi"
    found = None
    if _CRYPTO.search(text) or market.custom or (ours and by_series(market.series)):
        found = read_crypto(market, group)
    if found is None and (
        _MACRO.search(text) or (ours and market.ticker.startswith(("KXFED", "KXCPI", "CPI")))
    ):
        found = read_macro(market, group)
    if found is None and (_WEATHER.search(text) or (ours and market.series.startswith(("KXHIGH", "KXLOW")))):
        found = read_weather(market, group)
    if found is None and _MENTION.search(text):
        found = read_mention(market, group)
    if found is None and (
        _GAME.search(text) or (ours and market.series.startswith(("KXNBA", "KXNFL", "KXMLB", "KXNHL")))
    ):
        found = read_game(market, group)
    if found is not None:
        return found
    if is_politics(phrased(text), market):
        return read_politics(market, group)
    return read_text(market, group)


def _compact(market: Market) -> Market:
    """A listing as it is read: blanks collapsed, rules cut, times within what a calendar holds."""
    texts = {name: " ".join(getattr(market, name).split()) for name in _TITLES}
    texts |= {name: getattr(market, name)[:_RULES] for name in ("rules", "rules_secondary")}
    times = {name: ns if 0 <= (ns := getattr(market, name)) < _LATEST_NS else 0 for name in _TIMES}
    found = {name: value for name, value in (texts | times).items() if value != getattr(market, name)}
    return msgspec.structs.replace(market, **found) if found else market


def _compact_group(group: EventGroup | None) -> EventGroup | None:
    if group is None:
        return None
    texts = {name: " ".join(getattr(group, name).split()) for name in _TITLES}
    return msgspec.structs.replace(group, **texts)


def _too_long(market: Market, group: EventGroup | None) -> bool:
    said = [market.title, market.subtitle, market.ticker, market.series]
    said += [group.title, group.subtitle] if group is not None else []
    said += [value for _, value in market.custom]
    return any(len(text) > _TITLE for text in said)


def _refused(market: Market, why: str) -> TypedContract:
    return TypedContract(
        market=market.ticker, venue=market.venue, group=market.event, series=market.series, doubt=why
    )
