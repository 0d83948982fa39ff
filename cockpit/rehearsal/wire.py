"""Kalshi's WebSocket frames as the venue sends them, byte for byte in shape.

Source: the venue's WebSocket description, September 2026. ``use_yes_price`` is false: a NO level is priced in NO terms. An empty side's
key is left out of a snapshot. ``seq`` counts per ``sid`` over all its markets and starts at 1; tickers carry none.
Nothing here is shared with the code that reads these frames.
"""

from datetime import UTC, datetime

import msgspec

from cockpit.domain.units import (
    BID,
    MILLISECOND,
    MONEY,
    PRICE,
    PRICE_DIGITS,
    QTY,
    SECOND,
    UNDERLYING_DIGITS,
    decimal,
)

CHANNELS = ("orderbook_delta", "trade", "ticker", "market_lifecycle_v2", "cfbenchmarks_value")
"""The channels in the order they are subscribed: the first has sid 1."""
BOOK, TRADE, TICKER, LIFECYCLE, INDEX = range(1, 6)

_DOLLARS = [decimal(price, PRICE_DIGITS, PRICE_DIGITS) for price in range(PRICE + 1)]
_CENTICONTRACT = QTY // 100


def dollars(price: int) -> str:
    """Price units as the wire's dollars: 4 decimals."""
    return _DOLLARS[price]


