"""What is asked of the REST APIs: listings, outcomes, terms, books in doubt and missed prints.

Listings are paged by end, soonest first, so that the first page is polled often and the later ones seldom. Each
answer that tells a time sets off what has fallen due by then; nothing here reads a clock.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

from cockpit.domain.units import SECOND
from cockpit.feeds.base import Poll
from cockpit.feeds.polymarket.catalogue import Known
from cockpit.feeds.polymarket.games import LEAGUES, is_game

PAGE = 50
"""Events a page, of some 15 kB each."""
GAMES_PAGE = 10
"""The same of a league: a game's event has dozens of markets, some 250 kB of them."""
PAGES = 10
"""Most pages of one round."""
DEEP = 10
"""Every so many rounds the later pages are read as well."""
ROUND_NS = 60 * SECOND
GAMES_ROUND_NS = 300 * SECOND
"""How often a league is listed: its games are known days before."""
PENDING = 40
"""Conditions in one question."""
FIRST_NS = 30 * SECOND
"""From a market's end to the first question for its outcome; the next comes after twice as long, and so on."""
SLOWEST_NS = 3_600 * SECOND
WAITING = 500
"""Questions that may wait to be asked."""
PAGE_NS = 60 * SECOND
"""How long a page that was asked for is waited for."""
_DAY_S = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Due(msgspec.Struct):
    """When a market's outcome is asked for next, and how long after that again. Times ns UTC."""

    at: int
    wait: int = FIRST_NS


