"""Temperatures at stations: forecasts, readings, official reports, and what a screen may see of them.

Temperatures are 1/100 degree Fahrenheit where a source gives decimals, whole degrees where a report states them. A day is
the climate day: midnight to midnight in the station's standard time all year, as an ISO date.
"""

import msgspec

DEGREE = 100
"""Temperature units in a degree Fahrenheit."""


class Reading(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One observation of a station."""

    station: str
    """By its ICAO code: "KNYC"."""
    at_ns: int
    temp: int
    """1/100 degree."""
    exact: bool = False
    """Whether it is told in tenths of a degree Celsius; else it was rounded to whole ones before it came."""
    high6: int | None = None
    """The highest of the last six hours, 1/100 degree, where the message has it."""
    low6: int | None = None
    trusted: bool = True
    """Whether quality control let it pass."""


class Forecast(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One model's high and low of a station's day, 1/100 degree."""

    model: str
    station: str
    day: str
    high: int | None = None
    low: int | None = None
    peak_ns: int = 0
    """When its warmest hour is; 0 not known."""


class Report(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A climate report of a station's day; whole degrees, None where missing."""

    station: str
    day: str
    high: int | None
    low: int | None
    issued_ns: int
    final: bool = False
    """Of a day that is over; one issued within its own day never is."""
    correction: bool = False


# ---------------------------------------------------------------------------------------------- the screen's part


class _Part(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What all parts share."""


class DegreeChance(_Part, frozen=True):
    """P(pays) at its lowest, middle and highest."""

    low: float
    mid: float
    high: float


class BracketView(_Part, frozen=True):
    """One bracket of a station's day."""

    label: str
    """In degrees: "31-32", "<=28", ">=37"."""
    market: str
    bid: int
    ask: int
    age_ns: int
    chance: DegreeChance | None
    side: int = 0
    """BID buys YES, ASK buys NO; 0 where nothing can be reckoned."""
    price: int = 0
    edge: float | None = None
    low: float | None = None
    mark: str = ""
    settled: str = ""
    """yes or no, once it is."""


class StationView(_Part, frozen=True):
    """One station's day."""

    id: str
    """The venue's event."""
    city: str
    station: str
    day: str
    lowest: bool
    """Whether the day's low decides."""
    brackets: tuple[BracketView, ...]
    """Coldest first."""
    reached: int | None
    """The highest (lowest) whole degree that is sure so far."""
    reading: float | None
    """The last one, degrees."""
    reading_ns: int
    """When it was made; 0 never."""
    mu: float | None
    sigma: float | None
    spread: float | None
    forecasts: tuple[tuple[str, float, float, float], ...]
    """(model, degrees, bias, weight), the heaviest first."""
    forecast_ns: int
    """Age of the oldest that counts is from then; 0 none."""
    report: str
    """none, intraday, final or corrected."""
    reported: int | None
    ends_ns: int
    """When the climate day is over."""
    source: str
    """Where the market's rules say it settles, in words."""
    trouble: str = ""
    """Why it is not priced: a station the rules do not name, no forecast."""


class WeatherView(_Part, frozen=True):
    """All stations' days, the soonest to end first."""

    stations: tuple[StationView, ...] = ()
    heard_ns: int = 0
