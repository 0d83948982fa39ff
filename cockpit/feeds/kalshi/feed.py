"""The Kalshi feed: one object for the socket's frames and the answers to polls."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import BookDelta, BookDoubt, Event
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Budget, Frame, Poll, Request, Socket
from cockpit.feeds.kalshi.backfill import SLACK_NS, Backfill
from cockpit.feeds.kalshi.commands import TICKER, Commands
from cockpit.feeds.kalshi.ledger import Ledger
from cockpit.feeds.kalshi.numbers import Numbers
from cockpit.feeds.kalshi.pace import stretched
from cockpit.feeds.kalshi.pages import Begun
from cockpit.feeds.kalshi.polled import Reading
from cockpit.feeds.kalshi.rest import Rest
from cockpit.feeds.kalshi.sequence import BOOK, MISSED, TRADES, Sequences, Subscription
from cockpit.feeds.kalshi.stream import Stream
from cockpit.feeds.kalshi.tape import Recent
from cockpit.feeds.kalshi.watch import Watch

REST = "https://external-api.kalshi.com/trade-api/v2"
SOCKET = "wss://external-api-ws.kalshi.com/trade-api/ws/v2"
REMEMBERED = 5_000
"""Ids of prints that go into a new recording."""
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
        self._watch = Watch(
            asked.rest,
            asked.series,
            asked.markets,
            asked.watch,
            keyed=asked.keyed,
            reads_per_s=asked.reads_per_s,
            census=self.census,
        )
        self._ledger = Ledger(asked.rest) if asked.keyed and asked.account else None
        numbers = Numbers(self.census, use_yes_price=use_yes_price)
        self._seen = Recent()
        self._stream = Stream(numbers, self._sequences, self._commands, self._seen)
        self._rest = Rest(numbers, self._sequences, self._seen, self._watch)
        self._backfill = Backfill(self._watch, self.census)
        self._subscribed: tuple[str, ...] = ()
        """The markets the socket was last asked for."""
        self._connected = False
        """Whether the socket ever was."""
        self._heard = 0
        """When the socket last said something, ns UTC."""

    # ------------------------------------------------------------------ what is asked for

    def requests(self) -> list[Request]:
        """The polls, and with a key the socket."""
        if self._wants is None:
            return []
        polls = self._watch.requests()
        if self._ledger is not None:
            polls = [*polls, *self._ledger.requests()]
        requests: list[Request] = list(stretched(polls, self._wants.reads_per_s))
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
        """Ask for a market's whole book: on the socket, or where it was polled, by a question of its own.

        One that is not watched any more is let go: nobody would keep its book up.
        """
        if self._wants is None:
            self._commands.resnapshot(market)
        elif not self._watch.wants(market):
            return
        elif self._wants.keyed:
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
                self._heard = frame.t
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
        try:
            return self._rest.receive(frame)
        finally:
            rest = self._rest
            if self._backfill.answered(frame.u or "", rest.following, frame.t, fine=rest.answered):
                self._commands.release()

    def _note(self, events: Sequence[Event], now: int) -> None:
        """Keep the watch list, and with a key the subscriptions that follow from it."""
        self._watch.hear(events, now)
        if self._ledger is not None:
            self._ledger.hear(events)
        if self._backfill.pass_time(now):
            self._commands.release()
        missed = [each.market for each in events if isinstance(each, BookDoubt) and each.reason == MISSED]
        if missed:
            self._lose(missed, now)
            if self._backfill.ask(self._watch.held):
                self._commands.hold()
            else:
                self._commands.release()
        if self._wants is not None and self._wants.keyed and self._watch.chosen != self._subscribed:
            self._follow(self._wants, self._watch.chosen)

    def _follow(self, wants: Wants, chosen: tuple[str, ...]) -> None:
        """Subscribe to what is watched, and to nothing else."""
        self._subscribed = chosen
        watched = set(chosen)
        self.unsubscribe(each for each in self._commands.wanted() if each not in watched)
        self.subscribe(chosen, lifecycle=True, indices=INDICES)
        if wants.account:
            self._commands.account()

    def reset(self, source: str = "") -> None:
        """A connection was made: sids and numbers start anew, and all subscriptions are asked for again."""
        if source == self._poll:
            return
        self._connected = True
        self._sequences.reset()
        self._commands.restart(hold_books=self._backfill.ask(self._watch.held))

    def missed(self, markets: Iterable[str], since: int) -> None:
        """Nobody listened since then: what was printed in these markets is fetched before their books."""
        names = sorted(markets)
        for name in names:
            self._backfill.lost(name, since)
        self._backfill.ask({*names, *self._watch.held})

    def lost(self, source: str, ts: int) -> Sequence[Event]:
        """A connection ended: what it carried cannot be believed until it is told anew."""
        if source == self._poll:
            return self._rest.polled.lost(ts, "polling failed")
        doubts = self._sequences.lost(ts, "connection lost")
        if self._connected and self._wants is not None:
            self._lose([*(each.market for each in doubts), *self._commands.wanted()], ts)
        return doubts

    def _lose(self, markets: Iterable[str], now: int) -> None:
        """Prints of these may be missing: since the newest one known, or since the socket was last heard."""
        heard = self._heard or now
        for name in dict.fromkeys(markets):
            self._backfill.lost(name, min(heard, self._watch.printed_ns(name) or heard) - SLACK_NS)

    def memory(self) -> bytes:
        """Subscriptions with their numbers and books believed, the last prints' ids, and the polled books."""
        held = {str(sid): known for sid, known in self._sequences.sids.items()}
        rest = self._rest
        return msgspec.json.encode(
            _Memory(held, self._seen.newest(REMEMBERED), rest.polled.books, rest.pages.begun)
        )

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told.

        Raises:
            msgspec.MsgspecError: for anything else.
        """
        told = _MEMORY.decode(memory)
        self._sequences.recall({int(sid): known for sid, known in told.subscriptions.items()})
        self._seen.recall(told.prints)
        self._rest.polled.books = told.polled
        self._rest.pages.begun = told.pages


class _Memory(msgspec.Struct):
    subscriptions: dict[str, Subscription]
    prints: list[str]
    polled: dict[str, Reading] = {}
    pages: dict[str, Begun] = {}


_MEMORY = msgspec.json.Decoder(_Memory)
