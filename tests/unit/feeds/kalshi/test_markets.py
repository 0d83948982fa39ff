from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import EventListed, FeeScheduled, MarketListed, MarketSettled, SeriesListed
from cockpit.domain.markets import (
    CENT_GRID,
    EventGroup,
    Market,
    MarketStatus,
    PriceBand,
    Series,
    SettlementState,
    on_grid,
)
from cockpit.feeds.kalshi.markets import GRIDS, expiration

URL = "https://external-api.kalshi.com/trade-api/v2/markets/KXA-26OCT01-T5"


def _one(exchange: Any, **change: Any) -> Any:
    return exchange.answer(URL, {"market": exchange.market(**change)})


def test_a_market_in_full(exchange: Any) -> None:
    events = _one(
        exchange,
        cap_strike="7.5",
        custom_strike={"b": "two", "a": {"x": 1.50}, "c": None},
        fee_waiver_expiration_time="2026-10-01T00:00:00Z",
        price_ranges=[
            {"start": "0.0000", "end": "0.1000", "step": "0.0010"},
            {"start": "0.1000", "end": "1.0000", "step": "0.0100"},
        ],
    )
    market = Market(
        ticker="KXA-26OCT01-T5",
        venue="kalshi",
        event="KXA-26OCT01",
        series="KXA",
        title="Above five?",
        subtitle="5.01 or above",
        status=MarketStatus.ACTIVE,
        open_ns=1_790_859_600_000_000_000,
        close_ns=1_790_863_200_250_000_000,
        expected_ns=1_790_863_500_000_000_000,
        strike_type="greater",
        floor=501_000_000,
        cap=750_000_000,
        custom=(("a", '{"x":1.5}'), ("b", "two"), ("c", "null")),
        grid=(PriceBand(0, 1_000, 10), PriceBand(1_000, 10_000, 100)),
        rules="If it is above.",
        fee_waiver_ns=1_790_812_800_000_000_000,
        shard=2,
    )
    assert events == [MarketListed(1_000, market)]
    assert not exchange.feed.census


def test_a_bare_market(exchange: Any) -> None:
    (listed,) = exchange.answer(URL, {"market": {"ticker": "KXZ-1", "status": "active", "title": None}})
    assert listed.market == Market("KXZ-1", "kalshi", series="KXZ", status=MarketStatus.ACTIVE)


@pytest.mark.parametrize(
    ("text", "units"), [("92799.99", 9_279_999_000_000), ("52200", 5_220_000_000_000), ("0.3", 30_000_000)]
)
def test_strikes_are_exact_whether_numbers_or_text(exchange: Any, text: str, units: int) -> None:
    for form in (text, f'"{text}"'):
        body = f'{{"market":{{"ticker":"KXA-1","status":"active","floor_strike":{form}}}}}'.encode()
        assert exchange.answer(URL, body)[0].market.floor == units


SETTLED = [
    ({"status": "finalized", "result": "yes", "settlement_value_dollars": "1.0000"}, "final", 10_000),
    ({"status": "finalized", "result": "no", "settlement_value_dollars": "0.0000"}, "final", 0),
    ({"status": "finalized", "result": "no"}, "final", 0),
    ({"status": "finalized", "result": "scalar", "settlement_value_dollars": "0.3712"}, "final", 3_712),
    ({"status": "finalized", "result": ""}, "void", None),
    ({"status": "finalized"}, "void", None),
    ({"status": "finalized", "result": "", "settlement_value_dollars": "0.5000"}, "void", None),
    ({"status": "determined", "result": "yes"}, "determined", 10_000),
    ({"status": "determined", "result": ""}, "determined", None),
    ({"status": "disputed", "result": "no"}, "disputed", 0),
    ({"status": "amended", "result": "scalar"}, "amended", None),
    ({"status": "closed", "result": "yes"}, "determined", 10_000),
    ({"status": "novel", "result": "no"}, "determined", 0),
]


@pytest.mark.parametrize(("change", "state", "value"), SETTLED)
def test_settlement_states(exchange: Any, change: dict[str, str], state: str, value: int | None) -> None:
    market = {**exchange.market(), "expiration_value": "83950.62"}
    market.pop("result")
    listed, settled = exchange.answer(URL, {"market": {**market, **change}})
    expected = MarketSettled(1_000, "KXA-26OCT01-T5", SettlementState(state), value, 8_395_062_000_000)
    assert settled == expected
    assert listed.market.value == value
    assert listed.market.expiration == 8_395_062_000_000


@pytest.mark.parametrize("status", ["initialized", "inactive", "active", "closed"])
def test_an_open_market_settles_nothing(exchange: Any, status: str) -> None:
    (listed,) = _one(exchange, status=status)
    assert listed.market.status == MarketStatus(status)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("83950.62", 8_395_062_000_000),
        ("-3", -300_000_000),
        ("Miami", None),
        ("", None),
        (None, None),
        ("1e3", None),
    ],
)
def test_expiration_values_are_numbers_or_none(text: str | None, units: int | None) -> None:
    assert expiration(text) == units


def test_new_words_are_tolerated_and_counted(exchange: Any) -> None:
    listed, settled = _one(
        exchange,
        status="paused",
        strike_type="wiggly",
        result="perhaps",
        price_ranges=None,
        price_level_structure="golden",
        novelty=1,
    )
    assert listed.market.status is MarketStatus.UNKNOWN
    assert listed.market.strike_type == "wiggly"
    assert listed.market.grid == CENT_GRID
    assert settled.value is None
    assert exchange.feed.census == {
        "status:paused": 1,
        "strike:wiggly": 1,
        "result:perhaps": 1,
        "grid:golden": 1,
        "field:market.novelty": 1,
    }


