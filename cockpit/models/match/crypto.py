"""Crypto prices at an instant, over a window, or touched within a period.

What a venue settles on is the question as much as the strike is: Kalshi and Polymarket US on the mean of sixty prints of
CF Benchmarks' index, Polymarket.com on an exchange's candle or on an oracle's stream. Sources: the venues' contract terms
as `cockpit.models.assets` and the feeds' own fields carry them.
"""

import re
from datetime import date, timedelta

import msgspec

from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.models.assets import ASSETS, by_series
from cockpit.models.match.amounts import Bounds, bounded, bounds, by_fields, half_line, number
from cockpit.models.match.contract import UNKNOWN_WINDOW, TypedContract
from cockpit.models.match.dates import Hints, TickerDate, period_of_day, ticker_date, times, wall
from cockpit.models.match.words import fold, numerals

_COINS = {
    "bitcoin": "BTC",
    "btc": "BTC",
    "ethereum": "ETH",
    "ether": "ETH",
    "eth": "ETH",
    "solana": "SOL",
    "sol": "SOL",
    "xrp": "XRP",
    "dogecoin": "DOGE",
    "doge": "DOGE",
    "bnb": "BNB",
    "hyperliquid": "HYPE",
    "hype": "HYPE",
}
_COIN = re.compile(rf"\b({'|'.join(_COINS)})\b")
_PRICE = re.compile(r"\b(?:price|above|below|between|less than|greater than|up or down|under|over)\b|\$")
_TOUCH = re.compile(r"\b(?:hit|reach|dip|touch|fall to|drop to|get to)\b")
_LOW_TOUCH = re.compile(r"\b(?:dip|fall|drop|low)\b")
_CLOCK = re.compile(
    r"\b(\d{1,2})(?::(\d\d))?\s?(am|pm)(?:\s?-\s?(\d{1,2})(?::(\d\d))?\s?(am|pm))?\s?(?:et|est|edt)\b"
)
_NOON = re.compile(r"12:00 in the et timezone \(noon\)|12:00 pm et|\bnoon et\b|12 pm et\b")
_CANDLE = re.compile(r"\b([A-Z]{2,6}/USDT)\b")
_TICKER_STRIKE = re.compile(r"-T(\d+(?:\.\d+)?)$")
_ELSEWHERE = re.compile(r"\b(?:coinbase|binance|kraken|pyth|chainlink)\b")
_SECONDS = re.compile(r"\b([0-9]{1,6}|[a-z]{1,12})[ -]seconds?\b")
_FOREIGN = re.compile(r"\b(?:eur|gbp|jpy|euros?|pounds?|yen)\b")
_BINANCE_STEP = UNDERLYING // 100
_MEAN_S = 60


class Told(msgspec.Struct, gc=False):
    """What a reading has gathered so far."""

    asset: str
    kind: str
    """price, up or down, touch."""
    scope: str = ""
    limits: Bounds | None = None
    beat: int | None = None
    """The price an up/down window opened at."""
    instant_ns: int = 0
    period: str = ""
    source: str = ""
    window_s: int = UNKNOWN_WINDOW
    digits: str = ""
    void: str = ""
    doubt: str = ""
    confidence: float = 1.0


def asset_of(market: Market, folded: str) -> str:
    """The coin a market is about; empty for none."""
    custom = dict(market.custom)
    known = by_series(market.series) if market.venue == "kalshi" else None
    if known is not None:
        return known.symbol
    if custom.get("asset"):
        return custom["asset"]
    found = {_COINS[word] for word in _COIN.findall(folded)}
    return found.pop() if len(found) == 1 and (_PRICE.search(folded) or _TOUCH.search(folded)) else ""


def read_crypto(market: Market, group: EventGroup | None) -> TypedContract | None:
    """A crypto market as a contract; None for one that asks something else about a coin."""
    title = fold(market.title or (group.title if group else ""))
    asset = asset_of(market, title)
    if not asset or _FOREIGN.search(title):
        return None
    told: Told | None
    if market.venue == "kalshi" and by_series(market.series) is not None:
        told = _kalshi(market, asset)
    elif dict(market.custom).get("family"):
        told = _by_fields(market, asset)
    else:
        told = _by_words(market, asset, title)
    if told is None or (told.kind == "touch" and told.limits is None):
        return None
    return _contract(market, group, told)


