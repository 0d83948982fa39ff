"""Whose turn it is: one question at a time, since the gateway bears about one in ten seconds.

The settlement index has every other turn. The rest is shared by pages of listings, the books of watched markets one
by one, their records all together, and the outcomes of what has ended. The answer to one question sets off the next;
the standing question for the listings starts the wheel, and starts it again should an answer fail to come.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import msgspec

from cockpit.domain.markets import EventGroup, Market, MarketStatus
from cockpit.domain.units import PRICE, SECOND
from cockpit.feeds.base import Poll
from cockpit.feeds.polymarket_us.index import Index

LISTED_NS = 600 * SECOND
STARTED_NS = 60 * SECOND
"""How often the wheel is started where no listings are wanted."""
PAGE = 100
PAGES = 10
PATIENCE_NS = 300 * SECOND
"""How long an answer is waited for before another question is asked."""
SETTLED_NS = 90 * SECOND
"""From a market's close to the first question for its outcome; each next one comes after twice as long."""
SLOWEST_NS = 3_600 * SECOND
BATCH = 40
"""Slugs in one question."""
WAITING = 50
"""Questions that may wait for their turn."""


OUTAGE_NS = 900 * SECOND
"""Readings of a book further apart than this are no cadence."""


class Known(msgspec.Struct):
    """One market, and what of it has been told."""

    market: Market
    group: EventGroup | None = None
    mid: int = -1
    """About what YES costs, price units; -1 where nothing says."""
    told: Market | None = None
    final: int | None = None
    """What YES was paid."""
    book_ns: int = 0
    """When its book was last read; 0 where it is not believed."""
    read_ns: int = 0
    """The same, believed or not."""
    apart_ns: int = 0
    """How long lay between its last two readings, and between the two before; 0 where not known."""
    before_ns: int = 0

    def read(self, ts: int) -> None:
        """Its book was read."""
        apart = ts - self.read_ns
        if self.read_ns and apart <= OUTAGE_NS:
            self.apart_ns, self.before_ns = apart, self.apart_ns
        self.book_ns = self.read_ns = ts


