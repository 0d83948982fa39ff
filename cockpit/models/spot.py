"""Everything known about one underlying: its index, the proxies that stand in for it, and what follows from them.

The settlement index decides, and speaks once a second where a key allows. Spot exchanges speak more often and to
everyone, a few dollars beside it. While both speak, the relative distance of each proxy from the index (its basis) is
learned; when the index is silent, the proxies corrected by their bases stand in for it together
(`cockpit.models.proxies`).
"""

import math

import msgspec

from cockpit.domain.units import SECOND
from cockpit.models.assets import ASSETS
from cockpit.models.digitals import PRINTS, YEAR_S
from cockpit.models.fair import Outlook
from cockpit.models.proxies import (
    FRESH_NS,
    OUTLIER_SIGMA,
    Blend,
    Proxy,
    Source,
    Voice,
    blend,
    diffusion,
    sources,
    voices,
)
from cockpit.models.volatility import Bar, Volatility
from cockpit.models.window import Known, Spot, settle

__all__ = ["Spot", "Underlying"]

INDEX_FRESH_NS = 3 * SECOND
"""An index this old no longer speaks for itself."""
LATEST_NS = 120 * SECOND
"""A source's own clock is believed within this of ours: polled prints come late, no clock is wrong by minutes."""
PRINT_KEEP_S = 120
MISSING_S = 30.0
"""Seconds of diffusion a print nobody saw is taken to differ by."""
SAMPLE_NS = 15 * SECOND
SAMPLE_KEEP = 62
SEED_WAIT_NS = 5 * SECOND
"""How long the best proxy's candles are waited for once another's have come."""
MOST_BARS = 1_000