def _kalshi(market: Market, asset: str) -> Told:
    """A ladder or a window of Kalshi's: strikes by their fields, the hour by the ticker."""
    terms = ASSETS[asset]
    told = Told(
        asset, "price", source=f"CF Benchmarks {terms.index}", window_s=_MEAN_S, digits=str(terms.digits)
    )
    _heed_rules(market.rules, told)
    when = ticker_date(market.ticker)
    told.instant_ns, told.doubt = _ticker_instant(when, market.close_ns)
    if market.series.endswith("15M"):
        told.kind, told.scope, told.beat, told.void = "up or down", "15m", market.floor, "tie up"
        return told
    told.limits = by_fields(market) or _ticker_strike(market)
    if told.limits is None and not told.doubt:
        told.doubt = "no strike is stated"
    return told


def _heed_rules(rules: str, told: Told) -> None:
    """What the rules say of source and window, where it is not what the series stands for."""
    text = rules.lower()
    other = _ELSEWHERE.search(text)
    if other is not None and "cf benchmarks" not in text:
        told.source = other[0]
    spans = set(_SECONDS.findall(text))
    if spans and not spans & {"60", "sixty"}:
        only = spans.pop()
        told.window_s = int(only) if only.isdigit() and not spans else UNKNOWN_WINDOW


def _ticker_instant(when: TickerDate, close_ns: int) -> tuple[int, str]:
    """When a ticker says the market closes, and what contradicts it."""
    if not when.clock:
        return close_ns, ""
    hour, minute = int(when.clock[:2]), int(when.clock[2:] or 0)
    named = wall(when.year, when.month, when.day, hour, minute)
    if not close_ns:
        return named, ""
    shown = local(close_ns)
    same = (shown.hour, shown.minute) == (hour % 24, minute) and abs(close_ns - named) <= 3_600 * SECOND
    return close_ns, "" if same else "ticker and closing time name different hours"


def _ticker_strike(market: Market) -> Bounds | None:
    """The strike of a threshold ladder by its ticker, where the fields are not there."""
    m = _TICKER_STRIKE.search(market.ticker)
    strike = number(m[1]) if m is not None else None
    if strike is None or not market.series.endswith("D") or market.strike_type:
        return None
    return half_line(">", strike)


def _by_fields(market: Market, asset: str) -> Told | None:
    """A market whose feed states its family: Polymarket.com and Polymarket US."""
    custom = dict(market.custom)
    kind = custom["family"]
    told = Told(asset, "price", instant_ns=market.close_ns)
    if index := custom.get("index"):
        told.source, told.window_s = f"CF Benchmarks {index}", _MEAN_S
        told.digits = custom.get("round_digits", "")
        _heed_rules(market.rules, told)
    else:
        told.source, told.window_s = _settles(custom.get("settles", ""))
    if kind == "updown":
        tie = "tie 50-50" if custom.get("horizon") == "1d" else "tie up"
        told.kind, told.scope, told.beat, told.void = (
            "up or down",
            custom.get("horizon", ""),
            market.floor,
            tie,
        )
        return told
    if kind == "touch":
        return _touch(market, told)
    told.limits = by_fields(market)
    if told.limits is None:
        told.doubt = "no strike is stated"
    return told


def _settles(words: str) -> tuple[str, int]:
    """The source as the feed words it ("binance BTC/USDT 1h", "chainlink btc-usd twap60"), and its window."""
    head, _, twap = words.partition(" twap")
    if twap.isascii() and twap.isdigit() and len(twap) < 7:
        return head, int(twap)
    return words, 0 if words.startswith("binance") else UNKNOWN_WINDOW


def _touch(market: Market, told: Told) -> Told:
    """Whether a price is touched within a period; which side by the verb."""
    text = fold(market.title)
    when = times(text, Hints(expected_ns=market.expected_ns))
    stated = re.search(r"\d+(?:\.\d+)?", numerals(when.text))
    price = number(stated[0]) if stated else None
    told.kind, told.period, told.confidence = "touch", when.period, 0.8
    if price is not None:
        sign = "<=" if _LOW_TOUCH.search(text) else ">="
        told.limits = half_line(sign, price)
        told.scope = "low" if sign == "<=" else "high"
    return told


