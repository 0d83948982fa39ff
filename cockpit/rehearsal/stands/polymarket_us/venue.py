"""The Polymarket US stand-in: the public gateway, fed by the stage."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote

from cockpit.domain.units import PRICE_DIGITS, SECOND, decimal
from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.polymarket.bodies import number
from cockpit.rehearsal.stands.asked import Answer, Asked, json_answer, phrase
from cockpit.rehearsal.stands.faults import Clock, Control
from cockpit.rehearsal.stands.polymarket.errors import Refused
from cockpit.rehearsal.stands.polymarket.routes import Routes
from cockpit.rehearsal.stands.polymarket_us.bodies import best_body, book_body, event_body, market_body
from cockpit.rehearsal.stands.polymarket_us.gate import TOO_MANY, Gate, Pace
from cockpit.rehearsal.stands.polymarket_us.index import BUCKETS, MOST_CANDLES, Span, series
from cockpit.rehearsal.stands.polymarket_us.market import Market, event_of
from cockpit.rehearsal.stands.polymarket_us.state import State
from cockpit.rehearsal.stands.serve import Server
from cockpit.rehearsal.stands.wire import Wire

USUAL, MOST = 20, 500
MOST_ASSETS = 10
_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 429: 8, 503: 14}


def failure(status: int, text: str = "") -> Answer:
    """A failure: the gateway's number for it, and a text."""
    body = {"code": _CODES.get(status, 13), "message": text or phrase(status), "details": []}
    return json_answer(body, status)


NOT_FOUND = failure(404)


class PolymarketUs:
    """The venue: an async context manager that serves while it is open.

    Args:
        control: faults, and the wall clock questions are counted by.
        clock: the stage's time: what the venue takes for now in its markets.
        pace: how often a path may be asked.
        server: more arguments for the server, such as ``port``.
    """

    name = "polymarket_us"

    def __init__(self, control: Control, clock: Clock, pace: Pace | None = None, **server: Any) -> None:
        self.control = control
        self.state = State(clock)
        self._gate = Gate(pace or Pace())
        self.server = Server(self, control, **server)
        self._routes = Routes(NOT_FOUND)
        for path, act in (
            ("v1/markets", self._markets),
            ("v1/market/slug/*", self._market),
            ("v1/market/id/*", self._numbered),
            ("v1/markets/*/book", self._book),
            ("v1/markets/*/bbo", self._best),
            ("v1/markets/*/settlement", self._settlement),
            ("v1/events", self._events),
            ("v1/events/slug/*", self._event),
            ("v1/asset-prices/history", self._history),
        ):
            self._routes.add("GET", path, act)

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.server.__aexit__(*error)

    # ------------------------------------------------------------------ as the stage and the server see it

    def take(self, arrival: Arrival) -> None:
        """One frame of the stage."""
        self.state.take(arrival)

    @property
    def congested(self) -> bool:
        """Whether any client is far behind."""
        return self.server.congested

    def places(self) -> dict[str, str]:
        """Where a client finds it."""
        return {"gateway": self.server.http}

    async def answer(self, asked: Asked) -> Answer:
        """Answer a plain request."""
        refusal = self._gate.refusal(asked.path, self.control.now())
        return refusal if refusal is not None else self._routes.answer(asked, asked.path)

    async def greet(self, asked: Asked) -> Answer | None:
        """The venue's sockets take a key, and are elsewhere."""
        return NOT_FOUND

    async def talk(self, asked: Asked, wire: Wire) -> None:
        """Nobody is let in."""

    def denial(self, status: int) -> Answer:
        """A failure on purpose, in the venue's words."""
        return TOO_MANY if status == 429 else failure(status)

    # ------------------------------------------------------------------ markets

    def _markets(self, asked: Asked) -> Answer:
        now, found = self.state.now(), self._found(asked)
        page = found[_count(asked, "offset", 0) :][: _limit(asked)]
        return json_answer({"markets": [market_body(market, now) for market in page]})

    def _found(self, asked: Asked) -> list[Market]:
        slugs, ids = asked.listed("slug"), asked.listed("id")
        events, categories = asked.listed("eventSlug"), asked.listed("categories")
        if categories and "crypto" not in categories:
            return []
        closed, active = _flag(asked, "closed"), _flag(asked, "active")
        return [
            market
            for market in self.state.markets.values()
            if (not slugs or market.slug in slugs)
            and (not ids or str(market.number) in ids)
            and (not events or event_of(market.terms) in events)
            and closed in (None, market.paid is not None)
            and active is not False
        ]

    def _known(self, slug: str) -> Market:
        market = self.state.markets.get(unquote(slug))
        if market is None:
            raise Refused(failure(404, "market not found"))
        return market

    def _market(self, asked: Asked, slug: str) -> Answer:
        return json_answer({"market": market_body(self._known(slug), self.state.now())})

    def _numbered(self, asked: Asked, name: str) -> Answer:
        slug = next((m.slug for m in self.state.markets.values() if str(m.number) == name), "")
        return self._market(asked, slug)

    def _book(self, asked: Asked, slug: str) -> Answer:
        hollow = self.control.faults.missing_side
        return json_answer(book_body(self._known(slug), self.state.now(), hollow=hollow))

    def _best(self, asked: Asked, slug: str) -> Answer:
        return json_answer(best_body(self._known(slug)))

    def _settlement(self, asked: Asked, slug: str) -> Answer:
        market = self._known(slug)
        if market.paid is None:
            return failure(404, "settlement not found")
        paid = number(decimal(market.paid, PRICE_DIGITS))
        return json_answer({"slug": market.slug, "settlement": paid})

    # ------------------------------------------------------------------ events

    def _groups(self, keep: Callable[[Market], bool]) -> list[list[Market]]:
        groups: dict[str, list[Market]] = {}
        for market in self.state.markets.values():
            if keep(market):
                groups.setdefault(event_of(market.terms), []).append(market)
        return list(groups.values())

    def _events(self, asked: Asked) -> Answer:
        now, names, closed = self.state.now(), asked.listed("slug"), _flag(asked, "closed")
        groups = self._groups(lambda market: not names or event_of(market.terms) in names)
        bodies = [event_body(group, now) for group in groups]
        found = [body for body in bodies if closed in (None, body["closed"])]
        return json_answer({"events": found[_count(asked, "offset", 0) :][: _limit(asked)]})

    def _event(self, asked: Asked, slug: str) -> Answer:
        groups = self._groups(lambda market: event_of(market.terms) == unquote(slug))
        if not groups:
            return failure(404, "event not found")
        return json_answer({"event": event_body(groups[0], self.state.now())})

    # ------------------------------------------------------------------ the index

    def _history(self, asked: Asked) -> Answer:
        now = self.state.now() // SECOND
        span = _span(asked, now)
        prints = self.state.prints
        return json_answer({"series": [series(each, prints.get(each), span, now) for each in span.assets]})


