"""Prints of two tapes, and those that were missed."""

from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import Trade
from cockpit.domain.units import ASK, BID, QTY

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
def back(live: Any) -> Any:
    """The socket was lost 2 s after the start, and its book is told again 8 s later."""
    live.tell(live.trade(ms=MS + 2_000), t=T0 + 2 * SECOND)
    live.feed.lost("polymarket.ws", T0 + 3 * SECOND)
    live.feed.reset("polymarket.ws")
    live.t = T0 + 10 * SECOND
    live.tell(live.book(ms=MS + 10_000))
    return live


def test_missed_prints_are_asked_for_when_the_book_is_back(back: Any) -> None:
    assert back.asked() == [URL]
    live = back.tell(back.book(ms=MS + 10_001))
    assert live == []
    assert back.asked() == []


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
    assert len(live.answer(URL, [row(second=30)])) == 1


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


def test_without_an_outage_nothing_is_missing(live: Any) -> None:
    assert live.answer(URL, [row()]) == []


def test_missed_prints_are_asked_for_once_more_with_the_next_listings(back: Any) -> None:
    """The data API is late."""
    back.asked()
    back.page(t=T0 + 60 * SECOND)
    assert back.asked().count(URL) == 1
    back.page(t=T0 + 120 * SECOND)
    assert URL not in back.asked()
