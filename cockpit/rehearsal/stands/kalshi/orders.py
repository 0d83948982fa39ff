"""Own orders: what the venue takes, refuses, matches, moves and ends.

An order walks: refused | (traded as taker) -> resting -> executed | canceled. A client's order id is taken for ever. A
lower size or a new expiry keeps the place in the queue; anything else goes to the back. After a market has closed
nothing can be done to its orders. Source: the venue's order endpoints, second version; the status codes of an inactive
market and of an unfilled fill-or-kill are not documented.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from cockpit.domain.units import BID, MILLISECOND, PRICE, SECOND
from cockpit.rehearsal.stands.kalshi.account import Account, Fill
from cockpit.rehearsal.stands.kalshi.book import Book, Hit, Own, Shown
from cockpit.rehearsal.stands.kalshi.errors import NOT_FOUND, Refused, nested
from cockpit.rehearsal.stands.kalshi.listing import Listing, Market
from cockpit.rehearsal.stands.kalshi.money import fee
from cockpit.rehearsal.stands.kalshi.order import Amend, Order, check_same
from cockpit.rehearsal.stands.kalshi.reader import Print
from cockpit.rehearsal.stands.kalshi.requests import Create

INACTIVE = nested(409, "MARKET_INACTIVE", "MARKET_INACTIVE")
POST_ONLY = nested(400, "invalid_order", details="post only cross")


class News(Protocol):
    """Who is told what orders bring about."""

    def shown(self, market: Market, changes: Iterable[Shown]) -> None:
        """The book everyone sees has changed."""
        ...

    def traded(self, trade: Print) -> None:
        """An own order has made a trade that the tape does not hold."""
        ...

    def ordered(self, order: Order, reason: str) -> None:
        """An own order is new, or has changed for a reason in the venue's words ("" for none)."""
        ...

    def filled(self, fill: Fill, order: Order) -> None:
        """An own order was filled."""
        ...


