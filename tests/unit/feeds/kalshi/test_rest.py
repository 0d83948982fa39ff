from typing import Any

import msgspec
import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import (
    BookDelta,
    BookDoubt,
    BookSnapshot,
    EventListed,
    ExchangeStatus,
    FeeScheduled,
    MarketListed,
)
from cockpit.domain.units import ASK, BID, SECOND
from cockpit.feeds.kalshi import pages
from cockpit.feeds.kalshi.feed import KalshiFeed


@pytest.mark.parametrize(
    "url",
    [
        "/markets",
        "/trade-api/v2/markets?status=open&limit=1000",
        "https://external-api.kalshi.com/trade-api/v2/markets",
        "https://demo-api.kalshi.co/trade-api/v2/historical/markets?cursor=x",
        "/trade-api/v2/markets/",
    ],
)
def test_the_path_names_the_shape(exchange: Any, url: str) -> None:
    body = {"markets": [exchange.market("KXA-26OCT01-T5"), exchange.market("KXB-1-T2")], "cursor": ""}
    events = exchange.answer(url, body)
    assert [type(e) for e in events] == [MarketListed, MarketListed]


def test_combo_events_are_events(exchange: Any) -> None:
    body = {"events": [{"event_ticker": "KXMVE-1"}], "cursor": ""}
    assert [type(e) for e in exchange.answer("/events/multivariate", body)] == [EventListed]


def test_a_polled_book_is_in_no_terms_whatever_the_socket_was_asked(exchange: Any, yes_priced: Any) -> None:
    body = {"orderbook_fp": {"yes_dollars": [["0.4600", "10.00"]], "no_dollars": [["0.4800", "3.00"]]}}
    for talk in (exchange, yes_priced):
        assert talk.answer("/markets/KXA-1.5/orderbook?depth=10", body) == [
            BookSnapshot(1_000, 0, "KXA-1.5", ((4_600, 10_000_000),), ((5_200, 3_000_000),))
        ]


@pytest.mark.parametrize(
    "sides", [{}, {"yes_dollars": None, "no_dollars": None}, {"yes_dollars": [], "no_dollars": []}]
)
def test_an_empty_polled_book(exchange: Any, sides: dict[str, Any]) -> None:
    assert exchange.answer("/markets/A/orderbook", {"orderbook_fp": sides}) == [
        BookSnapshot(1_000, 0, "A", (), ())
    ]


def test_several_polled_books(exchange: Any) -> None:
    books = [
        {"ticker": "A", "orderbook_fp": {"yes_dollars": [["0.1000", "1.00"]], "no_dollars": []}},
        {"ticker": "B", "orderbook_fp": {}},
    ]
    events = exchange.answer("/markets/orderbooks?tickers=A&tickers=B", {"orderbooks": books})
    assert [(e.market, e.bids) for e in events] == [("A", ((1_000, 1_000_000),)), ("B", ())]


def test_a_polled_book_does_not_disturb_the_sockets(exchange: Any) -> None:
    exchange.tell(exchange.snapshot("KXA-1", seq=1))
    body = {"orderbook_fp": {"yes_dollars": [["0.1000", "1.00"]]}}
    assert exchange.answer("/markets/KXA-1/orderbook", body) == []
    assert exchange.feed.census == {"dropped:polled book under a socket": 1}
    assert [type(e) for e in exchange.tell(exchange.delta("KXA-1", seq=2))] == [BookDelta]
    exchange.feed.reset()
    assert len(exchange.answer("/markets/KXA-1/orderbook", body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"orderbook_fp": {"yes_dollars": [["0.1000", "0.00"]]}},
        {"orderbook_fp": {"yes_dollars": [["1.1000", "1.00"]]}},
        {"orderbook_fp": {"yes_dollars": [[0.1, 1]]}},
        {"orderbook_fp": None},
        {"book": {}},
        {},
    ],
)
def test_a_polled_book_out_of_shape_is_a_feed_error(exchange: Any, body: dict[str, Any]) -> None:
    with pytest.raises(FeedError):
        exchange.answer("/markets/A/orderbook", body)


TRADES = "/markets/trades?ticker=KXA-1"


def _print(number: int, **change: Any) -> dict[str, Any]:
    return {
        "trade_id": f"id{number}",
        "ticker": "KXA-1",
        "count_fp": "7.77",
        "yes_price_dollars": "0.0300",
        "no_price_dollars": "0.9700",
        "taker_outcome_side": "yes",
        "taker_book_side": "bid",
        "taker_side": "yes",
        "created_time": f"1970-01-01T00:00:0{number}.000001Z",
        "is_block_trade": False,
        **change,
    }


