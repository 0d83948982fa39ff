"""Prints, quotes and index values: message bodies to events."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from cockpit.domain.events import IndexTick, Quote, Trade
from cockpit.domain.units import ASK, BID, MILLISECOND, PRICE, UNDERLYING_DIGITS
from cockpit.feeds.census import tally
from cockpit.feeds.exact import instant, nearest
from cockpit.feeds.kalshi.numbers import Numbers
from cockpit.feeds.kalshi.wire import (
    Average,
    FastIndexBody,
    IndexBody,
    ProviderTick,
    TickerBody,
    TradeBody,
    UnderlyingBody,
)

TAKERS = {"yes": BID, "bid": BID, "no": ASK, "ask": ASK}
"""The taker's word to its side; ``taker_book_side`` names the taker's own side, so "bid" bought YES."""

REMEMBERED = 1 << 15

_PROVIDER = msgspec.json.Decoder(ProviderTick)


class Recent:
    """Ids seen lately: at least the last 32,768, at most twice as many."""

    def __init__(self) -> None:
        self._new: dict[str, None] = {}
        self._old: dict[str, None] = {}

    def first(self, key: str) -> bool:
        """Whether this id is new; it is remembered. An empty id is always new."""
        if not key:
            return True
        if key in self._new or key in self._old:
            return False
        if len(self._new) >= REMEMBERED:
            self._old, self._new = self._new, {}
        self._new[key] = None
        return True

    def newest(self, most: int) -> list[str]:
        """The last ids remembered, oldest first."""
        return [*self._old, *self._new][-most:]

    def recall(self, ids: Iterable[str]) -> None:
        """Remember these, and nothing else."""
        self._new, self._old = dict.fromkeys(ids), {}


def moment(ts_ms: int | None, ts: int | str | None) -> int:
    """The exchange's own time in ns UTC: milliseconds, else the deprecated form, else 0. Raises ValueError."""
    return ts_ms * MILLISECOND if ts_ms else instant(ts)


def taker(census: Counter[str], *words: str | None) -> int:
    """The side of the first word that names one; 0, counted, when none does."""
    for word in words:
        if word in TAKERS:
            return TAKERS[word]
    tally(census, "taker", next((word for word in words if word), "missing"))
    return 0


def trade(ts: int, body: TradeBody, numbers: Numbers) -> Trade:
    """A print of the socket. Raises ValueError."""
    return Trade(
        ts=ts,
        ex=moment(body.ts_ms, body.ts),
        market=body.market_ticker,
        price=numbers.yes[body.yes_price_dollars],
        qty=numbers.size(body.count_fp),
        taker=taker(numbers.census, body.taker_outcome_side, body.taker_book_side, body.taker_side),
        id=body.trade_id,
        block=bool(body.is_block_trade),
    )


def quote(ts: int, body: TickerBody, numbers: Numbers) -> Quote:
    """A ticker; a side whose size is stated as 0 is empty, whatever price stands beside it. Raises ValueError."""
    bid, bid_qty = _side(body.yes_bid_dollars, body.yes_bid_size_fp, 0, numbers)
    ask, ask_qty = _side(body.yes_ask_dollars, body.yes_ask_size_fp, PRICE, numbers)
    return Quote(
        ts=ts,
        ex=moment(body.ts_ms, body.ts),
        market=body.market_ticker,
        bid=bid,
        bid_qty=bid_qty,
        ask=ask,
        ask_qty=ask_qty,
        last=numbers.yes[body.price_dollars] if body.price_dollars else 0,
        last_qty=_count(body.last_trade_size_fp, numbers),
        volume=_count(body.volume_fp, numbers),
        open_interest=_count(body.open_interest_fp, numbers),
    )


def _side(price: str | None, size: str | None, empty: int, numbers: Numbers) -> tuple[int, int]:
    value = numbers.yes[price] if price else empty
    if not size:
        return value, 0
    count = _count(size, numbers)
    return (value if count else empty), count


def _count(text: str | None, numbers: Numbers) -> int:
    """A total that may be zero or missing, never negative; raises ValueError."""
    value = numbers.qty[text] if text else 0
    if value < 0:
        raise ValueError(f"negative count: {text!r}")
    return value


def index(ts: int, body: IndexBody) -> IndexTick:
    """The settlement index with its means; the value stands in the provider's own JSON. Raises ValueError."""
    tick = _PROVIDER.decode(body.data)
    return IndexTick(
        ts=ts,
        ex=(tick.time or body.received_at or 0) * MILLISECOND,
        index=body.index_id,
        value=_level(tick.value),
        mean_60s=_mean(body.avg_60s_data),
        window_mean=_mean(body.last_60s_windowed_average_15min),
    )


def fast_index(ts: int, name: str, body: FastIndexBody | UnderlyingBody) -> IndexTick:
    """A bare index value without means. Raises ValueError."""
    ex = (body.source_ts_ms or body.received_at or 0) * MILLISECOND
    return IndexTick(ts=ts, ex=ex, index=name, value=_level(body.value_usd))


def _mean(average: Average | None) -> int | None:
    return None if average is None else _level(average.value)


def _level(value: Decimal) -> int:
    return nearest(value, UNDERLYING_DIGITS)
