"""Sportsbooks on one screen: each game's books, what they come to without their margins, and where a maker does better."""

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.books import BookGame, BookGameView, BookLineView, BooksView
from cockpit.domain.units import ASK, BID, PRICE
from cockpit.engine.engine import Engine
from cockpit.engine.gate import silence
from cockpit.engine.sportsbooks import fixture_of_odds
from cockpit.engine.state import MarketState
from cockpit.engine.views.games import marks_of
from cockpit.engine.views.spreads import LETTERS
from cockpit.models.consensus import BookLine, Consensus
from cockpit.models.games import GameContract
from cockpit.strategies.edges import maker_fee, quote_price, stake


class Sportsbooks:
    """Builds the view over one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._books = engine.pricer.sportsbooks
        self._marks = marks_of(engine)

    def books(self) -> BooksView:
        """All games with odds, the best edge first."""
        found = [self._game(game) for game in self._books.games.values()]
        found.sort(key=lambda each: (each.edge is None, -(each.edge or 0.0), each.start_ns, each.id))
        shelf = self._engine.state.shelf
        return BooksView(tuple(found), shelf.heard_ns, shelf.left, shelf.used)

    def _game(self, game: BookGame) -> BookGameView:
        fresh = {line.book for line in self._books.fresh(game)}
        known = self._books.consensus(game)
        titles = dict(game.titles)
        now, heard = self._engine.state.now, self._engine.state.shelf.heard[game.id]
        lines = sorted(
            self._books.lines(game), key=lambda each: (each.book not in fresh, each.exchange, each.book)
        )
        best, bid, ask, ours = self._venues(game, known)
        view = BookGameView(
            id=game.id,
            league=game.league,
            away=game.away,
            home=game.home,
            start_ns=game.start_ns,
            lines=tuple(_line(each, titles, now, heard, each.book not in fresh) for each in lines),
            n=known.n if known is not None else 0,
            low=known.low if known is not None else None,
            mid=known.mid if known is not None else None,
            high=known.high if known is not None else None,
            bid=bid,
            ask=ask,
            ours=ours,
        )
        if best is None:
            return view
        edge, m, contract, side, price = best
        own = side == BID
        return BookGameView(
            **{name: getattr(view, name) for name in view.__struct_fields__ if name not in _BEST},
            venue=LETTERS.get(m.market.venue, "?"),
            market=m.market.ticker,
            team=contract.team if own else _other(contract),
            price=stake(side, price),
            edge=edge,
            mark="?" if m.doubt else self._marks.get(m.market.ticker, ""),
        )

    def _venues(
        self, game: BookGame, known: Consensus | None
    ) -> tuple[tuple[float, MarketState, GameContract, int, int] | None, int, int, float | None]:
        """The better maker's order of all venues, the home side's bid and ask on the first, and our own chance."""
        games, fixture = self._engine.pricer.games, fixture_of_odds(game)
        best = None
        bid = ask = 0
        ours = None
        for ticker in games.on(fixture):
            m, contract = self._engine.state.markets[ticker], games.contract(ticker)
            if contract is None or m.settled is not None or not m.has_book or m.doubt:
                continue
            if m.fair is not None:
                ours = m.fair.mid if contract.home else 1.0 - m.fair.mid
            if not bid and EMPTY_BID < m.book.bid < m.book.ask < EMPTY_ASK:
                bid, ask = (
                    (m.book.bid, m.book.ask) if contract.home else (PRICE - m.book.ask, PRICE - m.book.bid)
                )
            found = self._order(m, contract, known) if known is not None else None
            if found is not None and (best is None or _rank(found) > _rank((best[0], best[3]))):
                best = (found[0], m, contract, found[1], found[2])
        return best, bid, ask, ours

    def _order(
        self, m: MarketState, contract: GameContract, known: Consensus
    ) -> tuple[float, int, int] | None:
        """The better of both sides against the worst of the consensus: edge net of the maker's fee, side, YES price."""
        engine = self._engine
        if not m.tradable or silence(engine.state, engine.config, m):
            return None
        snap = engine.snaps.snap(m)
        low, high = (known.low, known.high) if contract.home else (1.0 - known.high, 1.0 - known.low)
        found = []
        for side, chance in ((BID, low), (ASK, 1.0 - high)):
            price = quote_price(snap, side)
            if price is not None:
                found.append((chance - stake(side, price) / PRICE - maker_fee(snap.fees, price), side, price))
        return max(found, default=None)


_BEST = ("venue", "market", "team", "price", "edge", "mark")


def _rank(found: tuple[float, int] | tuple[float, int, int]) -> tuple[float, int]:
    """By edge; of two alike the one that buys a team in its own market."""
    return round(found[0], 9), found[1]


def _other(contract: GameContract) -> str:
    return contract.fixture.away if contract.home else contract.fixture.home


def _line(each: BookLine, titles: dict[str, str], now: int, heard: int, old: bool) -> BookLineView:
    return BookLineView(
        book=titles.get(each.book, each.book),
        home=each.home,
        away=each.away,
        low=each.chance.low,
        mid=each.chance.mid,
        high=each.chance.high,
        margin=each.chance.margin,
        age_ns=now - (each.updated_ns or heard),
        stale=old,
        exchange=each.exchange,
    )
