"""The feeds on recorded payloads of the venues, which are not part of the project: each test skips without them."""

import gzip
import json
import lzma
from collections import Counter, deque
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cockpit.domain.events import (
    BookDelta,
    BookDoubt,
    BookSnapshot,
    Candle,
    Event,
    EventListed,
    MarketListed,
    MarketSettled,
    Quote,
    SeriesListed,
    SpotTick,
    Trade,
)
from cockpit.domain.markets import MarketStatus, SettlementState, on_grid
from cockpit.domain.units import ASK, BID, PRICE, UNDERLYING
from cockpit.feeds.base import Feed, Frame
from cockpit.feeds.kalshi.account import fills as read_fills
from cockpit.feeds.kalshi.feed import KalshiFeed
from cockpit.feeds.kalshi.settlements import read_settlements
from cockpit.feeds.spot.coinbase import CoinbaseFeed

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SESSIONS = DATA / "sessions"
FIXTURES = DATA / "kalshi_api_fixtures"
HOURLY = DATA / "kalshi_tape_jul2026" / "crypto_hourly"

CLOSELY = (
    "gold15m-KXGOLD15M-26AUG050000-00",
    "gold15m-KXGOLD15M-26AUG060000-00",
    "btc15m-20260511T121730Z",
)
"""Sessions whose books are kept and compared with what the venue says of them."""


class Line(msgspec.Struct):
    recv_ns: int
    source: str
    frame: msgspec.Raw
    url: str | None = None


def _need(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"no recorded data at {path}")
    return path


def _frames(path: Path) -> Iterator[Frame]:
    decode = msgspec.json.Decoder(Line).decode
    with lzma.open(_need(path), "rb") as lines:
        for n, text in enumerate(lines):
            line = decode(text)
            yield Frame(n=n, t=line.recv_ns, s=line.source, d=line.frame, u=line.url)


def _told(path: Path) -> tuple[Iterator[Event], KalshiFeed]:
    kalshi = KalshiFeed()
    feeds: dict[str, Feed] = {"kalshi.ws": kalshi, "kalshi.rest": kalshi, "coinbase.ws": CoinbaseFeed()}
    return (event for frame in _frames(path) for event in feeds[frame.s].receive(frame)), kalshi


def _json(path: Path) -> Any:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(_need(path), "rt") as file:
        return json.load(file)


def _fixture(name: str) -> Any:
    return _json(FIXTURES / "fixtures" / f"{name}.json")


def _answer(feed: KalshiFeed, url: str, body: Any) -> list[Event]:
    return list(
        feed.receive(Frame(n=1, t=1, s="kalshi.rest", d=msgspec.Raw(msgspec.json.encode(body)), u=url))
    )


SESSION_FILES = sorted(SESSIONS.glob("*.xz")) or [SESSIONS / "any.ndjson.xz"]


@pytest.mark.parametrize("path", SESSION_FILES, ids=lambda path: path.name[:40])
def test_every_frame_of_a_session_is_read(path: Path) -> None:
    events, kalshi = _told(path)
    kinds = Counter(type(event) for event in events)
    assert kinds[BookDelta] > 20_000
    assert kinds[BookSnapshot] >= 2
    assert kinds[MarketListed] >= 2
    assert kinds[BookDoubt] == 0
    assert {key.partition(":")[0] for key in kalshi.census} <= {"field"}
    if path.name.startswith("gold"):
        assert kinds[Trade] > 300
        assert kinds[MarketSettled] == 1
    else:
        assert kinds[SpotTick] > 3_000
        assert kinds[Quote] > 600


class Books:
    """Books kept from events, and the tops they had of late."""

    def __init__(self) -> None:
        self.sides: dict[tuple[str, int], dict[int, int]] = {}
        self.tops: dict[str, deque[tuple[int, int]]] = {}

    def take(self, event: Event) -> None:
        match event:
            case BookSnapshot(market=market):
                self.sides[market, BID], self.sides[market, -BID] = dict(event.bids), dict(event.asks)
            case BookDelta(market=market):
                side = self.sides[market, event.side]
                left = side.get(event.price, 0) + event.qty
                assert left >= 0, f"{market}: {event} leaves {left}"
                side[event.price] = left
                if not left:
                    del side[event.price]
            case _:
                return
        top = (max(self.sides[market, BID], default=0), min(self.sides[market, -BID], default=PRICE))
        self.tops.setdefault(market, deque(maxlen=40)).append(top)


