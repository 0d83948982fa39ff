import base64
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import BookDelta, BookDoubt, BookSnapshot, Event
from cockpit.domain.units import BID
from cockpit.feeds.base import Feed, Frame
from cockpit.feeds.kalshi.feed import KalshiFeed

SNAPSHOT = (
    b'{"type":"orderbook_snapshot","sid":1,"seq":1,"msg":{"market_ticker":"KXA-1","market_id":"m",'
    b'"yes_dollars_fp":[["0.4600","10.00"],["0.4700","3.00"]],"no_dollars_fp":[["0.4800","2.00"]]}}'
)

MESSAGES = [
    SNAPSHOT,
    b'{"type":"orderbook_snapshot","sid":1,"seq":2,"msg":{"market_ticker":"KXA-1","yes":[[8,300]],"no":[[54,20]]}}',
    b'{"type":"orderbook_delta","sid":1,"seq":2,"msg":{"market_ticker":"KXA-1","price_dollars":"0.4700",'
    b'"delta_fp":"-3.00","side":"yes","ts":"2026-06-11T06:31:29.957081Z","ts_ms":1781159489957}}',
    b'{"type":"orderbook_delta","sid":1,"seq":3,"msg":{"market_ticker":"KXA-1","price":47,"delta":-3,"side":"no"}}',
    b'{"type":"trade","sid":2,"seq":1,"msg":{"trade_id":"t","market_ticker":"KXA-1","yes_price_dollars":"0.3600",'
    b'"count_fp":"136.00","taker_outcome_side":"no","is_block_trade":false,"ts_ms":1781159489957}}',
    b'{"type":"ticker","sid":3,"msg":{"market_ticker":"KXA-1","price_dollars":"0.4800","yes_bid_dollars":"0.4500",'
    b'"yes_ask_dollars":"0.5300","yes_bid_size_fp":"300.00","yes_ask_size_fp":"0.00","volume_fp":"33.00","ts":1}}',
    b'{"type":"market_lifecycle_v2","sid":4,"seq":3,"msg":{"market_ticker":"KXA-1","open_ts":1694635200,'
    b'"event_type":"created","additional_metadata":{"title":"T","floor_strike":4487.5,"custom_strike":{"a":"b"}},'
    b'"price_level_structure":"linear_cent"}}',
    b'{"type":"market_lifecycle_v2","sid":4,"seq":4,"msg":{"market_ticker":"KXA-1","event_type":"determined",'
    b'"result":"scalar","settlement_value":"0.5000","determination_ts":1694635200}}',
    b'{"type":"event_lifecycle","sid":4,"seq":5,"msg":{"event_ticker":"KXA","collateral_return_type":"MECNET"}}',
    b'{"type":"event_fee_update","sid":4,"seq":6,"msg":{"event_ticker":"KXA","fee_multiplier_override":0.5}}',
    b'{"type":"cfbenchmarks_value","sid":5,"seq":1,"msg":{"index_id":"BRTI","data":"{\\"time\\":1710000000123,'
    b'\\"value\\":\\"68000.12\\"}","avg_60s_data":{"value":"68000.12000000"}}}',
    b'{"type":"cfbenchmarks_value_5hz","sid":6,"seq":1,"msg":{"index_id":"BRTI","value_usd":"68000.12"}}',
    b'{"type":"subscribed","id":1,"msg":{"channel":"orderbook_delta","sid":1}}',
    b'{"type":"ok","id":2,"sid":1,"seq":4,"msg":{"market_tickers":["KXA-1","KXB-1"]}}',
    b'{"type":"ok","id":4,"msg":[{"channel":"trade","sid":2}]}',
    b'{"type":"error","id":5,"sid":1,"seq":5,"msg":{"code":25,"msg":"slow"}}',
    b'{"type":"unsubscribed","id":3,"sid":2,"seq":8}',
]

