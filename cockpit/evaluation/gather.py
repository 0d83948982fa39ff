"""What a run leaves behind for a verdict: each lane's result by settlement cluster, gathered while it runs.

The engine lets go of events a quarter of an hour after they settled, and keeps only their totals. Whoever wants to
know which event a result belongs to listens from the beginning.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from cockpit.domain.effects import Effect, MarketBooked
from cockpit.domain.units import MONEY
from cockpit.engine.engine import Engine
from cockpit.engine.ledger import Position, open_at_mid
from cockpit.engine.scorecard import Outcome
from cockpit.engine.state import Lane
from cockpit.evaluation.families import placed


class Result(msgspec.Struct):
    """One event of one lane."""

    family: str
    cluster: str
    outcome: Outcome
    settled_ns: int
    """When its last settlement was heard."""
    money: tuple[int, int, int] = (0, 0, 0)
    """Net, venue fees and flat fees, money units."""


class Gathering:
    """Results by lane and event. A listener of the session's effects, and an onlooker of the engine's beats."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.results: dict[tuple[str, str], Result] = {}
        """By lane and event, once every market of the event that the lane traded has settled."""
        self._fresh: dict[tuple[str, str], int] = {}
        self.placed: dict[str, tuple[str, str]] = {}
        """Family and cluster of each market met in a settlement or a position."""
        for lane in engine.state.lanes.values():  # a run that goes on may begin with events that have settled
            self._fresh.update({(lane.name, event): engine.state.now for event in lane.score})
        self.look()

    def take(self, effects: Sequence[Effect]) -> None:
        """Hear what the engine did."""
        for effect in effects:
            if isinstance(effect, MarketBooked):
                m = self._engine.state.markets.get(effect.market)
                if m is not None:
                    self._fresh[effect.lane, m.market.event] = effect.ts
        if self._fresh:
            self.look()

    def look(self) -> None:
        """Take down what has settled since the last look."""
        for (name, event), ts in self._fresh.items():
            lane = self._engine.state.lanes.get(name)
            score = lane.score.get(event) if lane is not None else None
            if lane is None or score is None:
                continue
            held = [(ticker, p) for ticker, p in self._held(lane, event) if p.traded]
            if held and all(p.value >= 0 for _, p in held):
                family, cluster = self.place(held[0][0])
                outcome = score.outcome([p for _, p in held])
                self.results[name, event] = Result(family, cluster, outcome, ts, _money(p for _, p in held))
        self._fresh.clear()

    def _held(self, lane: Lane, event: str) -> list[tuple[str, Position]]:
        markets = self._engine.state.markets
        return [(t, p) for t, p in lane.account.positions.items() if markets[t].market.event == event]

    def place(self, ticker: str) -> tuple[str, str]:
        """Family and cluster of a market the engine still holds, or was asked of before."""
        found = self.placed.get(ticker)
        if found is None:
            state = self._engine.state
            market = state.markets[ticker].market
            found = self.placed[ticker] = placed(market, state.groups.get(market.event))
        return found

    def by_cluster(self, lane: str) -> dict[str, Result]:
        """A lane's settled results, those of one cluster added up."""
        found: dict[str, Result] = {}
        for (name, _), each in self.results.items():
            if name == lane:
                before = found.get(each.cluster)
                found[each.cluster] = each if before is None else _sum(before, each)
        return found

    def open(self, lane: Lane) -> dict[str, float]:
        """Dollars that events not yet settled stand at, positions at the mid, by cluster."""
        found: dict[str, float] = {}
        for ticker, held in self._unsettled(lane):
            cluster = self.place(ticker)[1]
            net = held.net + open_at_mid(held, self._engine.state.markets[ticker].mark)
            found[cluster] = found.get(cluster, 0.0) + net / MONEY
        return found

    def by_family(self, lane: Lane) -> dict[str, tuple[int, int, int]]:
        """A lane's net (positions at the mid), venue fees and flat fees, money units, by family."""
        found: dict[str, tuple[int, int, int]] = {}
        rows = [(each.family, each.money) for (name, _), each in self.results.items() if name == lane.name]
        for ticker, held in self._unsettled(lane):
            net = held.net + open_at_mid(held, self._engine.state.markets[ticker].mark)
            rows.append((self.place(ticker)[0], (net, held.fees, held.flat_fees)))
        for family, money in rows:
            before = found.get(family, (0, 0, 0))
            found[family] = (before[0] + money[0], before[1] + money[1], before[2] + money[2])
        return found

    def _unsettled(self, lane: Lane) -> Iterator[tuple[str, Position]]:
        done = {event for name, event in self.results if name == lane.name}
        for ticker, held in lane.account.positions.items():
            if held.traded and self._engine.state.markets[ticker].market.event not in done:
                yield ticker, held


def _sum(one: Result, other: Result) -> Result:
    a, b = one.outcome, other.outcome
    contracts = a.contracts + b.contracts
    paid = (a.paid * a.contracts + b.paid * b.contracts) / contracts if contracts else 0.0
    outcome = Outcome(
        contracts, a.claimed + b.claimed, a.realised + b.realised, paid, None, a.decided and b.decided
    )
    (n1, f1, t1), (n2, f2, t2) = one.money, other.money
    when = max(one.settled_ns, other.settled_ns)
    return Result(one.family, one.cluster, outcome, when, (n1 + n2, f1 + f2, t1 + t2))


def _money(held: Iterable[Position]) -> tuple[int, int, int]:
    positions = list(held)
    return (
        sum(p.net for p in positions),
        sum(p.fees for p in positions),
        sum(p.flat_fees for p in positions),
    )
