"""The feed as a whole: its promises, whatever it is sent, and a book that is the venue's."""

import base64
import json
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import BookDelta, BookDoubt, BookSnapshot, Event, MarketListed, Trade
from cockpit.domain.units import BID, QTY
from cockpit.feeds.base import Frame, Venue
from cockpit.feeds.polymarket.feed import PolymarketFeed

from .conftest import COND, MS, NO, SECOND, T0, YES, Mirror, event, market  # noqa: TID252  the tests are no package
from .conftest import Venue as Invented  # noqa: TID252  the tests are no package

GAMMA = "https://gamma-api.polymarket.com/events/keyset?tag_slug=crypto&closed=false"


def sounds() -> list[tuple[str, str | None, bytes]]:
    """Payloads of every kind as (source, URL, bytes), invented in the documented shapes."""
    tell = [
        Invented.book(),
        Invented.hashed(Invented.book()),
        Invented.change(("BUY", "0.40", "3"), ("SELL", "0.43", "0"), best_bid="0.40", best_ask="0.45"),
        [Invented.change(("BUY", "0.41", "3")), Invented.trade()],
        Invented.trade(transaction_hash="0xaa"),
        {"event_type": "price_change", "asset_id": YES, "market": COND, "timestamp": "1",
         "changes": [{"price": ".4", "side": "BUY", "size": "1"}]},
        {"event_type": "tick_size_change", "asset_id": YES, "market": COND, "old_tick_size": "0.01",
         "new_tick_size": "0.001", "timestamp": "1"},
        {"event_type": "best_bid_ask", "market": COND, "asset_id": YES, "best_bid": "0.4", "best_ask": "1",
         "spread": "0.6", "timestamp": "1"},
        {"event_type": "new_market", "id": "1", "market": "0x1", "tags": ["crypto"], "assets_ids": ["1"],
         "event_message": {"id": "1", "slug": "an-event"}, "timestamp": "1"},
        {"event_type": "market_resolved", "id": "1", "market": COND, "assets_ids": [YES, NO],
         "winning_asset_id": NO, "winning_outcome": "No", "timestamp": "1", "tags": []},
    ]  # fmt: skip
    book = {k: v for k, v in Invented.book().items() if k != "event_type"}
    closed = market(closed=True, outcomePrices='["1", "0"]', umaResolutionStatus="resolved")
    answers: list[tuple[str, str, Any]] = [
        ("gamma", GAMMA, {"events": [event()], "next_cursor": "n"}),
        ("gamma", "https://gamma-api.polymarket.com/events/slug/x", event(closed)),
        ("gamma", f"https://gamma-api.polymarket.com/markets?condition_ids={COND}", [closed]),
        ("clob", f"https://clob.polymarket.com/book?token_id={YES}", book),
        ("clob", "https://clob.polymarket.com/books", [book]),
        ("clob", "https://clob.polymarket.com/prices", {YES: {"BUY": "0.40", "SELL": "0.43"}}),
        ("clob", f"https://clob.polymarket.com/clob-markets/{COND}",
         {"c": COND, "t": [{"t": YES, "o": "Yes"}], "mos": 5, "mts": 0.01, "fd": {"r": 0.07, "e": 1, "to": True}}),
        ("data", f"https://data-api.polymarket.com/trades?market={COND}",
         [{"asset": YES, "conditionId": COND, "side": "BUY", "size": 5.4, "price": 0.43,
           "timestamp": T0 // SECOND, "transactionHash": "0x1"}]),
    ]  # fmt: skip
    told = [("polymarket.ws", None, json.dumps(each).encode()) for each in tell]
    return told + [(f"polymarket.{api}", url, json.dumps(body).encode()) for api, url, body in answers]


PAYLOADS = sounds()


def frame(source: str, data: bytes, url: str | None = None) -> Frame:
    return Frame(n=1, t=T0, s=source, d=msgspec.Raw(data), u=url)


def listening() -> PolymarketFeed:
    feed = PolymarketFeed()
    feed.receive(frame(*PAYLOADS[10][:1], PAYLOADS[10][2], GAMMA))
    feed.receive(frame("polymarket.ws", PAYLOADS[0][2]))
    return feed


def received(feed: PolymarketFeed, each: Frame) -> Sequence[Event] | None:
    """The one promise: events, or a FeedError."""
    try:
        events = feed.receive(each)
    except FeedError:
        return None
    assert all(isinstance(event, msgspec.Struct) for event in events)
    msgspec.json.encode(list(events))
    return events


@pytest.mark.parametrize(("source", "url", "data"), PAYLOADS)
def test_the_payloads_that_are_broken_below_are_sound(source: str, url: str | None, data: bytes) -> None:
    assert received(listening(), frame(source, data, url)) is not None


@pytest.mark.parametrize(("source", "url", "data"), PAYLOADS)
def test_no_truncation_is_read_as_something_else(source: str, url: str | None, data: bytes) -> None:
    """It is refused, or, where a doubt from the one before is owed, answered with that and nothing more."""
    feed = listening()
    for end in range(1, len(data), 1 + len(data) // 300):
        events = received(feed, frame(source, data[:end], url))
        assert events is None or {type(each) for each in events} <= {BookDoubt}


TOKENS = st.sampled_from(
    [b"null", b"true", b"-1", b"0", b"1e400", b"9" * 30, b'""', b'"x"', b"[]", b"{}", b'"1.5"', b'"-1.00"', b'"NaN"']
)  # fmt: skip


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_mutated_payloads_give_events_or_a_feed_error(data: st.DataObject) -> None:
    feed = listening()
    for _ in range(4):
        source, url, text = data.draw(st.sampled_from(PAYLOADS))
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        patch = data.draw(st.one_of(st.binary(max_size=6), TOKENS))
        received(feed, frame(source, text[:start] + patch + text[end:], url))
    feed.asks()
    feed.outgoing("polymarket.ws")
    feed.recall(feed.memory())


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path, *(p for key, each in value.items() for p in leaves(each, (*path, key)))]
    if isinstance(value, list):
        return [path, *(p for key, each in enumerate(value) for p in leaves(each, (*path, key)))]
    return [path]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_value_of_any_other_type_gives_events_or_a_feed_error(data: st.DataObject) -> None:
    source, url, text = data.draw(st.sampled_from(PAYLOADS))
    whole = msgspec.json.decode(text)
    path = data.draw(st.sampled_from(leaves(whole)))
    value = data.draw(JSON)
    if path:
        inner = whole
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
    else:
        whole = value
    received(listening(), frame(source, msgspec.json.encode(whole), url))


SOURCES = st.sampled_from([f"polymarket.{word}" for word in ("ws", "ws2", "gamma", "clob", "data")])


@given(st.binary(max_size=200), SOURCES, st.text(max_size=40), st.integers(0, 600))
def test_any_bytes_give_events_or_a_feed_error(data: bytes, source: str, url: str, status: int) -> None:
    received(listening(), Frame(n=1, t=1, s=source, d=msgspec.Raw(data), u=url, st=status))


def test_a_payload_reads_the_same_from_each_place() -> None:
    book = PAYLOADS[0][2]
    frames = [
        frame("polymarket.ws", book),
        Frame(n=1, t=T0, s="polymarket.ws", x=book.decode()),
        Frame(n=1, t=T0, s="polymarket.ws", b=base64.b64encode(book).decode()),
    ]
    told = []
    for each in frames:
        feed = PolymarketFeed()
        feed.receive(frame("polymarket.gamma", PAYLOADS[10][2], GAMMA))
        told.append(feed.receive(each))
    assert told[0] == told[1] == told[2]
    assert PolymarketFeed().receive(Frame(n=1, t=T0, s="polymarket.ws", x="PONG")) == []


def test_the_feed_is_a_venue() -> None:
    feed: Venue = PolymarketFeed()
    assert isinstance(feed, Venue)
    assert feed.outgoing("polymarket.ws") == []
    assert feed.asks() == []
    with pytest.raises(FeedError, match="does not read"):
        feed.receive(frame("kalshi.ws", b"{}"))


def test_a_feed_reads_the_sources_of_its_name() -> None:
    feed = PolymarketFeed("pm", tags=("nba",))
    feed.receive(frame("pm.gamma", PAYLOADS[10][2], GAMMA))
    assert len(feed.receive(frame("pm.ws3", PAYLOADS[0][2]))) == 3


# ---------------------------------------------------------------------- connections


def test_a_lost_socket_takes_its_books_with_it(live: Any) -> None:
    assert live.feed.lost("polymarket.gamma", T0) == []
    assert live.feed.lost("polymarket.ws2", T0) == []
    assert live.feed.lost("polymarket.ws", T0) == [BookDoubt(T0, COND, "connection lost")]
    assert live.feed.lost("polymarket.ws", T0) == []
    live.feed.reset("polymarket.ws")
    assert live.tell(live.change(("BUY", "0.40", "1"))) == []
    assert live.tell(live.book()) == []
    assert [type(each) for each in live.tell(b"PONG", t=T0 + 3 * SECOND)] == [BookSnapshot]


def test_a_socket_that_begins_anew_without_having_ended_does_too(live: Any) -> None:
    live.feed.keep([COND])
    live.feed.reset("polymarket.gamma")
    assert live.tell(live.change(("BUY", "0.40", "1"))) != []
    live.feed.reset("polymarket.ws")
    assert live.tell(live.book(ms=MS + 60)) == [BookDoubt(T0, COND, "connection began anew")]
    assert live.asked()[-1].startswith("https://data-api.polymarket.com/trades?")


def test_a_book_by_rest_does_not_stand_in_for_a_lost_socket(live: Any) -> None:
    live.feed.lost("polymarket.ws", T0)
    body = {k: v for k, v in live.book(ms=MS + 50).items() if k != "event_type"}
    assert live.answer("https://clob.polymarket.com/book", body) == []
    assert live.feed.census["dropped:answered book while its socket is away"] == 1


# ---------------------------------------------------------------------- memory


def test_a_feed_goes_on_from_what_another_remembers(live: Any) -> None:
    """What was told is not told again, the book is the same, and so are the prints and the outages."""
    live.tell(live.trade(transaction_hash="0xa"))
    live.feed.lost("polymarket.ws", T0)
    live.tell(live.book(ms=MS + 10), t=T0 + SECOND)
    other = Invented(PolymarketFeed(tags=("other",), watch=1))
    other.feed.recall(live.feed.memory())
    live.feed.recall(live.feed.memory())
    steps: list[Any] = [
        live.change(("BUY", "0.40", "7")),
        live.trade("0.57", token=NO, transaction_hash="0xa"),
        live.trade("0.43"),
        live.book(ms=MS + 20),
    ]
    for each in steps:
        assert other.tell(each) == live.tell(each)
    row = {"asset": YES, "conditionId": COND, "side": "BUY", "size": 1, "price": 0.4,
           "timestamp": T0 // SECOND, "transactionHash": "0xb"}  # fmt: skip
    url = "https://data-api.polymarket.com/trades"
    (told,) = other.answer(url, [row])
    assert live.answer(url, [row]) == [told]
    assert isinstance(told, Trade)
    assert not isinstance(other.page(event())[:1], MarketListed)


def test_an_owed_doubt_is_remembered(live: Any) -> None:
    with pytest.raises(FeedError):
        live.tell(b"{")
    other = Invented(PolymarketFeed())
    other.feed.recall(live.feed.memory())
    assert isinstance(other.tell(other.trade())[0], BookDoubt)
    with pytest.raises(msgspec.MsgspecError):
        other.feed.recall(b'{"no": 1}')


def test_only_what_may_be_heard_of_is_remembered(venue: Any) -> None:
    venue.page(event(market(), market("0x2", "3", "4", acceptingOrders=False)))
    assert b'"0x2"' not in venue.feed.memory()
    venue.feed.recall(venue.feed.memory())
    assert len(venue.tell(venue.book())) == 3


# ---------------------------------------------------------------------- the book


class Exchange:
    """A true book of eight prices a side, told, mistold and untold; and a taker of the events."""

    def __init__(self) -> None:
        self.venue = Invented(PolymarketFeed())
        self.venue.listed()
        self.sides: dict[str, dict[str, int]] = {"BUY": {"0.40": 5}, "SELL": {"0.50": 5}}
        self.old = self.whole()
        self.ms = MS
        self.mirror = Mirror()
        self.believed = False
        self.missed = False
        """Whether a change was kept from the feed since it last heard the whole book."""
        self.tell(self.whole(), whole=True)

    def tell(self, message: Any, *, whole: bool = False) -> None:
        self.take(self.venue.tell(message), whole=whole)

    def take(self, events: Sequence[Event], *, whole: bool = False) -> None:
        self.mirror.take(events)
        for each in events:
            if isinstance(each, BookDoubt):
                self.believed = False
            elif isinstance(each, BookSnapshot):
                self.believed = True
        if whole:
            self.missed = False

    def whole(self) -> dict[str, Any]:
        bids, asks = ({p: str(s) for p, s in self.sides[side].items()} for side in ("BUY", "SELL"))
        book = self.venue.book(ms=getattr(self, "ms", MS))
        book["bids"] = [{"price": p, "size": s} for p, s in bids.items()]
        book["asks"] = [{"price": p, "size": s} for p, s in asks.items()]
        return book

    def top(self) -> dict[str, str]:
        return {
            "best_bid": max(self.sides["BUY"], default="0"),
            "best_ask": min(self.sides["SELL"], default="1"),
        }

    def move(self, a: int, size: int) -> tuple[str, str, str]:
        side = "BUY" if a % 2 else "SELL"
        price = f"0.{40 - a // 2 % 8 if side == 'BUY' else 50 + a // 2 % 8}"
        if size:
            self.sides[side][price] = size
        else:
            self.sides[side].pop(price, None)
        return side, price, str(size)

    def step(self, what: int, a: int, size: int) -> None:
        self.ms += 1
        venue = self.venue
        venue.t += SECOND  # so that a book that waits for missed prints is told some steps later
        match what:
            case 0 | 1 | 2 | 3:
                entries = [self.move(a, size), self.move(a + what, size + what)]
                self.tell(venue.change(*entries, ms=self.ms, **self.top()))
                if self.believed:
                    assert self.tops() == (self.top_of("BUY", max), self.top_of("SELL", min))
            case 4:
                before = {side: dict(levels) for side, levels in self.sides.items()}
                self.move(a, size)
                self.missed = self.missed or before != self.sides
            case 5:
                self.tell(self.whole(), whole=True)
            case 6:
                body = {k: v for k, v in self.whole().items() if k != "event_type"}
                events = venue.answer("https://clob.polymarket.com/book", body)
                self.take(events, whole=any(isinstance(each, BookSnapshot) for each in events))
                self.old = self.whole()
            case 7:
                body = {k: v for k, v in self.old.items() if k != "event_type"}
                if int(body["timestamp"]) < self.ms - 1 and a % 2:
                    self.tell(venue.change(("BUY", "0.01", "0"), ms=self.ms))
                    assert venue.answer("https://clob.polymarket.com/book", body) == []
            case 8:
                self.take(venue.feed.lost("polymarket.ws", T0))
                assert not self.believed
                venue.feed.reset("polymarket.ws")
            case 9:
                entry = self.move(a, size)
                self.tell(
                    b"PONG"
                )  # what has waited long enough is told now, so that nothing hides the failure
                broken = venue.change(entry, ms=self.ms)
                broken["price_changes"][0]["price"] = "?"
                with pytest.raises(FeedError):
                    venue.tell(broken)
                self.tell(venue.trade(ms=self.ms))
                assert not self.believed
            case _:
                venue.feed.resnapshot(COND)
                self.believed = False

    def tops(self) -> tuple[int, int]:
        return max(self.mirror.sides[BID], default=0), min(self.mirror.sides[-BID], default=10_000)

    def top_of(self, side: str, best: Any) -> int:
        prices = [round(float(price) * 10_000) for price in self.sides[side]]
        return int(best(prices, default=0 if side == "BUY" else 10_000))

    def check(self) -> None:
        """Whoever believes the book holds the venue's, as plainly as two dicts can."""
        if self.believed and not self.missed:
            for word, side in (("BUY", BID), ("SELL", -BID)):
                true = {round(float(p) * 10_000): s * QTY for p, s in self.sides[word].items()}
                assert self.mirror.sides[side] == true


STEPS = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 31), st.integers(0, 4)), max_size=40)


@given(STEPS)
@settings(max_examples=200, deadline=None)
def test_a_believed_book_is_the_venues(steps: list[tuple[int, int, int]]) -> None:
    exchange = Exchange()
    for step in steps:
        exchange.step(*step)
        exchange.check()


def test_the_property_above_can_fail() -> None:
    """A taker that loses one delta does not hold the venue's book."""
    exchange = Exchange()
    exchange.step(0, 3, 2)
    exchange.check()
    exchange.mirror.take([BookDelta(0, 0, COND, BID, 3_500, QTY)])
    with pytest.raises(AssertionError):
        exchange.check()


def test_changes_to_a_book_that_nobody_was_told_are_not_told() -> None:
    exchange = Exchange()
    for what, a in ((8, 0), (1, 11), (5, 0), (0, 0), (10, 0), (0, 12)):
        exchange.step(what, a, 0)
        exchange.check()
    assert not exchange.believed
    for _ in range(8):  # the whole book is told, and its prints are waited for
        exchange.step(5, 0, 0)
        exchange.check()
    assert exchange.believed


def test_a_book_that_waits_is_not_told_once_it_is_wanted_anew() -> None:
    """Told late, it would be believed while the feed itself does not believe it."""
    exchange = Exchange()
    for what in (8, 5, 10, 0, 9):
        exchange.step(what, 0, 0)
    assert not exchange.believed
