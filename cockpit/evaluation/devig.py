"""How right books' closing prices are once their margin is out, by method (`cockpit evaluate devig`).

The file is a CSV (plain or .gz) with a row a game: ``moneyline_home``, ``moneyline_away`` (American), ``score_home`` and
``score_away``. Every method is scored on the same games; differences are to the multiplicative one, game by game.
"""

from pathlib import Path

import msgspec

from cockpit.evaluation.bins import Bin, bins
from cockpit.evaluation.scores import Interval, brier, clustered, log_loss
from cockpit.evaluation.timelines import rows_of
from cockpit.models.devig import METHODS, devig, implied

SEED = 20080101
COLUMNS = ("moneyline_home", "moneyline_away", "score_home", "score_away")
PLAIN = "multiplicative"


class MethodScore(msgspec.Struct, frozen=True):
    """One method."""

    logloss: float
    brier: float
    difference: Interval
    """Log loss less the multiplicative method's."""
    calibration: tuple[Bin, ...]

    def as_json(self) -> dict[str, object]:
        """The machine form."""
        return {
            "logloss": self.logloss,
            "brier": self.brier,
            "logloss_diff_ci": [self.difference.low, self.difference.high],
            "calibration": [each.as_json() for each in self.calibration],
        }


class DevigReport(msgspec.Struct, frozen=True):
    """What closing lines say."""

    n_games: int
    passed_over: int
    """Rows without both prices or a result, or whose prices are no book's."""
    margin: float | None
    """Mean share the books keep."""
    spread: float | None
    """Mean distance between the methods' chances of the home side."""
    methods: dict[str, MethodScore]

    def as_json(self) -> dict[str, object]:
        """One JSON object."""
        return {
            "n_games": self.n_games,
            "passed_over": self.passed_over,
            "margin": self.margin,
            "methods_apart": self.spread,
            "methods": {name: score.as_json() for name, score in self.methods.items()},
        }

    def as_text(self) -> str:
        """The same for people."""
        if self.margin is None or self.spread is None:
            return f"no game with both prices and a result ({self.passed_over:,} rows passed over)"
        lines = [
            f"{self.n_games:,} games, margin {self.margin:.2%}, methods {self.spread * 100:.2f}c apart; "
            f"{self.passed_over:,} rows passed over"
        ]
        for name, each in self.methods.items():
            held = sum(one.holds for one in each.calibration)
            lines.append(
                f"{name:<15} log loss {each.logloss:.4f} ({each.difference.low:+.4f} to {each.difference.high:+.4f})  "
                f"Brier {each.brier:.4f}  calibrated {held}/{len(each.calibration)}"
            )
        return "\n".join(lines)


def evaluate_devig(path: Path) -> DevigReport:
    """Score every method on a file of closing prices.

    Raises:
        InputError: for a file that cannot be read or lacks a column.
    """
    found: list[tuple[list[float], float]] = []
    passed = 0
    for _, row in rows_of(path, COLUMNS):
        game = _game(row)
        if game is None:
            passed += 1
        else:
            found.append(game)
    if not found:
        return DevigReport(0, passed, None, None, {})
    won = [each for _, each in found]
    chances = {name: [method(q)[0] for q, _ in found] for name, method in METHODS.items()}
    apart = [devig(q)[0] for q, _ in found]
    return DevigReport(
        n_games=len(found),
        passed_over=passed,
        margin=sum(each.margin for each in apart) / len(found),
        spread=sum(each.high - each.low for each in apart) / len(found),
        methods={name: _scored(p, chances[PLAIN], won) for name, p in chances.items()},
    )


def _game(row: dict[str, str]) -> tuple[list[float], float] | None:
    """Implied chances of both sides, and whether home won; None for a row that has not all of it."""
    try:
        q = [implied(round(float(row[name]))) for name in COLUMNS[:2]]
        devig(q)
        margin = float(row["score_home"]) - float(row["score_away"])
    except ValueError:
        return None
    return (q, float(margin > 0)) if margin else None


def _scored(p: list[float], plain: list[float], won: list[float]) -> MethodScore:
    import numpy as np

    names = [str(i) for i in range(len(p))]
    apart = [log_loss([a], [y]) - log_loss([b], [y]) for a, b, y in zip(p, plain, won, strict=True)]
    rng = np.random.default_rng(SEED)  # noqa: TID251  the one place where the resampling's seed enters
    return MethodScore(
        log_loss(p, won), brier(p, won), clustered(apart, names, rng), tuple(bins(p, won, names))
    )
