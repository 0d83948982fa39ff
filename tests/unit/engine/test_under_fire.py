"""Twenty proposals at once while everything goes wrong: inputs in, effects out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.domain.commands import (
    CancelAll,
    CancelOrder,
    Flatten,
    Kill,
    PlaceManual,
    Present,
    PullMarket,
    Reject,
    Resume,
    SetLane,
    Unwind,
)
from cockpit.domain.effects import (
    AwayBegan,
    Effect,
    OrderCancelled,
    OrderFilled,
    OrderPlaced,
    OrderReduced,
    OrderRejected,
    RiskHalt,
    RiskResumed,
    TicketDecided,
    TicketExpired,
    TicketRaised,
    TicketWithdrawn,
)
from cockpit.domain.events import BookDoubt, FeedDown, Trade
from cockpit.domain.units import ASK, BID, QTY, SECOND
from cockpit.engine.risk import Caps
from cockpit.runtime.journal import Journal

from .crowded import HERE, MARKETS, NEAR, THERE, VENUES, Crowd, N, Wishes, crowd, names  # noqa: TID252  the tests are no package
from .priced import dollars, refused  # noqa: TID252

TEN = 10 * QTY


@pytest.fixture
def twenty(monkeypatch: pytest.MonkeyPatch) -> Crowd:
    """Twenty proposals to buy 10 YES at 75, raised at one second; no latency."""
    made = crowd(monkeypatch)
    made.at(1_750)
    assert len(made.standing) == N
    return made


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Crowd:
    """The same with 250 ms to enter and 250 ms to cancel."""
    made = crowd(monkeypatch, latency_ms=250)
    made.at(1_750)
    return made


def sent(desk: Crowd) -> list[tuple[str, int, int, int]]:
    return [(e.ticket, e.side, e.price, e.qty) for e in desk.of(OrderPlaced)]


class TestTwenty:
    """Each key meets one proposal, and it is the one that was printed."""

    def test_all_are_approved_one_by_one(self, twenty: Crowd) -> None:
        printed = list(twenty.standing)
        for ticket in printed:
            assert names(twenty.press(ticket)) == ["TicketDecided", "OrderPlaced", "OrderLive"]
        assert sent(twenty) == [(t.id, BID, 7500, TEN) for t in printed]
        assert {e.market for e in twenty.of(OrderPlaced)} == set(MARKETS)

    def test_what_is_not_approved_expires_together(self, twenty: Crowd) -> None:
        first, second, *rest = twenty.standing
        twenty.at(30_999)
        assert refused(twenty.press(first)) == []
        twenty.at(31_000)
        assert [e.ticket for e in twenty.of(TicketExpired)] == [second.id, *(t.id for t in rest)]
        assert refused(twenty.press(second)) == [f"no ticket {second.id}"]
        assert sent(twenty) == [(first.id, BID, 7500, TEN)]

    def test_an_expiry_at_the_very_press_wins(self, twenty: Crowd) -> None:
        """The key arrives in the nanosecond of the expiry, and no time passes between."""
        ticket = twenty.standing[7]
        twenty.at(30_999)
        twenty.t = ticket.expires_ns
        out = twenty.press(ticket)
        assert names(out)[-1] == "CommandRefused"
        assert refused(out) == [f"no ticket {ticket.id}"]
        assert not twenty.of(OrderPlaced)

    def test_two_presses_are_one_order(self, twenty: Crowd) -> None:
        ticket = twenty.standing[3]
        printed = twenty.of(TicketRaised)[3]
        assert refused(twenty.press(ticket)) == []
        assert refused(twenty.press(printed)) == [f"no ticket {ticket.id}"]
        assert refused(twenty.on(1).press(printed)) == [f"no ticket {ticket.id}"]
        assert sent(twenty) == [(ticket.id, BID, 7500, TEN)]

    def test_a_refusal_and_an_approval_of_the_same(self, twenty: Crowd) -> None:
        printed = twenty.of(TicketRaised)[3]
        twenty.send(Reject(twenty.t, printed.ticket))
        assert refused(twenty.press(printed)) == [f"no ticket {printed.ticket}"]
        assert [e.decision for e in twenty.of(TicketDecided)] == ["rejected"]

    def test_caps_hold_from_the_first_to_the_last(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = crowd(monkeypatch, caps=Caps(event=dollars(16), total=dollars(31)))
        desk.at(1_750)
        answers = [refused(desk.press(t)) for t in desk.standing]
        assert answers.count([]) == 4
        assert answers.count(["event cap"]) + answers.count(["total cap"]) == N - 4
        assert sum(e.price * e.qty for e in desk.of(OrderPlaced)) <= dollars(31)


class TestEdits:
    """A hand changes one while the others go on."""

    def test_only_the_edited_one_changes(self, twenty: Crowd) -> None:
        ticket, printed = twenty.standing[4], twenty.of(TicketRaised)[4]
        assert names(twenty.edit(ticket.id, 74, 5)) == ["TicketRaised", "CommandDone"]
        assert refused(twenty.press(printed)) == ["the terms have changed"]
        assert refused(twenty.press(ticket)) == []
        assert sent(twenty) == [(ticket.id, BID, 7400, 5 * QTY)]
        assert {(t.price, t.qty) for t in twenty.standing} == {(7500, TEN)}

    def test_it_lives_its_own_time_from_then_on(self, twenty: Crowd) -> None:
        ticket = twenty.standing[4]
        twenty.at(20_000)
        twenty.edit(ticket.id, 74, 5)
        twenty.at(31_500)
        assert [t.id for t in twenty.standing] == [ticket.id]
        assert refused(twenty.press(ticket)) == []
        assert sent(twenty) == [(ticket.id, BID, 7400, 5 * QTY)]

    def test_terms_of_this_very_moment_were_not_read(self, twenty: Crowd) -> None:
        ticket = twenty.standing[4]
        twenty.edit(ticket.id, 74, 5)
        assert refused(twenty.edit(ticket.id, 73, 5)) == ["the terms have just changed"]
        assert refused(twenty.on(1).edit(ticket.id, 73, 5)) == []

    def test_a_second_smaller_size_waits_for_the_first(self, slow: Crowd) -> None:
        slow.press(slow.standing[0])
        slow.on(250)
        assert refused(slow.edit("desk-1", 75, 3)) == []
        assert refused(slow.edit("desk-1", 75, 5)) == ["a smaller size is on its way"]
        slow.on(250)
        assert [e.qty for e in slow.of(OrderReduced)] == [3 * QTY]
        assert refused(slow.edit("desk-1", 75, 2)) == []


class TestOneBeat:
    """What a strategy does in the beat in which the key comes."""

    def test_revised(self, twenty: Crowd) -> None:
        printed = twenty.of(TicketRaised)[6]
        twenty.wishes.wants[printed.market] = (76, 10)
        twenty.at(2_000)
        assert refused(twenty.press(printed)) == ["the terms have changed"]
        assert sent(twenty) == []

    def test_withdrawn(self, twenty: Crowd) -> None:
        printed = twenty.of(TicketRaised)[6]
        del twenty.wishes.wants[printed.market]
        twenty.at(2_000)
        assert [(e.ticket, e.reason) for e in twenty.of(TicketWithdrawn)] == [(printed.ticket, "no longer")]
        assert refused(twenty.press(printed)) == [f"no ticket {printed.ticket}"]
        assert sent(twenty) == []

    def test_the_press_comes_first(self, twenty: Crowd) -> None:
        """What was sent a nanosecond before the beat is taken back by its strategy, not lost."""
        printed = twenty.of(TicketRaised)[6]
        twenty.at(1_999.999)
        assert refused(twenty.press(printed)) == []
        del twenty.wishes.wants[printed.market]
        twenty.at(2_000)
        assert [(e.order, e.reason) for e in twenty.of(OrderCancelled)] == [("desk-1", "no longer")]

    def test_a_move_is_revised_once_and_for_what_is_left(self, twenty: Crowd, tmp_path: Path) -> None:
        """Its order was met, and its strategy wants it elsewhere, in one beat: one revision, which a journal takes."""
        printed = twenty.standing[0]
        twenty.press(printed)
        twenty.wishes.wants[printed.market] = (76, 10)
        twenty.at(4_500)
        twenty.send(Trade(twenty.t, twenty.t, printed.market, 7500, 104 * QTY, ASK))
        twenty.wishes.wants[printed.market] = (77, 10)
        before = len(twenty.effects)
        twenty.at(5_000)
        told = [e for e in twenty.effects[before:] if isinstance(e, TicketRaised)]
        assert [(e.rev, e.price, e.qty) for e in told] == [(2, 7700, 6 * QTY)]
        (move,) = (t for t in twenty.standing if t.replaces)
        assert refused(twenty.press(move)) == []
        with Journal(tmp_path / "journal") as journal:
            journal.listen(twenty.effects)
            journal.commit(twenty.engine.opening(), 1, twenty.t)

    def test_a_move_whose_order_was_met_whole_ends(self, twenty: Crowd) -> None:
        printed = twenty.standing[0]
        twenty.press(printed)
        twenty.wishes.wants[printed.market] = (76, 10)
        twenty.at(4_500)
        (move,) = (t for t in twenty.standing if t.replaces)
        twenty.send(Trade(twenty.t, twenty.t, printed.market, 7500, 150 * QTY, ASK))
        assert refused(twenty.press(move)) == ["the order it would move has changed"]
        twenty.wishes.wants[printed.market] = (77, 10)
        twenty.at(5_000)
        assert move.id in [e.ticket for e in twenty.of(TicketWithdrawn)]


class TestTheLease:
    """Granted and ended while twenty wait."""

    def test_it_spends_its_risk_on_new_ones_only_and_stops(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = crowd(monkeypatch, Wishes(markets=HERE))
        desk.at(1_750)
        assert names(desk.lease(1, 3 * dollars(7.5), 60)) == ["LeaseBegan"]
        desk.wishes.wants |= dict.fromkeys(THERE, (75, 10))
        desk.at(3_000)
        assert [e.by for e in desk.of(TicketDecided)] == ["lease"] * 3
        assert {e.market for e in desk.of(OrderPlaced)} < set(THERE)
        assert len(desk.standing) == N - 3
        assert names(desk.lease(0, 0, 0)) == ["LeaseEnded"]
        desk.at(20_000)
        assert len(desk.of(OrderPlaced)) == 3

    def test_what_an_older_one_left_is_no_later_ones(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = crowd(monkeypatch)
        desk.lease(1, dollars(15), 60)
        desk.at(2_000)
        assert len(desk.of(OrderPlaced)) == 2
        assert names(desk.lease(1, dollars(5), 60)) == ["LeaseEnded", "LeaseBegan"]
        desk.send(CancelAll(desk.t))
        assert desk.engine.state.lease is not None
        assert desk.engine.state.lease.risk == dollars(5)

    def test_what_was_filled_while_an_order_was_moved_is_spent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Seven fifty of twenty dollars are sent, four fifty of them are met on the way, and the rest is taken back."""
        desk = crowd(monkeypatch, Wishes(markets=(HERE[0],)), latency_ms=250)
        desk.lease(1, dollars(20), 60)
        desk.at(2_000)
        desk.wishes.wants[HERE[0]] = (74, 10)
        desk.at(2_500)
        assert [e.price for e in desk.of(OrderPlaced)] == [7500, 7400]
        desk.send(Trade(desk.t, desk.t, HERE[0], 7500, 106 * QTY, ASK))
        assert sum(e.qty for e in desk.of(OrderFilled) if e.counts) == 6 * QTY
        desk.send(CancelAll(desk.t))
        desk.on(1_000)
        assert desk.engine.state.lease is not None
        assert desk.engine.state.lease.risk == dollars(20 - 4.50)

    def test_none_to_end(self, twenty: Crowd) -> None:
        assert refused(twenty.lease(0, 0, 0)) == ["no lease"]


