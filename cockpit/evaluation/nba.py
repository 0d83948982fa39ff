"""How right the win probabilities of NBA games are on recorded timelines (`cockpit evaluate nba`).

States are taken each two minutes of game clock, from the tip to the last two minutes and through overtimes, and scored
by who won. Every game is scored by numbers that never saw it. The halves are those of
`cockpit.evaluation.timelines.Game.even`: odd games are scored by the numbers in use, whose play-by-play is of even games,
and even ones by `ODD`, the same fit with the play-by-play of odd games. The plain motion (Stern 1994) takes its sigma from
the other half of the file, in two ways: as the standard deviation of the margin about the line, which is what sigma
means, and as whatever makes its log loss there least, which is the hardest baseline there is.

A game's states live and die together, so chance is over games: intervals come from resampling games, and a calibration
bin's Wilson interval is that of an effective number of trials, at most its games. A game may not simply count once in a
bin: those that leave a bin soon are those that go wrong.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cockpit.evaluation.bins import Bin, bins
from cockpit.evaluation.scores import CLIP, Interval, brier, clustered
from cockpit.evaluation.timelines import Game, Key, Priced, games, odds
from cockpit.models.nba import FITTED, STERN, UNLINED
from cockpit.models.scoreline import Parameters, State, from_spread, win, win_array

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

ODD = (
    msgspec.structs.replace(FITTED, sigma=16.551, beta=0.3488, floor=2.122, line=1.470, overtime=1.691),
    msgspec.structs.replace(UNLINED, sigma=16.375, beta=0.2079, floor=2.161, line=1.304, overtime=1.691),
)
"""`FITTED` and `UNLINED` had their play-by-play been of the odd half: 3,843 games; `cockpit.evaluation.nba_fit`."""
EVEN = (FITTED, UNLINED)
EACH_S = 120
BINS = 10
SEED = 20161122
_ENOUGH = 20
"""Games from which a sigma is taken; with fewer, `STERN` stands as it is."""


class NbaReport(msgspec.Struct, frozen=True):
    """What a timeline says about the win probabilities."""

    n_games: int
    n_states: int
    lead10: float
    """P(home wins) ten points up with five minutes left, no favourite."""
    calibration: list[Bin] = []
    logloss: Interval | None = None
    brier: float | None = None
    stern: float | None = None
    """Log loss of the plain motion with sigma as the spread of margins."""
    stern_sigmas: tuple[float, ...] = ()
    difference: Interval | None = None
    """Log loss of the model minus that of the plain motion."""
    best: float | None = None
    """Log loss of the plain motion with the sigma of least log loss."""
    best_sigmas: tuple[float, ...] = ()
    best_difference: Interval | None = None
    lined: int = 0
    """Scored games with a known line."""
    unfinished: list[str] = []
    """Games left out because their end is not in the file."""

    def as_json(self) -> dict[str, object]:
        """The machine form; None where there is nothing to score."""
        return {
            "n_games": self.n_games,
            "n_states": self.n_states,
            "logloss": self.logloss and self.logloss.mean,
            "logloss_ci": _ends(self.logloss),
            "brier": self.brier,
            "logloss_stern": self.stern,
            "logloss_diff_ci": _ends(self.difference),
            "logloss_stern_best": self.best,
            "logloss_diff_best_ci": _ends(self.best_difference),
            "lead10_5min": self.lead10,
            "calibration": [each.as_json() for each in self.calibration],
        }

    def as_text(self) -> str:
        """The report for people, at most 80 wide."""
        lines = [
            f"{self.n_games:,} games scored at {self.n_states:,} states, {self.lined:,} with a line",
            "",
            f"  log loss                          {_value(self.logloss)}",
            f"  Brier score                       {_loss(self.brier)}",
            f"  plain motion, sigma of margins    {_loss(self.stern)}  sigma {_sigma(self.stern_sigmas)}",
            f"    model minus plain               {_value(self.difference, '+')}",
            f"  plain motion, likeliest sigma     {_loss(self.best)}  sigma {_sigma(self.best_sigmas)}",
            f"    model minus plain               {_value(self.best_difference, '+')}",
            f"  ten up, five minutes left         {self.lead10:.4f}",
            "",
            "  probability   states  games   mean p   won    95 %",
        ]
        lines += [
            f"  {each.low:.1f} to {each.high:.1f} {each.n:>9,} {each.games:>6,}   {each.p:.3f}   {each.observed:.3f}"
            f"  {each.interval[0]:.3f} to {each.interval[1]:.3f}{'' if each.holds else '  outside'}"
            for each in self.calibration
        ]
        return "\n".join(lines)


def _ends(interval: Interval | None) -> list[float] | None:
    return [interval.low, interval.high] if interval is not None else None


def _value(interval: Interval | None, sign: str = "") -> str:
    if interval is None:
        return "-"
    return f"{interval.mean:{sign}.4f}  ({interval.low:{sign}.4f} to {interval.high:{sign}.4f})"


def _loss(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _sigma(sigmas: Sequence[float]) -> str:
    return ", ".join(f"{each:.2f}" for each in sigmas) or "-"


class Rows(msgspec.Struct, frozen=True):
    """States of games as arrays of equal length."""

    lead: "Floats"
    left: "Floats"
    overtime: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"
    points: "Floats"
    """What the home side gives, or the mean of home sides where no line is known."""
    p: "Floats"
    """The model's P(home wins)."""
    won: "Floats"
    game: list[str]

    def plain(self, sigma: float) -> "Floats":
        """The plain motion's P(home wins)."""
        motion = msgspec.structs.replace(STERN, sigma=sigma)
        return win_array(self.lead, self.left, self.points, motion, self.overtime)

    def losses(self, p: "Floats") -> "Floats":
        """Minus log likelihood of each state under the probabilities given."""
        import numpy as np

        clipped = np.clip(p, CLIP, 1.0 - CLIP)
        return np.asarray(-np.log(np.where(self.won > 0.0, clipped, 1.0 - clipped)))


