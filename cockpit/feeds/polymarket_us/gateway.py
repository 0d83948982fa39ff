"""Answers of the gateway to events, told apart by the end of the URL's path.

A market is told of once its book was read or it was asked for by name; listings alone tell of nothing. Books are
polled: each is a snapshot, and one not read for a long time is not believed.
"""

from collections import Counter
from collections.abc import Callable, Container
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
from msgspec.structs import replace

from cockpit.domain.errors import FeedError
from cockpit.domain.events import (
    BookDoubt,
    BookSnapshot,
    Event,
    EventListed,
    MarketListed,
    MarketSettled,
)
from cockpit.domain.markets import EventGroup, Market, MarketStatus, SettlementState
from cockpit.domain.units import PRICE, PRICE_DIGITS, SECOND, price, qty
from cockpit.feeds.base import Frame, payload
from cockpit.feeds.census import FieldWatch, tally
from cockpit.feeds.exact import instant, nearest
from cockpit.feeds.polymarket_us import bodies
from cockpit.feeds.polymarket_us.index import Index, Prints
from cockpit.feeds.polymarket_us.markets import BOOK_STATES, group, market
from cockpit.feeds.polymarket_us.wheel import Known, Wheel

STALE_NS = 60 * SECOND
"""A book not read for so long is not believed, at least."""
TURN_NS = 30 * SECOND
"""What one more book adds to that while its cadence is not known: every other question is for the index."""
SLOW = (5, 2)
"""How much later than usual a book may be read."""
KEEP_NS = 86_400 * SECOND
"""How long a market is kept after its close."""
KEEP_OPEN_NS = 14 * KEEP_NS
"""The same for one told of whose outcome is not known."""
LONGEST = 200
"""Characters of a foreign body that are quoted."""

_page = msgspec.json.Decoder(bodies.MarketPage).decode
_body = msgspec.json.Decoder(bodies.MarketBody).decode
_one = msgspec.json.Decoder(bodies.OneMarket).decode
_book = msgspec.json.Decoder(bodies.BookAnswer).decode
_best = msgspec.json.Decoder(bodies.BestAnswer).decode
_settlement = msgspec.json.Decoder(bodies.Settlement).decode
_history = msgspec.json.Decoder(bodies.History).decode

Levels = tuple[tuple[int, int], ...]
Read = Callable[[int, str, bytes], list[Event]]


class Memory(msgspec.Struct):
    """What later answers are read by."""

    known: dict[str, Known] = {}
    groups: dict[str, EventGroup] = {}
    """Events as told."""
    prints: Prints = msgspec.field(default_factory=Prints)


