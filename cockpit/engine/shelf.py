"""What the engine keeps of sportsbooks and of stations' weather."""

import msgspec

from cockpit.domain.books import BookGame
from cockpit.domain.weather import Forecast, Reading, Report
from cockpit.models.weather.blend import Skill


class Shelf(msgspec.Struct):
    """Sportsbooks. Times ns UTC."""

    games: dict[str, BookGame] = msgspec.field(default_factory=dict)
    """By the source's id."""
    heard: dict[str, int] = msgspec.field(default_factory=dict)
    heard_ns: int = 0
    left: int | None = None
    """Questions its source still answers."""
    used: int | None = None


class Reached(msgspec.Struct):
    """What a station's day has reached, as whole degrees."""

    marks: list[tuple[int, int]] = []
    """(whole degree, when it was read): the few that reach farthest, one of a time, the farthest first."""
    reported: int | None = None
    """What the newest report issued within the day says; readings from before it count no more."""
    issued_ns: int = 0


class Ahead(msgspec.Struct):
    """What a model told last of a day before its peak, and before its trough; 1/100 degree."""

    high: int | None = None
    low: int | None = None


class Skies(msgspec.Struct):
    """Weather. Times ns UTC; days by `cockpit.domain.weather`."""

    forecasts: dict[str, Forecast] = msgspec.field(default_factory=dict)
    """By "station day model"."""
    told: dict[str, int] = msgspec.field(default_factory=dict)
    """When each was heard."""
    skills: dict[str, Skill] = msgspec.field(default_factory=dict)
    """By "station high|low model"."""
    ahead: dict[str, Ahead] = msgspec.field(default_factory=dict)
    """By "station day model": what the day is to teach."""
    learnt: dict[str, bool] = msgspec.field(default_factory=dict)
    """"station day high|low" whose final report has taught."""
    readings: dict[str, Reading] = msgspec.field(default_factory=dict)
    """The newest, by station."""
    reached: dict[str, Reached] = msgspec.field(default_factory=dict)
    """By "station day high|low"."""
    reports: dict[str, Report] = msgspec.field(default_factory=dict)
    """By "station day": the one that counts."""
    heard_ns: int = 0
    priced: int = 0
    """When brackets were last priced, in steps; 0 after news."""

    def restart(self) -> None:
        """What was heard is of a time that has not come; what models are worth stays."""
        self.forecasts.clear()
        self.told.clear()
        self.ahead.clear()
        self.readings.clear()
        self.reached.clear()
        self.reports.clear()
        self.heard_ns = self.priced = 0
