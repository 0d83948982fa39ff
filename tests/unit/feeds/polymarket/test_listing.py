"""Gamma's markets and events."""

import json
from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import EventListed, MarketListed, MarketSettled
from cockpit.domain.markets import (
    CENT_GRID,
    EventGroup,
    FeeSchedule,
    Market,
    MarketStatus,
    PriceBand,
    SettlementState,
    on_grid,
)
from cockpit.domain.units import PRICE, QTY, UNDERLYING
from cockpit.feeds.polymarket.listing import yes_index

from .conftest import COND, NO, T0, YES, event, market  # noqa: TID252  the tests are no package

ONE = f"https://gamma-api.polymarket.com/markets?condition_ids={COND}&closed=false&limit=100"
STATE = SettlementState


def listed(venue: Any, body: dict[str, Any], **about: Any) -> Market:
    """A market asked for by its id is told of at once."""
    body = {**body, "events": [{k: v for k, v in event(**about).items() if k != "markets"}]}
    told = [each.market for each in venue.answer(ONE, [body]) if isinstance(each, MarketListed)]
    assert len(told) == 1
    found: Market = told[0]
    return found


def test_a_market_in_full(venue: Any) -> None:
    body = {**market(), "events": [event()]}
    group, told = venue.answer(ONE, [body])
    assert group == EventListed(
        T0,
        EventGroup(
            ticker="700001",
            venue="polymarket",
            series="btc-hourly-above",
            title="Bitcoin above ___ on January 15, 4AM ET?",
            subtitle="bitcoin-above-on-january-15-2027-4am-et",
            strike_ns=1_800_003_600 * 1_000_000_000,
        ),
    )
    assert told.market == Market(
        ticker=COND,
        venue="polymarket",
        event="700001",
        series="btc-hourly-above",
        title="Bitcoin above 87,600 on January 15, 4AM ET?",
        subtitle="87,600",
        status=MarketStatus.ACTIVE,
        open_ns=1_799_996_400_500_000_000,
        close_ns=1_800_003_600_000_000_000,
        expected_ns=1_800_003_600_000_000_000,
        strike_type="greater",
        floor=87_600 * UNDERLYING,
        custom=(("asset", "BTC"), ("family", "above"), ("horizon", "1h"), ("settles", "binance BTC/USDT 1h")),
        grid=(PriceBand(0, PRICE, 100),),
        rules=body["description"],
        least=5 * QTY,
        fees=FeeSchedule(rate=700, rebate_rate=2_000),
    )


def test_listings_alone_tell_of_nothing(venue: Any) -> None:
    assert venue.page(event()) == []


def test_what_has_not_changed_is_not_told_again(live: Any) -> None:
    assert live.page(event()) == []
    (told,) = live.page(event(market(question="Another?")))
    assert told.market.title == "Another?"
    (told,) = live.page(event(market(question="Another?"), title="Other"))
    assert isinstance(told, EventListed)


@pytest.mark.parametrize("plain", [False, True])
def test_lists_come_plain_or_as_text(venue: Any, plain: bool) -> None:
    lists = {"outcomes": ["No", "Yes"], "outcomePrices": ["0.6", "0.4"], "clobTokenIds": [NO, YES]}
    body = market(**{name: value if plain else json.dumps(value) for name, value in lists.items()})
    venue.listed(body)
    assert len(venue.tell(venue.book())) == 3
    assert venue.tell(venue.book(token=NO)) == []


@pytest.mark.parametrize(
    ("outcomes", "index"),
    [
        (["Yes", "No"], 0),
        (["No", "Yes"], 1),
        (["Up", "Down"], 0),
        (["DOWN", "Up "], 1),
        (["Under", "Over"], 1),
        (["No", "Something else"], 1),
        (["Something else", "Yes"], 1),
        (["Lakers", "Celtics"], 0),
    ],
)
def test_yes_is_known_by_its_label(outcomes: list[str], index: int) -> None:
    assert yes_index(outcomes) == index


