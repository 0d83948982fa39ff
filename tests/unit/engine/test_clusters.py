"""Events are counted by what they settle on, on every venue, and once."""

import pytest

from cockpit.domain.commands import SetLane
from cockpit.domain.events import BookSnapshot, EventListed, MarketListed, MarketSettled, Tick
from cockpit.domain.markets import EventGroup, Market, MarketStatus, SettlementState
from cockpit.domain.units import MONEY, PRICE, QTY, SECOND
from cockpit.engine.clusters import due, placement, score_of
from cockpit.engine.engine import Engine, restore
from cockpit.engine.views.lab import lane_net
from cockpit.models.match.families import CRYPTO, OTHER
from cockpit.settings.tree import Settings

T0 = 1_796_324_400 * SECOND
CLOSE = 1_796_328_000 * SECOND
FINAL = SettlementState.FINAL
HOURLY, QUARTER, ETHER, ODD = (
    "KXBTCD-26DEC0315-T84299.99",
    "KXBTC15M-26DEC031500-00",
    "KXETHD-26DEC0315-T3029.99",
    "ODD",
)


def listing(ticker, title, **fields):
    event = ticker.rpartition("-")[0]
    return Market(
        ticker, "kalshi", event=event, series=event.split("-")[0], title=title, status=MarketStatus.ACTIVE,
        close_ns=CLOSE, **fields,
    )  # fmt: skip


@pytest.fixture
def engine():
    made = Engine(Settings().engine())
    above = {"strike_type": "greater", "floor": 8_429_999_000_000}
    for market in (
        listing(HOURLY, "Bitcoin price on Dec 3, 2026 at 3pm EST?", **above),
        listing(QUARTER, "BTC price up in next 15 mins?", **above),
        listing(
            ETHER, "Ethereum price on Dec 3, 2026 at 3pm EST?", strike_type="greater", floor=302_999_000_000
        ),
        Market(ODD, "kalshi", status=MarketStatus.ACTIVE, close_ns=CLOSE),
    ):
        made.process(EventListed(T0, EventGroup(market.event or market.ticker, "kalshi")))
        made.process(MarketListed(T0, market))
        made.process(BookSnapshot(T0, 0, market.ticker, ((4_000, QTY),), ((4_400, QTY),)))
    return made


def trade(engine, market, qty=10, price=4_000, fee=5_000_000, *, judged=True, lane="V15"):
    lane = engine.state.lanes[lane]
    lane.account.trade(market, 1, price, qty * QTY, fee, 0)
    score = score_of(engine.state, lane, market)
    score.touch(market, engine.state.now, engine.state.markets[market].market.close_ns, judged=judged)
    if judged:
        score.add(qty * QTY, 0.05, price / PRICE)
    lane.turn += 1
    return lane


def settle(engine, ts, *names, value=PRICE, state=FINAL):
    for name in names:
        engine.process(MarketSettled(ts, name, state, value))


def test_two_markets_on_one_price_at_one_instant_are_one_event(engine):
    assert placement(engine.state, HOURLY) == placement(engine.state, QUARTER)
    assert placement(engine.state, HOURLY)[0] == CRYPTO
    assert placement(engine.state, ETHER)[1] != placement(engine.state, HOURLY)[1]
    assert placement(engine.state, ODD) == (OTHER, ODD)


def test_a_game_is_due_when_it_is_expected_to_end():
    week = 7 * 86_400 * SECOND
    assert due(Market("G", "kalshi", close_ns=CLOSE + week, expected_ns=CLOSE)) == CLOSE
    assert due(Market("G", "kalshi", close_ns=CLOSE)) == CLOSE
    assert due(Market("G", "kalshi")) == 0


def test_it_is_a_result_only_when_all_of_it_has_settled(engine):
    lane = trade(engine, HOURLY)
    trade(engine, QUARTER)
    settle(engine, CLOSE, HOURLY)
    assert engine.results.record(lane).n == 0
    settle(engine, CLOSE + SECOND, QUARTER, value=0)
    ((cluster, outcome),) = engine.results.of(lane).items()
    assert cluster == placement(engine.state, HOURLY)[1]
    assert outcome.contracts == 20
    assert outcome.realised == pytest.approx(10 * 0.6 - 10 * 0.4 - 2 * 5_000_000 / MONEY)
    assert outcome.net == round(outcome.realised * MONEY)
    assert outcome.settled_ns == CLOSE + SECOND
    assert engine.results.record(lane).n == 1


def test_a_market_that_is_let_go_first_still_counts_in_its_event(engine):
    lane = trade(engine, HOURLY)
    trade(engine, QUARTER)
    settle(engine, CLOSE, HOURLY)
    engine.process(Tick(CLOSE + 1_000 * SECOND))
    assert HOURLY not in engine.state.markets
    assert engine.results.record(lane).n == 0
    settle(engine, CLOSE + 1_001 * SECOND, QUARTER, value=0)
    before = engine.results.told(lane).results
    assert [o.contracts for o in before.values()] == [20]
    engine.process(Tick(CLOSE + 2_500 * SECOND))
    assert QUARTER not in engine.state.markets
    assert not lane.score
    assert lane.outcomes == before
    again = Engine(Settings().engine(), restore(engine.opening()))
    assert again.results.of(again.state.lanes["V15"]) == before