class Wheel:
    """Chooses what to watch and what to ask next."""

    def __init__(
        self, source: str, gateway: str, categories: Iterable[str], limit: int, index: Index
    ) -> None:
        self._source = source
        self._gateway = gateway
        self._categories = tuple(dict.fromkeys(categories))
        self._limit = limit
        self._index = index
        self._held: frozenset[str] = frozenset()
        self._first: dict[str, None] = {}
        """Questions that come before the rest's turn."""
        self._turns: list[str] = []
        self._prints_next = True
        self._pages: dict[str, int] = {}
        self._asked = ""
        self._asked_ns = 0
        self._due: dict[str, tuple[int, int]] = {}
        """Market to when its outcome is asked for next, and how long after that again, ns."""
        self.watched: tuple[str, ...] = ()

    def requests(self) -> list[Poll]:
        """The standing question of each category, or one that only starts the wheel."""
        if not self._categories:
            return [Poll(self._source, f"{self._gateway}/v1/markets?limit=1", STARTED_NS)]
        return [Poll(self._source, self._page(each, 0), LISTED_NS) for each in self._categories]

    def _page(self, category: str, offset: int) -> str:
        fields = {"categories": category, "closed": "false", "limit": PAGE, "offset": offset}
        return f"{self._gateway}/v1/markets?{urlencode(fields)}"

    # ------------------------------------------------------------------ turns

    def answered(self, url: str) -> None:
        """A question was answered, one way or another."""
        if url == self._asked:
            self._asked = ""

    def asks(self, known: Mapping[str, Known], now: int) -> list[Poll]:
        """The next question, unless one is on its way; nothing before the first answer tells the time."""
        if not now or (self._asked and now - self._asked_ns < PATIENCE_NS):
            return []
        url = self._next(known, now)
        if not url:
            return []
        self._asked, self._asked_ns = url, now
        return [Poll(self._source, url)]

    def _next(self, known: Mapping[str, Known], now: int) -> str:
        self._prints_next = not self._prints_next
        prints = self._index.url(now)
        if prints and not self._prints_next:
            return prints
        if self._first:
            url = next(iter(self._first))
            del self._first[url]
            return url
        if not self._turns:
            self._turns = self._round(known, now)
        return self._turns.pop(0) if self._turns else prints

    def _round(self, known: Mapping[str, Known], now: int) -> list[str]:
        """Every book once, all records once, and the outcomes that are due."""
        self._choose(known, now)
        turns = [self._book(name) for name in self.watched]
        records = [*self.watched, *sorted(name for name in self._held if name not in known)]
        turns += [self._records(records[i : i + BATCH]) for i in range(0, len(records), BATCH)]
        return turns + [f"{self._path(name)}/settlement" for name in self._ended(known, now)]

    def _ended(self, known: Mapping[str, Known], now: int) -> list[str]:
        """Markets told of that are over and not settled, each asked for less and less often."""
        due = []
        for name, each in known.items():
            over = 0 < each.market.close_ns <= now - SETTLED_NS or each.market.status in _OVER
            if each.final is not None or not over or (each.told is None and name not in self._held):
                self._due.pop(name, None)
                continue
            at, wait = self._due.get(name, (0, SETTLED_NS))
            if at <= now:
                self._due[name] = (now + wait, min(2 * wait, SLOWEST_NS))
                due.append(name)
        return due

    def _records(self, names: list[str]) -> str:
        fields = [("slug", name) for name in names]
        return f"{self._gateway}/v1/markets?{urlencode([*fields, ('limit', str(PAGE))])}"

    def _book(self, name: str) -> str:
        return f"{self._path(name)}/book"

    def _path(self, name: str) -> str:
        return f"{self._gateway}/v1/markets/{quote(name, safe='')}"

    def book(self, name: str) -> None:
        """A market's book is wanted soon."""
        self._soon(self._book(name))

    def _soon(self, url: str) -> None:
        if len(self._first) < WAITING:
            self._first[url] = None

    def paged(self, url: str, count: int) -> None:
        """A page of listings came: a full one has a next."""
        query = parse_qs(urlsplit(url).query)
        category = (query.get("categories") or [""])[-1]
        offset = int((query.get("offset") or ["0"])[-1])
        if category and count >= PAGE and offset < PAGE * (PAGES - 1):
            self._soon(self._page(category, offset + PAGE))

    # ------------------------------------------------------------------ the choice

    def keep(self, markets: Iterable[str]) -> None:
        """Markets that stay watched."""
        self._held = frozenset(markets)

    def _choose(self, known: Mapping[str, Known], now: int) -> None:
        """Those kept, those watched that are still open, then the soonest and nearest of every series in turn."""
        open_ = {name: each for name, each in known.items() if _open(each, now)}
        held = [name for name in sorted(self._held) if name in open_]
        stays = [name for name in self.watched if name in open_ and name not in self._held]
        room = max(0, self._limit - len(held) - len(stays))
        rest = {name: each for name, each in open_.items() if name not in stays and name not in self._held}
        self.watched = (*held, *stays, *_ranked(rest)[:room])


_OVER = (MarketStatus.CLOSED, MarketStatus.DETERMINED)


def _open(each: Known, now: int) -> bool:
    market = each.market
    return each.final is None and market.status is MarketStatus.ACTIVE and not 0 < market.close_ns <= now


def _ranked(known: Mapping[str, Known]) -> list[str]:
    """By place within the series, then by close, then by distance from the money."""
    series: dict[str, list[tuple[int, int, str]]] = {}
    for name, each in known.items():
        away = abs(each.mid - PRICE // 2) if each.mid >= 0 else PRICE // 2
        closes = each.market.close_ns or 1 << 62
        series.setdefault(each.market.series or name, []).append((closes, away, name))
    placed = [
        (place, closes, away, name)
        for members in series.values()
        for place, (closes, away, name) in enumerate(sorted(members))
    ]
    return [name for _, _, _, name in sorted(placed)]
