"""The games heard of: what was told of each, and what keeps an answer that is older than the last from being told.

Answers come from caches that disagree: half-time may be followed by the second quarter's last minutes. An answer that
goes back in the game without a point or a play more is not told, until it has been given so often that it must be a
correction. Source: recorded answers; sportsdataverse/hoopR issue 129.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from cockpit.domain.games import Game, GameLine, Phase
from cockpit.domain.units import SECOND
from cockpit.feeds.census import tally
from cockpit.feeds.espn.status import length_ms

SLACK_MS = 1_000
"""How far a clock may go back unnoticed."""
INSISTED = 3
"""Answers in a row that are not told; the next is a correction."""
KEPT_NS = 3 * 86_400 * SECOND
"""How long after its start a game is kept."""
URLS = 12
"""Questions whose last answer is remembered."""
BEFORE = (Phase.PRE, Phase.VOID)
ON = (Phase.LIVE, Phase.BREAK)
_OVER = 99
"""A period after all periods."""


class Known(msgspec.Struct):
    """One game as told last, its line kept. Times ns UTC."""

    game: Game
    heard: int
    refused: int = 0
    """Answers in a row that went back in the game."""
    tries: int = 0
    """How often its summary was asked for."""
    again: int = 0
    """When to ask for its summary again, which failed; 0 for not."""


class Games:
    """Games by id, and which were named in the last answer of each question."""

    def __init__(self, census: Counter[str]) -> None:
        self._census = census
        self.known: dict[str, Known] = {}
        self.answers: dict[str, list[str]] = {}

    def take(self, ts: int, game: Game) -> Game | None:
        """A game as an answer has it; as it is to be told, or None where the answer is older than what was told."""
        known = self.known.get(game.id)
        if known is None:
            self.known[game.id] = Known(game, ts)
            return game
        known.heard = max(known.heard, ts)
        if _rewinds(known.game, game):
            known.refused += 1
            if known.refused <= INSISTED:
                tally(self._census, "stale", f"{game.phase} after {known.game.phase}")
                return None
            tally(self._census, "stale", "corrected")
        known.refused = 0
        known.game = replace(game, line=_line(known.game, game))
        return known.game

    def lined(self, game: Game) -> Game:
        """What was told of a game, with what an older answer says of its line."""
        known = self.known[game.id]
        known.game = replace(known.game, line=_merged(known.game.line, game.line))
        return known.game

    def answered(self, url: str, ids: list[str]) -> None:
        """Which games an answer named."""
        self.answers.pop(url, None)
        self.answers[url] = ids
        for old in list(self.answers)[:-URLS]:
            del self.answers[old]

    def same(self, ts: int, url: str) -> Iterable[Game]:
        """The games of a question whose answer has not changed."""
        for name in self.answers.get(url, ()):
            known = self.known.get(name)
            if known is not None:
                known.heard = max(known.heard, ts)
                yield known.game

    def forget(self, now: int) -> None:
        """Let go of games that began long ago."""
        for name in [n for n, each in self.known.items() if each.game.start_ns < now - KEPT_NS]:
            del self.known[name]


def _rewinds(told: Game, game: Game) -> bool:
    """Whether a game goes back in time without a point or a play more. One that was put off begins anew."""
    if Phase.VOID in (told.phase, game.phase):
        return False
    (period, played), (was, had) = _at(game), _at(told)
    back = period < was or (period == was and played < had - SLACK_MS)
    more = game.home_score > told.home_score or game.away_score > told.away_score
    return back and not more and not _later(game.play, told.play)


def _at(game: Game) -> tuple[int, int]:
    """Period, and milliseconds played of it."""
    if game.phase is Phase.PRE:
        return 0, 0
    if game.phase is Phase.FINAL:
        return _OVER, 0
    return game.period, length_ms(game.league, game.period, playoffs=game.playoffs) - game.clock_ms


def _later(play: str, told: str) -> bool:
    """Whether a play comes after another; ESPN's numbers grow within a game."""
    return play.isdigit() and told.isdigit() and int(play) > int(told)


def _line(told: Game, game: Game) -> GameLine | None:
    """The line before the game: until it begins the newest, and from then on only what was missing."""
    if game.phase in BEFORE:
        return _merged(game.line, told.line)
    return _merged(told.line, game.line)


def _merged(first: GameLine | None, other: GameLine | None) -> GameLine | None:
    """A line, with what it leaves out from another; the two prices stay together."""
    if first is None or other is None:
        return first or other
    priced = other if first.home is None or first.away is None else first
    if priced.home is None or priced.away is None:
        priced = first
    return GameLine(
        provider=first.provider or other.provider,
        spread=other.spread if first.spread is None else first.spread,
        total=other.total if first.total is None else first.total,
        home=priced.home,
        away=priced.away,
    )


def priced(line: GameLine | None) -> bool:
    """Whether a line has money lines on both sides."""
    return line is not None and line.home is not None and line.away is not None
