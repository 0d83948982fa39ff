from collections import Counter
from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.units import ASK, BID, PRICE
from cockpit.feeds.kalshi import tape
from cockpit.feeds.kalshi.tape import Recent, taker


@pytest.mark.parametrize(
    ("words", "side"),
    [
        (("yes", "ask", "no"), BID),
        (("no", "bid", "yes"), ASK),
        ((None, "bid", "no"), BID),
        ((None, "ask", "yes"), ASK),
        ((None, None, "yes"), BID),
        ((None, None, "no"), ASK),
        (("", "ask", None), ASK),
        (("novel", None, "no"), ASK),
    ],
)
def test_the_takers_side_by_the_best_word(words: tuple[str | None, ...], side: int) -> None:
    census: Counter[str] = Counter()
    assert taker(census, *words) == side
    assert not census


def test_an_unknown_taker_is_counted() -> None:
    census: Counter[str] = Counter()
    assert taker(census, None, None, None) == 0
    assert taker(census, None, "both", None) == 0
    assert census == {"taker:missing": 1, "taker:both": 1}


def test_ids_are_remembered_for_long_but_not_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tape, "REMEMBERED", 4)
    recent = Recent()
    assert all(recent.first(str(number)) for number in range(8))
    assert not any(recent.first(str(number)) for number in range(8))
    assert recent.first("8")
    assert recent.first("0")


def test_an_empty_id_is_always_new() -> None:
    recent = Recent()
    assert recent.first("")
    assert recent.first("")


def _ticker(**change: Any) -> dict[str, Any]:
    body = {
        "market_ticker": "KXA-1",
        "yes_bid_dollars": "0.4500",
        "yes_ask_dollars": "0.5300",
        "yes_bid_size_fp": "300.00",
        "yes_ask_size_fp": "150.00",
        **change,
    }
    return {"type": "ticker", "sid": 11, "msg": body}


@pytest.mark.parametrize(
    ("change", "top"),
    [
        ({}, (4_500, 300_000_000, 5_300, 150_000_000)),
        ({"yes_bid_dollars": "0.0000", "yes_bid_size_fp": "0.00"}, (0, 0, 5_300, 150_000_000)),
        ({"yes_ask_dollars": "1.0000", "yes_ask_size_fp": "0.00"}, (4_500, 300_000_000, PRICE, 0)),
        ({"yes_bid_size_fp": "0.00", "yes_ask_size_fp": "0.00"}, (0, 0, PRICE, 0)),
        ({"yes_bid_size_fp": None, "yes_ask_size_fp": None}, (4_500, 0, 5_300, 0)),
        ({"yes_bid_dollars": "", "yes_ask_dollars": None}, (0, 300_000_000, PRICE, 150_000_000)),
    ],
)
def test_emptiness_is_told_by_size(exchange: Any, change: dict[str, Any], top: tuple[int, ...]) -> None:
    (quote,) = exchange.tell(_ticker(**change))
    assert (quote.bid, quote.bid_qty, quote.ask, quote.ask_qty) == top
    assert (quote.last, quote.last_qty, quote.volume, quote.open_interest, quote.ex) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "change", [{"yes_bid_size_fp": "-1.00"}, {"volume_fp": "-1.00"}, {"price_dollars": "1.10"}, {"ts": "now"}]
)
def test_a_ticker_out_of_range_is_a_feed_error(exchange: Any, change: dict[str, Any]) -> None:
    with pytest.raises(FeedError):
        exchange.tell(_ticker(**change))


@pytest.mark.parametrize(
    "change", [{"count_fp": "0.00"}, {"count_fp": "-1.00"}, {"yes_price_dollars": "2.0000"}]
)
def test_a_print_out_of_range_is_a_feed_error(exchange: Any, change: dict[str, Any]) -> None:
    with pytest.raises(FeedError):
        exchange.tell(exchange.trade(**change))


@pytest.mark.parametrize("data", ["", "{}", "null", '{"value":"NaN"}', '{"value":"1e999"}', '{"value":true}'])
def test_an_index_without_a_number_is_a_feed_error(exchange: Any, data: str) -> None:
    body = {"index_id": "BRTI", "data": data}
    with pytest.raises(FeedError):
        exchange.tell({"type": "cfbenchmarks_value", "sid": 5, "seq": 1, "msg": body})


def test_an_index_stamped_by_the_exchange_alone(exchange: Any) -> None:
    body = {"index_id": "BRTI", "data": '{"value":68000.12}', "received_at": 5}
    (tick,) = exchange.tell({"type": "cfbenchmarks_value", "sid": 5, "seq": 1, "msg": body})
    assert (tick.ex, tick.value, tick.mean_60s) == (5_000_000, 6_800_012_000_000, None)
