"""The Kalshi feed: one object for the socket's frames and the answers to polls."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import BookDelta, BookDoubt, Event
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Budget, Frame, Poll, Request, Socket
from cockpit.feeds.kalshi.commands import TICKER, Commands
from cockpit.feeds.kalshi.ledger import Ledger
from cockpit.feeds.kalshi.numbers import Numbers
from cockpit.feeds.kalshi.rest import Rest
from cockpit.feeds.kalshi.sequence import BOOK, MISSED, TRADES, Sequences, Subscription
from cockpit.feeds.kalshi.stream import Stream
from cockpit.feeds.kalshi.tape import Recent
from cockpit.feeds.kalshi.watch import Watch

REST = "https://external-api.kalshi.com/trade-api/v2"
SOCKET = "wss://external-api-ws.kalshi.com/trade-api/ws/v2"
REMEMBERED = 5_000
"""Ids of prints that go into a new recording."""
HOLD_NS = 3 * SECOND
"""How long books wait for missed prints after a connection is made again."""
QUIET_NS = 60 * SECOND
"""The lifecycle of all markets comes by the same socket: a minute without a word is not a quiet market."""
LIGHT = (b'"type":"ticker"',)
INDICES = ("BRTI", "ETHUSD_RTI", "SOLUSD_RTI", "XRPUSD_RTI", "DOGEUSD_RTI")


class Wants(msgspec.Struct, frozen=True):
    """What a live feed asks for; a replay asks for nothing."""

    rest: str = REST
    socket: str = SOCKET
    series: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    watch: int = 60
    """Most markets watched."""
    reads_per_s: int = 10
    keyed: bool = False
    """Whether there is a key, and so the socket."""
    account: bool = False
    """With a key: whether the account is mirrored."""


class KalshiFeed:
    """Sans-I/O reader of one Kalshi connection; a `cockpit.feeds.base.Venue`.

    Frames come as source ``NAME.ws`` (messages) and ``NAME.rest`` (bodies, with their URL). ``use_yes_price`` is
    what the socket is asked for, and how its NO levels are read; REST books are in NO terms either way.

    After a lost connection the prints that were missed are asked for, and books only when they are known: so a queue
    is first moved by what traded, then clamped to what stands.
    """

    def __init__(self, name: str = "kalshi", use_yes_price: bool = False, wants: Wants | None = None) -> None:
        self.name = name
        self.census: Counter[str] = Counter()
        self._wants = wants
        asked = wants or Wants()
        self.budget = Budget(float(asked.reads_per_s), float(asked.reads_per_s))
        self._socket = f"{name}.ws"
        self._poll = f"{name}.rest"
        self._sequences = Sequences(self.census)
        self._commands = Commands(self._sequences, use_yes_price=use_yes_price)
        self._watch = Watch(asked.rest, asked.series, asked.markets, asked.watch, keyed=asked.keyed)
        self._ledger = Ledger(asked.rest) if asked.keyed and asked.account else None
        numbers = Numbers(self.census, use_yes_price=use_yes_price)
        self._seen = Recent()
        self._stream = Stream(numbers, self._sequences, self._commands, self._seen)
        self._rest = Rest(numbers, self._sequences, self._seen, self._watch)
        self._since = 0
        """The newest print known when the socket was lost; 0 while none is missing."""
        self._missing: set[str] = set()
        """URLs that are asked for missed prints."""
        self._patience = 0
        """Until when books wait for them; 0 before the first frame of the new connection."""

    # ------------------------------------------------------------------ what is asked for

    def requests(self) -> list[Request]:
        """The polls, and with a key the socket."""
        if self._wants is None:
            return []
        requests: list[Request] = list(self._watch.requests())
        if self._ledger is not None:
            requests += self._ledger.requests()
        if self._wants.keyed:
            requests.append(
                Socket(self._socket, self._wants.socket, quiet_ns=QUIET_NS, light=LIGHT, signed=True)
            )
        return requests

    def asks(self) -> list[Poll]:
        """Next pages, prints and books to ask for once."""
        return self._watch.asks() if self._wants is not None else []

    def outgoing(self, source: str = "") -> list[bytes]:
        """Commands for the socket, each returned once: subscriptions, and requests for books in doubt."""
        return self._commands.drain()

    def keep(self, markets: Iterable[str]) -> None:
        """Never let go of these: somebody has an order or a position there."""
        self._watch.keep(markets)

    def subscribe(
        self,
        tickers: Iterable[str],
        *,
        ticker: bool = False,
        lifecycle: bool = False,
        indices: Iterable[str] = (),
    ) -> None:
        """Ask for books and prints of some markets; on request also quotes, all lifecycles, settlement indices."""
        channels = (BOOK, TRADES, TICKER) if ticker else (BOOK, TRADES)
        self._commands.subscribe(tickers, channels)
        if lifecycle:
            self._commands.lifecycle()
        self._commands.indices(indices)

    def unsubscribe(self, tickers: Iterable[str]) -> None:
        """Let go of some markets on every channel."""
        self._commands.unsubscribe(tickers)

    def resnapshot(self, market: str) -> None:
        """Ask for a market's whole book: on the socket, or where it was polled, by a question of its own."""
        if self._wants is None or self._wants.keyed:
            self._commands.resnapshot(market)
        else:
            self._watch.book(market)

    # ------------------------------------------------------------------ what is heard

    def receive(self, frame: Frame) -> Sequence[Event]:
        """The events in a frame, in order.

        Raises:
            FeedError: when the frame cannot be read, or the exchange refused a request.
        """
        try:
            if frame.s == self._socket:
                events: Sequence[Event] = self._stream.receive(frame)
            elif frame.s == self._poll:
                events = self._answer(frame)
            else:
                raise FeedError(f"{self.name} does not read frames of {frame.s!r}")
        except (ValueError, RecursionError) as error:
            raise FeedError(f"{frame.s}: {error}") from error
        if self._wants is not None and not (len(events) == 1 and type(events[0]) is BookDelta):
            self._note(events, frame.t)
        return events

    def _answer(self, frame: Frame) -> Sequence[Event]:
        """An answer to a poll; when it was the last of the missed prints, books may come."""
        awaited = frame.u in self._missing
        try:
            return self._rest.receive(frame)
        finally:
            if awaited:
                self._missing.discard(frame.u or "")
                self._missing.update((self._rest.following,) if self._rest.following else ())
                if not self._missing:
                    self._let_books()

    def _let_books(self) -> None:
        """Missed prints are known, or will not be in time: late ones move no queue that a snapshot has clamped."""
        self._missing.clear()
        self._since = self._patience = 0
        self._commands.release()

    def _note(self, events: Sequence[Event], now: int) -> None:
        """Keep the watch list, and with a key the subscriptions that follow from it."""
        before = self._watch.chosen
        self._watch.hear(events, now)
        if self._ledger is not None:
            self._ledger.hear(events)
        if self._missing:
            self._patience = self._patience or now + HOLD_NS
            if now >= self._patience:
                self._let_books()
        if any(isinstance(each, BookDoubt) and each.reason == MISSED for each in events):
            self._watch.ask(self._watch.prints("", self._watch.printed_ns() or now))
        if self._wants is not None and self._wants.keyed and self._watch.chosen != before:
            chosen = set(self._watch.chosen)
            self.unsubscribe(each for each in self._commands.wanted() if each not in chosen)
            self.subscribe(self._watch.chosen, lifecycle=True, indices=INDICES)
            if self._wants.account:
                self._commands.account()

    def reset(self, source: str = "") -> None:
        """A connection was made: sids and numbers start anew, and all subscriptions are asked for again."""
        if source == self._poll:
            return
        self._sequences.reset()
        self._patience = 0
        if self._since:
            self._fetch(self._watch.prints("", self._since))
        self._commands.restart(hold_books=bool(self._missing))

    def missed(self, markets: Iterable[str], since: int) -> None:
        """Nobody listened since then: what was printed in these markets is fetched before their books."""
        for name in sorted(markets):
            self._fetch(self._watch.prints(name, since))

    def _fetch(self, poll: Poll) -> None:
        self._missing.add(poll.url)
        self._watch.ask(poll)

    def lost(self, source: str, ts: int) -> Sequence[Event]:
        """A connection ended: what it carried cannot be believed until it is told anew."""
        if source == self._poll:
            markets = list(self._rest.books)
            self._rest.books.clear()
            return [BookDoubt(ts, market, "polling failed") for market in markets]
        doubts = self._sequences.lost(ts, "connection lost")
        if doubts and self._wants is not None:
            self._since = self._since or self._watch.printed_ns() or ts
        return doubts

    def memory(self) -> bytes:
        """Subscriptions with their numbers and books believed, the last prints' ids, and the polled books."""
        held = {str(sid): known for sid, known in self._sequences.sids.items()}
        return msgspec.json.encode(_Memory(held, self._seen.newest(REMEMBERED), list(self._rest.books)))

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told.

        Raises:
            msgspec.MsgspecError: for anything else.
        """
        told = _MEMORY.decode(memory)
        self._sequences.recall({int(sid): known for sid, known in told.subscriptions.items()})
        self._seen.recall(told.prints)
        self._rest.books = dict.fromkeys(told.polled)


class _Memory(msgspec.Struct):
    subscriptions: dict[str, Subscription]
    prints: list[str]
    polled: list[str]


_MEMORY = msgspec.json.Decoder(_Memory)