def test_a_label_stands_in_for_missing_bands(exchange: Any) -> None:
    (listed,) = _one(exchange, price_ranges=[], price_level_structure="deci_cent")
    assert listed.market.grid == (PriceBand(0, 10_000, 10),)


@given(st.sampled_from(sorted(GRIDS)), st.integers(1, 99))
def test_every_labelled_grid_is_whole_and_holds_all_cents(label: str, cents: int) -> None:
    grid = GRIDS[label]
    assert (grid[0].start, grid[-1].end) == (0, 10_000)
    assert all(left.end == right.start for left, right in pairwise(grid))
    assert on_grid(grid, cents * 100)


@pytest.mark.parametrize(
    "change",
    [
        {"ticker": None},
        {"ticker": 5},
        {"floor_strike": "soon"},
        {"floor_strike": "NaN"},
        {"cap_strike": 1e200},
        {"close_time": "tomorrow"},
        {"price_ranges": [{"start": "0.0000", "end": "1.0000"}]},
        {"price_ranges": [{"start": "0.0000", "end": "1.0000", "step": "0.00001"}]},
        {"price_ranges": [{"start": "0.0000", "end": "2.0000", "step": "0.01"}]},
        {"result": "scalar", "settlement_value_dollars": "37"},
        {"custom_strike": ["a"]},
        {"custom_strike": {"a": "\ud800"}},
    ],
)
def test_a_market_out_of_shape_is_a_feed_error(exchange: Any, change: dict[str, Any]) -> None:
    body = {"market": {**exchange.market(), **change}}
    if change.get("custom_strike") == {"a": "\ud800"}:
        broken = b'{"market":{"ticker":"A","custom_strike":{"a":"\\ud800"}}}'
        with pytest.raises(FeedError):
            exchange.answer(URL, broken)
        return
    with pytest.raises(FeedError):
        exchange.answer(URL, body)


def _event(**change: Any) -> dict[str, Any]:
    return {
        "event_ticker": "KXB-26",
        "series_ticker": "KXBB",
        "title": "What?",
        "sub_title": "When",
        "mutually_exclusive": True,
        "collateral_return_type": "MECNET",
        "settlement_sources": None,
        "strike_date": "1970-01-01T00:01:00Z",
        **change,
    }


def test_an_event_with_its_markets(exchange: Any) -> None:
    body = {"event": _event(markets=[exchange.market("KXB-26-T1")]), "markets": []}
    listed, market = exchange.answer("/trade-api/v2/events/KXB-26?with_nested_markets=true", body)
    group = EventGroup("KXB-26", "kalshi", "KXBB", "What?", "When", True, "MECNET", 60_000_000_000)
    assert listed == EventListed(1_000, group)
    assert (market.market.ticker, market.market.series) == ("KXB-26-T1", "KXBB")


def test_markets_beside_the_event_count_unless_nested(exchange: Any) -> None:
    beside = [exchange.market("KXB-26-T2")]
    events = exchange.answer("/events/KXB-26", {"event": _event(), "markets": beside})
    assert [e.market.ticker for e in events[1:]] == ["KXB-26-T2"]
    nested = {"event": _event(markets=[exchange.market("KXB-26-T1")]), "markets": beside}
    assert [e.market.ticker for e in exchange.answer("/events/KXB-26", nested)[1:]] == ["KXB-26-T1"]


def test_an_events_fee_override(exchange: Any) -> None:
    body = {"events": [_event(fee_type_override="flat", fee_multiplier_override=0.5)], "cursor": ""}
    assert exchange.answer("/events", body)[1:] == [
        FeeScheduled(1_000, "event", "KXB-26", "flat", 5_000, 1_000)
    ]
    body = {"events": [_event(fee_multiplier_override=0)], "cursor": ""}
    assert exchange.answer("/events", body)[1:] == [FeeScheduled(1_000, "event", "KXB-26", None, 0, 1_000)]


SERIES = {
    "ticker": "KXBB",
    "title": "Bees",
    "category": "Sports",
    "frequency": "daily",
    "fee_type": "quadratic_with_maker_fees",
    "fee_multiplier": 0.5,
}


def test_a_series(exchange: Any) -> None:
    series = Series("KXBB", "kalshi", "Bees", "Sports", "daily", "quadratic_with_maker_fees", 5_000)
    assert exchange.answer("/series/KXBB", {"series": SERIES}) == [SeriesListed(1_000, series)]
    assert (
        exchange.answer("/series?category=Sports", {"series": [SERIES, SERIES]})
        == [SeriesListed(1_000, series)] * 2
    )


@pytest.mark.parametrize(("stated", "units"), [(1, 10_000), (0, 0), ("0.25", 2_500), (None, 10_000)])
def test_fee_multipliers(exchange: Any, stated: Any, units: int) -> None:
    (listed,) = exchange.answer("/series/KXBB", {"series": {**SERIES, "fee_multiplier": stated}})
    assert listed.series.fee_multiplier == units


def test_a_new_fee_word_is_counted(exchange: Any) -> None:
    (listed,) = exchange.answer("/series/KXBB", {"series": {**SERIES, "fee_type": "cubic"}})
    assert listed.series.fee_type == "cubic"
    assert exchange.feed.census == {"fee:cubic": 1}
