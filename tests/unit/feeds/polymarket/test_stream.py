"""Messages of the market socket, each kind and shape."""

from collections.abc import Sequence
from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import (
    BookDelta,
    BookDoubt,
    BookSnapshot,
    Event,
    EventListed,
    MarketListed,
    MarketSettled,
    Quote,
    Trade,
)
from cockpit.domain.markets import PriceBand, SettlementState
from cockpit.domain.units import ASK, BID, PRICE, QTY

from .conftest import COND, MS, NO, T0, YES  # noqa: TID252  the tests are no package

EX = MS * 1_000_000


def kinds(events: Sequence[Event]) -> list[type]:
    return [type(each) for each in events]


def test_the_first_book_tells_of_the_event_and_the_market_as_well(venue: Any) -> None:
    venue.listed()
    listed, told, book = venue.tell(venue.book())
    assert isinstance(listed, EventListed)
    assert isinstance(told, MarketListed)
    assert listed.group.ticker == told.market.event == "700001"
    assert told.market.ticker == COND
    assert book == BookSnapshot(
        T0, EX, COND, ((4_000, 100 * QTY), (3_900, 50_500_000)), ((4_500, 30 * QTY), (4_300, 20 * QTY))
    )


def test_sizes_are_absolute(live: Any) -> None:
    told = live.tell(live.change(("BUY", "0.40", "120"), ("SELL", "0.43", "5"), ("BUY", "0.38", "7")))
    assert told == [
        BookDelta(T0, EX + 5_000_000, COND, BID, 4_000, 20 * QTY),
        BookDelta(T0, EX + 5_000_000, COND, ASK, 4_300, -15 * QTY),
        BookDelta(T0, EX + 5_000_000, COND, BID, 3_800, 7 * QTY),
    ]
    assert live.tell(live.change(("BUY", "0.40", "120"))) == []
    assert live.tell(live.change(("BUY", ".40", "0"))) == [
        BookDelta(T0, EX + 5_000_000, COND, BID, 4_000, -120 * QTY)
    ]


def test_the_other_token_says_the_same_again(live: Any) -> None:
    """A YES bid at 41 is a NO ask at 59: one message has both, and one of them is a change of the book."""
    message = live.change(("BUY", "0.41", "9"))
    message["price_changes"] += live.change(("SELL", "0.59", "9"), token=NO)["price_changes"]
    assert live.tell(message) == [BookDelta(T0, EX + 5_000_000, COND, BID, 4_100, 9 * QTY)]
    assert live.tell(live.book(token=NO)) == []


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_list_is_read_in_order(live: Any, wrapped: bool) -> None:
    messages = [live.change(("BUY", "0.40", "90")), live.trade(size="10"), live.change(("BUY", "0.40", "80"))]
    told = live.tell(messages) if wrapped else [each for message in messages for each in live.tell(message)]
    assert kinds(told) == [BookDelta, Trade, BookDelta]


@pytest.mark.parametrize("word", [b"PONG", b"[]", b""])
def test_what_says_nothing(live: Any, word: bytes) -> None:
    assert live.tell(word) == []
    assert not live.feed.census


def test_old_shapes_of_a_change(live: Any) -> None:
    """Before 15 September 2025, and before that."""
    changes = [
        {"price": "0.40", "side": "BUY", "size": "101"},
        {"price": "0.45", "side": "SELL", "size": "31"},
    ]
    old = {"event_type": "price_change", "asset_id": YES, "market": COND, "hash": "h", "timestamp": str(MS)}
    assert live.tell({**old, "changes": changes}) == [
        BookDelta(T0, EX, COND, BID, 4_000, QTY),
        BookDelta(T0, EX, COND, ASK, 4_500, QTY),
    ]
    assert live.tell({**old, "price": "0.40", "side": "BUY", "size": "100"}) == [
        BookDelta(T0, EX, COND, BID, 4_000, -QTY)
    ]
    with pytest.raises(FeedError, match="without changes"):
        live.tell(old)


def test_a_later_whole_book_is_told_as_what_it_changes(live: Any) -> None:
    told = live.tell(live.book({"0.40": "60", "0.39": "50.5"}, {"0.45": "30", "0.44": "1"}, ms=MS + 9))
    ex = EX + 9_000_000
    assert told == [
        BookDelta(T0, ex, COND, BID, 4_000, -40 * QTY),
        BookDelta(T0, ex, COND, ASK, 4_300, -20 * QTY),
        BookDelta(T0, ex, COND, ASK, 4_400, QTY),
    ]


