"""Listings as the venues' feeds build them, for matching."""

from cockpit.domain.markets import Market
from cockpit.domain.units import SECOND, UNDERLYING, fixed
from cockpit.models.match.dates import wall
from cockpit.models.match.read import read
from cockpit.models.match.relate import compare

BRTI_RULES = (
    "If the simple average of the sixty seconds of CF Benchmarks' Bitcoin Real-Time Index (BRTI) before 5 PM EST is "
    "above 84249.99 at 5 PM EST on Jan 5, 2027, then the market resolves to Yes."
)


def five_pm(day=5, hour=17):
    return wall(2027, 1, day, hour)


def kalshi_btc(strike="84249.99", hour=17, day=5, **terms):
    """A threshold of the hourly ladder."""
    stated = {
        "strike_type": "greater",
        "floor": fixed(strike, 8),
        "title": f"Bitcoin price on Jan {day}, 2027?",
        "subtitle": f"${strike} or above",
        "close_ns": five_pm(day, hour),
        "rules": BRTI_RULES,
        "series": "KXBTCD",
    } | terms
    ticker = f"KXBTCD-27JAN{day:02}{hour:02}-T{strike}"
    return Market(ticker=ticker, venue="kalshi", event=ticker.rpartition("-")[0], **stated)


def us_btc(strike="84250", hour=17, day=5, **terms):
    """A threshold of Polymarket US: the same index, the same minute."""
    custom = {"asset": "BTC", "family": "above", "horizon": "1h", "index": "BRTI", "round_digits": "2"}
    stated = {
        "strike_type": "greater_or_equal",
        "floor": fixed(strike, 8),
        "title": f"Bitcoin above ${strike}?",
        "close_ns": five_pm(day, hour),
        "series": "btc-above-1h",
        "custom": tuple(sorted(custom.items())),
    } | terms
    return Market(ticker=f"btc-above-{strike}-{day}-{hour}", venue="polymarket_us", **stated)


def pm_btc(strike="84250", hour=17, day=5, **terms):
    """A threshold of Polymarket.com: an exchange's candle."""
    custom = {"asset": "BTC", "family": "above", "horizon": "1h", "settles": "binance BTC/USDT 1h"}
    stated = {
        "strike_type": "greater",
        "floor": fixed(strike, 8),
        "title": f"Bitcoin above {strike} on January {day}, 5PM ET?",
        "close_ns": five_pm(day, hour),
        "series": "bitcoin-multi-strikes-hourly",
        "custom": tuple(sorted(custom.items())),
    } | terms
    return Market(ticker=f"0x{strike}{day}{hour}", venue="polymarket", **stated)


def kalshi(title, ticker="KXINVENTED-27", **terms):
    """A Kalshi market by its words."""
    return Market(ticker=ticker, venue="kalshi", series=ticker.partition("-")[0], title=title, **terms)


def pm(title, **terms):
    """A Polymarket market by its words."""
    return Market(ticker="0xabc", venue="polymarket", title=title, **terms)


def related(a, b, group_a=None, group_b=None):
    """How two listings relate."""
    return compare(read(a, group_a), read(b, group_b))


def units(number):
    return int(number * UNDERLYING)


DAY = 86_400 * SECOND
