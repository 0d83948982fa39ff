from typing import Any

import msgspec
import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import (
    BookDelta,
    BookSnapshot,
    EventListed,
    ExchangeStatus,
    FeeScheduled,
    MarketListed,
)
from cockpit.domain.units import ASK, BID


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
    first = exchange.answer("/markets/trades", {"trades": [_print(2), _print(1)], "cursor": "x"})
    assert [(e.id, e.ex, e.backfill, e.taker) for e in first] == [
        ("id1", 1_000_001_000, True, BID),
        ("id2", 2_000_001_000, True, BID),
    ]
    assert (first[0].price, first[0].qty) == (300, 7_770_000)
    again = exchange.answer("/historical/trades", {"trades": [_print(3), _print(2)], "cursor": ""})
    assert [e.id for e in again] == ["id3"]


def test_trades_of_socket_and_poll_are_the_same_trades(exchange: Any) -> None:
    exchange.tell(exchange.trade(seq=1, trade_id="id1"))
    assert [e.id for e in exchange.answer("/markets/trades", {"trades": [_print(2), _print(1)]})] == ["id2"]
    assert exchange.tell(exchange.trade(seq=2, trade_id="id2")) == ()


def test_a_page_with_a_bad_trade_leaves_its_good_ones_to_come_again(exchange: Any) -> None:
    with pytest.raises(FeedError):
        exchange.answer("/markets/trades", {"trades": [_print(2, count_fp="0.00"), _print(1)]})
    assert [e.id for e in exchange.answer("/markets/trades", {"trades": [_print(1)]})] == ["id1"]


def test_a_block_trade_without_a_known_taker(exchange: Any) -> None:
    odd = _print(1, is_block_trade=True, taker_outcome_side="", taker_book_side=None, taker_side="both")
    (trade,) = exchange.answer("/markets/trades", {"trades": [odd]})
    assert trade.block
    assert trade.taker == 0
    assert exchange.feed.census == {"taker:both": 1}
    (sold,) = exchange.answer("/markets/trades", {"trades": [_print(2, taker_outcome_side="no")]})
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


MILESTONES = {"milestones": [{"id": "m", "type": "basketball_game", "start_date": "x"}], "cursor": ""}


@pytest.mark.parametrize(
    ("url", "body", "key"),
    [
        ("/milestones?limit=5", MILESTONES, "url:milestones"),
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
    exchange.answer("/markets/trades", {"trades": [_print(1, weather="fair")]})
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
