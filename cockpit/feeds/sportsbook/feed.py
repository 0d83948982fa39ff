"""The sportsbook feed: what books ask for games, by polling one or two services that gather it, each with a key."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

import msgspec

from cockpit.domain.books import BookGame
from cockpit.domain.errors import FeedError
from cockpit.domain.events import Event, OddsBudget, OddsSeen
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Budget, Frame, Poll, Request, payload
from cockpit.feeds.census import tally
from cockpit.feeds.sportsbook import opticodds, theoddsapi
from cockpit.feeds.sportsbook.credits import Credits
from cockpit.feeds.sportsbook.teams import LEAGUES, Named, Names

MINUTE_NS = 60 * SECOND
FREE_NS = 360 * MINUTE_NS
"""How often the list of sports is asked for, which costs nothing."""
GAMES_NS = 30 * MINUTE_NS
"""How often OpticOdds' games are asked for."""
GONE_NS = 24 * 60 * MINUTE_NS
"""How long after its start a game is remembered."""

Data = bytes | msgspec.Raw


class Wants(msgspec.Struct, frozen=True):
    """What is asked for."""

    keys: tuple[str, ...] = ()
    """Names of the secrets there are: a source without one is not asked."""
    sports: tuple[str, ...] = ()
    """The Odds API's names of sports, asked for in turn."""
    regions: tuple[str, ...] = ("us",)
    markets: tuple[str, ...] = ("h2h",)
    every_min: int = 90
    """From one question to the next, whichever sport it is for."""
    keep: int = 25
    """Credits below which nothing is asked that costs."""
    site: str = theoddsapi.SITE
    optic: bool = False
    optic_site: str = opticodds.SITE
    optic_leagues: tuple[str, ...] = ()
    optic_books: tuple[str, ...] = ()
    optic_every_min: int = 5


class _Memory(msgspec.Struct):
    now: int = 0
    account: Credits = msgspec.field(default_factory=Credits)
    games: dict[str, BookGame] = {}
    """The Odds API's, without prices."""
    optic: dict[str, BookGame] = {}
    fields: dict[str, str] = {}
    words: dict[str, str] = {}


_MEMORY = msgspec.json.Decoder(_Memory)


