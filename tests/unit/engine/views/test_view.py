"""What a screen is told, against what the engine knows; looking changes nothing."""

import msgspec
import pytest

from cockpit.domain.commands import Kill, Lease, PlaceManual, Present
from cockpit.domain.events import BookDoubt, MarketSettled, Tick, Trade
from cockpit.domain.markets import SettlementState
from cockpit.domain.units import ASK, BID, MILLISECOND, MONEY, PRICE, QTY, SECOND
from cockpit.domain.view import View
from cockpit.engine.config import WHAT_IF
from cockpit.engine.risk import Caps
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from cockpit.strategies.versions import VERSIONS

from ..priced import CLOSE, EVENT, OTHER, Desk, M, Puppet, dollars  # noqa: TID252  the tests are no package


@pytest.fixture
def puppet(monkeypatch: pytest.MonkeyPatch) -> Puppet:
    made = Puppet()
    monkeypatch.setitem(VERSIONS, "puppet", made)
    return made


class Seat:
    """A desk and somebody who looks at it."""

    def __init__(self, puppet: Puppet, **more: object) -> None:
        self.desk = Desk(puppet, **more)  # type: ignore[arg-type]
        self.watch = Watch(self.desk.engine)
        send = self.desk.send

        def told(item: object) -> list[object]:
            out = send(item)
            self.watch.take(out)
            return out  # type: ignore[return-value]

        self.desk.send = told  # type: ignore[method-assign, assignment]

    def see(self, focus: str = "", *, hindsight: bool = False) -> View:
        return view(self.desk.engine, self.watch, focus=focus, hindsight=hindsight)


@pytest.fixture
def seat(puppet: Puppet) -> Seat:
    puppet.place(70, 10)
    made = Seat(
        puppet, caps=Caps(order=dollars(100), event=dollars(50), total=dollars(900)), day_loss=dollars(25)
    )
    made.desk.at(1_750)
    return made


def test_looking_changes_nothing(seat: Seat) -> None:
    before = seat.desk.engine.opening()
    assert seat.see(M) == seat.see(M)
    seat.see(M, hindsight=True)
    assert seat.desk.engine.opening() == before


def test_it_can_be_sent_over_a_wire(seat: Seat) -> None:
    seat.desk.approve()
    seen = seat.see(M)
    assert msgspec.json.decode(msgspec.json.encode(seen), type=View) == seen


class TestRows:
    def test_a_priced_market(self, seat: Seat) -> None:
        row = next(r for r in seat.see().rows if r.ticker == M)
        assert (row.label, row.bid, row.ask, row.mark) == ("BTC >84,000 3pm", 7000, 7400, "T")
        assert row.fair is not None
        assert (row.side, row.price) == (BID, 7100)
        assert row.edge == pytest.approx(row.fair.mid - 0.71)
        assert row.low == pytest.approx(row.fair.low - 0.71)
        assert row.left_ns == CLOSE - seat.desk.engine.state.now
        assert row.lot > 0
        odds = 0.25
        assert row.ev == pytest.approx(odds * (row.low - 0.01) * row.lot / QTY)

    def test_marks(self, seat: Seat) -> None:
        def mark(ticker: str) -> tuple[str, tuple[str, ...]]:
            row = next(r for r in seat.see().rows if r.ticker == ticker)
            return row.mark, row.flags

        seat.desk.book({60: 5}, {64: 5}, OTHER)
        seat.desk.send(PlaceManual(seat.desk.t, OTHER, BID, 5900, QTY))
        assert mark(OTHER)[0] == "W"
        seat.desk.send(BookDoubt(seat.desk.t, OTHER, "gap"))
        assert mark(OTHER) == ("?", ("DOUBT",))
        seat.desk.silent(9_000)
        assert mark(M) == ("T", ("STALE",))

    def test_too_good_to_be_true_is_blocked(self, puppet: Puppet) -> None:
        seat = Seat(puppet)
        seat.desk.book({40: 5}, {44: 5})
        seat.desk.at(1_000)
        row = next(r for r in seat.see().rows if r.ticker == M)
        assert (row.mark, row.flags, row.why) == ("!", ("BLOCK",), "edge too large to be true")

    def test_spots(self, seat: Seat) -> None:
        (spot,) = seat.see().spots
        assert (spot.symbol, spot.source, spot.stale) == ("BTC", "BRTI", False)
        seat.desk.silent(9_000)
        assert seat.see().spots[0].stale