def test_a_whole_book_that_differs_everywhere_is_told_whole(live: Any) -> None:
    many = {f"0.{n:03}": "1" for n in range(100, 160)}
    assert kinds(live.tell(live.book(many))) == [BookSnapshot]


def test_a_change_before_the_book_is_dropped(venue: Any) -> None:
    venue.listed()
    assert venue.tell(venue.change(("BUY", "0.40", "1"))) == []
    assert venue.feed.census["dropped:change without a book"] == 1


def test_tokens_nobody_listed_are_dropped(live: Any) -> None:
    for message in (live.book(token="1"), live.change(("BUY", "0.4", "1"), token="1"), live.trade(token="1")):
        assert live.tell(message) == []
    assert live.feed.census["dropped:token nobody listed"] == 3


# ---------------------------------------------------------------------- checks


def test_a_top_that_differs_is_a_doubt_and_a_question(live: Any) -> None:
    told = live.tell(live.change(("BUY", "0.39", "60"), best_bid="0.41", best_ask="0.43"))
    assert kinds(told) == [BookDelta, BookDoubt]
    assert live.asked() == [f"https://clob.polymarket.com/book?token_id={YES}"]
    again = live.tell(live.change(("BUY", "0.39", "70"), best_bid="0.41", best_ask="0.43"))
    assert kinds(again) == [BookDelta]
    assert live.asked() == []
    assert kinds(live.tell(live.book(ms=MS + 50))) == [BookSnapshot]


def test_the_top_is_compared_after_all_of_a_message(live: Any) -> None:
    """The first change alone would leave the best bid at 39."""
    message = live.change(("BUY", "0.40", "0"), ("BUY", "0.41", "5"), best_bid="0.41", best_ask="0.43")
    assert kinds(live.tell(message)) == [BookDelta, BookDelta]


@pytest.mark.parametrize(("bid", "ask"), [("0", "1"), ("", ""), ("0.00", "0")])
def test_an_empty_side_has_no_price(live: Any, bid: str, ask: str) -> None:
    """However it is stated."""
    emptied = live.change(
        ("BUY", "0.40", "0"), ("BUY", "0.39", "0"), ("SELL", "0.43", "0"), ("SELL", "0.45", "0"),
        best_bid=bid, best_ask=ask,
    )  # fmt: skip
    assert kinds(live.tell(emptied)) == [BookDelta] * 4


def test_the_hash_of_a_book(live: Any) -> None:
    for n in range(3):
        assert live.tell(live.hashed(live.book(ms=MS + n))) == []
    wrong = {**live.hashed(live.book(ms=MS + 4)), "hash": "0" * 40}
    assert kinds(live.tell(wrong)) == [BookDoubt]
    assert live.feed.census["book:hash differs"] == 1
    assert len(live.asked()) == 1
    assert kinds(live.tell(live.hashed(live.book(ms=MS + 5)))) == [BookSnapshot]


def test_a_hash_that_was_never_right_says_nothing_of_the_book(live: Any) -> None:
    for n in range(5):
        wrong = {**live.hashed(live.book(ms=MS + n)), "hash": "0" * 40}
        assert live.tell(wrong) == []
    assert live.feed.census["book:hash differs"] == 5


def test_a_new_tick_voids_the_book(live: Any) -> None:
    change = {
        "event_type": "tick_size_change", "asset_id": YES, "market": COND, "old_tick_size": "0.01",
        "new_tick_size": "0.001", "timestamp": str(MS),
    }  # fmt: skip
    listed, doubt = live.tell(change)
    assert listed.market.grid == (PriceBand(0, PRICE, 10),)
    assert doubt == BookDoubt(T0, COND, "tick size changed")
    assert live.tell({**change, "asset_id": NO}) == []
    assert live.tell(live.change(("BUY", "0.404", "1"))) == []
    assert kinds(live.tell(live.book({"0.404": "1"}))) == [BookSnapshot]


def test_a_book_states_its_tick(live: Any) -> None:
    told = live.tell(live.book(tick_size="0.001"))
    assert [each.market.grid for each in told] == [(PriceBand(0, PRICE, 10),)]


