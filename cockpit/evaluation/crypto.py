"""How right the fair values of crypto brackets are, against the market's own prices (`cockpit evaluate crypto`).

Each hourly capture is priced by the code that prices live, fed with what was known then and nothing later: spots of the
captures so far, values of events already settled. Results come from later captures, and only score. Both sides are
scored on the same brackets at the same moments; chance is over events, because the brackets of an event and its
captures live and die together. The market's price is the middle of bid and ask, a dead bracket (no bid, ask of a cent)
counting as 0.2 cent; because the middles of a ladder sum to more than one, the market is scored normalised as well.

Caveats: an exchange's spot stands in for the settlement index, and two captures an hour say little of volatility.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cockpit.domain.units import SECOND
from cockpit.evaluation.hourly import Capture, ForeignFileError, Outcome, captures
from cockpit.evaluation.scores import Interval, brier, calibration_line, clustered, log_loss
from cockpit.models.assets import ASSETS
from cockpit.models.brackets import price
from cockpit.models.digitals import PRINTS
from cockpit.models.fair import Fair
from cockpit.models.spot import Underlying

if TYPE_CHECKING:
    import numpy as np

WARM_UP = 24
"""Captures of an asset that teach the volatility before any is scored."""
DEAD_ASK = 0.01
DEAD_MID = 0.002
NEAR = (0.02, 0.98)
"""A bracket is near the money where the market's middle is strictly between these."""
SETTLED_NS = PRINTS * SECOND // 2
"""A settlement value is the mean of the last minute: as one price it belongs to half a minute before the close."""
SEED = 20260703
_DUST = 1e-9


class Row(msgspec.Struct, frozen=True, gc=False):
    """One bracket of one capture: the model's probability, the market's two, and the outcome."""

    event: str
    model: float
    market: float
    normalised: float
    outcome: float


class Scores(msgspec.Struct, frozen=True):
    """Both sides on the same rows; ``difference`` is the Brier score of the model minus the market's."""

    n_events: int
    n_rows: int
    brier_model: float | None = None
    brier_market: float | None = None
    brier_market_normalised: float | None = None
    logloss_model: float | None = None
    logloss_market: float | None = None
    difference: Interval | None = None
    slope_model: float | None = None
    """Calibration slope; None where the outcomes do not pin it down."""
    slope_market: float | None = None

    def as_json(self) -> dict[str, object]:
        """The machine form; None where there is nothing to score."""
        d = self.difference
        return {
            "n_events": self.n_events,
            "n_rows": self.n_rows,
            "brier_model": self.brier_model,
            "brier_market": self.brier_market,
            "brier_market_normalised": self.brier_market_normalised,
            "logloss_model": self.logloss_model,
            "logloss_market": self.logloss_market,
            "brier_diff": d and d.mean,
            "brier_diff_ci": d and [d.low, d.high],
        }


class CryptoReport(msgspec.Struct, frozen=True):
    """What captures say about the fair values: over all brackets, and over those near the money."""

    all: Scores
    near: Scores
    captures: int
    scored: int
    """Captures that were priced and whose event has settled since."""
    passed_over: list[str] = []
    """Files that hold something else, and what in them says so."""

    def as_json(self) -> dict[str, object]:
        """The machine form."""
        return {**self.all.as_json(), "near": self.near.as_json()}

    def as_text(self) -> str:
        """The report for people, at most 80 wide."""
        head = f"{self.scored:,} of {self.captures:,} captures scored"
        columns = ("all brackets", f"{NEAR[0] * 100:.0f} to {NEAR[1] * 100:.0f} cents")
        lines = [head, "", f"  {'':<34}" + "".join(f"{each:>16}" for each in columns)]
        both = (self.all, self.near)
        lines.append(_row("events", [f"{each.n_events:,}" for each in both]))
        lines.append(_row("brackets", [f"{each.n_rows:,}" for each in both]))
        for words, field in _LINES.items():
            lines.append(_row(words, [_number(getattr(each, field)) for each in both]))
        lines.append(_row("Brier, model minus market", [_interval(each, "mean") for each in both]))
        lines.append(_row("  95 % over events, from", [_interval(each, "low") for each in both]))
        lines.append(_row("  to", [_interval(each, "high") for each in both]))
        return "\n".join(lines)


_LINES = {
    "Brier, model": "brier_model",
    "Brier, market": "brier_market",
    "Brier, market normalised": "brier_market_normalised",
    "log loss, model": "logloss_model",
    "log loss, market": "logloss_market",
    "calibration slope, model": "slope_model",
    "calibration slope, market": "slope_market",
}


def _row(label: str, cells: Sequence[str]) -> str:
    return f"  {label:<34}" + "".join(f"{cell:>16}" for cell in cells)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.5f}"


def _interval(scores: Scores, end: str) -> str:
    return "-" if scores.difference is None else f"{getattr(scores.difference, end):+.5f}"


