"""What holds for any stream, and where the truth is known, that truth: queues of real orders told in every order."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.random import default_rng

from cockpit.domain.commands import CancelOrder, PlaceManual
from cockpit.domain.effects import Effect, OrderCancelled, OrderFilled, OrderLive, encode
from cockpit.domain.events import BookDelta, BookDoubt, BookSnapshot, MarketListed, Tick, Trade
from cockpit.domain.units import ASK, MILLISECOND, PRICE, QTY, SECOND
from cockpit.engine.config import EngineConfig, LaneConfig
from cockpit.engine.engine import Engine, restore
from cockpit.engine.queue import RULES, Own
from cockpit.engine.tape import level_key

from .conftest import Input, M, Step, Story, Table, replay  # noqa: TID252  the tests are no package


def drawn(seed: int, length: int = 90) -> list[Step]:
    """Evenly drawn steps: longer and less alike than hypothesis makes its lists."""
    rows = default_rng(seed).integers((0,) * 4, (10, 20, 20, 20), (length, 4)).tolist()
    return [(what, a, b, c) for what, a, b, c in rows]


STEPS: st.SearchStrategy[list[Step]] = st.one_of(
    st.lists(st.tuples(st.integers(0, 9), *[st.integers(0, 19)] * 3), min_size=10, max_size=60),
    st.integers(0, 2**32).map(drawn),
)
AT_ONCE = EngineConfig(entry_latency_ns=0, cancel_latency_ns=0)
LATER = EngineConfig(entry_latency_ns=250 * MILLISECOND, cancel_latency_ns=250 * MILLISECOND)


def tell(steps: list[Step], *, exact: bool = False, alone: bool = True, noise: bool = False) -> Story:
    story = Story(exact=exact, alone=alone, noise=noise)
    for step in steps:
        story.step(step)
    story.flush()
    story.told.append(Tick(story.t + SECOND))
    return story


def run(told: list[Input], config: EngineConfig = AT_ONCE) -> tuple[Engine, list[Effect]]:
    engine = Engine(config)
    return engine, [effect for _, out in replay(engine, told) for effect in out]


def orders(engine: Engine) -> list[Own]:
    return [*engine.orders.index.values(), *engine.orders.ended]


def by_rule(order: Own) -> list[int]:
    """Quantity filled under each rule."""
    return [sum(f.qty for f in order.fills if f.rule == rule) for rule in range(len(RULES))]


# ------------------------------------------------------------------ the truth


def compare(story: Story) -> Counter[str]:
    """Hold every order against its ghost, and count what made the comparison worth anything."""
    engine, _ = run(story.told)
    known = {order.ref: order for order in orders(engine)}
    seen: Counter[str] = Counter()
    for ghost in story.ghosts:
        order = known.get(ghost.ref)
        if order is None:
            seen["refused"] += 1
            continue
        cross, tail, fifo, touch = by_rule(order)
        assert {"cross": cross, "fifo": fifo, "touch": touch} == ghost.filled, ghost.ref
        assert tail <= fifo
        seen += Counter(
            filled=fifo > 0, in_queue=cross < fifo, behind=fifo < touch, by_cancels=tail < fifo, orders=1
        )
    return seen


@settings(max_examples=250, deadline=None)
@given(STEPS)
def test_when_every_size_is_unique_fifo_is_the_truth(steps: list[Step]) -> None:
    """However deltas and prints of an execution are interleaved: exactly what the venue's own queue would fill."""
    compare(tell(steps, exact=True))


def test_the_truth_is_found_where_it_is_hard_to_find() -> None:
    """Many seeded streams, and among them enough orders that waited, that lived by cancels, and that went short."""
    seen: Counter[str] = Counter()
    for seed in range(250):
        seen += compare(tell(drawn(seed), exact=True))
    assert seen["orders"] > 1_000
    assert seen["refused"] == 0
    assert min(seen["filled"] / 5, seen["in_queue"], seen["behind"], 10 * seen["by_cancels"]) > 100


# ------------------------------------------------------------------ invariants


