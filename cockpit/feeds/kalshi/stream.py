"""The socket: messages to events, keeping each subscription's count.

Order of work on every frame: read all of it, then take its number, so that an unreadable frame leaves its number
untaken and the next frame shows the gap.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from cockpit.domain.events import BookDelta, BookSnapshot, Event
from cockpit.domain.units import ASK, BID, MILLISECOND
from cockpit.feeds.base import Frame, payload
from cockpit.feeds.census import EVERY, FieldWatch, tally
from cockpit.feeds.kalshi import account, legacy, lifecycle, tape
from cockpit.feeds.kalshi.commands import Commands
from cockpit.feeds.kalshi.messages import (
    KNOWN,
    Envelope,
    EventFeeUpdate,
    EventLifecycle,
    Failed,
    FastIndexValue,
    FillMessage,
    IndexValue,
    Known,
    MarketLifecycle,
    MarketPosition,
    Message,
    Ok,
    OrderbookDelta,
    OrderbookSnapshot,
    Subscribed,
    TickerMessage,
    TradeMessage,
    UnderlyingValue,
    Unsubscribed,
    UserOrder,
)
from cockpit.feeds.kalshi.numbers import Numbers
from cockpit.feeds.kalshi.sequence import BOOK, TRADES, Doubts, Sequences
from cockpit.feeds.kalshi.wire import OkBody

ENDED = frozenset({10, 25})
"""Error codes by which the exchange ends a subscription: channel error, slow consumer."""

Events = tuple[Event, ...]

_decode = msgspec.json.Decoder(Known).decode
_envelope = msgspec.json.Decoder(Envelope).decode


class Stream:
    """Reads the frames of one socket after another. All failures to read are ValueError or RecursionError."""

    def __init__(self, numbers: Numbers, sequences: Sequences, commands: Commands, seen: tape.Recent) -> None:
        self._numbers = numbers
        self._yes, self._asks, self._qty = numbers.yes, numbers.asks, numbers.qty
        self._sequences = sequences
        self._sids = sequences.sids
        self._commands = commands
        self._seen = seen
        self._watch = FieldWatch(numbers.census, KNOWN)
        self._deltas = 0
        self._handlers: dict[type, Callable[[int, Any], Events]] = {
            OrderbookDelta: self._delta,
            TradeMessage: self._trade,
            TickerMessage: self._ticker,
            MarketLifecycle: self._lifecycle,
            EventLifecycle: self._event,
            EventFeeUpdate: self._fees,
            IndexValue: self._index,
            FastIndexValue: self._fast_index,
            UnderlyingValue: self._underlying,
            FillMessage: self._filled,
            UserOrder: self._ordered,
            MarketPosition: self._positioned,
            Subscribed: self._subscribed,
            Ok: self._ok,
            Unsubscribed: self._unsubscribed,
            Failed: self._failed,
        }

    def receive(self, frame: Frame) -> Events:
        """The events of one frame. Raises ValueError or RecursionError."""
        data: bytes | msgspec.Raw = frame.d or payload(frame)
        try:
            message = _decode(data)
        except msgspec.ValidationError as error:
            return self._odd(frame.t, data, error)
        if type(message) is OrderbookDelta:
            self._deltas += 1
            if self._deltas % EVERY == 1:
                self._watch.look("orderbook_delta", data, "msg", around="message")
            return self._delta(frame.t, message)
        return self._slow(frame.t, message, data)

    def _slow(self, ts: int, message: Known, data: bytes | msgspec.Raw) -> Events:
        """Everything but deltas."""
        kind = str(type(message).__struct_config__.tag)
        if self._watch.due(kind):
            self._watch.look(kind, data, "msg", around="message")
        if isinstance(message, OrderbookSnapshot):
            return self._snapshot(ts, message, data)
        return self._handlers[type(message)](ts, message)

    def _delta(self, ts: int, message: OrderbookDelta) -> Events:
        """The hot path: one look-up per text, one for the subscription, one for the market."""
        body = message.msg
        qty = self._qty[body.delta_fp]
        if body.side == "yes":
            side, price = BID, self._yes[body.price_dollars]
        else:
            side, price = ASK, self._asks[body.price_dollars]
        ex = body.ts_ms * MILLISECOND if body.ts_ms else tape.moment(None, body.ts)
        known = self._sids.get(message.sid)
        if known is not None and message.seq == known.last + 1:
            name = known.markets.get(body.market_ticker)
            if name:
                known.last = message.seq
                return (BookDelta(ts, ex, name, side, price, qty),)
        doubts = self._sequences.admit(ts, message.sid, message.seq, BOOK)
        if doubts is None:
            return ()
        name = self._sequences.believed(message.sid, body.market_ticker)
        if name:  # without a number, or of a stream that was going when this file began
            return (*doubts, BookDelta(ts, ex, name, side, price, qty))
        return doubts + self._sequences.unbelieved(ts, message.sid, body.market_ticker)

    def _snapshot(self, ts: int, message: OrderbookSnapshot, data: bytes | msgspec.Raw) -> Events:
        body = message.msg
        if body.legacy():
            old = legacy.modern(data)
            assert isinstance(old, OrderbookSnapshot)
            body = old.msg
        bids = self._numbers.levels(body.yes_dollars_fp, self._numbers.yes)
        asks = self._numbers.levels(body.no_dollars_fp, self._numbers.asks)
        ex = (body.ts_ms or 0) * MILLISECOND
        doubts = self._sequences.snapshot(ts, message.sid, message.seq, body.market_ticker)
        if doubts is None:
            return ()
        return (*doubts, BookSnapshot(ts, ex, body.market_ticker, bids, asks))

    def _trade(self, ts: int, message: TradeMessage) -> Events:
        event = tape.trade(ts, message.msg, self._numbers)
        doubts = self._sequences.admit(ts, message.sid, message.seq, TRADES)
        if doubts is None:
            return ()
        self._sequences.sids[message.sid].markets.setdefault(event.market)
        if not self._seen.first(event.id):
            tally(self._numbers.census, "trade", "duplicate")
            return doubts
        return (*doubts, event)

    def _ticker(self, ts: int, message: TickerMessage) -> Events:
        return (tape.quote(ts, message.msg, self._numbers),)

    def _lifecycle(self, ts: int, message: MarketLifecycle) -> Events:
        return self._counted(ts, message, lifecycle.step(ts, message.msg, self._numbers.census))

    def _event(self, ts: int, message: EventLifecycle) -> Events:
        return self._counted(ts, message, (lifecycle.group(ts, message.msg),))

    def _fees(self, ts: int, message: EventFeeUpdate) -> Events:
        return self._counted(ts, message, (lifecycle.fees(ts, message.msg, self._numbers.census),))

    def _index(self, ts: int, message: IndexValue) -> Events:
        return self._counted(ts, message, (tape.index(ts, message.msg),))

    def _fast_index(self, ts: int, message: FastIndexValue) -> Events:
        return self._counted(ts, message, (tape.fast_index(ts, message.msg.index_id, message.msg),))

    def _underlying(self, ts: int, message: UnderlyingValue) -> Events:
        return self._counted(ts, message, (tape.fast_index(ts, message.msg.underlying_ticker, message.msg),))

    def _counted(self, ts: int, message: Message, events: Events) -> Events:
        """Take the number of a channel without books; a repeated frame gives nothing."""
        kind = str(type(message).__struct_config__.tag)
        admitted = self._sequences.admit(ts, message.sid, message.seq, kind)
        return () if admitted is None else events

    def _filled(self, ts: int, message: FillMessage) -> Events:
        return (account.filled(ts, message.msg),)

    def _ordered(self, ts: int, message: UserOrder) -> Events:
        return (account.changed(ts, message.msg),)

    def _positioned(self, ts: int, message: MarketPosition) -> Events:
        return (account.held(ts, message.msg),)

    def _subscribed(self, ts: int, message: Subscribed) -> Events:
        self._sequences.open(message.msg.sid, message.msg.channel)
        return self._reply(ts, message.sid, message.seq)

    def _ok(self, ts: int, message: Ok) -> Events:
        doubts = self._reply(ts, message.sid, message.seq)
        if isinstance(message.msg, OkBody) and message.msg.market_tickers is not None and message.sid:
            doubts += self._sequences.listed(ts, message.sid, message.msg.market_tickers)
        return doubts

    def _unsubscribed(self, ts: int, message: Unsubscribed) -> Events:
        return self._sequences.drop(ts, message.sid)

    def _failed(self, ts: int, message: Failed) -> Events:
        body = message.msg
        tally(self._numbers.census, "error", body.code)
        doubts = self._reply(ts, message.sid, message.seq)
        if body.code not in ENDED:
            return doubts
        named = body.market_tickers or ([body.market_ticker] if body.market_ticker else [])
        return doubts + self._ended(ts, message.sid, named, f"subscription ended: error {body.code}")

    def _ended(self, ts: int, sid: int, named: list[str], reason: str) -> Doubts:
        """A subscription was ended; when the exchange does not say which, every book is in doubt."""
        known = self._sequences.sids.get(sid)
        if known is not None:
            markets = self._sequences.reach(known)
            doubts = self._sequences.close(ts, sid, reason)
            self._commands.revive(known.channel, markets)
            return doubts
        books = [m for s in self._sequences.sids.values() if s.channel == BOOK for m in s.markets]
        return self._sequences.doubt(ts, named or list(dict.fromkeys(books)), reason)

    def _reply(self, ts: int, sid: int, seq: int) -> Doubts:
        """An answer counts on its subscription's counter when it carries a number."""
        return (self._sequences.admit(ts, sid, seq) or ()) if sid and seq else ()

    def _odd(self, ts: int, data: bytes | msgspec.Raw, error: msgspec.ValidationError) -> Events:
        """A message of no known shape: an unknown type is counted and keeps its number, an old shape is read."""
        envelope = _envelope(data)
        if envelope.type not in KNOWN:
            tally(self._numbers.census, "type", envelope.type)
            return self._reply(ts, envelope.sid, envelope.seq)
        try:
            message = legacy.modern(data) if legacy.old(data) else None
        except ValueError:
            message = None
        if message is None:
            raise error
        tally(self._numbers.census, "legacy", envelope.type)
        return self._slow(ts, message, data)