class TestTicket:
    def test_what_a_person_decides_on(self, seat: Seat) -> None:
        (ticket,) = seat.see().tickets
        assert (ticket.id, ticket.rev, ticket.side, ticket.price, ticket.qty) == (
            "T-1",
            1,
            BID,
            7000,
            10 * QTY,
        )
        assert (ticket.cost, ticket.win) == (dollars(7), dollars(3))
        assert ticket.break_even == pytest.approx(0.70)
        assert (ticket.worst_before, ticket.worst_after, ticket.cap) == (0, -dollars(7), dollars(50))
        assert (ticket.fill, ticket.fills_n, ticket.adverse, ticket.fee) == (0.25, 0, 0.01, 0)
        assert (ticket.queue, ticket.bound, ticket.refusal) == (100 * QTY, "kelly", "")
        assert ticket.low is not None
        assert ticket.ev == pytest.approx(0.25 * (ticket.low - 0.01) * 10)

    def test_since_it_was_raised(self, seat: Seat) -> None:
        seat.desk.book({69: 40}, {74: 100})
        seat.desk.index(84_180)
        (ticket,) = seat.see().tickets
        assert (ticket.since_bid, ticket.since_queue) == (-100, -100 * QTY)
        assert ticket.since_spot == pytest.approx(84_180 - 84_200, abs=0.2)
        assert ticket.since_fair < 0

    def test_why_the_key_would_do_nothing(self, seat: Seat) -> None:
        seat.desk.book({69: 40}, {70: 100})
        assert seat.see().tickets[0].refusal == "the book moved through the price"

    def test_hindsight_has_its_own_answer(self, seat: Seat) -> None:
        seat.desk.approve(lane=WHAT_IF)
        assert not seat.see(hindsight=True).tickets
        assert len(seat.see().tickets) == 1


class TestDesk:
    def filled(self, seat: Seat) -> None:
        seat.desk.approve()
        seat.desk.send(Trade(seat.desk.t, seat.desk.t, M, 6900, 4 * QTY, ASK))

    def test_working(self, seat: Seat) -> None:
        seat.desk.approve()
        (order,) = seat.see().desk.working
        assert (order.id, order.ticket, order.left, order.ahead, order.entry_ahead) == (
            "desk-1", "T-1", 10 * QTY, 100 * QTY, 100 * QTY,
        )  # fmt: skip
        assert order.level == 100 * QTY
        assert order.story[0].startswith("behind 100")

    def test_money(self, seat: Seat) -> None:
        self.filled(seat)
        seat.desk.at(3_000)
        desk = seat.see().desk
        assert desk.net == 4 * QTY * (7200 - 7000)
        assert desk.realised == 0
        assert desk.net_liquidation < 0
        assert desk.orders_cost == dollars(4.2)
        assert desk.cash == 10_000 * MONEY - dollars(7)
        assert desk.positions_cost == dollars(2.8)
        assert desk.at_risk == dollars(7)
        assert desk.loss_left is not None
        assert 0 < desk.loss_left < dollars(25)
        assert desk.by_rule[0] == desk.by_rule[2] == desk.net
        assert desk.flat == desk.net - 4 * QTY * 30

    def test_positions_and_the_payoff_ladder(self, seat: Seat) -> None:
        self.filled(seat)
        (event,) = seat.see().desk.events
        assert (event.event, event.label, event.cap) == (EVENT, "BTC 3pm", dollars(50))
        (position,) = event.positions
        assert (position.qty, position.average, position.mid2) == (4 * QTY, 7000, 14400)
        assert [r.pnl for r in event.rungs] == [-dollars(2.8), dollars(1.2)]
        assert [r.here for r in event.rungs] == [False, True]

    def test_fills_get_their_markouts(self, seat: Seat) -> None:
        self.filled(seat)
        (fill,) = seat.see().desk.fills
        assert (fill.cause, fill.qty, fill.markouts) == ("through", 4 * QTY, (None, None, None))
        seat.desk.book({75: 5}, {77: 5})
        seat.desk.at(13_000)
        assert seat.see().desk.fills[0].markouts == (15_200 - 14_000, 15_200 - 14_000, None)

    def test_settled(self, seat: Seat) -> None:
        self.filled(seat)
        seat.desk.send(MarketSettled(seat.desk.t, M, SettlementState.FINAL, PRICE))
        desk = seat.see().desk
        assert (desk.realised, desk.net, desk.events) == (dollars(1.2), dollars(1.2), ())
        lane = seat.see().lanes[0]
        assert (lane.events, lane.win.wins, lane.verdict) == (1, 1, "cannot tell yet")
        assert lane.realised == pytest.approx(0.30)
        assert lane.claimed is not None
        assert lane.claimed > 0.1


