"""All the venue knows: what the stage has told it, what its client has done, and who is told what follows."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import msgspec

from cockpit.domain.units import ASK, BID, MILLISECOND, PRICE
from cockpit.domain.units import price as price_of
from cockpit.rehearsal.courier import KALSHI_REST, KALSHI_WS, Arrival
from cockpit.rehearsal.stands.faults import Clock
from cockpit.rehearsal.stands.kalshi import messages
from cockpit.rehearsal.stands.kalshi.account import Account, Fill, worth
from cockpit.rehearsal.stands.kalshi.book import Book, Shown
from cockpit.rehearsal.stands.kalshi.listing import Listing, Market, record
from cockpit.rehearsal.stands.kalshi.order import Order, order_message
from cockpit.rehearsal.stands.kalshi.orders import Orders
from cockpit.rehearsal.stands.kalshi.reader import (
    Delta,
    Fact,
    Index,
    Lifecycle,
    Print,
    Snapshot,
    Ticker,
    body,
    fact,
    levels,
)
from cockpit.rehearsal.stands.kalshi.session import Rules, Session
from cockpit.rehearsal.stands.kalshi.tape import Candles, Tape, rest_print
from cockpit.rehearsal.wire import dollars

_LOOK_NS = 50 * MILLISECOND
"""How often closes and expiries are looked for."""


class Watcher(Protocol):
    """Whoever follows the account's fills and the time."""

    def filled(self, group: str, qty: int, now: int) -> None:
        """An order was filled; ``group`` is "" for an order of none."""
        ...

    def advance(self, now: int) -> None:
        """Time has passed."""
        ...


