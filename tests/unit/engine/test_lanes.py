"""The beat: what strategies are shown, when, and what becomes of their intents and of their bugs."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest

from cockpit.domain.effects import (
    Effect,
    LaneFailed,
    OrderCancelled,
    OrderPlaced,
    OrderRejected,
)
from cockpit.domain.events import BookDoubt, MarketChanged, Tick
from cockpit.domain.markets import MarketStatus
from cockpit.domain.units import ASK, BID, MILLISECOND, QTY, fixed
from cockpit.engine.config import LaneConfig
from cockpit.engine.engine import Engine, restore
from cockpit.engine.risk import Caps
from cockpit.strategies.base import Cancel, Intent, Mine, Place, Reason, Snap
from cockpit.strategies.versions import VERSIONS

from .conftest import M, Table  # noqa: TID252  the tests are no package

WHY = Reason("because")
Seen = list[tuple[Snap, Mine]]


class Count(msgspec.Struct, frozen=True):
    """How many times it was asked."""

    n: int = 0


class Scripted:
    """Notes what it is shown, counts in its memory, and answers from a script."""

    memory = Count

    def __init__(self, answer: Callable[[Snap, Mine, Count], Sequence[Intent]] = lambda *_: ()) -> None:
        self.seen: Seen = []
        self.counts: list[int] = []
        self._answer = answer

    def decide(self, snap: Snap, mine: Mine, memory: Count) -> tuple[Any, Sequence[Intent]]:
        self.seen.append((snap, mine))
        self.counts.append(memory.n)
        return Count(memory.n + 1), self._answer(snap, mine, memory)

    @property
    def times(self) -> list[int]:
        return [snap.ts // MILLISECOND for snap, _ in self.seen]


def once(*intents: Intent) -> Callable[[Snap, Mine, Count], Sequence[Intent]]:
    return lambda _snap, _mine, memory: intents if memory.n == 0 else ()


def quote(price: int, qty: float = 10, side: int = BID, ttl_ms: int = 0) -> Place:
    return Place(side, price * 100, round(qty * QTY), ttl_ms * MILLISECOND, WHY)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Table]:
    """A table whose lanes run scripted strategies, by name."""

    def make(latency_ms: int = 0, caps: Caps | None = None, **lanes: Scripted) -> Table:
        for name, strategy in lanes.items():
            monkeypatch.setitem(VERSIONS, name, strategy)
        configs = tuple(LaneConfig(name, name, caps or Caps()) for name in lanes)
        return Table(latency_ms, lanes=(LaneConfig("desk"), *configs))

    return make


def tick(table: Table, at: float) -> list[Effect]:
    return table.at(at).send(Tick(int(at * MILLISECOND)))


class TestBeat:
    """Every 250 ms of the inputs' own time, once, stamped with the last multiple crossed."""

    def test_it_runs_before_the_input_that_crosses(self, start: Callable[..., Table]) -> None:
        v1 = Scripted()
        table = start(v1=v1)
        table.at(100).book({40: 100}, {42: 80})
        table.at(249).level("B", 41, 5)
        assert v1.times == []
        table.at(260).level("B", 41, 9)
        assert v1.times == [250]
        snap, mine = v1.seen[0]
        assert (snap.bid, snap.bid_qty, snap.ask, snap.ask_qty) == (4100, 5 * QTY, 4200, 80 * QTY)
        assert (snap.book_ns, snap.market.ticker, snap.last) == (249 * MILLISECOND, M, 0)
        assert (mine.qty, mine.orders, mine.average) == (0, (), 0)

    def test_a_multiple_belongs_to_the_beat_not_to_the_input(self, start: Callable[..., Table]) -> None:
        v1 = Scripted()
        table = start(v1=v1)
        table.at(100).book({40: 100}, {42: 80})
        table.at(250).level("B", 41, 5)
        assert [(snap.ts // MILLISECOND, snap.bid) for snap, _ in v1.seen] == [(250, 4000)]

    def test_many_multiples_are_one_beat_at_the_last(self, start: Callable[..., Table]) -> None:
        v1 = Scripted()
        table = start(v1=v1)
        table.at(100).book({40: 100}, {42: 80})
        tick(table, 1_130)
        assert v1.times == [1_000]
        assert table.engine.state.beat == 4

    def test_only_markets_that_changed(self, start: Callable[..., Table]) -> None:
        v1 = Scripted()
        table = start(v1=v1)
        table.at(100).book({40: 100}, {42: 80})
        for at in (300, 600, 900):
            tick(table, at)
        table.at(910).print(42, 1, "buy")
        table.at(1_100).level("B", 40, 90)
        table.at(1_110).level("B", 40, 80)
        tick(table, 1_300)
        assert v1.times == [250, 1_250]
        assert v1.seen[1][0].last == 4200

    def test_lanes_share_one_snap_in_their_own_order(self, start: Callable[..., Table]) -> None:
        v1, v2 = Scripted(once(quote(40))), Scripted(once(quote(40)))
        table = start(v1=v1, v2=v2)
        table.at(100).book({40: 100}, {42: 80})
        out = tick(table, 300)
        assert v1.seen[0][0] is v2.seen[0][0]
        assert [e.order for e in out if isinstance(e, OrderPlaced)] == ["v1-1", "v2-1"]

    @pytest.mark.parametrize("spoil", ["doubt", "halt", "close"])
    def test_not_where_no_order_may_go(self, start: Callable[..., Table], spoil: str) -> None:
        v1 = Scripted()
        table = start(v1=v1)
        table.at(100).book({40: 100}, {42: 80})
        now = table.at(110).t
        table.send(
            {
                "doubt": BookDoubt(now, M, "gap"),
                "halt": MarketChanged(now, M, status=MarketStatus.INACTIVE),
                "close": MarketChanged(now, M, close_ns=now),
            }[spoil]
        )
        tick(table, 300)
        assert v1.times == []
        if spoil == "doubt":
            table.at(400).book({40: 100}, {42: 80})
            tick(table, 600)
            assert v1.times == [500]

    def test_timers_of_the_beat_run_before_it(self, start: Callable[..., Table]) -> None:
        """An order that runs out at the beat is gone when its lane decides."""
        v1 = Scripted(once(quote(40, ttl_ms=250)))
        table = start(v1=v1)
        table.at(100).book({40: 100}, {42: 80})
        table.at(300).level("B", 40, 90)
        tick(table, 600)
        assert v1.times == [250, 500]
        assert [len(mine.orders) for _, mine in v1.seen] == [0, 0]


class TestIntents:
    """Placed through risk, taken back by id, shown back as one's own."""

    def test_what_is_ones_own(self, start: Callable[..., Table]) -> None:
        v1 = Scripted(once(quote(40), quote(42, 4, ASK)))
        table = start(latency_ms=250, v1=v1)
        table.at(100).book({40: 100}, {42: 80})
        tick(table, 260)
        table.at(400).level("B", 40, 90)
        table.at(510).print(39, 3, "sell")
        table.at(520).level("B", 40, 80)
        tick(table, 760)
        on_the_way, working = v1.seen[1][1], v1.seen[2][1]
        assert [(w.id, w.side, w.price, w.left) for w in on_the_way.orders] == [
            ("v1-1", BID, 4000, 10 * QTY),
            ("v1-2", ASK, 4200, 4 * QTY),
        ]
        assert [w.left for w in working.orders] == [7 * QTY, 4 * QTY]
        assert working.qty == 3 * QTY
        assert {w.sent_ns for w in working.orders} == {250 * MILLISECOND}
        assert v1.counts == [0, 1, 2]

    def test_cancels_of_ones_own_only(self, start: Callable[..., Table]) -> None:
        v1 = Scripted(lambda _s, mine, _m: [Cancel(w.id, WHY) for w in mine.orders] or [quote(40)])
        v2 = Scripted(lambda *_: [Cancel("v1-1", Reason("not mine")), Cancel("nothing", WHY)])
        table = start(v2=v2, v1=v1)
        table.at(100).book({40: 100}, {42: 80})
        table.at(300).level("B", 40, 90)
        out = tick(table, 600)
        assert [(e.ts // MILLISECOND, e.order, e.reason) for e in out if isinstance(e, OrderCancelled)] == [
            (500, "v1-1", "because")
        ]

    def test_risk_refuses_and_the_lane_goes_on(self, start: Callable[..., Table]) -> None:
        v1 = Scripted(once(quote(0), quote(42), quote(40, 3), quote(40, 0.5)))
        table = start(v1=v1, caps=Caps(order=fixed("1.2", 10)))
        table.at(100).book({40: 100}, {42: 80})
        out = tick(table, 300)
        refused = [(e.order, e.reason) for e in out if isinstance(e, OrderRejected)]
        assert refused == [("", "price off the grid"), ("v1-1", "post-only would cross")]
        assert [e.qty for e in out if isinstance(e, OrderPlaced)] == [2 * QTY, 3 * QTY, QTY // 2]
        metrics = table.engine.state.lanes["v1"].metrics
        assert (metrics.rejected, metrics.sent) == (2, 3)
        assert table.engine.state.lanes["v1"].on

    def test_a_lane_switched_off_is_not_asked(self, start: Callable[..., Table]) -> None:
        v1, v2 = Scripted(), Scripted()
        table = start(v1=v1, v2=v2)
        table.engine.state.lanes["v1"].on = False
        table.at(100).book({40: 100}, {42: 80})
        tick(table, 300)
        assert (v1.times, v2.times) == ([], [250])


class TestFailure:
    """A bug in one strategy ends that lane, and nothing else."""

    def broken(self, _snap: Snap, mine: Mine, memory: Count) -> Sequence[Intent]:
        if memory.n:
            raise ValueError("no such thing")
        return [quote(40), quote(39)]

    def test_off_with_its_orders_and_the_others_go_on(self, start: Callable[..., Table]) -> None:
        v1, v2 = Scripted(self.broken), Scripted(once(quote(40)))
        table = start(v1=v1, v2=v2)
        table.at(100).book({40: 100}, {42: 80})
        table.at(300).level("B", 40, 90)
        out = tick(table, 600)
        assert out[0] == LaneFailed(500 * MILLISECOND, "v1", "ValueError: no such thing")
        assert [(e.order, e.reason) for e in out if isinstance(e, OrderCancelled)] == [
            ("v1-1", "lane failed"),
            ("v1-2", "lane failed"),
        ]
        table.at(700).level("B", 40, 80)
        tick(table, 800)
        assert (len(v1.seen), len(v2.seen)) == (2, 3)
        assert list(table.engine.orders.index) == ["v2-1"]
        lane = table.engine.state.lanes["v1"]
        assert (lane.on, lane.failed) == (False, "ValueError: no such thing")

    def test_nonsense_for_an_answer_is_a_failure_too(self, start: Callable[..., Table]) -> None:
        table = start(v1=Scripted(lambda *_: None))  # type: ignore[arg-type]
        table.at(100).book({40: 100}, {42: 80})
        (failed,) = tick(table, 300)
        assert isinstance(failed, LaneFailed)
        assert failed.error.startswith("TypeError")


class TestMemory:
    """Per market, and over a restart."""

    def test_it_comes_back_as_its_own_type(self, start: Callable[..., Table]) -> None:
        v1 = Scripted()
        table = start(v1=v1)
        table.at(100).book({40: 100}, {42: 80})
        table.at(300).level("B", 40, 90)
        table.engine = Engine(table.engine.config, restore(table.engine.opening()))
        tick(table, 600)
        assert v1.counts == [0, 1]
        assert table.engine.state.lanes["v1"].memory == {f"v1 {M}": Count(2)}

    def test_a_lane_that_is_configured_no_more_rests(self, start: Callable[..., Table]) -> None:
        v1 = Scripted()
        table = start(v1=v1)
        table.at(100).book({40: 100}, {42: 80})
        config = msgspec.structs.replace(table.engine.config, lanes=(LaneConfig("desk"),))
        table.engine = Engine(config, restore(table.engine.opening()))
        tick(table, 300)
        assert v1.times == []
        assert "v1" in table.engine.state.lanes
