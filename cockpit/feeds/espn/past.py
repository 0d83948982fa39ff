"""What was played before anybody listened: a summary's plays with their wall clock, and ESPN's chances beside them.

A chance may jump for a single play and back, so each is the median of three. Of the plays one in twenty seconds is
kept, one that scored before any other. Source: recorded summaries.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from cockpit.domain.games import Played
from cockpit.domain.units import SECOND
from cockpit.feeds.census import tally
from cockpit.feeds.espn.bodies import Chance, Play
from cockpit.feeds.espn.games import MOST_POINTS, chance
from cockpit.feeds.espn.numbers import moment, shown_clock, within
from cockpit.feeds.espn.status import LONGEST, length_ms

Shape = TypeVar("Shape", Play, Chance)

STEP_NS = 20 * SECOND
MOST = 400
"""Moments at most: where a game lasts longer, they are further apart."""


def plays(raw: list[msgspec.Raw] | None, census: Counter[str]) -> list[Play]:
    """A summary's plays as they are listed; those that cannot be read are counted and left out."""
    return list(_each(raw, Play, census))


def _each(raw: Iterable[msgspec.Raw] | None, shape: type[Shape], census: Counter[str]) -> Iterator[Shape]:
    for each in raw or ():
        try:
            yield msgspec.json.decode(each, type=shape)
        except (ValueError, RecursionError) as error:
            tally(census, shape.__name__.lower(), error)


def chances(raw: list[msgspec.Raw] | None, census: Counter[str]) -> dict[str, int]:
    """ESPN's own chance of the home side by play, 1/10000, each the median of itself and its neighbours."""
    stated = [
        (str(each.play_id), said)
        for each in _each(raw, Chance, census)
        if each.play_id is not None and (said := chance(each.home_win_percentage)) is not None
    ]
    values = [said for _, said in stated]
    return {play: _median(values, i) for i, (play, _) in enumerate(stated)}


def _median(values: list[int], i: int) -> int:
    """Of three in the middle; the ends have no two neighbours and stay."""
    return sorted(values[i - 1 : i + 2])[1] if 0 < i < len(values) - 1 else values[i]


def moments(
    listed: list[Play], said: dict[str, int], league: str, until: int, census: Counter[str]
) -> tuple[Played, ...]:
    """Moments of a game up to a time, ns UTC, oldest first."""
    found: list[tuple[Played, bool]] = []
    score: tuple[int, int] | None = None
    for play in listed:
        try:
            one = _moment(play, said, league)
        except ValueError as error:
            tally(census, "play", error)
            continue
        if one is None or one.ts > until:
            continue
        now = (one.away_score, one.home_score)
        found.append((one, score is not None and now != score))
        score = now
    found.sort(key=lambda each: each[0].ts)
    return _thinned(found)


def _moment(play: Play, said: dict[str, int], league: str) -> Played | None:
    """A play as a moment; None where it leaves out when it was, or where the game stood. Raises ValueError."""
    ts = moment(play.wallclock)
    period = within(play.period.number, 1, LONGEST, "period") if play.period else None
    clock = shown_clock(play.clock.display_value) if play.clock else None
    away = within(play.away_score, 0, MOST_POINTS, "score")
    home = within(play.home_score, 0, MOST_POINTS, "score")
    if not ts or period is None or clock is None or away is None or home is None:
        return None
    left = min(clock, length_ms(league, period, playoffs=True))
    return Played(ts, period, left, away, home, said.get(str(play.id)))


def _thinned(found: list[tuple[Played, bool]]) -> tuple[Played, ...]:
    """One of each step: the last that scored, else the last."""
    if not found:
        return ()
    first, last = found[0][0].ts, found[-1][0].ts
    step = max(STEP_NS, -(-(last - first + 1) // MOST))
    kept: dict[int, tuple[Played, bool]] = {}
    for one, scored in found:
        place = (one.ts - first) // step
        before = kept.get(place)
        if before is None or scored or not before[1]:
            kept[place] = (one, scored)
    return tuple(one for one, _ in kept.values())
