"""What settled events came to, by lane, and lanes against each other: worked out anew only when something settled."""

from collections.abc import Iterable, Mapping

from cockpit.domain.lab import Versus, Waits
from cockpit.domain.units import SECOND
from cockpit.engine.clusters import settled
from cockpit.engine.config import DESK, MIRROR, WHAT_IF
from cockpit.engine.metrics import RESTING, waits_of
from cockpit.engine.orders import Orders
from cockpit.engine.scorecard import Outcome, Verdict, verdict
from cockpit.engine.state import Lane, State
from cockpit.models.comparisons import Nets, compare, questions

LOOK_NS = 5 * SECOND
"""How old a picture of waiting orders may be."""


class Results:
    """Each lane's settled events. What was summed up stays until the lane's orders or positions change."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._known: dict[str, tuple[int, dict[str, Outcome], Verdict]] = {}
        self._changes: dict[str, int] = {}
        self._waits: dict[str, tuple[tuple[int, int], Waits]] = {}
        self._compared: tuple[object, list[Versus]] = None, []

    def of(self, lane: Lane) -> dict[str, Outcome]:
        """By cluster, in the order they settled."""
        return self._look(lane)[1]

    def record(self, lane: Lane) -> Verdict:
        """The same, summed up."""
        return self._look(lane)[2]

    def changes(self, lane: Lane) -> int:
        """Grows whenever the lane's results do: what follows from them may be kept until then."""
        self._look(lane)
        return self._changes[lane.name]

    def _look(self, lane: Lane) -> tuple[int, dict[str, Outcome], Verdict]:
        known = self._known.get(lane.name)
        if known is not None and known[0] == lane.turn:
            return known
        found = settled(lane, self._state.markets)
        if known is None or found != known[1]:
            self._changes[lane.name] = self._changes.get(lane.name, 0) + 1
            known = lane.turn, found, verdict(found.values())
        else:
            known = lane.turn, *known[1:]
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

    def versions(self) -> list[Versus]:
        """Lanes against each other on what has settled."""
        lanes = self._state.lanes
        key = tuple((name, self.changes(lane)) for name, lane in lanes.items())
        if self._compared[0] != key:
            asked = questions({name: lane.strategy for name, lane in lanes.items()}, DESK, MIRROR, WHAT_IF)
            told = ((name, self.of(lane), unsettled(lane, self.of(lane))) for name, lane in lanes.items())
            self._compared = key, compare(asked, *settled_nets(told))
        return self._compared[1]


def unsettled(lane: Lane, results: Mapping[str, Outcome]) -> set[str]:
    """Events a lane has traded in and that have no result yet."""
    return {cluster for cluster in lane.score if cluster not in results}


def settled_nets(lanes: Iterable[tuple[str, Mapping[str, Outcome], set[str]]]) -> tuple[Nets, list[str]]:
    """Dollars by lane and event, and the events in the order they settled.

    An event that one lane still waits for is left out for all: half a comparison is none.

    Args:
        lanes: (name, its results, events it waits for); a name that comes again is added to.
    """
    nets: dict[str, dict[str, float]] = {}
    when: dict[str, int] = {}
    waiting: dict[str, set[str]] = {}
    for name, results, waits in lanes:
        mine = nets.setdefault(name, {})
        for cluster, outcome in results.items():
            mine[cluster] = mine.get(cluster, 0.0) + outcome.realised
            when[cluster] = min(when.get(cluster, outcome.settled_ns), outcome.settled_ns)
        waiting.setdefault(name, set()).update(waits)
    open_ = {cluster for name, waits in waiting.items() for cluster in waits if cluster not in nets[name]}
    return nets, sorted((c for c in when if c not in open_), key=lambda c: (when[c], c))