def _by_words(market: Market, asset: str, title: str) -> Told | None:
    """A market that only its words describe."""
    if "up or down" in title:
        return None if market.venue == "kalshi" else _window_by_words(market, asset, title)
    told = Told(asset, "price", confidence=0.75)
    if _TOUCH.search(title):
        return _touch(market, told)
    limits, _ = bounds(numerals(times(f"{title} {fold(market.subtitle)}").text))
    told.limits = by_fields(market) or limits
    if told.limits is None or "all time high" in title or "all-time high" in title:
        return None
    told.source, told.window_s = _source_by_rules(market)
    _when_by_words(market, title, told)
    return told


def _window_by_words(market: Market, asset: str, title: str) -> Told:
    told = Told(asset, "up or down", confidence=0.7, void="")
    told.source, told.window_s = _source_by_rules(market)
    _when_by_words(market, title, told)
    m = _CLOCK.search(title)
    if m is not None and told.instant_ns:
        told.scope = _length(m)
        if not m[4]:
            told.instant_ns += 3_600 * SECOND
    told.beat = market.floor
    return told


def _length(m: re.Match[str]) -> str:
    """How long a window of two clock times is; an hour where there is one time only."""
    if not m[4]:
        return "1h"
    minutes = (_minutes(m[4], m[5], m[6]) - _minutes(m[1], m[2], m[3])) % 1_440
    return f"{minutes}m" if minutes < 60 else f"{minutes // 60}h"


def _minutes(hour: str, minute: str | None, half: str) -> int:
    return (int(hour) % 12 + (12 if half == "pm" else 0)) * 60 + int(minute or 0)


def _when_by_words(market: Market, title: str, told: Told) -> None:
    """The day the title names, and the hour that title or rules name."""
    told.period = times(title, Hints(expected_ns=market.close_ns or market.expected_ns)).period
    try:
        day = date.fromisoformat(told.period)
    except ValueError:
        return
    m = _CLOCK.search(title)
    minutes = None
    if m is not None:
        minutes = _minutes(m[4], m[5], m[6]) if m[4] else _minutes(m[1], m[2], m[3])
        if m[4] and minutes < _minutes(m[1], m[2], m[3]):
            day += timedelta(days=1)
    elif _NOON.search(fold(market.rules)):
        minutes = 12 * 60
    if minutes is not None:
        told.instant_ns = wall(day.year, day.month, day.day, minutes // 60, minutes % 60)


def _source_by_rules(market: Market) -> tuple[str, int]:
    rules = market.rules
    pairs = set(_CANDLE.findall(rules))
    if "Binance" in rules and len(pairs) == 1:
        candle = "1h" if "1 hour candle" in rules else "1m" if "1 minute candle" in rules else ""
        return f"binance {pairs.pop()} {candle}".strip(), 0
    if "CF Benchmarks" in rules:
        return "CF Benchmarks", _MEAN_S if re.search(r"sixty seconds|60 seconds", rules) else UNKNOWN_WINDOW
    return "", UNKNOWN_WINDOW


def _step(told: Told) -> int:
    """The grid of the settlement value: the decimals the venue states; an exchange's candle is in cents for BTC, ETH."""
    if told.digits.isascii() and told.digits.isdigit() and len(told.digits) < 3:
        return int(UNDERLYING // 10 ** int(told.digits))
    return _BINANCE_STEP if told.source.startswith("binance") and told.asset in ("BTC", "ETH") else 0


def _day(told: Told) -> str:
    if told.instant_ns and told.kind != "touch":
        return period_of_day(local(told.instant_ns))
    return told.period


def _contract(market: Market, group: EventGroup | None, told: Told) -> TypedContract:
    limits = told.limits or Bounds("is", low=told.beat)
    found = TypedContract(
        market=market.ticker,
        venue=market.venue,
        family="crypto",
        subject=told.asset,
        measure=told.kind,
        scope=told.scope,
        period=_day(told),
        step=_step(told),
        value="up" if told.kind == "up or down" else "",
        unit="$",
        instant_ns=told.instant_ns,
        window_s=told.window_s,
        zone="ET",
        source=told.source,
        rounding=told.digits,
        void=told.void,
        group=market.event,
        series=market.series,
        exclusive=bool(group and group.exclusive),
        binary=told.kind == "up or down",
        opens_ns=market.open_ns,
        doubt=told.doubt,
        confidence=told.confidence,
    )
    return bounded(found, limits)
