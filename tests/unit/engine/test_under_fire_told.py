"""What each command leaves behind, done or not: one line in effects, notes and the journal."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from cockpit.domain.commands import (
    Acknowledge,
    Approve,
    CancelAll,
    CancelOrder,
    Command,
    ConfirmPair,
    Edit,
    Flatten,
    Kill,
    Lease,
    PlaceManual,
    Present,
    PullMarket,
    RefusePair,
    Reject,
    Resume,
    SetLane,
    SetLimits,
    Unwind,
)
from cockpit.domain.effects import (
    CommandDone,
    CommandRefused,
    Effect,
    LeaseBegan,
    LeaseEnded,
    LimitSet,
    OrderCancelled,
    OrderFilled,
    OrderPlaced,
    OrderReduced,
    RiskHalt,
    RiskResumed,
    TicketDecided,
)
from cockpit.domain.events import BookDoubt, BookSnapshot, Trade
from cockpit.domain.units import ASK, BID, MONEY, QTY, SECOND
from cockpit.engine.config import DESK, WHAT_IF
from cockpit.engine.watch import Watch
from cockpit.runtime import tables
from cockpit.runtime.journal import Journal
from cockpit.runtime.scribe import Scribe

from .crowded import HERE, MARKETS, NEAR, Crowd, N, Wishes, crowd, names  # noqa: TID252  the tests are no package
from .paired import Two  # noqa: TID252
from .priced import dollars, refused  # noqa: TID252


@pytest.fixture
def twenty(monkeypatch: pytest.MonkeyPatch) -> Crowd:
    """Twenty proposals to buy 10 YES at 75, raised at one second; no latency."""
    made = crowd(monkeypatch)
    made.at(1_750)
    return made


@pytest.fixture
def busy(twenty: Crowd) -> Crowd:
    """An order, desk-1, and a position beside eighteen proposals."""
    twenty.press(twenty.standing[-1])
    held = twenty.standing[-1]
    twenty.press(held)
    twenty.send(Trade(twenty.t, twenty.t, held.market, 7400, 200 * QTY, ASK))
    return twenty


@pytest.fixture
def apart() -> Two:
    """A confirmed pair whose venues disagree."""
    two = Two()
    two.confirm()
    two.books(here=(40, 44), there=(49, 53))
    return two.at(1_000)


def _first(desk: Crowd, lane: str = DESK) -> Approve:
    t = desk.standing[0]
    return Approve(desk.t, t.id, t.side, t.price, t.qty, desk.t - SECOND, desk.t - SECOND, lane)


def _cut(desk: Crowd) -> Edit:
    """The first proposal's order, at a venue that lets one get smaller."""
    desk.press(desk.standing[0])
    return Edit(desk.t, list(desk.engine.state.lanes[DESK].working)[-1], 7500, 3 * QTY)


def _after(first: Callable[[Crowd], Command], then: Callable[[Crowd], Command]) -> Callable[[Crowd], Command]:
    def said(desk: Crowd) -> Command:
        desk.send(first(desk))
        return then(desk)

    return said


def _lease(desk: Crowd) -> Lease:
    return Lease(desk.t, 1, MONEY, SECOND)


Said = Callable[[Any], Command]
DONE: dict[type[Command], dict[str, tuple[Said, type[Effect]]]] = {
    Approve: {
        "approve": (_first, TicketDecided),
        "approve in hindsight": (lambda d: _first(d, WHAT_IF), OrderPlaced),
    },
    Reject: {
        "reject": (lambda d: Reject(d.t, d.standing[0].id), TicketDecided),
        "reject in hindsight": (lambda d: Reject(d.t, d.standing[0].id, WHAT_IF), CommandDone),
    },
    Edit: {
        "edit a ticket": (lambda d: Edit(d.t, d.standing[0].id, 7400, 5 * QTY), CommandDone),
        "cut an order": (_cut, CommandDone),
        "move an order": (lambda d: Edit(d.t, "desk-1", 7400, 10 * QTY), OrderPlaced),
    },
    PlaceManual: {
        "by hand": (lambda d: PlaceManual(d.t, MARKETS[0], BID, 7300, QTY), OrderPlaced),
        "by hand in hindsight": (
            lambda d: PlaceManual(d.t, MARKETS[0], BID, 7300, QTY, lane=WHAT_IF), OrderPlaced,
        ),
    },
    Unwind: {"unwind": (lambda d: Unwind(d.t, MARKETS[-2]), OrderPlaced)},
    Flatten: {"flatten": (lambda d: Flatten(d.t, NEAR), OrderPlaced)},
    CancelOrder: {"cancel": (lambda d: CancelOrder(d.t, "desk-1"), OrderCancelled)},
    PullMarket: {"pull": (lambda d: PullMarket(d.t, MARKETS[-1]), OrderCancelled)},
    CancelAll: {"cancel all": (lambda d: CancelAll(d.t), OrderCancelled)},
    Kill: {"kill": (lambda d: Kill(d.t), RiskHalt)},
    Resume: {"resume": (_after(lambda d: Kill(d.t), lambda d: Resume(d.t)), RiskResumed)},
    Lease: {
        "lease": (_lease, LeaseBegan),
        "another lease": (_after(_lease, _lease), LeaseBegan),
        "end of a lease": (_after(_lease, lambda d: Lease(d.t, 0, 0, 0)), LeaseEnded),
    },
    ConfirmPair: {"confirm": (lambda d: ConfirmPair(d.t, "a~b", "h"), CommandDone)},
    RefusePair: {"refuse": (lambda d: RefusePair(d.t, "a~b"), CommandDone)},
    Acknowledge: {"acknowledge": (lambda d: Acknowledge(d.t, d.pair.name), CommandDone)},
    SetLane: {
        "desk off": (lambda d: SetLane(d.t, DESK, False), CommandDone),
        "desk on": (_after(lambda d: SetLane(d.t, DESK, False), lambda d: SetLane(d.t, DESK, True)), CommandDone),
    },
    SetLimits: {
        "limits": (
            lambda d: msgspec.structs.replace(d.engine.gate.limits.now, ts=d.t, order=dollars(50)), LimitSet,
        ),
    },
}  # fmt: skip
"""What is said at a desk with an order and a position, and the one effect that says it was done."""
KEPT = (tables.DECIDED, tables.PLACED, tables.ENDED)


