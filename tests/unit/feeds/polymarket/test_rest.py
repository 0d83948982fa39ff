"""Books, prices and refusals over HTTP."""

from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import BookDoubt, BookSnapshot, MarketListed
from cockpit.domain.units import QTY

from .conftest import COND, MS, NO, T0, YES  # noqa: TID252  the tests are no package

BOOK = f"https://clob.polymarket.com/book?token_id={YES}"
PRICES = "https://clob.polymarket.com/prices"


def body(live: Any, ms: int = MS + 100, **more: Any) -> dict[str, Any]:
    book: dict[str, Any] = {k: v for k, v in live.book(ms=ms).items() if k != "event_type"}
    return {**book, "min_order_size": "5", "tick_size": "0.01", "neg_risk": False, "hash": "", **more}


@pytest.fixture
def doubted(live: Any) -> Any:
    live.tell(live.change(("BUY", "0.39", "60"), best_bid="0.42", best_ask="0.43"))
    live.asked()
    return live


def kinds(events: Any) -> list[type]:
    return [type(each) for each in events]


def test_an_answered_book_is_told_whole(doubted: Any) -> None:
    (told,) = doubted.answer(BOOK, body(doubted))
    assert isinstance(told, BookSnapshot)
    assert (told.ex, dict(told.bids)) == (
        (MS + 100) * 1_000_000, {4_000: 100 * QTY, 3_900: 50_500_000},
    )  # fmt: skip


def test_several_at_once(doubted: Any) -> None:
    several = [body(doubted), body(doubted, asset_id=NO), body(doubted, asset_id="3")]
    assert kinds(doubted.answer("https://clob.polymarket.com/books", several)) == [BookSnapshot]


def test_a_book_older_than_the_socket_is_not_taken_and_the_token_is_subscribed_anew(doubted: Any) -> None:
    assert doubted.answer(BOOK, body(doubted, ms=MS + 1)) == []
    assert doubted.feed.census["dropped:answered book is older"] == 1
    again, more = doubted.sent()
    assert again == {"operation": "unsubscribe", "assets_ids": [YES]}
    assert more == {"operation": "subscribe", "assets_ids": [YES], "custom_feature_enabled": True}
    assert doubted.sent() == []
    assert kinds(doubted.tell(doubted.book(ms=MS + 200))) == [BookSnapshot]


def test_a_book_before_the_socket_has_said_anything_is_taken(venue: Any) -> None:
    venue.listed()
    assert kinds(venue.answer(BOOK, body(venue)))[-2:] == [MarketListed, BookSnapshot]


def test_whoever_does_not_believe_us_is_told_the_whole_book(live: Any) -> None:
    """Though nothing differs here."""
    assert live.tell(live.book(ms=MS + 1)) == []
    live.feed.resnapshot(COND)
    assert live.asked() == [BOOK]
    assert kinds(live.answer(BOOK, body(live))) == [BookSnapshot]
    assert live.tell(live.book(ms=MS + 200)) == []


def shell(live: Any, **more: Any) -> dict[str, Any]:
    ends = {"bids": [{"price": "0.01", "size": "900"}], "asks": [{"price": "0.99", "size": "900"}]}
    return body(live, **ends, **more)


def test_an_empty_shell_is_held_against_the_prices(doubted: Any) -> None:
    assert doubted.answer(BOOK, shell(doubted)) == []
    (poll,) = doubted.feed.asks()
    assert poll.url == PRICES
    assert YES.encode() in poll.body
    assert doubted.answer(PRICES, {YES: {"BUY": "0.40", "SELL": "0.43"}}) == []
    assert doubted.feed.census["book:empty shell"] == 1
    assert len(doubted.sent()) == 2


@pytest.mark.parametrize("stated", [{"BUY": "0.01", "SELL": "0.99"}, {"BUY": "0.99", "SELL": ".01"}])
def test_a_book_that_is_as_thin_as_it_looks(doubted: Any, stated: dict[str, str]) -> None:
    doubted.answer(BOOK, shell(doubted))
    assert kinds(doubted.answer(PRICES, {YES: stated})) == [BookSnapshot]
    assert doubted.answer(PRICES, {YES: stated}) == []


def test_a_book_that_is_empty(doubted: Any) -> None:
    assert doubted.answer(BOOK, body(doubted, bids=[], asks=None)) == []
    assert kinds(doubted.answer(PRICES, {YES: {}})) == [BookSnapshot]


def test_a_book_with_a_wrong_hash_is_asked_for_again(live: Any) -> None:
    for n in range(3):
        live.tell(live.hashed(live.book(ms=MS + n)))
    live.feed.resnapshot(COND)
    live.asked()
    wrong = {**live.hashed(live.book(ms=MS + 9)), "hash": "f" * 40}
    assert live.answer(BOOK, wrong) == []
    assert live.asked() == [BOOK]
    assert kinds(live.answer(BOOK, live.hashed(live.book(ms=MS + 9)))) == [BookSnapshot]


def test_a_book_brings_its_tick(doubted: Any) -> None:
    told = doubted.answer(BOOK, body(doubted, tick_size="0.001"))
    assert kinds(told) == [MarketListed, BookSnapshot]


@pytest.mark.parametrize(
    "change",
    [{"bids": [{"price": "2", "size": "1"}]}, {"timestamp": "soon"}, {"asks": 3}, {"tick_size": "x"}],
)
def test_a_book_out_of_shape_is_a_feed_error(doubted: Any, change: dict[str, Any]) -> None:
    with pytest.raises(FeedError):
        doubted.answer(BOOK, body(doubted, **change))
    assert kinds(doubted.answer(BOOK, body(doubted))) == [BookSnapshot]


# ---------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("status", "data", "words"),
    [
        (404, b'{"error":"No orderbook exists"}', "HTTP 404: No orderbook exists"),
        (422, b'{"type":"x","message":"bad limit"}', "HTTP 422: bad limit"),
        (429, b"<html><body>Slow down</body></html>", "HTTP 429: a web page"),
        (500, b"oops", "HTTP 500: oops"),
        (503, b"", "HTTP 503"),
        (0, b"connection refused", "no answer: connection refused"),
    ],
)
def test_a_refusal_in_the_venues_words(live: Any, status: int, data: bytes, words: str) -> None:
    with pytest.raises(FeedError) as told:
        live.answer(BOOK, data, st=status)
    assert str(told.value) == f"polymarket.clob: {words}"


def test_answers_nobody_reads_are_counted(live: Any) -> None:
    assert live.answer("https://clob.polymarket.com/tick-size?token_id=1", {"minimum_tick_size": 0.01}) == []
    assert live.answer("https://gamma-api.polymarket.com/", {}) == []
    assert live.feed.census == {"url:tick-size": 1, "url:missing": 1}


def test_a_doubt_owed_is_told_even_when_the_answer_is_a_refusal(live: Any) -> None:
    live.feed.reset("polymarket.ws")
    told = live.answer(BOOK, b"oops", st=500)
    assert told == [BookDoubt(T0, COND, "connection began anew")]
    with pytest.raises(FeedError):
        live.answer(BOOK, b"oops", st=500)
