"""What Polymarket says of the twins: as the venue says it, and as the cockpit's own feed understands it."""

import json
from collections import Counter
from hashlib import sha1
from typing import Any

import msgspec
import pytest

from cockpit.domain.events import BookDoubt, EventListed, MarketListed, MarketSettled, Trade
from cockpit.domain.markets import MarketStatus, SettlementState
from cockpit.domain.units import ASK, BID, PRICE, QTY, SECOND, UNDERLYING
from cockpit.engine.config import EngineConfig
from cockpit.engine.engine import Engine
from cockpit.feeds.base import Frame
from cockpit.feeds.polymarket.feed import PolymarketFeed
from cockpit.rehearsal.exchange import Print
from cockpit.rehearsal.happenings import Ended, Moved, Opened, Refined
from cockpit.rehearsal.polymarket.terms import UPDOWN
from cockpit.rehearsal.post import CLOB, GAMMA, PAGE, WS, Post
from cockpit.rehearsal.profiles import CLOSE_NS
from cockpit.rehearsal.world import World

HASHED = ("market", "asset_id", "timestamp", "hash", "bids", "asks", "min_order_size", "tick_size", "neg_risk", "last_trade_price")  # fmt: skip


def frame(t: int, source: str, payload: bytes, url: str | None) -> Frame:
    line: dict[str, Any] = {"n": 1, "t": t, "s": source, "d": msgspec.Raw(payload)}
    return Frame(**line) if url is None else Frame(**line, u=url, st=200)


def messages(walked: Any) -> list[dict[str, Any]]:
    told = []
    for arrival in walked.arrivals:
        if arrival.source == WS:
            read = json.loads(arrival.payload)
            told += read if isinstance(read, list) else [read]
    return told


def answers(walked: Any, source: str) -> list[tuple[int, str, Any]]:
    return [(a.t, a.url, json.loads(a.payload)) for a in walked.arrivals if a.source == source]


@pytest.fixture
def heard(twinned: Any) -> tuple[list[Any], Counter[str]]:
    """The events of a feed that reads the whole recording, and what it tolerated."""
    feed = PolymarketFeed()
    events = [e for a in twinned.arrivals if a.source in (WS, GAMMA, CLOB) for e in feed.receive(frame(*a))]
    return events, feed.census


def test_a_client_first_asks_then_listens(twinned: Any) -> None:
    theirs = [a for a in twinned.arrivals if a.source.startswith("polymarket")]
    count = len(twinned.world.twins)
    assert [a.source for a in theirs[: count + 2]] == [GAMMA, *[CLOB] * count, WS]
    assert theirs[0].url == PAGE
    assert [a.t for a in theirs] == sorted(a.t for a in theirs)
    kalshi = next(a.t for a in twinned.arrivals if a.source == "kalshi.rest")
    assert theirs[0].t < kalshi, "whoever plays this knows that the venue speaks for itself"


def test_first_books_are_whole_and_their_hashes_right(twinned: Any) -> None:
    told = messages(twinned)
    count = 2 * len(twinned.world.twins)
    first = told[:count]
    assert {each["event_type"] for each in first} == {"book"}
    assert len({each["asset_id"] for each in first}) == count
    for book in first:
        fields = {key: book[key] for key in HASHED} | {"hash": ""}
        assert sha1(json.dumps(fields, separators=(",", ":")).encode()).hexdigest() == book["hash"]
    later = [each for each in told[count:] if each["event_type"] == "book"]
    assert later
    assert all("last_trade_price" not in each for each in later)


def test_every_change_is_told_of_both_tokens_with_the_top_it_left(twinned: Any) -> None:
    changes = [each for each in messages(twinned) if each["event_type"] == "price_change"]
    assert len(changes) > 100
    for each in changes:
        yes, no = each["price_changes"][::2], each["price_changes"][1::2]
        for one, other in zip(yes, no, strict=True):
            assert one["asset_id"] != other["asset_id"]
            assert float(one["price"]) + float(other["price"]) == pytest.approx(1)
            assert {one["side"], other["side"]} == {"BUY", "SELL"}
            assert one["size"] == other["size"]
            assert float(one["best_bid"]) < float(one["best_ask"])
            assert float(one["best_bid"]) + float(other["best_ask"]) == pytest.approx(1)