class TestTheRest:
    def test_notes(self, seat: Seat) -> None:
        seat.desk.approve()
        seat.desk.send(Trade(seat.desk.t, seat.desk.t, M, 6900, 4 * QTY, ASK))
        notes = seat.see().notes
        assert [note.kind for note in notes] == ["ticket", "ticket", "fill"]
        assert notes[2].text == "desk-1 BUY YES 4 @ 70c BTC >84,000 3pm (through)"
        assert [note.loud for note in notes] == [True, False, True]
        assert [note.n for note in notes] == [1, 2, 3]

    def test_what_becomes_of_orders_is_told(self, seat: Seat) -> None:
        seat.desk.send(PlaceManual(seat.desk.t, M, BID, 6900, QTY))
        seat.desk.approve()
        seat.desk.puppet.take_back("edge gone")
        seat.desk.at(3_000)
        told = [note.text for note in seat.see().notes if note.kind == "order"]
        assert told == [
            "desk-1 BUY YES 1 @ 69c BTC >84,000 3pm sent",
            "desk-2 BTC >84,000 3pm cancelled: edge gone",
        ]

    def test_the_queue_counts_better_prices_too(self, seat: Seat) -> None:
        seat.desk.book({71: 7, 70: 30}, {74: 100})
        assert seat.see().tickets[0].queue == 37 * QTY

    def test_the_wheel(self, puppet: Puppet) -> None:
        seat = Seat(puppet, away_ns=60 * SECOND)
        assert seat.see().away_ns is None
        seat.desk.send(Present(seat.desk.t))
        seat.desk.at(20_000)
        assert seat.see().away_ns == 40 * SECOND
        seat.desk.send(Lease(seat.desk.t, 2, dollars(10), 9 * SECOND))
        lease = seat.see().lease
        assert lease is not None
        assert (lease.ticks, lease.risk_left) == (2, dollars(10))
        seat.desk.send(Kill(seat.desk.t))
        assert (seat.see().killed, seat.see().lease) == (True, None)
        seat.desk.at(85_000)
        assert (seat.see().away, seat.see().away_ns) == (True, None)

    def test_detail(self, seat: Seat) -> None:
        seat.desk.approve()
        seat.desk.send(PlaceManual(seat.desk.t, M, BID, 6800, QTY))
        seat.desk.at(4_000)
        detail = seat.see(M).detail
        assert detail is not None
        assert [(level.price, level.bid // QTY, level.ask // QTY) for level in detail.levels] == [
            (7400, 0, 100), (7000, 100, 0), (6800, 0, 0),
        ]  # fmt: skip
        assert detail.levels[1].own == (("desk-1", 10 * QTY, 100 * QTY),)
        assert [name for name, _ in detail.explanation][:3] == ["spot", "index error", "age"]
        assert detail.points[-1].bid == 7000
        assert detail.points[-1].mid == pytest.approx(detail.row.fair.mid, abs=0.01)  # type: ignore[union-attr]
        assert [order.id for order in detail.orders] == ["desk-1", "desk-2"]
        assert detail.by_order.startswith("tail: ")

    def test_nobody_knows_this_market(self, seat: Seat) -> None:
        assert seat.see("KXNONE").detail is None

    def test_what_cannot_be_known_is_none(self, puppet: Puppet) -> None:
        seat = Seat(puppet)
        seat.desk.engine.config = msgspec.structs.replace(seat.desk.engine.config, no_trades=True)
        seen = seat.see()
        assert seen.no_trades
        assert seen.desk.by_rule[1:] == (None, None, None)
        assert seen.lanes[0].filled == (None, None, None, None)


def test_time_alone_moves_a_chart(seat: Seat) -> None:
    seat.desk.at(6_000)
    seat.desk.send(Tick(seat.desk.t + 100 * MILLISECOND))
    points = seat.watch.points(M)
    assert len(points) >= 5
    assert [p.ts // SECOND for p in points] == sorted({p.ts // SECOND for p in points})
