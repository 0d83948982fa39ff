"""REST bodies: every field the venue's own client requires, before and after settlement."""

import json

import msgspec
import pytest

from cockpit.domain.markets import Market, MarketStatus
from cockpit.domain.units import PRICE, QTY, RATIO, SECOND, UNDERLYING
from cockpit.rehearsal.listing import Board, Ladder, board
from cockpit.rehearsal.profiles import CLOSE_NS
from cockpit.rehearsal.rest import (
    EMPTY,
    Settled,
    event_body,
    market_body,
    market_url,
    series_body,
    settlement_timer,
)
from cockpit.rehearsal.wire import Top

# fmt: off
REQUIRED = [
    "ticker", "event_ticker", "market_type", "yes_sub_title", "no_sub_title", "created_time",
    "updated_time", "open_time", "close_time", "latest_expiration_time", "settlement_timer_seconds",
    "status", "yes_bid_dollars", "yes_bid_size_fp", "yes_ask_dollars", "yes_ask_size_fp", "no_bid_dollars",
    "no_ask_dollars", "last_price_dollars", "volume_fp", "volume_24h_fp", "result", "can_close_early",
    "open_interest_fp", "notional_value_dollars", "previous_yes_bid_dollars", "previous_yes_ask_dollars",
    "previous_price_dollars", "settlement_bounds_type", "expiration_value", "rules_primary",
    "rules_secondary", "price_level_structure", "price_ranges",
]
# fmt: on
"""Source: the venue's API description, version 3.34."""


@pytest.fixture
def listed() -> Board:
    ladder = Ladder("BTC", 100 * UNDERLYING, above=1, between=1, updown=True)
    return board(ladder, 84_000 * UNDERLYING, 84_001_37 * UNDERLYING // 100, CLOSE_NS)


@pytest.fixture
def market(listed: Board) -> Market:
    return listed.markets[0]


def test_an_active_market_has_every_required_field_and_no_result(listed: Board) -> None:
    for market in listed.markets:
        fields = json.loads(market_body(market, EMPTY, CLOSE_NS))["market"]
        assert [name for name in REQUIRED if name not in fields] == []
        assert list(fields) == sorted(fields)
        assert (fields["result"], fields["expiration_value"]) == ("", "")
        assert fields["status"] == str(market.status)
        assert "settlement_ts" not in fields


def test_quotes_are_mirrored_and_an_empty_side_is_zero_or_one(market: Market) -> None:
    top = Top(4200, 5 * QTY, PRICE, 0, 4100, QTY, 9 * QTY, 3 * QTY, 0)
    fields = json.loads(market_body(market, top, CLOSE_NS))["market"]
    assert (fields["yes_bid_dollars"], fields["no_ask_dollars"]) == ("0.4200", "0.5800")
    assert (fields["yes_bid_size_fp"], fields["volume_fp"], fields["open_interest_fp"]) == (
        "5.00",
        "9.00",
        "3.00",
    )
    assert (fields["yes_ask_dollars"], fields["no_bid_dollars"], fields["yes_ask_size_fp"]) == (
        "1.0000",
        "0.0000",
        "0.00",
    )


def test_strikes_are_numbers_and_an_unknown_target_is_absent(listed: Board) -> None:
    above, below, between, _, updown, following = (
        json.loads(market_body(market, EMPTY, CLOSE_NS))["market"] for market in listed.markets
    )
    assert above["floor_strike"] == 83999.99
    assert below["cap_strike"] == 84000
    assert isinstance(below["cap_strike"], int)
    assert (between["floor_strike"], between["cap_strike"]) == (84000, 84099.99)
    assert updown["floor_strike"] == 84001.37
    assert updown["custom_strike"] == {"round_digits": "2"}
    assert "floor_strike" not in following
    assert following["status"] == MarketStatus.INITIALIZED


@pytest.mark.parametrize(("yes", "result", "value"), [(True, "yes", "1.0000"), (False, "no", "0.0000")])
def test_a_settled_market_states_result_and_value(market: Market, yes: bool, result: str, value: str) -> None:
    settled = Settled(84_012_50 * UNDERLYING // 100, yes, CLOSE_NS + 67 * SECOND)
    fields = json.loads(market_body(market, EMPTY, CLOSE_NS, settled))["market"]
    assert (fields["status"], fields["result"], fields["settlement_value_dollars"]) == (
        "finalized",
        result,
        value,
    )
    assert (fields["expiration_value"], fields["settlement_ts"]) == ("84012.50", "2026-12-03T20:01:07Z")


def test_the_settlement_timer_is_a_second_for_up_down_and_a_minute_else(listed: Board) -> None:
    assert [settlement_timer(market) // SECOND for market in listed.markets] == [60, 60, 60, 60, 1, 1]


def test_an_event_stands_beside_its_markets(listed: Board) -> None:
    group = listed.events[1]
    members = [(market, EMPTY) for market in listed.markets if market.event == group.ticker]
    body = json.loads(event_body(group, members, CLOSE_NS))
    assert [market["ticker"] for market in body["markets"]] == [market.ticker for market, _ in members]
    event = body["event"]
    required = [
        "event_ticker",
        "series_ticker",
        "sub_title",
        "title",
        "collateral_return_type",
        "mutually_exclusive",
    ]
    assert [name for name in required if name not in event] == []
    assert (event["mutually_exclusive"], event["collateral_return_type"]) == (True, "MECNET")
    assert event["strike_date"] == "2026-12-03T20:00:00Z"


def test_a_series_carries_its_fee_terms(listed: Board) -> None:
    series = listed.series[0]
    body = json.loads(series_body(series, 2))["series"]
    assert (body["fee_type"], body["fee_multiplier"], body["exchange_index"]) == ("quadratic", 1, 2)
    half = json.loads(series_body(msgspec.structs.replace(series, fee_multiplier=RATIO // 2), 2))["series"]
    assert half["fee_multiplier"] == 0.5


def test_a_market_is_asked_for_by_its_ticker() -> None:
    assert market_url("A-B").endswith("/trade-api/v2/markets/A-B")
