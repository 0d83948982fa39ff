"""Anything may happen at a desk; these things never do."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.commands import (
    Approve,
    CancelAll,
    CancelOrder,
    Edit,
    Flatten,
    Kill,
    Lease,
    PlaceManual,
    Present,
    PullMarket,
    Reject,
    Resume,
    Unwind,
)
from cockpit.domain.effects import Effect, OrderCancelled, OrderPlaced, TicketDecided, TicketRaised
from cockpit.domain.events import BookDoubt, Trade
from cockpit.domain.units import ASK, BID, MILLISECOND, QTY, SECOND
from cockpit.engine.config import DESK, WHAT_IF
from cockpit.engine.engine import Engine, restore
from cockpit.engine.payoff import worst
from cockpit.engine.risk import Caps, by_event, holdings
from cockpit.strategies.versions import VERSIONS

from .priced import EVENT, T0, Desk, M, Puppet, dollars  # noqa: TID252  the tests are no package

CAPS = Caps(order=dollars(9), market=dollars(12), event=dollars(12), total=dollars(12))
LEVELS = (83_900, 84_080, 84_140, 84_160, 84_180, 84_200, 84_200, 84_220, 84_240)
MINE = st.sampled_from((False, False, True))
"""Whether it is done in hindsight."""
OFTEN = (
    st.tuples(st.just("time"), st.sampled_from((250, 800, 1_000, 3_000, 3_000, 12_000))),
    st.tuples(st.just("index"), st.sampled_from(LEVELS)),
    st.tuples(st.just("book"), st.integers(68, 72), st.integers(2, 6)),
    st.tuples(st.just("want"), st.sampled_from(("place", "place", "move", "take_back")), st.integers(66, 71)),
    st.tuples(st.just("approve"), st.sampled_from((0, 200, 400)), st.sampled_from((100, 2_000, 9_000)), MINE),
)
SELDOM = (
    st.tuples(st.just("print"), st.integers(60, 78), st.integers(1, 400), st.booleans()),
    st.tuples(st.just("doubt")),
    st.tuples(st.just("reject"), MINE),
    st.tuples(st.just("edit"), st.integers(64, 72), st.integers(0, 12), MINE),
    st.tuples(st.just("hand"), st.booleans(), st.integers(60, 78), st.integers(1, 14), MINE),
    st.tuples(st.just("close"), st.sampled_from(("unwind", "flatten", "cancel", "pull", "all")), MINE),
    st.tuples(
        st.just("wheel"), st.sampled_from(("kill", "resume", "resume", "present", "lease", "no lease"))
    ),
)
STEP = st.one_of(*OFTEN, *OFTEN, OFTEN[0], OFTEN[0], *SELDOM)


class Day:
    """One desk and the steps of one day; hindsight steps can be left out, and the engine restarted between steps."""

    def __init__(
        self, steps: list[Any], latency_ms: int, *, hindsight: bool = True, restart_at: int = -1
    ) -> None:
        puppet = Puppet()
        VERSIONS["puppet"] = puppet
        puppet.place(70, 10)
        self.desk = Desk(
            puppet, caps=CAPS, latency_ms=latency_ms, mirror=True, away_ns=60 * SECOND, day_loss=dollars(5),
            rejected_ns=4 * SECOND, expired_ns=SECOND,
        )  # fmt: skip
        self.hindsight = hindsight
        self.desk.at(1_000)
        for i, step in enumerate(steps):
            if i == restart_at:
                engine = self.desk.engine
                self.desk.engine = Engine(engine.config, restore(engine.opening()))
            self.do(*step)
            self.check()

    def do(self, what: str, *more: Any) -> None:
        desk = self.desk
        lane = WHAT_IF if more and more[-1] is True else DESK
        if lane == WHAT_IF and not self.hindsight and what in ("approve", "reject", "edit", "hand", "close"):
            return
        match what:
            case "time":
                desk.at((desk.t - T0) / MILLISECOND + more[0])
            case "index":
                desk.index(more[0])
            case "book":
                desk.book({more[0]: 40, more[0] - 2: 9}, {more[0] + more[1]: 40})
            case "print":
                desk.send(Trade(desk.t, desk.t, M, more[0] * 100, more[1] * QTY, BID if more[2] else ASK))
            case "doubt":
                desk.send(BookDoubt(desk.t, M, "gap"))
            case "want":
                getattr(desk.puppet, more[0])(*(() if more[0] == "take_back" else (more[1], 5)))
            case "wheel":
                desk.send(self.wheel(more[0]))
            case _:
                command = self.command(what, lane, *more)
                if command is not None:
                    desk.send(command)

    def wheel(self, what: str) -> Any:
        t = self.desk.t
        return {
            "kill": Kill(t), "resume": Resume(t), "present": Present(t),
            "lease": Lease(t, 2, dollars(8), 20 * SECOND), "no lease": Lease(t, 0, 0, 0),
        }[what]  # fmt: skip

    def command(self, what: str, lane: str, *more: Any) -> Any:
        t, state = self.desk.t, self.desk.engine.state
        ticket = next(reversed(state.tickets.values()), None)
        working = next(iter(state.lane(lane).working), "none")
        match what:
            case "approve" if ticket is not None:
                shown, pressed = t - more[0] * MILLISECOND, t - more[1] * MILLISECOND
                return Approve(t, ticket.id, ticket.side, ticket.price, ticket.qty, shown, pressed, lane)
            case "reject" if ticket is not None:
                return Reject(t, ticket.id, lane)
            case "edit":
                target = ticket.id if ticket is not None and more[1] % 2 else working
                return Edit(t, target, more[0] * 100, more[1] * QTY, lane)
            case "hand":
                return PlaceManual(t, M, BID if more[0] else ASK, more[1] * 100, more[2] * QTY, lane=lane)
            case "close":
                return {
                    "unwind": Unwind(t, M, lane), "flatten": Flatten(t, EVENT, lane),
                    "cancel": CancelOrder(t, working, lane), "pull": PullMarket(t, M, lane), "all": CancelAll(t, lane),
                }[more[0]]  # fmt: skip
            case _:
                return None

    # -------------------------------------------------------------- what never happens

    def check(self) -> None:
        state = self.desk.engine.state
        for name in (DESK, WHAT_IF, "mirror"):
            lane = state.lane(name)
            own = self.desk.engine.gate.own(name)
            replaced = {order.replaces for order in own if not order.live_ns}
            held = holdings(state, lane, [order for order in own if order.id not in replaced])
            for _, exclusive, group in by_event(state, held):
                assert -worst(group, exclusive=exclusive) <= CAPS.event, name  # type: ignore[operator]
        if state.killed or state.away:
            assert state.lease is None
            assert not [t for t in state.tickets.values() if t.state == "proposed"]
            assert all(order.end for order in self.desk.engine.gate.own(DESK))
        for ticket in state.tickets.values():
            assert ticket.state in ("proposed", "approved", "working", "partly filled")
            assert (ticket.state == "proposed") == (ticket.order == "")

    def others(self) -> list[Effect]:
        return [e for e in self.desk.effects if getattr(e, "lane", "") != WHAT_IF]


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERSIONS, "puppet", Puppet())


QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LATENCY = st.sampled_from((0, 250))
STEPS = st.lists(STEP, min_size=30, max_size=90)


@QUICK
@given(STEPS, LATENCY)
def test_no_desk_order_without_a_person(steps: list[Any], latency_ms: int) -> None:
    """Each order of a ticket follows its approval; each other one a command of that moment."""
    day = Day(steps, latency_ms)
    approved: set[str] = set()
    raised: dict[str, tuple[int, int, int]] = {}
    for effect in day.desk.effects:
        match effect:
            case TicketRaised():
                raised[effect.ticket] = (effect.side, effect.price, effect.qty)
            case TicketDecided(_, ticket, "approved", _, _):
                assert ticket not in approved
                approved.add(ticket)
            case OrderPlaced() if effect.lane == DESK and effect.ticket:
                assert effect.ticket in approved
                leased = any(isinstance(step, tuple) and step == ("wheel", "lease") for step in steps)
                assert leased or raised[effect.ticket] == (effect.side, effect.price, effect.qty)


@QUICK
@given(STEPS, LATENCY)
def test_hindsight_is_never_felt(steps: list[Any], latency_ms: int) -> None:
    assert Day(steps, latency_ms).others() == Day(steps, latency_ms, hindsight=False).others()


@QUICK
@given(STEPS, LATENCY, st.integers(0, 80))
def test_a_restart_anywhere_changes_nothing(steps: list[Any], latency_ms: int, at: int) -> None:
    assert Day(steps, latency_ms, restart_at=at).desk.effects == Day(steps, latency_ms).desk.effects


@QUICK
@given(STEPS, LATENCY)
def test_what_ends_stays_ended(steps: list[Any], latency_ms: int) -> None:
    """An order is cancelled at most once, and a ticket is decided at most once."""
    day = Day(steps, latency_ms)
    cancelled = [e.order for e in day.desk.of(OrderCancelled)]
    assert len(cancelled) == len(set(cancelled))
    decided = [e.ticket for e in day.desk.of(TicketDecided)]
    assert len(decided) == len(set(decided))
