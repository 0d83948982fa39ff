"""The market socket: messages to events.

A frame is one message or a list of them, or a bare word (the answer to a ping). What cannot be read of a list spares
the rest of it; a book that may have been meant is doubted, since a change that was not read is a change that is missing.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec

from cockpit.domain.events import Event, Quote, Trade
from cockpit.domain.units import ASK, BID, PRICE
from cockpit.feeds.base import Frame, payload
from cockpit.feeds.census import EVERY, FieldWatch, tally
from cockpit.feeds.polymarket.books import Books, when
from cockpit.feeds.polymarket.catalogue import Catalogue
from cockpit.feeds.polymarket.listing import grid
from cockpit.feeds.polymarket.numbers import Numbers, millis
from cockpit.feeds.polymarket.tape import Tape
from cockpit.feeds.polymarket.wire import (
    KNOWN,
    BestBidAsk,
    BookMessage,
    Change,
    Envelope,
    Known,
    LastTrade,
    NewMarket,
    PriceChange,
    Resolved,
    TickSize,
)

_WORDS = frozenset({b"", b"PONG", b"pong", b"[]"})
"""Frames that say nothing: the answer to a ping, an empty list."""
_SHORTEST = 8
CHANGES_BOOKS = frozenset({"book", "price_change", "tick_size_change"})
SIDES = {"BUY": BID, "SELL": ASK}

Data = bytes | msgspec.Raw

_one = msgspec.json.Decoder(Known).decode
_any = msgspec.json.Decoder(Known | list[Known]).decode
_raw = msgspec.json.Decoder(list[msgspec.Raw]).decode
_envelope = msgspec.json.Decoder(Envelope).decode


class Stream:
    """Reads the frames of all sockets."""

    def __init__(
        self, numbers: Numbers, catalogue: Catalogue, books: Books, tape: Tape, census: Counter[str]
    ) -> None:
        self._numbers = numbers
        self._catalogue = catalogue
        self._books = books
        self._tape = tape
        self._census = census
        self._watch = FieldWatch(census, KNOWN)
        self._changes = 0
        self.heard: dict[str, int] = {}
        """When each socket last said something, ns UTC: answers to pings say nothing."""
        self.unread: list[tuple[str, str]] = []
        """Sources, and markets ("" for any), of which something could not be read: doubts to tell."""
        self.fresh: list[tuple[str, frozenset[str]]] = []
        """New markets the venue told of, by event slug, with their tags; whoever wants them takes them."""
        self.reached: list[str] = []
        """Markets whose outage has ended; whoever asks for their prints takes them."""
        self.wondered: list[str] = []
        """Markets that are over without a result that can be read; whoever asks for it takes them."""
        self._handlers: dict[type, Callable[[int, str, Any], list[Event]]] = {
            BookMessage: self._book,
            LastTrade: self._trade,
            TickSize: self._tick,
            BestBidAsk: self._quote,
            NewMarket: self._new,
            Resolved: self._resolved,
        }

    def receive(self, frame: Frame) -> list[Event]:
        """The events of one frame. Raises ValueError or RecursionError."""
        data = bytes(frame.d or payload(frame))
        if len(data) < _SHORTEST and data.strip() in _WORDS:
            return []
        self.heard[frame.s] = frame.t
        try:
            read = _any(data)
        except (ValueError, RecursionError):
            pieces = self._pieces(frame.s, data)
            return self._each(frame.t, frame.s, pieces, self._piece)
        messages = read if isinstance(read, list) else [read]
        return self._each(frame.t, frame.s, messages, partial(self._take, data))

    def _each(
        self, ts: int, source: str, pieces: Sequence[Any], take: Callable[[int, str, Any], list[Event]]
    ) -> list[Event]:
        """Messages one by one: what can be read counts, what cannot is counted. Raises when nothing can."""
        events = self.owed(ts)
        failed: list[Exception] = []
        for piece in pieces:
            try:
                events += take(ts, source, piece)
            except (ValueError, RecursionError) as error:
                failed.append(error)
        if failed and len(failed) == len(pieces) and not events:
            raise failed[0]
        for each in failed:
            tally(self._census, "unreadable", each)
        return events + self.owed(ts) if failed else events

    def owed(self, ts: int) -> list[Event]:
        """Doubts from frames that could not be read at all."""
        if not self.unread:
            return []
        unread, self.unread = self.unread, []
        return [event for source, market in unread for event in self._books.uncertain(ts, source, market)]

    def _pieces(self, source: str, data: bytes) -> list[Data]:
        """The messages of a frame, unread. Raises ValueError or RecursionError when there is no telling them apart."""
        if data.lstrip()[:1] != b"[":
            return [data]
        try:
            return list(_raw(data))
        except (ValueError, RecursionError):
            self.unread.append((source, ""))
            raise

    def _piece(self, ts: int, source: str, data: Data) -> list[Event]:
        try:
            message = _one(data)
        except (ValueError, RecursionError):
            if not self._odd(source, data):
                raise
            return []
        return self._take(bytes(data), ts, source, message)

    def _odd(self, source: str, data: Data) -> bool:
        """A message that is not of a known shape; whether it is none of ours to read."""
        try:
            envelope = _envelope(data)
        except (ValueError, RecursionError):
            if bytes(data).lstrip()[:1] == b"{":
                self.unread.append((source, ""))
            return False
        kind = envelope.event_type
        if kind not in KNOWN:
            tally(self._census, "type", kind or "missing")
            return kind is not None
        if kind in CHANGES_BOOKS:
            self.unread.append((source, envelope.market or ""))
        return False

    def _take(self, data: bytes, ts: int, source: str, message: Known) -> list[Event]:
        """One message; ``data`` is what it stood in, for an untyped look."""
        try:
            if type(message) is PriceChange:
                self._changes += 1
                if self._changes % EVERY == 1:
                    self._watch.look("price_change", data, around="price_change")
                return self._change(ts, message)
            kind = str(type(message).__struct_config__.tag)
            if self._watch.due(kind):
                self._watch.look(kind, data, around=kind)
            return self._handlers[type(message)](ts, source, message)
        except ValueError:
            if isinstance(message, (PriceChange, BookMessage, TickSize)):
                self.unread.append((source, message.market))
            raise

    # ------------------------------------------------------------------ books

    def _change(self, ts: int, message: PriceChange) -> list[Event]:
        """Changed levels: all are read first, then applied, then the top is compared with the last one's."""
        ex = millis(message.timestamp)
        prices, sizes, tokens = self._numbers.price, self._numbers.qty, self._catalogue.tokens
        read: list[tuple[str, int, int, int]] = []
        last: dict[str, Change] = {}
        for each in message.entries():
            market, yes = tokens.get(each.asset_id, ("", False))
            if yes:
                read.append((market, SIDES[each.side], prices[each.price], sizes[each.size]))
                last[market] = each
            elif not market:
                tally(self._census, "dropped", "token nobody listed")
        tops = {market: self._top(each) for market, each in last.items()}
        events: list[Event] = []
        for market, side, price, size in read:
            delta = self._books.change(ts, ex, market, side, price, size)
            if delta is not None:
                events.append(delta)
        for market, (bid, ask) in tops.items():
            events += self._books.check(ts, market, bid, ask)
        return events

    def _top(self, each: Change) -> tuple[int | None, int | None]:
        bid = None if each.best_bid is None else self._numbers.bid(each.best_bid)
        return bid, None if each.best_ask is None else self._numbers.ask(each.best_ask)

    def _book(self, ts: int, source: str, message: BookMessage) -> list[Event]:
        bids, asks = self._books.sides(message.bids, message.asks)
        step = grid(_decimal(message.tick_size), self._census) if message.tick_size else None
        ex = when(message)
        market, yes = self._of(message.asset_id)
        if not market or not yes:
            return []
        if not self._books.sound(message):
            events = self._books.doubt(ts, market, "hash differs")
            self._books.want(market)
            return events
        events = self._catalogue.heard(ts, market)
        if step is not None and step != self._catalogue.known[market].market.grid:
            events += self._catalogue.stepped(ts, market, step)
        if self._tape.regained(market, ex or ts):
            self.reached.append(market)
        return events + self._books.whole(ts, ex, market, source, bids, asks)

    def _tick(self, ts: int, source: str, message: TickSize) -> list[Event]:
        """A new price step. The book is void: levels off the new grid are gone, and no message says so."""
        market, yes = self._of(message.asset_id)
        if not market or not yes:
            return []
        step = grid(_decimal(message.new_tick_size), self._census)
        events = self._catalogue.heard(ts, market)
        events += self._catalogue.stepped(ts, market, step)
        return events + self._books.drop(ts, market, "tick size changed")

    # ------------------------------------------------------------------ the rest

    def _trade(self, ts: int, source: str, message: LastTrade) -> list[Event]:
        market, yes = self._of(message.asset_id)
        if not market:
            return []
        trade: Trade | None = self._tape.live(ts, market, message, yes=yes)
        return [*self._catalogue.heard(ts, market), trade] if trade is not None else []

    def _quote(self, ts: int, source: str, message: BestBidAsk) -> list[Event]:
        """The venue's top of book, with the sizes we hold there: 0 where we hold none."""
        bid, ask = self._numbers.bid(message.best_bid), self._numbers.ask(message.best_ask)
        ex = millis(message.timestamp)
        market, yes = self._of(message.asset_id)
        if not market or not yes:
            return []
        held = self._books.get(market)
        bid_qty = held.book.size(BID, bid) if held.live else 0
        ask_qty = held.book.size(ASK, ask) if held.live else 0
        return [*self._catalogue.heard(ts, market), Quote(ts, ex, market, bid, bid_qty, ask, ask_qty)]

    def _new(self, ts: int, source: str, message: NewMarket) -> list[Event]:
        slug = message.event_message.slug if message.event_message else None
        if slug:
            self.fresh.append((slug, frozenset(message.tags or ())))
            del self.fresh[:-100]
        return []

    def _resolved(self, ts: int, source: str, message: Resolved) -> list[Event]:
        """An outcome. Without a winner that is one of the tokens (half each) the listing is asked for it."""
        token = message.winning_asset_id or ""
        tokens = self._catalogue.tokens
        if token in tokens:
            market, yes = tokens[token]
            return self._catalogue.resolved(ts, market, PRICE if yes else 0)
        for each in message.assets_ids or ():
            if each in tokens:
                tally(self._census, "resolved", message.winning_outcome or "without a winner")
                self.wondered.append(tokens[each][0])
                break
        return []

    def _of(self, token: str) -> tuple[str, bool]:
        """The market of a token and whether it is YES; one nobody listed is counted."""
        found = self._catalogue.tokens.get(token)
        if found is None:
            tally(self._census, "dropped", "token nobody listed")
            return "", False
        return found


def _decimal(text: str) -> Decimal:
    """A tick as a decimal; raises ValueError."""
    return msgspec.convert(text, type=Decimal)
