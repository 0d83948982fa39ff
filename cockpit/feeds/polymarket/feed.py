"""The Polymarket feed: one object for the sockets' frames and the answers of three REST APIs."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import Event
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Budget, Frame, Poll, Request, Socket
from cockpit.feeds.census import tally
from cockpit.feeds.polymarket.books import Books
from cockpit.feeds.polymarket.catalogue import Catalogue
from cockpit.feeds.polymarket.discovery import Discovery
from cockpit.feeds.polymarket.memory import Memory, recalled
from cockpit.feeds.polymarket.numbers import Numbers
from cockpit.feeds.polymarket.rest import Rest
from cockpit.feeds.polymarket.stream import Stream
from cockpit.feeds.polymarket.tape import Tape
from cockpit.feeds.polymarket.waiting import Waiting
from cockpit.feeds.polymarket.watch import Watch

GAMMA = "https://gamma-api.polymarket.com"
CLOB = "https://clob.polymarket.com"
DATA = "https://data-api.polymarket.com"
SOCKET = "wss://ws-subscriptions-clob.polymarket.com/ws/market"

PING_NS = 10 * SECOND
QUIET_NS = 60 * SECOND
"""Many markets watched: a minute without a word is a frozen connection, which the venue is known for."""
QUIET_FEW_NS = 300 * SECOND
MANY = 20
CHOOSE_NS = 10 * SECOND
"""How often listings lead to a new choice at most."""
TIDY_NS = 600 * SECOND
"""How often what ended long ago is forgotten."""


class PolymarketFeed:
    """Sans-I/O reader of Polymarket's public data; a `cockpit.feeds.base.Venue`.

    Frames come as sources ``NAME.gamma`` (listings), ``NAME.clob`` (books, terms), ``NAME.data`` (prints) and
    ``NAME.ws``, ``NAME.ws2``, ... (the market socket, so many as the tokens watched need).

    Args:
        name: of the feed, and of its sources.
        gamma: address of the listings.
        clob: address of the matching engine's REST API.
        data: address of the data API.
        socket: address of the market socket.
        tags: slugs (or ids) of tags whose open events are found.
        events: slugs of events besides.
        watch: most markets watched at once.
    """

    def __init__(
        self,
        name: str = "polymarket",
        *,
        gamma: str = GAMMA,
        clob: str = CLOB,
        data: str = DATA,
        socket: str = SOCKET,
        tags: Iterable[str] = ("crypto",),
        events: Iterable[str] = (),
        watch: int = 60,
    ) -> None:
        self.name = name
        self.census: Counter[str] = Counter()
        self.budget = Budget(5.0, 10.0)
        tags = tuple(tags)
        self._url = socket
        self._quiet_ns = QUIET_NS if tags and watch >= MANY else QUIET_FEW_NS
        self._sockets = f"{name}.ws"
        self._apis = {f"{name}.{api}": api for api in ("gamma", "clob", "data")}
        numbers = Numbers()
        self._catalogue = Catalogue(self.census)
        self._books = Books(numbers, self.census)
        self._tape = Tape(numbers, self.census)
        parts = (numbers, self._catalogue, self._books, self._tape, self.census)
        self._stream = Stream(*parts)
        self._rest = Rest(*parts)
        self._waiting = Waiting()
        self._watch = Watch(self._sockets, watch)
        self._discovery = Discovery(name, gamma, clob, data, tags, events)
        self._cut: list[str] = []
        """Sockets that began anew without a word that they had ended."""
        self._tidied_ns = 0
        self._chosen_ns = 0
        self._now = 0
        self._twice: dict[str, None] = {}
        """Markets whose missed prints are asked for later: the data API is late by up to a minute."""

    # ------------------------------------------------------------------ what is asked for

    def requests(self) -> list[Request]:
        """The listings to poll, and the sockets that carry something."""
        sockets = [
            Socket(source, self._url, self._quiet_ns, pulse=(b"PONG",), ping=b"PING", ping_ns=PING_NS)
            for source in self._watch.sockets()
        ]
        return [*self._discovery.requests(), *sockets]

    def asks(self) -> list[Poll]:
        """Next pages, outcomes, terms, books in doubt and missed prints, each once."""
        for name in self._books.wanted:
            if name in self._catalogue.known:
                self._discovery.book(self._catalogue.known[name].listing.yes)
        self._books.wanted.clear()
        return self._discovery.asks()

    def outgoing(self, source: str = "") -> list[bytes]:
        """Subscriptions to send on a socket, each once."""
        for name in self._books.renewed:
            self._watch.renew(name)
        self._books.renewed.clear()
        return self._watch.drain(source)

    def resnapshot(self, market: str) -> None:
        """Ask for a market's whole book; one that is not ours is ignored."""
        if market in self._catalogue.known:
            self._books.want(market)
            if self._waiting.disbelieved(market):
                self._books.get(market).live = False

    def keep(self, markets: Iterable[str]) -> None:
        """Never let go of these: somebody has an order or a position there."""
        if self._watch.keep(name for name in markets if name.startswith("0x")):
            self._discovery.listings(self._watch.unknown(self._catalogue.known))
            self._choose(self._now)

    # ------------------------------------------------------------------ what is heard

    def receive(self, frame: Frame) -> Sequence[Event]:
        """The events in a frame, in order.

        Raises:
            FeedError: when the frame cannot be read, or the venue refused a question.
        """
        if not self._cut and not self._waiting.kept:
            return self._read(frame)
        events = [*self._began(frame.t), *self._waiting.due(frame.t)]
        try:
            return [*events, *self._read(frame)]
        except FeedError as error:
            events += self._answered(frame)
            if not events:
                raise
            tally(self.census, "unreadable", error)
            return events

    def _read(self, frame: Frame) -> list[Event]:
        try:
            if frame.s.startswith(self._sockets):
                return self._message(frame)
            if frame.s in self._apis:
                return self._answer(frame, self._apis[frame.s])
        except (ValueError, RecursionError) as error:
            raise FeedError(f"{frame.s}: {error}") from error
        raise FeedError(f"{self.name} does not read frames of {frame.s!r}")

    def _message(self, frame: Frame) -> list[Event]:
        """A socket's frame, and what it makes worth asking."""
        stream = self._stream
        try:
            events = stream.receive(frame)
            for name in stream.reached:
                self._waiting.begin(name, frame.t)
            return self._waiting.sift(events)
        finally:
            if stream.reached or stream.fresh or stream.wondered:
                self._follow()

    def _follow(self) -> None:
        stream, discovery = self._stream, self._discovery
        for name in stream.reached:
            if self._watch.ours(name):
                discovery.prints(name)
            self._twice[name] = None
        stream.reached.clear()
        discovery.fresh(stream.fresh, self._catalogue.known)
        discovery.ended(stream.wondered)
        stream.wondered.clear()

    def _answer(self, frame: Frame, api: str) -> list[Event]:
        """An answer, and what it makes worth asking."""
        self._now = max(self._now, frame.t)
        try:
            events = self._waiting.sift(self._rest.receive(frame, api))
            return [*events, *self._answered(frame)]
        finally:
            for token in self._rest.wondered:
                self._discovery.prices(token)
            self._rest.wondered.clear()
            if api == "gamma":
                self._tidy(frame.t)
                self._discovery.paged(frame.u or "", self._rest.cursor, frame.t)
                if frame.t - self._chosen_ns >= CHOOSE_NS and self._discovery.settled(frame.t):
                    self._look_round(frame.t)

    def _answered(self, frame: Frame) -> list[Event]:
        """The prints of an outage were answered, one way or another: the book that waited for them is told."""
        if self._apis.get(frame.s) != "data":
            return []
        return self._waiting.answered(frame.u or "", frame.t)

    def _look_round(self, now: int) -> None:
        """Listings have come: choose anew, and ask what became of what has ended."""
        self._chosen_ns = now
        self._choose(now)
        known = self._catalogue.known
        told = [n for n, each in known.items() if each.told is not None or n in self._watch.markets]
        self._discovery.outcomes(known, told, now)
        self._discovery.listings(self._watch.unknown(known))
        for name in self._twice:
            self._discovery.prints(name)
        self._twice.clear()

    def _tidy(self, now: int) -> None:
        """Forget what is over; by the frames alone, so that a replay forgets it at the same one."""
        if now - self._tidied_ns < TIDY_NS:
            return
        self._tidied_ns = now
        for name in self._catalogue.forget(now):
            self._books.held.pop(name, None)
            self._tape.forget(name)

    def _choose(self, now: int) -> None:
        self._discovery.terms(self._watch.choose(self._catalogue.known, now))

    # ------------------------------------------------------------------ connections

    def reset(self, source: str = "") -> None:
        """A connection was made: its books are empty until they are told, and all is subscribed to again."""
        if source.startswith(self._sockets):
            if any(held.source == source and held.live for held in self._books.held.values()):
                self._cut.append(source)
            self._watch.restart(source)

    def missed(self, markets: Iterable[str], since: int) -> None:
        """Nobody listened since then: when a book of these is told, its prints are fetched."""
        for name in markets:
            self._tape.lost(name, since)

    def lost(self, source: str, ts: int) -> Sequence[Event]:
        """A connection ended: its books cannot be believed until they are told anew, and prints may be missed."""
        if not source.startswith(self._sockets):
            return []
        return self._lost(source, ts, "connection lost")

    def _began(self, ts: int) -> list[Event]:
        """Sockets began anew before anybody said that they had ended."""
        cut, self._cut = self._cut, []
        return [event for source in cut for event in self._lost(source, ts, "connection began anew")]

    def _lost(self, source: str, ts: int, reason: str) -> list[Event]:
        since = self._stream.heard.get(source, ts)
        names = [name for name, held in self._books.held.items() if held.source == source and held.live]
        for name in names:
            self._tape.lost(name, since)
        return [*self._waiting.lost(names, ts), *self._books.lost(ts, source, reason)]

    # ------------------------------------------------------------------ memory

    def memory(self) -> bytes:
        """Markets told of or watched, their books, the newest prints, and outages."""
        known, groups = self._catalogue.memory(self._watch.markets)
        return msgspec.json.encode(
            Memory(
                known,
                groups,
                self._books.held,
                self._books.proven,
                self._tape.newest(),
                self._stream.heard,
                self._stream.unread,
                self._cut,
                self._tidied_ns,
                self._waiting.kept,
            )
        )

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told.

        Raises:
            msgspec.MsgspecError: for anything else.
        """
        told = recalled(memory)
        self._catalogue.recall(told.known, told.groups)
        self._books.held, self._books.proven = told.books, told.proven
        self._tape.memory = told.prints
        self._cut, self._tidied_ns = told.cut, told.tidied_ns
        self._waiting.kept = told.waiting
        self._stream.heard, self._stream.unread = told.heard, told.unread
        self._rest.shells.clear()
        self._discovery.again()
