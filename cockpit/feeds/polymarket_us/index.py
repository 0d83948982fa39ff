"""The settlement index, one print a second, from the gateway's key-less history.

Buckets of one second hold at most one print; one without a print repeats the last close and is dropped. A question
goes back a little behind the newest print known, since a print may come late; each second is told once.
"""

from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlencode

import msgspec

from cockpit.domain.events import IndexTick
from cockpit.domain.units import SECOND, UNDERLYING_DIGITS, fixed
from cockpit.feeds.census import tally
from cockpit.feeds.exact import instant
from cockpit.feeds.polymarket_us.bodies import Candle, History, Series

BUCKET = "ASSET_PRICE_BUCKET_1S"
NAMES = {"BTC": "BRTI"}
"""The index of an asset where it is not ``<asset>USD_RTI``: CF Benchmarks' real-time indices."""
FIRST_S = 110
"""How far back the first question goes: what is older than two minutes is of no use to anyone."""
LATEST_S = 115
"""A print older than this, by our clock, is dropped: whoever reads it would take it for one of now."""
OVERLAP_S = 5
KEPT_S = 600
MOST = 10
"""Assets in one question."""

_series = msgspec.json.Decoder(Series).decode
_candle = msgspec.json.Decoder(Candle).decode


class Prints(msgspec.Struct):
    """Seconds told of, by index."""

    told: dict[str, dict[int, None]] = {}


class Index:
    """Asks for prints and tells those that are new."""

    def __init__(self, census: Counter[str], gateway: str, assets: Iterable[str]) -> None:
        self._census = census
        self._gateway = gateway
        self._assets = tuple(dict.fromkeys(asset.upper() for asset in assets))[:MOST]
        self.prints = Prints()

    def url(self, now: int) -> str:
        """The question as of a time, ns UTC; "" when there is nothing to ask for."""
        if not self._assets:
            return ""
        since = now // SECOND - FIRST_S
        newest = [max(told, default=0) for told in self.prints.told.values() if told]
        if newest:
            since = max(since, min(newest) - OVERLAP_S)
        fields = [("assets", f"crypto:{asset.lower()}") for asset in self._assets]
        query = urlencode([*fields, ("from", str(since)), ("to", "0"), ("bucket", BUCKET)], safe=":")
        return f"{self._gateway}/v1/asset-prices/history?{query}"

    def read(self, ts: int, history: History) -> list[IndexTick]:
        """The prints nobody told of yet, oldest first; those out of shape are counted.

        Raises:
            ValueError: when none can be read.
        """
        failed: list[Exception] = []
        found: list[IndexTick] = []
        for raw in history.series:
            try:
                found += self._series(ts, _series(raw), failed)
            except (ValueError, RecursionError) as error:
                failed.append(error)
        if failed and not found:
            raise failed[0]
        for each in failed:
            tally(self._census, "unreadable", each)
        return [tick for tick in sorted(found, key=lambda tick: tick.ex) if self._new(ts, tick)]

    def _series(self, ts: int, series: Series, failed: list[Exception]) -> list[IndexTick]:
        """One asset's prints. Raises ValueError for none that is ours to read."""
        symbol = (series.asset.symbol or "").upper()
        if series.bucket not in (None, BUCKET):
            tally(self._census, "bucket", series.bucket)
            return []
        ticks: list[IndexTick] = []
        for raw in series.candles or () if symbol else ():
            try:
                candle = _candle(raw)
                if candle.tick_count > 0:
                    name = NAMES.get(symbol, f"{symbol}USD_RTI")
                    ticks.append(IndexTick(ts, instant(candle.timestamp), name, _level(candle.close)))
            except (ValueError, RecursionError) as error:
                failed.append(error)
        return ticks

    def _new(self, ts: int, tick: IndexTick) -> bool:
        """Whether a print is news; it is remembered."""
        second, now = tick.ex // SECOND, ts // SECOND
        if not now - LATEST_S <= second <= now + LATEST_S:
            tally(self._census, "index", "too old" if second < now else "ahead of the clock")
            return False
        told = self.prints.told.setdefault(tick.index, {})
        if second in told:
            return False
        told[second] = None
        for old in [each for each in told if each < now - KEPT_S]:
            del told[old]
        return True


def _level(text: str) -> int:
    value = fixed(text, UNDERLYING_DIGITS)
    if value <= 0:
        raise ValueError(f"not above zero: {text!r}")
    return value
