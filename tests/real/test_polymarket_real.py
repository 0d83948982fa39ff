"""The Polymarket feed on recorded and documented payloads, which are not part of the project: it skips without them."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

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
from cockpit.domain.markets import Market, SettlementState, on_grid
from cockpit.domain.units import PRICE, QTY
from cockpit.feeds.base import Frame
from cockpit.feeds.polymarket.bodies import EventRef
from cockpit.feeds.polymarket.feed import PolymarketFeed

T = 1_700_000_000 * 10**9
"""Before the end of whatever is still to be known when it is looked at."""
GAMMA = "https://gamma-api.polymarket.com"


class Reader:
    """Hands payloads to a feed, and pairs of invented tokens where only their messages are recorded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.feed = PolymarketFeed()

    def load(self, name: str) -> Any:
        path = self.folder / name
        if not path.is_file():
            pytest.skip(f"no recorded data at {path}")
        return json.loads(path.read_text())

    def answer(self, url: str, body: Any, api: str = "gamma") -> list[Event]:
        data = msgspec.Raw(msgspec.json.encode(body))
        return list(self.feed.receive(Frame(1, T, f"polymarket.{api}", data, u=url, st=200)))

    def tell(self, body: Any) -> list[Event]:
        return list(self.feed.receive(Frame(1, T, "polymarket.ws", msgspec.Raw(msgspec.json.encode(body)))))

    def lists(self, condition: str, yes: str, no: str = "0") -> None:
        """A market whose messages were recorded without its listing."""
        self.answer(
            f"{GAMMA}/markets",
            [{"conditionId": condition, "outcomes": ["Yes", "No"], "clobTokenIds": [yes, no]}],
        )

    def markets(self, bodies: list[Any]) -> list[Market]:
        told = self.answer(f"{GAMMA}/markets", bodies)
        return [each.market for each in told if isinstance(each, MarketListed)]


@pytest.fixture
def reader(shared: Path) -> Reader:
    return Reader(shared / "polymarket_api_fixtures")


def kinds(events: list[Event]) -> list[type]:
    return [type(each) for each in events]


@pytest.mark.parametrize(
    ("name", "state", "value"),
    [
        ("gamma_market.json", None, None),
        ("gamma_market_closed_binary_accepting_true.json", SettlementState.FINAL, PRICE),
        ("gamma_market_closed_nonbinary_legacy.json", None, None),
        ("gamma_market_closed_zero_zero_legacy.json", None, None),
        ("gamma_market_sports_market_money_line.json", SettlementState.FINAL, PRICE),
    ],
)
def test_markets(reader: Reader, name: str, state: SettlementState | None, value: int | None) -> None:
    told = reader.answer(f"{GAMMA}/markets", [reader.load(f"nautilus/rs/{name}")])
    settled = [(each.state, each.value) for each in told if isinstance(each, MarketSettled)]
    assert settled == ([] if state is None else [(state, value)])
    (market,) = [each.market for each in told if isinstance(each, MarketListed)]
    assert market.status != "active" or state is None
    assert market.title
    assert market.rules
    assert (
        not reader.feed.census.keys()
        - {"tick:None"}
        - {key for key in reader.feed.census if key.startswith("field:")}
    )


def test_a_window_and_a_game(reader: Reader) -> None:
    window, game = (
        reader.markets([reader.load(f"nautilus/rs/{name}")])[0]
        for name in ("gamma_market.json", "gamma_market_sports_market_money_line.json")
    )
    assert dict(window.custom)["asset"] == "BTC"
    assert dict(window.custom)["horizon"] == "5m"
    assert dict(window.custom)["settles"] == "chainlink btc-usd"
    assert window.close_ns
    assert window.fees is not None
    assert (game.close_ns, game.clear_ns) == (0, 1_775_401_800 * 10**9)
    assert game.fees is not None
    assert (game.fees.rate, game.fees.rebate_rate) == (300, 2_500)
    assert game.subtitle == "FaZe: Match Winner"
    assert game.title.startswith("Counter-Strike: FaZe vs illwill")


