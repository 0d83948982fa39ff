"""Prints of two tapes, and those that were missed."""

from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import BookDelta, BookDoubt, BookSnapshot, Trade
from cockpit.domain.units import ASK, BID, QTY
from cockpit.feeds.polymarket.feed import PolymarketFeed
from cockpit.feeds.polymarket.waiting import WAIT_NS

from .conftest import COND, MS, NO, SECOND, T0, YES  # noqa: TID252  the tests are no package

URL = f"https://data-api.polymarket.com/trades?market={COND}&limit=500"


def test_a_print_of_the_other_token_is_turned_round(live: Any) -> None:
    """Who buys NO at 57 sells YES at 43."""
    (told,) = live.tell(live.trade("0.57", token=NO))
    assert (told.price, told.taker) == (4_300, ASK)
    (told,) = live.tell(live.trade("0.57", "11", side="SELL", token=NO))
    assert (told.price, told.taker) == (4_300, BID)


@pytest.mark.parametrize("tx", [{}, {"transaction_hash": "0xaa"}])
@pytest.mark.parametrize("side", ["BUY", "SELL"])
def test_a_print_on_both_tapes_is_told_once(live: Any, tx: dict[str, str], side: str) -> None:
    assert len(live.tell(live.trade("0.43", **tx))) == 1
    assert live.tell(live.trade("0.57", token=NO, side=side, **tx)) == []
    assert live.feed.census["print:on both tapes"] == 1


def test_two_equal_prints_of_one_tape_are_two(live: Any) -> None:
    told = [*live.tell(live.trade()), *live.tell(live.trade())]
    assert len(told) == 2
    for _ in range(2):
        assert live.tell(live.trade("0.57", token=NO)) == []
    assert len(live.tell(live.trade("0.57", token=NO))) == 1


def test_prints_of_other_moments_sizes_or_prices_are_others(live: Any) -> None:
    others = [{"ms": MS + 1}, {"size": "9"}, {"price": "0.58"}, {"transaction_hash": "0xb"}]
    assert len(live.tell(live.trade())) == 1
    for each in others:
        assert len(live.tell(live.trade(**{"price": "0.57", **each}, token=NO))) == 1


# ---------------------------------------------------------------------- after an outage


def row(price: float = 0.43, size: float = 10, second: int = 5, **more: Any) -> dict[str, Any]:
    return {
        "proxyWallet": "0x1",
        "side": "BUY",
        "asset": YES,
        "conditionId": COND,
        "size": size,
        "price": price,
        "timestamp": T0 // SECOND + second,
        "transactionHash": f"0x{second}",
        **more,
    }


@pytest.fixture
def waits(live: Any) -> Any:
    """The socket was lost 2 s after the start; its book is told again 8 s later and waits for the missed prints."""
    live.feed.keep([COND])
    live.asked()
    live.tell(live.trade(ms=MS + 2_000), t=T0 + 2 * SECOND)
    live.feed.lost("polymarket.ws", T0 + 3 * SECOND)
    live.feed.reset("polymarket.ws")
    live.t = T0 + 10 * SECOND
    assert live.tell(live.book(ms=MS + 10_000)) == []
    return live


@pytest.fixture
def back(waits: Any) -> Any:
    """The same, when the book has been told."""
    assert [type(each) for each in waits.tell(b"PONG", t=waits.t + WAIT_NS)] == [BookSnapshot]
    return waits


def test_missed_prints_are_asked_for_when_the_book_is_back(waits: Any) -> None:
    assert waits.asked() == [URL]
    assert waits.tell(waits.book(ms=MS + 10_001)) == []
    assert waits.asked() == []


def test_where_nobody_is_in_prints_are_asked_for_later_only(live: Any) -> None:
    live.asked()
    live.feed.lost("polymarket.ws", T0 + 3 * SECOND)
    live.feed.reset("polymarket.ws")
    assert live.tell(live.book(ms=MS + 10_000)) == []
    assert live.asked() == []


def test_prints_then_the_book_then_what_followed(waits: Any) -> None:
    assert waits.tell(waits.change(("BUY", "0.40", "7"), ms=MS + 10_100)) == []
    assert waits.tell(waits.trade("0.44", "1", ms=MS + 10_200, transaction_hash="0xe")) == []
    waits.t += SECOND
    told = waits.answer(URL, [row(second=7), row(second=5)])
    assert [type(each) for each in told] == [Trade, Trade, BookSnapshot, BookDelta, Trade]
    assert [each.backfill for each in told if isinstance(each, Trade)] == [True, True, False]
    assert {each.ts for each in told} == {waits.t}
    assert [type(each) for each in waits.tell(waits.change(("BUY", "0.40", "8"), ms=MS + 11_000))] == [
        BookDelta
    ]


@pytest.mark.parametrize("status", [0, 429, 500])
def test_a_question_for_prints_that_fails_lets_the_book_come(waits: Any, status: int) -> None:
    assert [type(each) for each in waits.answer(URL, {}, st=status)] == [BookSnapshot]


def test_a_book_that_waits_when_its_socket_is_lost_again_is_not_told(waits: Any) -> None:
    waits.tell(waits.trade("0.44", "1", ms=MS + 10_200, transaction_hash="0xe"))
    told = waits.feed.lost("polymarket.ws", waits.t + SECOND)
    assert [type(each) for each in told] == [Trade, BookDoubt]
    waits.feed.reset("polymarket.ws")
    waits.t += 20 * SECOND
    waits.tell(waits.book(ms=MS + 30_000))
    told = waits.answer(URL, [row(second=25), row(second=5)])
    assert [type(each) for each in told] == [Trade, Trade, BookSnapshot]


