"""The desk on recorded BTC fifteen-minute markets: proposals, approvals, fills under cross, settlement; and its pace."""

from pathlib import Path

import pytest

from cockpit.domain.effects import (
    Effect,
    MarketBooked,
    OrderCancelled,
    OrderFilled,
    OrderPlaced,
    TicketDecided,
    TicketExpired,
    TicketRaised,
    TicketWithdrawn,
)
from cockpit.domain.units import SECOND
from cockpit.engine.config import DESK
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from cockpit.runtime import replay
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import Approvals
from cockpit.settings.tree import Settings

LANES = ("V10", "V11", "V12", "V14", "V15")


def run(path: Path, approve: str) -> tuple[list[Effect], Watch, float]:
    file = SessionFile(path)
    made = replay.engine(file, Settings().with_lanes(LANES))
    effects: list[Effect] = []
    watch = Watch(made)
    session = replay.session(file, made, None, listeners=(effects.extend, watch.take), approve=approve)
    seconds = replay.run_quietly(session, replay.batches(file), None)
    return effects, watch, session.frames / seconds


@pytest.fixture(scope="module")
def days(imported, btc_names) -> list[tuple[list[Effect], Watch, float]]:
    return [run(imported(name), Approvals.ALL) for name in btc_names]


def test_the_whole_life_of_a_ticket_is_seen(days) -> None:
    effects = [effect for day, _, _ in days for effect in day]

    def desk(kind: type) -> list:
        return [e for e in effects if isinstance(e, kind) and getattr(e, "lane", DESK) == DESK]

    raised = {(e.ticket, e.market) for e in desk(TicketRaised)}
    assert len(raised) >= 3
    assert any(e.decision == "approved" for e in desk(TicketDecided))
    orders = desk(OrderPlaced)
    assert {e.rule for e in orders} == {"cross"}
    fills = [e for e in desk(OrderFilled) if e.counts]
    assert fills
    assert {e.rule for e in fills} == {"cross"}
    assert desk(OrderCancelled)
    assert desk(MarketBooked)


def test_unapproved_tickets_end_by_themselves(imported, btc_names) -> None:
    ends, raised = 0, 0
    for name in btc_names:
        effects, _, _ = run(imported(name), Approvals.NONE)
        raised += sum(1 for e in effects if isinstance(e, TicketRaised) and e.rev == 1)
        ends += sum(1 for e in effects if isinstance(e, TicketExpired | TicketWithdrawn))
        assert not any(isinstance(e, OrderPlaced) and e.lane == DESK for e in effects)
    assert raised >= 3
    assert 0 <= raised - ends <= len(btc_names)


def test_spot_band_and_book_move_together(days) -> None:
    """Each market's chart follows the money: band and mid end on the same side, most of the time together."""
    for _, watch, _ in days:
        engine = watch._engine
        for ticker in engine.state.markets:
            points = [p for p in watch.points(ticker) if p.mid is not None and p.bid and p.ask]
            if len(points) < 120:
                continue
            near = sum(abs((p.bid + p.ask) / 20_000 - p.mid) < 0.15 for p in points)
            assert near > 0.8 * len(points), ticker
            seconds = [p.ts // SECOND for p in points]
            assert seconds == sorted(set(seconds))


def test_every_lane_had_orders(days) -> None:
    placed = {e.lane for day, _, _ in days for e in day if isinstance(e, OrderPlaced)}
    assert placed >= {DESK, *LANES}


def test_the_view_at_the_end_adds_up(days) -> None:
    for _, watch, _ in days:
        engine = watch._engine
        seen = view(engine, watch)
        assert seen.no_trades
        assert seen.desk.by_rule[1:] == (None, None, None)
        assert seen.desk.by_rule[0] == seen.desk.net
        account = engine.state.lanes[DESK].account
        assert seen.desk.net == account.net({name: m.mark for name, m in engine.state.markets.items()})
        assert [lane.name for lane in seen.lanes] == [DESK, "mirror", *LANES]
