"""Twenty proposals, and anything a person, a strategy or a venue may do at any moment: what never happens all the same.

an order follows one approval, on its terms, before its ticket's end, and no second one follows it
nothing is sent between a kill and its resume, and nothing past a cap
every command is answered once: what was done, or why it was not
everything that ends says why, and what was sent ends one way
"""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cockpit.domain.commands import (
    Approve,
    CancelAll,
    CancelOrder,
    Command,
    Edit,
    Flatten,
    Kill,
    Lease,
    PlaceManual,
    PullMarket,
    Reject,
    Resume,
    SetLane,
    Unwind,
)
from cockpit.domain.effects import (
    CommandDone,
    CommandRefused,
    Effect,
    LeaseBegan,
    LeaseEnded,
    OrderCancelled,
    OrderFilled,
    OrderPlaced,
    OrderReduced,
    OrderRejected,
    RiskHalt,
    RiskResumed,
    TicketDecided,
    TicketRaised,
    TicketWithdrawn,
)
from cockpit.domain.events import BookDoubt, Tick, Trade
from cockpit.domain.units import ASK, BID, PRICE, QTY, SECOND
from cockpit.engine.config import DESK
from cockpit.engine.payoff import worst
from cockpit.engine.risk import Caps, by_event, holdings
from cockpit.engine.watch import Watch
from cockpit.runtime.journal import Journal
from cockpit.strategies.versions import VERSIONS

from .crowded import FAR, HERE, MARKETS, NEAR, Crowd, N, Wishes  # noqa: TID252  the tests are no package
from .priced import LONG, T0, dollars  # noqa: TID252

CAPS = Caps(order=dollars(8), market=dollars(9), event=dollars(16), total=dollars(24))
GRANTED = dollars(20)
WHICH = st.integers(0, N - 1)
PRICES = st.integers(72, 78)
OFTEN = (
    st.tuples(st.just("time"), st.sampled_from((1, 101, 253, 807, 1_009, 5_003, 29_011))),
    st.tuples(st.just("look")),
    st.tuples(st.just("approve"), WHICH),
    st.tuples(st.just("approve"), WHICH),
    st.tuples(st.just("wish"), WHICH, st.integers(0, 6), PRICES),
)
SELDOM = (
    st.tuples(st.just("book"), WHICH, st.integers(70, 76), st.integers(2, 6)),
    st.tuples(st.just("print"), WHICH, st.integers(70, 80), st.sampled_from((3, 104, 400))),
    st.tuples(st.just("meet"), WHICH, st.sampled_from((102, 106, 400))),
    st.tuples(st.just("doubt"), WHICH, st.booleans()),
    st.tuples(st.just("index"), st.sampled_from((84_100, 84_190, 84_215, 84_215, 84_240))),
    st.tuples(st.just("reject"), WHICH),
    st.tuples(st.just("edit"), WHICH, PRICES, st.integers(0, 10)),
    st.tuples(st.just("change"), WHICH, PRICES, st.integers(0, 10)),
    st.tuples(st.just("cancel"), WHICH),
    st.tuples(st.just("pull"), WHICH),
    st.tuples(st.just("unwind"), WHICH),
    st.tuples(st.just("hand"), WHICH, PRICES, st.integers(1, 12)),
    st.tuples(st.just("say"), st.sampled_from(("kill", "resume", "resume", "resume", "lease", "end", "all", "flat", "off", "on"))),
)  # fmt: skip
STEPS = st.lists(st.one_of(*OFTEN, *OFTEN, *SELDOM), min_size=20, max_size=70)
LATENCY = st.sampled_from((0, 250))
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

ANSWERS: dict[type[Command], tuple[type[Effect], ...]] = {
    Approve: (TicketDecided,),
    Reject: (TicketDecided,),
    PlaceManual: (OrderPlaced,),
    Kill: (RiskHalt,),
    Resume: (RiskResumed,),
    Lease: (LeaseBegan, LeaseEnded),
    Unwind: (OrderPlaced,),
    Edit: (CommandDone, OrderPlaced),
    SetLane: (CommandDone,),
}
"""What says that a command was done at its very moment; else one refusal says why it was not."""


