"""Each effect becomes its rows; what belongs to nothing is refused, with all that was heard beside it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from cockpit.domain.effects import (
    Alert,
    CommandDone,
    CommandRefused,
    DoubtRaised,
    Effect,
    LaneFailed,
    LeaseBegan,
    MarketBooked,
    OrderCancelled,
    OrderFilled,
    OrderLive,
    OrderPlaced,
    OrderReduced,
    OrderRejected,
    PositionChanged,
    RiskHalt,
    RiskResumed,
    TicketDecided,
    TicketExpired,
    TicketRaised,
    TicketWithdrawn,
)
from cockpit.domain.errors import InvariantError
from cockpit.domain.units import ASK, BID, MONEY, QTY, SECOND
from cockpit.engine.config import WHAT_IF, EngineConfig
from cockpit.engine.engine import Engine
from cockpit.runtime.journal import Journal
from cockpit.runtime.tables import FillRow, OrderRow

A = "KXTEST-26DEC01-A"
STATE = Engine(EngineConfig()).opening()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.db") as made:
        yield made


def test_an_order_and_its_fills(journal: Journal) -> None:
    journal.listen(
        [
            OrderPlaced(10, "desk", "desk-1", A, BID, 4_000, 5 * QTY, "tail", 20),
            OrderPlaced(11, "hand", "hand-1", A, ASK, 4_200, QTY, "fifo", 21),
            OrderPlaced(12, "hand", "hand-2", A, ASK, 4_200, QTY, "fifo", 22),
            OrderLive(20, "desk", "desk-1", 90 * QTY),
            OrderRejected(22, "hand", "hand-2", A, "post-only would cross"),
            OrderFilled(30, "desk", "desk-1", A, BID, 4_000, QTY, "tail", "queue", True, False, 7),
            OrderFilled(30, "desk", "desk-1", A, BID, 4_000, QTY, "touch", "touch", False, False, 7),
            PositionChanged(30, "desk", A, QTY, -4_000 * QTY - 7, 0, 7),
            OrderFilled(30, "desk", "desk-1", A, BID, 4_000, 2 * QTY, "tail", "gap", True, True, 9),
            PositionChanged(30, "desk", A, 3 * QTY, -12_000 * QTY - 16, 0, 16),
            OrderReduced(35, "desk", "desk-1", 4 * QTY),
            OrderCancelled(40, "desk", "desk-1", A, "expired", 2 * QTY),
        ]
    )
    journal.commit(STATE.replace(b'"working":{}', b'"working":{"hand-1":"%b"}' % A.encode()), 1, 40)
    assert journal.orders() == [
        OrderRow(
            id="desk-1", lane="desk", market=A, side=BID, price=4_000, qty=5 * QTY, rule="tail", sent_ns=10, due_ns=20,
            live_ns=20, ahead=90 * QTY, state="cancelled", ended_ns=40, reason="expired", unfilled=2 * QTY, reduced=4 * QTY,
            filled=3 * QTY,
        ),
        OrderRow(
            id="hand-1", lane="hand", market=A, side=ASK, price=4_200, qty=QTY, rule="fifo", sent_ns=11, due_ns=21,
            live_ns=0, ahead=0, state="sent", ended_ns=0, reason="", unfilled=0, reduced=0,
            filled=0,
        ),
        OrderRow(
            id="hand-2", lane="hand", market=A, side=ASK, price=4_200, qty=QTY, rule="fifo", sent_ns=12, due_ns=22,
            live_ns=0, ahead=0, state="refused", ended_ns=22, reason="post-only would cross", unfilled=0, reduced=0,
            filled=0,
        ),
    ]  # fmt: skip
    assert [order.id for order in journal.orders("hand")] == ["hand-1", "hand-2"]
    assert [order.id for order in journal.orders(since=11, working=True)] == ["hand-1"]
    assert [order.id for order in journal.orders(since=12)] == ["hand-2"]
    fills = journal.fills()
    assert fills[2] == FillRow(
        30, "desk", "desk-1", A, BID, 4_000, 2 * QTY, "tail", "gap", counts=True, gap=True, fee=9, ordinal=1
    )
    assert [(fill.rule, fill.ordinal, fill.counts, fill.gap) for fill in fills[:2]] == [
        ("tail", 0, True, False),
        ("touch", 0, False, False),
    ]
    assert journal.fills("hand") == journal.fills(since=31) == []
    assert journal.fills("desk", since=30) == fills
    assert [(row.qty, row.fees, row.ts) for row in journal.positions("desk")] == [(3 * QTY, 16, 30)]
    assert journal.cash() == {"desk": -12_000 * QTY - 16}


def test_tickets(journal: Journal) -> None:
    journal.listen(
        [
            TicketRaised(10, "desk", "t1", A, BID, 4_000, QTY, 99),
            TicketRaised(10, "desk", "t2", A, BID, 3_900, QTY, 99),
            TicketRaised(11, "mirror", "t3", A, ASK, 4_200, QTY, 99),
            TicketWithdrawn(12, "t1", "edge gone"),
            TicketRaised(13, "desk", "t1", A, BID, 4_100, QTY, 99),
            TicketExpired(99, "t1"),
        ]
    )
    journal.commit(STATE, 1, 99)
    seen = [(t.id, t.price, t.raised_ns, t.state, t.ended_ns, t.reason) for t in journal.tickets("desk")]
    assert seen == [
        ("t1", 4_000, 10, "withdrawn", 12, "edge gone"),
        ("t2", 3_900, 10, "proposed", 0, ""),
        ("t1", 4_100, 13, "expired", 99, ""),
    ]
    assert [t.id for t in journal.tickets(since=11)] == ["t3", "t1"]


def test_a_revision_that_was_superseded_ended_with_the_next(journal: Journal) -> None:
    journal.listen(
        [
            TicketRaised(10, "desk", "t1", A, BID, 4_000, QTY, 99),
            TicketRaised(20, "desk", "t1", A, BID, 4_100, QTY, 109, rev=2),
            TicketRaised(21, "desk", "t2", A, BID, 4_100, QTY, 109),
            TicketRaised(30, "desk", "t1", A, BID, 4_200, QTY, 119, rev=3),
        ]
    )
    journal.commit(STATE, 1, 30)
    ends = [(t.id, t.raised_ns, t.state, t.ended_ns) for t in journal.tickets()]
    assert ends == [
        ("t1", 10, "revised", 20), ("t1", 20, "revised", 30), ("t2", 21, "proposed", 0), ("t1", 30, "proposed", 0),
    ]  # fmt: skip
    journal.listen([TicketDecided(40, "t1", "approved", "hand", 10)])
    journal.commit(STATE, 2, 40)
    assert [t.state for t in journal.tickets(since=20)] == ["revised", "proposed", "approved"]


def test_an_order_is_traced_to_its_proposal(journal: Journal) -> None:
    placed = [
        OrderPlaced(10, "desk", "desk-1", A, BID, 4_000, QTY, "tail", 20, "T-7"),
        OrderPlaced(11, "desk", "desk-2", A, BID, 4_000, QTY, "tail", 20),
    ]
    working = STATE.replace(b'"working":{}', b'"working":{"desk-1":"A","desk-2":"A"}')
    journal.listen(placed)
    journal.commit(working, 1, 11)
    assert [(order.id, order.ticket) for order in journal.orders()] == [("desk-1", "T-7"), ("desk-2", "")]
    journal.begin(b"null")
    journal.listen([OrderPlaced(10, "desk", "desk-1", A, BID, 4_000, QTY, "tail", 20, "T-8")])
    with pytest.raises(InvariantError, match="holds otherwise"):
        journal.commit(working, 2, 12)


def test_decisions_and_alerts(journal: Journal) -> None:
    journal.listen(
        [
            CommandRefused(1, "PlaceManual o1", "market cap", orphan=False),
            CommandRefused(1, "PlaceManual o1", "market cap", orphan=False),
            CommandRefused(2, "CancelOrder", "no order x", orphan=True),
            OrderRejected(3, "probe", "", A, "price off the grid"),
            RiskHalt(4, "killed"),
            RiskResumed(5),
            CommandDone(6, "SetLane V11", "V11 switched off", "V11"),
            CommandDone(6, "Reject T-1", "T-1 rejected in hindsight", WHAT_IF),
            LeaseBegan(7, 2, 12_345 * MONEY // 10, 7 + 90 * SECOND),
            LaneFailed(6, "probe", "KeyError: 'x'"),
            Alert(7, "cap", "80 % of the market cap"),
            DoubtRaised(8, A, "gap"),
        ]
    )
    journal.commit(STATE, 1, 8)
    assert [(d.ts, d.kind, d.lane, d.command, d.reason, d.orphan) for d in journal.decisions()] == [
        (1, "command refused", "", "PlaceManual o1", "market cap", False),
        (2, "command refused", "", "CancelOrder", "no order x", True),
        (3, "order refused", "probe", "", "price off the grid", False),
        (4, "halted", "", "", "killed", False),
        (5, "resumed", "", "", "", False),
        (6, "command done", "V11", "SetLane V11", "V11 switched off", False),
        (7, "lease began", "", "", "2 ticks, $1,234.50 at risk, for 1.5 min", False),
    ]
    assert [(a.ts, a.kind, a.text) for a in journal.alerts()] == [
        (6, "lane failed", "probe: KeyError: 'x'"),
        (7, "cap", "80 % of the market cap"),
    ]
    assert [d.ts for d in journal.decisions(since=4)] == [4, 5, 6, 7]
    assert [a.ts for a in journal.alerts(since=7)] == [7]


def test_a_settlement_that_goes_back_and_forth_within_a_nanosecond_ends_as_it_ended(journal: Journal) -> None:
    told = [MarketBooked(5, "desk", A, "determined", value, value) for value in (10_000, 0, 10_000)]
    for _ in range(2):
        journal.listen(told)
        journal.commit(STATE, 1, 5)
        assert [row.value for row in journal.settlements()] == [0, 10_000]
    assert journal.settlements("hand") == journal.settlements(since=6) == []


def test_a_pair_keeps_the_time_it_was_first_held(journal: Journal) -> None:
    def told(pairs: bytes) -> bytes:
        return STATE.replace(b'"pairs":{}', b'"pairs":' + pairs)

    journal.commit(told(b'{"one":"h1","two":"h1"}'), 1, 10)
    journal.commit(told(b'{"one":"h1","two":""}'), 2, 20)
    journal.begin(STATE)
    journal.commit(told(b'{"one":"h1","two":""}'), 3, 30)
    assert [(row.pair, row.rules_hash, row.ts) for row in journal.pairs()] == [
        ("one", "h1", 10),
        ("two", "", 20),
    ]


@pytest.mark.parametrize("kind", get_args(Effect), ids=lambda kind: kind.__name__)
def test_every_effect_can_be_heard(journal: Journal, kind: type[Any]) -> None:
    samples = {"int": 1, "str": "desk-1", "bool": True, "tuple[str, ...]": ("x",)}
    names = {int: "int", str: "str", bool: "bool", tuple[str, ...]: "tuple[str, ...]"}
    effect = kind(*(samples[names[kind.__annotations__.get(name, int)]] for name in kind.__struct_fields__))
    if kind is not OrderPlaced:
        journal.listen([OrderPlaced(0, "desk", "desk-1", A, BID, 1, 1, "tail", 1)])
    if kind not in (OrderPlaced, TicketRaised):
        journal.listen([TicketRaised(0, "desk", "desk-1", A, BID, 1, 1, 1)])
    journal.listen([effect])
    journal.commit(STATE.replace(b'"working":{}', b'"working":{"desk-1":""}'), 1, 1)
    assert journal.committed() == (1, 1)


def test_a_fill_heard_again_with_other_terms_is_refused_whole(journal: Journal) -> None:
    placed = OrderPlaced(1, "desk", "desk-1", A, BID, 4_000, 5 * QTY, "tail", 2)
    for qty in (QTY, 2 * QTY):
        journal.begin(b"null")
        journal.listen(
            [placed, OrderFilled(3, "desk", "desk-1", A, BID, 4_000, qty, "tail", "queue", True, False, 0)]
        )
        if qty == QTY:
            journal.commit(STATE, 1, 3)
            account = journal.account()
    with pytest.raises(InvariantError, match="holds otherwise"):
        journal.commit(STATE.replace(b'"killed":false', b'"killed":true'), 2, 3)
    assert [fill.qty for fill in journal.fills()] == [QTY]
    assert journal.account() == account


@pytest.mark.parametrize(
    "effect",
    [
        OrderLive(1, "desk", "desk-9", 0),
        OrderCancelled(1, "desk", "desk-9", A, "expired", QTY),
        OrderFilled(1, "desk", "desk-9", A, BID, 4_000, QTY, "tail", "queue", True, False, 0),
        TicketExpired(1, "desk-t9"),
    ],
    ids=lambda effect: type(effect).__name__,
)
def test_what_belongs_to_nothing_is_refused_whole(journal: Journal, effect: Effect) -> None:
    journal.listen([Alert(1, "bell", "before"), effect])
    with pytest.raises(InvariantError):
        journal.commit(STATE, 1, 1)
    assert journal.account() is None
    assert journal.alerts() == []


def test_an_opening_that_is_none_is_refused(journal: Journal) -> None:
    journal.listen([Alert(1, "bell", "before")])
    with pytest.raises(msgspec.ValidationError):
        journal.commit(b'{"pairs":7}', 1, 1)
    assert journal.account() is None
