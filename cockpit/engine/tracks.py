"""What the engine keeps of each game: the newest message, the line before it, what was played before we listened."""

import msgspec

from cockpit.domain.games import Game, GameLine, Played

SAID = 3
"""Of the source's own chances the middle one of the last few is taken: now and then one is wild."""


PAST = 150
"""Moments kept of what was played before: the whole state is written every second."""


def thinned(moments: tuple[Played, ...]) -> tuple[Played, ...]:
    """At most `PAST` of some moments, evenly spread, the first and the last among them."""
    n = len(moments)
    return moments if n <= PAST else tuple(moments[i * (n - 1) // (PAST - 1)] for i in range(PAST))


class Track(msgspec.Struct):
    """One game. Times ns UTC."""

    game: Game
    source: str
    heard_ns: int
    """Of the newest message about it."""
    changed_ns: int
    """Of the newest in which the game had gone on: another phase, period, clock, score or play."""
    line: GameLine | None = None
    """The last one heard before the game began; else the first heard at all."""
    line_ns: int = 0
    past: tuple[Played, ...] = ()
    """At most `PAST` moments, oldest first."""
    said: list[int] = msgspec.field(default_factory=list)

    @property
    def chance_said(self) -> float | None:
        """The source's own chance of the home side, smoothed."""
        return sorted(self.said)[len(self.said) // 2] / 10_000 if self.said else None


class Board(msgspec.Struct):
    """All games, and what venues say of their starts."""

    tracks: dict[str, Track] = msgspec.field(default_factory=dict)
    """By id."""
    starts: dict[str, int] = msgspec.field(default_factory=dict)
    """Venue's event -> when the venue says its game begins, ns UTC."""
    heard_ns: int = 0
    """When a score feed last said anything."""
    second: int = 0
    """The second games were last priced in; 0 after a message."""
