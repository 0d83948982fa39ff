"""The score feed: ESPN's scoreboards by polling, and each game's summary once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import SplitResult, parse_qs, urlsplit

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import Event, GamePast, GameSeen
from cockpit.domain.games import Game, Phase
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Budget, Frame, Poll, Request, payload
from cockpit.feeds.census import tally
from cockpit.feeds.espn import games, summary
from cockpit.feeds.espn.bodies import GameBody, Scoreboard, Summary
from cockpit.feeds.espn.cadence import PATHS, SOON_NS, Asker
from cockpit.feeds.espn.known import ON, Games, Known, priced

SITE = "https://site.api.espn.com"
AGAIN_NS = 60 * SECOND
"""How long after a summary that failed the next is asked for."""
TRIES = 5
"""Summaries of one game asked for at most."""
_LEAGUES = {path: league for league, path in PATHS.items()}


class EspnFeed:
    """Sans-I/O reader of ESPN's site; a `cockpit.feeds.base.Feed` for frames of ``NAME.site``.

    Args:
        name: of the feed, and of its source.
        teams: of both leagues, as ESPN and as we call them.
        site: address of the site.
        leagues: "nba" and "nfl"; what is recorded of others of the two is read all the same.
    """

    def __init__(
        self,
        name: str = "espn",
        *,
        teams: Iterable[games.Listed],
        site: str = SITE,
        leagues: Iterable[str] = ("nba", "nfl"),
    ) -> None:
        self.name = name
        self.census: Counter[str] = Counter()
        self.budget = Budget(2.0, 4.0)
        self._source = f"{name}.site"
        self._asker = Asker(self._source, site, leagues)
        self._codes = games.Codes(teams, self.census)
        self._games = Games(self.census)
        self._now = 0
        self._polls: list[Poll] = self._asker.polls((), 0)
        self._asks: list[Poll] = []

    # ------------------------------------------------------------------ what is asked for

    def requests(self) -> list[Request]:
        """The scoreboards, as often as their games ask for it."""
        return list(self._polls)

    def asks(self) -> list[Poll]:
        """Summaries, each once."""
        asks, self._asks = self._asks, []
        return asks

    def outgoing(self, source: str = "") -> list[bytes]:
        """Nothing: there is no socket."""
        return []

    def reset(self, source: str = "") -> None:
        """Polls have no state."""

    # ------------------------------------------------------------------ what is heard

    def receive(self, frame: Frame) -> Sequence[Event]:
        """The events in an answer, in order.

        Raises:
            FeedError: when it cannot be read, or the site refused.
        """
        if frame.s != self._source:
            raise FeedError(f"{self.name} does not read frames of {frame.s!r}")
        self._now = max(self._now, frame.t)
        try:
            return self._read(frame)
        except (ValueError, RecursionError) as error:
            self._failed(frame)
            raise FeedError(f"{frame.s}: {error}") from error
        except FeedError:
            self._failed(frame)
            raise
        finally:
            self._games.forget(self._now)
            self._polls = self._asker.polls(self._games.known.values(), self._now)

    def _read(self, frame: Frame) -> list[Event]:
        status = 200 if frame.st is None else frame.st
        if status == 304:
            return [self._seen(frame.t, each) for each in self._games.same(frame.t, frame.u or "")]
        data = frame.d or payload(frame)
        if not status:
            raise FeedError(f"{frame.s}: not answered: {bytes(data)[:80].decode(errors='replace')}")
        if status != 200:
            raise FeedError(f"{frame.s}: HTTP {status}")
        league, endpoint = _question(urlsplit(frame.u or ""))
        if not league or endpoint not in ("scoreboard", "summary"):
            tally(self.census, "url", f"{league or 'another league'} {endpoint}")
            return []
        if endpoint == "summary":
            return self._summary(frame.t, league, msgspec.json.decode(data, type=Summary))
        return self._scoreboard(frame, league, msgspec.json.decode(data, type=Scoreboard))

    def _scoreboard(self, frame: Frame, league: str, body: Scoreboard) -> list[Event]:
        """Every game of an answer once. Raises ValueError when none of them can be read."""
        named: dict[str, Game | None] = {}
        failed: list[Exception] = []
        for raw in body.events:
            try:
                game = games.read(msgspec.json.decode(raw, type=GameBody), league, self._codes)
            except (ValueError, RecursionError) as error:
                failed.append(error)
                continue
            if game is not None and game.id in named:
                tally(self.census, "dropped", "game named twice")
            elif game is not None:
                named[game.id] = self._take(frame.t, game)
        if failed and len(failed) == len(body.events):
            raise failed[0]
        for why in failed:
            tally(self.census, "unreadable", why)
        self._games.answered(frame.u or "", list(named))
        return [self._seen(frame.t, each) for each in named.values() if each is not None]

    def _take(self, ts: int, game: Game) -> Game | None:
        """A game as it is to be told; its summary is asked for where that tells what nobody heard."""
        begun = game.id not in self._games.known and game.phase in ON
        told = self._games.take(ts, game)
        known = self._games.known[game.id]
        soon = known.game.phase is Phase.PRE and abs(known.game.start_ns - ts) <= SOON_NS
        unlined = (soon or known.game.phase in ON) and not priced(known.game.line)
        first = not known.tries and (begun or unlined)
        if first or 0 < known.again <= ts:
            known.tries, known.again = known.tries + 1, 0
            self._asks.append(self._asker.summary(game.id))
        return told

    def _summary(self, ts: int, league: str, body: Summary) -> list[Event]:
        """One game's state, and what was played of it. A state that is old still tells a line."""
        said = summary.read(body, league, ts, self._codes)
        if said.game is None:
            return []
        told = self._games.take(ts, said.game)
        if told is None and said.game.line is not None:
            told = self._games.lined(said.game)
        events: list[Event] = [GamePast(ts, said.game.id, said.moments)] if said.moments else []
        return [*events, self._seen(ts, told)] if told is not None else events

    def _seen(self, ts: int, game: Game) -> GameSeen:
        return GameSeen(ts, self.name, game)

    def _failed(self, frame: Frame) -> None:
        """A summary that was not answered is asked for again, later and not for ever."""
        try:
            url = urlsplit(frame.u or "")
            league, endpoint = _question(url)
            named = parse_qs(url.query, max_num_fields=100).get("event", [""])[0]
        except ValueError:
            return
        known = self._games.known.get(f"{league} {named}") if endpoint == "summary" else None
        if known is not None and known.tries < TRIES:
            known.again = frame.t + AGAIN_NS

    # ------------------------------------------------------------------ memory

    def memory(self) -> bytes:
        """The games heard of, which answer named which, and the time."""
        return msgspec.json.encode(_Memory(self._now, self._games.known, self._games.answers))

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told.

        Raises:
            msgspec.MsgspecError: for anything else.
        """
        told = _MEMORY.decode(memory)
        self._now, self._games.known, self._games.answers = told.now, told.known, told.answers
        self._polls = self._asker.polls(self._games.known.values(), self._now)


class _Memory(msgspec.Struct):
    now: int
    known: dict[str, Known]
    answers: dict[str, list[str]]


_MEMORY = msgspec.json.Decoder(_Memory)


def _question(url: SplitResult) -> tuple[str, str]:
    """League ("" for another) and endpoint of a URL. Raises ValueError for a URL that is none of this API's."""
    parts = [part for part in url.path.split("/") if part]
    if len(parts) < 3 or "sports" not in parts[:-3]:
        raise ValueError(f"not a question of this site: {url.path[:80]!r}")
    return _LEAGUES.get("/".join(parts[-3:-1]), ""), parts[-1]