# ---------------------------------------------------------------------- the rest


def test_a_print(live: Any) -> None:
    assert live.tell(live.trade(transaction_hash="0xf")) == [
        Trade(T0, EX, COND, 4_300, 10 * QTY, BID, id="0xf")
    ]


def test_a_top_of_book_carries_the_sizes_we_hold(live: Any) -> None:
    best = {
        "event_type": "best_bid_ask", "market": COND, "asset_id": YES, "best_bid": "0.40",
        "best_ask": "0.42", "spread": "0.02", "timestamp": str(MS),
    }  # fmt: skip
    assert live.tell(best) == [Quote(T0, EX, COND, 4_000, 100 * QTY, 4_200, 0)]
    assert live.tell({**best, "asset_id": NO}) == []
    assert live.tell({**best, "best_bid": "0", "best_ask": "1"}) == [Quote(T0, EX, COND, 0, 0, PRICE, 0)]
    live.feed.lost("polymarket.ws", T0)
    assert live.tell(best) == [Quote(T0, EX, COND, 4_000, 0, 4_200, 0)]


@pytest.mark.parametrize(("token", "value"), [(YES, PRICE), (NO, 0)])
def test_an_outcome(live: Any, token: str, value: int) -> None:
    told = {
        "event_type": "market_resolved", "id": "1", "market": COND, "assets_ids": [YES, NO],
        "winning_asset_id": token, "winning_outcome": "x", "timestamp": str(MS), "tags": [],
    }  # fmt: skip
    assert live.tell(told) == [MarketSettled(T0, COND, SettlementState.FINAL, value)]
    assert live.tell(told) == []


def test_an_outcome_without_a_winner_is_looked_up(live: Any) -> None:
    told = {
        "event_type": "market_resolved", "market": COND, "assets_ids": [YES, NO], "winning_asset_id": "",
        "winning_outcome": "", "timestamp": str(MS),
    }  # fmt: skip
    assert live.tell(told) == []
    assert [url.split("?")[0] for url in live.asked()] == ["https://gamma-api.polymarket.com/markets"]


@pytest.mark.parametrize(("tags", "urls"), [(["crypto"], 1), (["stocks"], 0), (None, 0)])
def test_new_markets_of_our_tags_are_read_at_once(live: Any, tags: list[str] | None, urls: int) -> None:
    new = {"event_type": "new_market", "market": "0x9", "event_message": {"id": "5", "slug": "some-event"}}
    assert live.tell({**new, "tags": tags}) == []
    assert live.asked() == ["https://gamma-api.polymarket.com/events/slug/some-event"] * urls


def test_an_unknown_message_is_counted(live: Any) -> None:
    assert live.tell({"event_type": "weather", "market": COND}) == []
    assert live.tell([{"event_type": "weather"}, live.change(("BUY", "0.40", "1"))]) != []
    assert live.feed.census["type:weather"] == 2


# ---------------------------------------------------------------------- what cannot be read


def test_what_can_be_read_of_a_list_is(live: Any) -> None:
    """The change that could not be read is missing from the book, which is doubted in the same breath."""
    bad = live.change(("BUY", "zero", "1"))
    told = live.tell([live.trade(), bad, live.trade(price="0.44")])
    assert kinds(told) == [Trade, Trade, BookDoubt]
    assert any(key.startswith("unreadable:") for key in live.feed.census)


@pytest.mark.parametrize(
    "wrong",
    [
        b'{"event_type":"price_change","market":"' + COND.encode() + b'","price_changes":[{}]}',
        b"{",
        b"[",
    ],
)
def test_a_frame_that_cannot_be_read_casts_doubt_on_the_books(live: Any, wrong: bytes) -> None:
    with pytest.raises(FeedError):
        live.tell(wrong)
    assert kinds(live.tell(live.trade())) == [BookDoubt, Trade]
    assert kinds(live.tell(live.trade(price="0.44"))) == [Trade]


@pytest.mark.parametrize("wrong", [b"INVALID OPERATION", b'{"no":"type"}', {"size": "0"}, {"price": "2"}])
def test_what_changes_no_book_casts_none(live: Any, wrong: Any) -> None:
    with pytest.raises(FeedError):
        live.tell(wrong if isinstance(wrong, bytes) else live.trade(**wrong))
    assert kinds(live.tell(live.trade())) == [Trade]
