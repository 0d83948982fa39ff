"""What a lane came to by family of markets: the parts add up to the whole, open positions at the mid."""

from collections.abc import Mapping
from typing import NamedTuple

from cockpit.engine.clusters import placement
from cockpit.engine.ledger import open_at_mid
from cockpit.engine.scorecard import Outcome
from cockpit.engine.state import Lane, State


class Money(NamedTuple):
    """Money units."""

    net: int = 0
    fees: int = 0
    flat_fees: int = 0

    def plus(self, other: "Money") -> "Money":
        """Both together."""
        return Money(self.net + other.net, self.fees + other.fees, self.flat_fees + other.flat_fees)

    def less(self, other: "Money") -> "Money":
        """What came since."""
        return Money(self.net - other.net, self.fees - other.fees, self.flat_fees - other.flat_fees)


def past(outcomes: Mapping[str, Outcome]) -> dict[str, Money]:
    """Of events that were let go."""
    found: dict[str, Money] = {}
    for each in outcomes.values():
        _put(found, each.family, Money(each.net, each.fees, each.flat_fees))
    return found


def present(state: State, lane: Lane, known: Mapping[str, Money]) -> dict[str, Money]:
    """All of a lane's, given what it came to in events that were let go."""
    found = dict(known)
    for score in lane.score.values():
        _put(found, score.family, Money(score.past.net, score.past.fees, score.past.flat_fees))
    for ticker, held in lane.account.positions.items():
        if held.traded:
            net = held.net + open_at_mid(held, state.markets[ticker].mark)
            _put(found, placement(state, ticker)[0], Money(net, held.fees, held.flat_fees))
    return found


def _put(found: dict[str, Money], family: str, money: Money) -> None:
    found[family] = found.get(family, Money()).plus(money)
