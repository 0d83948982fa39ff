"""Which markets are watched, and which questions that takes: discovery, books, prints, settlements.

Without a key everything is polled: the quotes of all watched markets in one question, their books in another, and the
prints of those whose volume has changed. With a key books and prints come by the socket, and questions are left for
what it does not tell. What is asked never changes what the answers mean.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

import msgspec

from cockpit.domain.events import (
    BookSnapshot,
    Event,
    MarketChanged,
    MarketListed,
    MarketSettled,
    SeriesListed,
    Trade,
)
from cockpit.domain.markets import MarketStatus, SettlementState
from cockpit.domain.units import PRICE, SECOND, price
from cockpit.feeds.base import Poll

BATCH = 50
"""Tickers in one question."""
QUOTES_NS = 2 * SECOND
BOOKS_NS = 1 * SECOND
OUTCOMES_NS = 10 * SECOND
"""How often the markets that have closed are asked for their settlement."""
KEYED_NS = 30 * SECOND
"""How often a market the socket carries is asked for as well: its record may change without a message."""
DISCOVER_NS = 60 * SECOND
NOTHING_NS = 5 * SECOND
"""The same while there is nothing to watch."""
FEES_NS = 3600 * SECOND
STATUS_NS = 30 * SECOND
CHOOSE_NS = 30 * SECOND
"""How often the choice is made anew: prices move, and with them what is near the money."""
AFTER_CLOSE_NS = 2 * SECOND
"""When to look for what follows a market that closed."""
PENDING = 200
"""Most closed markets asked about at once."""
EDGE = 300
"""A mid this near to 0 or 1 (price units) is not a market to make."""
PAGES = 10
"""Most pages of one answer."""
LIMIT = 1_000
SOURCE = "kalshi.rest"

_OPEN = (MarketStatus.ACTIVE, MarketStatus.INITIALIZED, MarketStatus.INACTIVE, MarketStatus.UNKNOWN)


class Seen(msgspec.Struct):
    """What matters of a market here. Times ns UTC."""

    close_ns: int = 0
    status: MarketStatus = MarketStatus.UNKNOWN
    final: bool = False
    mid: int = -1
    """Price units; -1 while no book has been seen."""
    volume: str = ""
    printed_ns: int = 0
    """The newest print known, by the venue's clock."""