class Orders:
    """All own orders of the account."""

    def __init__(self, listing: Listing, books: Callable[[str], Book], account: Account, news: News) -> None:
        self.all: dict[str, Order] = {}
        self.groups: Callable[[str], bool] = lambda _: False
        """Whether an order may join a group."""
        self._listing = listing
        self._books = books
        self._account = account
        self._news = news
        self._by_own: dict[Own, Order] = {}
        self._client_ids: set[str] = set()
        self._trades = 0

    # ------------------------------------------------------------------ requests

    def create(self, terms: Create, now: int) -> Order:
        """Take a new order.

        Raises:
            Refused: with the venue's answer.
        """
        market = self._listing.markets.get(terms.ticker)
        if market is None or (terms.shard is not None and terms.shard != market.shard):
            raise Refused(nested(404, "market_not_found"))
        self._tradable(market, now)
        if terms.client_id and terms.client_id in self._client_ids:
            raise Refused(nested(409, "order_already_exists"))
        if terms.expires and terms.expires * SECOND <= now:
            raise Refused(nested(400, "invalid_parameters", details="expiration_time is in the past"))
        if terms.group and not self.groups(terms.group):
            raise Refused(nested(400, "invalid_order_group"))
        self._fits(market, terms.side, terms.price, terms.qty, spare=0)
        self._crosses(terms, terms.price)
        if terms.tif == "fill_or_kill" and self._fillable(terms) < terms.qty:
            raise Refused(nested(409, "fill_or_kill_insufficient_resting_volume"))
        order = self._made(terms, market, now)
        self._work(order, market, now, rests=terms.tif == "good_till_canceled")
        return order

    def cancel(self, identity: str, now: int, shard: int | None = None, reason: str = "") -> int:
        """Take an order out; returns what was left of it.

        Args:
            identity: the order's id.
            now: ns UTC.
            shard: where it is looked for; None is everywhere.
            reason: in the venue's words, for the socket.

        Raises:
            Refused: 404 for an order that is unknown, dead or on another shard; MARKET_INACTIVE after the close.
        """
        order = self.open(identity, now, shard)
        left = order.left
        self._end(order, reason, now)
        return left

    def decrease(self, identity: str, by: int | None, to: int | None, now: int, shard: int | None) -> Order:
        """Lower an order by, or to, a quantity; it keeps its place. Raises Refused."""
        order = self.open(identity, now, shard)
        if (by is None) == (to is None):
            raise Refused(nested(400, "invalid_parameters", details="exactly one of reduce_by and reduce_to"))
        left = max(0, order.left - by) if by is not None else min(order.left, to or 0)
        if left:
            self._lower(order, order.left - left, now, "Decrease")
        else:
            self._end(order, "Decrease", now)
        return order

    def amend(self, identity: str, wish: Amend, now: int) -> Order:
        """Change price, size or expiry. Raises Refused."""
        order = self.open(identity, now, None)
        market = self._listing.markets[order.terms.ticker]
        check_same(order, wish)
        left = wish.qty - order.filled
        if left <= 0:
            raise Refused(nested(400, "invalid_order_size"))
        keeps = wish.price == order.price and left <= order.left
        if not keeps:
            spare = self._account.cost(order.terms.ticker, order.terms.side, order.price, order.left)
            self._fits(market, order.terms.side, wish.price, left, spare)
            self._crosses(order.terms, wish.price)
        self._rename(order, wish.updated_client_id)
        if wish.expires is not None:
            order.expires = wish.expires * SECOND
        order.initial = wish.qty
        if keeps:
            self._lower(order, order.left - left, now, "Amend")
        else:
            self._leave(order)
            order.price, order.left, order.updated = wish.price, left, now
            self._work(order, market, now, rests=True, reason="Amend")
        return order

    def open(self, identity: str, now: int, shard: int | None) -> Order:
        """A resting order; raises Refused."""
        order = self.all.get(identity)
        if order is None or (shard is not None and order.shard != shard):
            raise Refused(NOT_FOUND)
        self._tradable(self._listing.markets[order.terms.ticker], now)
        if order.status != "resting":
            raise Refused(NOT_FOUND)
        return order

    # ------------------------------------------------------------------ what time and the tape bring

    def resting(self, ticker: str = "") -> list[Order]:
        """The resting orders, of one market or of all."""
        return [order for order in self._by_own.values() if ticker in ("", order.terms.ticker)]

    def ahead(self, order: Order) -> int:
        """The queue position of a resting order: the quantity ahead of it at its price."""
        assert order.own is not None
        return self._books(order.terms.ticker).ahead(order.own)

    def expire(self, now: int) -> None:
        """End what has expired."""
        for order in self.resting():
            if order.expires and order.expires <= now:
                self._end(order, "ExpiryCancel", now)

    def close(self, ticker: str, now: int) -> None:
        """End what rests in a market that has closed."""
        for order in self.resting(ticker):
            self._end(order, "CloseCancel", now)

    def hit(self, market: Market, hits: Iterable[Hit], now: int) -> None:
        """Book the fills the tape has brought to resting orders."""
        for own, qty, trade in hits:
            order = self._by_own[own]
            trade_id = (
                trade.trade_id if trade is not None else self._trade(market, own.price, qty, -own.side, now)
            )
            self._fill(order, market, own.price, qty, trade_id, now, taker=False)

    def reserved(self, shard: int) -> int:
        """Money units that resting orders hold back on a shard."""
        held = (order for order in self._by_own.values() if order.shard == shard)
        return sum(self._account.cost(o.terms.ticker, o.terms.side, o.price, o.left) for o in held)

    # ------------------------------------------------------------------ inside: checks

    def _tradable(self, market: Market, now: int) -> None:
        if market.status(now) != "active":
            raise Refused(INACTIVE)

    def _fits(self, market: Market, side: int, price: int, qty: int, spare: int) -> None:
        if not market.on_grid(price):
            raise Refused(nested(400, "invalid_price"))
        free = self._account.cash.get(market.shard, 0) - self.reserved(market.shard) + spare
        if self._account.cost(market.ticker, side, price, qty) > free:
            raise Refused(nested(400, "insufficient_balance"))

    def _crosses(self, terms: Create, price: int) -> None:
        best = self._books(terms.ticker).best(-terms.side)
        if terms.post_only and best is not None and (price - best[0]) * terms.side >= 0:
            raise Refused(POST_ONLY)

    def _fillable(self, terms: Create) -> int:
        """What others show up to a limit."""
        return sum(others for _, others, _ in self._books(terms.ticker).opposite(terms.side, terms.price))

    def _rename(self, order: Order, client_id: str) -> None:
        if client_id and client_id != order.client_id:
            if client_id in self._client_ids:
                raise Refused(nested(409, "order_already_exists"))
            self._client_ids.add(client_id)
            order.client_id = client_id

    # ------------------------------------------------------------------ inside: deeds

    def _made(self, terms: Create, market: Market, now: int) -> Order:
        number = len(self.all) + 1
        identity = f"{number:08x}-0000-4000-8000-{number:012x}"
        qty = terms.qty
        if terms.reduce_only:
            held = self._account.held(terms.ticker)
            qty = min(qty, abs(held)) if held * terms.side < 0 else 0
        order = Order(
            identity, terms, market.shard, market.event, now, now, terms.client_id, terms.price, terms.qty, qty,
            expires=terms.expires * SECOND, costs={True: 0, False: 0}, fees={True: 0, False: 0},
        )  # fmt: skip
        self.all[identity] = order
        if terms.client_id:
            self._client_ids.add(terms.client_id)
        return order

    def _work(self, order: Order, market: Market, now: int, *, rests: bool, reason: str = "") -> None:
        """Trade what can be traded, then rest or die."""
        crossed = self._take(order, market, now)
        if order.left and rests and not crossed:
            order.own = Own(order.id, order.client_id, order.terms.side, order.price, order.left)
            self._by_own[order.own] = order
            self._news.ordered(order, reason)
            self._news.shown(market, self._books(market.ticker).rest(order.own))
            return
        done = order.filled >= order.initial
        order.left, order.status = 0, "executed" if done else "canceled"
        self._news.ordered(order, "SelfTradeCancel" if crossed else reason)

    def _take(self, order: Order, market: Market, now: int) -> bool:
        """Trade against the book; True when the order met an own one and gave way."""
        book, side = self._books(market.ticker), order.terms.side
        while order.left:
            step = next(book.opposite(side, order.price), None)
            if step is None:
                return False
            price, others, own = step
            qty = min(order.left, others)
            if qty:
                mark = Own(order.id, order.client_id, side, price, 0)
                self._news.shown(market, book.eat(-side, price, qty, mark))
                trade_id = self._trade(market, price, qty, side, now)
                order.left -= qty
                self._fill(order, market, price, qty, trade_id, now, taker=True)
            elif own is None:
                return False
            elif order.terms.stp == "taker_at_cross":
                return True
            else:
                self._end(self._by_own[own], "SelfTradeCancel", now)
        return False

    def _trade(self, market: Market, price: int, qty: int, taker: int, now: int) -> str:
        """Print a trade of an own order; returns its id."""
        self._trades += 1
        trade_id = f"ffffffff-0000-4000-8000-{self._trades:012x}"
        stamp = now // MILLISECOND * MILLISECOND
        self._news.traded(Print(trade_id, market.ticker, price, qty, taker, False, stamp))
        return trade_id

    def _fill(
        self, order: Order, market: Market, price: int, qty: int, trade_id: str, now: int, *, taker: bool
    ) -> None:
        kind, multiplier = self._listing.fee_terms(market)
        cost = fee(kind, multiplier, price, qty, maker=not taker)
        side = order.terms.side
        order.filled += qty
        order.costs[taker] += (price if side == BID else PRICE - price) * qty
        order.fees[taker] += cost
        order.updated = now
        ticker = market.ticker
        fill = Fill(
            trade_id, order.id, order.client_id, ticker, order.shard, side, price, qty, taker, cost, 0, now
        )
        self._news.filled(self._account.fill(fill, market), order)
        if not taker:
            assert order.own is not None
            order.left -= qty
            if not order.left:
                order.status = "executed"
                del self._by_own[order.own]
            self._news.ordered(order, "Trade")

    def _lower(self, order: Order, qty: int, now: int, reason: str) -> None:
        assert order.own is not None
        order.left -= qty
        order.updated = now
        changes = self._books(order.terms.ticker).reduce(order.own, qty) if qty else []
        self._news.ordered(order, reason)
        self._news.shown(self._listing.markets[order.terms.ticker], changes)

    def _end(self, order: Order, reason: str, now: int) -> None:
        self._leave(order)
        order.left, order.status, order.updated = 0, "canceled", now
        self._news.ordered(order, reason)

    def _leave(self, order: Order) -> None:
        """Out of the book."""
        own = order.own
        assert own is not None
        del self._by_own[own]
        changes = self._books(order.terms.ticker).reduce(own, own.left)
        self._news.shown(self._listing.markets[order.terms.ticker], changes)
