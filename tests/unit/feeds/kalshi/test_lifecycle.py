from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import (
    EventListed,
    FeeScheduled,
    MarketChanged,
    MarketListed,
    MarketSettled,
)
from cockpit.domain.markets import EventGroup, Market, MarketStatus, PriceBand, SettlementState

SECOND = 1_000_000_000


class Life:
    def __init__(self, exchange: Any) -> None:
        self.exchange = exchange
        self.seq = 0

    def step(self, event_type: str, **body: Any) -> Any:
        return self.say("market_lifecycle_v2", market_ticker="KXA-26-T5", event_type=event_type, **body)

    def say(self, kind: str, **body: Any) -> Any:
        self.seq += 1
        return self.exchange.tell({"type": kind, "sid": 13, "seq": self.seq, "msg": body})


@pytest.fixture
def life(exchange: Any) -> Life:
    return Life(exchange)


def test_a_created_market_in_full(life: Life) -> None:
    about = {
        "name": "Five",
        "title": "Above five?",
        "yes_sub_title": "5.01+",
        "no_sub_title": "5-",
        "rules_primary": "One.",
        "rules_secondary": "Two.",
        "can_close_early": True,
        "event_ticker": "KXA-26",
        "expected_expiration_ts": 300,
        "strike_type": "between",
        "floor_strike": 5.01,
        "cap_strike": 6,
        "custom_strike": {"Word": "hat", "round_digits": 2},
    }
    events = life.step(
        "created",
        open_ts=100,
        close_ts=200,
        exchange_index=2,
        price_level_structure="tapered_deci_cent",
        additional_metadata=about,
    )
    market = Market(
        ticker="KXA-26-T5",
        venue="kalshi",
        event="KXA-26",
        series="KXA",
        title="Above five?",
        subtitle="5.01+",
        status=MarketStatus.INITIALIZED,
        open_ns=100 * SECOND,
        close_ns=200 * SECOND,
        expected_ns=300 * SECOND,
        strike_type="between",
        floor=501_000_000,
        cap=600_000_000,
        custom=(("Word", "hat"), ("round_digits", "2")),
        grid=(PriceBand(0, 1_000, 10), PriceBand(1_000, 9_000, 100), PriceBand(9_000, 10_000, 10)),
        rules="One.",
        rules_secondary="Two.",
        shard=2,
    )
    assert events == (MarketListed(1_000, market),)


def test_a_created_market_without_description(life: Life) -> None:
    assert life.step("created", open_ts=100, close_ts=200) == (
        MarketChanged(1_000, "KXA-26-T5", MarketStatus.INITIALIZED, 100 * SECOND, 200 * SECOND),
    )


@pytest.mark.parametrize(
    ("word", "status"), [("activated", MarketStatus.ACTIVE), ("deactivated", MarketStatus.INACTIVE)]
)
def test_pauses(life: Life, word: str, status: MarketStatus) -> None:
    assert life.step(word, is_deactivated=True) == (MarketChanged(1_000, "KXA-26-T5", status=status),)


def test_a_new_close(life: Life) -> None:
    assert life.step("close_date_updated", close_ts=900)[0].close_ns == 900 * SECOND


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ({"result": "yes"}, 10_000),
        ({"result": "no"}, 0),
        ({"result": "scalar", "settlement_value": "0.3700"}, 3_700),
        ({"result": "yes", "settlement_value": "1.0000"}, 10_000),
        ({"result": "scalar"}, None),
        ({"result": ""}, None),
        ({}, None),
    ],
)
def test_a_result(life: Life, body: dict[str, str], value: int | None) -> None:
    changed, settled = life.step("determined", determination_ts=5, **body)
    assert changed == MarketChanged(1_000, "KXA-26-T5", status=MarketStatus.DETERMINED)
    assert settled == MarketSettled(1_000, "KXA-26-T5", SettlementState.DETERMINED, value)


def test_the_end(life: Life) -> None:
    changed, settled = life.step("settled", settled_ts=5)
    assert changed.status is MarketStatus.FINALIZED
    assert settled == MarketSettled(1_000, "KXA-26-T5", SettlementState.FINAL, None)