class State:
    """The venue's state.

    Args:
        clock: the venue's time, ns UTC: when markets open, close, and orders expire.
        cash: money units by shard.
        rules: how the socket behaves.
        one_sided: whether snapshots leave the NO side out now, which is a fault.
    """

    def __init__(
        self, clock: Clock, cash: dict[int, int], rules: Rules, one_sided: Callable[[], bool] = lambda: False
    ) -> None:
        self.now = clock
        self.rules = rules
        self.listing = Listing()
        self.tape = Tape()
        self.account = Account(cash)
        self.books: defaultdict[str, Book] = defaultdict(Book)
        self.candles: defaultdict[str, Candles] = defaultdict(Candles)
        self.sessions: set[Session] = set()
        self.watchers: list[Watcher] = []
        self.orders = Orders(self.listing, self.books.__getitem__, self.account, self)
        self._tickers: dict[str, dict[str, Any]] = {}
        self._looked = 0
        self._one_sided = one_sided

    # ------------------------------------------------------------------ the stage

    def take(self, arrival: Arrival) -> None:
        """One frame of the stage; those of other venues are passed over."""
        if arrival.source == KALSHI_WS:
            found = fact(arrival.payload)
            if found is not None:
                self._apply(found)
        elif arrival.source == KALSHI_REST:
            self._polled(arrival)
        self.advance()

    def advance(self) -> None:
        """What time alone brings about: closes and expiries."""
        now = self.now()
        if now - self._looked < _LOOK_NS:
            return
        self._looked = now
        self.orders.expire(now)
        for watcher in self.watchers:
            watcher.advance(now)
        for market in self.listing.markets.values():
            if not market.dead and market.status(now) not in ("initialized", "active", "inactive"):
                market.dead = True
                self.orders.close(market.ticker, now)

    def _apply(self, found: Fact) -> None:
        match found:
            case Delta(ticker, side, price, qty, ts):
                market = self.listing.market(ticker, self.now())
                self._changed(market, self.books[ticker].change(side, price, qty, ts), ts)
            case Print():
                self._printed(found)
            case Snapshot(ticker, bids, asks):
                self._whole(ticker, bids, asks)
            case Ticker(ticker, msg):
                self._ticked(ticker, msg)
            case Lifecycle(kind, msg):
                self._lived(kind, msg)
            case Index(index, raw):
                for session in self.sessions:
                    session.index(index, raw)

    def _whole(self, ticker: str, bids: list[tuple[int, int]], asks: list[tuple[int, int]]) -> None:
        now = self.now()
        market = self.listing.market(ticker, now)
        self._changed(market, self.books[ticker].replace(bids, asks), now)

    def _printed(self, trade: Print) -> None:
        if not self.tape.add(trade):
            return
        market = self.listing.market(trade.ticker, self.now())
        changes = [] if trade.block else self.books[trade.ticker].printed(trade)
        self._publish(market, trade)
        self._changed(market, changes, trade.ts)

    def _changed(self, market: Market, changes: list[Shown], ts: int) -> None:
        """After the tape has moved a book: tell it, and book what it has filled."""
        self._show(market, changes, ts)
        hits = self.books[market.ticker].hits()
        if hits:
            self.orders.hit(market, hits, self.now())

    def _ticked(self, ticker: str, msg: dict[str, Any]) -> None:
        market = self.listing.market(ticker, self.now())
        msg["market_id"] = market.market_id
        self._tickers[ticker] = msg
        quote = market.quote
        quote.last = str(msg.get("price_dollars", quote.last))
        quote.volume = str(msg.get("volume_fp", quote.volume))
        quote.open_interest = str(msg.get("open_interest_fp", quote.open_interest))
        if self.sessions:
            self.tell("ticker", ticker, self.ticker_of(ticker) or b"{}")

    def _lived(self, kind: str, msg: dict[str, Any]) -> None:
        self.tell("market_lifecycle_v2", "", msgspec.json.encode(msg), kind)
        if kind == "event_lifecycle":
            self.listing.add_event(msg)
        elif kind == "event_fee_update":
            event = self.listing.events.get(str(msg.get("event_ticker")))
            if event is not None:
                event |= {key: msg.get(key) for key in ("fee_type_override", "fee_multiplier_override")}
        else:
            now = self.now()
            self.listing.life(msg, now)
            self._settle(self.listing.market(str(msg.get("market_ticker", "")), now))

    def _polled(self, arrival: Arrival) -> None:
        """A recorded REST answer: what is listed, and, where there is no socket, books and prints."""
        answer = body(arrival.payload)
        found = answer.series if isinstance(answer.series, list) else [answer.series]
        for series in found:
            if series and "ticker" in series:
                self.listing.add_series(series)
        for event in [*(answer.events or ()), *([answer.event] if answer.event else ())]:
            self._listed_event(event)
        for market in [*(answer.markets or ()), *([answer.market] if answer.market else ())]:
            self._listed_market(market)
        if answer.orderbook_fp is not None:
            parts = (arrival.url or "").split("?")[0].rstrip("/").split("/")
            if parts[-1] == "orderbook":
                self._rest_book(parts[-2], answer.orderbook_fp)
        for book in answer.orderbooks or ():
            self._rest_book(str(book.get("ticker")), book.get("orderbook_fp") or {})
        for each in reversed(answer.trades or ()):
            trade = rest_print(each)
            if trade is not None:
                self._printed(trade)

    def _listed_event(self, event: dict[str, Any]) -> None:
        if "event_ticker" not in event:
            return
        fresh = self.listing.add_event(event)
        if fresh is not None and self.sessions:
            keys = ("event_ticker", "title", "collateral_return_type", "series_ticker", "strike_date")
            msg = {key: fresh[key] for key in keys if key in fresh} | {"subtitle": fresh["sub_title"]}
            msg["exchange_index"] = fresh.get("exchange_index", 0)
            self.tell("market_lifecycle_v2", "", msgspec.json.encode(msg), "event_lifecycle")
        for market in event.get("markets") or ():
            self._listed_market(market)

    def _listed_market(self, listed: dict[str, Any]) -> None:
        if "ticker" not in listed:
            return
        news = self.listing.add_market(listed, self.now())
        market = self.listing.markets[str(listed["ticker"])]
        if news is not None and self.sessions:
            msg = {"market_ticker": market.ticker, "event_type": news[0], **news[1]}
            self.tell("market_lifecycle_v2", "", msgspec.json.encode(msg))
        quote = market.quote
        quote.last = str(listed.get("last_price_dollars", quote.last))
        quote.volume = str(listed.get("volume_fp", quote.volume))
        quote.open_interest = str(listed.get("open_interest_fp", quote.open_interest))
        self._settle(market)

    def _rest_book(self, ticker: str, sides: dict[str, Any]) -> None:
        try:
            bids = levels(sides.get("yes_dollars") or [], BID)
            asks = levels(sides.get("no_dollars") or [], ASK)
        except (ValueError, TypeError):
            return
        self._whole(ticker, bids, asks)

    def _settle(self, market: Market) -> None:
        """Pay a market out once it is final."""
        if market.body["status"] != "finalized":
            return
        result = str(market.body["result"])
        value = market.body.get("settlement_value_dollars") or ("1.0000" if result == "yes" else "0.0000")
        if self.account.settle(market, price_of(str(value)), result or "scalar", self.now()):
            self._positioned(market.ticker)

    # ------------------------------------------------------------------ what own orders bring about

    def shown(self, market: Market, changes: Iterable[Shown]) -> None:
        """The book everyone sees has changed by an own order."""
        self._show(market, list(changes), self.now())

    def traded(self, trade: Print) -> None:
        """An own order has made a trade that the tape does not hold."""
        self.tape.add(trade)
        self._publish(self.listing.markets[trade.ticker], trade)

    def ordered(self, order: Order, reason: str) -> None:
        """An own order is new or changed."""
        self.tell("user_orders", "", msgspec.json.encode(order_message(order, reason)))

    def filled(self, fill: Fill, order: Order) -> None:
        """An own order was filled."""
        self.tell("fill", fill.ticker, messages.fill(fill))
        self._positioned(order.terms.ticker)
        for watcher in self.watchers:
            watcher.filled(order.terms.group, fill.qty, fill.ts)

    def _positioned(self, ticker: str) -> None:
        body_ = self.account.position_message(self.account.positions[ticker])
        self.tell("market_positions", ticker, msgspec.json.encode(body_))

    # ------------------------------------------------------------------ what is told

    def _show(self, market: Market, changes: list[Shown], ts: int) -> None:
        ticker = market.ticker
        if changes:
            bid, ask = self.top(ticker)
            self.candles[ticker].quote(ts, bid[0] if bid else 0, ask[0] if ask else PRICE)
        if self.sessions:
            deltas = _Deltas(market, changes, ts)
            for session in self.sessions:
                session.book(market, deltas)

    def _publish(self, market: Market, trade: Print) -> None:
        if not trade.block:
            market.quote.last = dollars(trade.price)
            self.candles[market.ticker].trade(trade, market.quote.open_interest)
        if self.sessions:
            self.tell("trade", trade.ticker, messages.trade(trade))

    def tell(self, channel: str, ticker: str, msg: bytes, kind: str = "") -> None:
        """A message of a channel, about a market ("" concerns all), to everyone who listens."""
        for session in self.sessions:
            session.tell(channel, ticker, msg, kind)

    # ------------------------------------------------------------------ what is asked

    def top(self, ticker: str) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """Best bid and best ask with their sizes."""
        book = self.books[ticker]
        return book.best(BID), book.best(ASK)

    def snapshot_of(self, ticker: str, *, yes_price: bool) -> bytes | None:
        """A market's whole book; None while nobody has told of one."""
        market = self.listing.markets.get(ticker)
        if market is None or not self.books[ticker].told:
            return None
        return messages.snapshot(
            market,
            self.books[ticker],
            yes_price=yes_price,
            empty_sides=self.rules.empty_sides,
            missing_side=self._one_sided(),
        )

    def ticker_of(self, ticker: str) -> bytes | None:
        """A market's last ticker, with the quotes of the book shown here where own orders have changed it."""
        msg = self._tickers.get(ticker)
        if msg is None:
            return None
        if self.books[ticker].altered:
            msg = messages.ticker(msg, *self.top(ticker))
        return msgspec.json.encode(msg)

    def tickers(self) -> list[str]:
        """All markets that have a ticker."""
        return list(self._tickers)

    def record(self, market: Market) -> dict[str, Any]:
        """A market's whole record."""
        return record(market, self.now(), *self.top(market.ticker), booked=self.books[market.ticker].told)

    def portfolio_value(self) -> int:
        """What the positions are worth at the last prices, money units."""
        return sum(
            worth(position.qty, price_of(self.listing.markets[ticker].quote.last))
            for ticker, position in self.account.positions.items()
        )


class _Deltas(dict[bool, list[bytes]]):
    """Changes as messages, by ``use_yes_price``; a way nobody listens to is never written."""

    def __init__(self, market: Market, changes: list[Shown], ts: int) -> None:
        super().__init__()
        self._made = market, changes, ts

    def __missing__(self, yes: bool) -> list[bytes]:
        market, changes, ts = self._made
        made = self[yes] = [messages.delta(market, change, ts, yes_price=yes) for change in changes]
        return made
