"""Who meets whom in which quarter hour of a day, so that no two meet twice on one day and nobody plays twice at once.

A round robin by the circle method pairs thirty teams in 29 rounds of fifteen games: each round gives three groups of
four games, and what is left over of the rounds makes more. Each quarter hour of the day has a group of its own.
"""

from functools import cache

from cockpit.models.teams import TEAMS, Team

GROUP = 4
"""Games of one quarter hour."""
_SHIFT = 7
"""By how many groups one day differs from the one before."""

Pair = tuple[int, int]


def rounds(count: int) -> list[list[Pair]]:
    """Everybody against everybody, each once a round; ``count`` is even. Away, then home."""
    circle = list(range(1, count))
    found: list[list[Pair]] = []
    for number in range(count - 1):
        line = [0, *circle[number:], *circle[:number]]
        pairs = [(line[i], line[-1 - i]) for i in range(count // 2)]
        found.append([pair if (number + place) % 2 else pair[::-1] for place, pair in enumerate(pairs)])
    return found


@cache
def groups(count: int) -> tuple[tuple[Pair, ...], ...]:
    """Groups of `GROUP` pairs in which nobody stands twice; no pair stands in two of them."""
    whole: list[tuple[Pair, ...]] = []
    spare: list[Pair] = []
    for pairs in rounds(count):
        cut = len(pairs) // GROUP * GROUP
        whole += [tuple(pairs[at : at + GROUP]) for at in range(0, cut, GROUP)]
        spare += pairs[cut:]
    while group := _apart(spare):
        whole.append(group)
        spare = [pair for pair in spare if pair not in group]
    return tuple(whole)


def _apart(spare: list[Pair]) -> tuple[Pair, ...]:
    """The first pairs without a common team; none where there are too few."""
    found: list[Pair] = []
    for pair in spare:
        if all(set(pair).isdisjoint(other) for other in found):
            found.append(pair)
            if len(found) == GROUP:
                return tuple(found)
    return ()


def meeting(league: str, day: int, quarter: int, number: int) -> tuple[Team, Team]:
    """The ``number``-th game of a quarter hour: away and home.

    Args:
        league: nba or nfl.
        day: any count of days.
        quarter: of the day, from 0.
        number: below `GROUP`.
    """
    teams = TEAMS[league]
    table = groups(len(teams))
    away, home = table[(quarter + day * _SHIFT) % len(table)][number]
    return teams[away], teams[home]