def evaluate_crypto(
    paths: Sequence[Path], progress: Callable[[int, int], object] | None = None
) -> CryptoReport:
    """Score the fair values on hourly captures, whatever order the files come in.

    Args:
        paths: files of captures.
        progress: told (files read, files).

    Raises:
        InputError: naming file and line, when one cannot be read, breaks off, or none of them holds captures.
    """
    import numpy as np

    found: list[Capture] = []
    foreign: list[ForeignFileError] = []
    for i, path in enumerate(paths):
        try:
            found += captures(path)
        except ForeignFileError as error:
            foreign.append(error)
        if progress is not None:
            progress(i + 1, len(paths))
    if foreign and not found:
        raise foreign[0]
    found.sort(key=lambda each: each.ts)
    results = {ticker: result for each in found for ticker, result in each.settled.results.items()}
    scored = [rows for capture, fairs in _replay(found) if (rows := _rows(capture, fairs, results))]
    rows = [row for each in scored for row in each]
    near = [row for row in rows if NEAR[0] + _DUST < row.market < NEAR[1] - _DUST]
    rng = np.random.default_rng(SEED)  # noqa: TID251  the one place where the resampling's seed enters
    passed_over = [str(error) for error in foreign]
    return CryptoReport(_scores(rows, rng), _scores(near, rng), len(found), len(scored), passed_over)


def _replay(found: Sequence[Capture]) -> Iterator[tuple[Capture, list[Fair]]]:
    """The captures to score with their fair values, each made of nothing that came after it."""
    underlyings: dict[str, Underlying] = {}
    closes: dict[str, int] = {}
    seen: Counter[str] = Counter()
    for each in found:
        if each.symbol not in ASSETS or not each.mid:
            continue
        known = underlyings.setdefault(each.symbol, Underlying(each.symbol))
        _settle(known, each, closes)
        known.tick(f"{each.source} {each.symbol}-USD", each.ts, each.mid)
        seen[each.symbol] += 1
        closes[each.ladder.event_ticker] = each.close_ns
        whole = len(each.contracts) == len(each.ladder.outcomes)
        if seen[each.symbol] <= WARM_UP or not whole or each.ts >= each.close_ns - PRINTS * SECOND:
            continue
        outlook = known.outlook(each.ts, each.close_ns)
        if outlook is not None:
            yield each, price(outlook, each.contracts)


def _settle(known: Underlying, capture: Capture, closes: dict[str, int]) -> None:
    """Tell the volatility the settlement value of an event seen open before, unless a later spot was told first."""
    value, close_ns = capture.settled.expiration_value, closes.pop(capture.settled.event_ticker, 0)
    if value is not None and close_ns - SETTLED_NS > known.vol.sample_ns:
        known.vol.add(close_ns - SETTLED_NS, float(value))


def _rows(capture: Capture, fairs: Sequence[Fair], results: dict[str, str]) -> list[Row]:
    """The brackets of a capture; none unless every one has a result."""
    outcomes = capture.ladder.outcomes
    if any(results.get(each.ticker) not in _PAYS for each in outcomes):
        return []
    middles = [_middle(each) for each in outcomes]
    total = sum(middles)
    return [
        Row(capture.ladder.event_ticker, fair.mid, middle, middle / total, _PAYS[results[each.ticker]])
        for each, fair, middle in zip(outcomes, fairs, middles, strict=True)
    ]


_PAYS = {"yes": 1.0, "no": 0.0}


def _middle(outcome: Outcome) -> float:
    """The market's price of a bracket, dollars."""
    bid, ask = outcome.yes_bid or 0.0, 1.0 if outcome.yes_ask is None else outcome.yes_ask
    return DEAD_MID if bid <= 0.0 and ask <= DEAD_ASK + _DUST else (bid + ask) / 2.0


def _scores(rows: Sequence[Row], rng: "np.random.Generator") -> Scores:
    if not rows:
        return Scores(0, 0)
    y = [row.outcome for row in rows]
    model, market = [row.model for row in rows], [row.market for row in rows]
    events = [row.event for row in rows]
    differences = [(a - c) ** 2 - (b - c) ** 2 for a, b, c in zip(model, market, y, strict=True)]
    return Scores(
        n_events=len(set(events)),
        n_rows=len(rows),
        brier_model=brier(model, y),
        brier_market=brier(market, y),
        brier_market_normalised=brier([row.normalised for row in rows], y),
        logloss_model=log_loss(model, y),
        logloss_market=log_loss(market, y),
        difference=clustered(differences, events, rng),
        slope_model=_slope(model, y),
        slope_market=_slope(market, y),
    )


def _slope(p: Sequence[float], y: Sequence[float]) -> float | None:
    try:
        return calibration_line(p, y)[1]
    except ValueError:
        return None
