"""Fit of the numbers in `cockpit.models.nba`: ``python -m cockpit.evaluation.nba_fit TIMELINE ODDS``.

What is fitted by maximum likelihood of who won, each state of a game counting as one:

- the end of a game by play-by-play: states each two minutes of the last quarter and of overtimes and at 90, 60, 45, 30
  and 15 seconds left, of one half of the timeline's games (`Game.even`), so that the other can judge;
- the rest of it by quarter scores: the tip and the ends of the first three quarters of every game of the odds file since
  `SINCE` that is not within the timeline's dates.

States of a game are not independent: standard errors are the sandwich's over games (Liang & Zeger 1986). Overtime's
factor is fitted to the games of all seasons outside those dates that were level after four quarters. The error of a line
is the root mean square of spread minus moneyline, in points of spread. The residual is what observed frequencies miss the
model by beyond chance, over seasons, quarters and fifths of probability (method of moments), of the same games.
"""

import math
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cockpit.domain.errors import InputError
from cockpit.evaluation.timelines import Game, Key, Moment, Priced, games, odds
from cockpit.models.nba import PERIOD_S, REGULATION_S
from cockpit.models.scoreline import FREE, Parameters, win_array

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

SINCE = "2016-07-01"
"""Scores have spread since: the margin about the line has a standard deviation of 12.6 points, 11.7 before."""
EACH_S = 120
LATE_S = (90.0, 60.0, 45.0, 30.0, 15.0)
START = Parameters("start", sigma=14.65, beta=0.61, floor=4.9, line=1.3)
_SUMMER = 7
"""A season is named by the year it ends in; months from here on belong to the next."""
_QUINTILES = 5
_ENOUGH_GAMES = 20
_CLIP = 1e-9
_STEP = 1e-3


class States(msgspec.Struct, frozen=True):
    """States as arrays of equal length."""

    lead: "Floats"
    left: "Floats"
    overtime: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"
    spread: "Floats"
    """Points the home side gives: minus the home spread."""
    won: "Floats"
    game: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]"

    def p(self, parameters: Parameters) -> "Floats":
        """P(home wins) of each."""
        return win_array(self.lead, self.left, self.spread * parameters.line, parameters, self.overtime)

    def losses(self, parameters: Parameters) -> "Floats":
        """Minus log likelihood of each."""
        import numpy as np

        p = np.clip(self.p(parameters), _CLIP, 1.0 - _CLIP)
        return np.asarray(-np.log(np.where(self.won > 0.0, p, 1.0 - p)))


Row = tuple[float, float, bool, float, float, int]


def states(rows: Sequence[Row]) -> States:
    """Rows of (lead, left, overtime, spread, won, game) as arrays."""
    import numpy as np

    lead, left, overtime, spread, won, game = (np.array(column) for column in zip(*rows, strict=True))
    return States(lead, left, overtime, spread, won, game)


def played(found: Sequence[Game], lines: dict[Key, Priced]) -> list[Row]:
    """States of finished play-by-play games with a line."""
    rows: list[Row] = []
    for i, game in enumerate(found):
        line = lines.get(game.key)
        if game.margin and line is not None and line.spread is not None:
            rows += [
                (float(m.lead), m.left, m.overtime, -line.spread, float(game.margin > 0), -1 - i)
                for m in moments(game)
            ]
    return rows


def moments(game: Game) -> list[Moment]:
    """The states of a game's end that a fit uses."""
    ends = dict.fromkeys((REGULATION_S, game.end))
    each = [moment for moment in game.each(EACH_S) if moment.played > REGULATION_S - PERIOD_S]
    return [*each, *(game.at(end - left) for end, left in product(ends, LATE_S))]


def quarters(lines: Sequence[Priced]) -> list[Row]:
    """The tip and the ends of three quarters of games with a line and a result."""
    return [
        (float(lead), REGULATION_S - i * PERIOD_S, False, -line.spread, float(line.margin > 0), game)
        for game, line in enumerate(lines)
        if line.spread is not None and line.margin and line.quarters
        for i, lead in enumerate((0, *line.quarters[:3]))
    ]