def test_events(reader: Reader) -> None:
    """A primary with many candidates, of whom one wins; a ladder found by searching; windows of a coin."""
    primary = reader.load("nautilus/rs/gamma_event.json")
    reader.answer(f"{GAMMA}/events", primary)
    names = {each["conditionId"] for event in primary for each in event["markets"]}
    memory = {name: known for name, known in reader.feed._catalogue.known.items() if name in names}
    assert memory
    assert all(known.listing.group.exclusive for known in memory.values())
    ladder = reader.load("nautilus/rs/search_response.json")["events"]
    reader.answer(f"{GAMMA}/events", ladder)
    rungs = [
        known.listing.market
        for known in reader.feed._catalogue.known.values()
        if dict(known.listing.market.custom).get("family") == "above"
    ]
    assert rungs
    assert all(rung.strike_type == "greater" and rung.floor for rung in rungs)
    assert all(f"{rung.floor // 10**8:,}" in rung.title for rung in rungs if rung.floor)
    assert {dict(rung.custom)["settles"] for rung in rungs} == {"binance BTC/USDT 1m"}
    assert len({rung.custom for rung in rungs}) == 1
    windows = reader.load("hugompt/gamma_event_crypto_updown.json")
    reader.answer(f"{GAMMA}/events/keyset", {"events": windows})
    assert not [key for key in reader.feed.census if key.startswith("unreadable")]


@pytest.mark.parametrize(
    "name", ["hugompt/gamma_markets.json", "pmvl/polymarket_markets.json", "pmvl/polymarket_events.json"]
)
def test_pages(reader: Reader, name: str) -> None:
    body = reader.load(name)
    path = "events" if "event" in name else "markets"
    told = reader.answer(f"{GAMMA}/{path}", body)
    assert len(told) == (0 if path == "events" else len([each for each in told if each]))
    assert reader.feed._catalogue.known
    assert not [key for key in reader.feed.census if key.startswith("unreadable")]
    assert reader.feed.census["listing:no pair of tokens"] == (name == "pmvl/polymarket_events.json")


def test_a_day_of_windows_with_its_outcomes(shared: Path) -> None:
    """292 five-minute windows: the outcome told is the recorded one, and the strike is in no field of the market."""
    path = shared / "polymarket_updown" / "btc5m_markets_2026-07-24.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"no recorded data at {path}")
    reader = Reader(path.parent)
    values: Counter[int | None] = Counter()
    with gzip.open(path, "rt") as lines:
        for line in lines:
            told = json.loads(line)
            ref = EventRef(id=told["slug"], slug=told["slug"], title="")
            body = {**told["raw"], "events": [msgspec.to_builtins(ref)]}
            events = reader.answer(f"{GAMMA}/markets", [body])
            (market,) = [each.market for each in events if isinstance(each, MarketListed)]
            (settled,) = [each for each in events if isinstance(each, MarketSettled)]
            up = told["outcome_prices"] == ["1", "0"]
            assert (settled.state, settled.value) == (SettlementState.FINAL, PRICE if up else 0)
            assert market.close_ns == told["end_sec"] * 10**9
            assert dict(market.custom)["starts"]
            assert market.fees is not None
            assert (market.fees.rate, market.fees.exponent, market.fees.rebate_rate) == (700, 1, 2_000)
            assert market.least == 5 * QTY
            tokens = reader.feed._catalogue.tokens
            assert [tokens[token] for token in told["token_ids"]] == [
                (told["condition_id"], True), (told["condition_id"], False),
            ]  # fmt: skip
            values[settled.value] += 1
    assert sum(values.values()) == 292
    assert min(values.values()) > 100


# ---------------------------------------------------------------------- messages


