"""Crypto market families by their slugs, and the strikes their words state without doubt.

Source: slugs and questions of recorded events, 2026. A ladder's strike stands in the question ("Bitcoin above 87,600
on ...") and again in the market's short title ("87,600"); where the two disagree, or the words are of no known form,
there is no strike. What a family settles on differs from family to family, and from every other venue: it is carried
as words beside the strike, so that nobody prices one by another.
"""

import re
from collections import Counter
from decimal import Decimal

import msgspec

from cockpit.domain.units import UNDERLYING_DIGITS
from cockpit.feeds.census import tally
from cockpit.feeds.exact import nearest

COINS = {
    "bitcoin": "BTC",
    "btc": "BTC",
    "ethereum": "ETH",
    "eth": "ETH",
    "solana": "SOL",
    "sol": "SOL",
    "xrp": "XRP",
    "dogecoin": "DOGE",
    "doge": "DOGE",
    "bnb": "BNB",
    "hyperliquid": "HYPE",
    "hype": "HYPE",
    "zcash": "ZEC",
    "zec": "ZEC",
}
"""How slugs name coins."""

_COIN = f"({'|'.join(sorted(COINS, key=len, reverse=True))})"
_SLUGS = (
    ("updown", re.compile(rf"{_COIN}-updown-(\d+[mhd])-\d+")),
    ("updown", re.compile(rf"{_COIN}-up-or-down-.+")),
    ("above", re.compile(rf"{_COIN}-above-.+")),
    ("range", re.compile(rf"{_COIN}-price-on-.+")),
    ("touch", re.compile(rf"what-price-will-{_COIN}-hit-.+")),
)
_HOUR = re.compile(r".*-\d{1,2}(am|pm)-et(-\d+)?")

_AMOUNT = r"\$?((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?[kKmM]?)"
_AMOUNTS = re.compile(_AMOUNT)
_ABOVE = re.compile(rf"\babove {_AMOUNT} on\b")
_BETWEEN = re.compile(rf"\bbetween {_AMOUNT} and {_AMOUNT} on\b")
_LESS = re.compile(rf"\b(?:less than|below) {_AMOUNT} on\b")
_MORE = re.compile(rf"\b(?:greater than|more than|above) {_AMOUNT} on\b")
_PAIR = re.compile(rf"{_AMOUNT} ?[-–] ?{_AMOUNT}")
_SCALES = {"k": 1_000, "m": 1_000_000}

_CHAINLINK = re.compile(r"https://data\.chain\.link/streams/([a-z0-9-]+)")
_BINANCE = re.compile(r"\b([A-Z]{2,6}/USDT)\b")
_CANDLE = re.compile(r"\b1 (hour|minute) candle|\"1(h|m)\"")


class Family(msgspec.Struct, frozen=True):
    """What a crypto event's slug says."""

    asset: str
    kind: str
    """updown, above, range or touch."""
    horizon: str
    """5m, 15m, 4h, 1h, 1d; empty for a touch."""


class Strike(msgspec.Struct, frozen=True):
    """When a market pays YES; strikes in 1e-8."""

    kind: str = ""
    floor: int | None = None
    cap: int | None = None


def family(slug: str) -> Family | None:
    """The family of an event by its slug; None for anything else."""
    for kind, pattern in _SLUGS:
        match = pattern.fullmatch(slug)
        if match is not None:
            asset = COINS[match.group(1)]
            if kind == "touch":
                return Family(asset, kind, "")
            if pattern.groups > 1:
                return Family(asset, kind, match.group(2))
            return Family(asset, kind, "1h" if _HOUR.fullmatch(slug) else "1d")
    return None


def amount(text: str) -> int | None:
    """Dollars as people write them ("87,600", "$70K", "1.5") in 1e-8; None for anything else."""
    match = _AMOUNTS.fullmatch(text.strip())
    return _units(match.group(1)) if match is not None else None


def _units(text: str) -> int:
    scale = _SCALES.get(text[-1:].lower(), 1)
    digits = text.rstrip("kKmM").replace(",", "")
    return nearest(Decimal(digits) * scale, UNDERLYING_DIGITS)


def strike(
    found: Family | None, question: str, short: str, to_beat: Decimal | None, census: Counter[str]
) -> Strike:
    """The strike a market's words state; an empty one where there is a doubt, which is counted.

    Args:
        found: the event's family.
        question: the market's question.
        short: its title within the event.
        to_beat: an up/down window's opening price. A tie pays Up, except over a day, where it pays half.
        census: counts doubts.
    """
    if found is None or found.kind == "touch":
        return Strike()
    if found.kind == "updown":
        if to_beat is None or found.horizon == "1d":
            return Strike()
        return Strike("greater_or_equal", floor=nearest(to_beat, UNDERLYING_DIGITS))
    stated = _above(question) if found.kind == "above" else _range(question)
    if stated is None or not _agrees(stated, short):
        tally(census, "strike", "in doubt")
        return Strike()
    return stated


def _above(question: str) -> Strike | None:
    match = _ABOVE.search(question)
    return Strike("greater", floor=_units(match.group(1))) if match is not None else None


def _range(question: str) -> Strike | None:
    match = _BETWEEN.search(question)
    if match is not None:
        low, high = _units(match.group(1)), _units(match.group(2))
        return Strike("between", floor=low, cap=high) if low < high else None
    match = _LESS.search(question)
    if match is not None:
        return Strike("less", cap=_units(match.group(1)))
    match = _MORE.search(question)
    return Strike("greater", floor=_units(match.group(1))) if match is not None else None


def _agrees(stated: Strike, short: str) -> bool:
    """Whether the short title, where it is a number or a pair of them, says the same."""
    text = short.strip().lstrip("<>≤≥↑↓ ")
    pair = _PAIR.fullmatch(text)
    if pair is not None:
        return (stated.floor, stated.cap) == (_units(pair.group(1)), _units(pair.group(2)))
    value = amount(text)
    return value is None or value in (stated.floor, stated.cap)


def settles_on(source: str, rules: str, lookback: int) -> str:
    """What a market's number is, in words ("binance BTC/USDT 1h", "chainlink btc-usd twap60"); empty if not plain.

    Args:
        source: the market's resolution source.
        rules: its description.
        lookback: seconds the stream is averaged over, 0 for none.
    """
    stream = _CHAINLINK.search(source) or _CHAINLINK.search(rules)
    if stream is not None:
        return f"chainlink {stream.group(1)}" + (f" twap{lookback}" if lookback else "")
    pairs = set(_BINANCE.findall(rules))
    if "Binance" not in rules or len(pairs) != 1:
        return ""
    candle = {(hour or short)[0] for hour, short in _CANDLE.findall(rules)}
    return f"binance {pairs.pop()}" + (f" 1{candle.pop()}" if len(candle) == 1 else "")
