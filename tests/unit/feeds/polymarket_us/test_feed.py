"""The gateway's turns, books, outcomes, and the promises of every feed."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import (
    BookDoubt,
    BookSnapshot,
    Event,
    EventListed,
    IndexTick,
    MarketListed,
    MarketSettled,
)
from cockpit.domain.markets import SettlementState
from cockpit.domain.units import PRICE, QTY
from cockpit.feeds.base import Frame, Poll, Venue
from cockpit.feeds.polymarket_us.feed import PolymarketUsFeed

from .conftest import GATEWAY, SECOND, SLUG, T0, Gateway, market, terms, usd  # noqa: TID252  the tests are no package

MINUTE = 60 * SECOND


def kinds(events: Sequence[Event]) -> list[type]:
    return [type(each) for each in events]


# ---------------------------------------------------------------------- turns


def test_one_question_in_ten_seconds() -> None:
    feed = PolymarketUsFeed()
    assert feed.budget.per_s == 0.1
    assert feed.budget.burst == 1.0
    assert feed.requests() == [
        Poll(
            "polymarket_us.gateway",
            f"{GATEWAY}/v1/markets?categories=crypto&closed=false&limit=100&offset=0",
            600 * SECOND,
        )
    ]
    assert feed.asks() == []


def turns(gateway: Gateway, count: int) -> list[str]:
    """Answer what is asked, one after the other, ten seconds apart; the kinds of questions."""
    asked = []
    for _ in range(count):
        url = gateway.ask()
        assert url
        assert gateway.ask() == ""
        gateway.t += 10 * SECOND
        if "history" in url:
            gateway.answer(url, {"series": []})
        elif url.endswith("book"):
            gateway.book(url.split("/")[-2])
        elif url.endswith("settlement"):
            gateway.answer(url, b"{}", st=404)
        else:
            gateway.answer(url, {"markets": []})
        asked.append(url.removeprefix(f"{GATEWAY}/v1/").partition("&")[0])
    return asked


def test_the_index_has_every_other_turn_and_the_books_share_the_rest(gateway: Gateway) -> None:
    gateway.page(market("a"), market("b"))
    index = "asset-prices/history?assets=crypto:btc"
    assert turns(gateway, 8) == [
        index, "markets/a/book", index, "markets/b/book", index, "markets?slug=a", index, "markets/a/book",
    ]  # fmt: skip


def test_without_an_index_all_turns_are_the_rests() -> None:
    gateway = Gateway(PolymarketUsFeed(index=False, categories=("crypto", "nba")))
    gateway.page(market("a"))
    assert turns(gateway, 3) == ["markets/a/book", "markets?slug=a", "markets/a/book"]


def test_without_listings_the_index_goes_on() -> None:
    gateway = Gateway(PolymarketUsFeed(categories=()))
    (poll,) = gateway.feed.requests()
    assert isinstance(poll, Poll)
    assert (poll.url, poll.every_ns) == (f"{GATEWAY}/v1/markets?limit=1", MINUTE)
    gateway.answer(poll.url, {"markets": []})
    assert set(turns(gateway, 4)) == {"asset-prices/history?assets=crypto:btc"}


def test_an_answer_that_never_comes_stops_nothing_for_long(gateway: Gateway) -> None:
    gateway.page(market())
    assert gateway.ask()
    gateway.page(market(), t=T0 + 4 * MINUTE)
    assert not gateway.ask()
    gateway.page(market(), t=T0 + 6 * MINUTE)
    assert gateway.ask()


@pytest.mark.parametrize(("status", "data"), [(0, b"timed out"), (429, b"<html>"), (500, b"{}")])
def test_a_refusal_is_an_answer_too(gateway: Gateway, status: int, data: bytes) -> None:
    gateway.page(market())
    url = gateway.ask()
    with pytest.raises(FeedError):
        gateway.answer(url, data, st=status)
    assert gateway.ask()


def test_full_pages_have_a_next(gateway: Gateway) -> None:
    gateway.page(*(market(f"m{n}", status="MARKET_STATUS_HALTED") for n in range(100)))
    assert turns(gateway, 2)[1] == "markets?categories=crypto"
    assert turns(gateway, 4).count("markets?categories=crypto") == 0


def test_the_soonest_and_nearest_of_every_series_are_read() -> None:
    gateway = Gateway(PolymarketUsFeed(index=False, watch=3))

    def rung(slug: str, bid: str, **about: Any) -> dict[str, Any]:
        ladder = terms("ABOVE_BELOW", horizon="1h", strike=usd("84000"), **about)
        return market(slug, ladder, bestBidQuote=usd(bid), bestAskQuote=usd(bid))

    gateway.page(
        rung("far", "0.02"), rung("near", "0.48"), rung("mid", "0.30"), market("w1"),
        market("w2", terms(windowEnd="2027-01-15T08:30:00Z")), market("x", status="MARKET_STATUS_HALTED"),
    )  # fmt: skip
    assert turns(gateway, 4) == [
        "markets/near/book", "markets/w1/book", "markets/mid/book", "markets?slug=near",
    ]  # fmt: skip
    gateway.feed.keep(["far", "unknown"])
    assert turns(gateway, 5) == [
        "markets/far/book", "markets/near/book", "markets/w1/book", "markets/mid/book", "markets?slug=far",
    ]  # fmt: skip


def test_a_doubted_book_comes_before_its_turn(gateway: Gateway) -> None:
    gateway.page(market("a"), market("b"))
    gateway.feed.resnapshot("b")
    gateway.feed.resnapshot("c")
    assert turns(gateway, 2)[1] == "markets/b/book"


# ---------------------------------------------------------------------- books


def test_a_book_is_a_snapshot_of_the_long_side(gateway: Gateway) -> None:
    gateway.page(market())
    listed, told, book = gateway.book()
    assert kinds([listed, told]) == [EventListed, MarketListed]
    assert book == BookSnapshot(
        T0,
        1_799_999_999_123_456_789,
        SLUG,
        ((3_900, 12_500_000), (4_000, 3 * QTY)),
        ((4_300, 7 * QTY), (4_100, QTY)),
    )


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("MARKET_STATE_SUSPENDED", "inactive"),
        ("MARKET_STATE_PREOPEN", "initialized"),
        ("MARKET_STATE_EXPIRED", "closed"),
        ("MARKET_STATE_NEW", "active"),
    ],
)
def test_a_book_tells_its_markets_state(gateway: Gateway, state: str, status: str) -> None:
    gateway.named(market())
    told = gateway.book(state=state)
    assert [each.market.status for each in told if isinstance(each, MarketListed)] == (
        [status] if status != "active" else []
    )
    assert gateway.feed.census["state:MARKET_STATE_NEW"] == (status == "active")


def test_an_empty_book_and_one_of_a_stranger(gateway: Gateway) -> None:
    gateway.named(market())
    (book,) = gateway.book(bids=None, offers=[{"px": usd("0.5"), "qty": "0"}], transactTime=None)
    assert book == BookSnapshot(T0, 0, SLUG, (), ())
    assert gateway.book("stranger") == []
    assert gateway.book(marketSlug="stranger") == []


@pytest.mark.parametrize(
    "level",
    [
        {"px": usd("1.2"), "qty": "1"},
        {"px": usd("0.5"), "qty": "-1"},
        {"px": {"value": "0.5", "currency": "EUR"}, "qty": "1"},
        {"px": usd("0.5")},
    ],
)
def test_a_level_out_of_shape_is_a_feed_error(gateway: Gateway, level: dict[str, Any]) -> None:
    gateway.named(market())
    with pytest.raises(FeedError):
        gateway.book(bids=[level])


def test_a_book_not_read_for_long_is_not_believed(gateway: Gateway) -> None:
    gateway.named(market())
    gateway.book()
    assert gateway.named(t=T0 + MINUTE) == []
    late = T0 + MINUTE + 1
    assert gateway.answer("markets?slug=x", {"markets": []}, late) == [
        BookDoubt(late, SLUG, "not polled any more")
    ]
    assert gateway.answer("markets?slug=x", {"markets": []}, late) == []


def test_how_old_a_book_may_be_follows_from_how_often_it_is_read(gateway: Gateway) -> None:
    gateway.named(market())
    for minutes in (0, 2, 4):
        gateway.book(t=T0 + minutes * MINUTE)
    assert gateway.answer("markets?slug=x", {"markets": []}, T0 + 9 * MINUTE) == []
    assert kinds(gateway.answer("markets?slug=x", {"markets": []}, T0 + 9 * MINUTE + 1)) == [BookDoubt]
    gateway.feed.recall(gateway.feed.memory())
    gateway.book(t=T0 + 10 * MINUTE)
    assert gateway.answer("markets?slug=x", {"markets": []}, T0 + 14 * MINUTE) == []


def test_more_books_take_longer_turns(gateway: Gateway) -> None:
    slugs = [f"{SLUG}-{i}" for i in range(6)]
    gateway.named(*(market(slug) for slug in slugs))
    for slug in slugs:
        gateway.book(slug)
    assert gateway.answer("markets?slug=x", {"markets": []}, T0 + 3 * MINUTE) == []
    assert len(gateway.answer("markets?slug=x", {"markets": []}, T0 + 3 * MINUTE + 1)) == 6


def test_a_believed_book_that_cannot_be_read_is_doubted(gateway: Gateway) -> None:
    gateway.named(market())
    gateway.book()
    (doubt,) = gateway.book(bids=[{"px": usd("0.5"), "qty": "-1"}])
    assert doubt == BookDoubt(T0, SLUG, "book cannot be read")


def test_a_doubt_is_told_even_with_a_refusal(gateway: Gateway) -> None:
    gateway.named(market())
    gateway.book()
    assert kinds(gateway.answer("markets", b"<html>", T0 + 16 * MINUTE, st=429)) == [BookDoubt]


def test_when_nothing_answers_no_book_is_believed(gateway: Gateway) -> None:
    gateway.named(market())
    gateway.book()
    gateway.feed.reset("polymarket_us.gateway")
    assert gateway.feed.lost("polymarket.ws", T0) == []
    assert gateway.feed.lost("polymarket_us.gateway", T0) == [BookDoubt(T0, SLUG, "polling failed")]
    assert gateway.feed.lost("polymarket_us.gateway", T0) == []
    assert kinds(gateway.book()) == [BookSnapshot]


def test_best_prices_serve_the_choice_alone(gateway: Gateway) -> None:
    gateway.page(market("a"), market("b"))
    best = {
        "marketData": {"marketSlug": "b", "bestBid": usd("0.49"), "bestAsk": usd("0.51"), "openInterest": ""}
    }
    assert gateway.answer("markets/b/bbo", best) == []
    assert turns(gateway, 2)[1] == "markets/b/book"


# ---------------------------------------------------------------------- outcomes


@pytest.mark.parametrize(
    ("paid", "value", "result"), [(1, PRICE, "yes"), (0, 0, "no"), (0.5, PRICE // 2, "")]
)
def test_an_outcome(gateway: Gateway, paid: float, value: int, result: str) -> None:
    gateway.named(market(about=terms(priceToBeat=usd("84000"), settlementPrice=usd("84001.5"))))
    answer = {"slug": SLUG, "settlement": paid}
    listed, settled = gateway.answer(f"markets/{SLUG}/settlement", answer)
    assert (listed.market.status, listed.market.result, listed.market.value) == ("finalized", result, value)
    assert settled == MarketSettled(T0, SLUG, SettlementState.FINAL, value, 8_400_150_000_000)
    assert gateway.answer(f"markets/{SLUG}/settlement", answer) == []
    assert gateway.named(market(about=terms(settlementPrice=usd("84001.5"), priceToBeat=usd("84000")))) == []


def test_outcomes_are_asked_for_after_the_close_less_and_less_often() -> None:
    gateway = Gateway(PolymarketUsFeed(index=False))
    gateway.named(market())
    gateway.t = T0 + 15 * MINUTE
    gateway.named(market())
    assert gateway.ask() == ""
    asked = []
    for minute in range(16, 80):
        gateway.t = T0 + minute * MINUTE
        gateway.named(market(status="MARKET_STATUS_RESOLVING"))
        url = gateway.ask()
        if url:
            assert url.endswith(f"{SLUG}/settlement")
            assert gateway.answer(url, b'{"code":5,"message":"not settled"}', st=404) == []
            asked.append(minute)
    assert asked == [16, 18, 21, 27, 39, 63]
    gateway.answer(f"markets/{SLUG}/settlement", {"settlement": 1})
    gateway.t += 60 * MINUTE
    gateway.named(market())
    assert gateway.ask() == ""


def test_an_outcome_outside_of_prices_is_a_feed_error(gateway: Gateway) -> None:
    with pytest.raises(FeedError):
        gateway.answer(f"markets/{SLUG}/settlement", {"settlement": 2})
    assert gateway.answer("markets/x/settlement", {"settlement": 1}) == []


# ---------------------------------------------------------------------- refusals and promises


@pytest.mark.parametrize(
    ("status", "data", "words"),
    [
        (429, b"<!DOCTYPE html><p>Slow</p>", "HTTP 429: too many questions"),
        (502, b"<html>", "HTTP 502: a web page"),
        (400, b'{"code":3}', 'HTTP 400: {"code":3}'),
        (0, b"timed out", "no answer: timed out"),
        (503, b"", "HTTP 503"),
    ],
)
def test_refusals(gateway: Gateway, status: int, data: bytes, words: str) -> None:
    with pytest.raises(FeedError) as told:
        gateway.answer("markets", data, st=status)
    assert str(told.value) == f"polymarket_us.gateway: {words}"


def test_what_says_nothing(gateway: Gateway) -> None:
    assert gateway.answer("markets", b"", st=304) == []
    assert gateway.answer("markets", b"", st=204) == []
    assert gateway.answer("sports", {}) == []
    assert gateway.feed.census == {"url:v1/sports": 1}


def test_the_feed_is_a_venue() -> None:
    feed: Venue = PolymarketUsFeed()
    assert isinstance(feed, Venue)
    assert feed.outgoing() == []
    with pytest.raises(FeedError, match="does not read"):
        feed.receive(Frame(1, T0, "polymarket.ws", msgspec.Raw(b"{}")))


def test_a_feed_goes_on_from_what_another_remembers(gateway: Gateway) -> None:
    candles = {"timestamp": T0 // SECOND, "close": "84000", "tickCount": 1}
    prints = {"series": [{"asset": {"symbol": "btc"}, "candles": [candles]}]}
    gateway.page(market(), market("unseen", status="MARKET_STATUS_HALTED"))
    gateway.book()
    assert kinds(gateway.answer("asset-prices/history", prints)) == [IndexTick]
    assert b"unseen" not in gateway.feed.memory()
    other = Gateway(PolymarketUsFeed(index=False))
    other.feed.recall(gateway.feed.memory())
    assert other.answer("asset-prices/history", prints) == []
    assert kinds(other.book()) == [BookSnapshot]
    assert other.page(market()) == []
    assert kinds(other.feed.lost("polymarket_us.gateway", T0)) == [BookDoubt]
    with pytest.raises(msgspec.MsgspecError):
        other.feed.recall(b"[]")


def test_what_closed_long_ago_is_forgotten(gateway: Gateway) -> None:
    gateway.named(market(), market("open"))
    gateway.answer(f"markets/{SLUG}/settlement", {"settlement": 1})
    day = T0 + 25 * 3_600 * SECOND
    gateway.page(t=day)
    assert gateway.book(t=day) == []
    assert kinds(gateway.book("open", t=day)) == [BookSnapshot]


ANSWERS: list[tuple[str, Any]] = [
    ("markets?categories=crypto&offset=0", {"markets": [market()]}),
    (f"markets?slug={SLUG}", {"markets": [market(about=terms("RANGE", rangeLower=usd("1")))]}),
    (f"market/slug/{SLUG}", {"market": market()}),
    (
        f"markets/{SLUG}/book",
        {
            "marketData": {
                "marketSlug": SLUG, "state": "MARKET_STATE_OPEN", "bids": [{"px": usd("0.4"), "qty": "1"}],
                "offers": [], "transactTime": "2027-01-15T08:00:00Z",
            },
        },
    ),
    (f"markets/{SLUG}/bbo", {"marketData": {"marketSlug": SLUG, "bestBid": usd("0.4"), "bestAsk": usd("0.5")}}),
    (f"markets/{SLUG}/settlement", {"slug": SLUG, "settlement": 1}),
    (
        "asset-prices/history",
        {
            "series": [
                {
                    "asset": {"symbol": "btc"}, "bucket": "ASSET_PRICE_BUCKET_1S",
                    "candles": [{"timestamp": T0 // SECOND, "close": "84000.1", "tickCount": 1}],
                },
            ],
        },
    ),
]  # fmt: skip
PAYLOADS = [(f"{GATEWAY}/v1/{path}", json.dumps(body).encode()) for path, body in ANSWERS]


def received(feed: PolymarketUsFeed, url: str, data: bytes) -> Sequence[Event] | None:
    try:
        events = feed.receive(Frame(1, T0, "polymarket_us.gateway", msgspec.Raw(data), u=url))
    except FeedError:
        return None
    msgspec.json.encode(list(events))
    return events


def listening() -> PolymarketUsFeed:
    feed = PolymarketUsFeed()
    received(feed, *PAYLOADS[0])
    return feed


@pytest.mark.parametrize(("url", "data"), PAYLOADS)
def test_every_truncation_is_a_feed_error(url: str, data: bytes) -> None:
    assert received(listening(), url, data) is not None
    feed = listening()
    for end in range(0, len(data), 1 + len(data) // 200):
        assert received(feed, url, data[:end]) is None


TOKENS = st.sampled_from(
    [b"null", b"true", b"-1", b"0", b"1e400", b"9" * 30, b'""', b'"x"', b"[]", b"{}", b'"1.5"', b'"-1.00"', b'"NaN"']
)  # fmt: skip


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_mutated_payloads_give_events_or_a_feed_error(data: st.DataObject) -> None:
    feed = listening()
    for _ in range(3):
        url, text = data.draw(st.sampled_from(PAYLOADS))
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        patch = data.draw(st.one_of(st.binary(max_size=6), TOKENS))
        received(feed, url, text[:start] + patch + text[end:])
    feed.asks()
    feed.recall(feed.memory())


@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_bytes_give_events_or_a_feed_error(data: bytes, url: str) -> None:
    received(listening(), url, data)
