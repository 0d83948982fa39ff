"""What Kalshi's crypto markets are about: asset, family, strikes and times, for markets elsewhere on the same thing."""

import re
from datetime import UTC, datetime

import msgspec

from cockpit.domain.units import PRICE, SECOND, UNDERLYING, UNDERLYING_DIGITS, decimal
from cockpit.domain.units import price as price_of
from cockpit.rehearsal.stands.polymarket.reader import Record, units

UPDOWN, ABOVE, RANGE = "updown", "above", "range"
QUARTER_NS = 900 * SECOND
_TICKER = re.compile(r"KX(BTC|ETH|SOL)(15M|D|E|)-")
_FAMILIES = {"15M": UPDOWN, "D": ABOVE, "E": RANGE, "": RANGE}
_CENT = UNDERLYING // 100


class Terms(msgspec.Struct, frozen=True):
    """A market's terms. ``low`` and ``high`` (1e-8 dollars) are the settlement values that pay, both included.

    Of an up/down market ``low`` is the price to beat, None until it is known. Times are ns UTC.
    """

    ticker: str
    asset: str
    family: str
    low: int | None
    high: int | None
    open_ns: int
    close_ns: int


def family_of(ticker: str) -> tuple[str, str]:
    """Asset and family of a ticker; ("", "") where it is none of crypto's."""
    match = _TICKER.match(ticker)
    return (match[1], _FAMILIES[match[2]]) if match is not None else ("", "")


def terms_of(record: Record) -> Terms | None:
    """A record's terms; None for a market that is none of crypto's, or whose times cannot be read."""
    asset, family = family_of(record.ticker)
    if not family:
        return None
    try:
        opens, closes = ns_of(record.open_time), ns_of(record.close_time)
        low, high = units(record.floor_strike), units(record.cap_strike)
    except ValueError:
        return None
    if record.strike_type == "greater" and low is not None:
        low += _CENT
    if record.strike_type == "less" and high is not None:
        high -= _CENT
    return Terms(record.ticker, asset, family, low, high, opens, closes)


def paid(record: Record) -> int | None:
    """What YES is paid, price units; None while that is not known."""
    if record.settlement_value_dollars:
        try:
            return price_of(record.settlement_value_dollars)
        except ValueError:
            return None
    return {"yes": PRICE, "no": 0}.get(record.result)


def ns_of(text: str) -> int:
    """RFC 3339 text as ns UTC, to the microsecond; raises ValueError."""
    moment = datetime.fromisoformat(text)
    seconds = int(moment.replace(microsecond=0, tzinfo=moment.tzinfo or UTC).timestamp())
    return seconds * SECOND + moment.microsecond * 1_000


def iso(ts: int) -> str:
    """A moment (ns UTC) as RFC 3339, whole seconds."""
    return f"{datetime.fromtimestamp(ts // SECOND, UTC):%Y-%m-%dT%H:%M:%SZ}"


def amount(value: int, places: int | None = None) -> str:
    """A strike (1e-8) as text, with at least so many decimals."""
    return decimal(value, UNDERLYING_DIGITS, places)


def grouped(value: int) -> str:
    """A strike as people write it: thousands apart, cents only where there are any."""
    whole, _, part = decimal(value, UNDERLYING_DIGITS).partition(".")
    return f"{int(whole):,}" + (f".{part.ljust(2, '0')}" if part else "")
