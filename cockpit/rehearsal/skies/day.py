"""One day's temperatures at a station: drawn before anything trades, known to nobody before its time.

What is expected of the high is a walk W that ends in the evening. The high is the larger of where W ends and the highest
temperature so far; so seen at t, with M the whole degree reached and s what W still moves (standard deviation),

    P(high <= x) = 0 for x < M,   Phi((x + 1/2 - W(t)) / s) from M on

The thermometer itself stays about two degrees below what is expected: what is left comes with a warm wind towards the evening.
All temperatures in degrees Fahrenheit.
"""

import math

import msgspec

from cockpit.domain.units import SECOND
from cockpit.models.weather.stations import BY_ICAO
from cockpit.rehearsal.agents import Crowding, Habits
from cockpit.rehearsal.draws import Draws

MINUTE_NS = 60 * SECOND
HOUR_NS = 60 * MINUTE_NS
PEAK_H = 16.0
"""Standard hours of the warmest moment."""
STEPS = 240
"""Minutes over which W moves."""
SWING = 11.0
"""From a night's lowest to a day's highest."""
SHY = 2.0
"""How far the thermometer stays below what is expected, at the peak."""
WIGGLE = 0.15
READ_EVERY = 5 * MINUTE_NS
FULL_AT = 51 * MINUTE_NS
"""When in an hour the observation is made that tells tenths."""
_USUAL, _VARIES = 47.0, 4.0
_LEAST = 0.05


class Weather(msgspec.Struct, frozen=True):
    """A day's weather as frozen data, and who trades on it."""

    models: tuple[tuple[str, float], ...]
    """Open-Meteo's names, and by how much each is off (degrees)."""
    makers: tuple[Habits, ...]
    crowding: Crowding
    hawk_pace_s: float
    nerves_s: float = 15.0
    sigma: float = 1.6
    """Standard deviation (degrees) of what W moves until the evening."""
    station: str = "KNYC"


class Day:
    """One day of a station, drawn; ``start`` is the world's, ns UTC."""

    def __init__(self, spec: Weather, start: int, draws: Draws) -> None:
        self.spec = spec
        self.station = BY_ICAO[spec.station]
        self.name = self.station.day(start)
        """The climate day, as an ISO date."""
        self.midnight = self.station.starts(self.name)
        self._start = start
        self._reached = (-1, 0)
        walk = [_USUAL + _VARIES * draws.normal()]
        for _ in range(STEPS):
            walk.append(walk[-1] + spec.sigma / math.sqrt(STEPS) * draws.normal())
        self._walk = walk
        self.middle = round(walk[0] + 0.8 * draws.normal())
        """What was expected when the brackets were listed, a whole degree."""
        self.others = {n: walk[0] + 3.0 * draws.normal() for n in (-2, -1, 1, 2, 3)}
        """Highs of the days around it, by how many days later."""
        minutes = (start - self.midnight) // MINUTE_NS + STEPS
        self._wiggles = [WIGGLE * (2.0 * draws.uniform() - 1.0) for _ in range(minutes // 5 + 2)]

    def expected(self, now: int) -> float:
        """W, as seen at ``now`` (ns UTC)."""
        return self._walk[self._step(now)]

    def temperature(self, at: int) -> float:
        """What the thermometer reads at a time of the day (ns UTC)."""
        hours = (at - self.midnight) / HOUR_NS
        wiggle = self._wiggles[min((at - self.midnight) // READ_EVERY, len(self._wiggles) - 1)]
        return self.expected(at) - SHY - below_peak(hours) + wiggle

    def readings(self, since: int, until: int) -> list[int]:
        """When observations are made in (since, until], ns UTC, the oldest first."""
        first = since // MINUTE_NS + 1
        times = (minute * MINUTE_NS for minute in range(first, until // MINUTE_NS + 1))
        return [at for at in times if at % READ_EVERY == 0 or full(at)]

    def reached(self, now: int) -> int:
        """The whole degree the day has reached by its observations."""
        step = now // MINUTE_NS
        if step != self._reached[0]:
            since = self._start - 3 * HOUR_NS  # the mornings of these days are cold
            made = (self.temperature(at) for at in self.readings(since, now))
            self._reached = (step, max(math.floor(each + 0.5) for each in made))
        return self._reached[1]

    @property
    def high(self) -> int:
        """What the report will say, a whole degree."""
        return max(math.floor(self._walk[-1] + 0.5), self.reached(self._start + STEPS * MINUTE_NS))

    def chance(self, low: int | None, high: int | None, now: int) -> float:
        """The true chance that the high lies within these whole degrees, both included; None is open."""
        upper = 1.0 if high is None else self._below(high, now)
        return upper - (0.0 if low is None else self._below(low - 1, now))

    def _below(self, degree: int, now: int) -> float:
        if degree < self.reached(now):
            return 0.0
        left = 1.0 - self._step(now) / STEPS
        spread = max(self.spec.sigma * math.sqrt(left), _LEAST)
        return 0.5 * math.erfc((self.expected(now) - degree - 0.5) / (spread * math.sqrt(2.0)))

    def _step(self, now: int) -> int:
        return min(max((now - self._start) // MINUTE_NS, 0), STEPS)


def below_peak(hours: float) -> float:
    """How far below its highest a plain day is, so many hours after midnight."""
    return SWING * (1.0 - math.cos(math.pi * (hours - PEAK_H) / 12.0)) / 2.0


def full(at: int) -> bool:
    """Whether an observation of this minute (ns UTC) is an hourly one."""
    return at % HOUR_NS == FULL_AT
