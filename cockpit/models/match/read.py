"""A venue's market as a typed contract: the family it belongs to reads it.

Structured fields come first, words second; a market that no family knows is read by its words alone. Nothing is read
from one venue's market with knowledge of another's.
"""

import re

import msgspec

from cockpit.domain.markets import EventGroup, Market, Series
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
_GAME = re.compile(r" vs?\.? | @ | at | beat | defeat |^spread\b")
_COMBO = ("KXMVE",)
"""Series whose markets are several markets at once."""


def read(market: Market, group: EventGroup | None = None, series: Series | None = None) -> TypedContract:
    """What a market pays YES on, in typed terms; never raises for a market of any shape.

    Args:
        market: the listing.
        group: its event, where it is known: titles that only the event completes are read with it.
        series: its series, where it is known.
    """
    if series is not None and not market.series:
        market = msgspec.structs.replace(market, series=series.ticker)
    if market.ticker.startswith(_COMBO):
        return _refused(market, "several markets at once")
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


def _refused(market: Market, why: str) -> TypedContract:
    return TypedContract(
        market=market.ticker, venue=market.venue, group=market.event, series=market.series, doubt=why
    )