class TestFeedsDying:
    def test_no_spot_no_order(self, twenty: Crowd) -> None:
        """All twenty still stand on the screen; none is sent."""
        twenty.silent(7_100)
        assert len(twenty.standing) == N
        assert {reason for t in twenty.standing for reason in refused(twenty.press(t))} == {
            "fair value stale"
        }
        assert not twenty.of(OrderPlaced)

    def test_one_venue_in_doubt_leaves_the_other(self, twenty: Crowd) -> None:
        for market in HERE:
            twenty.send(BookDoubt(twenty.t, market, "gap"))
        answers = {t.market: refused(twenty.press(t)) for t in list(twenty.standing)}
        assert all(answers[market] == ["book in doubt: gap"] for market in HERE)
        assert all(answers[market] == [] for market in THERE)
        twenty.on(2_000)
        assert [e.reason for e in twenty.of(TicketWithdrawn)] == ["book in doubt"] * len(HERE)
        assert not twenty.of(OrderCancelled)

    def test_all_venues_gone(self, slow: Crowd) -> None:
        """Orders are taken back, proposals end, a kill still answers, and all comes back with the books."""
        for ticket in slow.standing[:5]:
            slow.press(ticket)
        slow.on(250)
        for venue in VENUES:
            slow.send(FeedDown(slow.t, f"{venue}.ws", "cut"))
        for market in MARKETS:
            slow.send(BookDoubt(slow.t, market, "link lost"))
        slow.on(2_000)
        assert [e.reason for e in slow.of(TicketWithdrawn)] == ["book in doubt"] * (N - 5)
        assert all(order.end == "book in doubt" for order in slow.engine.gate.own("desk"))
        assert names(slow.send(Kill(slow.t))) == ["RiskHalt"]
        slow.on(12_000)
        assert [e.reason for e in slow.of(OrderCancelled)] == ["book in doubt"] * 5
        assert names(slow.send(Resume(slow.t))) == ["RiskResumed"]
        for market in MARKETS:
            slow.book({75: 100}, {79: 100}, market)
        slow.on(3_000)
        assert len(slow.standing) == N