class SportsbookFeed:
    """Sans-I/O reader; a `cockpit.feeds.base.Feed` for frames of ``NAME.theoddsapi`` and ``NAME.opticodds``.

    Args:
        name: of the feed, and of its sources.
        teams: of both leagues.
        wants: what is asked for; nothing by default.
        fields: where OpticOdds' things stand, where it is not as documented.
        words: our markets by OpticOdds' names.
    """

    def __init__(
        self,
        name: str = "sportsbook",
        *,
        teams: Iterable[Named],
        wants: Wants | None = None,
        fields: Mapping[str, str] | None = None,
        words: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.census: Counter[str] = Counter()
        self.budget = Budget(1.0, 2.0)
        self._wants = wants or Wants()
        self._odds_source = f"{name}.theoddsapi"
        self._optic_source = f"{name}.opticodds"
        self._names = Names(teams, self.census)
        self._reader = opticodds.Reader(self._names, fields or {}, words or opticodds.WORDS)
        self._known = _Memory(fields=self._reader.fields, words=self._reader.words)
        if self._wants.sports and theoddsapi.SECRET not in self._wants.keys:
            tally(self.census, "theoddsapi", "not asked without a key")
        if self._wants.optic and opticodds.SECRET not in self._wants.keys:
            tally(self.census, "opticodds", "not asked without a key")

    # ------------------------------------------------------------------ what is asked for

    def requests(self) -> list[Request]:
        """The list that costs nothing, each sport's odds as credits allow, and OpticOdds' games and odds."""
        found: list[Request] = []
        if theoddsapi.SECRET in self._wants.keys:
            found += self._odds_polls()
        if self._wants.optic and opticodds.SECRET in self._wants.keys:
            found += self._optic_polls()
        return found

    def _odds_polls(self) -> Iterable[Poll]:
        wants, account = self._wants, self._known.account
        if not wants.sports:
            return
        source, secret = self._odds_source, theoddsapi.SECRET
        yield Poll(source, f"{wants.site}{theoddsapi.PATH}", FREE_NS, secret=secret)
        asked = [each for each in wants.sports if account.allows(each, wants.keep)]
        for sport in asked:
            url = theoddsapi.url(wants.site, sport, wants.regions, wants.markets)
            yield Poll(source, url, wants.every_min * MINUTE_NS * len(asked), secret=secret)

    def _optic_polls(self) -> Iterable[Poll]:
        wants, source, secret = self._wants, self._optic_source, opticodds.SECRET
        for league in wants.optic_leagues:
            yield Poll(source, opticodds.games_url(wants.optic_site, league), GAMES_NS, secret=secret)
        soonest = sorted(self._known.optic.values(), key=lambda each: (each.start_ns, each.id))
        ids = [each.id for each in soonest]
        markets = [each for each, ours in self._reader.words.items() if ours in wants.markets]
        for url in opticodds.odds_urls(wants.optic_site, ids, wants.optic_books, markets):
            yield Poll(source, url, wants.optic_every_min * MINUTE_NS, secret=secret)

    def asks(self) -> list[Poll]:
        """Nothing besides."""
        return []

    def outgoing(self, source: str = "") -> list[bytes]:
        """Nothing: there is no socket."""
        return []

    def reset(self, source: str = "") -> None:
        """Polls have no state."""

    # ------------------------------------------------------------------ what is heard

    def receive(self, frame: Frame) -> Sequence[Event]:
        """Each game of an answer with what books ask, and what is left of the account.

        Raises:
            FeedError: when it cannot be read, or the source refused.
        """
        if frame.s not in (self._odds_source, self._optic_source):
            raise FeedError(f"{self.name} does not read frames of {frame.s!r}")
        self._known.now = max(self._known.now, frame.t)
        told = frame.s == self._odds_source and self._known.account.take(frame.h)
        status = 200 if frame.st is None else frame.st
        data = frame.d or payload(frame)
        if not status:
            raise FeedError(f"{frame.s}: not answered: {bytes(data)[:80].decode(errors='replace')}")
        if status not in (200, 304):
            raise FeedError(f"{frame.s}: HTTP {status}{_code(data)}")
        try:
            events = self._read(frame, data) if status == 200 else []
        except (ValueError, RecursionError, ArithmeticError) as error:
            raise FeedError(f"{frame.s}: {error}") from error
        self._forget()
        return [*events, *(self._budget(frame.t) if told else ())]

    def _read(self, frame: Frame, data: Data) -> list[Event]:
        url = urlsplit(frame.u or "")
        parts = [part for part in url.path.split("/") if part]
        last = parts[-1] if parts else ""
        if frame.s == self._optic_source:
            return self._optic(frame.t, data, listed=last != "odds")
        if last == "sports":
            self._known.account.heard = True
            self._known.account.season = theoddsapi.in_season(data)
            return []
        if last != "odds" or len(parts) < 2:
            tally(self.census, "url", "/".join(parts[:2]) or "missing")
            return []
        return self._odds(frame.t, parts[-2], theoddsapi.read(data, self._names))

    def _odds(self, ts: int, sport: str, games: list[BookGame]) -> list[Event]:
        """A sport's games; one that an answer names no more is told once without any price."""
        known, league = self._known.games, LEAGUES.get(sport, "")
        named = {each.id for each in games}
        gone = [each for name, each in known.items() if each.league == league and name not in named]
        for each in gone:
            del known[each.id]
        for each in games:
            known[each.id] = msgspec.structs.replace(each, prices=(), titles=())
        return [OddsSeen(ts, self._odds_source, each) for each in (*games, *gone)]

    def _optic(self, ts: int, data: Data, *, listed: bool) -> list[Event]:
        """OpticOdds' games: listed, they are asked for; with odds, they are told."""
        games = self._reader.games(data)
        if not listed:
            return [OddsSeen(ts, self._optic_source, each) for each in games]
        for each in games:
            self._known.optic[each.id] = msgspec.structs.replace(each, prices=(), titles=())
        return []

    def _budget(self, ts: int) -> Iterable[Event]:
        account = self._known.account
        if account.left is not None:
            yield OddsBudget(ts, self._odds_source, account.left, account.used)

    def _forget(self) -> None:
        """Let go of games that began long ago."""
        for games in (self._known.games, self._known.optic):
            for name in [n for n, each in games.items() if each.start_ns < self._known.now - GONE_NS]:
                del games[name]

    # ------------------------------------------------------------------ memory

    def memory(self) -> bytes:
        """The account's credits, the games told of, and the names OpticOdds is read by."""
        return msgspec.json.encode(self._known)

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told.

        Raises:
            msgspec.MsgspecError: for anything else.
        """
        self._known = _MEMORY.decode(memory)
        self._reader = opticodds.Reader(self._names, self._known.fields, self._known.words)


def _code(data: Data) -> str:
    """The error's own code, which is never its words: those may repeat what was asked."""
    try:
        told = opticodds.at(msgspec.json.decode(data), "error_code")
    except (ValueError, RecursionError):
        return ""
    plain = isinstance(told, str) and told.replace("_", "").isalpha() and told.isupper() and len(told) <= 40
    return f" {told}" if plain else ""
