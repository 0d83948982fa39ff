"""How right blended forecasts are about daily highs, before and after a day (`cockpit evaluate weather`).

The folder holds, for each station, ``NAME_nws.csv`` (``date``, ``nws_high``) and ``NAME_forecasts.csv`` (``date``, one
``fcst_MODEL`` column a model), plain or .gz. What is scored are the days from the split on; c and d of the law are fitted
before it, biases and weights go on learning from each settled day, as a live desk's would. A single model is scored the same
way: set right by its own bias, with a sigma fitted before the split. Brackets are six as the venue lists them, two degrees
each around the plain mean of the forecasts; climatology is the station's own past within two weeks of the date.
"""

import csv
import gzip
import io
import math
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cockpit.domain.errors import InputError
from cockpit.evaluation.scores import Interval, clustered
from cockpit.models.weather.blend import Skill, blend, crps
from cockpit.models.weather.brackets import Bracket, chance, pays

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

SEED = 20240101
WARM_DAYS = 365
"""Days of a station that only teach, before c and d are fitted on the rest of those before the split."""
WINDOW = 15
"""Days to either side of a date that climatology takes."""
_PREFIX = "fcst_"


class Day(msgspec.Struct, frozen=True):
    """One station's day: forecasts as the law took them, before it was known."""

    station: str
    day: str
    observed: float
    forecasts: dict[str, float]
    right: dict[str, float]
    """Forecasts with their biases, by model."""
    mu: float
    square: float
    """S squared."""
    least: float
    """What sigma squared is at least, by the models' own past."""

    def sigma(self, law: tuple[float, float]) -> float:
        """By c and d."""
        return math.sqrt(max(law[0] + law[1] * self.square, self.least))


class WeatherReport(msgspec.Struct, frozen=True):
    """What the days from the split on say; scores None where there are none."""

    n_days: int
    n_stations: int
    law: tuple[float, float] | None
    """c and d as fitted before the split."""
    crps_model: float | None
    crps_single: dict[str, float]
    best_single: str
    diff: Interval | None
    """CRPS of the blend less the best single model's, by date."""
    brier_model: float | None
    """Of six brackets a day, summed over them."""
    brier_climatology: float | None
    coverage: float | None
    """Share of days within the law's middle 80 %."""

    def as_json(self) -> dict[str, object]:
        """One JSON object."""
        return {
            "n_days": self.n_days,
            "n_stations": self.n_stations,
            "law": list(self.law) if self.law else None,
            "crps_model": self.crps_model,
            "crps_best_single": self.crps_single.get(self.best_single),
            "best_single": self.best_single,
            "crps_single": self.crps_single,
            "diff_ci": [self.diff.low, self.diff.high] if self.diff else None,
            "brier_model": self.brier_model,
            "brier_climatology": self.brier_climatology,
            "coverage80": self.coverage,
        }

    def as_text(self) -> str:
        """The same for people."""
        if self.crps_model is None or self.law is None or self.diff is None:
            return "no day from then on has both forecasts and a report"
        singles = ", ".join(
            f"{name} {each:.3f}" for name, each in sorted(self.crps_single.items(), key=_by_score)
        )
        return "\n".join(
            (
                f"{self.n_days:,} days of {self.n_stations} stations, sigma^2 = {self.law[0]:.2f} + {self.law[1]:.2f} S^2",
                f"CRPS   blend {self.crps_model:.3f}, best single {self.best_single} "
                f"{self.crps_single[self.best_single]:.3f} (by date {self.diff.low:+.3f} to {self.diff.high:+.3f})",
                f"       {singles}",
                f"Brier  blend {_four(self.brier_model)}, climatology {_four(self.brier_climatology)}",
                f"       {0 if self.coverage is None else self.coverage:.1%} of days within the middle 80 %",
            )
        )


def _by_score(each: tuple[str, float]) -> float:
    return each[1]


def _four(value: float | None) -> str:
    return "none" if value is None else f"{value:.4f}"


def evaluate_weather(
    folder: Path, before: str, progress: Callable[[int, int], None] | None = None
) -> WeatherReport:
    """Score blended forecasts on the days from ``before`` (ISO) on.

    Raises:
        InputError: for a folder without such files, a file that cannot be read, or a day that is none.
    """
    try:
        date.fromisoformat(before)
    except ValueError:
        raise InputError(f"{before!r}: expected a day as YYYY-MM-DD") from None
    stations = sorted(path for path in folder.glob("*_nws.csv*"))
    if not stations:
        raise InputError(f"{folder}: no NAME_nws.csv in it")
    found: list[Day] = []
    past: dict[str, list[tuple[str, float]]] = {}
    for i, path in enumerate(stations):
        name = path.name.partition("_nws")[0]
        days, past[name] = _station(name, path, folder)
        found += days
        if progress is not None:
            progress(i + 1, len(stations))
    return _scored(found, past, before)