MARKET = (
    b'{"ticker":"KXA-1","event_ticker":"KXA","status":"finalized","result":"yes","close_time":"2026-10-01T14:00:00.25Z",'
    b'"settlement_value_dollars":"1.0000","expiration_value":"83950.62","floor_strike":5.01,"cap_strike":"7",'
    b'"custom_strike":{"a":"b"},"price_ranges":[{"start":"0.0000","end":"1.0000","step":"0.0100"}]}'
)
QUAD = b'{"open_dollars":"0.3300","high_dollars":"0.3500","low_dollars":"0.3200","close_dollars":"0.3400"}'

ANSWERS = [
    ("/markets", b'{"markets":[' + MARKET + b"," + MARKET + b'],"cursor":""}'),
    ("/markets/KXA-1", b'{"market":' + MARKET + b"}"),
    ("/events/KXA", b'{"event":{"event_ticker":"KXA","markets":[' + MARKET + b']},"markets":[]}'),
    ("/series/KXA", b'{"series":{"ticker":"KXA","fee_type":"quadratic","fee_multiplier":0.5}}'),
    ("/series/fee_changes", b'{"series_fee_change_arr":[{"series_ticker":"KXA","fee_multiplier":1}]}'),
    (
        "/events/fee_changes",
        b'{"event_fee_changes":[{"event_ticker":"KXA","scheduled_ts":"2026-10-01T14:00:00Z"}]}',
    ),
    ("/markets/A/orderbook", b'{"orderbook_fp":{"yes_dollars":[["0.4600","10.00"]],"no_dollars":null}}'),
    ("/markets/A/orderbook", b'{"orderbook":{"yes":[[47,3]],"no":null}}'),
    (
        "/markets/orderbooks",
        b'{"orderbooks":[{"ticker":"A","orderbook_fp":{"yes_dollars":[["0.46","1.00"]]}}]}',
    ),
    (
        "/markets/trades",
        b'{"trades":[{"trade_id":"q","ticker":"A","count_fp":"7.77","yes_price_dollars":"0.0300",'
        b'"taker_side":"yes","created_time":"2026-06-15T15:48:42.609997Z"}],"cursor":""}',
    ),
    (
        "/series/KXA/markets/KXA-1/candlesticks?period_interval=1",
        b'{"candlesticks":[{"end_period_ts":60,"yes_bid":'
        + QUAD
        + b',"price":'
        + QUAD
        + b',"volume_fp":"1.00"}]}',
    ),
    ("/exchange/status", b'{"exchange_active":true,"trading_active":false}'),
    ("/exchange/schedule", b'{"schedule":{"standard_hours":[{}],"maintenance_windows":[]}}'),
    ("/milestones", b'{"milestones":[{"id":"m","related_event_tickers":["A"]}]}'),
    (
        "/milestones?type=basketball_game",
        b'{"milestones":[{"id":"m","related_event_tickers":["KXNBAGAME-27JAN15UTATOR"],"start_date":'
        b'"1970-01-02T00:00:00Z"}],"cursor":"c"}',
    ),
    (
        "/portfolio/fills",
        b'{"fills":[{"ticker":"A","yes_price_dollars":"0.52","count_fp":"1.00","is_taker":true,"order_id":"o",'
        b'"fee_cost":"0.0175","ts":1,"book_side":"bid"}]}',
    ),
    (
        "/portfolio/balance",
        b'{"balance":980,"balance_dollars":"9.8018","balance_breakdown":[{"exchange_index":2,"balance":"9.8018"}]}',
    ),
    (
        "/portfolio/orders?status=resting",
        b'{"orders":[{"order_id":"o","ticker":"A","status":"resting","yes_price_dollars":"0.52","remaining_count_fp":'
        b'"1.00","book_side":"ask"}]}',
    ),
    (
        "/portfolio/orders/queue_positions",
        b'{"queue_positions":[{"order_id":"o","market_ticker":"A","queue_position_fp":"12.00"}]}',
    ),
    ("/portfolio/positions", b'{"market_positions":[{"ticker":"A","position_fp":"-3.00"}]}'),
    (
        "/portfolio/settlements",
        b'{"settlements":[{"ticker":"A","market_result":"no","revenue":5,"value":3,"settled_time":""}]}',
    ),
]