def told(desk: Crowd | Two, effect: Effect) -> int:
    """How many notes an effect makes."""
    watch = Watch(desk.engine)
    watch.take([effect])
    return len(watch.notes)


def kept(effect: Effect) -> int:
    """How many rows of the journal say what was done."""
    return sum(statement in KEPT for statement, _ in Scribe(None).changes(effect))


@pytest.mark.parametrize(
    ("command", "said"), [(kind, said) for kind, cases in DONE.items() for said in cases], ids=str
)
def test_what_was_done_leaves_one_line(busy: Crowd, apart: Two, command: type[Command], said: str) -> None:
    desk = apart if said == "acknowledge" else busy
    make, kind = DONE[command][said]
    what = make(desk)
    assert type(what) is command
    out = desk.send(what)
    assert not refused(out)
    (line,) = [e for e in out if isinstance(e, kind)]
    assert [e for e in out if isinstance(e, CommandDone)] == [e for e in (line,) if kind is CommandDone]
    assert told(desk, line) == 1
    assert kept(line) == ("hindsight" not in said)  # no journal is written while a recording plays


NOT_DONE: dict[type[Command], Said] = {
    Approve: lambda d: Approve(d.t, "T-9", BID, 7500, QTY, d.t),
    Reject: lambda d: Reject(d.t, "T-9"),
    Edit: lambda d: Edit(d.t, "T-9", 7400, QTY),
    PlaceManual: lambda d: PlaceManual(d.t, MARKETS[0], BID, 7350 + 1, QTY),
    Unwind: lambda d: Unwind(d.t, MARKETS[0]),
    Flatten: lambda d: Flatten(d.t, NEAR),
    CancelOrder: lambda d: CancelOrder(d.t, "desk-1"),
    PullMarket: lambda d: PullMarket(d.t, MARKETS[0]),
    CancelAll: lambda d: CancelAll(d.t),
    Resume: lambda d: Resume(d.t),
    Lease: lambda d: Lease(d.t, 0, 0, 0),
    Acknowledge: lambda d: Acknowledge(d.t, "a|b"),
    SetLane: lambda d: SetLane(d.t, "nowhere", True),
    SetLimits: lambda d: msgspec.structs.replace(d.engine.gate.limits.now, ts=d.t),
}
"""What cannot be done at a desk with nothing on it."""
NEVER_REFUSED = {Kill, ConfirmPair, RefusePair}
SILENT = {Present}
"""A key was pressed: no decision, and no line."""


@pytest.mark.parametrize("command", NOT_DONE)
def test_what_was_not_done_leaves_one_line(monkeypatch: pytest.MonkeyPatch, command: type[Command]) -> None:
    desk = crowd(monkeypatch, Wishes(markets=()))
    what = NOT_DONE[command](desk)
    assert type(what) is command
    (line,) = desk.send(what)
    assert isinstance(line, CommandRefused)
    assert told(desk, line) == kept(line) == 1


def test_a_kill_is_never_refused_and_told_each_time(twenty: Crowd) -> None:
    twenty.send(Kill(twenty.t))
    assert names(twenty.send(Kill(twenty.t))) == ["RiskHalt"]
    assert twenty.send(Present(twenty.t)) == []


def test_every_command_there_is_stands_in_the_tables() -> None:
    """A new one must say here what it leaves, and what when it cannot be done."""
    assert set(DONE) | SILENT == set(get_args(Command))
    assert set(NOT_DONE) | NEVER_REFUSED | SILENT == set(get_args(Command))


