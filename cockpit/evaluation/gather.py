"""A run's results by family and settlement cluster, as the engine counts them, and what has not settled yet."""

from cockpit.domain.units import MONEY
from cockpit.engine.clusters import placement
from cockpit.engine.counted import Told
from cockpit.engine.engine import Engine
from cockpit.engine.ledger import open_at_mid
from cockpit.engine.scorecard import Outcome
from cockpit.engine.state import Lane

Money = tuple[int, int, int]
"""Net, venue fees and flat fees, money units."""


class Gathering:
    """Looks at an engine and changes nothing in it; places of markets are kept when it lets go of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.placed: dict[str, tuple[str, str]] = {}
        """Family and cluster of each market asked for."""

    def place(self, ticker: str) -> tuple[str, str]:
        """Family and cluster of a market the engine still holds, or was asked of before."""
        found = self.placed.get(ticker)
        if found is None:
            found = self.placed[ticker] = placement(self._engine.state, ticker)
        return found

    def by_cluster(self, lane: Lane) -> dict[str, Outcome]:
        """A lane's settled results."""
        return self._engine.results.of(lane)

    def told(self, lane: Lane) -> Told:
        """What it brings to a comparison."""
        return self._engine.results.told(lane)

    def open(self, lane: Lane) -> dict[str, float]:
        """Dollars that events not yet settled stand at, positions at the mid, by cluster."""
        done = self.told(lane).results
        found: dict[str, float] = {}
        for ticker, (net, _, _) in self._held(lane).items():
            cluster = self.place(ticker)[1]
            if cluster not in done:
                found[cluster] = found.get(cluster, 0.0) + net / MONEY
        return found

    def by_family(self, lane: Lane) -> dict[str, Money]:
        """A lane's net (positions at the mid), venue fees and flat fees, money units, by family."""
        rows = [(each.family, (each.net, each.fees, each.flat_fees)) for each in lane.outcomes.values()]
        rows += [
            (score.family, (score.past.net, score.past.fees, score.past.flat_fees))
            for score in lane.score.values()
        ]
        rows += [(self.place(ticker)[0], money) for ticker, money in self._held(lane).items()]
        found: dict[str, Money] = {}
        for family, money in rows:
            before = found.get(family, (0, 0, 0))
            found[family] = (before[0] + money[0], before[1] + money[1], before[2] + money[2])
        return found

    def _held(self, lane: Lane) -> dict[str, Money]:
        """Every market it has traded in that the engine still holds."""
        markets = self._engine.state.markets
        return {
            ticker: (held.net + open_at_mid(held, markets[ticker].mark), held.fees, held.flat_fees)
            for ticker, held in lane.account.positions.items()
            if held.traded
        }