def _span(asked: Asked, now: int) -> Span:
    """What of the index is asked for; raises Refused."""
    bucket = asked.first("bucket") or "ASSET_PRICE_BUCKET_1M"
    names = asked.listed("assets")
    assets = tuple(name.rpartition(":")[2].upper() for name in names if name.startswith("crypto:"))
    if bucket not in BUCKETS:
        raise Refused(failure(400, "invalid bucket"))
    if not 1 <= len(names) <= MOST_ASSETS or len(assets) < len(names):
        raise Refused(failure(400, "assets must name one to ten assets as class:symbol"))
    start, end = _count(asked, "from", 0), _count(asked, "to", 0) or now
    if not start or end < start:
        raise Refused(failure(400, "from must be before to"))
    if (end - start) // BUCKETS[bucket] > MOST_CANDLES:
        raise Refused(failure(400, f"more than {MOST_CANDLES} candles"))
    return Span(assets, start, end, bucket)


def _count(asked: Asked, name: str, default: int) -> int:
    text = asked.first(name)
    if text and not text.isdecimal():
        raise Refused(failure(400, f"invalid {name}"))
    return int(text) if text else default


def _limit(asked: Asked) -> int:
    return min(_count(asked, "limit", USUAL) or USUAL, MOST)


def _flag(asked: Asked, name: str) -> bool | None:
    return {"true": True, "false": False}.get(asked.first(name).lower())


def made(control: Control, clock: Clock, folder: Path, **server: Any) -> tuple[PolymarketUs, dict[str, str]]:
    """A stand-in for the table of venues; a client needs to know nothing but its place."""
    return PolymarketUs(control, clock, **server), {}