class Watch:
    """Keeps the list, and turns it into questions."""

    def __init__(
        self, rest: str, series: Iterable[str], markets: Iterable[str], limit: int, *, keyed: bool
    ) -> None:
        self._rest = rest
        self._series = tuple(dict.fromkeys(series))
        self._named = tuple(dict.fromkeys(markets))
        self._limit = limit
        self._keyed = keyed
        self._known: dict[str, Seen] = {}
        self._held: frozenset[str] = frozenset()
        self._asks: list[Poll] = []
        self._told: set[str] = set()
        self._pages: dict[str, int] = {}
        self._look_ns = 0
        """When to look for what follows the next market to close; it stands when that market is gone."""
        self._choose_ns = 0
        self._now = 0
        self._stale = True
        self._polls: list[Poll] = []
        self.single_books = False
        """Whether books can only be asked for one by one."""
        self.chosen: tuple[str, ...] = ()
        """The markets watched now."""

    # ------------------------------------------------------------------ what was heard

    def hear(self, events: Sequence[Event], now: int) -> None:
        """Take note of what some frame said."""
        self._now = max(self._now, now)
        for event in events:
            match event:
                case Trade(market=name):
                    if name in self._known:
                        seen = self._known[name]
                        seen.printed_ns = max(seen.printed_ns, event.ex)
                case BookSnapshot(market=name):
                    if name in self._known:
                        self._known[name].mid = _mid(event)
                case MarketListed():
                    self._listed(event)
                case MarketChanged():
                    self._changed(event)
                case MarketSettled():
                    self._settled(event)
                case SeriesListed():
                    self._told.add(event.series.ticker)
                case _:
                    pass
        if self._look_ns and now >= self._look_ns:
            self._stale, self._look_ns = True, 0
            self._asks += [self._discovery(each, 0) for each in self._series]
        if self._stale or now >= self._choose_ns:
            self._choose()

    def _listed(self, event: MarketListed) -> None:
        market = event.market
        seen = self._known.get(market.ticker)
        if seen is None:
            seen = self._known[market.ticker] = Seen(printed_ns=event.ts)
            self._stale = True
        if (seen.close_ns, seen.status) != (market.close_ns, market.status):
            seen.close_ns, seen.status = market.close_ns, market.status
            self._stale = True

    def _changed(self, event: MarketChanged) -> None:
        seen = self._known.get(event.ticker)
        if seen is not None:
            seen.close_ns = event.close_ns or seen.close_ns
            seen.status = event.status or seen.status
            self._stale = True

    def _settled(self, event: MarketSettled) -> None:
        seen = self._known.get(event.ticker)
        final = event.state in (SettlementState.FINAL, SettlementState.VOID)
        if seen is not None and final and not seen.final:
            seen.final = True
            self._stale = True

    def quoted(self, ticker: str, volume: str | None, bid: str | None, ask: str | None) -> None:
        """What a market's record says of its trading; where its volume grew and no socket tells, prints are asked for.

        Raises:
            ValueError: when bid or ask is no price.
        """
        seen = self._known.get(ticker)
        if seen is None:
            return
        if seen.mid < 0 and bid and ask:
            seen.mid = (price(bid) + price(ask)) // 2
        if volume and seen.volume != volume:
            before, seen.volume = seen.volume, volume
            if before and not self._keyed and ticker in self.chosen:
                self._asks.append(self.prints(ticker, seen.printed_ns))

    def keep(self, held: Iterable[str]) -> None:
        """Markets that must stay watched: somebody has an order or a position there."""
        wanted = frozenset(held)
        if wanted != self._held:
            self._held = wanted
            self._stale = True
            self._choose()

    # ------------------------------------------------------------------ the choice

    def _choose(self) -> None:
        """The soonest to close and nearest to the money; who is watched stays while there is room."""
        self._stale, self._choose_ns = False, self._now + CHOOSE_NS
        now, known = self._now, self._known
        for name in [n for n, seen in known.items() if seen.final and n not in self._held]:
            del known[name]
        open_ = [
            n for n, s in known.items() if not s.final and s.status in _OPEN and not 0 < s.close_ns <= now
        ]
        must = [n for n in open_ if n in self._held or n in self._named]
        rest = sorted((n for n in open_ if n not in self._held and n not in self._named), key=self._rank)
        room = max(0, self._limit - len(must))
        near = set(rest[: room + room // 2])
        stays = [n for n in self.chosen if n in near][:room]
        fresh = [n for n in rest if n not in set(stays)][: room - len(stays)]
        self.chosen = tuple(sorted([*must, *stays, *fresh]))
        if not self._look_ns:
            closes = [known[n].close_ns for n in self.chosen if known[n].close_ns]
            self._look_ns = min(closes) + AFTER_CLOSE_NS if closes else 0
        self._polls = self._questions()

    def _rank(self, ticker: str) -> tuple[bool, int, int, str]:
        seen = self._known[ticker]
        away = abs(seen.mid - PRICE // 2) if seen.mid >= 0 else 0
        return away > PRICE // 2 - EDGE, seen.close_ns or 1 << 62, away, ticker

    # ------------------------------------------------------------------ the questions

    def requests(self) -> list[Poll]:
        """The standing ones."""
        return self._polls or [self._poll("/exchange/status", STATUS_NS)]

    def ask(self, poll: Poll) -> None:
        """Ask this once."""
        self._asks.append(poll)

    def asks(self) -> list[Poll]:
        """Those to ask once; each is returned once."""
        asked, self._asks = list(dict.fromkeys(self._asks)), []
        return asked

    def _questions(self) -> list[Poll]:
        polls = [self._poll("/exchange/status", STATUS_NS), self._poll("/exchange/schedule", FEES_NS)]
        every = DISCOVER_NS if self.chosen else NOTHING_NS
        polls += [self._discovery(each, every) for each in self._series]
        for each in self._series:
            polls.append(self._poll(f"/series/{each}", FEES_NS))
            polls.append(self._poll(f"/series/fee_changes?{urlencode({'series_ticker': each})}", FEES_NS))
        polls.append(self._poll(f"/events/fee_changes?limit={LIMIT}", FEES_NS))
        unknown = [name for name in self._named if name not in self._known]
        polls += self._markets(unknown, DISCOVER_NS)
        polls += self._markets(self.chosen, KEYED_NS if self._keyed else QUOTES_NS)
        polls += self._markets(self._closed(), OUTCOMES_NS)
        return polls if self._keyed else polls + self._books()

    def _closed(self) -> list[str]:
        """Markets that trade no more and are not settled for good, the newest first."""
        waiting = [
            n for n, s in self._known.items() if not s.final and n not in self.chosen and self._over(s)
        ]
        return sorted(waiting, key=lambda n: (n not in self._held, -self._known[n].close_ns, n))[:PENDING]

    def _over(self, seen: Seen) -> bool:
        return seen.status not in _OPEN or 0 < seen.close_ns <= self._now

    def _books(self) -> list[Poll]:
        if self.single_books:
            every = max(BOOKS_NS, len(self.chosen) * SECOND // 4)
            return [self._poll(f"/markets/{name}/orderbook", every) for name in self.chosen]
        return [
            self._poll(f"/markets/orderbooks?{urlencode([('tickers', name) for name in batch])}", BOOKS_NS)
            for batch in _batches(self.chosen)
        ]

    def one_by_one(self) -> None:
        """The venue does not answer for many books at once without a key."""
        if not self.single_books:
            self.single_books = True
            self._choose()

    def _markets(self, tickers: Sequence[str], every_ns: int) -> list[Poll]:
        return [
            self._poll(f"/markets?limit={LIMIT}&tickers={','.join(batch)}", every_ns)
            for batch in _batches(tickers)
        ]

    def _discovery(self, series: str, every_ns: int) -> Poll:
        fields = {"series_ticker": series, "status": "open", "with_nested_markets": "true", "limit": 200}
        return self._poll(f"/events?{urlencode(fields)}", every_ns)

    def prints(self, ticker: str, since_ns: int) -> Poll:
        """The prints of a market (or of all, for "") from a moment on, by the venue's clock."""
        fields: dict[str, str | int] = {"limit": LIMIT, "min_ts": max(0, since_ns // SECOND)}
        if ticker:
            fields["ticker"] = ticker
        return self._poll(f"/markets/trades?{urlencode(fields)}", 0)

    def more(self, url: str, cursor: str) -> str:
        """Ask for the next page of an answer; its URL, or "" when that would be one too many."""
        head, _, query = url.partition("?")
        fields = [part for part in query.split("&") if not part.startswith("cursor=")]
        first = f"{head}?{'&'.join(fields)}"
        page = self._pages[first] = 1 + (self._pages.get(first, 1) if "cursor=" in query else 1)
        if page > PAGES:
            return ""
        following = f"{first}&{urlencode({'cursor': cursor})}"
        self._asks.append(Poll(SOURCE, following))
        return following

    def book(self, ticker: str) -> None:
        """Ask for one market's book now."""
        self._asks.append(self._poll(f"/markets/{ticker}/orderbook", 0))

    def printed_ns(self) -> int:
        """The newest print known of any watched market, by the venue's clock; 0 before one."""
        return max((self._known[name].printed_ns for name in self.chosen), default=0)

    def _poll(self, path: str, every_ns: int) -> Poll:
        return Poll(SOURCE, f"{self._rest}{path}", every_ns)


def _batches(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[i : i + BATCH] for i in range(0, len(names), BATCH)]


def _mid(book: BookSnapshot) -> int:
    """The middle of a book; an empty side counts as its end."""
    bid = max((price for price, _ in book.bids), default=0)
    ask = min((price for price, _ in book.asks), default=PRICE)
    return (bid + ask) // 2
