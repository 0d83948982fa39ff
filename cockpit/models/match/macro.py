"""The economy by number: consumer prices, growth, jobs, and the Fed's decisions (`cockpit.models.match.fed`).

A published rate has one decimal, whoever asks, so that "above 0.3" and "0.4 or more" are one set and "0.3 or more"
another.
"""

import re

import msgspec

from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.units import UNDERLYING, UNDERLYING_DIGITS, decimal
from cockpit.models.match.amounts import Bounds, bounded, bounds, half_line
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.dates import times
from cockpit.models.match.fed import Told, month_of, ticker_month
from cockpit.models.match.fed import read as read_fed
from cockpit.models.match.frame import hints_of, whole_title
from cockpit.models.match.places import NATIONS
from cockpit.models.match.words import STOP, numerals, phrased, tokens

_FED = re.compile(r"\b(?:fed|fomc|federal reserve)\b")
_CPI = re.compile(r"\b(?:cpi|inflation|consumer price)")
_GDP = re.compile(r"\bgdp\b")
_JOBS = re.compile(
    r"\b(?:unemployment rate|nonfarm payrolls?|payrolls?|jobs (?:added|report)|initial jobless claims)\b"
)

_CPI_SERIES = {
    "KXCPI": "headline mom",
    "KXCPIYOY": "headline yoy",
    "KXCPICORE": "core mom",
    "KXCPICOREYOY": "core yoy",
    "CPI": "headline mom",
    "CPIYOY": "headline yoy",
    "CPICORE": "core mom",
    "CPICOREYOY": "core yoy",
}
_MOM = re.compile(
    r"\bmom\b|month-over-month|month over month|\bmonthly\b|one-month percent|month-on-month|1-month"
)
_YOY = re.compile(
    r"\byoy\b|year-over-year|year over year|\bannual\b|12-month|twelve-month|year-on-year|\bannually\b"
)
_FALLS = re.compile(r"\b(?:fall|falls|decrease|decline|drop|shrink|contract|negative|deflation)\b")
_EXACT = re.compile(r"(?<![\w.])(-?\d+(?:\.\d+)?)\s?%")
_ESTIMATE = re.compile(r"\b(advance|second|2nd|third|3rd|final) estimate\b")
_WRITTEN = {"2nd": "second", "3rd": "third"}
_COMPARES = re.compile(r"\b(?:than|above|below|over|under|more|less|higher|lower|fewer|greater|exceeds?)\b")

_TENTH = UNDERLYING // 10
_SPENT_WORDS = (
    "fed fomc federal reserve rate interest bp bps basi basis point decision meeting change nochange "
    "unchanged hold maintain hike cut decrease increase raise lower reduce target upper bound funds fund "
    "its their cpi core inflation consumer price index mom yoy monthly annual annually "
    "month year over year-over-year month-over-month rise grow growth gdp real us us. more less than "
    "above below least most between exactly or and higher greater fewer under percent unemployment "
    "exceed leave payroll nonfarm report headline all item number seasonally adjusted reading print come decline fall "
    "what how much advance estimate quarter announced announce "
)
_SPENT = frozenset(_SPENT_WORDS.split())
_AFTER_MEETING = frozenset({"after", "following"})


def read_macro(market: Market, group: EventGroup | None) -> TypedContract | None:
    """A macro market as a contract; None for one that asks for no number of a known kind."""
    folded = whole_title(market, group)
    text = phrased(folded)
    told = None
    if _FED.search(text) or market.ticker.startswith("KXFED"):
        told = read_fed(market, text)
    elif _CPI.search(text) or market.series in _CPI_SERIES:
        told = _cpi(market, text)
    elif _GDP.search(text):
        told = _gdp(market, text)
    elif _JOBS.search(text):
        told = _jobs(market, text)
    return _contract(market, group, told, text) if told is not None else None


def _cpi(market: Market, text: str) -> Told | None:
    """Consumer prices: which index, over a month or a year, published for which month."""
    when = times(text, hints_of(market))
    period = month_of(when.period) if when.period else ticker_month(market)
    limits = _rate(market, when.text)
    if not period or limits is None:
        return None
    by_series = _CPI_SERIES.get(market.series or market.ticker.partition("-")[0], "")
    by_words = _kind_of_cpi(text) or _kind_of_cpi(f"{text} {market.rules[:600].lower()}")
    doubt = "" if by_series or by_words else "neither month on month nor year on year is stated"
    said = _kind_of_cpi(text)
    if by_series and said and said != by_series:
        doubt = f"the series is {by_series}, the title says {said}"
    if _FALLS.search(text):
        doubt = "a fall: its sign is not plain"
    told = Told(
        "cpi", _nation(market, text), "rate", limits, period, by_series or by_words, _TENTH, doubt=doubt
    )
    told.source = (
        "BLS" if "bureau of labor" in market.rules.lower() or "(bls)" in market.rules.lower() else ""
    )
    return told


