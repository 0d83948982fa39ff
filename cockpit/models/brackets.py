"""Brackets, thresholds and up/down contracts on one settlement value: a whole ladder priced jointly, with bands.

The settlement value A has mean M and standard deviation D (`Outlook`); it is taken as lognormal with these two moments
(Levy 1992), or as the fat-tailed law of the same shape: P(A < K) = F(z), z = (ln(K/M) + v^2/2) / v, v^2 = ln(1 + D^2/M^2).
Each distinct edge is priced once, so brackets that tile sum to one and thresholds fall as the strike rises.

How wrong a probability may be, for a bracket [a, b) with densities f at its edges:

- a shift of M by e moves it by e (f_a - f_b) / D, and to second order by e^2 (z_a f_a - z_b f_b) / 2 D^2: this is what
  an index-minus-proxy error and an old spot do, and it is largest at the money;
- a relative error s of the volatility moves it by s (z_a f_a - z_b f_b), times the share of the variance that is
  diffusion: nothing at the money, most one to two deviations out;
- an error k of the law's excess kurtosis moves it by k/24 times the difference of z (3 - z^2) f: at half a deviation
  and beyond two, with opposite signs;
- a residual in probability covers what the model leaves out, so that a contract at 99 % has a band too.

They add in quadrature to a standard error; the band is `BAND` of them to either side.
"""

import math
from collections.abc import Sequence
from math import inf, log, sqrt

import msgspec

from cockpit.domain.markets import Market
from cockpit.domain.units import UNDERLYING, UNDERLYING_DIGITS, decimal
from cockpit.models.assets import Asset, by_index, by_series
from cockpit.models.fair import BAND, Fair, Outlook
from cockpit.models.tails import LAWS, Edge

_LEAST_SPREAD = 1e-12
_DEEP = -1e9
"""Where an edge at or below zero lies, in standard deviations."""
BOTTOM: Edge = (0.0, 0.0, 0.0, 0.0)
TOP: Edge = (1.0, 0.0, 0.0, 0.0)
CAUSES = {
    "index": "index_error",
    "age": "age_error",
    "volatility": "vol_error",
    "tail": "tail_error",
    "model": "residual",
}
"""What makes a band, in words, and the field of `Outlook` that holds its size."""


class Contract(msgspec.Struct, frozen=True):
    """What one market pays on: settlement values in dollars, before rounding; ``low`` included, ``high`` not."""

    asset: str
    low: float
    high: float
    close_ns: int


def contract(market: Market) -> Contract | None:
    """What a market pays on; None for series that are not crypto, and while a strike or the close is not known.

    The venue rounds the mean before it compares (Kalshi: "rounded to 2 decimals", or what ``round_digits`` says), so
    an edge lies half a unit of rounding from the strike, towards the values that round to it.
    """
    asset = by_series(market.series or market.ticker.partition("-")[0]) or _by_terms(market)
    bounds = _bounds(market, asset) if asset and market.close_ns else None
    if asset is None or bounds is None:
        return None
    low, high = bounds
    return Contract(asset.symbol, low, high, market.close_ns)


def _by_terms(market: Market) -> Asset | None:
    """The underlying of a Polymarket US market, whose terms name index and family.

    Its settlement is the same mean of sixty prints of the same index (the venue's rulebook); Polymarket.com's is not.
    """
    custom = dict(market.custom)
    if market.venue != "polymarket_us" or custom.get("family") not in _US_FAMILIES:
        return None
    return by_index(custom.get("index", ""))


def _bounds(market: Market, asset: Asset) -> tuple[float, float] | None:
    floor, cap = market.floor, market.cap
    half = UNDERLYING // (2 * 10 ** _digits(market, asset))
    match market.strike_type:
        case "greater" if floor is not None:
            return (floor + half) / UNDERLYING, inf
        case "greater_or_equal" if floor is not None:
            return (floor - half) / UNDERLYING, inf
        case "less" if cap is not None:
            return -inf, (cap - half) / UNDERLYING
        case "less_or_equal" if cap is not None:
            return -inf, (cap + half) / UNDERLYING
        case "between" if floor is not None and cap is not None:
            return (floor - half) / UNDERLYING, (cap + half) / UNDERLYING
        case _:
            return None


def _digits(market: Market, asset: Asset) -> int:
    """Decimals the mean is rounded to: as the market says, else as the X.99 strikes of a ladder show, else the asset's."""
    for name, value in market.custom:
        if name == "round_digits" and value in _PLACES:
            return int(value)
    shown = 0
    for strike in (market.floor, market.cap):
        text = decimal(strike, UNDERLYING_DIGITS) if strike is not None else ""
        if text.endswith("99") and not market.strike_type.endswith("_or_equal"):
            shown = max(shown, len(text.partition(".")[2]))
    return min(shown, UNDERLYING_DIGITS - 1) or asset.digits


_US_FAMILIES = frozenset(("updown", "above", "range"))
_PLACES = frozenset(str(places) for places in range(UNDERLYING_DIGITS))


