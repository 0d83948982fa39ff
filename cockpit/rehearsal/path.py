"""The underlying of the rehearsal world: a seeded path per asset, its index prints, and what each exchange shows.

dS/S = s dW + J: the log volatility log(s) is an Ornstein-Uhlenbeck deviation around the asset's own level, jumps are
rare and small, and the Brownian parts of all assets share one factor. The index is the path itself, rounded to the
index's digits, printed on every whole second; each exchange trades around it with a basis of its own.
"""

import math

import msgspec
import numpy as np
import numpy.typing as npt

from cockpit.domain.units import SECOND, UNDERLYING

STEP_NS = 100_000_000
YEAR_S = 31_536_000.0
"""365 days; crypto trades through the week."""
COMMON = 0.75
"""Correlation of every two assets' Brownian parts."""
VOL_PULL = 1.0 / 900.0
VOL_SD = 0.15
JUMPS_PER_S = 1.0 / 240.0
BASIS_PULL = 1.0 / 60.0

Floats = npt.NDArray[np.float64]


class Asset(msgspec.Struct, frozen=True):
    """One underlying: start price in dollars, yearly volatility, index name and decimals, exchange symbols."""

    symbol: str
    index: str
    price: float
    vol: float
    digits: int
    coinbase: str
    kraken: str
    basis: float = 0.3e-4
    """Standard deviation of an exchange's relative distance from the index."""
    jump: float = 2.0e-4
    """Standard deviation of a jump's relative size."""


class Path:
    """One asset's true path in steps of 100 ms from ``start`` (ns UTC); all arrays share that clock."""

    def __init__(self, asset: Asset, start: int, log_price: Floats, vol: Floats, bases: Floats) -> None:
        self.asset = asset
        self.start = start
        self.vol: list[float] = vol.tolist()
        self.price: list[float] = np.exp(log_price).tolist()
        self.bases: list[list[float]] = bases.tolist()
        self._per_dollar = 10.0**asset.digits
        self._quantum = UNDERLYING // round(self._per_dollar)
        self.prints = [self._print(value) for value in self.price[:: SECOND // STEP_NS]]
        """The index on whole seconds from ``start``, 1e-8 dollars."""
        self._sums = [0]
        for value in self.prints:
            self._sums.append(self._sums[-1] + value)

    def at(self, ts: int) -> float:
        """The true price, in dollars."""
        return self.price[(ts - self.start) // STEP_NS]

    def on(self, exchange: int, ts: int) -> float:
        """The mid price of an exchange, in dollars."""
        step = (ts - self.start) // STEP_NS
        return self.price[step] * (1.0 + self.bases[exchange][step])

    def vol_at(self, ts: int) -> float:
        """The yearly volatility now, jumps included."""
        now = self.vol[(ts - self.start) // STEP_NS]
        return math.sqrt(now * now + JUMPS_PER_S * YEAR_S * self.asset.jump**2)

    def index(self, ts: int) -> int:
        """The index print of a whole second, 1e-8 dollars."""
        return self.prints[(ts - self.start) // SECOND]

    def window(self, first: int, last: int) -> tuple[int, int]:
        """Sum and count of the prints stamped ``first`` to ``last``, both included (ns, whole seconds)."""
        low = max(0, -(-(first - self.start) // SECOND))
        high = (last - self.start) // SECOND + 1
        return self._sums[high] - self._sums[low], high - low

    def settlement(self, close: int) -> int:
        """The mean of the 60 prints in (close - 60 s, close], rounded half up to cents; 1e-8 dollars.

        Source: the venue's settlement rules (mean of 60 one-second prints, two decimals); the direction of the half cent is ours.
        """
        total, count = self.window(close - 59 * SECOND, close)
        cent = UNDERLYING // 100
        return (2 * total + count * cent) // (2 * count * cent) * cent

    def _print(self, value: float) -> int:
        return round(value * self._per_dollar) * self._quantum


def paths(assets: tuple[Asset, ...], start: int, end: int, rng: np.random.Generator) -> dict[str, Path]:
    """A path for every asset over [start, end] (ns UTC, whole seconds)."""
    steps = (end - start) // STEP_NS + 2
    common = rng.standard_normal(steps)
    return {asset.symbol: _path(asset, start, steps, common, rng) for asset in assets}


def _path(asset: Asset, start: int, steps: int, common: Floats, rng: np.random.Generator) -> Path:
    dt = STEP_NS / SECOND
    vol = asset.vol * np.exp(pulled(steps, VOL_PULL, VOL_SD, rng))
    own = rng.standard_normal(steps)
    shocks = math.sqrt(COMMON) * common + math.sqrt(1.0 - COMMON) * own
    jumps = (rng.random(steps) < JUMPS_PER_S * dt) * rng.standard_normal(steps) * asset.jump
    moves = vol * math.sqrt(dt / YEAR_S) * (shocks - 0.5 * vol * math.sqrt(dt / YEAR_S)) + jumps
    moves[0] = 0.0
    bases = np.stack([pulled(steps, BASIS_PULL, asset.basis, rng) for _ in range(2)])
    return Path(asset, start, math.log(asset.price) + np.cumsum(moves), vol, bases)


def pulled(steps: int, pull: float, sd: float, rng: np.random.Generator) -> Floats:
    """An Ornstein-Uhlenbeck path around 0, started in its stationary law."""
    keep = math.exp(-pull * STEP_NS / SECOND)
    noise = rng.standard_normal(steps) * (sd * math.sqrt(1.0 - keep * keep))
    value = float(rng.standard_normal()) * sd
    values = [value := keep * value + step for step in noise.tolist()]
    return np.array(values)
