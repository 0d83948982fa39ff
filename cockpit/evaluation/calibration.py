"""How right our probabilities are against the market's own price at the same moment: one observation an event and horizon.

At each horizon before the question is decided one market speaks for its settlement cluster: the one whose mid is nearest to one
half, where there is most to be wrong about. Ticks are never pooled: they are not independent.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from cockpit.domain.units import PRICE, SECOND
from cockpit.engine.engine import Engine
from cockpit.evaluation.bins import Bin, bins
from cockpit.evaluation.scores import brier, log_loss
from cockpit.models.match.families import ALL
from cockpit.models.verdicts import NOTHING_SAID, judge
from cockpit.models.weather.stations import day_ends

AHEAD = (86_400, 43_200, 3_600, 600, 60)
"""Seconds before `decided`."""
SLACK = 5
"""Seconds by which an observation may be late; a market met later is not observed."""
_BETTER = {"A better": "market better", "B better": "ours better"}


class Observation(msgspec.Struct, frozen=True):
    """One market speaking for its cluster at one horizon: probabilities of YES."""

    market: str
    family: str
    cluster: str
    ahead: int
    ours: float
    theirs: float


def decided(engine: Engine, ticker: str) -> int:
    """When what a market asks is decided, or begins to be, ns UTC.

    The start of its game or of its speech, the end of its station's day, else its close; 0 for one without.
    """
    pricer = engine.pricer
    game, speech, terms = (
        pricer.games.of(ticker), pricer.mentions.of(ticker), pricer.weather.terms.get(ticker),
    )  # fmt: skip
    if game is not None:
        return game[0].game.start_ns
    if speech is not None:
        return speech.start_ns
    if terms is not None:
        return day_ends(terms.day, terms.station)
    return engine.state.markets[ticker].market.close_ns


class Observations:
    """Taken down while a session runs."""

    def __init__(
        self,
        engine: Engine,
        place: Callable[[str], tuple[str, str]],
        decided: Callable[[Engine, str], int],
    ) -> None:
        self._engine = engine
        self._place = place
        self._decided = decided
        self.found: dict[tuple[str, int], Observation] = {}

    def look(self) -> None:
        """Once a second of the session's time."""
        now = self._engine.state.now
        candidates: dict[tuple[str, int], Observation] = {}
        for ticker, m in self._engine.state.markets.items():
            mid2 = m.book.mid2
            if m.fair is None or mid2 is None or m.doubt:
                continue
            left = (self._decided(self._engine, ticker) - now) / SECOND
            ahead = next((h for h in AHEAD if h - SLACK < left <= h), None)
            if ahead is None:
                continue
            family, cluster = self._place(ticker)
            theirs = mid2 / (2 * PRICE)
            before = candidates.get((cluster, ahead))
            if before is None or abs(theirs - 0.5) < abs(before.theirs - 0.5):
                candidates[cluster, ahead] = Observation(ticker, family, cluster, ahead, m.fair.mid, theirs)
        for key, each in candidates.items():
            self.found.setdefault(key, each)


class Scored(msgspec.Struct, frozen=True):
    """One observation and what its market paid."""

    family: str
    cluster: str
    ahead: int
    ours: float
    theirs: float
    paid: float


class Calibration(msgspec.Struct, frozen=True):
    """One family at one horizon. Scores are mean losses: lower is better."""

    family: str
    ahead: int
    """Seconds before the close."""
    n: int
    """Independent events."""
    brier: float
    brier_market: float
    log_loss: float
    log_loss_market: float
    e: float
    """Evidence that the two Brier scores differ."""
    verdict: str


def scored(observations: Iterable[Observation], values: Mapping[str, int]) -> list[Scored]:
    """Those whose market was won or lost; ``values`` are what one YES paid, price units."""
    return [
        Scored(o.family, o.cluster, o.ahead, o.ours, o.theirs, values[o.market] / PRICE)
        for o in observations
        if values.get(o.market) in (0, PRICE)
    ]


def calibrations(found: Sequence[Scored]) -> list[Calibration]:
    """Scores by family and horizon, and of all families together."""
    out = []
    for family in [*dict.fromkeys(each.family for each in found), ALL]:
        for ahead in AHEAD:
            rows = [r for r in found if r.ahead == ahead and family in (ALL, r.family)]
            if rows:
                out.append(_calibration(family, ahead, rows))
    return out


def _calibration(family: str, ahead: int, rows: Sequence[Scored]) -> Calibration:
    ours, theirs, paid = [r.ours for r in rows], [r.theirs for r in rows], [r.paid for r in rows]
    gains = [(r.theirs - r.paid) ** 2 - (r.ours - r.paid) ** 2 for r in rows]
    verdict = judge(gains, bound=1.0, limit=math.inf)
    return Calibration(
        family=family,
        ahead=ahead,
        n=len(rows),
        brier=brier(ours, paid),
        brier_market=brier(theirs, paid),
        log_loss=log_loss(ours, paid),
        log_loss_market=log_loss(theirs, paid),
        e=verdict.evidence,
        verdict=_BETTER.get(verdict.state, NOTHING_SAID),
    )


def reliability(found: Sequence[Scored], ahead: int) -> list[Bin]:
    """Our probabilities at one horizon by tenths, with the share that came true."""
    rows = [r for r in found if r.ahead == ahead]
    return bins([r.ours for r in rows], [r.paid for r in rows], [r.cluster for r in rows])