class Fight:
    """One desk, and what a person believes to see: tickets as they were at the last look."""

    def __init__(self, steps: list[Any], latency_ms: int, *, restart_at: int = -1) -> None:
        wishes = Wishes()
        VERSIONS["puppet"] = wishes
        self.desk = Crowd(
            wishes, caps=CAPS, latency_ms=latency_ms, mirror=True, rejected_ns=4 * SECOND, expired_ns=SECOND
        )
        self.said: list[tuple[Command, list[Effect]]] = []
        self.desk.at(1_003)
        self.look()
        for i, step in enumerate(steps):
            if i == restart_at:
                self.desk.restart()
            self.do(*step)
            self.check()
        self.command(CancelAll(self.desk.t))
        self.command(Kill(self.desk.t))
        self.desk.on(20_000)

    def look(self) -> None:
        self.printed = [msgspec.structs.replace(t) for t in self.desk.standing]

    def do(self, what: str, *more: Any) -> None:
        desk = self.desk
        match what:
            case "time":
                desk.on(more[0])
            case "look":
                self.look()
            case "index":
                desk.index(more[0])
            case "wish":
                market, how, price = MARKETS[more[0]], *more[1:]
                if how == 0:
                    desk.wishes.wants.pop(market, None)
                else:
                    desk.wishes.wants[market] = (price, how)
            case "book":
                desk.book({more[1]: 100, more[1] - 2: 9}, {more[1] + more[2]: 40}, MARKETS[more[0]])
            case "print":
                desk.send(
                    Trade(desk.t, desk.t, MARKETS[more[0]], more[1] * 100, more[2] * QTY, ASK if more[2] > 3 else BID)
                )  # fmt: skip
            case "meet":
                own = self.desk.engine.gate.own(DESK)
                if own:
                    order = own[more[0] % len(own)]
                    desk.send(Trade(desk.t, desk.t, order.market, order.price, more[1] * QTY, -order.side))
            case "doubt":
                for market in HERE if more[1] else (MARKETS[more[0]],):
                    desk.send(BookDoubt(desk.t, market, "gap"))
            case _:
                command = self.words(what, *more)
                if command is not None:
                    self.command(command)

    def words(self, what: str, *more: Any) -> Command | None:
        t, market = self.desk.t, MARKETS[more[0]] if isinstance(more[0], int) else ""
        ticket = self.printed[more[0] % len(self.printed)] if market and self.printed else None
        working = list(self.desk.engine.state.lanes[DESK].working)
        order = working[more[0] % len(working)] if market and working else "desk-9"
        match what:
            case "approve" if ticket is not None:
                return Approve(t, ticket.id, ticket.side, ticket.price, ticket.qty, t - LONG, t - LONG)
            case "reject" if ticket is not None:
                return Reject(t, ticket.id)
            case "edit" if ticket is not None:
                return Edit(t, ticket.id, more[1] * 100, more[2] * QTY)
            case "change":
                return Edit(t, order, more[1] * 100, more[2] * QTY)
            case "cancel":
                return CancelOrder(t, order)
            case "pull":
                return PullMarket(t, market)
            case "unwind":
                return Unwind(t, market)
            case "hand":
                return PlaceManual(t, market, BID if more[2] % 4 else ASK, more[1] * 100, more[2] * QTY)
            case "say":
                return {
                    "kill": Kill(t), "resume": Resume(t), "lease": Lease(t, 2, GRANTED, 20 * SECOND),
                    "end": Lease(t, 0, 0, 0), "all": CancelAll(t), "flat": Flatten(t, (NEAR, FAR)[t % 2]),
                    "off": SetLane(t, DESK, False), "on": SetLane(t, DESK, True),
                }[more[0]]  # fmt: skip
            case _:
                return None

    def command(self, command: Command) -> None:
        """Say it after everything that falls due by then, so that what follows is its own."""
        self.desk.send(Tick(command.ts))
        going = {o.id for o in self.desk.engine.gate.own(DESK) if not o.end}
        out = self.desk.send(command)
        gone = going - {o.id for o in self.desk.engine.gate.own(DESK) if not o.end}
        self.said.append((command, out))
        self.answered(command, out, gone)

    # -------------------------------------------------------------- what never happens

    def answered(self, command: Command, out: list[Effect], gone: set[str]) -> None:
        """Once: by what was done, by orders on their way out, or by a refusal."""
        refusals = [e for e in out if isinstance(e, CommandRefused)]
        assert all(e.reason for e in refusals)
        assert all(e.command.split()[0] == type(command).__name__ for e in refusals)
        kinds = ANSWERS.get(type(command))
        if kinds is not None:
            done = [e for e in out if isinstance(e, kinds) and getattr(e, "lane", DESK) == DESK]
            begun_anew = [LeaseEnded, LeaseBegan]
            if [type(e) for e in done] == begun_anew:
                done.pop()
            assert len(done) + len(refusals) == 1, (command, out)
        elif isinstance(command, CancelOrder | CancelAll | PullMarket):
            ended = any(isinstance(e, TicketWithdrawn) for e in out)
            assert len(refusals) == (0 if gone or ended else 1), (command, out)

    def check(self) -> None:
        state, gate = self.desk.engine.state, self.desk.engine.gate
        for name in (DESK, "mirror"):
            own = gate.own(name)
            replaced = {order.replaces for order in own if not order.live_ns}
            held = holdings(state, state.lane(name), [order for order in own if order.id not in replaced])
            groups = by_event(state, held)
            losses = [-worst(group, exclusive=exclusive) for _, exclusive, group in groups]
            assert all(loss <= CAPS.event for loss in losses)  # type: ignore[operator]
            assert sum(losses) <= CAPS.total  # type: ignore[operator]
        if state.killed:
            assert not self.desk.standing
            assert state.lease is None
            assert all(order.end for order in gate.own(DESK))
        if state.lease is not None:
            assert 0 <= state.lease.risk <= GRANTED


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERSIONS, "puppet", Wishes())