@pytest.mark.parametrize("name", CLOSELY)
def test_books_agree_with_quotes_and_prints(name: str) -> None:
    """No level goes below zero; quotes are the book's top; takers hit the side they are said to hit."""
    books, quotes, prints = Books(), Counter[bool](), Counter[str]()
    events, _ = _told(SESSIONS / f"{name}.ndjson.xz")
    for event in events:
        books.take(event)
        if isinstance(event, Quote):
            quotes[(event.bid, event.ask) in books.tops[event.market]] += 1
        elif isinstance(event, Trade):
            hit, other = (1, 0) if event.taker == BID else (0, 1)
            tops = books.tops[event.market]
            prints["right"] += any(top[hit] == event.price for top in tops)
            prints["wrong"] += any(top[other] == event.price for top in tops)
            prints["all"] += 1
    assert quotes[True] >= 0.98 * quotes.total()
    assert prints["right"] >= 0.98 * prints["all"]
    assert prints["wrong"] <= 0.10 * prints["all"]
    assert quotes.total() + prints["all"] > 300


def test_a_streams_answers_count_with_its_data() -> None:
    """269 verbatim frames: eleven answers take numbers between the snapshots, and nothing is missed."""
    feed = KalshiFeed()
    kinds: Counter[type] = Counter()
    for line in _fixture("ws_orderbook_stream")["frames"]:
        data = msgspec.Raw(msgspec.json.encode(line["frame"]))
        events = feed.receive(Frame(n=1, t=line["received_ms"] * 1_000_000, s="kalshi.ws", d=data))
        kinds.update(type(event) for event in events)
    assert kinds == {BookSnapshot: 12, BookDelta: 245}
    assert not feed.census


def test_a_stream_with_errors_in_it() -> None:
    feed = KalshiFeed()
    kinds: Counter[type] = Counter()
    for text in _need(FIXTURES / "shreyas_kalshi_ws_frames.jsonl").read_text().splitlines():
        line = json.loads(text)
        frame = Frame(n=1, t=line["recv_ts_ns"], s="kalshi.ws", x=line["raw"])
        kinds.update(type(event) for event in feed.receive(frame))
    assert kinds == {BookSnapshot: 8, BookDelta: 61}
    assert feed.census == {"error:8": 3}


def _groups() -> Iterator[tuple[str, list[Any]]]:
    yield "sports", _fixture("events_sports_nested")
    yield "nfl", _fixture("events_nfl_preseason")["events"]
    yield from _fixture("events_mlb_props_nested")["events_by_series"].items()
    sweep = "2026-08-20-spread-sweep-raw-2026-08-20T212616Z.json"
    yield from _json(FIXTURES / "measurements" / sweep)["kalshi"].items()


def test_events_with_nested_markets() -> None:
    feed = KalshiFeed()
    for name, events in _groups():
        listed = _answer(feed, "/trade-api/v2/events?with_nested_markets=true", {"events": events})
        markets = [event.market for event in listed if isinstance(event, MarketListed)]
        groups = {event.group.ticker: event.group for event in listed if isinstance(event, EventListed)}
        assert len(groups) == len(events), name
        assert len(markets) == sum(len(event["markets"]) for event in events), name
        for market in markets:
            assert market.series == groups[market.event].series
            assert market.ticker.startswith(market.event)
            assert on_grid(market.grid, 5_000)
    assert {key for key in feed.census if not key.startswith("field:")} == set()


def test_events_of_the_cents_era() -> None:
    """Cents stood beside dollars, and unset times were the year 1."""
    feed = KalshiFeed()
    events = _json(DATA / "cross_platform" / "dumps" / "iran_kalshi_raw.json.gz")
    listed = _answer(feed, "/events", {"events": events})
    assert sum(isinstance(event, EventListed) for event in listed) == len(events)
    assert not feed.census, "a body of megabytes is not looked at for new fields"
    small = KalshiFeed()
    _answer(small, "/events/X", {"event": events[0]})
    assert small.census["field:event.available_on_brokers"] == 1


def test_markets_of_every_kind_of_end() -> None:
    feed = KalshiFeed()
    bodies = _fixture("markets_settled")["markets"]
    events = _answer(feed, "/markets?status=settled", {"markets": bodies})
    settled = {event.ticker: event for event in events if isinstance(event, MarketSettled)}
    assert len(settled) == 42
    for body in bodies:
        if body["result"]:
            event = settled[body["ticker"]]
            assert event.state is SettlementState.FINAL
            assert event.value == {"yes": PRICE, "no": 0}[body["result"]]
        else:
            assert body["ticker"] not in settled
    assert not feed.census