def price(outlook: Outlook, contracts: Sequence[Contract]) -> list[Fair]:
    """Fair values of contracts that settle on this outlook, in order.

    Where a contract begins at the edge the one before it ended at, as in a sorted ladder, that edge is priced once. One
    loop on purpose: this runs for every live ladder on every beat.
    """
    centre, v = _log_law(outlook)
    law, steep = LAWS[outlook.tail], 1.0 / v
    shift, scale, bend, floor = _variances(outlook)
    last, up_to, f_high, g_high, h_high = -inf, *BOTTOM
    fairs: list[Fair] = []
    add = fairs.append
    for each in contracts:
        level = each.low
        if level == last:
            below, f, g, h = up_to, f_high, g_high, h_high
        elif level == -inf:
            below, f, g, h = BOTTOM
        else:
            below, f, g, h = law((log(level) - centre) * steep if level > 0.0 else _DEEP)
        last = each.high
        if last == inf:
            up_to, f_high, g_high, h_high = TOP
        else:
            up_to, f_high, g_high, h_high = law((log(last) - centre) * steep if last > 0.0 else _DEEP)
        mid = up_to - below
        if not 0.0 <= mid <= 1.0:
            mid = 0.0 if mid < 0.0 else 1.0
        f -= f_high
        g -= g_high
        h -= h_high
        error = sqrt(f * f * shift + g * g * scale + h * h * bend + floor)
        half = BAND * error
        add(
            Fair(
                mid - half if mid > half else 0.0,
                mid,
                mid + half if mid + half < 1.0 else 1.0,
                error,
                outlook,
            )
        )
    return fairs


def _log_law(outlook: Outlook) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of the lognormal with the outlook's two moments."""
    v2 = math.log1p((outlook.sd / outlook.mean) ** 2)
    return log(outlook.mean) - 0.5 * v2, max(sqrt(v2), _LEAST_SPREAD)


def _variances(outlook: Outlook) -> tuple[float, float, float, float]:
    """What multiplies the squares of an edge's f, z f and z (3 - z^2) f in the error variance, and what is added.

    The second meets both the volatility's error, on the diffusive share of the variance, and the square of the shift:
    of a normal shift with variance e^2, half e^4.
    """
    total = max(outlook.sd**2, (_LEAST_SPREAD * outlook.mean) ** 2)
    shift = (outlook.index_error**2 + outlook.age_error**2) / total
    diffusive = max(0.0, 1.0 - outlook.index_error**2 / total)
    scale = (outlook.vol_error * diffusive) ** 2 + 0.5 * shift * shift
    return shift, scale, (outlook.tail_error / 24.0) ** 2, outlook.residual**2


def explain(fair: Fair, contract: Contract) -> tuple[tuple[str, float], ...]:
    """How a fair value came about, as (name, number) pairs in reading order; probabilities are of 1.

    ``z low`` and ``z high`` are the edges in standard deviations; the ``band`` numbers are the half-widths each cause
    would give alone, before the band is cut at 0 and 1. Nothing for a game's.
    """
    outlook = fair.settlement
    if outlook is None:
        return ()
    centre, v = _log_law(outlook)
    edges = (("z low", contract.low), ("z high", contract.high))
    plain = price(msgspec.structs.replace(outlook, tail=0), (contract,))[0]
    return (
        ("spot", outlook.spot),
        ("index error", outlook.index_error),
        ("age", outlook.age_s),
        ("sigma", outlook.vol),
        ("sigma error", outlook.vol_error),
        ("seconds", outlook.left_s),
        ("effective seconds", outlook.theta_s),
        ("prints known", float(outlook.known)),
        ("mean", outlook.mean),
        ("sd", outlook.sd),
        *((name, (log(level) - centre) / v) for name, level in edges if 0.0 < level < inf),
        ("P normal", plain.mid),
        (f"P t{outlook.tail}" if outlook.tail else "P", fair.mid),
        *_causes(outlook, contract),
    )


def _causes(outlook: Outlook, contract: Contract) -> list[tuple[str, float]]:
    """The half-width of the band each cause would give alone."""
    centre, v = _log_law(outlook)
    law = LAWS[outlook.tail]
    inner = [
        (sign, level) for sign, level in ((1.0, contract.low), (-1.0, contract.high)) if 0.0 < level < inf
    ]
    edges = [(sign, law((log(level) - centre) / v)) for sign, level in inner]
    f, g, h = (sum(sign * edge[part] for sign, edge in edges) for part in (1, 2, 3))
    none = msgspec.structs.replace(outlook, **dict.fromkeys(CAUSES.values(), 0.0))
    out = []
    for name, field in CAUSES.items():
        alone = msgspec.structs.replace(none, **{field: getattr(outlook, field)})
        shift, scale, bend, floor = _variances(alone)
        out.append((f"band {name}", BAND * sqrt(f * f * shift + g * g * scale + h * h * bend + floor)))
    return out