def test_money_by_family_adds_up_whatever_was_let_go(engine):
    lane = trade(engine, HOURLY)
    trade(engine, ODD)
    settle(engine, CLOSE, HOURLY)
    before = engine.results.by_family(lane)
    assert set(before) == {CRYPTO, OTHER}
    assert engine.results.events(lane) == {CRYPTO: 1}
    engine.process(Tick(CLOSE + 1_000 * SECOND))
    assert HOURLY not in engine.state.markets
    assert engine.results.by_family(lane) == before
    assert sum(money.net for money in before.values()) == lane_net(engine, lane)


def test_what_is_traded_again_after_it_was_counted_is_the_same_event(engine):
    lane = trade(engine, HOURLY)
    settle(engine, CLOSE, HOURLY)
    engine.process(Tick(CLOSE + 1_000 * SECOND))
    assert engine.results.record(lane).n == 1
    trade(engine, QUARTER)
    assert engine.results.record(lane).n == 0, "it is open again"
    assert set(engine.results.told(lane).waits) == {placement(engine.state, QUARTER)[1]}
    settle(engine, CLOSE + 1_001 * SECOND, QUARTER, value=0)
    ((_, outcome),) = engine.results.of(lane).items()
    assert (outcome.contracts, outcome.settled_ns) == (20, CLOSE + 1_001 * SECOND)
    assert outcome.paid == pytest.approx(0.4)


def test_results_change_only_when_something_settled(engine):
    lane = trade(engine, HOURLY)
    changes = engine.results.changes(lane)
    trade(engine, HOURLY)
    assert engine.results.changes(lane) == changes
    trade(engine, ETHER)
    assert engine.results.changes(lane) == changes + 1, "one more event is waited for"
    changes += 1
    settle(engine, CLOSE, HOURLY)
    assert engine.results.changes(lane) == changes + 1
    assert engine.results.of(lane) is engine.results.of(lane)
    settle(engine, CLOSE + SECOND, HOURLY, value=0)  # the venue took its word back
    assert engine.results.changes(lane) == changes + 2
    assert [o.realised < 0 for o in engine.results.of(lane).values()] == [True]


def test_what_was_closed_by_hand_and_never_settled_is_a_result(engine):
    lane = trade(engine, ODD)
    lane.account.trade(ODD, -1, 4_500, 10 * QTY, 0, 0)
    engine.process(Tick(CLOSE + 3 * 86_400 * SECOND))
    engine.process(Tick(CLOSE + 3 * 86_400 * SECOND + 61 * SECOND))
    assert ODD not in engine.state.markets
    assert not lane.score
    ((_, outcome),) = engine.results.of(lane).items()
    assert (outcome.decided, outcome.net) == (True, 500 * 10 * QTY - 5_000_000)


def test_what_a_polled_book_filled_spoils_its_event_and_keeps_its_money(engine):
    lane = trade(engine, HOURLY, judged=False)
    trade(engine, QUARTER)
    settle(engine, CLOSE, HOURLY)
    settle(engine, CLOSE, QUARTER, value=0)
    assert engine.results.record(lane).n == 0
    (told,) = engine.results.told(lane).results.values()
    assert not told.whole
    assert told.net == lane.account.realised - lane.account.fees
    engine.process(Tick(CLOSE + 1_000 * SECOND))
    assert [each.whole for each in lane.outcomes.values()] == [False]
    assert engine.results.own(lane) == ()


def versions(engine):
    return {each.b: each for each in engine.results.versions(["V15"]) if each.question == "version"}


def test_a_lane_is_not_judged_by_what_happened_before_it_ran(engine):
    engine.process(Tick(T0 + SECOND))
    trade(engine, HOURLY)
    settle(engine, CLOSE, HOURLY)
    assert versions(engine)["V14"].n == 1
    settings = Settings().with_lanes(("V13", "V15"))
    again = Engine(settings.engine(), restore(engine.opening()))
    again.process(Tick(CLOSE + SECOND))
    assert set(versions(again)) == {"V13"}, "lanes of earlier runs keep their money and are asked nothing"
    assert versions(again)["V13"].n == 0
    trade(again, ETHER)
    settle(again, CLOSE + 2 * SECOND, ETHER)
    assert versions(again)["V13"].n == 1


def test_nor_by_what_happened_while_it_was_off(engine):
    engine.process(Tick(T0 + SECOND))
    engine.process(SetLane(T0 + 2 * SECOND, "V14", on=False))
    engine.process(Tick(T0 + 3 * SECOND))
    trade(engine, HOURLY)
    settle(engine, CLOSE, HOURLY)
    assert versions(engine)["V14"].n == 0
    assert versions(engine)["V11"].n == 1
    engine.process(SetLane(CLOSE + SECOND, "V14", on=True))
    trade(engine, ETHER)
    settle(engine, CLOSE + 2 * SECOND, ETHER)
    assert versions(engine)["V14"].n == 1
    assert engine.state.lanes["V14"].stints == [(T0, T0 + 2 * SECOND), (CLOSE + SECOND, 0)]


def test_what_one_lane_enters_after_the_other_has_a_result_is_waited_for(engine):
    engine.process(Tick(T0 + SECOND))
    trade(engine, HOURLY)
    settle(engine, CLOSE, HOURLY)
    assert versions(engine)["V14"].n == 1
    trade(engine, QUARTER, lane="V14")
    assert versions(engine)["V14"].n == 0