def _receive(feed: KalshiFeed, frame: Frame) -> Sequence[Event] | None:
    """The one promise: events, or a FeedError."""
    try:
        events = feed.receive(frame)
    except FeedError:
        return None
    assert all(isinstance(event, msgspec.Struct) for event in events)
    return events


def _frame(source: str, data: bytes, url: str | None = None) -> Frame:
    return Frame(n=1, t=1, s=source, d=msgspec.Raw(data), u=url)


PAYLOADS = [("kalshi.ws", None, data) for data in MESSAGES] + [
    ("kalshi.rest", url, data) for url, data in ANSWERS
]


@pytest.mark.parametrize(("source", "url", "data"), PAYLOADS)
def test_the_payloads_that_are_broken_below_are_sound(source: str, url: str | None, data: bytes) -> None:
    assert _receive(KalshiFeed(), _frame(source, data, url)) is not None


@pytest.mark.parametrize(("source", "url", "data"), PAYLOADS)
def test_every_truncation_is_a_feed_error(source: str, url: str | None, data: bytes) -> None:
    feed = KalshiFeed()
    for end in range(len(data)):
        assert _receive(feed, _frame(source, data[:end], url)) is None


TOKENS = st.sampled_from(
    [
        b"null",
        b"true",
        b"-1",
        b"0",
        b"1e400",
        b"9" * 30,
        b'""',
        b'"x"',
        b"[]",
        b"{}",
        b'"1.5000"',
        b'"-1.00"',
        b'"NaN"',
    ]
)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_mutated_payloads_give_events_or_a_feed_error(data: st.DataObject) -> None:
    feed = KalshiFeed()
    feed.receive(_frame("kalshi.ws", SNAPSHOT))
    for _ in range(3):
        source, url, text = data.draw(st.sampled_from(PAYLOADS))
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        patch = data.draw(st.one_of(st.binary(max_size=6), TOKENS))
        _receive(feed, _frame(source, text[:start] + patch + text[end:], url))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path, *(p for key, each in value.items() for p in _leaves(each, (*path, key)))]
    if isinstance(value, list):
        return [path, *(p for key, each in enumerate(value) for p in _leaves(each, (*path, key)))]
    return [path]


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_value_of_any_other_type_gives_events_or_a_feed_error(data: st.DataObject) -> None:
    source, url, text = data.draw(st.sampled_from(PAYLOADS))
    whole = msgspec.json.decode(text)
    path = data.draw(st.sampled_from(_leaves(whole)))
    value = data.draw(JSON)
    if path:
        inner = whole
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
    else:
        whole = value
    _receive(KalshiFeed(), _frame(source, msgspec.json.encode(whole), url))


@given(st.binary(max_size=200), st.sampled_from(["kalshi.ws", "kalshi.rest"]), st.text(max_size=40))
def test_any_bytes_give_events_or_a_feed_error(data: bytes, source: str, url: str) -> None:
    _receive(KalshiFeed(), _frame(source, data, url))


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_payload_gives_events_or_a_feed_error(x: str, b: str) -> None:
    for url in (None, "/markets"):
        source = "kalshi.rest" if url else "kalshi.ws"
        _receive(KalshiFeed(), Frame(n=1, t=1, s=source, x=x, u=url))
        _receive(KalshiFeed(), Frame(n=1, t=1, s=source, b=b, u=url))


def test_a_payload_reads_the_same_from_each_place() -> None:
    frames = [
        _frame("kalshi.ws", SNAPSHOT),
        Frame(n=1, t=1, s="kalshi.ws", x=SNAPSHOT.decode()),
        Frame(n=1, t=1, s="kalshi.ws", b=base64.b64encode(SNAPSHOT).decode()),
    ]
    first, *others = [KalshiFeed().receive(frame) for frame in frames]
    assert all(events == first for events in others)