@pytest.mark.parametrize(
    ("outcomes", "short", "title", "subtitle"),
    [
        ('["Yes", "No"]', "No change", "Fed decision in May?", "No change - Fed decision in May"),
        ('["Yes", "No"]', "June 30", "An IPO by ___ ?", "An IPO by June 30"),
        ('["Yes", "No"]', "June 30", None, "June 30"),
        ('["Up", "Down"]', "", "Up or down?", ""),
        ('["Lakers", "Celtics"]', "", "Lakers vs. Celtics", "Lakers - Lakers vs. Celtics"),
        ('["Over", "Under"]', "O/U 227.5", "Who wins?", "Over: O/U 227.5"),
    ],
)
def test_the_short_name(venue: Any, outcomes: str, short: str, title: str | None, subtitle: str) -> None:
    body = market(outcomes=outcomes, groupItemTitle=short, question="Who wins?")
    assert listed(venue, body, slug="an-event", title=title).subtitle == subtitle


@pytest.mark.parametrize(
    "change",
    [
        {"clobTokenIds": "[]"},
        {"clobTokenIds": None},
        {"clobTokenIds": f'["{YES}", "{YES}"]'},
        {"outcomes": '["A", "B", "C"]'},
        {"outcomes": ""},
        {"conditionId": ""},
    ],
)
def test_what_cannot_be_traded_is_counted(venue: Any, change: dict[str, Any]) -> None:
    """New markets have no tokens for some minutes; they are read again with the next page."""
    assert venue.answer(ONE, [market(**change)]) == []
    assert sum(n for key, n in venue.feed.census.items() if key.startswith("listing:")) == 1


@pytest.mark.parametrize("tick", ["0.1", "0.01", "0.005", "0.0025", "0.001", "0.0001"])
def test_ticks(venue: Any, tick: str) -> None:
    grid = listed(venue, market(orderPriceMinTickSize=float(tick))).grid
    step = round(float(tick) * PRICE)
    assert grid == (PriceBand(0, PRICE, step),)
    assert on_grid(grid, step)
    assert on_grid(grid, PRICE - step)
    assert not on_grid(grid, 0)
    assert not on_grid(grid, PRICE)


@pytest.mark.parametrize("tick", [0, 0.003, 0.9, None])
def test_a_tick_that_is_none_counts_and_cents_are_taken(venue: Any, tick: float | None) -> None:
    assert listed(venue, market(orderPriceMinTickSize=tick)).grid == CENT_GRID
    assert any(key.startswith("tick:") for key in venue.feed.census)


@pytest.mark.parametrize(
    ("change", "fees"),
    [
        ({"feesEnabled": False}, FeeSchedule()),
        ({"feeSchedule": None}, FeeSchedule()),
        ({"feeSchedule": {"rate": 0.05, "exponent": 2, "takerOnly": False}}, FeeSchedule(500, 2, False)),
        ({"feeSchedule": {"rate": 0.0695, "rebateRate": 0.15}}, FeeSchedule(695, rebate_rate=1_500)),
        ({"feeSchedule": {"rate": 0.05, "exponent": 1.5, "takerOnly": True}}, FeeSchedule(500, 1)),
    ],
)
def test_fees_are_the_markets_own(venue: Any, change: dict[str, Any], fees: FeeSchedule) -> None:
    assert listed(venue, market(**change)).fees == fees


def test_the_close_is_told_only_where_it_decides(venue: Any) -> None:
    """A listing's end is often a guess: an inflation figure comes hours after it."""
    plain = listed(venue, market(question="Rate cut?"), slug="fed-decision-in-january")
    assert (plain.close_ns, plain.expected_ns) == (0, 1_800_003_600_000_000_000)
    assert plain.custom == ()


@pytest.mark.parametrize(("clears", "starts"), [(True, 1_800_003_600_000_000_000), (False, 0), (None, 0)])
def test_a_book_that_is_cleared_at_the_start(venue: Any, clears: bool | None, starts: int) -> None:
    assert listed(venue, market(clearBookOnStart=clears)).clear_ns == starts


