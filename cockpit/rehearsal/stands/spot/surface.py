"""Option prices out of thin air: a few expiries around the money, from a coin's volatility in the rehearsed worlds.

The level rises a little with time, low strikes cost more than high ones, and both ends more than the middle. Prices are
Black's (1976), undiscounted, in the coin where options settle in it, else in dollars.
"""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from cockpit.domain.units import MILLISECOND, SECOND, UNDERLYING
from cockpit.rehearsal.path import YEAR_S
from cockpit.rehearsal.stands.spot.bars import vol_of

HOUR = 8
"""All options expire at 08:00 UTC."""
COIN_SETTLED = ("BTC", "ETH")
CURRENCIES = (*COIN_SETTLED, "USDC")
STRIKES = 9
"""To each side of the money."""
_STEPS = (1_000.0, 500.0, 250.0, 100.0, 50.0, 25.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.1)
_APART = 0.012
"""Strikes are about this share of the price apart."""
_SLOPE, _SMILE, _TERM = -0.10, 0.35, 0.04
_HALF_SPREAD = 0.02
_QUANTUM = 10_000.0


def expiries(now: int) -> list[datetime]:
    """The next three days, the next two Fridays, and the end of the month after (``now`` ns UTC)."""
    moment = datetime.fromtimestamp(now // SECOND, UTC)
    today = moment.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    first = today if today > moment else today + timedelta(days=1)
    days = [first + timedelta(days=n) for n in range(45)]
    fridays = [day for day in days if day.weekday() == 4]
    return sorted({*days[:3], *fridays[:2], fridays[-1]})


def level(coin: str, years: float) -> float:
    """At the money, a fraction a year."""
    return vol_of(coin) * (1.0 + _TERM * math.log1p(12.0 * years))


def implied(coin: str, years: float, moneyness: float) -> float:
    """At a strike, whose logarithm over the forward is ``moneyness``."""
    z = moneyness / (vol_of(coin) * math.sqrt(max(years, 1.0 / 365.0)))
    return level(coin, years) * (1.0 + _SLOPE * math.tanh(z) + _SMILE * math.tanh(z / 3.0) ** 2)


def summary(coin: str, price: int, now: int) -> Iterator[dict[str, Any]]:
    """One row per option on a coin that costs ``price`` (1e-8 dollars)."""
    spot = price / UNDERLYING
    apart = next((step for step in _STEPS if step <= _APART * spot * 1.6), _STEPS[-1])
    middle = round(spot / apart)
    for expiry in expiries(now):
        years = (int(expiry.timestamp()) - now / SECOND) / YEAR_S
        day = f"{expiry:%-d%b%y}".upper()
        forward = spot * (1.0 + 0.04 * years)
        for strike in (apart * (middle + n) for n in range(-STRIKES, STRIKES + 1)):
            for call in (True, False):
                yield _row(coin, day, strike, forward, years, now, call=call)


def _row(
    coin: str, day: str, strike: float, forward: float, years: float, now: int, *, call: bool
) -> dict[str, Any]:
    vol = implied(coin, years, math.log(strike / forward))
    unit = forward if coin in COIN_SETTLED else 1.0
    mark = _cut(black(forward, strike, vol * math.sqrt(years), call=call) / unit, unit)
    base = coin if coin in COIN_SETTLED else f"{coin}_USDC"
    half = max(1.0 / _QUANTUM, mark * _HALF_SPREAD)
    return {
        "instrument_name": f"{base}-{day}-{_name(strike)}-{'C' if call else 'P'}",
        "base_currency": coin,
        "quote_currency": coin if coin in COIN_SETTLED else "USDC",
        "underlying_price": round(forward, 4),
        "underlying_index": f"SYN.{base}-{day}",
        "mark_iv": round(100.0 * vol, 2),
        "mark_price": mark,
        "bid_price": _cut(mark - half, unit) if mark > 2.0 * half else None,
        "ask_price": _cut(mark + half, unit),
        "mid_price": mark,
        "last": mark,
        "open_interest": 10.0,
        "volume": 1.0,
        "volume_usd": 0.0,
        "interest_rate": 0.0,
        "estimated_delivery_price": round(forward, 4),
        "creation_timestamp": now // MILLISECOND,
    }


def black(forward: float, strike: float, deviation: float, *, call: bool) -> float:
    """An option's price from the standard deviation of its underlying's logarithm, undiscounted.

    Source: Black, "The pricing of commodity contracts", Journal of Financial Economics 3, 1976.
    """
    first = math.log(forward / strike) / deviation + deviation / 2.0
    sign = 1.0 if call else -1.0
    return sign * (forward * _normal(sign * first) - strike * _normal(sign * (first - deviation)))


def _normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def _cut(value: float, unit: float) -> float:
    """To the venue's tick: 0.0001 of a coin, or of a dollar where options settle in those."""
    return max(0.0, round(value * _QUANTUM) / _QUANTUM) if unit else value


def _name(strike: float) -> str:
    """Strikes in names: a "d" stands for the point."""
    return f"{strike:.0f}" if strike == int(strike) else f"{strike:.4f}".rstrip("0").replace(".", "d")