def test_the_feed_is_a_feed() -> None:
    feed: Feed = KalshiFeed()
    assert feed.name == "kalshi"
    assert feed.requests() == []
    assert feed.outgoing() == []
    with pytest.raises(FeedError, match="does not read"):
        feed.receive(_frame("coinbase.ws", b"{}"))


def test_a_feed_reads_the_sources_of_its_name() -> None:
    feed = KalshiFeed("demo")
    assert len(feed.receive(_frame("demo.ws", SNAPSHOT))) == 1
    assert feed.receive(_frame("demo.rest", b'{"markets":[]}', "/markets")) == []
    with pytest.raises(FeedError):
        feed.receive(_frame("kalshi.ws", SNAPSHOT))


class Venue:
    """Two books under one sid, as the exchange holds them."""

    def __init__(self) -> None:
        self.books: dict[str, Counter[int]] = {"A": Counter(), "B": Counter()}
        self.seq = 0

    def message(self, kind: str, market: str, cents: int, lots: int) -> dict[str, Any]:
        self.seq += 1
        book = self.books[market]
        if kind == "ok":
            return {"type": "ok", "sid": 1, "seq": self.seq, "msg": {"market_tickers": ["A", "B"]}}
        if kind == "snapshot":
            levels = [[f"0.{price:02d}", f"{count}.00"] for price, count in sorted(book.items())]
            body: dict[str, Any] = {"market_ticker": market, "yes_dollars_fp": levels}
            return {"type": "orderbook_snapshot", "sid": 1, "seq": self.seq, "msg": body}
        change = lots if book[cents] + lots >= 0 else -book[cents]
        book[cents] += change
        self.books[market] = +book
        body = {
            "market_ticker": market,
            "price_dollars": f"0.{cents:02d}",
            "delta_fp": f"{change}.00",
            "side": "yes",
        }
        return {"type": "orderbook_delta", "sid": 1, "seq": self.seq, "msg": body}


class Reader:
    """Books kept from events alone."""

    def __init__(self) -> None:
        self.books: dict[str, Counter[int]] = {}

    def take(self, events: Sequence[Event]) -> None:
        for event in events:
            match event:
                case BookSnapshot(market=market, bids=bids):
                    self.books[market] = Counter({price // 100: qty // 1_000_000 for price, qty in bids})
                case BookDoubt(market=market):
                    self.books.pop(market, None)
                case BookDelta(market=market, side=side, price=price, qty=qty):
                    assert side == BID
                    assert market in self.books, "a delta for a book in doubt"
                    self.books[market][price // 100] += qty // 1_000_000
                    self.books[market] = +self.books[market]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["delta", "delta", "delta", "snapshot", "ok"]),
        st.sampled_from("AB"),
        st.integers(1, 5),
        st.integers(-3, 3),
        st.sampled_from(["told", "told", "told", "lost", "twice"]),
    ),
    max_size=40,
)


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_a_believed_book_is_the_venues_book_whatever_is_lost_or_repeated(steps: list[Any]) -> None:
    venue, reader, feed = Venue(), Reader(), KalshiFeed()
    for market in "AB":
        message = venue.message("snapshot", market, 0, 0)
        reader.take(feed.receive(_frame("kalshi.ws", msgspec.json.encode(message))))
    for kind, market, cents, lots, fate in steps:
        frame = _frame("kalshi.ws", msgspec.json.encode(venue.message(kind, market, cents, lots)))
        for _ in range({"lost": 0, "told": 1, "twice": 2}[fate]):
            reader.take(feed.receive(frame))
        if fate != "lost":
            assert all(venue.books[name] == book for name, book in reader.books.items())
    wanted = {m for c in map(msgspec.json.decode, feed.outgoing()) for m in c["params"]["market_tickers"]}
    assert wanted == {"A", "B"} - reader.books.keys()