def contracts(qty: int) -> str:
    """Quantity units as the wire's count: 2 decimals, signed."""
    whole, part = divmod(abs(qty) // _CENTICONTRACT, 100)
    return f"{'-' if qty < 0 else ''}{whole}.{part:02d}"


class Stamps:
    """RFC 3339 text of ns UTC, microseconds with trailing zeros cut; the last second is remembered."""

    __slots__ = ("_second", "_text")

    def __init__(self) -> None:
        self._second = -1
        self._text = ""

    def text(self, ts: int) -> str:
        """The text of a moment."""
        second, rest = divmod(ts, SECOND)
        if second != self._second:
            self._second = second
            self._text = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        part = f"{rest // 1000:06d}".rstrip("0")
        return f"{self._text}.{part}Z" if part else f"{self._text}Z"


class Socket:
    """One connection's outgoing frames: the sequence numbers live here, everything else is passed in."""

    def __init__(self, ids: dict[str, str]) -> None:
        self._ids = ids
        self._seq = dict.fromkeys(range(1, len(CHANNELS) + 1), 0)
        self._stamps = Stamps()

    def subscribed(self, sid: int) -> bytes:
        """The acknowledgement of one channel's subscription, whose command had the same number."""
        return _json({"type": "subscribed", "id": sid, "msg": {"channel": CHANNELS[sid - 1], "sid": sid}})

    def snapshot(self, market: str, bids: list[tuple[int, int]], asks: list[tuple[int, int]]) -> bytes:
        """A whole book from YES-terms levels; NO bids come lowest first, as the venue sends them."""
        msg: dict[str, object] = {"market_ticker": market, "market_id": self._ids[market]}
        if bids:
            msg["yes_dollars_fp"] = [[dollars(price), contracts(qty)] for price, qty in sorted(bids)]
        if asks:
            levels = sorted((PRICE - price, qty) for price, qty in asks)
            msg["no_dollars_fp"] = [[dollars(price), contracts(qty)] for price, qty in levels]
        return _json({"type": "orderbook_snapshot", "sid": BOOK, "seq": self._count(BOOK), "msg": msg})

    def delta(self, market: str, side: int, price: int, qty: int, ts: int) -> bytes:
        """A signed size change; side and price in YES terms."""
        name, own = ("yes", price) if side == BID else ("no", PRICE - price)
        return (
            f'{{"type":"orderbook_delta","sid":{BOOK},"seq":{self._count(BOOK)},"msg":{{"market_ticker":"{market}",'
            f'"market_id":"{self._ids[market]}","price_dollars":"{_DOLLARS[own]}","delta_fp":"{contracts(qty)}",'
            f'"side":"{name}","ts":"{self._stamps.text(ts)}","ts_ms":{ts // MILLISECOND}}}}}'
        ).encode()

    def trade(
        self, market: str, price: int, qty: int, taker: int, ts: int, trade_id: str, *, block: bool = False
    ) -> bytes:
        """A print: ``taker`` is BID when the taker bought YES."""
        outcome, book = ("yes", "bid") if taker == BID else ("no", "ask")
        return (
            f'{{"type":"trade","sid":{TRADE},"seq":{self._count(TRADE)},"msg":{{"trade_id":"{trade_id}",'
            f'"market_ticker":"{market}","yes_price_dollars":"{_DOLLARS[price]}",'
            f'"no_price_dollars":"{_DOLLARS[PRICE - price]}","count_fp":"{contracts(qty)}","taker_side":"{outcome}",'
            f'"taker_outcome_side":"{outcome}","taker_book_side":"{book}",'
            f'"is_block_trade":{"true" if block else "false"},"ts":{ts // SECOND},"ts_ms":{ts // MILLISECOND}}}}}'
        ).encode()

    def ticker(self, market: str, top: "Top", ts: int) -> bytes:
        """Top of book and totals; an empty side is 0 or 1 dollar with size 0."""
        msg = {
            "market_id": self._ids[market],
            "market_ticker": market,
            "price_dollars": dollars(top.last),
            "yes_bid_dollars": dollars(top.bid),
            "yes_ask_dollars": dollars(top.ask),
            "yes_bid_size_fp": contracts(top.bid_qty),
            "yes_ask_size_fp": contracts(top.ask_qty),
            "last_trade_size_fp": contracts(top.last_qty),
            "volume_fp": contracts(top.volume),
            "open_interest_fp": contracts(top.open_interest),
            "dollar_volume": top.traded // MONEY,
            "dollar_open_interest": top.open_interest // QTY,
            "ts": ts // SECOND,
            "ts_ms": ts // MILLISECOND,
            "time": self._stamps.text(ts),
        }
        return _json({"type": "ticker", "sid": TICKER, "msg": msg})

    def lifecycle(self, market: str, event_type: str, fields: dict[str, object]) -> bytes:
        """A market_lifecycle_v2 message with the fields its event type has."""
        msg = {"market_ticker": market, "event_type": event_type, **fields}
        seq = self._count(LIFECYCLE)
        return _json({"type": "market_lifecycle_v2", "sid": LIFECYCLE, "seq": seq, "msg": msg})

    def index(self, reading: "Reading", received: int) -> bytes:
        """One 1 Hz reading of the settlement index; ``received`` (ns) is when the venue had it."""
        stamp = reading.ts // MILLISECOND
        value = decimal(reading.value, UNDERLYING_DIGITS, reading.digits)
        msg: dict[str, object] = {
            "index_id": reading.index,
            "received_at": received // MILLISECOND,
            "data": f'{{"type":"value","time":{stamp},"id":"{reading.index}","value":"{value}"}}',
            "avg_60s_data": _average(*reading.trailing, stamp - 60_000, stamp),
        }
        if reading.window is not None:
            total, count, start = reading.window
            msg["last_60s_windowed_average_15min"] = _average(total, count, start // MILLISECOND, stamp)
        seq = self._count(INDEX)
        return _json({"type": "cfbenchmarks_value", "sid": INDEX, "seq": seq, "msg": msg})

    def _count(self, sid: int) -> int:
        self._seq[sid] += 1
        return self._seq[sid]


class Top(msgspec.Struct, frozen=True, gc=False):
    """A market's top of book and totals; prices 0 and PRICE with size 0 where a side is empty."""

    bid: int
    bid_qty: int
    ask: int
    ask_qty: int
    last: int
    last_qty: int
    volume: int
    open_interest: int
    traded: int
    """Money units that have changed hands."""


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One index print with its averages: sums in 1e-8 dollars over a count of prints."""

    index: str
    digits: int
    ts: int
    value: int
    trailing: tuple[int, int]
    """Sum and count of the prints in [ts - 60 s, ts); the print itself, counted 0, when there are none."""
    window: tuple[int, int, int] | None
    """Sum, count and start (ns) of the open settlement window, in the last minute of a quarter hour."""


def _average(total: int, count: int, start_ms: int, end_ms: int) -> dict[str, object]:
    n = max(count, 1)
    mean = (2 * total + n) // (2 * n)
    return {
        "value": decimal(mean, UNDERLYING_DIGITS, UNDERLYING_DIGITS),
        "window_size": count,
        "window_start_ts_ms": start_ms,
        "window_end_ts_exclusive": end_ms,
    }


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)
