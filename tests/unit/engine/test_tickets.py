"""The playbook of proposals: inputs in, effects out. Every refusal stands here with its own words."""

from typing import Any

import pytest

from cockpit.domain.commands import (
    CancelAll,
    Edit,
    Kill,
    PlaceManual,
    PullMarket,
    Reject,
    Resume,
)
from cockpit.domain.effects import (
    OrderCancelled,
    OrderFilled,
    OrderLive,
    OrderPlaced,
    TicketDecided,
    TicketExpired,
    TicketRaised,
    TicketWithdrawn,
)
from cockpit.domain.events import BookDoubt, ExchangeStatus, MarketChanged, Trade
from cockpit.domain.markets import MarketStatus
from cockpit.domain.orders import TicketState
from cockpit.domain.units import ASK, BID, MILLISECOND, QTY, SECOND
from cockpit.engine.engine import Engine, restore
from cockpit.engine.risk import Caps
from cockpit.strategies.versions import VERSIONS

from .priced import LONG, T0, Desk, M, Puppet, dollars, refused  # noqa: TID252  the tests are no package


@pytest.fixture
def puppet(monkeypatch: pytest.MonkeyPatch) -> Puppet:
    made = Puppet()
    monkeypatch.setitem(VERSIONS, "puppet", made)
    return made


@pytest.fixture
def desk(puppet: Puppet) -> Desk:
    """A desk with a proposal: buy 10 YES at 70, raised at one second."""
    puppet.place(70, 10)
    made = Desk(puppet)
    made.at(1_750)
    return made


