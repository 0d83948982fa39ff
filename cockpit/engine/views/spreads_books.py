"""What sportsbooks say of a pair on a game's winner, in terms of its first market's YES, and who is cheaper than they are."""

import msgspec

from cockpit.domain.books import BookGame
from cockpit.domain.pairs import PairBooks
from cockpit.domain.units import ASK, BID, PRICE
from cockpit.engine.engine import Engine
from cockpit.engine.pairs import Pair
from cockpit.engine.snaps import PRIOR
from cockpit.engine.sportsbooks import fixture_of_odds
from cockpit.engine.spreads import Top
from cockpit.models.consensus import BookLine, Consensus, consensus
from cockpit.models.games import Fixture
from cockpit.strategies.edges import Edge, edge_of, maker_fee, quote_price


class BooksOfPairs:
    """Builds that part of a pair's row over one engine, as of one moment."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._books = engine.pricer.sportsbooks
        self._on: dict[Fixture, list[BookGame]] = {}
        for game in self._books.games.values():
            self._on.setdefault(fixture_of_odds(game), []).append(game)

    def of(self, pair: Pair) -> PairBooks | None:
        """The books on a pair; None where it is on no game's winner, or the books on that are not known or too few."""
        side = self._side(pair)
        games = self._on.get(side[0], []) if side is not None else []
        if side is None or len(games) != 1:
            return None
        fresh = self._books.consensus(games[0])
        known = fresh or consensus(self._books.lines(games[0]))
        if known is None:
            return None
        lines = self._books.fresh(games[0]) if fresh is not None else self._books.lines(games[0])
        said = known if side[1] else _other(known)
        found = PairBooks(said.low, said.mid, said.high, said.n, self._age(games[0], lines), fresh is None)
        best = self._best(pair, said) if fresh is not None else None
        if best is None:
            return found
        market, edge = best
        turned = market == pair.b and pair.how.polarity < 0
        return msgspec.structs.replace(
            found,
            market=market,
            side=-edge.side if turned else edge.side,
            price=PRICE - edge.price if turned else edge.price,
            edge=edge.edge,
            edge_low=edge.low,
        )

    def _side(self, pair: Pair) -> tuple[Fixture, bool] | None:
        """The game, and whether the first market's YES pays on its home side; None where the two say different things."""
        games, same = self._engine.pricer.games, pair.how.polarity > 0
        a, b = games.contract(pair.a), games.contract(pair.b)
        told = {(a.fixture, a.home)} if a is not None else set()
        if b is not None:
            told.add((b.fixture, b.home == same))
        return told.pop() if len(told) == 1 else None

    def _age(self, game: BookGame, lines: list[BookLine]) -> int:
        """Since the oldest of the lines that count, by the older of its stamps, ns."""
        state = self._engine.state
        heard = state.shelf.heard[game.id]
        return max(state.now - min(each.updated_ns or heard, heard) for each in lines if not each.exchange)

    def _best(self, pair: Pair, said: Consensus) -> tuple[str, Edge] | None:
        """The maker's order that is best against the books' middle, in its own market's terms, on the row's own quotes."""
        spreads = self._engine.spreads
        row = spreads.now.get(pair.name)
        if row is None or row.stale:
            return None
        here, there = spreads.tops[pair.name]
        turned = said if pair.how.polarity > 0 else _other(said)
        found = [*self._edges(pair.a, here, said), *self._edges(pair.b, there, turned)]
        return max(found, key=lambda each: each[1].edge, default=None)

    def _edges(self, ticker: str, top: Top, said: Consensus) -> list[tuple[str, Edge]]:
        """Resting on either side of a market whose YES the books put there."""
        m = self._engine.state.markets[ticker]
        if not m.tradable:
            return []
        snap = msgspec.structs.replace(self._engine.snaps.snap(m), bid=top[0], ask=top[1])
        found = []
        for side, chance in ((BID, said), (ASK, _other(said))):
            price = quote_price(snap, side)
            if price is not None:
                fee = maker_fee(snap.fees, price)
                found.append((ticker, edge_of(side, price, chance.mid, chance.low, fee, PRIOR)))
        return found


def _other(said: Consensus) -> Consensus:
    """The same of the other side."""
    return Consensus(1.0 - said.high, 1.0 - said.mid, 1.0 - said.low, said.n)
