"""Settled events by what they settle on, whatever venue asks: the unit every verdict counts.

A market's cluster is read from its listing when somebody first trades in it, and stays: all lanes count the same way.
"""

from collections.abc import Iterator, Mapping

from cockpit.domain.markets import Market
from cockpit.engine.ledger import Account, Position
from cockpit.engine.scorecard import Money, Outcome, Score
from cockpit.engine.state import Lane, MarketState, State
from cockpit.models.match.families import placed


def placement(state: State, ticker: str) -> tuple[str, str]:
    """Family and cluster of a market, as they are or would be; nothing is changed."""
    m = state.markets[ticker]
    if m.cluster:
        return m.family, m.cluster
    return placed(m.market, state.groups.get(m.market.event))


def score_of(state: State, lane: Lane, ticker: str) -> Score:
    """The score a fill in this market counts in, begun where there is none."""
    m = state.markets[ticker]
    if not m.cluster:
        m.family, m.cluster = placement(state, ticker)
    return lane.score.setdefault(m.cluster, Score(m.family))


def due(market: Market) -> int:
    """When a market is to be decided, as its listing says: the sooner of what is expected and its close; 0 unknown.

    A game's market stays open for weeks in case the game is put off.
    """
    return min((each for each in (market.expected_ns, market.close_ns) if each), default=0)


def settled(lane: Lane, markets: Mapping[str, MarketState]) -> dict[str, Outcome]:
    """A lane's events whose every traded market has settled, by cluster, in the order they did; not all are results."""
    found = {cluster: each for cluster, each in lane.outcomes.items() if cluster not in lane.score}
    for cluster, outcome in _settling(lane, markets):
        before = lane.outcomes.get(cluster)
        found[cluster] = outcome if before is None else before.plus(outcome)
    return dict(sorted(found.items(), key=lambda item: (item[1].settled_ns, item[0])))


def waiting(lane: Lane, markets: Mapping[str, MarketState]) -> dict[str, Score]:
    """Events a lane has traded in that have not settled, or not all of them."""
    done = {cluster for cluster, _ in _settling(lane, markets)}
    return {cluster: score for cluster, score in lane.score.items() if cluster not in done}


def let_go(lane: Lane, m: MarketState) -> None:
    """A market is forgotten: the event it belongs to keeps what it came to, and is an outcome with its last market."""
    held = lane.account.forget(m.market.ticker)
    if held is not None:
        lane.turn += 1
    score = lane.score.get(m.cluster)
    if score is None:
        return
    score.let_go(m.market.ticker, held, m.settled_ns)
    if not score.markets:
        del lane.score[m.cluster]
        outcome, before = score.outcome(), lane.outcomes.get(m.cluster)
        lane.outcomes[m.cluster] = outcome if before is None else before.plus(outcome)
        money = Money(outcome.net, outcome.fees, outcome.flat_fees)
        lane.families[score.family] = lane.families.get(score.family, Money()).plus(money)


def _settling(lane: Lane, markets: Mapping[str, MarketState]) -> Iterator[tuple[str, Outcome]]:
    """Events not let go whose every market has a value."""
    for cluster, score in lane.score.items():
        held = _held(score, lane.account, markets)
        if held and all(p.value >= 0 for p, _ in held):
            yield cluster, score.outcome(held)


def _held(score: Score, account: Account, markets: Mapping[str, MarketState]) -> list[tuple[Position, int]]:
    """The markets of an event that are still known, with when each settled."""
    return [(account.position(name), markets[name].settled_ns) for name in score.markets]