class Gateway:
    """Reads answers one by one. Failures to read are ValueError or RecursionError; refusals are FeedError."""

    def __init__(self, census: Counter[str], index: Index, wheel: Wheel) -> None:
        self._census = census
        self._index = index
        self._wheel = wheel
        self._watch = FieldWatch(census, bodies.KNOWN)
        self.known: dict[str, Known] = {}
        self._groups: dict[str, EventGroup] = {}

    def memory(self, watched: Container[str]) -> Memory:
        """Markets told of or watched, and the seconds of the index that were told."""
        kept = {n: each for n, each in self.known.items() if each.told is not None or n in watched}
        return Memory(kept, self._groups, self._index.prints)

    def recall(self, told: Memory) -> None:
        """Go on from these."""
        self.known, self._groups, self._index.prints = told.known, told.groups, told.prints

    def receive(self, frame: Frame) -> list[Event]:
        """The events of one answer.

        Raises:
            FeedError: when the venue refused, or nobody answered.
            ValueError, RecursionError: when the body cannot be read.
        """
        status = 200 if frame.st is None else frame.st
        data = bytes(frame.d or payload(frame))
        if status == 304 or (status == 204 and not data):
            return []
        url = urlsplit(frame.u or "")
        parts = tuple(part for part in url.path.split("/") if part)
        last = parts[-1] if parts else ""
        if status == 404 and last == "settlement":
            return []
        if status == 0 or status >= 400:
            raise FeedError(f"{frame.s}: {_refusal(data, status)}")
        if last == "markets":
            return self._markets(frame.t, frame.u or "", data)
        if last == "history":
            return list(self._index.read(frame.t, _history(data)))
        readers: dict[str, Read] = {
            "book": self._book,
            "bbo": self._bbo,
            "settlement": self._settled,
        }
        if last in readers and len(parts) > 1:
            return readers[last](frame.t, unquote(parts[-2]), data)
        if parts[-3:-1] == ("market", "slug"):
            return self._listed(frame.t, _one(data).market, asked=True)
        tally(self._census, "url", "/".join(parts[:2]) or "missing")
        return []

    # ------------------------------------------------------------------ markets

    def _markets(self, ts: int, url: str, data: bytes) -> list[Event]:
        """Listings. Those asked for by name are told of."""
        pieces = _page(data).markets
        asked = "slug" in parse_qs(urlsplit(url).query)
        if not asked:
            self._wheel.paged(url, len(pieces))
            self._forget(ts)
        events: list[Event] = []
        failed: list[Exception] = []
        for piece in pieces:
            try:
                events += self._piece(ts, piece, asked=asked)
            except (ValueError, RecursionError) as error:
                failed.append(error)
        if failed and len(failed) == len(pieces):
            raise failed[0]
        for each in failed:
            tally(self._census, "unreadable", each)
        return events

    def _piece(self, ts: int, data: msgspec.Raw, *, asked: bool) -> list[Event]:
        if self._watch.due("market"):
            self._watch.look("market", data, around="market")
        return self._listed(ts, _body(data), asked=asked)

    def _listed(self, ts: int, body: bodies.MarketBody, *, asked: bool) -> list[Event]:
        found, event = market(body, self._census), group(body)
        mid = _mid(body)
        known = self.known.get(body.slug)
        if known is None:
            known = self.known[body.slug] = Known(found)
        known.market, known.group = _settled_market(found, known.final), event
        known.mid = mid if mid >= 0 else known.mid
        if not asked and known.told is None:
            return []
        return self._tell(ts, known)

    def _tell(self, ts: int, known: Known) -> list[Event]:
        """What of a market has not been told, or has changed since."""
        events: list[Event] = []
        event = known.group
        if event is not None and event.ticker not in self._groups:
            self._groups[event.ticker] = event
            events.append(EventListed(ts, event))
        if known.told != known.market:
            known.told = known.market
            events.append(MarketListed(ts, known.market))
        return events

    def _forget(self, now: int) -> None:
        """Let go of markets that closed long ago."""
        gone = [name for name, each in self.known.items() if _over(each, now)]
        for name in gone:
            del self.known[name]
        if gone:
            used = {each.market.event for each in self.known.values()}
            self._groups = {ticker: each for ticker, each in self._groups.items() if ticker in used}

    def _settled(self, ts: int, slug: str, data: bytes) -> list[Event]:
        """What the long side is paid."""
        value = nearest(_settlement(data).settlement, PRICE_DIGITS)
        if not 0 <= value <= PRICE:
            raise ValueError(f"settlement outside 0..1: {value}")
        known = self.known.get(slug)
        if known is None:
            tally(self._census, "dropped", "outcome of a market nobody listed")
            return []
        if known.final == value:
            return []
        known.final = value
        known.market = _settled_market(known.market, value)
        final = MarketSettled(ts, slug, SettlementState.FINAL, value, known.market.expiration)
        return [*self._tell(ts, known), final]

    # ------------------------------------------------------------------ books

    def _book(self, ts: int, slug: str, data: bytes) -> list[Event]:
        """A polled book; one that was believed and cannot be read now is doubted."""
        try:
            return self._sound(ts, slug, _book(data).market_data)
        except ValueError as error:
            known = self.known.get(slug)
            if known is None or not known.book_ns:
                raise
            known.book_ns = 0
            tally(self._census, "unreadable", error)
            return [BookDoubt(ts, slug, "book cannot be read")]

    def _sound(self, ts: int, slug: str, told: bodies.MarketData) -> list[Event]:
        """A book; what it says of the market's state is said of the market. Raises ValueError."""
        bids, asks = _levels(told.bids), _levels(told.offers)
        ex = instant(told.transact_time)
        state = BOOK_STATES.get(told.state or "")
        if state is None:
            tally(self._census, "state", told.state or "missing")
        known = self.known.get(slug)
        if known is None or told.market_slug != slug:
            tally(self._census, "dropped", "book of a market nobody listed")
            return []
        if state is not None and known.final is None:
            known.market = replace(known.market, status=state)
        known.read(ts)
        return [*self._tell(ts, known), BookSnapshot(ts, ex, slug, bids, asks)]

    def _bbo(self, ts: int, slug: str, data: bytes) -> list[Event]:
        """Best prices: good to choose by; a polled price is no word of a stream, so nothing is told."""
        told = _best(data).market_data
        known = self.known.get(slug)
        if known is not None and told.best_bid is not None and told.best_ask is not None:
            known.mid = (price(told.best_bid.value) + price(told.best_ask.value)) // 2
        return []

    def stale(self, now: int) -> list[Event]:
        """Books nobody has read again for longer than their turn takes."""
        believed = [(name, known) for name, known in self.known.items() if known.book_ns]
        doubts: list[Event] = []
        for name, known in believed:
            if now - known.book_ns > _limit(known, len(believed)):
                known.book_ns = 0
                doubts.append(BookDoubt(now, name, "not polled any more"))
        return doubts

    def lost(self, ts: int) -> list[Event]:
        """Nothing answers: no book is believed until it is read again."""
        doubts: list[Event] = []
        for name, known in self.known.items():
            if known.book_ns:
                known.book_ns = 0
                doubts.append(BookDoubt(ts, name, "polling failed"))
        return doubts


