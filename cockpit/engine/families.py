"""What a lane came to by family of markets: the parts add up to the whole, open positions at the mid."""

from cockpit.engine.clusters import placement
from cockpit.engine.ledger import open_at_mid
from cockpit.engine.scorecard import Money
from cockpit.engine.state import Lane, State


def by_family(state: State, lane: Lane) -> dict[str, Money]:
    """A lane's, of events that were let go and of those that were not."""
    found = dict(lane.families)
    for score in lane.score.values():
        _put(found, score.family, Money(score.past.net, score.past.fees, score.past.flat_fees))
    for ticker, held in lane.account.positions.items():
        if held.traded:
            net = held.net + open_at_mid(held, state.markets[ticker].mark)
            _put(found, placement(state, ticker)[0], Money(net, held.fees, held.flat_fees))
    return found


def _put(found: dict[str, Money], family: str, money: Money) -> None:
    found[family] = found.get(family, Money()).plus(money)