class Scored(msgspec.Struct, frozen=True):
    """A half of the games under the model and under the two plain motions."""

    rows: Rows
    sigmas: tuple[float, float]

    @property
    def losses(self) -> tuple["Floats", "Floats", "Floats"]:
        """Minus log likelihoods: the model's, and the plain motion's with either sigma."""
        rows, (sigma, best) = self.rows, self.sigmas
        return rows.losses(rows.p), rows.losses(rows.plain(sigma)), rows.losses(rows.plain(best))


def evaluate_nba(
    timeline: Path, lines: Path | None = None, progress: Callable[[int, int], object] | None = None
) -> NbaReport:
    """Score the win probabilities on a timeline.

    Args:
        timeline: plays, see `cockpit.evaluation.timelines`.
        lines: an odds file; without it, and for games it does not hold, no line is known.
        progress: told (games read, games).

    Raises:
        InputError: naming file and line, when one cannot be read.
    """
    found = games(timeline)
    known = odds(lines) if lines is not None else {}
    finished = [game for game in found if game.margin]
    if progress is not None:
        progress(len(found), len(found))
    report = NbaReport(
        n_games=len(finished),
        n_states=0,
        lead10=win(State(10.0, 300.0), 0.0, FITTED if lines is not None else UNLINED),
        lined=sum(_spread(game, known) is not None for game in finished),
        unfinished=[game.name for game in found if not game.margin],
    )
    halves = [[game for game in finished if game.even is even] for even in (True, False)]
    scored = [
        Scored(_rows(half, known, numbers), _sigmas(other, known))
        for half, other, numbers in zip(halves, reversed(halves), (ODD, EVEN), strict=True)
        if half
    ]
    return _with_scores(report, scored) if scored else report


def _with_scores(report: NbaReport, scored: Sequence[Scored]) -> NbaReport:
    import numpy as np

    rng = np.random.default_rng(SEED)  # noqa: TID251  the one place where the resampling's seed enters
    names = [name for each in scored for name in each.rows.game]
    ours, plain, best = (
        np.concatenate(losses) for losses in zip(*(each.losses for each in scored), strict=True)
    )
    p = np.concatenate([each.rows.p for each in scored]).tolist()
    won = np.concatenate([each.rows.won for each in scored]).tolist()
    return msgspec.structs.replace(
        report,
        n_states=len(names),
        logloss=clustered(ours.tolist(), names, rng),
        brier=brier(p, won),
        stern=float(plain.mean()),
        stern_sigmas=tuple(each.sigmas[0] for each in scored),
        difference=clustered((ours - plain).tolist(), names, rng),
        best=float(best.mean()),
        best_sigmas=tuple(each.sigmas[1] for each in scored),
        best_difference=clustered((ours - best).tolist(), names, rng),
        calibration=bins(p, won, names),
    )


def _spread(game: Game, known: dict[Key, Priced]) -> float | None:
    line = known.get(game.key)
    return line.spread if line is not None else None


def _rows(found: Sequence[Game], known: dict[Key, Priced], numbers: tuple[Parameters, Parameters]) -> Rows:
    import numpy as np

    parts = [_states(game, _spread(game, known), numbers) for game in found]
    lead, left, overtime, points, p, won = (np.concatenate(column) for column in zip(*parts, strict=True))
    names = [game.name for game, part in zip(found, parts, strict=True) for _ in part[0]]
    return Rows(lead, left, overtime > 0.0, points, p, won, names)


def _states(game: Game, spread: float | None, numbers: tuple[Parameters, Parameters]) -> tuple["Floats", ...]:
    """Columns of one game: lead, left, overtime, points of the line, the model's probability, won."""
    import numpy as np

    lined, unlined = numbers
    mine, points = (unlined, unlined.home) if spread is None else (lined, -spread)
    moments = game.each(EACH_S)
    lead, left, overtime = (
        np.array([float(getattr(each, name)) for each in moments]) for name in ("lead", "left", "overtime")
    )
    p = win_array(lead, left, from_spread(-points, mine).drift, mine, overtime > 0.0)
    ones = np.ones(len(moments))
    return lead, left, overtime, ones * points, p, ones * float(game.margin > 0)


def _sigmas(train: Sequence[Game], known: dict[Key, Priced]) -> tuple[float, float]:
    """The plain motion's sigma: as the spread of margins about the line, and with the least log loss."""
    import numpy as np
    from scipy.optimize import minimize_scalar

    if len(train) < _ENOUGH:
        return STERN.sigma, STERN.sigma
    rows = _rows(train, known, EVEN)
    points = dict(zip(rows.game, rows.points.tolist(), strict=True))
    apart = [(game.margin - points[game.name]) ** 2 for game in train]
    found = minimize_scalar(
        lambda sigma: float(rows.losses(rows.plain(sigma)).mean()), bounds=(5.0, 60.0), method="bounded"
    )
    return float(np.sqrt(np.mean(apart))), float(found.x)