def test_one_winner_of_several(venue: Any) -> None:
    def group(**about: Any) -> EventGroup:
        told = venue.answer(ONE, [{**market(), "events": [event(**about)]}])
        found: EventGroup = told[0].group
        return found

    assert not group().exclusive
    assert (group(negRisk=True).exclusive, group(negRisk=True, title="x").collateral) == (True, "NEGRISK")
    assert group(enableNegRisk=True, negRiskAugmented=True).collateral == "NEGRISK_AUGMENTED"


# ---------------------------------------------------------------------- status and outcome


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "active"),
        ({"acceptingOrders": None, "active": None}, "active"),
        ({"acceptingOrders": False}, "inactive"),
        ({"active": False}, "inactive"),
        ({"enableOrderBook": False}, "inactive"),
        ({"archived": True}, "inactive"),
        ({"umaResolutionStatus": "proposed"}, "determined"),
        ({"umaResolutionStatus": "disputed"}, "disputed"),
        ({"closed": True}, "closed"),
        ({"closed": True, "outcomePrices": '["1", "0"]'}, "finalized"),
    ],
)
def test_closed_is_the_authority(venue: Any, change: dict[str, Any], status: str) -> None:
    """A market can be active, accept orders and be closed at once."""
    assert listed(venue, market(**change)).status == status