class Underlying(msgspec.Struct):
    """One asset's index, proxies, volatility and recent past; plain state that encodes and restores exactly.

    Prices are dollars above zero, times ns UTC. ``symbol`` is a key of `cockpit.models.assets.ASSETS`; another raises
    KeyError.
    """

    symbol: str
    index: float = 0.0
    index_ns: int = 0
    """The moment the last print is of: by the index's own clock where that is plausible."""
    index_second: int = 0
    mean_60s: float = 0.0
    """Mean of the last minute's prints as the venue tells it; 0 where it does not."""
    window_mean: float = 0.0
    """Mean of the open settlement window up to ``window_second``, as the venue tells it."""
    window_second: int = 0
    prints: dict[int, float] = {}
    """The index by whole second, over the last two minutes."""
    stand_ins: dict[int, float] = {}
    """What stood in for the index at whole seconds."""
    proxies: dict[str, Proxy] = {}
    mix: dict[str, float] = {}
    """The proxies that stand in for the index, and what their prices are multiplied by before they are added up."""
    level: float = 0.0
    """What that comes to now."""
    chosen: float = 0.0
    """What it came to when it was last chosen."""
    reach: float = 0.0
    """How far ticks may move it until it is chosen anew: farther than that one of several has gone astray; 0 is any."""
    second: int = 0
    """The whole second the books were last made up for."""
    vol: Volatility = msgspec.field(default_factory=Volatility)
    bars: dict[str, list[Bar]] = {}
    """Candles by proxy, kept for a moment until it is known who all has told some."""
    bars_ns: int = 0
    """When the first of them came."""
    samples: list[tuple[int, float]] = []
    """(time, spot) about every 15 s over the last quarter of an hour, oldest first."""

    def __post_init__(self) -> None:
        asset = ASSETS[self.symbol]
        self.vol.prior, self.vol.floor, self.vol.cap = asset.vol_prior, asset.vol_floor, asset.vol_cap

    def tick(self, key: str, ts: int, price: float) -> None:
        """Take a proxy's trade or mid; proxies that are not the asset's are ignored."""
        if ts // SECOND != self.second:
            self._turn(ts)
        proxy = self.proxies.get(key)
        if proxy is None:
            if key not in ASSETS[self.symbol].proxies:
                return
            proxy = self.proxies[key] = Proxy()
        before, proxy.price, proxy.ts = proxy.price, price, ts
        if not self.mix:
            self._choose(ts)
            before = price
        factor = self.mix.get(key)
        if factor is None:
            return
        level = self.level = self.level + factor * (price - before) if self.reach else factor * price
        if ts - self.index_ns > INDEX_FRESH_NS and (
            not self.reach or -self.reach <= level - self.chosen <= self.reach
        ):
            self.vol.add(ts, level)

    def index_tick(
        self, ts: int, ex: int, value: float, mean_60s: float | None = None, window_mean: float | None = None
    ) -> None:
        """Take an index print, live or polled late.

        Args:
            ts: when it was received.
            ex: its own time; 0 where it gave none.
            value: dollars.
            mean_60s: the venue's mean of the last minute's prints.
            window_mean: the venue's mean of the settlement window up to this print, inside one.
        """
        if ts // SECOND != self.second:
            self._turn(ts)
        moment = ex if ex and abs(ts - ex) <= LATEST_NS else ts
        second = moment // SECOND
        self.prints.setdefault(second, value)
        if window_mean is not None:
            self.window_mean, self.window_second = window_mean, second
        if second < self.index_second:
            return
        if second > self.index_second:
            self._learn(ts, second, value)
        self.index, self.index_ns, self.index_second = value, min(moment, ts), second
        if mean_60s is not None:
            self.mean_60s = mean_60s
        if ts - self.index_ns <= INDEX_FRESH_NS or not self.mix:
            self.vol.add(self.index_ns, value)

    def bar(self, key: str, ts: int, bar: Bar) -> None:
        """Take a proxy's candle: volatility hears of it if it tells of a time that was not watched."""
        if ts // SECOND != self.second:
            self._turn(ts)
        if not self.vol.holes or key not in ASSETS[self.symbol].proxies:
            return
        if not self.bars:
            self.bars_ns = ts
        told = self.bars.setdefault(key, [])
        if len(told) < MOST_BARS:
            told.append(bar)

    def imply(self, ts: int, sigma: float, *, expiry_ns: int = 0, tenor_s: float = 30 * 86_400.0) -> None:
        """Take an option-implied yearly volatility: of an expiry, or of an index over a constant tenor."""
        self.vol.imply(ts, sigma, expiry_ns, tenor_s)

    def spot(self, now: int) -> Spot | None:
        """The index now, or what stands in for it; None before anything was heard.

        The index itself while it is fresh; else the proxies; an index that is newer than they are after all.
        """
        name = ASSETS[self.symbol].index
        age = max(0, now - self.index_ns)
        if self.index and age <= INDEX_FRESH_NS:
            return Spot(self.index, name, age, 0.0)
        other = self._blend(now, self._voices(now))
        if other is not None and (not self.index or other.age_ns < age):
            names = list(other.weights)
            who = names[0].partition(" ")[0] if len(names) == 1 else f"mean of {len(names)}"
            return Spot(other.price, f"PROXY {who}", other.age_ns, other.error)
        return Spot(self.index, name, age, 0.0) if self.index else None

    def sources(self, now: int) -> tuple[Source, ...]:
        """What each proxy says, and what it weighs while the index is silent."""
        heard = self._voices(now)
        believed = self._blend(now, heard)
        return sources(heard, believed) if believed is not None else ()

    def outlook(self, now: int, close_ns: int) -> Outlook | None:
        """The law of the settlement mean of a close, as of now; None before anything was heard."""
        spot = self.spot(now)
        if spot is None:
            return None
        vol = self.vol.estimate(now, (close_ns - now) / SECOND)
        return settle(now, close_ns, spot, vol, self._known(now, close_ns, spot, vol.sigma))

    def change(self, now: int, span_ns: int) -> float | None:
        """Logarithmic return over the last ``span_ns``; None where that far back nothing is known."""
        then = now - span_ns
        spot = self.spot(now)
        for ts, price in reversed(self.samples):
            if ts <= then:
                return math.log(spot.price / price) if spot and then - ts <= 2 * SAMPLE_NS else None
        return None

    def _known(self, now: int, close_ns: int, spot: Spot, sigma: float) -> Known:
        """The prints of a window that are out: the index's own, else the venue's mean of them, else stand-ins."""
        close = close_ns // SECOND
        first = close - PRINTS + 1
        last = min(close, self.index_second if spot.source == ASSETS[self.symbol].index else now // SECOND)
        if last < first:
            return Known()
        total, estimated, missing, told = 0.0, 0, 0, first
        if first <= self.window_second <= last:
            told = self.window_second + 1
            total = self.window_mean * (told - first)
        for second in range(told, last + 1):
            value = self.prints.get(second)
            if value is None:
                estimated += 1
                value = self.stand_ins.get(second)
                if value is None:
                    missing += 1
                    value = self.mean_60s or spot.price
            total += value
        unseen = missing * sigma * math.sqrt(MISSING_S / YEAR_S)
        basis = 0.0 if spot.error else estimated * ASSETS[self.symbol].basis_sd
        return Known(last - first + 1, total, estimated, spot.price * math.hypot(unseen, basis))

    def _turn(self, ts: int) -> None:
        """Make up the books of the whole seconds that have ended."""
        second = ts // SECOND
        self._choose(ts)
        if self.mix:
            heard = (max(self.proxies[key].ts for key in self.mix) + FRESH_NS) // SECOND
            for each in range(max(self.second + 1, second - PRINT_KEEP_S), min(second, heard) + 1):
                self.stand_ins[each] = self.level
        for proxy in self.proxies.values():
            proxy.mark(second)
        self.second = second
        if self.bars:
            self._seed(ts)
        if not self.samples or ts - self.samples[-1][0] >= SAMPLE_NS:
            self._remember(ts)

    def _seed(self, ts: int) -> None:
        """Have the volatility take one proxy's candles: the best one's, or after a while the best of those that came."""
        order = ASSETS[self.symbol].proxies
        if next(iter(order)) not in self.bars and ts - self.bars_ns < SEED_WAIT_NS:
            return
        for key in order:
            if key in self.bars and self.vol.seed(self.bars[key]):
                break
        self.bars = {}

    def _remember(self, ts: int) -> None:
        """Note the spot, and forget what is too old."""
        spot = self.spot(ts)
        if spot is not None:
            self.samples.append((ts, spot.price))
            if len(self.samples) > SAMPLE_KEEP:
                del self.samples[0]
        for book in (self.prints, self.stand_ins):
            for second in [each for each in book if each < self.second - PRINT_KEEP_S]:
                del book[second]

    def _learn(self, ts: int, second: int, value: float) -> None:
        """Compare a print with what each proxy said at that very second."""
        for proxy in self.proxies.values():
            price = proxy.at(second)
            if price > 0.0:
                proxy.basis.learn(ts, value / price - 1.0)

    def _choose(self, ts: int) -> None:
        """Say which proxies stand in for the index until the next second, and with what weight."""
        heard = self._voices(ts)
        believed = self._blend(ts, heard)
        if believed is not None:
            weights = believed.weights
            self.mix = {each.key: weights[each.key] * each.factor for each in heard if each.key in weights}
            self.level = self.chosen = sum(self.proxies[key].price * part for key, part in self.mix.items())
            self.reach = OUTLIER_SIGMA * believed.doubt if len(weights) > 1 else 0.0

    def _voices(self, now: int) -> list[Voice]:
        return voices(ASSETS[self.symbol], self.proxies, now)

    def _blend(self, now: int, heard: list[Voice]) -> Blend | None:
        """Those voices together; a recent price of our own helps to tell who is wrong."""
        anchor = None
        if self.samples:
            ts, price = self.samples[-1]
            age = max(0, now - ts)
            asset = ASSETS[self.symbol]
            error = price * asset.basis_sd
            anchor = Voice("", price, 1.0, age, error, math.hypot(error, price * diffusion(asset, age)))
        return blend(heard, anchor)
