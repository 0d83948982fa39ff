"""What Polymarket says of the world's markets there, and when it arrives.

When the recording begins a client asks for the listings, then for each market's terms, and then subscribes to both tokens
of all of them: whole books come before any change. From then on each deed is told by one message with all levels it
changed, each as both tokens see it; trades are printed on one token's tape, and followed by both whole books.

Listings arrive before anything of Kalshi's does that is asked for at the same moment.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from cockpit.domain.units import ASK, BID, PRICE
from cockpit.rehearsal.draws import MICROSECOND, Draws, micros
from cockpit.rehearsal.exchange import Change, Print
from cockpit.rehearsal.happenings import Ended, Moved, Opened, Refined
from cockpit.rehearsal.pit import LOT
from cockpit.rehearsal.polymarket import bodies, messages
from cockpit.rehearsal.polymarket.depth import Depth
from cockpit.rehearsal.polymarket.market import Group, Market, deal_of, event_id, ids_of
from cockpit.rehearsal.polymarket.names import transaction_of
from cockpit.rehearsal.tokens import TokenFloor

GAMMA, CLOB, WS = "polymarket.gamma", "polymarket.clob", "polymarket.ws"
_GAMMA_URL = "https://gamma-api.polymarket.com"
_CLOB_URL = "https://clob.polymarket.com"
_LINK_MS = {GAMMA: (15.0, 25.0), CLOB: (12.0, 10.0), WS: (25.0, 12.0)}
"""Least latency, and what comes on top: of an answer at most, of a message on average; in milliseconds."""

Sent = tuple[int, str, bytes, str | None]
"""When it arrives (ns UTC), source, payload, and the URL of a REST answer."""


def page_of(tag: str) -> str:
    """The question for the events of a tag."""
    return f"{_GAMMA_URL}/events/keyset?tag_slug={tag}&closed=false&order=endDate&ascending=true&limit=50"


PAGE = page_of("crypto")


class Post:
    """Tells of markets; to be told of every happening that is theirs, in true order.

    Args:
        twins: the markets, by condition.
        rng: of the answers' and messages' latencies.
        tags: listings are asked for by these, each for the events that carry it.
    """

    def __init__(
        self, twins: Mapping[str, TokenFloor], rng: np.random.Generator, tags: Iterable[str] = ("crypto",)
    ) -> None:
        self.twins = twins
        self._tags = tuple(tags)
        self._draws = Draws(rng)
        self._markets: dict[str, Market] = {}
        self._told = 0
        self._clock = 0

    def send(self, happening: Opened | Moved | Refined | Ended) -> Iterator[Sent]:
        """What a happening is told by."""
        match happening:
            case Opened(ts):
                return self._opened(ts)
            case Moved():
                return self._moved(happening)
            case Refined(ts, name, before):
                return self._refined(ts, self._markets[name], before)
            case Ended(ts, name, final):
                return self._ended(ts, self._markets[name], final=final)

    # ------------------------------------------------------------------ one case each

    def _opened(self, ts: int) -> Iterator[Sent]:
        groups: dict[str, Group] = {}
        for pit in self.twins.values():
            self._list(pit, groups, ts)
        at = ts
        for tag in self._tags:
            tagged = [g for g in groups.values() if tag in {each.slug for each in g.event.tags}]
            page = {"events": [bodies.event_body(group, markets=True) for group in tagged]}
            at = max(at, self._answered(GAMMA, ts))
            yield at, GAMMA, messages.encode(page), page_of(tag)
        asked = at
        for name, market in self._markets.items():
            body = messages.encode(bodies.terms_body(market))
            at = max(at, self._answered(CLOB, asked))
            yield at, CLOB, body, f"{_CLOB_URL}/clob-markets/{name}"
        self._clock = at
        books = [
            self._whole(market, ts, yes=yes) for market in self._markets.values() for yes in (True, False)
        ]
        for frame in messages.dumps(books):
            yield self._message(at, frame)

    def _list(self, pit: TokenFloor, groups: dict[str, Group], now: int) -> None:
        names, ids = pit.names, ids_of(pit.number, pit.terms.ticker)
        group = groups.get(names.event.slug)
        if group is None:
            group = groups[names.event.slug] = Group(event_id(pit.number), names.event)
        market = Market(ids, names, pit.terms, group, Depth(pit.tick), now)
        group.markets.append(market)
        levels = pit.exchange.levels
        market.book.replace(*([(price, qty // LOT) for price, qty in levels(side)] for side in (BID, ASK)))
        market.turnover = pit.exchange.volume // LOT * PRICE // 2
        self._markets[ids.condition] = market

    def _moved(self, moved: Moved) -> Iterator[Sent]:
        """One deed's tape: the levels it left, its prints, and the books after a trade."""
        market, exchange = self._markets[moved.market], self.twins[moved.market].exchange
        changed = dict.fromkeys((item.side, item.price) for item in moved.tape if isinstance(item, Change))
        for side, price in changed:
            market.book.put(side, price, exchange.displayed(side, price) // LOT)
        self._told += 1
        base = self._late(moved.ts)
        yield self._message(base, messages.price_change(market, changed, moved.ts, self._told))
        prints = [item for item in moved.tape if isinstance(item, Print)]
        if not prints:
            return
        transaction = transaction_of(f"{moved.market}|{self._told}")
        for printed in prints:
            size, ts = printed.qty // LOT, printed.ts
            deal = deal_of(printed.taker, printed.price, size, ts, transaction, transaction)
            market.note(deal, messages.last_text(deal.price))
            yield self._message(base, messages.last_trade(market, deal))
        for yes in (True, False):
            yield self._message(base, self._whole(market, moved.ts, yes=yes, bare=True))

    def _refined(self, ts: int, market: Market, before: int) -> Iterator[Sent]:
        market.book.step(self.twins[market.condition].tick)
        base = self._late(ts)
        for yes in (True, False):
            yield self._message(base, messages.tick_change(market, before, ts, yes=yes))
        for yes in (True, False):
            yield self._message(base, self._whole(market, ts, yes=yes, bare=True))

    def _ended(self, ts: int, market: Market, *, final: bool) -> Iterator[Sent]:
        pit = self.twins[market.condition]
        market.propose(PRICE if pit.pays() else 0)
        asked = ts
        if final:
            market.final = pit.final()
            market.resolve(ts)
            told = self._message(self._late(ts), messages.resolved(market, ts))
            yield told
            asked = told[0]
        closed = "true" if final else "false"
        url = f"{_GAMMA_URL}/markets?condition_ids={market.condition}&closed={closed}&limit=80"
        body = messages.encode([bodies.market_body(market, lone=True)])
        yield self._answered(GAMMA, asked), GAMMA, body, url

    # ------------------------------------------------------------------ parts

    def _whole(self, market: Market, ts: int, *, yes: bool, bare: bool = False) -> bytes:
        """A whole book; ``bare`` without what only the first one of a connection has."""
        return messages.book(market, ts, yes=yes, event=True, whole=not bare)

    def _message(self, at: int, frame: bytes) -> Sent:
        """A frame of the socket, after everything it has carried."""
        self._clock = max(at, self._clock + MICROSECOND)
        return self._clock, WS, frame, None

    def _late(self, ts: int) -> int:
        least, more = _LINK_MS[WS]
        return ts + micros((least + self._draws.exponential(more)) / 1_000)

    def _answered(self, source: str, ts: int) -> int:
        """When an answer arrives."""
        least, more = _LINK_MS[source]
        return ts + micros((least + self._draws.uniform() * more) / 1_000)
