"""What each command leaves behind, done or not, in effects, notes and the journal."""

from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest

from cockpit.domain.commands import (
    Acknowledge,
    Approve,
    CancelAll,
    CancelOrder,
    Command,
    ConfirmPair,
    Flatten,
    Kill,
    Lease,
    PlaceManual,
    PullMarket,
    RefusePair,
    Reject,
    Resume,
    SetLane,
    Unwind,
)
from cockpit.domain.effects import (
    Effect,
    LeaseBegan,
    LeaseEnded,
    OrderCancelled,
    OrderFilled,
    OrderPlaced,
    RiskHalt,
    TicketDecided,
)
from cockpit.domain.events import BookDoubt, BookSnapshot, Trade
from cockpit.domain.units import ASK, BID, MONEY, QTY, SECOND
from cockpit.engine.watch import Watch
from cockpit.runtime.journal import Journal

from .crowded import HERE, MARKETS, NEAR, Crowd, N, Wishes, crowd, names  # noqa: TID252  the tests are no package
from .priced import T0, dollars, refused  # noqa: TID252


@pytest.fixture
def twenty(monkeypatch: pytest.MonkeyPatch) -> Crowd:
    """Twenty proposals to buy 10 YES at 75, raised at one second; no latency."""
    made = crowd(monkeypatch)
    made.at(1_750)
    return made


def _first(desk: Crowd) -> Approve:
    t = desk.standing[0]
    return Approve(desk.t, t.id, t.side, t.price, t.qty, desk.t - SECOND, desk.t - SECOND)


TOLD: dict[str, tuple[Any, type[Effect]]] = {
    "approve": (_first, TicketDecided),
    "reject": (lambda d: Reject(d.t, d.standing[0].id), TicketDecided),
    "by hand": (lambda d: PlaceManual(d.t, MARKETS[0], BID, 7300, QTY), OrderPlaced),
    "cancel": (lambda d: CancelOrder(d.t, "desk-1"), OrderCancelled),
    "cancel all": (lambda d: CancelAll(d.t), OrderCancelled),
    "pull": (lambda d: PullMarket(d.t, MARKETS[-1]), OrderCancelled),
    "unwind": (lambda d: Unwind(d.t, MARKETS[-2]), OrderPlaced),
    "flatten": (lambda d: Flatten(d.t, NEAR), OrderPlaced),
    "kill": (lambda d: Kill(d.t), RiskHalt),
    "lease": (lambda d: Lease(d.t, 1, MONEY, SECOND), LeaseBegan),
}
"""What is said at a desk with an order and a position, and the effect that answers it."""


@pytest.fixture
def busy(twenty: Crowd) -> Crowd:
    """An order, desk-1, and a position beside eighteen proposals."""
    twenty.press(twenty.standing[-1])
    held = twenty.standing[-1]
    twenty.press(held)
    twenty.send(Trade(twenty.t, twenty.t, held.market, 7400, 200 * QTY, ASK))
    return twenty


@pytest.mark.parametrize("said", TOLD)
def test_what_was_done_is_told_once(busy: Crowd, said: str) -> None:
    command, kind = TOLD[said]
    out = busy.send(command(busy))
    assert [isinstance(e, kind) for e in out].count(True) == 1
    assert not refused(out)


@pytest.mark.parametrize("said", [*TOLD, "resume", "no lease", "set"])
def test_what_was_not_done_is_told_once(monkeypatch: pytest.MonkeyPatch, busy: Crowd, said: str) -> None:
    """The same at a desk with nothing on it."""
    desk = crowd(monkeypatch, Wishes(markets=()))
    more = {"resume": Resume(T0), "no lease": Lease(T0, 0, 0, 0), "set": SetLane(T0, "nowhere", True)}
    if said in ("kill", "lease", "by hand"):
        desk.send(Kill(desk.t))
    if said == "kill":
        assert names(desk.send(Kill(desk.t))) == ["RiskHalt"]  # a stop is never refused
        return
    command = more.get(said) or TOLD[said][0](busy)
    assert len(refused(desk.send(command))) == 1


QUIET: tuple[Command, ...] = (
    ConfirmPair(T0, "a|b", "h"),
    RefusePair(T0, "a|b"),
    SetLane(T0, "desk", False),
    SetLane(T0, "mirror", False),
)
"""What is done without a word: it shows in the account, and pairs in the journal's table of pairs."""


@pytest.mark.parametrize("command", QUIET, ids=repr)
def test_what_is_done_in_silence_is_in_the_account(monkeypatch: pytest.MonkeyPatch, command: Command) -> None:
    desk = crowd(monkeypatch, Wishes(markets=()), mirror=True)
    before = desk.engine.opening()
    assert desk.send(command) == []
    assert desk.engine.opening() != before


def test_every_command_is_in_one_of_the_tables(busy: Crowd) -> None:
    """A new one must say here what it leaves. An edit and limits have tests of their own; a key says nothing."""
    known = {type(command(busy)) for command, _ in TOLD.values()} | {type(each) for each in QUIET}
    elsewhere = {"Edit", "Resume", "Present", "Acknowledge", "SetLimits"}
    assert {kind.__name__ for kind in get_args(Command)} - {kind.__name__ for kind in known} <= elsewhere


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
        tickets, orders, told = journal.tickets(), journal.orders("desk"), journal.decisions()
    last = Counter({row.id: row.state for row in tickets}.values())
    assert last == {"approved": 6, "rejected": 1, "withdrawn": N - 7}
    assert [row.state for row in orders].count("filled") == 1
    assert all(row.reason for row in orders if row.state == "cancelled")
    kinds = [row.kind for row in told]
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


def test_acknowledging_a_pair_nobody_knows_is_told(twenty: Crowd) -> None:
    assert refused(twenty.send(Acknowledge(twenty.t, "a|b"))) == ["no pair a|b"]