@QUICK
@given(STEPS, LATENCY)
def test_an_order_is_what_was_approved_once_and_in_time(steps: list[Any], latency_ms: int) -> None:
    fight = Fight(steps, latency_ms)
    raised: dict[str, TicketRaised] = {}
    by: dict[str, str] = {}
    placed: Counter[str] = Counter()
    killed = False
    for effect in fight.desk.effects:
        match effect:
            case TicketRaised():
                raised[effect.ticket] = effect
            case TicketDecided(_, ticket, "approved", who, _):
                assert ticket not in by
                by[ticket] = who
            case RiskHalt(_, "killed"):
                killed = True
            case RiskResumed():
                killed = False
            case OrderPlaced() if effect.lane == DESK:
                assert not killed
                loss = effect.price if effect.side == BID else PRICE - effect.price
                closes = any(isinstance(c, Unwind | Flatten | PlaceManual) for c, _ in fight.said)
                assert loss * effect.qty <= CAPS.order or closes  # type: ignore[operator]
                if effect.ticket:
                    told = raised[effect.ticket]
                    placed[effect.ticket] += 1
                    assert (effect.side, effect.price, effect.qty) == (told.side, told.price, told.qty)
                    assert effect.ts < told.expires_ns
                    assert effect.ticket in by
    assert set(placed.values()) <= {1}
    by_hand = {ticket for ticket, who in by.items() if who == "hand"}
    said = [(c, out) for c, out in fight.said if isinstance(c, Approve)]
    approved = {c.ticket: c for c, out in said if any(isinstance(e, TicketDecided) for e in out)}
    assert approved.keys() == by_hand
    for ticket, command in approved.items():
        sent = [e for e in fight.desk.of(OrderPlaced) if e.lane == DESK and e.ticket == ticket]
        assert [(e.side, e.price, e.qty) for e in sent] == [(command.side, command.price, command.qty)]


@QUICK
@given(STEPS, LATENCY)
def test_what_ends_says_why_and_all_that_was_sent_ends(steps: list[Any], latency_ms: int) -> None:
    fight = Fight(steps, latency_ms)
    size: dict[str, int] = {}
    ends: Counter[str] = Counter()
    for effect in fight.desk.effects:
        match effect:
            case OrderPlaced() if effect.lane == DESK:
                size[effect.order] = effect.qty
            case OrderReduced() if effect.lane == DESK:
                size[effect.order] = effect.qty
            case OrderFilled() if effect.lane == DESK and effect.counts:
                size[effect.order] -= effect.qty
                ends[effect.order] += not size[effect.order]
            case OrderCancelled() | OrderRejected() if effect.lane == DESK:
                assert effect.reason
                ends[effect.order] += 1
            case TicketWithdrawn():
                assert effect.reason
    assert not fight.desk.engine.gate.own(DESK)
    assert {order: ends[order] for order in size} == dict.fromkeys(size, 1)


