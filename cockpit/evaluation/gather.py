"""Where markets belong, kept when the engine lets go of them, and what has not settled yet."""

from cockpit.domain.units import MONEY
from cockpit.engine.clusters import placement
from cockpit.engine.engine import Engine
from cockpit.engine.ledger import open_at_mid
from cockpit.engine.state import Lane


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

    def open(self, lane: Lane) -> dict[str, float]:
        """Dollars that events not yet settled stand at, positions at the mid, by cluster."""
        done, markets = self._engine.results.told(lane).results, self._engine.state.markets
        found: dict[str, float] = {}
        for ticker, held in lane.account.positions.items():
            cluster = self.place(ticker)[1]
            if held.traded and cluster not in done:
                net = held.net + open_at_mid(held, markets[ticker].mark)
                found[cluster] = found.get(cluster, 0.0) + net / MONEY
        return found
