"""Where a game stands: its phase by the state ESPN gives, its period, and what is left of it.

The state decides ("pre", "in", "post"), never a status number and never a clock at zero: half-times, ends of periods
and postponements have numbers of their own, and a clock stands at zero during a review. Source: recorded bodies.
"""

from collections import Counter

import msgspec

from cockpit.domain.games import Phase
from cockpit.feeds.census import tally
from cockpit.feeds.espn.bodies import Status
from cockpit.feeds.espn.numbers import number, shown_clock, within

VOID = frozenset({"POSTPONED", "CANCELED", "CANCELLED", "ABANDONED", "FORFEIT"})
BREAK = frozenset({"HALFTIME", "END_PERIOD", "END_OF_PERIOD"})
PLAIN = frozenset({"SCHEDULED", "IN_PROGRESS", "FINAL", "FINAL_OVERTIME", "FIRST_HALF", "SECOND_HALF",
                   "DELAYED", "SUSPENDED", "UNCERTAIN"})  # fmt: skip
"""Other names that have been seen; they say nothing the state does not."""
STATES = {"pre": Phase.PRE, "in": Phase.LIVE, "post": Phase.FINAL}

REGULATION = 4
LONGEST = 20
"""A period beyond which a number is nonsense."""
PERIOD_MS = {"nba": (720_000, 300_000, 300_000), "nfl": (900_000, 600_000, 900_000)}
"""Length of a period, of an overtime, and of one in the play-offs."""


class Stand(msgspec.Struct, frozen=True):
    """Phase, period (0 before the game) and milliseconds left of it."""

    phase: Phase
    period: int
    clock_ms: int


def length_ms(league: str, period: int, *, playoffs: bool = False) -> int:
    """How long a period is. Source: the leagues' rules (NFL rule 16: overtimes of 15 minutes after the season)."""
    regular, overtime, deciding = PERIOD_MS[league]
    if period <= REGULATION:
        return regular
    return deciding if playoffs else overtime


def name_of(status: Status) -> str:
    """A status's name without its prefix: "HALFTIME"."""
    return (status.type.name or "").upper().removeprefix("STATUS_")


def stand(
    status: Status, league: str, census: Counter[str], *, tied: bool, playoffs: bool = False
) -> Stand | None:
    """Where the game stands; None, counted, where the answer contradicts itself or leaves out what matters.

    Args:
        status: as it stands.
        league: "nba" or "nfl".
        census: counts what is new or odd.
        tied: whether the scores are level.
        playoffs: whether overtimes are those of the play-offs.

    Raises:
        ValueError: for a period or a clock that is no number.
    """
    name, state = name_of(status), status.type.state or ""
    if name and not (name in VOID or name in BREAK or name in PLAIN):
        tally(census, "status", name)
    period = within(status.period, 0, LONGEST, "period") or 0
    if name in VOID:
        return Stand(Phase.VOID, period, 0)
    phase = STATES.get(state)
    if phase is Phase.FINAL:
        return _over(status, name, period, census)
    if phase is Phase.PRE or (phase is Phase.LIVE and period == 0 and name not in BREAK):
        return Stand(Phase.PRE, 0, 0)
    if phase is None:
        tally(census, "state", state or "missing")
        return None
    return _live(status, name, _Period(league, period, playoffs, tied), census)


def _over(status: Status, name: str, period: int, census: Counter[str]) -> Stand | None:
    """After the game: one that is not completed has been put off, or its answer contradicts itself."""
    if status.type.completed:
        return Stand(Phase.FINAL, period, 0)
    if name == "SUSPENDED":
        return Stand(Phase.VOID, period, 0)
    tally(census, "status", f"{name or 'post'}, not completed")
    return None


class _Period(msgspec.Struct, frozen=True):
    league: str
    number: int
    playoffs: bool
    tied: bool

    @property
    def length_ms(self) -> int:
        return length_ms(self.league, self.number, playoffs=self.playoffs)


def _live(status: Status, name: str, now: _Period, census: Counter[str]) -> Stand | None:
    """During the game. A clock at zero is a break while the game must go on, and stays live where it may be over."""
    left = clock_ms(status)
    if name in BREAK:
        begins = left == now.length_ms and now.number > 1
        return Stand(Phase.BREAK, max(1, now.number - begins), 0)
    if left is None:
        tally(census, "clock", "missing")
        return None
    if not 0 <= left <= now.length_ms:
        tally(census, "clock", "out of range")
        left = min(max(0, left), now.length_ms)
    goes_on = now.number < REGULATION or now.tied
    return Stand(Phase.BREAK if left == 0 and goes_on else Phase.LIVE, now.number, left)


def clock_ms(status: Status) -> int | None:
    """Milliseconds left of the period: by the number, else by what is displayed. Raises ValueError."""
    stated = number(status.clock, 3)
    return shown_clock(status.display_clock) if stated is None else stated