def test_fetched_trades_come_oldest_first_and_once(exchange: Any) -> None:
    first = exchange.answer(TRADES, {"trades": [_print(2), _print(1)], "cursor": "x"})
    assert [(e.id, e.ex, e.backfill, e.taker) for e in first] == [
        ("id1", 1_000_001_000, True, BID),
        ("id2", 2_000_001_000, True, BID),
    ]
    assert (first[0].price, first[0].qty) == (300, 7_770_000)
    again = exchange.answer(
        "/historical/trades?ticker=KXA-1", {"trades": [_print(3), _print(2)], "cursor": ""}
    )
    assert [e.id for e in again] == ["id3"]


def test_trades_of_socket_and_poll_are_the_same_trades(exchange: Any) -> None:
    exchange.tell(exchange.trade(seq=1, trade_id="id1"))
    assert [e.id for e in exchange.answer(TRADES, {"trades": [_print(2), _print(1)]})] == ["id2"]
    assert exchange.tell(exchange.trade(seq=2, trade_id="id2")) == ()


def test_a_bad_print_spares_the_others(exchange: Any) -> None:
    bad = [_print(2, count_fp="0.00"), _print(3, count_fp=5)]
    assert [e.id for e in exchange.answer(TRADES, {"trades": [*bad, _print(1)]})] == ["id1"]
    assert sum(n for key, n in exchange.feed.census.items() if key.startswith("unreadable:")) == 2
    for each in bad:
        with pytest.raises(FeedError):
            exchange.answer(TRADES, {"trades": [each]})


def test_prints_of_markets_nobody_follows_are_not_told(exchange: Any) -> None:
    both = {"trades": [_print(1), _print(2, ticker="KXB-1")]}
    assert [e.id for e in exchange.answer(TRADES, both)] == ["id1"]
    assert exchange.answer("/markets/trades?limit=9", {"trades": [_print(3)]}) == []
    exchange.answer("/markets/KXB-1/orderbook", {"orderbook_fp": {}})
    assert [e.id for e in exchange.answer("/markets/trades?limit=9", both)] == ["id2"]


# ---------------------------------------------------------------------------------------- pages

SINCE = "/markets/trades?limit=2&min_ts=1&ticker=KXA-1"


def test_pages_of_prints_are_told_together_oldest_first(exchange: Any) -> None:
    assert exchange.answer(SINCE, {"trades": [_print(6), _print(5)], "cursor": "a"}, t=10) == []
    exchange.tell(exchange.trade(trade_id="id5"))
    assert exchange.answer(f"{SINCE}&cursor=a", {"trades": [_print(4), _print(3)], "cursor": "b"}, t=20) == []
    other = KalshiFeed()
    other.recall(exchange.feed.memory())
    last = exchange.frame("kalshi.rest", {"trades": [_print(2)], "cursor": ""}, 30, u=f"{SINCE}&cursor=b")
    told = exchange.feed.receive(last)
    assert [(e.id, e.ts) for e in told] == [("id2", 30), ("id3", 30), ("id4", 30), ("id6", 30)]
    assert other.receive(last) == told
    assert exchange.feed.memory() == other.memory()


def test_what_came_is_told_when_the_next_page_does_not_come(exchange: Any) -> None:
    first = {"trades": [_print(2), _print(1)], "cursor": "a"}
    assert exchange.answer(SINCE, first) == []
    told = exchange.answer(f"{SINCE}&cursor=a", {"error": "too many requests"}, st=429)
    assert [e.id for e in told] == ["id1", "id2"]
    assert exchange.answer(SINCE, {"trades": [_print(4), _print(3)], "cursor": "a"}) == []
    late = exchange.answer("/milestones", {"milestones": []}, t=1_000 + pages.WAIT_NS + 1)
    assert [e.id for e in late] == ["id3", "id4"]
    assert exchange.answer(SINCE, {"trades": [_print(6), _print(5)], "cursor": "a"}) == []
    assert [e.id for e in exchange.answer(SINCE, {"trades": [_print(7)], "cursor": ""})] == [
        "id5",
        "id6",
        "id7",
    ]
    assert exchange.feed.census["pages:not all"] == 3


def test_pages_are_bounded_and_told_then(exchange: Any) -> None:
    told, url = [], SINCE
    for number in range(1, 30):
        told = exchange.answer(url, {"trades": [_print(1, trade_id=f"p{number}")], "cursor": f"c{number}"})
        if told:
            break
        url = f"{SINCE}&cursor=c{number}"
    assert len(told) == pages.PAGES == number
    assert exchange.feed.census[f"pages:more than {pages.PAGES}"] == 1
    assert b'"pages":{}' in exchange.feed.memory()