class Watch:
    """Checks what must hold after every single message."""

    def __init__(self, engine: Engine, *, ordered: bool) -> None:
        self.engine, self.ordered = engine, ordered
        self.live: dict[str, int] = {}
        self.ended: set[str] = set()

    def see(self, item: Input, out: list[Effect]) -> None:
        self.queues(item.ts)
        volume: Counter[tuple[str, str]] = Counter()
        for effect in out:
            match effect:
                case OrderLive():
                    self.live[effect.order] = effect.ts
                case OrderCancelled():
                    self.ended.add(effect.order)
                case OrderFilled():
                    assert effect.order in self.live
                    assert effect.order not in self.ended
                    assert effect.ts >= self.live[effect.order]
                    assert effect.qty > 0
                    assert effect.qty % (QTY // 100) == 0
                    volume[effect.lane, effect.rule] += effect.qty
                case _:
                    pass
        self.fills(item, volume)

    def queues(self, ts: int) -> None:
        m = self.engine.state.markets[M]
        held: Counter[int] = Counter()
        for entry in m.rest.tape.decreases:
            held[entry.key] += entry.size
        for order in m.rest.orders():
            at_most = m.book.size(order.side, order.price) + held[level_key(order.side, order.price)]
            assert 0 <= order.ahead_fifo <= order.ahead_tail <= at_most
            assert all(size > 0 for size in order.sizes)
        for order in orders(self.engine):
            cross, tail, fifo, touch = by_rule(order)
            assert max(cross, tail, fifo, touch) <= order.qty
            assert not self.ordered or cross <= tail <= fifo <= touch
            assert all(order.live_ns <= fill.ts <= ts and fill.price == order.price for fill in order.fills)

    def fills(self, item: Input, volume: Counter[tuple[str, str]]) -> None:
        """One event is given away once per lane and rule; nothing is given that did not happen."""
        match item:
            case BookDelta() | Trade():
                assert all(qty <= abs(item.qty) for qty in volume.values())
            case BookSnapshot():
                shown = max(sum(q for _, q in item.bids), sum(q for _, q in item.asks))
                assert all(qty <= shown for qty in volume.values())
            case MarketListed() | PlaceManual() | CancelOrder() | Tick() | BookDoubt():
                assert not volume
        if isinstance(item, Trade) and (item.block or not item.taker):
            assert not volume


@settings(max_examples=200, deadline=None)
@given(STEPS, st.booleans(), st.sampled_from((AT_ONCE, LATER)))
def test_at_every_step(steps: list[Step], noise: bool, config: EngineConfig) -> None:
    """Any sizes, several own orders a lane, prints that no decrease explains."""
    engine = Engine(config)
    watch = Watch(engine, ordered=False)
    for item, out in replay(engine, tell(steps, alone=False, noise=noise).told):
        watch.see(item, out)


@settings(max_examples=200, deadline=None)
@given(STEPS, st.booleans(), st.sampled_from((AT_ONCE, LATER)))
def test_the_rules_are_ordered_at_every_step(steps: list[Step], noise: bool, config: EngineConfig) -> None:
    """cross <= tail <= fifo <= touch, order by order, whatever the sizes."""
    engine = Engine(config)
    watch = Watch(engine, ordered=True)
    for item, out in replay(engine, tell(steps, noise=noise).told):
        watch.see(item, out)


class TestPlaybooks:
    """Streams that have broken what holds for any stream."""

    def test_a_print_told_first_while_an_older_decrease_of_its_size_is_held(self) -> None:
        table = Table()
        table.at(1).book({40: 100, 38: 10}, {42: 80})
        table.at(10).level("B", 38, 9)  # a cancel
        table.at(20).place("buy", 40, 10)
        table.at(500).print(38, 1, "sell")  # through our 40
        table.at(501).level("B", 38, 8)
        assert table.filled()["cross"] == 1

    def test_a_wrong_guess_is_taken_back_once(self) -> None:
        """30 leave, 5 leave, then 30 trade, the print first: it claims the cancel until its own size comes."""
        table = Table()
        table.at(1).book({40: 100}, {42: 80})
        table.place("buy", 40, 10)
        table.at(10).level("B", 40, 70)
        table.at(300).level("B", 40, 65)
        table.at(500).print(40, 30, "sell")
        assert table.ahead()[1] == 65
        table.level("B", 40, 35)
        assert table.ahead()[1] == 35

    def test_tail_never_exceeds_what_is_displayed(self) -> None:
        table = Table()
        table.at(1).book({40: 100}, {42: 80})
        table.place("buy", 40, 10)
        table.at(10).level("B", 40, 70)
        table.at(500).print(40, 30, "sell")
        table.level("B", 40, 40)
        assert table.ahead()[0] <= 40

    def test_a_print_that_nothing_explained(self) -> None:
        table = Table()
        table.at(1).book({40: 2}, {42: 80})
        table.at(2).print(40, 4, "sell")  # its decrease never comes
        table.at(3).place("buy", 40, 10)
        table.at(4).level("B", 40, 6)
        table.at(5).level("B", 40, 4)
        table.at(6).level("B", 40, 0)  # the joiner of 4 leaves; taken for that print's decrease
        table.at(7).t = 7 * MILLISECOND
        table.send(Trade(table.t, 5 * MILLISECOND, M, 4000, 2 * QTY, ASK))
        filled = table.filled()
        assert filled["cross"] <= filled["tail"] <= filled["fifo"] <= filled["touch"]

    def test_the_older_of_two_own_orders_comes_first(self) -> None:
        table = Table()
        table.at(1).book({40: 10}, {42: 80})
        table.at(2).place("buy", 40, 50, ref="older")
        table.at(3).level("B", 40, 40)  # 30 join
        table.at(4).level("B", 40, 20)  # and shrink to 10
        table.at(5).place("buy", 40, 50, ref="newer")
        table.at(6).level("B", 40, 60)  # 40 join
        table.at(7).level("B", 40, 35)  # and shrink to 15
        table.at(8).level("B", 40, 23)  # and to 3
        assert table.ahead("older")[1] <= table.ahead("newer")[1]
        table.at(9).print(40, 10, "sell")
        assert table.filled("newer")["fifo"] <= table.filled("newer")["touch"]


# ------------------------------------------------------------------ symmetries


def fills(effects: list[Effect]) -> list[OrderFilled]:
    return [effect for effect in effects if isinstance(effect, OrderFilled)]


def mirrored(item: Input) -> Input:
    match item:
        case BookSnapshot():
            return replace(
                item,
                bids=tuple((PRICE - price, qty) for price, qty in item.asks),
                asks=tuple((PRICE - price, qty) for price, qty in item.bids),
            )
        case BookDelta() | PlaceManual():
            return replace(item, side=-item.side, price=PRICE - item.price)
        case Trade():
            return replace(item, taker=-item.taker, price=PRICE - item.price)
        case MarketListed() | CancelOrder() | Tick() | BookDoubt():
            return item


@settings(max_examples=120, deadline=None)
@given(STEPS, st.sampled_from((AT_ONCE, LATER)))
def test_yes_and_no_are_treated_alike(steps: list[Step], config: EngineConfig) -> None:
    """The same stream seen from the NO side: the same fills, fees and realised money."""
    told = tell(steps, alone=False, noise=True).told
    one, effects = run(told, config)
    other, mirror = run([mirrored(item) for item in told], config)
    back = [replace(fill, side=-fill.side, price=PRICE - fill.price) for fill in fills(mirror)]

    def order_of(fill: OrderFilled) -> tuple[int, str, int]:
        return fill.ts, fill.order, RULES.index(fill.rule)

    assert sorted(back, key=order_of) == sorted(fills(effects), key=order_of)
    for name, lane in one.state.lanes.items():
        assert abs(other.state.lanes[name].account.realised - lane.account.realised) <= len(effects)


@settings(max_examples=120, deadline=None)
@given(STEPS, st.integers(1, 10**18), st.sampled_from((AT_ONCE, LATER)))
def test_shifting_all_times_changes_nothing(steps: list[Step], shift: int, config: EngineConfig) -> None:
    told = tell(steps, alone=False, noise=True).told
    moved = [
        replace(item, ts=item.ts + shift, ex=item.ex + shift)
        if isinstance(item, BookDelta | BookSnapshot | Trade)
        else replace(item, ts=item.ts + shift)
        for item in told
    ]
    _, effects = run(told, config)
    _, later = run(moved, config)
    assert [
        replace(effect, ts=effect.ts - shift, live_ns=effect.live_ns - shift)
        if hasattr(effect, "live_ns")
        else replace(effect, ts=effect.ts - shift)
        for effect in later
    ] == effects


def said(effects: list[Effect], lane: str, named: str = "") -> bytes:
    """The effects of one lane, as if it had another name."""
    mine = encode([effect for effect in effects if getattr(effect, "lane", "") == lane])
    return mine.replace(f'"{lane}'.encode(), f'"{named or lane}'.encode()).replace(b" twin", b"")


def of_lane(told: list[Input], lane: str) -> list[Input]:
    """The stream with the commands of one lane only."""
    lanes = {item.ref: item.lane for item in told if isinstance(item, PlaceManual)}
    return [
        item
        for item in told
        if not isinstance(item, PlaceManual | CancelOrder)
        or lanes[item.ref if isinstance(item, PlaceManual) else item.order] == lane
    ]


def with_twin(told: list[Input]) -> list[Input]:
    """Each command said twice, the second time for a lane called twin."""
    twice: list[Input] = []
    for item in told:
        twice.append(item)
        match item:
            case PlaceManual():
                twice.append(replace(item, lane="twin", ref=f"{item.ref} twin"))
            case CancelOrder():
                twice.append(replace(item, order=f"{item.order} twin"))
            case _:
                pass
    return twice


@settings(max_examples=120, deadline=None)
@given(STEPS, st.sampled_from((AT_ONCE, LATER)))
def test_lanes_do_not_know_of_each_other(steps: list[Step], config: EngineConfig) -> None:
    """Without the other lanes a lane's effects are what they were; a second lane of the same orders gets the same."""
    told = tell(steps, alone=False, noise=True).told
    _, effects = run(told, config)
    for lane in sorted({item.lane for item in told if isinstance(item, PlaceManual)}):
        alone = of_lane(told, lane)
        assert said(run(alone, config)[1], lane) == said(effects, lane)
        _, both = run(with_twin(alone), config)
        assert said(both, lane) == said(both, "twin", named=lane) == said(effects, lane)


@settings(max_examples=120, deadline=None)
@given(STEPS, st.integers(0, 200), st.sampled_from((AT_ONCE, LATER)))
def test_going_on_from_an_opening_is_going_straight_on(
    steps: list[Step], cut: int, config: EngineConfig
) -> None:
    """Encode the state anywhere, decode it, go on: the same bytes of effects, and the same state in the end.

    In the end the book is doubted, which takes back whatever still rests, in one go.
    """
    config = replace(config, lanes=(LaneConfig("desk"), LaneConfig("probe", "probe")))
    story = tell(steps, alone=False, noise=True)
    told: list[Input] = [*story.told, BookDoubt(story.t + SECOND, M, "gap"), Tick(story.t + 4 * SECOND)]
    cut = min(cut, len(told))
    straight, first = Engine(config), Engine(config)
    head = [effect for item in told[:cut] for effect in straight.process(item)]
    assert head == [effect for item in told[:cut] for effect in first.process(item)]
    opening = first.opening()
    second = Engine(config, restore(opening))
    assert second.opening() == opening
    after = [list(straight.process(item)) for item in told[cut:]] + [straight.finish()]
    again = [list(second.process(item)) for item in told[cut:]] + [second.finish()]
    assert [encode(out) for out in again] == [encode(out) for out in after]
    assert second.opening() == straight.opening()