def test_what_waits_is_remembered_and_asks_for_nothing_it_needs(waits: Any) -> None:
    """What is told follows from the frames alone: a reader that keeps nothing says the same."""
    other = type(waits)(PolymarketFeed())
    other.feed.recall(waits.feed.memory())
    waits.feed.recall(waits.feed.memory())
    other.t = waits.t
    steps: list[Any] = [
        lambda v: v.tell(v.change(("BUY", "0.40", "7"), ms=MS + 10_100)),
        lambda v: v.answer(URL, [row(second=5)], t=T0 + 11 * SECOND),
        lambda v: v.feed.lost("polymarket.ws", T0 + 12 * SECOND),
        lambda v: v.feed.reset("polymarket.ws"),
        lambda v: v.tell(v.book(ms=MS + 13_000), t=T0 + 13 * SECOND),
        lambda v: v.tell(v.trade("0.44", "1", ms=MS + 14_000), t=T0 + 14 * SECOND),
        lambda v: v.tell(b"PONG", t=T0 + 16 * SECOND),
    ]
    told = [(step(waits), step(other)) for step in steps]
    assert all(mine == theirs for mine, theirs in told)
    assert [type(each) for each in told[-1][0]] == [BookSnapshot, Trade]


def test_missed_prints_are_told_oldest_first_in_exact_numbers(back: Any) -> None:
    told = back.answer(URL, [row(0.57, 0.1, 7, asset=NO), row(0.441, 85.36, 5, side="SELL")])
    assert told == [
        Trade(back.t, T0 + 5 * SECOND, COND, 4_410, 85_360_000, ASK, id=f"0x5/{YES}/0", backfill=True),
        Trade(back.t, T0 + 7 * SECOND, COND, 4_300, QTY // 10, ASK, id=f"0x7/{NO}/0", backfill=True),
    ]
    assert back.answer(URL, [row(0.57, 0.1, 7, asset=NO)]) == []


def test_an_outage_begins_with_the_last_word_not_with_the_last_answer_to_a_ping(live: Any) -> None:
    """A frozen connection answers pings for as long as it is held."""
    live.tell(live.trade(), t=T0)
    for second in range(10, 60, 10):
        live.tell(b"PONG", t=T0 + second * SECOND)
    live.feed.lost("polymarket.ws", T0 + 60 * SECOND)
    live.feed.reset("polymarket.ws")
    live.t = T0 + 61 * SECOND
    live.tell(live.book(ms=MS + 61_000))
    assert isinstance(live.answer(URL, [row(second=30)])[0], Trade)


def test_prints_before_and_after_the_outage_are_not_missed_ones(back: Any) -> None:
    assert back.answer(URL, [row(second=60), row(second=0)]) == []
    assert back.feed.census["print:fetched, not of an outage"] == 2


def test_prints_told_by_the_socket_are_known(back: Any) -> None:
    """By their second where the socket stated no transaction, and by their transaction where it did."""
    assert back.answer(URL, [row(second=2)]) == []
    back.tell(back.trade("0.44", ms=MS + 10_500, transaction_hash="0x10"))
    assert back.answer(URL, [row(0.44, second=11, transactionHash="0x10")]) == []


def test_several_prints_of_one_transaction_are_numbered(back: Any) -> None:
    told = back.answer(URL, [row(0.44, 2), row(0.43, 1), row(0.43, 1)])
    assert [(each.price, each.id[-1]) for each in told] == [(4_300, "0"), (4_300, "1"), (4_400, "2")]


def test_a_print_on_both_tapes_is_fetched_once(back: Any) -> None:
    told = back.answer(URL, [row(0.57, asset=NO, side="SELL"), row(0.43)])
    assert [(each.price, each.taker) for each in told] == [(4_300, BID)]


def test_prints_of_others_are_passed_over(back: Any) -> None:
    assert back.answer(URL, [row(asset="5", conditionId="0x5")]) == []


@pytest.mark.parametrize("change", [{"side": "HOLD"}, {"size": 0}, {"price": 1.5}, {"timestamp": -1}])
def test_a_row_out_of_shape_is_a_feed_error(back: Any, change: dict[str, Any]) -> None:
    with pytest.raises(FeedError):
        back.answer(URL, [row(**change)])


@pytest.mark.parametrize(
    "change", [{"side": "HOLD"}, {"size": 0}, {"timestamp": -1}, {"asset": None}, {"price": "x"}]
)
def test_a_row_out_of_shape_spares_the_others(back: Any, change: dict[str, Any]) -> None:
    assert len(back.answer(URL, [row(second=6), row(**change)])) == 1
    assert [key for key in back.feed.census if key.startswith("unreadable:")]


def test_without_an_outage_nothing_is_missing(live: Any) -> None:
    assert live.answer(URL, [row()]) == []


def test_missed_prints_are_asked_for_once_more_with_the_next_listings(back: Any) -> None:
    """The data API is late."""
    back.asked()
    back.page(t=T0 + 60 * SECOND)
    assert back.asked().count(URL) == 1
    back.page(t=T0 + 120 * SECOND)
    assert URL not in back.asked()