def _held(ticker: str) -> dict[str, Any]:
    return {"ticker": ticker, "position_fp": "3.00"}


def test_an_account_in_pages_is_told_as_a_whole_once(exchange: Any) -> None:
    url = "/portfolio/positions?limit=1"
    assert exchange.answer(url, {"market_positions": [_held("A")], "cursor": "a"}) == []
    (told,) = exchange.answer(f"{url}&cursor=a", {"market_positions": [_held("B")], "cursor": ""})
    assert {each.market for each in told.positions} == {"A", "B"}
    assert told.whole
    (alone,) = exchange.answer(url, {"market_positions": [], "cursor": ""})
    assert alone.whole
    assert alone.positions == ()


def test_an_account_of_which_something_is_missing_is_not_the_whole(exchange: Any) -> None:
    url = "/portfolio/positions?limit=1"
    (odd,) = exchange.answer(url, {"market_positions": [_held("A"), {"ticker": "B", "position_fp": "x"}]})
    assert not odd.whole
    (odd,) = exchange.answer(url, {"market_positions": [_held("A"), {"ticker": "B"}]})
    assert not odd.whole
    exchange.answer(url, {"market_positions": [_held("A")], "cursor": "a"})
    (cut,) = exchange.answer(f"{url}&cursor=a", b"", st=500)
    assert [each.market for each in cut.positions] == ["A"]
    assert not cut.whole
    order = {"order_id": "o", "ticker": "A", "status": "resting", "yes_price_dollars": "0.5",
             "remaining_count_fp": "1.00", "book_side": "bid"}  # fmt: skip
    url = "/portfolio/orders?status=resting"
    assert exchange.answer(url, {"orders": [order], "cursor": "a"}) == []
    (whole,) = exchange.answer(f"{url}&cursor=a", {"orders": [{**order, "order_id": "p"}], "cursor": ""})
    assert {each.id for each in whole.orders} == {"o", "p"}
    assert whole.whole


# ---------------------------------------------------------------------------------------- odd items


@pytest.mark.parametrize(
    "change",
    [
        {"settlement_value_dollars": "1.5", "result": "yes"},
        {"floor_strike": "high"},
        {"ticker": None},
        {"ticker": "KX\x1b[2J"},
        {"ticker": "K" * 101},
        {"close_time": "soon"},
    ],
)
def test_an_odd_market_spares_the_others(exchange: Any, change: dict[str, Any]) -> None:
    good, odd = exchange.market(), {**exchange.market("KXA-26OCT01-T6"), **change}
    told = exchange.answer("/markets", {"markets": [good, odd], "cursor": ""})
    assert [e.market.ticker for e in told] == ["KXA-26OCT01-T5"]
    event = {"event_ticker": "KXA-26OCT01", "markets": [odd, good]}
    told = exchange.answer("/events", {"events": [event], "cursor": ""})
    assert [type(e) for e in told] == [EventListed, MarketListed]
    assert [key for key in exchange.feed.census if key.startswith("unreadable:")]
    with pytest.raises(FeedError):
        exchange.answer("/markets", {"markets": [odd], "cursor": ""})


def test_an_odd_event_spares_the_others(exchange: Any) -> None:
    events = [
        {"event_ticker": 5},
        {"event_ticker": "KXA-1", "strike_date": "soon"},
        {"event_ticker": "KXB-1"},
    ]
    (told,) = exchange.answer("/events", {"events": events, "cursor": ""})
    assert told.group.ticker == "KXB-1"


def test_odd_settlements_and_changes_of_fees_spare_the_others(exchange: Any) -> None:
    body = {"settlements": [{"ticker": "A", "market_result": "yes"}, {"ticker": "B"}]}
    assert exchange.answer("/portfolio/settlements", body) == []
    change = {"series_ticker": "KXA", "fee_type": "quadratic", "fee_multiplier": 1}
    odd = [{**change, "fee_multiplier": -1}, {"series_ticker": 1}]
    assert len(exchange.answer("/series/fee_changes", {"series_fee_change_arr": [*odd, change]})) == 1


# ---------------------------------------------------------------------------------------- polled books

BOOK = {"yes_dollars": [["0.4000", "5.00"]], "no_dollars": []}
BAD = {"yes_dollars": [["0.4000", "0.00"]], "no_dollars": []}


