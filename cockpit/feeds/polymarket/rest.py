"""HTTP answers: bodies to events, told apart by the end of the URL's path.

A market or an event of a page that cannot be read is counted and left out; a page of which nothing can be read is an
error. Books of tokens, prices and prints name their token in the body, so that a question by POST needs no record of
what it asked.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from urllib.parse import urlsplit

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import Event
from cockpit.domain.markets import FeeSchedule
from cockpit.domain.units import PRICE
from cockpit.feeds.base import Frame, payload
from cockpit.feeds.census import FieldWatch, tally
from cockpit.feeds.exact import nearest
from cockpit.feeds.polymarket import bodies
from cockpit.feeds.polymarket.books import Books, when
from cockpit.feeds.polymarket.catalogue import Catalogue
from cockpit.feeds.polymarket.errors import refusal
from cockpit.feeds.polymarket.games import beside
from cockpit.feeds.polymarket.listing import exponent, grid, least, listing
from cockpit.feeds.polymarket.numbers import Numbers
from cockpit.feeds.polymarket.tape import Tape

GHOST_BID = 100
GHOST_ASK = PRICE - 100
"""A book with nothing between 1 and 99 cents may be the empty shell the venue has served by mistake."""

_page = msgspec.json.Decoder(bodies.EventPage).decode
_market_page = msgspec.json.Decoder(bodies.MarketPage).decode
_event = msgspec.json.Decoder(bodies.EventBody).decode
_market = msgspec.json.Decoder(bodies.MarketBody).decode
_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_book = msgspec.json.Decoder(bodies.BookBody).decode
_terms = msgspec.json.Decoder(bodies.ClobMarket).decode
_trades = msgspec.json.Decoder(list[bodies.DataTrade]).decode
_trade = msgspec.json.Decoder(bodies.DataTrade).decode
_prices = msgspec.json.Decoder(dict[str, dict[str, str]]).decode

Read = Callable[["Answer"], list[Event]]


class Answer(msgspec.Struct, gc=False):
    """One answer: when it came, its path's parts, and its body."""

    ts: int
    parts: tuple[str, ...]
    data: bytes


