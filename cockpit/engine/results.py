"""What settled events came to, by lane, and lanes against each other: worked out anew only when something settled."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cockpit.domain.lab import Versus, Waits
from cockpit.domain.units import SECOND
from cockpit.engine.clusters import settled, waiting
from cockpit.engine.config import DESK, MIRROR, WHAT_IF
from cockpit.engine.counted import ALWAYS, NOBODY, Counted, Told, counted
from cockpit.engine.families import by_family
from cockpit.engine.metrics import RESTING, waits_of
from cockpit.engine.orders import Orders
from cockpit.engine.scorecard import Money, Outcome, Verdict, verdict
from cockpit.engine.state import Lane, State
from cockpit.models.comparisons import Hands, compare, questions

HOUR_NS = 3_600 * SECOND
HANDS = Hands(DESK, MIRROR, WHAT_IF)
LOOK_NS = 5 * SECOND
"""How old a picture of waiting orders may be."""


class Known(NamedTuple):
    """What was summed up of a lane, and for which state of it."""

    key: tuple[object, ...]
    told: Told
    results: dict[str, Outcome]
    record: Verdict
    own: tuple[float, ...]
    events: Counter[str]
    """Results by family."""


class Results:
    """Each lane's settled events. What was summed up stays until the lane's orders or positions change, or the hour."""

    def __init__(self, state: State, running: Sequence[str]) -> None:
        self._state = state
        self._running = running
        self._known: dict[str, Known] = {}
        self._changes: dict[str, int] = {}
        self._waits: dict[str, tuple[tuple[int, int], Waits]] = {}
        self._compared: tuple[object, list[Versus]] = None, []

    def of(self, lane: Lane) -> dict[str, Outcome]:
        """Its results by cluster, in the order they settled."""
        return self._look(lane).results

    def record(self, lane: Lane) -> Verdict:
        """The same, summed up."""
        return self._look(lane).record

    def own(self, lane: Lane) -> tuple[float, ...]:
        """Dollars of the events that count for a verdict on the lane alone, in their order."""
        return self._look(lane).own

    def told(self, lane: Lane) -> Told:
        """What it brings to a comparison."""
        return self._look(lane).told

    def by_family(self, lane: Lane) -> dict[str, Money]:
        """What it came to by family of markets, open positions at the mid."""
        return by_family(self._state, lane)

    def events(self, lane: Lane) -> Mapping[str, int]:
        """Its results by family."""
        return self._look(lane).events

    def changes(self, lane: Lane) -> int:
        """Grows whenever what it brings does: what follows from that may be kept until then."""
        self._look(lane)
        return self._changes[lane.name]

    def _look(self, lane: Lane) -> Known:
        now = self._state.now
        key, known = (lane.turn, now // HOUR_NS, *lane.stints[-1:]), self._known.get(lane.name)
        if known is not None and known.key == key:
            return known
        markets = self._state.markets
        told = Told(settled(lane, markets), waiting(lane, markets), tuple(lane.stints))
        if known is not None and _same(told, known.told) and known.key[1] == key[1]:
            known = known._replace(key=key, told=told)
        else:
            self._changes[lane.name] = self._changes.get(lane.name, 0) + 1
            results = {cluster: each for cluster, each in told.results.items() if each.whole}
            events = Counter(each.family for each in results.values() if each.contracts > 0)
            known = Known(key, told, results, verdict(results.values()), _own(told, now), events)
        self._known[lane.name] = known
        return known

    def waits(self, lane: Lane, orders: Orders) -> Waits:
        """How long the lane's orders waited for a fill; those at rest as of some seconds ago."""
        key = lane.turn, self._state.now // LOOK_NS
        known = self._waits.get(lane.name)
        if known is None or known[0] != key:
            known = self._waits[lane.name] = key, waits_of(lane.metrics.waits + self._resting(lane, orders))
        return known[1]

    def _resting(self, lane: Lane, orders: Orders) -> list[tuple[int, int]]:
        """Waits that have not ended."""
        found = (orders.index[name] for name in lane.working)
        return [
            (self._state.now - order.live_ns, RESTING)
            for order in found
            if order.live_ns and orders.judged(order) and not any(f.rule == order.rule for f in order.fills)
        ]

    def versions(self, proposes: Sequence[str]) -> list[Versus]:
        """Lanes of this run against each other; ``proposes`` are the desk's strategies."""
        proposes = tuple(proposes)
        lanes, now = self._state.lanes, self._state.now
        asked = [lane for name, lane in lanes.items() if name in (*self._running, WHAT_IF)]
        key = (now // HOUR_NS, proposes, *((lane.name, self.changes(lane), *lane.stints) for lane in asked))
        if self._compared[0] != key:
            strategies = {lane.name: lane.strategy for lane in asked}
            self._compared = (
                key,
                compare(
                    (question, a, b, _pairs(counted(self.told(lanes[a]), self.told(lanes[b]), now)))
                    for question, a, b in questions(strategies, HANDS, proposes)
                ),
            )
        return self._compared[1]


def _pairs(events: Sequence[Counted]) -> list[tuple[float, float]]:
    return [(each.a, each.b) for each in events]


def _own(told: Told, now: int) -> tuple[float, ...]:
    return tuple(each.a for each in counted(told._replace(stints=ALWAYS), NOBODY, now))


def _same(one: Told, other: Told) -> bool:
    """Whether nothing has settled since, or begun to wait."""
    return one.results == other.results and one.waits.keys() == other.waits.keys()
