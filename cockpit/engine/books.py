"""Books: what their messages change, what is filled by it, and when one is no longer believed."""

from collections.abc import Callable

from cockpit.domain.book import Book
from cockpit.domain.effects import DoubtCleared, DoubtRaised, Effect, Resnapshot
from cockpit.domain.events import BookDelta, BookDoubt, BookSnapshot, Quote, Trade
from cockpit.domain.units import PRICE
from cockpit.engine.config import EngineConfig
from cockpit.engine.orders import Orders
from cockpit.engine.pairs import Pairs
from cockpit.engine.state import MarketState, State
from cockpit.engine.tickets import Tickets


class Books:
    """Applies market data to the engine's state."""

    def __init__(
        self,
        state: State,
        config: EngineConfig,
        orders: Orders,
        tickets: Tickets,
        pairs: Pairs,
        emit: Callable[[Effect], None],
    ) -> None:
        self._state = state
        self._config = config
        self._orders = orders
        self._tickets = tickets
        self._pairs = pairs
        self._emit = emit

    def told(self, event: BookDoubt) -> None:
        """A feed says that a book cannot be believed; one that was let go, or never met, has none to doubt."""
        known = self._state.markets.get(event.market)
        if known is not None:
            self.doubt(known, event.reason)

    def delta(self, event: BookDelta) -> None:
        """A level's size changed."""
        m = self._state.markets.get(event.market) or self._state.meet(event.market)
        if not m.has_book:
            self.doubt(m, "no snapshot")
            return
        if not event.qty:
            return
        book = m.book
        size = book.apply(event.side, event.price, event.qty)
        if size < 0:
            self.doubt(m, "negative size")
            return
        rest = m.rest
        orders = self._orders
        orders.sim.delta(rest, book, event, size, doubt=m.doubt != "")
        if orders.sim.fills:
            orders.book_fills()
        if book.bid < book.ask:
            m.crossed_ex = 0
            if book.bid and book.ask < PRICE and not m.doubt:
                m.mid2 = book.bid + book.ask
        else:
            self._crossed(m, event.ex or event.ts)
        m.book_ns = event.ts
        if not m.changed:
            m.changed = True
            self._state.changed.append(event.market)

    def quote(self, event: Quote) -> None:
        """The venue stated top of book and totals."""
        m = self._state.meet(event.market)
        first, m.quote = m.quote is None, event
        self._state.heard[m.market.venue] = event.ts
        if first:
            self._pairs.listed(m)

    def trade(self, event: Trade) -> None:
        """A print."""
        m = self._state.meet(event.market)
        m.trades += 1
        self._state.heard[m.market.venue] = event.ts
        if not event.block:
            m.last = event.price
        self._orders.sim.trade(m.rest, m.book, event, doubt=bool(m.doubt))
        if self._orders.sim.fills:
            self._orders.book_fills()

    def snapshot(self, event: BookSnapshot) -> None:
        """A whole book: it is believed again."""
        m = self._state.meet(event.market)
        before, m.book = m.book, Book()
        m.book.replace(event.bids, event.asks)
        if not m.has_book:
            m.has_book = True
            self._pairs.listed(m)
        read_ns, m.book_ns = m.book_ns, event.ts
        if m.doubt:
            m.doubt = ""
            self._emit(DoubtCleared(self._state.now, event.market))
        if m.book.mid2 is not None:
            m.mid2 = m.book.mid2
        if m.rest.levels and m.market.venue in self._config.polled:
            self._orders.refuse_crossed(m, read_ns)
        self._orders.sim.snapshot(m.rest, m.book, event, before)
        if self._orders.sim.fills:
            self._orders.book_fills()
        if m.book.bid < m.book.ask:
            m.crossed_ex = 0
        else:
            self._crossed(m, event.ex or event.ts)
        if not m.changed:
            m.changed = True
            self._state.changed.append(event.market)

    def _crossed(self, m: MarketState, ex: int) -> None:
        """A crossed book is a sweep half told; one that stays crossed is wrong."""
        if not m.crossed_ex:
            m.crossed_ex = ex
        elif ex - m.crossed_ex >= self._config.crossed_ns:
            self.doubt(m, "crossed")

    def doubt(self, m: MarketState, reason: str) -> None:
        """A book is believed no more; it is asked for again."""
        if m.doubt:
            return
        m.doubt = reason
        m.doubt_ns = self._state.now
        if m.closed:  # no longer a book anybody acts on
            return
        self._state.doubts += 1
        self._emit(DoubtRaised(self._state.now, m.market.ticker, reason))
        self._emit(Resnapshot(self._state.now, m.market.venue, m.market.ticker))
        self._orders.timer(self._state.now + self._config.doubt_cancel_ns, "doubt", m.market.ticker)

    def still_in_doubt(self, ticker: str) -> None:
        """The doubt has lasted: working orders end, and the book is asked for again, less and less often."""
        m = self._state.markets.get(ticker)
        if m is None:
            return
        lasted = self._state.now - m.doubt_ns
        if m.doubt and lasted >= self._config.doubt_cancel_ns:
            self._tickets.withdraw_all("book in doubt", ticker)
            self._orders.retire(m, "book in doubt")
            if not m.closed and lasted:
                self._emit(Resnapshot(self._state.now, m.market.venue, m.market.ticker))
                self._orders.timer(self._state.now + lasted, "doubt", m.market.ticker)