def _station(name: str, path: Path, folder: Path) -> tuple[list[Day], list[tuple[str, float]]]:
    """A station's days in order, each as it was known before it; and what was observed."""
    observed = {row["date"]: _number(row.get("nws_high", "")) for row in _rows(path)}
    forecasts: dict[str, dict[str, float]] = {}
    for found in sorted(folder.glob(f"{name}_forecasts.csv*")):
        for row in _rows(found):
            values = {
                column.removeprefix(_PREFIX): value
                for column in row
                if column.startswith(_PREFIX) and (value := _number(row[column])) is not None
            }
            forecasts.setdefault(row["date"], {}).update(values)
    skills: dict[str, Skill] = defaultdict(Skill)
    days = []
    for day in sorted(forecasts):
        seen, known = observed.get(day), forecasts[day]
        made = blend(known, skills)
        if seen is None or made is None:
            continue
        right = {model: value + skills[model].shrunk for model, value in known.items()}
        days.append(Day(name, day, seen, known, right, made.mu, made.spread**2, made.least))
        for model, value in known.items():
            skills[model].learn(value, seen)
    return days, [(day, value) for day, value in sorted(observed.items()) if value is not None]


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
        rows = list(csv.DictReader(io.StringIO(text)))
        for row in rows:
            date.fromisoformat(row["date"])
    except (OSError, EOFError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise InputError(f"{path}: {error}") from error
    return rows


def _number(text: str | None) -> float | None:
    """Degrees; None where nothing stands there."""
    if not text:
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _scored(found: list[Day], past: dict[str, list[tuple[str, float]]], before: str) -> WeatherReport:
    first = {name: days[min(WARM_DAYS, len(days) - 1)][0] for name, days in past.items() if days}
    train = [each for each in found if first[each.station] <= each.day < before]
    test = [each for each in found if each.day >= before]
    if not train or not test:
        return WeatherReport(
            len(test), len({d.station for d in test}), None, None, {}, "", None, None, None, None
        )
    import numpy as np

    law = _fit([d.mu for d in train], [d.square for d in train], [d.observed for d in train])
    ours = [crps(d.mu, d.sigma(law), d.observed) for d in test]
    singles = {}
    for model in sorted({name for d in test for name in d.right}):
        own = [d for d in train if model in d.right] or [d for d in test if model in d.right]
        sigma = math.sqrt(_fit([d.right[model] for d in own], [0.0] * len(own), [d.observed for d in own])[0])
        singles[model] = {
            i: crps(d.right[model], sigma, d.observed) for i, d in enumerate(test) if model in d.right
        }
    whole = {name: sum(each.values()) / len(each) for name, each in singles.items()}
    best = min(whole, key=lambda name: (whole[name], name))
    both = sorted(singles[best])
    rng = np.random.default_rng(SEED)  # noqa: TID251  the one place where the resampling's seed enters
    return WeatherReport(
        n_days=len(test),
        n_stations=len({d.station for d in test}),
        law=law,
        crps_model=sum(ours) / len(ours),
        crps_single=whole,
        best_single=best,
        diff=clustered([ours[i] - singles[best][i] for i in both], [test[i].day for i in both], rng),
        brier_model=sum(_brackets(d, law) for d in test) / len(test),
        brier_climatology=_climatology(test, past, before),
        coverage=sum(_within(d, law) for d in test) / len(test),
    )


def _fit(mu: list[float], square: list[float], observed: list[float]) -> tuple[float, float]:
    """C and d with the least mean CRPS."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import ndtr

    centre, spread, seen = (np.asarray(each, dtype=float) for each in (mu, square, observed))

    def loss(free: "Floats") -> float:
        sigma = np.sqrt(np.exp(free[0]) + np.exp(free[1]) * spread)
        z = (seen - centre) / sigma
        density = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
        return float(np.mean(sigma * (z * (2.0 * ndtr(z) - 1.0) + 2.0 * density - 1.0 / math.sqrt(math.pi))))

    best = minimize(loss, [0.5, -0.5], method="Nelder-Mead").x
    return float(np.exp(best[0])), float(np.exp(best[1]))


def _listed(day: Day) -> list[Bracket]:
    """Six brackets as the venue lists them: four of two degrees around the plain mean, and what lies beyond."""
    middle = round(sum(day.forecasts.values()) / len(day.forecasts))
    low = middle - 4
    inner = [Bracket(low + 2 * i, low + 2 * i + 1) for i in range(4)]
    return [Bracket(None, low - 1), *inner, Bracket(low + 8, None)]


def _brackets(day: Day, law: tuple[float, float]) -> float:
    return _brier(day, day.mu, day.sigma(law))


def _brier(day: Day, mu: float, sigma: float) -> float:
    value = round(day.observed)
    return sum((chance(each, mu, sigma) - pays(each, value)) ** 2 for each in _listed(day))


def _climatology(test: list[Day], past: dict[str, list[tuple[str, float]]], before: str) -> float | None:
    """The same brackets by the station's own past within `WINDOW` days of the date, in the years before the split."""
    by_station = {
        name: [(date.fromisoformat(day).timetuple().tm_yday, value) for day, value in days if day < before]
        for name, days in past.items()
    }
    known: dict[tuple[str, int], tuple[float, float] | None] = {}
    scores = []
    for each in test:
        of_year = date.fromisoformat(each.day).timetuple().tm_yday
        key = (each.station, of_year)
        if key not in known:
            near = [
                v
                for d, v in by_station[each.station]
                if min((d - of_year) % 365, (of_year - d) % 365) <= WINDOW
            ]
            known[key] = _normal(near)
        law = known[key]
        if law is not None:
            scores.append(_brier(each, *law))
    return sum(scores) / len(scores) if scores else None


def _normal(values: list[float]) -> tuple[float, float] | None:
    if len(values) < 10:
        return None
    mean = sum(values) / len(values)
    return mean, max(1.0, math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1)))


def _within(day: Day, law: tuple[float, float]) -> bool:
    return abs(day.observed - day.mu) <= 1.2815515655446004 * day.sigma(law)