def _books(exchange: Any, t: int, *names: str, **sides: Any) -> Any:
    books = [{"ticker": name, "orderbook_fp": sides.get(name, BOOK)} for name in names]
    query = "&".join(f"tickers={name}" for name in names)
    return exchange.answer(f"/markets/orderbooks?{query}", {"orderbooks": books}, t=t)


def test_a_bad_book_is_doubted_and_spares_the_others(exchange: Any) -> None:
    _books(exchange, 0, "A", "B")
    told = _books(exchange, 1, "A", "B", B=BAD)
    assert [type(e) for e in told] == [BookSnapshot, BookDoubt]
    assert told[1] == BookDoubt(1, "B", "book cannot be read")
    assert [e.market for e in _books(exchange, 2, "A", "B", B=BAD)] == ["A"]
    assert [e.market for e in _books(exchange, 3, "A", "B", B={"yes_dollars": 5})] == ["A"]
    assert [e.market for e in _books(exchange, 4, "A", "B")] == ["A", "B"]


@pytest.mark.parametrize(
    "http", [{"st": 400}, {"st": 429}, {"st": 0}, {"st": 200}, {"url": "/exchange/status", "st": 503}]
)
def test_a_polled_book_nobody_reads_again_is_doubted_once(exchange: Any, http: dict[str, Any]) -> None:
    _books(exchange, 0, "A", "B")
    _books(exchange, 5 * SECOND, "B")
    url = http.get("url", "/markets/orderbooks?tickers=A")
    body = {"orderbooks": [], "exchange_active": True, "trading_active": True}

    def silence(t: int) -> list[Any]:
        try:
            told = exchange.answer(url, body, t=t, st=http["st"])
        except FeedError:
            return []
        return [e for e in told if isinstance(e, BookDoubt)]

    assert silence(10 * SECOND) == []
    assert silence(11 * SECOND) == [BookDoubt(11 * SECOND, "A", "not polled for 11 s")]
    assert silence(12 * SECOND) == []
    assert [e.market for e in silence(16 * SECOND)] == ["B"]
    assert [type(e) for e in _books(exchange, 17 * SECOND, "A")] == [BookSnapshot]


def test_how_old_a_polled_book_may_be_follows_from_how_often_it_is_read(exchange: Any) -> None:
    for t in (0, 20, 40):
        _books(exchange, t * SECOND, "A")
    other = KalshiFeed()
    other.recall(exchange.feed.memory())
    for feed in (exchange.feed, other):
        exchange.feed = feed
        assert exchange.answer("/milestones", {"milestones": []}, t=80 * SECOND) == []
        (doubt,) = exchange.answer("/milestones", {"milestones": []}, t=81 * SECOND)
        assert doubt.market == "A"


def test_an_unchanged_book_was_read(exchange: Any) -> None:
    _books(exchange, 0, "A")
    exchange.answer("/markets/B/orderbook", {"orderbook_fp": {}}, t=0)
    for t in range(5, 40, 5):
        assert exchange.answer("/markets/orderbooks?tickers=A", b"", t=t * SECOND, st=304) == []
        assert exchange.answer("/markets/B/orderbook?x", b"", t=t * SECOND, st=304) == []
    told = exchange.answer("/milestones", {"milestones": []}, t=60 * SECOND)
    assert {e.market for e in told} == {"A", "B"}
    assert exchange.answer("/markets/orderbooks?tickers=A", b"", t=61 * SECOND, st=304) == []
    assert exchange.feed.lost("kalshi.rest", 62 * SECOND) == []


def test_a_block_trade_without_a_known_taker(exchange: Any) -> None:
    odd = _print(1, is_block_trade=True, taker_outcome_side="", taker_book_side=None, taker_side="both")
    (trade,) = exchange.answer(TRADES, {"trades": [odd]})
    assert trade.block
    assert trade.taker == 0
    assert exchange.feed.census == {"taker:both": 1}
    (sold,) = exchange.answer(TRADES, {"trades": [_print(2, taker_outcome_side="no")]})
    assert sold.taker == ASK


def test_scheduled_fee_changes(exchange: Any) -> None:
    change = {
        "id": "1",
        "series_ticker": "KXA",
        "fee_type": "quadratic",
        "fee_multiplier": 0.5,
        "scheduled_ts": "1970-01-01T00:00:09Z",
    }
    assert exchange.answer("/series/fee_changes", {"series_fee_change_arr": [change]}) == [
        FeeScheduled(1_000, "series", "KXA", "quadratic", 5_000, 9_000_000_000)
    ]
    cleared = {"id": "2", "event_ticker": "KXA-1", "fee_type_override": None, "scheduled_ts": None}
    assert exchange.answer("/events/fee_changes", {"event_fee_changes": [cleared], "cursor": ""}) == [
        FeeScheduled(1_000, "event", "KXA-1", None, None, 1_000)
    ]


