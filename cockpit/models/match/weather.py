"""Daily temperatures: city, high or low, day, whole degrees, and the station that is read.

Two venues that name one city may read two stations ("NYC" is Central Park here and LaGuardia there): the station is the
question, and one that is not stated makes a pair a twin at most.
"""

import re

from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.units import UNDERLYING
from cockpit.models.match.amounts import bounded, bounds, by_fields
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.dates import ticker_date, times
from cockpit.models.match.frame import hints_of, whole_title
from cockpit.models.match.words import numerals

_ABOUT = re.compile(
    r"\b(?:high(?:est)?|low(?:est)?|max(?:imum)?|min(?:imum)?) temp(?:erature)?\b|\btemperature in\b"
)
_HIGH = re.compile(r"\b(?:highs?|highest|max|maximum)\b")
_LOW = re.compile(r"\b(?:lows?|lowest|min|minimum)\b")
_CITY = re.compile(
    r"\btemp(?:erature)?s? (?:in|for|at) (?:the )?([a-z .]+?)(?=\s(?:be|on|today|tomorrow|exceed|reach|above|below|to)\b|[?,:]|\s*$"
    r"|\s[<>\d])"
)
_SERIES = re.compile(r"KX(HIGH|LOW)T?([A-Z]+)$")
_CITIES = {
    "nyc": "new york", "ny": "new york", "new york city": "new york", "la": "los angeles", "lax": "los angeles",
    "chi": "chicago", "mia": "miami", "den": "denver", "aus": "austin", "phil": "philadelphia", "philly": "philadelphia",
    "sea": "seattle", "phx": "phoenix", "sfo": "san francisco", "sf": "san francisco", "dal": "dallas", "hou": "houston",
    "atl": "atlanta", "bos": "boston", "dc": "washington", "washington dc": "washington", "washington d.c.": "washington",
    "lv": "las vegas", "min": "minneapolis", "nola": "new orleans", "okc": "oklahoma city", "satx": "san antonio",
}  # fmt: skip
_STATIONS = (
    (re.compile(r"central park|\bclinyc\b|\bknyc\b"), "Central Park"),
    (re.compile(r"laguardia|\bklga\b"), "LaGuardia"),
    (re.compile(r"john f\. kennedy|\bkjfk\b"), "JFK"),
    (re.compile(r"midway|\bclimdw\b|\bkmdw\b"), "Midway"),
    (re.compile(r"o'hare|\bkord\b"), "O'Hare"),
    (re.compile(r"\b(k[a-z]{3})\b(?= (?:station|airport))|/(k[a-z]{3})\b"), ""),
    (re.compile(r"\b(cli[a-z]{3})\b"), ""),
    (re.compile(r"recorded (?:at|by) (?:the )?([a-z .'-]{1,60}? (?:airport|station|park))"), ""),
)


def read_weather(market: Market, group: EventGroup | None) -> TypedContract | None:
    """A temperature market as a contract; None for anything else."""
    known = _SERIES.match(market.series) if market.venue == "kalshi" else None
    text = whole_title(market, group)
    if known is None and not _ABOUT.search(text):
        return None
    when = times(text, hints_of(market))
    limits = by_fields(market, "F") or bounds(numerals(when.text))[0]
    if limits is None:
        return None
    kinds = {kind for kind, pattern in (("high", _HIGH), ("low", _LOW)) if pattern.search(_bare(when.text))}
    if known is not None:
        kinds.add(known[1].lower())
    doubt = "" if len(kinds) == 1 else "high or low is not plain"
    found = TypedContract(
        market=market.ticker,
        venue=market.venue,
        family="weather",
        subject=_city(when.text, known),
        measure=f"{min(kinds)} temperature" if kinds else "temperature",
        period=_day(market, when.period),
        step=UNDERLYING,
        unit=limits.unit or ("F" if known is not None else ""),
        source=_station(market),
        rounding="0",
        group=market.event,
        series=market.series,
        exclusive=bool(group and group.exclusive),
        opens_ns=market.open_ns,
        doubt=doubt,
        confidence=1.0 if known is not None else 0.85,
    )
    return bounded(found, limits)


def _bare(text: str) -> str:
    """The text without the words that go with a number: "or higher" is no high."""
    return re.sub(r"\bor (?:higher|lower|above|below)\b|\b(?:higher|lower) than\b", " ", text)


def _city(text: str, known: re.Match[str] | None) -> str:
    m = _CITY.search(text)
    name = m[1].strip(" .") if m else known[2].lower() if known is not None else ""
    return _CITIES.get(name, name)


def _day(market: Market, period: str) -> str:
    if re.fullmatch(r"20\d\d-\d\d-\d\d", period):
        return period
    when = ticker_date(market.ticker) if market.venue == "kalshi" else ticker_date("")
    return f"{when.year}-{when.month:02}-{when.day:02}" if when.day else ""


def _station(market: Market) -> str:
    rules = f"{market.rules} {market.rules_secondary}".lower()
    for pattern, name in _STATIONS:
        m = pattern.search(rules)
        if m is not None:
            return name or next(group for group in m.groups() if group).upper()
    return ""