@QUICK
@given(STEPS, LATENCY, st.integers(0, 60))
def test_a_restart_anywhere_changes_nothing(steps: list[Any], latency_ms: int, at: int) -> None:
    assert Fight(steps, latency_ms, restart_at=at).desk.effects == Fight(steps, latency_ms).desk.effects


@settings(QUICK, max_examples=20)
@given(STEPS, LATENCY)
def test_the_journal_and_the_notes_hold_every_decision(steps: list[Any], latency_ms: int) -> None:
    fight = Fight(steps, latency_ms)
    effects = fight.desk.effects
    with TemporaryDirectory() as folder, Journal(Path(folder) / "journal") as journal:
        journal.listen(effects)
        journal.commit(fight.desk.engine.opening(), 1, fight.desk.t)
        told = Counter(row.kind for row in journal.decisions())
        orders = journal.orders(DESK)
    same = {(type(e), *msgspec.structs.astuple(e)) for e in effects}
    for kind, effect in (
        ("command refused", CommandRefused),
        ("command done", CommandDone),
        ("halted", RiskHalt),
        ("lease began", LeaseBegan),
    ):
        assert told[kind] == sum(each[0] is effect for each in same)
    decided = sum(told[f"ticket {how}"] for how in ("approved", "rejected"))
    assert decided == sum(each[0] is TicketDecided for each in same)
    assert all(row.ended_ns and (row.reason or row.state == "filled") for row in orders)
    watch = Watch(fight.desk.engine)
    for command, out in fight.said:
        before = watch.notes[-1].n if watch.notes else 0
        watch.take(out)
        heard = [note for note in watch.notes if note.n > before]
        if isinstance(command, Approve | Reject | Edit | Kill | Resume | Lease | PlaceManual | SetLane):
            assert heard, command


LEASED = st.lists(
    st.one_of(
        st.tuples(st.just("move"), PRICES, st.integers(2, 12)),
        st.tuples(st.just("time"), st.sampled_from((101, 253, 807))),
        st.tuples(st.just("meet"), WHICH, st.integers(101, 112)),
        st.tuples(st.just("meet"), WHICH, st.integers(101, 112)),
        st.tuples(st.just("cut"), WHICH, st.integers(1, 9)),
        st.tuples(st.just("cancel"), WHICH),
    ),
    min_size=10,
    max_size=40,
)


@pytest.mark.parametrize("latency_ms", [0, 250])
@QUICK
@given(steps=LEASED)
@example(steps=[("move", 74, 10), ("meet", 0, 106), ("time", 253), ("cancel", 0), ("time", 253)])
@example(steps=[("move", 76, 10), ("move", 73, 9), ("meet", 1, 103), ("cut", 0, 3), ("time", 807)])
def test_what_a_lease_spends_and_gets_back_is_no_more_than_it_was_granted(
    steps: list[Any], latency_ms: int
) -> None:
    """To the money unit, at every moment: what is left of it, what works or is on its way, and what was met."""
    wishes = Wishes(markets=HERE[:2])
    VERSIONS["puppet"] = wishes
    desk = Crowd(wishes, latency_ms=latency_ms, rejected_ns=0, expired_ns=0)
    desk.lease(9, GRANTED, 3600)
    for what, *more in [("time", 1_253), *steps]:
        desk.send(Tick(desk.t))  # what falls due by now is done: a hand sees an order as it is
        own = [order for order in desk.engine.gate.own(DESK) if order.live_ns or what != "meet"]
        order = own[more[0] % len(own)] if own else None
        match what:
            case "time":
                desk.on(more[0])
            case "move":
                wishes.wants = dict.fromkeys(wishes.wants, tuple(more))
                desk.at((desk.t - T0) // SECOND * 1_000 + 1_003)  # it was asked: what it moved is on its way
            case "meet" if order is not None:
                desk.send(Trade(desk.t, desk.t, order.market, order.price, more[1] * QTY, -order.side))
            case "cut" if order is not None:
                desk.send(Edit(desk.t, order.id, order.price, min(more[1] * QTY, order.remaining)))
            case "cancel" if order is not None:
                desk.send(CancelOrder(desk.t, order.id))
        lease = desk.engine.state.lease
        assert lease is not None
        held = sum(o.leased * o.remaining // max(1, o.qty) for o in desk.engine.gate.own(DESK))
        met = sum(e.price * e.qty for e in desk.of(OrderFilled) if e.lane == DESK and e.counts)
        assert lease.risk >= 0
        assert lease.risk + held + met <= GRANTED