@pytest.mark.parametrize(
    ("change", "state", "value"),
    [
        ({"outcomePrices": '["1", "0"]', "umaResolutionStatus": "resolved"}, STATE.FINAL, PRICE),
        ({"outcomePrices": '["0", "1"]'}, STATE.FINAL, 0),
        ({"outcomePrices": '["0.5", "0.5"]', "resolutionStatus": "resolved"}, STATE.FINAL, PRICE // 2),
        ({"outcomePrices": '["1", "0"]', "umaResolutionStatus": "proposed"}, STATE.DETERMINED, PRICE),
        ({"outcomePrices": '["1", "0"]', "umaResolutionStatuses": '["requested"]'}, STATE.DETERMINED, PRICE),
        ({"outcomePrices": '["1", "0"]', "umaResolutionStatus": "disputed"}, STATE.DISPUTED, PRICE),
        ({"outcomePrices": '["0.9", "0.1"]', "umaResolutionStatus": "disputed"}, STATE.DISPUTED, None),
        ({"outcomePrices": '["0.58", "0.42"]', "umaResolutionStatus": "settled"}, STATE.DETERMINED, None),
    ],
)
def test_outcomes(live: Any, change: dict[str, Any], state: SettlementState, value: int | None) -> None:
    told = live.page(event(market(closed=True, **change)))
    assert [each for each in told if isinstance(each, MarketSettled)] == [
        MarketSettled(T0, COND, state, value)
    ]
    result = {PRICE: "yes", 0: "no", PRICE // 2: "half"}.get(-1 if value is None else value, "")
    assert [each.market.result for each in told if isinstance(each, MarketListed)] == [result]


@pytest.mark.parametrize(
    "change",
    [
        {"outcomePrices": '["1", "0"]'},
        {"closed": True, "outcomePrices": '["0", "0"]'},
        {"closed": True, "outcomePrices": '["0.9995", "0.0005"]'},
        {"closed": True, "outcomePrices": "null"},
        {"closed": True, "outcomePrices": '["one", "0"]'},
    ],
)
def test_prices_that_are_no_outcome(live: Any, change: dict[str, Any]) -> None:
    told = live.page(event(market(**change)))
    assert not [each for each in told if isinstance(each, MarketSettled)]


def test_an_outcome_goes_back_only_to_another_one(live: Any) -> None:
    """What knows less than what was told is old; another value is an amendment."""

    def settled(**change: Any) -> list[tuple[Any, int | None]]:
        told = live.page(event(market(closed=True, **change)))
        return [(each.state, each.value) for each in told if isinstance(each, MarketSettled)]

    final = {"outcomePrices": '["1", "0"]'}
    assert settled(**final) == [(STATE.FINAL, PRICE)]
    assert settled() == settled(umaResolutionStatus="disputed") == []
    assert settled(**final, umaResolutionStatus="proposed") == settled(**final) == []
    assert settled(outcomePrices='["0", "1"]') == [(STATE.FINAL, 0)]


# ---------------------------------------------------------------------- pages and faults


def test_an_odd_market_spares_the_others(venue: Any) -> None:
    odd = [market(cond="0x1", orderMinSize="many"), {"no": "id"}, market(cond="0x2", endDate="soon")]
    assert venue.page(event(*odd, market())) == []
    assert len(venue.tell(venue.book())) == 3
    assert sum(n for key, n in venue.feed.census.items() if key.startswith("unreadable:")) == 3


@pytest.mark.parametrize("body", [{"events": [{"markets": [{}]}]}, {"no": 1}, [1], {"events": 1}, b"{"])
def test_a_page_of_which_nothing_can_be_read_is_a_feed_error(venue: Any, body: Any) -> None:
    with pytest.raises(FeedError):
        venue.answer(venue.feed.requests()[0].url, body)


@pytest.mark.parametrize("path", ["events", "events/slug/x", "events/700001", "public/events/slug/x"])
def test_events_by_other_questions(live: Any, path: str) -> None:
    body: Any = event(market(question="New?"))
    told = live.answer(f"https://gamma-api.polymarket.com/{path}", [body] if path == "events" else body)
    assert [each.market.title for each in told] == ["New?"]


@pytest.mark.parametrize("path", ["markets", "markets/keyset", "markets/slug/x", "markets/9"])
def test_markets_by_other_questions(live: Any, path: str) -> None:
    """Without its event beside it a market keeps the one it had."""
    body: Any = market(question="New?")
    shape = {"markets": [body], "markets/keyset": {"markets": [body]}}.get(path, body)
    (told,) = live.answer(f"https://gamma-api.polymarket.com/{path}", shape)
    assert (told.market.title, told.market.event) == ("New?", "700001")
    assert told.market.floor == 87_600 * UNDERLYING
    assert told.market.custom
    assert told.market.close_ns


def test_new_fields_are_counted(venue: Any) -> None:
    venue.page(event(market(surprise=1), novelty=2))
    assert venue.feed.census == {"field:market.surprise": 1, "field:event.novelty": 1}


# ---------------------------------------------------------------------- newer words on the terms


def test_the_matching_engines_own_terms(live: Any) -> None:
    url = f"https://clob.polymarket.com/clob-markets/{COND}"
    body = {"c": COND, "t": [{"t": YES, "o": "Yes"}, {"t": NO, "o": "No"}], "mos": 10, "mts": 0.001,
            "fd": {"r": 0.04, "e": 1, "to": True}, "v": "v1"}  # fmt: skip
    (told,) = live.answer(url, body)
    assert told.market.grid == (PriceBand(0, PRICE, 10),)
    assert told.market.least == 10 * QTY
    assert told.market.fees == FeeSchedule(400, rebate_rate=2_000)
    assert live.feed.census["terms:differ from the listing"] == 1
    assert live.page(event()) == []
    (told,) = live.page(event(market(orderPriceMinTickSize=0.005)))
    assert told.market.grid == (PriceBand(0, PRICE, 50),)
    assert told.market.least == 10 * QTY


def test_terms_without_a_fee_charge_none(live: Any) -> None:
    url = f"https://clob.polymarket.com/clob-markets/{COND}"
    (told,) = live.answer(url, {"t": [{"t": YES}]})
    assert told.market.fees.rate == 0
    assert told.market.grid == CENT_GRID
    assert live.answer(url.replace("abab", "cdcd"), {"t": [{"t": YES}]}) == []
    with pytest.raises(FeedError):
        live.answer(url, {})
