"""How fast a book delta goes from wire bytes to its event, beside the standard library's way. Run with ``-s``."""

import json
from collections.abc import Callable
from decimal import Decimal
from time import perf_counter_ns

import msgspec

from cockpit.domain.book import Book
from cockpit.domain.events import BookDelta
from cockpit.domain.units import ASK, BID, PRICE, QTY
from cockpit.feeds.base import Frame
from cockpit.feeds.kalshi.feed import KalshiFeed

COUNT = 50_000
ROUNDS = 3


def _delta(number: int) -> bytes:
    """An invented delta; 40 prices and 401 sizes recur, as on a busy market."""
    body = {
        "market_ticker": f"KXINVENTED-26OCT0117-B{number % 12}",
        "market_id": "00000000-0000-4000-8000-000000000000",
        "price_dollars": f"0.{30 + number % 40:02d}00",
        "delta_fp": f"{number * 7 % 401 - 200}.{number % 4 * 25:02d}",
        "side": "yes" if number % 2 else "no",
        "ts": "2026-10-01T17:00:00.123456Z",
        "ts_ms": 1_790_874_000_123 + number,
    }
    return msgspec.json.encode({"type": "orderbook_delta", "sid": 1, "seq": number + 13, "msg": body})


def _snapshots() -> list[Frame]:
    frames = []
    for number in range(12):
        body = {"market_ticker": f"KXINVENTED-26OCT0117-B{number}"}
        message = {"type": "orderbook_snapshot", "sid": 1, "seq": number + 1, "msg": body}
        frames.append(_frame(number, msgspec.json.encode(message)))
    return frames


def _frame(number: int, data: bytes) -> Frame:
    return Frame(n=number, t=number, s="kalshi.ws", d=msgspec.Raw(data))


def _plain(frame: Frame) -> BookDelta:
    """The same event by json.loads and Decimal, with none of the checks."""
    body = json.loads(bytes(frame.d))["msg"]
    price = int(Decimal(body["price_dollars"]) * PRICE)
    side = BID if body["side"] == "yes" else ASK
    price = price if side == BID else PRICE - price
    qty = int(Decimal(body["delta_fp"]) * QTY)
    return BookDelta(frame.t, body["ts_ms"] * 1_000_000, body["market_ticker"], side, price, qty)


def _nanoseconds(frames: list[Frame], fresh: Callable[[], Callable[[Frame], object]]) -> float:
    """Best of some rounds, per frame."""
    best = float("inf")
    for _ in range(ROUNDS):
        read = fresh()
        start = perf_counter_ns()
        for frame in frames:
            read(frame)
        best = min(best, (perf_counter_ns() - start) / len(frames))
    return best


def _ready() -> Callable[[Frame], object]:
    feed = KalshiFeed()
    for frame in _snapshots():
        feed.receive(frame)
    return feed.receive


def _applied() -> Callable[[Frame], object]:
    receive, book = _ready(), Book()

    def apply(frame: Frame) -> None:
        for event in receive(frame):
            book.apply(event.side, event.price, event.qty)

    return apply


def _plainly() -> Callable[[Frame], object]:
    levels: dict[str, dict[Decimal, Decimal]] = {"yes": {}, "no": {}}

    def apply(frame: Frame) -> object:
        body = json.loads(bytes(frame.d))["msg"]
        side, price = levels[body["side"]], Decimal(body["price_dollars"])
        side[price] = side.get(price, Decimal(0)) + Decimal(body["delta_fp"])
        if side[price] <= 0:
            del side[price]
        return max(levels["yes"], default=None), max(levels["no"], default=None)

    return apply


def test_decode_against_the_standard_library() -> None:
    frames = [_frame(number, _delta(number)) for number in range(COUNT)]
    receive = _ready()
    assert all(receive(frame) == (_plain(frame),) for frame in frames)
    ours = _nanoseconds(frames, _ready)
    theirs = _nanoseconds(frames, lambda: _plain)
    applied, plainly = _nanoseconds(frames, _applied), _nanoseconds(frames, _plainly)
    decode = msgspec.json.Decoder().decode
    untyped = _nanoseconds(frames, lambda: lambda frame: decode(frame.d))
    print(
        f"\nbook delta, bytes to event: {ours:.0f} ns ({1e9 / ours:,.0f}/s); json and Decimal {theirs:.0f} ns, "
        f"{theirs / ours:.1f} times as long; untyped decode alone {untyped:.0f} ns\n"
        f"and applied to a book: {applied:.0f} ns ({1e9 / applied:,.0f}/s); json, Decimal and dicts {plainly:.0f} ns, "
        f"{plainly / applied:.1f} times as long"
    )
