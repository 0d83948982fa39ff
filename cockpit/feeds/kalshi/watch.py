"""What the watched markets take in questions: discovery, books, prints, settlements.

Without a key everything is polled: the quotes of all watched markets in one question, their books in another, and the
prints of those whose volume has changed, one market at a time. With a key books and prints come by the socket, and
questions are left for what it does not tell. What is asked never changes what the answers mean.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlencode

from cockpit.domain.events import Event
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Poll
from cockpit.feeds.kalshi import milestones
from cockpit.feeds.kalshi.choice import Choice
from cockpit.feeds.kalshi.pace import Tapes
from cockpit.feeds.kalshi.pages import beginning

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
SINGLES_PER_S = (2, 5)
"""The part of the budget that books asked for one by one may take."""
LIMIT = 1_000
WAITING = 1_000
"""Questions that may wait to be asked."""
SOURCE = "kalshi.rest"


class Watch:
    """Turns the choice of markets into questions."""

    def __init__(
        self,
        rest: str,
        series: Iterable[str],
        markets: Iterable[str],
        limit: int,
        *,
        keyed: bool,
        reads_per_s: int = 10,
        census: Counter[str] | None = None,
    ) -> None:
        self._rest = rest
        self._keyed = keyed
        self._reads_per_s = reads_per_s
        self._choice = Choice(series, markets, limit, Counter() if census is None else census)
        self._tapes = Tapes(reads_per_s)
        self._asks: list[Poll] = []
        self._polls: list[Poll] = []
        self.single_books = False
        """Whether books can only be asked for one by one."""

    @property
    def chosen(self) -> tuple[str, ...]:
        """The markets watched now."""
        return self._choice.chosen

    @property
    def held(self) -> frozenset[str]:
        """Markets somebody of ours is in."""
        return self._choice.held

    def wants(self, market: str) -> bool:
        """Whether a market's book is kept up."""
        return market in self._choice.held or market in self._choice.chosen

    # ------------------------------------------------------------------ what was heard

    def hear(self, events: Sequence[Event], now: int) -> None:
        """Take note of what some frame said."""
        choice = self._choice
        choice.hear(events, now)
        if choice.closed_since():
            self._asks += [self._discovery(each, 0) for each in choice.series]
        if choice.due():
            self._choose()
        for name in self._tapes.due(choice.now, choice.held, choice.chosen):
            if name in choice.known:
                self.ask(self.prints(name, self.printed_ns(name)))

    def quoted(self, ticker: str, volume: str | None, bid: str | None, ask: str | None) -> None:
        """What a market's record says of its trading; where its volume grew and no socket tells, prints are wanted."""
        grown = self._choice.quoted(ticker, volume, bid, ask)
        if grown and not self._keyed and ticker in self._choice.chosen:
            self._tapes.grown(ticker)

    def keep(self, held: Iterable[str]) -> None:
        """Markets that must stay watched: somebody has an order or a position there."""
        if self._choice.keep(held):
            self._choose()

    def printed_ns(self, market: str) -> int:
        """The newest print known of a market, by the venue's clock; 0 where nothing is known of it."""
        seen = self._choice.known.get(market)
        return seen.printed_ns if seen is not None else 0

    def _choose(self) -> None:
        self._choice.choose()
        self._polls = self._questions()
        for event in self._choice.unscheduled():
            self.ask(self._poll(milestones.of_event(event), 0))

    # ------------------------------------------------------------------ the questions

    def requests(self) -> list[Poll]:
        """The standing ones."""
        return self._polls or [self._poll("/exchange/status", STATUS_NS)]

    def ask(self, poll: Poll) -> None:
        """Ask this once; a reader that nobody asks for keeps the last few."""
        self._asks.append(poll)
        del self._asks[:-WAITING]

    def asks(self) -> list[Poll]:
        """Those to ask once; each is returned once."""
        asked, self._asks = list(dict.fromkeys(self._asks)), []
        return asked

    def _questions(self) -> list[Poll]:
        choice = self._choice
        polls = [self._poll("/exchange/status", STATUS_NS), self._poll("/exchange/schedule", FEES_NS)]
        every = DISCOVER_NS if choice.chosen else NOTHING_NS
        polls += [self._discovery(each, every) for each in choice.series]
        for each in choice.series:
            polls.append(self._poll(f"/series/{quote(each, safe='')}", FEES_NS))
            polls.append(self._poll(f"/series/fee_changes?{urlencode({'series_ticker': each})}", FEES_NS))
        polls.append(self._poll(f"/events/fee_changes?limit={LIMIT}", FEES_NS))
        for kind in milestones.types(choice.series):
            polls.append(self._poll(milestones.of_type(kind, choice.now), milestones.EVERY_NS))
        polls += self._markets(choice.unknown(), DISCOVER_NS)
        polls += self._markets(choice.chosen, KEYED_NS if self._keyed else QUOTES_NS)
        polls += self._markets(choice.closed(), OUTCOMES_NS)
        return polls if self._keyed else polls + self._books()

    def _books(self) -> list[Poll]:
        chosen = self._choice.chosen
        if self.single_books:
            part, whole = SINGLES_PER_S
            every = max(BOOKS_NS, len(chosen) * SECOND * whole // (part * max(1, self._reads_per_s)))
            return [self._poll(self._book(name), every) for name in chosen]
        return [
            self._poll(f"/markets/orderbooks?{urlencode([('tickers', name) for name in batch])}", BOOKS_NS)
            for batch in batches(chosen)
        ]

    def one_by_one(self) -> None:
        """The venue does not answer for many books at once without a key."""
        if not self.single_books:
            self.single_books = True
            self._choose()

    def _markets(self, tickers: Sequence[str], every_ns: int) -> list[Poll]:
        return [
            self._poll(f"/markets?limit={LIMIT}&tickers={joined(batch)}", every_ns)
            for batch in batches(tickers)
        ]

    def _discovery(self, series: str, every_ns: int) -> Poll:
        fields = {"series_ticker": series, "status": "open", "with_nested_markets": "true", "limit": 200}
        return self._poll(f"/events?{urlencode(fields)}", every_ns)

    def prints(self, ticker: str, since_ns: int) -> Poll:
        """The prints of a market from a moment on, by the venue's clock."""
        fields = {"limit": LIMIT, "min_ts": max(0, since_ns // SECOND), "ticker": ticker}
        return self._poll(f"/markets/trades?{urlencode(fields)}", 0)

    def more(self, url: str, cursor: str) -> str:
        """Ask for the next page of an answer; its URL."""
        following = f"{beginning(url)[0]}&{urlencode({'cursor': cursor})}"
        self.ask(Poll(SOURCE, following, signed="/portfolio/" in url.partition("?")[0]))
        return following

    def book(self, ticker: str) -> None:
        """Ask for one market's book now."""
        self.ask(self._poll(self._book(ticker), 0))

    @staticmethod
    def _book(ticker: str) -> str:
        return f"/markets/{quote(ticker, safe='')}/orderbook"

    def _poll(self, path: str, every_ns: int) -> Poll:
        return Poll(SOURCE, f"{self._rest}{path}", every_ns)


def batches(names: Sequence[str]) -> list[Sequence[str]]:
    """Names in groups that fit one question."""
    return [names[i : i + BATCH] for i in range(0, len(names), BATCH)]


def joined(names: Iterable[str]) -> str:
    """Tickers as one field of a URL."""
    return ",".join(quote(name, safe="") for name in names)
