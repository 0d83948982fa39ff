"""What Kalshi's crypto markets are about, for markets elsewhere that follow them."""

import re

from cockpit.domain.units import PRICE, UNDERLYING
from cockpit.domain.units import price as price_of
from cockpit.rehearsal.polymarket.terms import ABOVE, RANGE, UPDOWN, Terms, ns_of
from cockpit.rehearsal.stands.polymarket.reader import Record, units

_TICKER = re.compile(r"KX(BTC|ETH|SOL)(15M|D|E|)-")
_FAMILIES = {"15M": UPDOWN, "D": ABOVE, "E": RANGE, "": RANGE}
_CENT = UNDERLYING // 100


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