def fit(data: States, start: Parameters) -> Parameters:
    """The likeliest sigma, beta, floor and line, with their covariance."""
    import numpy as np
    from scipy.optimize import minimize

    def at(x: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Parameters:
        sigma, beta, root, line = map(float, x)
        return msgspec.structs.replace(start, sigma=abs(sigma), beta=beta, floor=root * root, line=line)

    def loss(x: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
        return float(data.losses(at(x)).sum())

    first = np.array([start.sigma, start.beta, math.sqrt(start.floor), start.line])
    found = minimize(loss, first, method="Nelder-Mead", tol=1e-4)
    best = at(found.x)
    return msgspec.structs.replace(best, covariance=sandwich(data, best), n=len(set(data.game.tolist())))


def sandwich(data: States, best: Parameters) -> tuple[tuple[float, ...], ...]:
    """Covariance of the fitted numbers with games as clusters."""
    import numpy as np

    _, cluster = np.unique(data.game, return_inverse=True)

    def gradient(at: Parameters) -> "Floats":
        return np.stack(
            [(data.losses(_moved(at, n, _STEP)) - data.losses(_moved(at, n, -_STEP))) for n in FREE]
        )

    scores = gradient(best) / (2.0 * _STEP)
    sums = np.stack([np.bincount(cluster, weights=row) for row in scores])
    bend = np.stack(
        [(gradient(_moved(best, n, _STEP)) - gradient(_moved(best, n, -_STEP))).sum(axis=1) for n in FREE]
    ) / (4.0 * _STEP**2)
    inverse = np.linalg.pinv((bend + bend.T) / 2.0)
    out = inverse @ (sums @ sums.T) @ inverse
    return tuple(tuple(float(f"{each:.3g}") for each in row) for row in out)


def _moved(at: Parameters, name: str, by: float) -> Parameters:
    return msgspec.structs.replace(at, **{name: getattr(at, name) + by})


def overtime(lines: Sequence[Priced], at: Parameters) -> float:
    """The factor of the drift in overtime."""
    from scipy.optimize import minimize_scalar

    level = [each for each in lines if each.quarters and each.quarters[3] == 0 and each.margin]
    data = states(
        [
            (0.0, 0.0, False, -each.spread, float((each.margin or 0) > 0), i)
            for i, each in enumerate(level)
            if each.spread is not None
        ]
    )
    found = minimize_scalar(
        lambda k: float(data.losses(msgspec.structs.replace(at, overtime=k)).sum()),
        bounds=(0.0, 5.0),
        method="bounded",
    )
    return float(found.x)


def line_error(lines: Sequence[Priced], at: Parameters) -> float:
    """Root mean square of spread minus moneyline in points of spread, as the model's tip reads them."""
    import numpy as np
    from scipy.special import ndtri

    both = [
        (-each.spread, each.moneyline)
        for each in lines
        if each.spread is not None and each.moneyline is not None
    ]
    points = np.array([spread for spread, _ in both])
    said = ndtri(np.array([p for _, p in both])) * (at.sigma**2 + at.floor) ** 0.5 / at.line
    return float(np.sqrt(np.mean((points - said) ** 2)))


def residual(keys: Sequence[Key], lines: Sequence[Priced], at: Parameters) -> float:
    """The standard error frequencies show beyond chance, in probability at 1/2; 0 where they show none."""
    import numpy as np

    data = states(quarters(lines))
    p = np.clip(data.p(at), _CLIP, 1.0 - _CLIP)
    fifth = np.minimum((p * _QUINTILES).astype(int), _QUINTILES - 1)
    season = np.array([_season(keys[game]) for game in data.game.tolist()])
    _, bins = np.unique(np.stack([season, data.left, fifth]), axis=1, return_inverse=True)
    n = np.bincount(bins.ravel())
    gap = np.bincount(bins.ravel(), weights=data.won - p)
    chance = np.bincount(bins.ravel(), weights=p * (1.0 - p))
    enough = n >= _ENOUGH_GAMES
    excess = (gap[enough] ** 2 - chance[enough]) / (chance[enough] * n[enough])
    return float(np.sqrt(max(0.0, float(excess.mean()))) / 2.0)


def _season(key: Key) -> int:
    return int(key[0][:4]) + (int(key[0][5:7]) >= _SUMMER)


def fitted(
    found: Sequence[Game], lines: dict[Key, Priced], *, even: bool = True
) -> tuple[Parameters, Parameters]:
    """The numbers with a line and those without; play-by-play of one half of the games.

    Raises:
        InputError: when nothing in the files can be fitted.
    """
    spans = [game.key[0] for game in found if game.key[0]] or [""]
    outside = {key: each for key, each in lines.items() if not min(spans) <= key[0] <= max(spans)}
    recent = {key: each for key, each in outside.items() if key[0] >= SINCE}
    rows = quarters(list(recent.values()))
    if not rows:
        raise InputError(f"the odds file has no quarter scores since {SINCE} outside the timeline's dates")
    rows += played([game for game in found if game.even is even], lines)
    data = states(rows)
    best = fit(data, START)
    factor = overtime(list(outside.values()), best)
    best = fit(data, msgspec.structs.replace(best, overtime=factor))
    home = float(data.spread[data.left == REGULATION_S].mean())
    common = {
        "home": home,
        "line_error": line_error(list(recent.values()), best),
        "residual": residual(list(outside), list(outside.values()), best),
    }
    best = msgspec.structs.replace(best, name="fitted", **common)
    mean = msgspec.structs.replace(data, spread=data.spread * 0.0 + home)
    blind = msgspec.structs.replace(fit(mean, best), name="without a line", line_error=0.0)
    return best, blind


def main(paths: Sequence[str]) -> None:
    """Print the numbers, first those of the even half.

    Raises:
        InputError: naming file and line, when a file cannot be read.
    """
    found, lines = games(Path(paths[0])), odds(Path(paths[1]))
    for even in (True, False):
        for each in fitted(found, lines, even=even):
            print(f"play-by-play of the {'even' if even else 'odd'} half: {each}")  # noqa: T201  a script's answer


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m cockpit.evaluation.nba_fit TIMELINE ODDS")
    main(sys.argv[1:])