@pytest.mark.parametrize("status", [None, 200, 503, 504])
def test_the_exchanges_status_comes_with_any_http_status(exchange: Any, status: int | None) -> None:
    body = {
        "exchange_active": True,
        "trading_active": False,
        "exchange_estimated_resume_time": "1970-01-01T00:00:09Z",
    }
    assert exchange.answer("/exchange/status", body, st=status) == [
        ExchangeStatus(1_000, "kalshi", True, False, 9_000_000_000)
    ]


def test_a_gateways_page_in_place_of_the_status_is_a_feed_error(exchange: Any) -> None:
    frame = exchange.frame("kalshi.rest", b"", 1, u="/exchange/status", st=502)
    frame.x = "<html>Bad Gateway</html>"
    with pytest.raises(FeedError, match="HTTP 502: <html>Bad Gateway"):
        exchange.feed.receive(frame)


@pytest.mark.parametrize(
    ("url", "body", "key"),
    [
        ("/portfolio/settlements", {"settlements": []}, "url:portfolio/settlements"),
        ("/search/tags_by_categories", {"tags": {}}, "url:search"),
        ("/events/KXA-1/metadata", {"image_url": ""}, "url:events"),
        ("", {"markets": []}, "url:missing"),
    ],
)
def test_what_gives_no_events_is_counted(exchange: Any, url: str, body: Any, key: str) -> None:
    assert exchange.answer(url, body) == []
    assert exchange.feed.census == {key: 1}


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/exchange/schedule", {"schedule": {}}),
        ("/milestones", {"milestones": [{"type": "x"}]}),
        ("/portfolio/fills", {"fills": [{"ticker": "A"}]}),
        ("/portfolio/settlements", {"settlements": None}),
        ("/markets", {"markets": None}),
        ("/markets", []),
        ("/markets", {"market": {}}),
        ("/events", {"events": [{}]}),
        ("/events/A", {"markets": []}),
        ("/series", {"series": {}}),
        ("/exchange/status", {"exchange_active": "yes", "trading_active": True}),
        ("http://[", {"markets": []}),
    ],
)
def test_a_body_out_of_shape_is_a_feed_error(exchange: Any, url: str, body: Any) -> None:
    with pytest.raises(FeedError):
        exchange.answer(url, body)


def test_an_unchanged_answer_gives_nothing(exchange: Any) -> None:
    assert exchange.answer("/markets", b"", st=304) == []
    assert exchange.answer("/portfolio/events/orders", b"", st=204) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": {"code": "not_found", "message": "not found"}}, "not_found: not found"),
        (
            {"error": {"code": "invalid_order", "message": "invalid order", "details": "post only cross"}},
            r"invalid_order: invalid order \(post only cross\)",
        ),
        (
            {"code": "bad_request", "message": "bad request", "details": "d"},
            r"bad_request: bad request \(d\)",
        ),
        ({"msg": "Parameter validation failed"}, "Parameter validation failed"),
        ({"error": "too many requests"}, "too many requests"),
    ],
)
@pytest.mark.parametrize("status", [None, 400, 429])
def test_refusals_say_what_the_exchange_said(exchange: Any, body: Any, said: str, status: int | None) -> None:
    with pytest.raises(FeedError, match=said) as caught:
        exchange.answer("/markets", body, st=status)
    assert (f"HTTP {status}" in str(caught.value)) == (status is not None)


def test_unknown_fields_of_objects_are_counted(exchange: Any) -> None:
    event = {"event_ticker": "KXA-1", "aura": 1}
    exchange.answer("/events", {"events": [event]})
    exchange.answer("/series/KXA", {"series": {"ticker": "KXA", "mood": 1}})
    exchange.answer(TRADES, {"trades": [_print(1, weather="fair")]})
    assert exchange.feed.census == {
        "field:event.aura": 1,
        "field:series.mood": 1,
        "field:trades.weather": 1,
    }


def test_a_body_stored_as_text_or_bytes_is_the_same_body(exchange: Any) -> None:
    text = msgspec.json.encode({"markets": [exchange.market()]}).decode()
    frame = exchange.frame("kalshi.rest", b"", 1, u="/markets")
    frame.x = "\n" + text
    assert len(exchange.feed.receive(frame)) == 1