def test_books_and_changes(reader: Reader) -> None:
    book = reader.load("nautilus/rs/ws_market_book_msg.json")
    reader.lists(book["market"], book["asset_id"])
    (whole,) = reader.tell(book)
    assert isinstance(whole, BookSnapshot)
    assert len(whole.bids) == len(book["bids"])
    change = reader.load("nautilus/rs/ws_market_price_change_msg.json")
    assert set(kinds(reader.tell(change))) <= {BookDelta, BookDoubt}
    trade = reader.load("nautilus/rs/ws_market_last_trade_msg.json")
    assert kinds(reader.tell(trade)) == [Trade]
    tick = reader.load("nautilus/rs/ws_market_tick_size_msg.json")
    reader.tell(tick)
    assert reader.tell(change) == []


def test_older_shapes_of_a_change(reader: Reader) -> None:
    for name in ("price_change.json", "price_change_v2.json"):
        change = reader.load(f"nautilus/py/ws_messages/{name}")
        token = change.get("asset_id") or change["price_changes"][0]["asset_id"]
        reader.lists(change["market"], token, f"{token}0")
        empty = {"event_type": "book", "asset_id": token, "market": change["market"], "timestamp": "1"}
        reader.tell(empty)
        assert BookDelta in kinds(reader.tell(change))


def test_a_deep_book_is_on_its_grid(reader: Reader) -> None:
    book = reader.load("nautilus/py/ws_messages/book.json")
    book = book[0] if isinstance(book, list) else book
    told: dict[str, Any] = {"conditionId": book["market"], "outcomes": ["Yes", "No"]}
    tokens = {"clobTokenIds": [book["asset_id"], "0"], "orderPriceMinTickSize": 0.001}
    (market,) = reader.markets([{**told, **tokens}])
    (whole,) = reader.tell({"event_type": "book", **book})
    assert isinstance(whole, BookSnapshot)
    assert len(whole.bids) + len(whole.asks) == len(book["bids"]) + len(book["asks"]) > 50
    assert all(on_grid(market.grid, price) for price, _ in (*whole.bids, *whole.asks))
    assert max(price for price, _ in whole.bids) < min(price for price, _ in whole.asks)


def test_the_rest_of_the_socket(reader: Reader) -> None:
    best = reader.load("nautilus/rs/ws_market_best_bid_ask_msg.json")
    reader.lists(best["market"], best["asset_id"])
    (quote,) = reader.tell(best)
    assert isinstance(quote, Quote)
    assert (quote.bid, quote.ask) == (7_300, 7_700)
    resolved = reader.load("nautilus/rs/ws_market_resolved_msg.json")
    reader.lists(resolved["market"], *resolved["assets_ids"])
    assert [
        (each.state, each.value) for each in reader.tell(resolved) if isinstance(each, MarketSettled)
    ] == [(SettlementState.FINAL, PRICE)]
    assert reader.tell(reader.load("nautilus/rs/ws_market_new_market_msg.json")) == []
    assert not [key for key in reader.feed.census if key.startswith(("type", "unreadable", "field"))]


def test_answers_of_the_other_apis(reader: Reader) -> None:
    for name in ("nautilus/rs/clob_book_response.json", "nautilus/py/http_responses/book.json"):
        book = reader.load(name)
        reader.lists(book["market"], book["asset_id"], f"{book['asset_id']}0")
        told = reader.answer("https://clob.polymarket.com/book", book, "clob")
        assert BookSnapshot in kinds(told)
    for name in ("nautilus/rs/data_api_trades_response.json", "nautilus/py/http_responses/trades.json"):
        rows = reader.load(name)
        reader.lists(rows[0]["conditionId"], rows[0]["asset"], f"{rows[0]['asset']}1")
        gap = reader.feed._tape
        gap.lost(rows[0]["conditionId"], 0)
        gap.regained(rows[0]["conditionId"], 2 * T)
        told = reader.answer("https://data-api.polymarket.com/trades", rows, "data")
        assert len(told) == len({row["transactionHash"] for row in rows if row["asset"] == rows[0]["asset"]})
        assert all(isinstance(each, Trade) and each.backfill for each in told)
        assert [each.ex for each in told if isinstance(each, Trade)] == sorted(
            row["timestamp"] * 10**9 for row in rows if row["asset"] == rows[0]["asset"]
        )
    assert not isinstance(reader.answer(f"{GAMMA}/markets", []), EventListed)