def _words(desk: Crowd | Two, effects: list[Effect]) -> list[tuple[str, str]]:
    watch = Watch(desk.engine)
    watch.take([e for e in effects if isinstance(e, CommandDone)])
    return [(note.kind, note.text) for note in watch.notes]


def test_in_words_a_trader_understands(busy: Crowd, apart: Two) -> None:
    t = busy.standing[0]
    ((kind, text),) = _words(busy, busy.edit(t.id, 74, 5))
    assert kind == "edit"
    assert text.startswith(f"{t.id} edited by hand: YES 5 @ 74c, was 10 @ 75c ")
    order = busy.on(1).press(t)[1]
    ((kind, text),) = _words(busy, busy.edit(order.order, 74, 2))  # type: ignore[attr-defined]
    assert (kind, text.partition(" BTC")[0]) == ("edit", "desk-3 cut by hand: 2 left to fill, was 5")
    assert _words(busy, busy.send(SetLane(busy.t, DESK, False))) == [("lane", "desk switched off")]
    ((kind, text),) = _words(apart, apart.confirm())
    assert kind == "pair"
    assert text.endswith(" confirmed as the same")
    assert apart.pair.key not in text
    assert _words(busy, busy.send(RefusePair(busy.t, "a~b"))) == [("pair", "a~b refused: not the same")]


def test_a_smaller_size_is_told_although_the_order_ends_before_it_arrives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = crowd(monkeypatch, latency_ms=250)
    slow.at(1_750)
    slow.press(slow.standing[0])
    slow.on(250)
    assert names(slow.edit("desk-1", 75, 3)) == ["CommandDone"]
    slow.send(Trade(slow.t, slow.t, MARKETS[0], 7400, 200 * QTY, ASK))
    slow.on(1_000)
    assert not slow.of(OrderReduced)


def test_the_journal_holds_a_whole_fight(twenty: Crowd, tmp_path: Path) -> None:
    """Every decision, refusal and ending of it, each once, and no line of it is lost over a restart."""
    watch = Watch(twenty.engine)
    with Journal(tmp_path / "journal") as journal:
        journal.begin(twenty.engine.opening())
        for ticket in twenty.standing[:6]:
            twenty.press(ticket)
            twenty.on(1).press(ticket)
        twenty.edit(twenty.standing[0].id, 74, 3)
        twenty.send(Reject(twenty.t, twenty.standing[1].id))
        twenty.send(CancelOrder(twenty.t, "desk-1"))
        twenty.on(1).send(CancelOrder(twenty.t, "desk-1"))
        twenty.send(Trade(twenty.t, twenty.t, MARKETS[1], 7400, 200 * QTY, ASK))
        twenty.lease(1, dollars(1), 60)
        for market in HERE[5:]:
            twenty.send(BookDoubt(twenty.t, market, "gap"))
        twenty.on(2_500)
        twenty.send(Kill(twenty.t))
        twenty.on(1).send(Resume(twenty.t))
        journal.listen(twenty.effects)
        journal.commit(twenty.engine.opening(), 1, twenty.t)
    watch.take(twenty.effects)
    with Journal(tmp_path / "journal", read_only=True) as journal:
        tickets, orders, decisions = journal.tickets(), journal.orders("desk"), journal.decisions()
    last = Counter({row.id: row.state for row in tickets}.values())
    assert last == {"approved": 6, "rejected": 1, "withdrawn": N - 7}
    assert [row.state for row in orders].count("filled") == 1
    assert all(row.reason for row in orders if row.state == "cancelled")
    assert [row.state for row in tickets].count("revised") == 1
    assert all(row.ended_ns for row in tickets)
    kinds = [row.kind for row in decisions]
    assert kinds.count("command done") == 1
    assert kinds.count("ticket approved") == 6
    assert kinds.count("ticket rejected") == 1
    assert kinds.count("command refused") == 7
    assert (kinds.count("lease began"), kinds.count("lease ended")) == (1, 1)
    assert kinds[-2:] == ["lease ended", "resumed"]
    words = [note.kind for note in watch.notes]
    assert words.count("refused") == 7
    assert words.count("halt") == 2


def test_snapshots_and_prints_in_the_middle_of_it_all_move_no_one_elses_order(twenty: Crowd) -> None:
    for ticket in twenty.standing:
        twenty.press(ticket)
    market = MARKETS[9]
    twenty.send(Trade(twenty.t, twenty.t, market, 7400, 500 * QTY, ASK))
    twenty.send(BookSnapshot(twenty.t, twenty.t, market, (), ()))
    assert {e.market for e in twenty.of(OrderFilled)} == {market}
    assert len(twenty.engine.gate.own("desk")) == N - 1
    assert not twenty.of(LeaseEnded)