class Discovery:
    """Turns what is known into questions."""

    def __init__(
        self, name: str, gamma: str, clob: str, data: str, tags: Iterable[str], events: Iterable[str]
    ) -> None:
        self._name = name
        self._gamma, self._clob, self._data = gamma, clob, data
        self._tags = tuple(dict.fromkeys(tags))
        self._events = tuple(dict.fromkeys(events))
        self._since = ""
        """The day before the newest answer: what ended earlier and is not closed is not news."""
        self._rounds: dict[str, int] = {}
        self._pages: dict[str, int] = {}
        self._paging: dict[str, int] = {}
        """Tags of which another page is to come, and when it was asked for."""
        self._silent = {*self._tags, *self._events}
        """What has not been answered yet."""
        self._first = 0
        self._due: dict[str, Due] = {}
        self._asks: dict[Poll, None] = {}

    def requests(self) -> list[Poll]:
        """The standing questions: each tag's first page, and each event."""
        polls = [
            Poll(f"{self._name}.gamma", self._listing(tag), GAMES_ROUND_NS if tag in LEAGUES else ROUND_NS)
            for tag in self._tags
        ]
        polls += [Poll(f"{self._name}.gamma", self._event(slug), ROUND_NS) for slug in self._events]
        return polls

    def asks(self) -> list[Poll]:
        """Those to ask once; each is returned once."""
        asked, self._asks = list(self._asks), {}
        return asked

    def _listing(self, tag: str, cursor: str = "") -> str:
        fields = {
            "tag_id" if tag.isdigit() else "tag_slug": tag,
            "closed": "false",
            "order": "endDate",
            "ascending": "true",
            "limit": str(GAMES_PAGE if tag in LEAGUES else PAGE),
        }
        if self._since:
            fields["end_date_min"] = self._since
        if cursor:
            fields["after_cursor"] = cursor
        return f"{self._gamma}/events/keyset?{urlencode(fields)}"

    def _event(self, slug: str) -> str:
        return f"{self._gamma}/events/slug/{slug}"

    def _ask(self, source: str, url: str, body: object = None) -> None:
        if len(self._asks) < WAITING:
            data = msgspec.json.encode(body) if body is not None else b""
            self._asks[Poll(f"{self._name}.{source}", url, body=data)] = None

    # ------------------------------------------------------------------ listings

    def paged(self, url: str, cursor: str | None, ts: int) -> None:
        """A page of listings came: the next one is asked for where this round goes that far."""
        path, query = urlsplit(url).path, parse_qs(urlsplit(url).query)
        tag = (query.get("tag_slug") or query.get("tag_id") or [path.rpartition("/")[2]])[-1]
        self._silent.discard(tag)
        self._first = self._first or ts
        if not path.endswith("/keyset"):
            return
        if "after_cursor" not in query:
            self._rounds[tag] = self._rounds.get(tag, 0) + 1
            self._pages[tag] = 1
        self._paging.pop(tag, None)
        if cursor and self._rounds.get(tag, 0) % DEEP == 1 and self._pages.get(tag, 1) < PAGES:
            self._pages[tag] = self._pages.get(tag, 1) + 1
            self._paging[tag] = ts
            self._ask("gamma", self._listing(tag, cursor))
        if "after_cursor" not in query:
            self._since = f"{_date(ts // SECOND - _DAY_S)}T00:00:00Z"

    def settled(self, ts: int) -> bool:
        """Whether all that was to come of a round has come, or has been waited for long enough."""
        if self._silent and ts - self._first < PAGE_NS:
            return False
        return not any(ts - asked < PAGE_NS for asked in self._paging.values())

    def again(self) -> None:
        """What was listed has been forgotten: the next round reads all pages."""
        self._rounds.clear()

    def fresh(self, told: list[tuple[str, frozenset[str]]], known: Mapping[str, Known]) -> None:
        """New markets the venue told of: those of our tags and events are read at once.

        Not those of a game that is listed: what is new there is beside its winner.
        """
        for slug, tags in told:
            if is_game(slug) and any(each.listing.group.subtitle == slug for each in known.values()):
                continue
            if slug in self._events or not tags.isdisjoint(self._tags):
                self._ask("gamma", self._event(slug))
        told.clear()

    # ------------------------------------------------------------------ outcomes

    def outcomes(self, known: dict[str, Known], ours: Iterable[str], now: int) -> None:
        """Ask how markets ended that are over, each less and less often until it is final."""
        ask = []
        for name in ours:
            each = known.get(name)
            if each is None or each.final:
                self._due.pop(name, None)
                continue
            over = not each.listing.accepting or 0 < each.listing.end_ns <= now
            if not over:
                continue
            due = self._due.get(name)
            if due is None:
                due = self._due[name] = Due(max(now, each.listing.end_ns + FIRST_NS))
            if due.at <= now:
                due.at, due.wait = now + due.wait, min(2 * due.wait, SLOWEST_NS)
                ask.append(name)
        self.ended(ask)

    def ended(self, names: list[str]) -> None:
        """Ask for markets by their ids, which are said to be over."""
        for first in range(0, len(names), PENDING):
            self._by_id(names[first : first + PENDING], "true")

    def listings(self, names: list[str]) -> None:
        """Ask for markets by their ids, open or over."""
        for first in range(0, len(names), PENDING):
            self._by_id(names[first : first + PENDING], "false")
            self._by_id(names[first : first + PENDING], "true")

    def _by_id(self, names: list[str], closed: str) -> None:
        fields = [("condition_ids", name) for name in names]
        query = urlencode([*fields, ("closed", closed), ("limit", str(2 * PENDING))])
        self._ask("gamma", f"{self._gamma}/markets?{query}")

    # ------------------------------------------------------------------ terms, books, prints

    def terms(self, names: Iterable[str]) -> None:
        """Ask the matching engine for markets' own terms."""
        for name in names:
            self._ask("clob", f"{self._clob}/clob-markets/{name}")

    def book(self, token: str) -> None:
        """Ask for a token's whole book."""
        self._ask("clob", f"{self._clob}/book?{urlencode({'token_id': token})}")

    def prices(self, token: str) -> None:
        """Ask for a token's best prices."""
        body = [{"token_id": token, "side": "BUY"}, {"token_id": token, "side": "SELL"}]
        self._ask("clob", f"{self._clob}/prices", body)

    def prints(self, name: str) -> None:
        """Ask for a market's newest prints."""
        self._ask("data", f"{self._data}/trades?{urlencode({'market': name, 'limit': '500'})}")


def _date(seconds: int) -> str:
    """A day by its seconds since 1970, as YYYY-MM-DD."""
    return f"{_EPOCH + timedelta(seconds=max(0, seconds)):%Y-%m-%d}"