class Rest:
    """Reads answers one by one. Failures to read are ValueError or RecursionError; refusals are FeedError."""

    def __init__(
        self, numbers: Numbers, catalogue: Catalogue, books: Books, tape: Tape, census: Counter[str]
    ) -> None:
        self._numbers = numbers
        self._catalogue = catalogue
        self._books = books
        self._tape = tape
        self._census = census
        self._watch = FieldWatch(census, bodies.KNOWN)
        self.shells: dict[str, bodies.BookBody] = {}
        """Books that may be empty shells, by token, until the prices are known."""
        self.wondered: list[str] = []
        """Tokens of such books whose prices are to be asked for; whoever asks takes them."""
        self.cursor: str | None = None
        """Where the next page begins, by the last page read."""
        self._routes: dict[str, dict[tuple[str, ...], Read]] = {
            "gamma": {
                ("events", "keyset"): self._event_page,
                ("events", "slug", "*"): self._one_event,
                ("events", "*"): self._one_event,
                ("events",): self._events,
                ("markets", "keyset"): self._market_page,
                ("markets", "slug", "*"): self._one_market,
                ("markets", "*"): self._one_market,
                ("markets",): self._markets,
            },
            "clob": {
                ("book",): self._one_book,
                ("books",): self._books_of,
                ("prices",): self._prices_of,
                ("clob-markets", "*"): self._terms_of,
            },
            "data": {("trades",): self._prints},
        }

    def receive(self, frame: Frame, api: str) -> list[Event]:
        """The events of one answer of an API: gamma, clob or data.

        Raises:
            FeedError: when the venue refused, or nobody answered.
            ValueError, RecursionError: when the body cannot be read.
        """
        self.cursor = None
        status = 200 if frame.st is None else frame.st
        data = bytes(frame.d or payload(frame))
        if status == 304 or (status == 204 and not data):
            return []
        if status == 0 or status >= 400:
            raise FeedError(f"{frame.s}: {refusal(data, status)}")
        parts = tuple(part for part in urlsplit(frame.u or "").path.split("/") if part)
        for pattern, read in self._routes[api].items():
            if _matches(pattern, parts):
                return read(Answer(frame.t, parts, data))
        tally(self._census, "url", "/".join(parts[:2]) or "missing")
        return []

    # ------------------------------------------------------------------ gamma

    def _event_page(self, answer: Answer) -> list[Event]:
        page = _page(answer.data)
        events = self._several(page.events, lambda raw: self._event(answer.ts, raw))
        self.cursor = page.next_cursor or None
        return events

    def _events(self, answer: Answer) -> list[Event]:
        return self._several(_list(answer.data), lambda raw: self._event(answer.ts, raw))

    def _one_event(self, answer: Answer) -> list[Event]:
        return self._event(answer.ts, answer.data)

    def _event(self, ts: int, data: bytes | msgspec.Raw) -> list[Event]:
        """An event with its markets, which are told of only where they are known to be watched."""
        body = _event(data)
        if self._watch.due("event"):
            self._watch.look("event", data, around="event")
        return self._several(body.markets or [], lambda raw: self._listed(ts, body, raw, asked=False))

    def _market_page(self, answer: Answer) -> list[Event]:
        page = _market_page(answer.data)
        events = self._several(page.markets, lambda raw: self._lone(answer.ts, raw))
        self.cursor = page.next_cursor or None
        return events

    def _markets(self, answer: Answer) -> list[Event]:
        return self._several(_list(answer.data), lambda raw: self._lone(answer.ts, raw))

    def _one_market(self, answer: Answer) -> list[Event]:
        return self._lone(answer.ts, answer.data)

    def _lone(self, ts: int, data: bytes | msgspec.Raw) -> list[Event]:
        """A market asked for by itself; its event stands inside it."""
        return self._listed(ts, None, data, asked=True)

    def _listed(
        self, ts: int, ref: bodies.EventRef | None, data: bytes | msgspec.Raw, *, asked: bool
    ) -> list[Event]:
        body = _market(data)
        if self._watch.due("market"):
            self._watch.look("market", data, around="market")
        if ref is None:
            ref = body.events[0] if body.events else bodies.EventRef()
        if not asked and beside(ref, body) and body.condition_id not in self._catalogue.known:
            tally(self._census, "listing", "beside the winner of a game")
            return []
        found = listing(ref, body, self._census)
        return self._catalogue.take(ts, found, asked=asked) if found is not None else []

    def _several(
        self, pieces: Sequence[msgspec.Raw], read: Callable[[msgspec.Raw], list[Event]]
    ) -> list[Event]:
        """Objects one by one; raises the first failure when none can be read."""
        events: list[Event] = []
        failed: list[Exception] = []
        for piece in pieces:
            try:
                events += read(piece)
            except (ValueError, RecursionError) as error:
                failed.append(error)
        if failed and len(failed) == len(pieces):
            raise failed[0]
        for each in failed:
            tally(self._census, "unreadable", each)
        return events

    # ------------------------------------------------------------------ clob

    def _one_book(self, answer: Answer) -> list[Event]:
        return self._read_book(answer.ts, answer.data)

    def _books_of(self, answer: Answer) -> list[Event]:
        return self._several(_list(answer.data), lambda raw: self._read_book(answer.ts, raw))

    def _read_book(self, ts: int, data: bytes | msgspec.Raw) -> list[Event]:
        body = _book(data)
        bids, asks = self._books.sides(body.bids, body.asks)
        when(body)
        market, yes = self._catalogue.tokens.get(body.asset_id, ("", False))
        if not market or not yes:
            tally(self._census, "dropped", "book of a token nobody watches")
            return []
        if not self._books.sound(body):
            self._books.want(market)
            return []
        if max(bids, default=0) <= GHOST_BID and min(asks, default=PRICE) >= GHOST_ASK:
            self.shells[body.asset_id] = body
            self.wondered.append(body.asset_id)
            return []
        return self._believe(ts, market, body)

    def _believe(self, ts: int, market: str, body: bodies.BookBody) -> list[Event]:
        if self._tape.away(market):
            tally(self._census, "dropped", "answered book while its socket is away")
            return []
        bids, asks = self._books.sides(body.bids, body.asks)
        ex = when(body)
        step = grid(msgspec.convert(body.tick_size, type=Decimal), self._census) if body.tick_size else None
        events = self._catalogue.heard(ts, market)
        if step is not None:
            events += self._catalogue.stepped(ts, market, step)
        return events + self._books.answer(ts, ex, market, bids, asks)

    def _prices_of(self, answer: Answer) -> list[Event]:
        """Best prices: a book held back for looking like a shell is believed if they say the same."""
        events: list[Event] = []
        for token, sides in _prices(answer.data).items():
            stated = sorted(self._numbers.price[text] for text in sides.values())
            body = self.shells.pop(token, None)
            market = self._catalogue.tokens.get(token, ("", False))[0]
            if body is None or not market:
                continue
            bids, asks = self._books.sides(body.bids, body.asks)
            best = {max(bids, default=0), min(asks, default=PRICE)}
            if all(price in best or price in (0, PRICE) for price in stated):
                events += self._believe(answer.ts, market, body)
            else:
                tally(self._census, "book", "empty shell")
                self._books.renewed[market] = None
        return events

    def _terms_of(self, answer: Answer) -> list[Event]:
        body = _terms(answer.data)
        if not body.t:
            raise ValueError("terms without tokens")
        name = body.c or answer.parts[-1]
        fee = body.fd
        schedule = FeeSchedule()
        if fee is not None and fee.r is not None:
            rate = max(0, nearest(fee.r, 4))
            schedule = FeeSchedule(rate, exponent(fee.e, self._census), bool(fee.to))
        step = grid(body.mts, self._census) if body.mts is not None else None
        size = least(body.mos) if body.mos is not None else None
        return self._catalogue.terms(answer.ts, name, step, size, schedule)

    # ------------------------------------------------------------------ data

    def _prints(self, answer: Answer) -> list[Event]:
        rows = self._rows(answer.data)
        if self._watch.due("trades"):
            for raw in _list(answer.data)[:1]:
                self._watch.look("trades", raw, around="trades")
        return list(self._tape.fetched(answer.ts, rows, self._catalogue.tokens))

    def _rows(self, data: bytes) -> list[bodies.DataTrade]:
        """Prints as they stand; where some are out of shape, the others. Raises ValueError when none can be read."""
        try:
            return _trades(data)
        except msgspec.ValidationError as error:
            rows: list[bodies.DataTrade] = []
            for piece in _list(data):
                try:
                    rows.append(_trade(piece))
                except (ValueError, RecursionError) as why:
                    tally(self._census, "unreadable", why)
            if not rows:
                raise error from None
            return rows


def _matches(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Whether a path ends in a pattern: an address of its own may put something before it."""
    end = parts[-len(pattern) :]
    return len(end) == len(pattern) and all(p in ("*", part) for p, part in zip(pattern, end, strict=True))