def _limit(known: Known, books: int) -> int:
    """How old a book may be: by its own cadence, or before that is known by how many books take turns."""
    usual = max(known.apart_ns, known.before_ns)
    times, per = SLOW
    return max(STALE_NS, usual * times // per if usual else books * TURN_NS)


def _over(known: Known, now: int) -> bool:
    waited_for = known.told is not None and known.final is None
    return 0 < known.market.close_ns < now - (KEEP_OPEN_NS if waited_for else KEEP_NS)


def _levels(levels: list[bodies.Level] | None) -> Levels:
    """Levels in dollars as price and quantity units, in the order given. Raises ValueError."""
    sides: dict[int, int] = {}
    for level in levels or ():
        size = qty(level.qty)
        if size < 0 or level.px.currency not in (None, "USD"):
            raise ValueError(f"not a level: {level.px.value} {level.px.currency} x {level.qty}")
        if size:
            sides[price(level.px.value)] = size
    return tuple(sides.items())


def _mid(body: bodies.MarketBody) -> int:
    bid, ask = body.best_bid_quote, body.best_ask_quote
    if bid is None and ask is None:
        return -1
    return ((price(bid.value) if bid else 0) + (price(ask.value) if ask else PRICE)) // 2


def _settled_market(found: Market, final: int | None) -> Market:
    """A market with its outcome, once that is known."""
    if final is None:
        return found
    result = {PRICE: "yes", 0: "no"}.get(final, "")
    return replace(found, status=MarketStatus.FINALIZED, result=result, value=final)


def _refusal(data: bytes, status: int) -> str:
    """One line about a failed question. Pages of HTML, which is what 429 comes with, are not quoted."""
    head = f"HTTP {status}" if status else "no answer"
    text = data.decode(errors="replace").strip()
    if text[:1] == "<":
        text = "too many questions" if status == 429 else "a web page"
    return f"{head}: {text[:LONGEST]}" if text else head
