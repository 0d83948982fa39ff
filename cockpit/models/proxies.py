"""The spot exchanges that stand in for a settlement index: how far each is from it, and which to believe.

While the index speaks, each proxy's relative distance from it (its basis) is learned: a weighted mean and spread, shrunk
to the asset's prior. When the index is silent, the proxy with the least error of basis and age speaks for it, unless it
is far from the others.
"""

import math
import statistics

import msgspec

from cockpit.domain.units import SECOND
from cockpit.models.assets import Asset
from cockpit.models.digitals import YEAR_S

FRESH_NS = 30 * SECOND
"""An older proxy is not used while a fresher one speaks."""
PAIRED_NS = 2 * SECOND
"""A price this old is no measure of the distance from an index print."""
OUTLIER_SIGMA = 5.0
"""A proxy this many standard deviations from the median of the fresh ones is ignored."""
HALF_LIFE_S = 120.0
"""Half-life of what is learned of a basis."""
FORGET_S = 1800.0
"""Half-life of it once the index is silent."""
SPREAD_PRIOR = 20.0
"""Prints the prior spread of the basis is worth."""
MEAN_PRIOR = 3.0
"""Prints the prior mean of the basis, zero, is worth."""
MARKS = 30
"""Whole seconds of a proxy that are kept to be compared with index prints; polled ones come a quarter minute late."""


class Basis(msgspec.Struct):
    """How far the index is from one proxy, relative to the price: weighted mean and square, and their weight."""

    mean: float = 0.0
    square: float = 0.0
    weight: float = 0.0
    ts: int = 0

    def learn(self, ts: int, distance: float) -> None:
        """Take index / proxy - 1 as of ``ts``."""
        keep = 0.5 ** ((ts - self.ts) / SECOND / HALF_LIFE_S) if self.weight else 0.0
        total = keep * self.weight + 1.0
        step = 1.0 / total
        before = self.mean
        self.mean += step * (distance - before)
        self.square += step * ((distance - before) * (distance - self.mean) - self.square)
        self.weight, self.ts = total, ts

    def guess(self, now: int, prior_sd: float) -> tuple[float, float]:
        """Mean and standard deviation of the relative distance now, shrunk to the prior as it ages."""
        weight = self.weight * 0.5 ** ((now - self.ts) / SECOND / FORGET_S)
        variance = (weight * self.square + SPREAD_PRIOR * prior_sd**2) / (weight + SPREAD_PRIOR)
        trust = weight / (weight + MEAN_PRIOR)
        return self.mean * trust, math.sqrt(variance + ((1.0 - trust) * prior_sd) ** 2)


class Proxy(msgspec.Struct):
    """A spot exchange's last word on the underlying."""

    price: float = 0.0
    ts: int = 0
    basis: Basis = msgspec.field(default_factory=Basis)
    marks: list[tuple[int, float]] = []
    """(whole second, price then) of the last seconds, oldest first: what index prints are compared with."""

    def mark(self, second: int) -> None:
        """Note the price as of a whole second, unless it is too old to be the price then."""
        if second * SECOND - self.ts <= PAIRED_NS:
            self.marks.append((second, self.price))
            if len(self.marks) > MARKS:
                del self.marks[0]

    def at(self, second: int) -> float:
        """The price noted for a whole second, 0 where none was."""
        return next((price for when, price in reversed(self.marks) if when == second), 0.0)


class StandIn(msgspec.Struct, frozen=True, gc=False):
    """A proxy's price corrected by its basis, in dollars."""

    key: str
    price: float
    factor: float
    """What the proxy's own price was multiplied by."""
    age_ns: int
    error: float
    """Standard error of the basis."""
    doubt: float
    """Standard error of basis and age together."""


def voices(asset: Asset, proxies: dict[str, Proxy], now: int) -> list[StandIn]:
    """Each proxy that has spoken, corrected, in the asset's order."""
    out = []
    for key in asset.proxies:
        proxy = proxies.get(key)
        if proxy is None:
            continue
        mean, sd = proxy.basis.guess(now, asset.basis_sd)
        age = max(0, now - proxy.ts)
        price = proxy.price * (1.0 + mean)
        drift = asset.vol_prior * math.sqrt(age / SECOND / YEAR_S)
        out.append(StandIn(key, price, 1.0 + mean, age, price * sd, price * math.hypot(sd, drift)))
    return out


def stand_in(heard: list[StandIn], anchor: float | None) -> StandIn | None:
    """Whom to believe: of those near the median of the fresh ones, the one with the least error.

    Args:
        heard: from `voices`.
        anchor: a recent price of our own, which helps the median to tell which of two is wrong.

    Returns:
        The choice, its error no less than its distance from the median; None when nobody has spoken.
    """
    fresh = [each for each in heard if each.age_ns <= FRESH_NS] or sorted(heard, key=_age)[:1]
    if len(fresh) < 2:
        return fresh[0] if fresh else None
    prices = [each.price for each in fresh]
    middle = statistics.median(prices if anchor is None else [*prices, anchor])
    near = [each for each in fresh if abs(each.price - middle) <= OUTLIER_SIGMA * each.doubt]
    best = min(near or fresh, key=_doubt)
    return msgspec.structs.replace(best, error=max(best.error, abs(best.price - middle)))


def _age(voice: StandIn) -> int:
    return voice.age_ns


def _doubt(voice: StandIn) -> float:
    return voice.doubt