def test_the_feed_lists_the_twins_with_all_their_terms(twinned: Any, heard: Any) -> None:
    events, census = heard
    assert not census
    listed = {e.market.ticker: e.market for e in reversed(events) if isinstance(e, MarketListed)}
    assert listed.keys() == twinned.world.twins.keys()
    for name, pit in twinned.world.twins.items():
        market, custom = listed[name], dict(listed[name].custom)
        assert (market.venue, market.close_ns, market.open_ns) == ("polymarket", CLOSE_NS, pit.market.open_ns)
        assert (market.strike_type, market.floor) == (pit.market.strike_type, pit.terms.low)
        assert market.status is MarketStatus.ACTIVE
        assert (market.least, market.lot) == (5 * QTY, QTY // 100)
        assert market.fees is not None
        assert market.fees.rate == 700
        window = pit.terms.family == UPDOWN
        assert custom["asset"] == "BTC"
        assert (custom["family"], custom["horizon"]) == (("updown", "15m") if window else ("above", "1h"))
        told = "chainlink btc-usd-twap-60s-streams twap60" if window else "binance BTC/USDT 1h"
        assert custom["settles"] == told
        assert "Kalshi" not in market.rules
    groups = {e.group.ticker: e.group for e in events if isinstance(e, EventListed)}
    assert {group.series for group in groups.values()} == {
        "bitcoin-multi-strikes-hourly",
        "btc-up-or-down-15m",
    }


def test_the_engines_books_are_the_exchanges_at_every_moment(twinned: Any) -> None:
    """From the world's deeds through the venue's messages and the feed into the engine, one after another."""
    world = World(twinned.world.seed, 3.0, twinned.world.profile)
    post, feed, engine = Post(world.twins, world.post_rng), PolymarketFeed(), Engine(EngineConfig())
    compared = Counter[str]()
    for happening in world.happenings():
        if not isinstance(happening, Opened | Moved | Refined):
            continue
        if isinstance(happening, Moved) and happening.market not in world.twins:
            continue
        for sent in post.send(happening):
            for event in feed.receive(frame(*sent)):
                engine.process(event)
        for name in world.twins if isinstance(happening, Opened) else (happening.market,):
            book, levels = engine.state.markets[name].book, world.twins[name].exchange.levels
            assert book.bids == dict(levels(BID))
            assert book.asks == dict(levels(ASK))
            compared[name] += bool(book.bids and book.asks)
    assert min(compared.values()) > 30
    assert not feed.census


def test_prints_are_the_exchanges_whosoever_tape_they_are_on(twinned: Any, heard: Any) -> None:
    world = World(twinned.world.seed, 3.0, twinned.world.profile)
    printed = [
        (happening.market, each.price, each.qty, each.taker)
        for happening in world.happenings()
        if isinstance(happening, Moved) and happening.market in world.twins
        for each in happening.tape
        if isinstance(each, Print)
    ]
    trades = [(e.market, e.price, e.qty, e.taker) for e in heard[0] if isinstance(e, Trade)]
    assert len(trades) > 30
    assert trades == printed
    yes = {book["asset_id"] for book in messages(twinned)[: 2 * len(world.twins) : 2]}
    tapes = Counter(
        each["asset_id"] in yes for each in messages(twinned) if each["event_type"] == "last_trade_price"
    )
    assert 0 < tapes[False] < tapes[True]


def test_outcomes_are_proposed_then_final_and_as_the_truth_says(twinned: Any, heard: Any) -> None:
    settled = {e.ticker: e for e in heard[0] if isinstance(e, MarketSettled)}
    outcomes = twinned.world.truth()["polymarket"]["outcomes"]
    assert settled.keys() == outcomes.keys()
    for name, event in settled.items():
        pit = twinned.world.twins[name]
        assert event.state is SettlementState.FINAL
        assert event.value == (PRICE if outcomes[name]["yes"] else 0)
        lag = (event.ts - CLOSE_NS) / SECOND
        assert lag == pytest.approx(12.0 if pit.terms.family == UPDOWN else 45.0, abs=0.5)
    said = [
        body[0].get("umaResolutionStatus") for _, url, body in answers(twinned, GAMMA) if "/markets?" in url
    ]
    assert Counter(said) == {"proposed": len(outcomes) - 1, "resolved": len(outcomes)}
    (final,) = [
        body[0]["events"][0]["eventMetadata"]
        for _, url, body in answers(twinned, GAMMA)
        if "/markets?" in url and "eventMetadata" in body[0]["events"][0]
    ]
    window = next(pit for pit in twinned.world.twins.values() if pit.terms.family == UPDOWN)
    assert round(final["finalPrice"] * UNDERLYING) == pytest.approx(window.value(), abs=100)
    assert round(final["priceToBeat"] * UNDERLYING) == pytest.approx(window.terms.low, abs=100)


def test_a_finer_tick_is_told_with_the_books_that_go_with_it(twinned: Any) -> None:
    world = World(twinned.world.seed, 3.0, twinned.world.profile)
    post, feed = Post(world.twins, world.post_rng), PolymarketFeed()
    name, pit = next((name, pit) for name, pit in world.twins.items() if pit.terms.family == UPDOWN)
    for sent in post.send(Opened(world.start)):
        feed.receive(frame(*sent))
    pit.refine()
    sent = list(post.send(Refined(world.start + SECOND, name, 100)))
    kinds = [json.loads(payload)["event_type"] for _, _, payload, _ in sent]
    assert kinds == ["tick_size_change", "tick_size_change", "book", "book"]
    events = [event for each in sent for event in feed.receive(frame(*each))]
    (market,) = [e.market for e in events if isinstance(e, MarketListed)]
    assert market.grid[0].step == 10
    assert [e.market for e in events if isinstance(e, BookDoubt)] == [name]
    assert feed._books.get(name).live


def test_what_is_proposed_may_still_be_read(twinned: Any) -> None:
    world = World(twinned.world.seed, 3.0, twinned.world.profile)
    post = Post(world.twins, world.post_rng)
    list(post.send(Opened(world.start)))
    name = next(iter(world.twins))
    ((_, source, payload, url),) = post.send(Ended(CLOSE_NS + SECOND, name, final=False))
    (body,) = json.loads(payload)
    assert (source, body["conditionId"], body["closed"]) == (GAMMA, name, False)
    assert url is not None
    assert "closed=false" in url