def _kind_of_cpi(text: str) -> str:
    """Such as "core mom"; empty where the span is not stated, or both are."""
    month, year = bool(_MOM.search(text)), bool(_YOY.search(text))
    if month == year:
        return ""
    core = "core" in text or "excluding food and energy" in text
    return f"{'core' if core else 'headline'} {'mom' if month else 'yoy'}"


def _rate(market: Market, text: str) -> Bounds | None:
    """The rates that pay, by the strike fields or by the words; a rate alone is that rate exactly."""
    if market.strike_type == "greater" and market.floor is not None:
        return half_line(">", market.floor, "%")
    plain = numerals(text)
    limits, _ = bounds(plain)
    if limits is None:
        exact = set(_EXACT.findall(plain))
        if len(exact) != 1 or _COMPARES.search(plain):
            return None
        limits, _ = bounds(f"exactly {exact.pop()}%")
    return limits and msgspec.structs.replace(limits, unit="%")


def _nation(market: Market, text: str) -> str:
    """Whose figure it is; empty where nothing says, for silence is not the United States."""
    words = set(tokens(text))
    named = {NATIONS[word] for word in words if word in NATIONS} | ({"us"} & words)
    named |= {"uk"} & words
    if {"euro", "eurozone"} & words:
        named.add("eurozone")
    if named:
        return named.pop() if len(named) == 1 else ""
    rules = market.rules.lower()
    if market.venue == "kalshi" or "bureau of" in rules or "(bls)" in rules or "(bea)" in rules:
        return "us"
    return ""


def _gdp(market: Market, text: str) -> Told | None:
    """Growth of a quarter, by one of its estimates."""
    when = times(text, hints_of(market))
    limits = _rate(market, when.text)
    if limits is None or not re.fullmatch(r"20\d\dQ[1-4]|20\d\d", when.period):
        return None
    stated = _ESTIMATE.search(f"{text} {market.rules.lower()} {market.rules_secondary.lower()}")
    doubt = "a fall: its sign is not plain" if _FALLS.search(text) else ""
    scope = _WRITTEN.get(stated[1], stated[1]) if stated else ""
    return Told("gdp", _nation(market, text), "growth", limits, when.period, scope, _TENTH, doubt=doubt)


def _jobs(market: Market, text: str) -> Told | None:
    """The unemployment rate, or jobs added, of a month."""
    when = times(text, hints_of(market))
    period = month_of(when.period) if when.period else ticker_month(market)
    rate = "unemployment" in text
    limits = _rate(market, when.text) if rate else bounds(numerals(when.text))[0]
    if not period or limits is None:
        return None
    measure = "unemployment rate" if rate else "jobless claims" if "claims" in text else "payrolls"
    return Told("jobs", _nation(market, text), measure, limits, period, step=_TENTH if rate else 0)


def _contract(market: Market, group: EventGroup | None, told: Told, text: str) -> TypedContract:
    left = {word for word in tokens(numerals(times(text).text)) if word not in STOP and word not in _SPENT}
    if told.family == "fed" and "meeting" in tokens(text):
        left -= _AFTER_MEETING
    own = _own_numbers(told, text)
    rest = {
        word for word in left if word not in NATIONS and word not in _SIGNS and _UNIT.sub("", word) not in own
    }
    found = TypedContract(
        market=market.ticker,
        venue=market.venue,
        family=told.family,
        subject=told.subject,
        measure=told.measure,
        scope=told.scope,
        period=told.period,
        step=told.step,
        unit="bp" if told.measure == "target rate change" else "",
        source=told.source,
        group=market.event,
        series=market.series,
        exclusive=bool(group and group.exclusive),
        rest=tuple(sorted(rest)),
        opens_ns=market.open_ns,
        doubt=told.doubt,
        confidence=told.confidence,
    )
    return bounded(found, told.limits)


_UNIT = re.compile(r"^-|(?:[%+]|bps?)+$")


def _own_numbers(told: Told, text: str) -> set[str]:
    """The numbers of a title that its terms account for: bounds, the estimate's, the span's."""
    bounds_of = {abs(v) for v in (told.limits.low, told.limits.high) if v is not None}
    own = {decimal(value, UNDERLYING_DIGITS) for value in bounds_of}
    if told.scope in _WRITTEN.values():
        own |= {"#2", "#3"}
    spans = {"12": "12-month", "1": "1-month"}
    return own | {number for number, words in spans.items() if words in text}


_SIGNS = frozenset({">", "<", ">=", "<=", "uk", "euro", "eurozone"})