class TestAPriceThroughIt:
    def test_before_the_press(self, twenty: Crowd) -> None:
        ticket = twenty.standing[0]
        twenty.book({71: 10}, {75: 10}, ticket.market)
        assert refused(twenty.press(ticket)) == ["the book moved through the price"]
        assert len(twenty.standing) == N

    def test_while_the_order_is_on_its_way(self, slow: Crowd) -> None:
        ticket = slow.standing[0]
        assert names(slow.press(ticket)) == ["TicketDecided", "OrderPlaced"]
        slow.book({71: 10}, {75: 10}, ticket.market)
        slow.on(250)
        assert [(e.order, e.reason) for e in slow.of(OrderRejected)] == [("desk-1", "post-only would cross")]
        assert ticket.id not in slow.engine.state.tickets


class TestKill:
    def test_it_ends_all_at_once_and_says_so_of_each(self, twenty: Crowd) -> None:
        for ticket in twenty.standing[:5]:
            twenty.press(ticket)
        twenty.lease(1, dollars(1), 60)
        out = twenty.send(Kill(twenty.t))
        assert names(out) == [
            "RiskHalt", "LeaseEnded", *["TicketWithdrawn"] * (N - 5), *["OrderCancelled"] * 5,
        ]  # fmt: skip
        assert {getattr(e, "reason", "") for e in out} == {"killed"}

    def test_twice_and_resumed_twice(self, slow: Crowd) -> None:
        slow.press(slow.standing[0])
        slow.on(250)
        assert names(slow.send(Kill(slow.t)))[0] == "RiskHalt"
        assert names(slow.send(Kill(slow.t))) == ["RiskHalt"]
        slow.on(250)
        assert [e.reason for e in slow.of(OrderCancelled)] == ["killed"]
        assert names(slow.send(Resume(slow.t))) == ["RiskResumed"]
        assert refused(slow.send(Resume(slow.t))) == ["not killed"]

    def test_nothing_is_sent_until_it_is_resumed(self, twenty: Crowd) -> None:
        held, printed = twenty.standing[0], twenty.of(TicketRaised)
        twenty.press(held)
        twenty.send(Trade(twenty.t, twenty.t, held.market, 7400, 200 * QTY, ASK))
        twenty.send(Kill(twenty.t))
        sent_before = len(twenty.of(OrderPlaced))
        t = twenty.t
        said = [
            *(refused(twenty.press(ticket)) for ticket in printed),
            refused(twenty.send(PlaceManual(t, MARKETS[1], BID, 7400, QTY))),
            refused(twenty.send(Unwind(t, held.market))),
            refused(twenty.lease(1, dollars(100), 60)),
        ]
        assert all(len(reasons) == 1 for reasons in said)
        twenty.on(40_000)
        assert len(twenty.of(OrderPlaced)) == sent_before
        assert not twenty.standing
        twenty.send(Resume(twenty.t))
        twenty.on(3_000)
        assert len(twenty.standing) == N - 1

    def test_an_order_on_its_way_is_taken_back_on_arrival(self, slow: Crowd) -> None:
        slow.press(slow.standing[0])
        slow.on(100)
        slow.send(Kill(slow.t))
        slow.on(1_000)
        assert [(e.order, e.reason) for e in slow.of(OrderCancelled)] == [("desk-1", "killed")]
        assert not slow.engine.gate.own("desk")

    def test_resuming_says_what_still_stops(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = crowd(monkeypatch, day_loss=dollars(3))
        desk.at(1_750)
        held = desk.standing[0]
        desk.press(held)
        desk.send(Trade(desk.t, desk.t, held.market, 7400, 200 * QTY, ASK))
        desk.book({10: 500}, {14: 500}, held.market)
        desk.on(6_000)
        desk.send(Kill(desk.t))
        out = desk.send(Resume(desk.t))
        assert out == [RiskResumed(desk.t), RiskHalt(desk.t, "day loss limit")]


class TestTakingBack:
    def test_a_fill_before_the_cancel_takes_effect_stands(self, slow: Crowd) -> None:
        ticket = slow.standing[0]
        slow.press(ticket)
        slow.on(300)
        assert slow.send(CancelOrder(slow.t, "desk-1")) == []
        slow.send(Trade(slow.t, slow.t, ticket.market, 7500, 104 * QTY, ASK))
        assert refused(slow.send(CancelOrder(slow.t, "desk-1"))) == ["order is cancelling, cancelled by hand"]
        slow.on(250)
        assert sum(e.qty for e in slow.of(OrderFilled) if e.counts) == 4 * QTY
        assert [(e.reason, e.left) for e in slow.of(OrderCancelled)] == [("cancelled by hand", 6 * QTY)]
        assert refused(slow.send(CancelOrder(slow.t, "desk-1"))) == ["no order desk-1"]

    def test_what_is_filled_cannot_be_taken_back_and_says_so(self, slow: Crowd) -> None:
        ticket = slow.standing[0]
        slow.press(ticket)
        slow.on(300)
        slow.send(Trade(slow.t, slow.t, ticket.market, 7500, 120 * QTY, ASK))
        assert refused(slow.send(CancelOrder(slow.t, "desk-1"))) == ["order is filled"]
        slow.on(250)
        assert not slow.of(OrderCancelled)

    def test_an_order_that_is_being_moved_does_not_slip_away(self, slow: Crowd) -> None:
        slow.press(slow.standing[0])
        slow.on(300)
        slow.edit("desk-1", 74, 10)
        slow.edit("desk-2", 73, 10)
        assert refused(slow.send(CancelOrder(slow.t, "desk-1"))) == []
        slow.on(1_000)
        assert [(e.order, e.reason) for e in slow.of(OrderCancelled)] == [
            ("desk-1", "edited"), ("desk-2", "edited"), ("desk-3", "cancelled by hand"),
        ]  # fmt: skip

    def test_what_is_filled_on_the_way_all_that_follows_has_less(self, slow: Crowd) -> None:
        """Moved twice before the first move arrives: ten in all, whatever is met meanwhile."""
        market = slow.standing[0].market
        slow.press(slow.standing[0])
        slow.on(300)
        slow.edit("desk-1", 74, 10)
        slow.edit("desk-2", 73, 10)
        slow.send(Trade(slow.t, slow.t, market, 7500, 104 * QTY, ASK))
        assert [(e.order, e.qty) for e in slow.of(OrderReduced)] == [("desk-2", 6 * QTY), ("desk-3", 6 * QTY)]
        slow.on(1_000)
        (order,) = slow.engine.gate.own("desk")
        assert (order.id, order.remaining) == ("desk-3", 6 * QTY)

    def test_what_was_pulled_does_not_come_back_at_once(self, twenty: Crowd) -> None:
        market = MARKETS[0]
        assert names(twenty.send(PullMarket(twenty.t, market))) == ["TicketWithdrawn"]
        twenty.on(10_000)
        assert market not in {t.market for t in twenty.standing}
        assert refused(twenty.send(PullMarket(twenty.t, market))) == [f"nothing in {market}"]
        twenty.on(60_000)
        assert market in {t.market for t in twenty.standing}

    def test_twice_while_the_cancel_is_on_its_way(self, slow: Crowd) -> None:
        ticket = slow.standing[0]
        slow.press(ticket)
        slow.on(300)
        assert refused(slow.send(CancelAll(slow.t))) == []
        assert refused(slow.send(CancelAll(slow.t))) == ["no order to cancel"]
        assert refused(slow.send(PullMarket(slow.t, ticket.market))) == [f"nothing in {ticket.market}"]

    def test_nothing_of_a_flattened_event_is_offered(self, twenty: Crowd) -> None:
        held = next(t for t in twenty.standing if t.market.startswith(NEAR))
        twenty.press(held)
        twenty.send(Trade(twenty.t, twenty.t, held.market, 7400, 200 * QTY, ASK))
        twenty.send(Flatten(twenty.t, NEAR))
        assert not [t for t in twenty.standing if t.market.startswith(NEAR)]
        twenty.on(10_000)
        assert not [t for t in twenty.standing if t.market.startswith(NEAR)]
        assert len(twenty.standing) == N // 2

    def test_the_desk_off_and_on(self, twenty: Crowd) -> None:
        for ticket in twenty.standing[:5]:
            twenty.press(ticket)
        out = twenty.send(SetLane(twenty.t, "desk", False))
        assert names(out) == [*["TicketWithdrawn"] * (N - 5), *["OrderCancelled"] * 5, "CommandDone"]
        assert {e.reason for e in out[:-1]} == {"the desk is off"}  # type: ignore[attr-defined]
        twenty.on(5_000)
        assert not twenty.standing
        twenty.send(SetLane(twenty.t, "desk", True))
        twenty.on(5_000)
        assert len(twenty.standing) == N

    def test_nobody_at_the_wheel(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = crowd(monkeypatch, away_ns=10 * SECOND)
        desk.send(Present(desk.t))
        desk.at(1_750)
        desk.press(desk.standing[0])
        desk.at(11_800)
        assert len(desk.of(AwayBegan)) == 1
        assert len(desk.of(TicketWithdrawn)) == N - 1
        assert [e.reason for e in desk.of(OrderCancelled)] == ["nobody at the wheel"]


@pytest.mark.parametrize("restart_at", range(0, 12, 2))
def test_a_restart_in_the_middle_changes_nothing(monkeypatch: pytest.MonkeyPatch, restart_at: int) -> None:
    """Encoded and decoded between any two of these, the state goes on to the same effects."""

    def run(at: int) -> list[Effect]:
        desk = crowd(monkeypatch, latency_ms=250, mirror=True)
        steps: list[Callable[[], object]] = [
            lambda: desk.at(1_750),
            lambda: desk.press(desk.standing[0]),
            lambda: desk.edit(desk.standing[2].id, 74, 4),
            lambda: desk.on(100).press(desk.standing[2]),
            lambda: desk.send(BookDoubt(desk.t, HERE[5], "gap")),
            lambda: desk.lease(2, dollars(20), 30),
            lambda: desk.on(2_300).send(Trade(desk.t, desk.t, HERE[0], 7500, 104 * QTY, ASK)),
            lambda: desk.send(CancelOrder(desk.t, "desk-1")),
            lambda: desk.send(Kill(desk.t)),
            lambda: desk.on(31_000),
            lambda: desk.send(Resume(desk.t)),
            lambda: desk.on(10_000),
        ]
        for i, step in enumerate(steps):
            if i == at:
                desk.restart()
            step()
        return desk.effects

    assert run(restart_at) == run(-1)