def test_a_new_grid(life: Life) -> None:
    ranges = [{"start": "0.0000", "end": "1.0000", "step": "0.0010"}]
    (by_ranges,) = life.step(
        "price_level_structure_updated", price_level_structure="linear_cent", price_ranges=ranges
    )
    assert by_ranges.grid == (PriceBand(0, 10_000, 10),)
    (by_label,) = life.step("price_level_structure_updated", price_level_structure="linear_cent")
    assert by_label.grid == (PriceBand(0, 10_000, 100),)
    (unknown,) = life.step("price_level_structure_updated", price_level_structure="golden")
    assert unknown.grid is None
    assert life.exchange.feed.census["grid:golden"] == 1


def test_a_strike_that_arrives_late(life: Life) -> None:
    (changed,) = life.step("metadata_updated", strike_type="greater_or_equal", floor_strike=83950.62)
    assert changed == MarketChanged(
        1_000, "KXA-26-T5", floor=8_395_062_000_000, strike_type="greater_or_equal"
    )
    (titled,) = life.step("metadata_updated", yes_sub_title="above $95,000")
    assert titled == MarketChanged(1_000, "KXA-26-T5", subtitle="above $95,000")


def test_a_created_event(life: Life) -> None:
    for collateral, exclusive in (("MECNET", True), ("DIRECNET", False), ("", False)):
        (listed,) = life.say(
            "event_lifecycle",
            event_ticker="KXB-26",
            exchange_index=0,
            title="What?",
            subtitle="When",
            collateral_return_type=collateral,
            series_ticker="KXBB",
            strike_date=60,
        )
        group = EventGroup("KXB-26", "kalshi", "KXBB", "What?", "When", exclusive, collateral, 60 * SECOND)
        assert listed == EventListed(1_000, group)


def test_a_fee_override_and_its_end(life: Life) -> None:
    (override,) = life.say(
        "event_fee_update", event_ticker="KXB-26", fee_type_override="quadratic", fee_multiplier_override=0.5
    )
    assert override == FeeScheduled(1_000, "event", "KXB-26", "quadratic", 5_000, 1_000)
    (cleared,) = life.say(
        "event_fee_update", event_ticker="KXB-26", fee_type_override=None, fee_multiplier_override=None
    )
    assert cleared == FeeScheduled(1_000, "event", "KXB-26", None, None, 1_000)


def test_new_words_are_counted(life: Life) -> None:
    assert life.step("promoted") == ()
    life.step("metadata_updated", strike_type="wiggly")
    life.step("determined", result="perhaps")
    life.say("event_fee_update", event_ticker="KXB-26", fee_type_override="cubic")
    assert life.exchange.feed.census == {
        "lifecycle:promoted": 1,
        "strike:wiggly": 1,
        "result:perhaps": 1,
        "fee:cubic": 1,
    }


def test_a_repeated_step_gives_nothing(life: Life) -> None:
    life.step("activated")
    life.step("activated")
    life.seq -= 1
    assert life.step("activated") == ()


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("determined", {"settlement_value": "1.5"}),
        ("metadata_updated", {"floor_strike": "NaN"}),
        ("metadata_updated", {"floor_strike": 1e300}),
        ("close_date_updated", {"close_ts": -1}),
        ("price_level_structure_updated", {"price_ranges": [{"start": "0", "end": "1", "step": "0"}]}),
        ("price_level_structure_updated", {"price_ranges": [{"start": "1", "end": "0", "step": "0.01"}]}),
    ],
)
def test_a_step_out_of_range_is_a_feed_error(life: Life, word: str, body: dict[str, Any]) -> None:
    with pytest.raises(FeedError):
        life.step(word, **body)


@pytest.mark.parametrize("multiplier", [-1, "NaN", "sNaN", "Infinity"])
def test_a_multiplier_that_cannot_be_is_a_feed_error(life: Life, multiplier: Any) -> None:
    with pytest.raises(FeedError, match=r"negative|not a number"):
        life.say("event_fee_update", event_ticker="KXB-26", fee_multiplier_override=multiplier)
