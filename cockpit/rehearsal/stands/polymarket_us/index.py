"""The settlement index second by second, as candles. A bucket without a print repeats the last close, with no ticks."""

from collections import deque
from decimal import Decimal
from typing import Any

import msgspec

from cockpit.rehearsal.stands.polymarket.reader import Reading

ASSETS = {"BRTI": "BTC", "ETHUSD_RTI": "ETH", "SOLUSD_RTI": "SOL"}
"""Assets by the name of their index."""
NAMES = {asset: index for index, asset in ASSETS.items()}
BUCKETS = {
    "ASSET_PRICE_BUCKET_1S": 1, "ASSET_PRICE_BUCKET_5S": 5, "ASSET_PRICE_BUCKET_15S": 15,
    "ASSET_PRICE_BUCKET_1M": 60, "ASSET_PRICE_BUCKET_5M": 300, "ASSET_PRICE_BUCKET_15M": 900,
    "ASSET_PRICE_BUCKET_1H": 3_600, "ASSET_PRICE_BUCKET_1D": 86_400,
}  # fmt: skip
"""Seconds of a bucket."""
MOST_CANDLES = 3_600
KEPT_S = 7_200


class Prints:
    """One asset's prints: values as text by Unix second, the newest `KEPT_S` of them."""

    def __init__(self) -> None:
        self.values: dict[int, str] = {}
        self._seconds: deque[int] = deque()

    def add(self, reading: Reading) -> None:
        """A print; one that is told again, or out of order, is taken as it comes."""
        if reading.second not in self.values:
            self._seconds.append(reading.second)
            if len(self._seconds) > KEPT_S:
                self.values.pop(self._seconds.popleft(), None)
        self.values[reading.second] = reading.value

    def before(self, second: int) -> str:
        """The last value before a second, "" when there is none."""
        told = [each for each in self.values if each < second]
        return self.values[max(told)] if told else ""

    def candles(self, start: int, end: int, width: int) -> list[dict[str, Any]]:
        """Candles of whole buckets from one that holds ``start`` to one that holds ``end``, oldest first."""
        first, last = start - start % width, end - end % width
        close = self.before(first)
        found: list[dict[str, Any]] = []
        for at in range(first, last + width, width):
            told = [self.values[second] for second in range(at, at + width) if second in self.values]
            if told:
                found.append(_candle(at, told))
                close = told[-1]
            elif close:
                found.append(_candle(at, [close]) | {"tickCount": 0})
        return found


def _candle(at: int, told: list[str]) -> dict[str, Any]:
    return {
        "timestamp": at,
        "open": told[0],
        "high": max(told, key=Decimal),
        "low": min(told, key=Decimal),
        "close": told[-1],
        "tickCount": len(told),
    }


class Span(msgspec.Struct, frozen=True):
    """What of the history is asked for: assets, Unix seconds, both included, and the bucket's name."""

    assets: tuple[str, ...]
    start: int
    end: int
    bucket: str

    @property
    def width(self) -> int:
        """Seconds of a bucket."""
        return BUCKETS[self.bucket]


def series(asset: str, prints: Prints | None, span: Span, now: int) -> dict[str, Any]:
    """One asset's history; of the future (``now`` is a Unix second) nothing is told."""
    candles = prints.candles(span.start, min(span.end, now), span.width) if prints is not None else []
    return {
        "asset": {"assetClass": "crypto", "symbol": asset.lower()},
        "currency": "USD",
        "bucket": span.bucket,
        "from": span.start,
        "to": span.end,
        "candles": candles,
    }
