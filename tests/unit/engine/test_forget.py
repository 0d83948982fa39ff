"""What has settled is let go, and no figure changes by it."""

import msgspec
import pytest

from cockpit.domain.events import BookSnapshot, MarketListed, MarketSettled, Tick
from cockpit.domain.markets import Market, MarketStatus, SettlementState
from cockpit.domain.units import PRICE, QTY, SECOND
from cockpit.engine.clusters import score_of
from cockpit.engine.engine import Engine, restore
from cockpit.engine.views.lab import rule_net
from cockpit.settings.tree import Settings

T0 = 1_796_000_000 * SECOND
FINAL = SettlementState.FINAL


@pytest.fixture
def engine():
    made = Engine(Settings().engine())
    for name in ("E-1", "E-2", "F-1"):
        market = Market(
            name, "kalshi", event=name[0], series="S", status=MarketStatus.ACTIVE, close_ns=T0 + 60 * SECOND
        )
        made.process(MarketListed(T0, market))
        made.process(BookSnapshot(T0, 0, name, ((4_000, QTY),), ((4_400, QTY),)))
    return made


def trade(engine, market, qty, price):
    lane = engine.state.lanes["V15"]
    held = lane.account.trade(market, 1, price, qty * QTY, 5_000_000, 3_000_000)
    held.rules[2].qty, held.rules[2].cash, held.rules[2].fees = qty * QTY, -price * qty * QTY, 5_000_000
    score = score_of(engine.state, lane, market)
    score.touch(market, engine.state.now, T0 + 60 * SECOND, judged=True)
    score.add(qty * QTY, 0.05, price / PRICE)
    lane.turn += 1
    lane.memory[f"V15 {market}"] = {}
    return lane


def figures(engine, lane):
    account = lane.account
    rules = tuple(rule_net(engine, lane, rule) for rule in range(4))
    return account.cash, account.realised, account.fees, account.flat_fees, rules, engine.results.record(lane)


def settle(engine, ts, *names, state=FINAL):
    for name in names:
        engine.process(MarketSettled(ts, name, state, PRICE))


def test_an_event_goes_when_all_of_it_is_final_and_a_quarter_hour_has_passed(engine):
    lane = trade(engine, "E-1", 10, 4_000)
    trade(engine, "F-1", 4, 7_000)
    settle(engine, T0 + 70 * SECOND, "E-1", "E-2")
    settle(engine, T0 + 70 * SECOND, "F-1", state=SettlementState.DETERMINED)
    before = figures(engine, lane)
    engine.process(Tick(T0 + 600 * SECOND))
    assert set(engine.state.markets) == {"E-1", "E-2", "F-1"}
    engine.process(Tick(T0 + 1_100 * SECOND))
    assert set(engine.state.markets) == {"F-1"}
    assert set(lane.account.positions) == {"F-1"}
    assert lane.memory == {"V15 F-1": {}}
    assert figures(engine, lane) == before
    again = Engine(Settings().engine(), restore(engine.opening()))
    assert figures(again, again.state.lanes["V15"]) == before
    assert again.state.lanes["V15"].account == lane.account


def test_one_market_that_is_not_final_keeps_its_event(engine):
    settle(engine, T0 + 70 * SECOND, "E-1")
    engine.process(Tick(T0 + 5_000 * SECOND))
    assert {"E-1", "E-2"} <= set(engine.state.markets)


def test_what_never_settles_goes_after_two_days_unless_it_is_held(engine):
    trade(engine, "F-1", 4, 7_000)
    engine.process(Tick(T0 + 3 * 86_400 * SECOND))
    engine.process(Tick(T0 + 3 * 86_400 * SECOND + 61 * SECOND))
    assert set(engine.state.markets) == {"F-1"}


def test_a_void_market_keeps_its_figures_too(engine):
    lane = trade(engine, "E-1", 10, 4_000)
    engine.process(MarketSettled(T0 + 70 * SECOND, "E-1", SettlementState.VOID, None))
    settle(engine, T0 + 70 * SECOND, "E-2")
    before = figures(engine, lane)
    engine.process(Tick(T0 + 1_100 * SECOND))
    assert "E-1" not in engine.state.markets
    assert figures(engine, lane) == before


def test_a_market_listed_again_is_let_go_again(engine):
    settle(engine, T0 + 70 * SECOND, "E-1", "E-2", "F-1")
    engine.process(Tick(T0 + 1_100 * SECOND))
    assert not engine.state.markets
    market = Market("E-1", "kalshi", event="E", status=MarketStatus.FINALIZED, close_ns=T0 + 60 * SECOND)
    engine.process(MarketListed(T0 + 1_101 * SECOND, market))
    settle(engine, T0 + 1_101 * SECOND, "E-1")
    engine.process(Tick(T0 + 2_200 * SECOND))
    assert not engine.state.markets


def test_hours_of_events_leave_the_state_as_small_as_one(engine):
    sizes = []
    for hour in range(40):
        now = T0 + hour * 3_600 * SECOND
        for n in range(5):
            market = Market(
                f"H{hour}-{n}",
                "kalshi",
                event=f"H{hour}",
                status=MarketStatus.ACTIVE,
                close_ns=now + 1800 * SECOND,
            )
            engine.process(MarketListed(now, market))
        engine.process(Tick(now + 1_801 * SECOND))
        settle(engine, now + 1_900 * SECOND, *(f"H{hour}-{n}" for n in range(5)))
        engine.process(Tick(now + 3_000 * SECOND))
        sizes.append(len(engine.opening()))
    assert max(sizes[20:]) <= max(sizes[:20]) * 1.02
    assert len(msgspec.json.decode(engine.opening())["timers"]) < 50


def test_nothing_waits_for_the_close_of_a_market_that_was_let_go(engine):
    market = Market("G-1", "kalshi", event="G", close_ns=T0 + 86_400 * SECOND)
    for k in range(3):
        engine.process(MarketListed(T0 + k * 2_000 * SECOND, market))
        assert sum(what == "G-1" for *_, what in engine.state.timers) == 1
        engine.process(Tick(T0 + (k * 2_000 + 1_500) * SECOND))
        assert "G-1" not in engine.state.markets
    assert not [each for each in engine.state.timers if each[3] == "G-1"]