class TestRaising:
    """What becomes of a strategy's wish."""

    def test_a_wish_is_a_proposal_not_an_order(self, desk: Desk) -> None:
        (raised,) = desk.of(TicketRaised)
        assert (raised.lane, raised.ticket, raised.market, raised.strategy, raised.rev) == (
            "desk", "T-1", M, "puppet", 1,
        )  # fmt: skip
        assert (raised.side, raised.price, raised.qty) == (BID, 7000, 10 * QTY)
        assert raised.expires_ns == raised.ts + 30 * SECOND
        assert not desk.of(OrderPlaced)

    def test_it_is_raised_once_and_seen_by_its_strategy(self, desk: Desk) -> None:
        desk.at(5_000)
        assert len(desk.of(TicketRaised)) == 1
        assert [(w.id, w.ticket, w.price) for w in desk.puppet.seen[-1][1].orders] == [("T-1", True, 7000)]

    def test_it_notes_the_world_it_was_raised_on(self, desk: Desk) -> None:
        t = desk.ticket
        assert (t.bid, t.ask, t.queue, t.bound) == (7000, 7400, 100 * QTY, "kelly")
        assert t.spot == pytest.approx(84_202, abs=5)
        assert t.fair is not None
        assert 0.9 < t.fair < 0.95
        assert t.claim == pytest.approx(t.fair - 0.70)

    def test_thin_edges_are_not_offered(self, puppet: Puppet) -> None:
        puppet.place(84, 10)
        made = Desk(puppet)
        made.book({84: 10}, {86: 10})
        made.at(1_000)
        assert not made.of(TicketRaised)

    def test_edges_too_good_to_be_true_are_not_offered(self, puppet: Puppet) -> None:
        puppet.place(40, 10)
        made = Desk(puppet)
        made.book({40: 10}, {44: 10})
        made.at(1_000)
        assert not made.of(TicketRaised)

    def test_size_is_cut_to_the_cap_and_says_so(self, puppet: Puppet) -> None:
        puppet.place(70, 100)
        made = Desk(puppet, caps=Caps(order=dollars(21.5)))
        made.at(1_000)
        assert (made.ticket.qty, made.ticket.bound) == (30 * QTY, "order cap")

    def test_no_room_no_proposal(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        made = Desk(puppet, caps=Caps(market=dollars(0.5)))
        made.at(1_000)
        assert not made.of(TicketRaised)

    def test_a_moved_wish_is_a_new_revision(self, desk: Desk) -> None:
        desk.puppet.move(71)
        desk.at(2_000)
        assert [(e.ticket, e.rev, e.price) for e in desk.of(TicketRaised)] == [
            ("T-1", 1, 7000),
            ("T-1", 2, 7100),
        ]
        assert desk.ticket.rev_ns > desk.ticket.raised_ns

    def test_a_wish_taken_back_withdraws_it(self, desk: Desk) -> None:
        desk.puppet.take_back("edge gone")
        desk.at(2_000)
        assert [(e.ticket, e.reason) for e in desk.of(TicketWithdrawn)] == [("T-1", "edge gone")]
        assert not desk.engine.state.tickets

    def test_it_expires_and_is_not_raised_again_at_once(self, desk: Desk) -> None:
        desk.at(31_300)
        assert [e.ts - T0 for e in desk.of(TicketExpired)] == [31 * SECOND]
        desk.index(84_140)
        desk.at(40_000)
        assert len(desk.of(TicketRaised)) == 1
        desk.at(43_000)
        assert [e.ticket for e in desk.of(TicketRaised)] == ["T-1", "T-2"]

    def test_a_doubt_that_lasts_and_a_halt_withdraw_it(self, desk: Desk) -> None:
        desk.send(MarketChanged(desk.t, M, status=MarketStatus.INACTIVE))
        assert [e.reason for e in desk.of(TicketWithdrawn)] == ["market inactive"]


class TestApproving:
    """What the key does."""

    def test_it_sends_the_printed_terms(self, desk: Desk) -> None:
        out = desk.approve()
        assert [type(e).__name__ for e in out] == ["TicketDecided", "OrderPlaced", "OrderLive"]
        decided, placed, live = out
        assert (decided.decision, decided.by, decided.waited_ns) == ("approved", "hand", 750 * MILLISECOND)  # type: ignore[attr-defined]
        assert (placed.ticket, placed.lane, placed.price, placed.qty) == ("T-1", "desk", 7000, 10 * QTY)  # type: ignore[attr-defined]
        assert isinstance(live, OrderLive)
        assert desk.ticket.state == TicketState.WORKING
        assert desk.ticket.order == "desk-1"

    def test_it_is_followed_to_its_fill(self, desk: Desk) -> None:
        desk.approve()
        desk.send(Trade(desk.t, desk.t, M, 7000, 104 * QTY, ASK))
        assert desk.ticket.state == TicketState.PARTLY_FILLED
        desk.send(Trade(desk.t, desk.t, M, 6900, 50 * QTY, ASK))
        assert not desk.engine.state.tickets
        counted = [e.qty // QTY for e in desk.of(OrderFilled) if e.counts]
        assert sum(counted) == 10

    def test_its_strategy_takes_the_order_back_without_asking(self, desk: Desk) -> None:
        desk.approve()
        desk.puppet.take_back("edge gone")
        desk.at(2_000)
        assert [(e.order, e.reason) for e in desk.of(OrderCancelled)] == [("desk-1", "edge gone")]
        assert not desk.engine.state.tickets

    def test_a_filled_proposal_is_an_orphan(self, desk: Desk) -> None:
        name = desk.ticket.id
        desk.approve()
        assert refused(desk.approve()) == ["no ticket T-1"]
        desk.send(CancelAll(desk.t))
        assert refused(desk.send(Reject(desk.t, name))) == ["no ticket T-1"]

    def test_rejecting_keeps_it_away_for_a_while(self, desk: Desk) -> None:
        desk.send(Reject(desk.t, "T-1"))
        assert [(e.decision, e.by) for e in desk.of(TicketDecided)] == [("rejected", "hand")]
        desk.at(60_500)
        assert len(desk.of(TicketRaised)) == 1
        desk.at(64_000)
        assert len(desk.of(TicketRaised)) == 2

    def test_an_edited_proposal_is_the_persons(self, desk: Desk) -> None:
        assert desk.send(Edit(desk.t, "T-1", 6900, 5 * QTY)) != []
        desk.puppet.move(72)
        desk.at(3_000)
        assert (desk.ticket.price, desk.ticket.qty, desk.ticket.rev) == (6900, 5 * QTY, 2)
        desk.approve()
        assert [(e.price, e.qty) for e in desk.of(OrderPlaced)] == [(6900, 5 * QTY)]

    def test_an_edited_proposal_is_withdrawn_when_its_edge_is_gone(self, desk: Desk) -> None:
        desk.send(Edit(desk.t, "T-1", 7100, 5 * QTY))
        desk.index(83_900)
        desk.at(4_000)
        assert [e.reason for e in desk.of(TicketWithdrawn)] == ["edge gone"]

    @pytest.mark.parametrize(
        ("price", "qty", "reason"),
        [
            (7050, QTY, "price off the grid"),
            (7000, 10 * QTY, "nothing to change"),
            (7400, QTY, "the book moved through the price"),
            (7000, 0, "quantity is not a whole number of lots"),
        ],
    )
    def test_edits_that_cannot_be(self, desk: Desk, price: int, qty: int, reason: str) -> None:
        assert refused(desk.send(Edit(desk.t, "T-1", price, qty))) == [reason]
        assert desk.ticket.rev == 1


class TestRefusals:
    """Why the key does nothing."""

    def test_shown_too_briefly(self, desk: Desk) -> None:
        assert refused(desk.approve(shown_ns=149 * MILLISECOND)) == ["shown too briefly to have been read"]
        assert refused(desk.approve(shown_ns=150 * MILLISECOND)) == []

    @pytest.mark.parametrize("terms", [{"price": 7100}, {"qty": 9 * QTY}, {"side": ASK}])
    def test_other_terms(self, desk: Desk, terms: dict[str, Any]) -> None:
        assert refused(desk.approve(**terms)) == ["the terms have changed"]
        assert not desk.of(OrderPlaced)

    def test_edge_gone(self, desk: Desk) -> None:
        desk.index(83_900)
        assert refused(desk.approve()) == ["edge gone"]

    def test_low_under_the_threshold(self, desk: Desk) -> None:
        """The ticket stands on down to half the threshold, but is not approved there."""
        for dollars_ in range(84_200, 84_000, -5):
            desk.index(dollars_)
            answer = desk.engine.tickets.refusal(desk.ticket)
            if answer:
                break
        assert answer == "LOW is under the threshold"
        assert refused(desk.approve()) == ["LOW is under the threshold"]
        desk.engine.tickets.recheck()
        assert desk.engine.tickets.standing("T-1") is not None

    def test_edge_too_large(self, desk: Desk) -> None:
        desk.index(84_900)
        assert refused(desk.approve()) == ["edge too large to be true"]

    def test_the_book_moved_through(self, desk: Desk) -> None:
        desk.book({66: 10}, {70: 10})
        assert refused(desk.approve()) == ["the book moved through the price"]

    def test_a_doubt(self, desk: Desk) -> None:
        desk.send(BookDoubt(desk.t, M, "gap"))
        assert refused(desk.approve()) == ["book in doubt: gap"]

    def test_a_stale_fair_value(self, desk: Desk) -> None:
        desk.puppet.say = lambda _s, _m: ()
        desk.silent(7_100)
        assert refused(desk.approve()) == ["fair value stale"]

    def test_a_cap(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        made = Desk(puppet, caps=Caps(event=dollars(8)))
        made.at(1_000)
        made.send(PlaceManual(made.t, M, BID, 6900, 5 * QTY))
        assert refused(made.approve()) == ["event cap"]

    def test_killed(self, desk: Desk) -> None:
        desk.send(Kill(desk.t))
        assert [e.reason for e in desk.of(TicketWithdrawn)] == ["killed"]
        desk.at(5_000)
        assert len(desk.of(TicketRaised)) == 1
        assert refused(desk.send(PlaceManual(desk.t, M, BID, 6900, QTY))) == ["killed"]
        desk.send(Resume(desk.t))
        desk.at(8_000)
        assert len(desk.of(TicketRaised)) == 2

    def test_a_paused_venue(self, desk: Desk) -> None:
        desk.send(ExchangeStatus(desk.t, "kalshi", True, False))
        assert refused(desk.approve()) == ["venue paused"]

    def test_against_an_own_order(self, desk: Desk) -> None:
        desk.book({60: 10}, {74: 10})
        desk.send(PlaceManual(desk.t, M, ASK, 6900, QTY))
        assert refused(desk.approve()) == ["crosses an own order"]

    def test_a_proposal_nobody_knows(self, desk: Desk) -> None:
        assert refused(desk.approve(ticket="T-9")) == ["no ticket T-9"]
        assert desk.engine.state.orphans == 1

    def test_a_held_key_approves_one(self, puppet: Puppet) -> None:
        """A keyboard repeats after 500 ms, thirty times a second; each repeat lands on what is in the strip by then."""
        puppet.place(70, 10)
        made = Desk(puppet, expired_ns=0, rejected_ns=0)
        made.at(1_000)
        made.approve(since_ns=LONG)
        made.send(CancelAll(made.t))
        made.at(4_000)
        assert made.ticket.id == "T-2"
        gaps = [500, *[33] * 60]
        answers = []
        for gap in gaps:
            made.at((made.t - T0) / MILLISECOND + gap)
            answers += refused(made.approve(since_ns=gap * MILLISECOND))
        assert answers == ["the key was not let go"] * 61
        assert [e.decision for e in made.of(TicketDecided)] == ["approved"]


class TestRequoting:
    """A working order that its strategy wants elsewhere."""

    def test_needs_an_approval_and_the_order_waits(self, desk: Desk) -> None:
        desk.approve()
        desk.puppet.move(71)
        desk.at(3_000)
        assert (desk.ticket.id, desk.ticket.price, desk.ticket.replaces) == ("T-2", 7100, "desk-1")
        assert not desk.of(OrderCancelled)
        desk.approve()
        assert [(e.order, e.reason) for e in desk.of(OrderCancelled)] == [("desk-1", "edited")]
        assert [(e.order, e.price) for e in desk.of(OrderPlaced)] == [("desk-1", 7000), ("desk-2", 7100)]

    def test_an_order_without_edge_does_not_wait(self, desk: Desk) -> None:
        desk.approve()
        desk.index(83_950)
        desk.puppet.move(40)
        desk.at(3_000)
        assert [(e.order, e.reason) for e in desk.of(OrderCancelled)] == [("desk-1", "edge gone")]


class TestPull:
    """Out of one market."""

    def test_proposals_and_orders_end(self, desk: Desk) -> None:
        desk.send(PlaceManual(desk.t, M, BID, 6900, QTY))
        desk.send(PullMarket(desk.t, M))
        assert [e.reason for e in desk.of(TicketWithdrawn)] == ["pulled"]
        assert [e.reason for e in desk.of(OrderCancelled)] == ["pulled"]


def test_a_restart_in_the_middle_changes_nothing(puppet: Puppet) -> None:
    """Proposals, quiet times and delays are state."""

    def run(*, restart: bool) -> list[object]:
        puppet.place(70, 10)
        made = Desk(puppet, mirror=True)
        made.at(1_000)
        if restart:
            made.engine = Engine(made.engine.config, restore(made.engine.opening()))
        made.approve()
        made.at(6_000)
        made.puppet.take_back()
        made.at(8_000)
        made.puppet.place(70, 10)
        made.at(60_000)
        return [*made.effects]

    assert run(restart=True) == run(restart=False)