def test_one_market_and_its_book() -> None:
    feed, body = KalshiFeed(), _fixture("market_single")
    (listed,) = _answer(feed, f"/markets/{body['ticker']}", body["single"])
    (nested,) = _answer(feed, "/markets", {"markets": [body["nested"]]})
    assert listed == nested
    (book,) = _answer(feed, f"/trade-api/v2/markets/{body['ticker']}/orderbook", body["orderbook"])
    assert isinstance(book, BookSnapshot)
    assert book.market == body["ticker"]
    assert max(price for price, _ in book.bids) < min(price for price, _ in book.asks)


def test_combos() -> None:
    feed = KalshiFeed()
    books = _answer(feed, "/markets/orderbooks", {"orderbooks": _fixture("combo_orderbooks")})
    assert len(books) == 20
    priced = _fixture("combo_priced_markets")
    listed = _answer(feed, "/markets", {"markets": [*priced["combos"], *priced["legs"].values()]})
    assert {event.market.status for event in listed if isinstance(event, MarketListed)} == {
        MarketStatus.ACTIVE
    }
    assert not feed.census


def test_series_fees() -> None:
    feed, terms = KalshiFeed(), {}
    for ticker, body in _fixture("series_fee_fields")["payloads"].items():
        (event,) = _answer(feed, f"/trade-api/v2/series/{ticker}", body)
        assert isinstance(event, SeriesListed)
        terms[ticker] = (event.series.fee_type, event.series.fee_multiplier)
    assert terms["KXMLBGAME"] == ("quadratic_with_maker_fees", 5_000)
    assert terms["KXATPDOUBLES"] == ("quadratic", 10_000)
    assert not feed.census


def test_candlesticks() -> None:
    feed = KalshiFeed()
    bars: list[Event] = []
    for ticker, body in _fixture("candlesticks_mlb")["markets"].items():
        url = f"/trade-api/v2/series/{body['series_ticker']}/markets/{ticker}/candlesticks?period_interval=1"
        bars += _answer(feed, url, body)
    before = _fixture("candlesticks_pregame_mlb")
    url = f"/series/{before['series_ticker']}/markets/X/candlesticks?period_interval=60"
    bars += _answer(feed, url, before["candlesticks_response"])
    assert len(bars) == 98
    for bar in bars:
        assert isinstance(bar, Candle)
        for four in (bar.bid, bar.ask, bar.trade):
            assert four is None or four[2] <= min(four) <= max(four) <= four[1]
    assert not feed.census


def test_the_accounts_fills_and_settlements() -> None:
    """Fees never exceed the taker formula by more than its rounding, and settlements pay what they say."""
    fills = read_fills(0, msgspec.json.encode(_fixture("portfolio_fills_redacted")["payload"])).fills
    assert len(fills) == 33
    assert Counter(fill.side for fill in fills) == {BID: 31, ASK: 2}
    assert all(fill.taker and fill.qty > 0 and fill.ex > 0 for fill in fills)
    for fill in fills:
        exact = 7 * fill.qty * fill.price * (PRICE - fill.price) // (100 * PRICE)
        assert fill.fee <= exact + 2_000_000
    settlements = read_settlements(msgspec.json.encode(_fixture("portfolio_settlements_redacted")["payload"]))
    assert len(settlements) == 22
    for each in settlements:
        assert each.value is not None
        paid = each.yes_qty * each.value + each.no_qty * (PRICE - each.value)
        assert abs(each.revenue - paid) < 10**8 + 1, "revenue is stated in whole cents"


@pytest.mark.parametrize(
    "path", sorted(HOURLY.glob("raw_*")) or [HOURLY / "raw_any"], ids=lambda path: path.name[-36:-12]
)
def test_hourly_ladders(path: Path) -> None:
    """A range ladder's brackets meet at a cent, and their strikes are exact."""
    feed = KalshiFeed()
    bodies = _json(path)
    listed = _answer(feed, "/markets", {"markets": list(bodies.values())})
    markets = [event.market for event in listed if isinstance(event, MarketListed)]
    assert len(markets) == len(bodies)
    between = sorted((m.floor, m.cap) for m in markets if m.strike_type == "between" if m.floor and m.cap)
    assert len(between) == len(bodies) - sum(m.strike_type != "between" for m in markets)
    steps = Counter(low - high for (_, high), (low, _) in pairwise(between))
    assert steps[UNDERLYING // 100] == len(between) - 1
    assert {m.venue for m in markets} == {"kalshi"}
    assert not feed.census
