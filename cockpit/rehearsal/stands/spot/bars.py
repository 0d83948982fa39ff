"""Minute bars: those of the hours before the stage began, drawn backwards from its first price, and those since.

The drawn path has the asset's own yearly volatility, wandering around its level as the worlds' paths do, and ends at
the first price that was told, so that nothing jumps where drawn bars meet traded ones. The path of a coin is drawn from
its name, its first minute and its first price: every venue's bars are of one path, only their volumes are their own.
"""

import math
from collections import deque
from collections.abc import Iterable
from hashlib import blake2b

import msgspec
import numpy as np

from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.path import VOL_SD, YEAR_S
from cockpit.rehearsal.profiles import CRYPTO

MINUTE_S = 60
KEPT = 1_440
DRAWN = 1_200
"""Twenty hours."""
_STEPS = 12
_VOL = {asset.symbol: asset.vol for asset in CRYPTO.assets}
_OTHER_VOL = 0.7
_VOL_KEEP = math.exp(-1.0 / 120.0)
"""Of the volatility's distance from its level, from one minute to the next: two hours' memory."""
_QUIET = 0.008
"""Share of minutes without a trade."""
_TURNOVER = 120_000.0
"""Mean dollars a minute."""
_TICKET = 900
"""Dollars of a trade, about."""


class Bar(msgspec.Struct):
    """A minute: Unix second of its start, prices 1e-8 dollars, volume 1e-8 coins.

    Without trades all prices are the close before.
    """

    start: int
    open: int
    high: int
    low: int
    close: int
    volume: int = 0
    trades: int = 0


def vol_of(coin: str) -> float:
    """A coin's yearly volatility in the rehearsed worlds."""
    return _VOL.get(coin, _OTHER_VOL)


def drawn(coin: str, price: int, minute: int, venue: str, thin: float) -> list[Bar]:
    """The bars before a minute (its Unix second), oldest first, ending at a price.

    Args:
        coin: whose.
        price: where the path ends, 1e-8 dollars.
        minute: the first minute that is not drawn.
        venue: whose volumes.
        thin: share of the usual volume.
    """
    points = _path(coin, price, minute)
    rng = _rng(f"{venue}|{coin}|{minute}")
    dollars = rng.exponential(thin * _TURNOVER, DRAWN).tolist()
    quiet = (rng.random(DRAWN) < _QUIET / thin).tolist()
    quiet[0] = quiet[-1] = False
    made: list[Bar] = []
    for place in range(DRAWN):
        start = minute - (DRAWN - place) * MINUTE_S
        if quiet[place]:
            made.append(_flat(start, made[-1].close))
            continue
        part = [_rounded(each) for each in points[place * _STEPS : (place + 1) * _STEPS + 1]]
        if made:
            part[0] = made[-1].close
        volume = max(1, int(dollars[place] / price * UNDERLYING * UNDERLYING))
        trades = 1 + int(dollars[place]) // _TICKET
        made.append(Bar(start, part[0], max(part), min(part), part[-1], volume, trades))
    return made


def _path(coin: str, price: int, minute: int) -> list[float]:
    """Prices (1e-8 dollars) every few seconds; the last one is the price it ends at."""
    rng = _rng(f"{coin}|{minute}|{price}")
    value, levels = float(rng.standard_normal()) * VOL_SD, []
    for noise in (rng.standard_normal(DRAWN) * VOL_SD * math.sqrt(1.0 - _VOL_KEEP**2)).tolist():
        value = _VOL_KEEP * value + noise
        levels.append(value)
    vol = vol_of(coin) * np.repeat(np.exp(np.array(levels)), _STEPS)
    moves = rng.standard_normal(DRAWN * _STEPS) * vol * math.sqrt(MINUTE_S / _STEPS / YEAR_S)
    path = np.concatenate(([0.0], np.cumsum(moves)))
    points: list[float] = (np.exp(path - path[-1]) * price).tolist()
    return points


def _rng(text: str) -> np.random.Generator:
    seed = int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
    return np.random.default_rng(seed)  # noqa: TID251  a path's own seed enters here


def _rounded(value: float) -> int:
    """A drawn price as an exact one, to a cent; finer below ten dollars."""
    quantum = UNDERLYING // 100 if value >= 10 * UNDERLYING else UNDERLYING // 10_000
    return max(quantum, round(value / quantum) * quantum)


def _flat(start: int, price: int) -> Bar:
    return Bar(start, price, price, price, price)


class Bars:
    """One coin's bars at one venue. ``thin`` is its share of the usual volume."""

    def __init__(self, coin: str, venue: str, thin: float = 1.0) -> None:
        self._coin = coin
        self._venue = venue
        self._thin = thin
        self._bars: deque[Bar] = deque(maxlen=KEPT)
        self._day: Bar | None = None
        self._day_minute = 0

    def anchor(self, price: int, ts: int) -> None:
        """The first price anyone told (1e-8 dollars, ns UTC): what was before it is drawn."""
        if not self._bars:
            minute = ts // SECOND // MINUTE_S * MINUTE_S
            self._bars.extend(drawn(self._coin, price, minute, self._venue, self._thin))

    def trade(self, price: int, size: int, ts: int) -> None:
        """A trade."""
        self.anchor(price, ts)
        self.pass_(ts)
        bar = self._bars[-1]
        bar.high, bar.low = max(bar.high, price), min(bar.low, price)
        if not bar.trades:
            bar.open = bar.high = bar.low = price
        bar.close = price
        bar.volume += size
        bar.trades += 1

    def pass_(self, ts: int) -> None:
        """Time has passed (ns UTC): begin the minutes up to it."""
        minute = ts // SECOND // MINUTE_S * MINUTE_S
        while self._bars and self._bars[-1].start < minute:
            last = self._bars[-1]
            self._bars.append(_flat(last.start + MINUTE_S, last.close))

    def upto(self, ts: int) -> list[Bar]:
        """All of them, the last one running."""
        self.pass_(ts)
        return list(self._bars)

    def day(self, ts: int) -> Bar:
        """The last day in one; all zeros while there is no price. The minutes that are over are added up once each."""
        self.pass_(ts)
        if not self._bars:
            return _flat(0, 0)
        running = self._bars[-1]
        if self._day is None or self._day_minute != running.start:
            past = list(self._bars)[:-1] or [running]
            self._day, self._day_minute = joined(past, past[0].start), running.start
        return joined([self._day, running], self._day.start)


def joined(bars: list[Bar], start: int) -> Bar:
    """Several bars as one."""
    return Bar(
        start,
        bars[0].open,
        max(bar.high for bar in bars),
        min(bar.low for bar in bars),
        bars[-1].close,
        sum(bar.volume for bar in bars),
        sum(bar.trades for bar in bars),
    )


def widened(bars: Iterable[Bar], width: int) -> list[Bar]:
    """Minute bars as bars of so many seconds, on whole multiples of them."""
    if width == MINUTE_S:
        return list(bars)
    groups: dict[int, list[Bar]] = {}
    for bar in bars:
        groups.setdefault(bar.start - bar.start % width, []).append(bar)
    return [joined(group, start) for start, group in groups.items()]
