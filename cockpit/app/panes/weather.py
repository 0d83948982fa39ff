"""Weather: stations' days, the soonest to end first, and below each what its brackets are worth and cost."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.events import Resize

from cockpit.app import text
from cockpit.app.line import Line, Part, part
from cockpit.app.panes import quotes, station, weather_rows
from cockpit.app.panes import weather_words as words
from cockpit.app.panes.base import Pane
from cockpit.app.panes.folds import Folds, settle
from cockpit.app.panes.ranking import Ranking
from cockpit.app.scene import Scene, Target
from cockpit.app.theme import Theme
from cockpit.app.widgets.live_grid import LiveGrid, Row
from cockpit.domain.units import SECOND
from cockpit.domain.view import View
from cockpit.domain.weather import BracketView, StationView, WeatherView

SORTS = ("time", "edge", "name")
OPEN = 2
"""Days that stand open unless a person folds them: the soonest to end among those that are not over."""
ROOMY = 20
"""Rows of the grid from which a row of each open day says what it settles on."""
SILENT_NS = 3_600 * SECOND
"""Stations and models this quiet are not heard as they should be. Ours."""
_LAST = float("inf")


class Place(NamedTuple):
    """What a row is of: a station's day, or a bracket of it."""

    station: StationView
    bracket: BracketView | None = None


class Found(NamedTuple):
    """A day the filter leaves, and those of its brackets."""

    station: StationView
    brackets: Sequence[BracketView]
    picked: bool = False
    """The filter chose among its brackets: they are what is looked for."""


class WeatherPane(Pane):
    """Days that open and fold, in one grid with their brackets."""

    serves: ClassVar[frozenset[str]] = frozenset({"filter", "sort", "why", "detail"})

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.grid = LiveGrid(theme, weather_rows.COLUMNS)
        self.sort = SORTS[0]
        self.needle = ""
        self._folds = Folds()
        self._ranking = Ranking()
        self._near: frozenset[str] = frozenset()
        """Days that stand open unless a person folds them."""
        self._places: dict[str, Place] = {}
        self._found: tuple[Found, ...] = ()
        self._scene: Scene | None = None

    def compose(self) -> ComposeResult:
        """The grid alone."""
        yield self.grid

    def show(self, scene: Scene) -> None:
        """Filter, sort, fold and print."""
        self._scene = scene
        view, here = scene.view, self._place
        stations = view.weather.stations
        found = [each for one in stations if (each := self._find(one)) is not None]
        if self._ranking.due(
            frozenset(f"{each.id} {words.standing(each, view.ts)}" for each in stations), view.ts
        ):
            self._ranking.put(each.id for each in sorted(stations, key=lambda each: self._key(each, view.ts)))
        self._found = tuple(sorted(found, key=lambda each: self._ranking.places[each.station.id]))
        coming = [each for each in stations if not words.over(each) and each.ends_ns > view.ts]
        self._near = frozenset(each.id for each in sorted(coming, key=lambda each: each.ends_ns)[:OPEN])
        nothing = _nothing(view.weather, view.ts)
        self.grid.empty = f"nothing contains {self.needle!r}" if self.needle else nothing
        rows: list[Row] = []
        self._places = {}
        for each in self._found:
            rows += self._day(each, view, opened=self._opened(each, here), dots=self.dots(scene))
        self.grid.put(rows)
        now = self._place
        if here is not None and now is not None and now.station.id != here.station.id:
            settle(self.grid, rows, here.station.id)

    def _day(self, found: Found, view: View, *, opened: bool, dots: bool) -> Iterator[Row]:
        """The rows of one day: its brackets stand by degrees, however days are sorted."""
        one, width = found.station, max(self.grid.size.width - 1, 0)
        self._places[one.id] = Place(one)
        noted = opened and self.grid.page >= ROOMY
        yield weather_rows.heading(one.id, one, view.ts, width, view.threshold, opened=opened, noted=noted)
        if not opened:
            return
        if noted:
            self._places[f"{one.id} note"] = Place(one)
            yield weather_rows.note(f"{one.id} note", one, width)
        most, room = words.tallest(one.brackets), self.grid.room("bar")
        for bracket in found.brackets:
            key = f"{one.id} / {bracket.market}"
            self._places[key] = Place(one, bracket)
            yield weather_rows.row(key, bracket, view.threshold, most, room, dots=dots)

    def _find(self, one: StationView) -> Found | None:
        """A day that has every word of the filter, by itself or together with a bracket of its."""
        own = " ".join((words.place(one), one.city, one.report, one.trouble)).casefold()
        rest = [word for word in self.needle.split() if word not in own]
        some = [each for each in one.brackets if all(word in each.label.casefold() for word in rest)]
        return Found(one, some, picked=bool(rest)) if some or not rest else None

    def _key(self, one: StationView, now: int) -> tuple[float | str, ...]:
        if self.sort == "name":
            return (one.city.casefold(), one.ends_ns, one.id)
        line = words.best(one)
        believed = line is not None and line.mark not in quotes.SUNK
        low = -round(line.low * 100) if believed and line is not None and line.low is not None else _LAST
        return (words.standing(one, now), low if self.sort == "edge" else 0.0, one.ends_ns, one.city, one.id)

    def _opened(self, found: Found, here: Place | None) -> bool:
        """As a person chose; else what is near or looked for, and what the cursor is in."""
        one = found.station
        inside = here is not None and here.bracket is not None and here.station.id == one.id
        usual = found.picked or one.id in self._near or inside
        return self._folds.opened(self._choice(found), usual=usual)

    def _choice(self, found: Found) -> tuple[str, str]:
        return (found.station.id, self.needle if found.picked else "")

    @property
    def _place(self) -> Place | None:
        """What the cursor is on."""
        return self._places.get(self.grid.selected)

    def target(self) -> Target:
        """The bracket's market, or the day alone."""
        place = self._place
        if place is None:
            return Target()
        market = place.bracket.market if place.bracket is not None else ""
        return Target(market, place.station.id, station=place.station.id)

    def counts(self, scene: Scene) -> list[Part]:
        """How many days, what clears the threshold, what is not priced, and how fresh it all is."""
        view, stations = scene.view, scene.view.weather.stations
        under_way = sum(words.on(each, view.ts) for each in stations)
        low = sum(
            quotes.clears(each, view.threshold) for one in stations for each in one.brackets if each.side
        )
        bad = sum(bool(words.trouble(each)) for each in stations)
        shown = f" ({len(self._found)} shown)" if len(self._found) != len(stations) else ""
        return [
            part(f"{len(stations)} day{'s' * (len(stations) != 1)}{shown}"),
            part(f"{under_way} under way" if under_way else "", "accent", 3),
            part(f"{low} with LOW>={text.probability(view.threshold)}c", "good" if low else "dim", 1),
            part(f"{bad} not priced" if bad else "", "warn", 1),
            _heard(view.weather, view.ts),
            part(f"sort {self.sort}", "accent", 2),
            part(f"filter {self.needle}" if self.needle else "", "accent"),
        ]

    def legend(self) -> str:
        """How to read a row."""
        return "mean +-sigma, S models apart; bar ours, | market; LOW of buys; Enter folds"

    def why(self, scene: Scene, width: int) -> list[Line]:
        """What the law is made of, what the report says, and why nothing is proposed."""
        place = self._place
        if place is None:
            return [((" no day under the cursor", "dim"),)]
        return station.why(place.station, place.bracket, scene.view, width)

    def act(self, action: str) -> bool:
        """Movements and sorting; the detail key opens or folds the day whose heading the cursor is on."""
        if action == "sort":
            self.sort = SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
            self._ranking.again()
            return True
        if action == "detail":
            return self._turn()
        return self.grid.act(action)

    def _turn(self) -> bool:
        """Open or fold the day of the row; of a bracket there is more to show than that."""
        place = self._place
        if place is not None and place.bracket is not None:
            return False
        for found in self._found:
            if place is not None and found.station.id == place.station.id:
                self._folds.choose(self._choice(found), opened=not self._opened(found, None))
        return True

    def find(self, text: str) -> None:
        """Filter by city, station, day, report, trouble or degrees."""
        self.needle = text.casefold()

    def on_resize(self, event: Resize) -> None:
        """Headings and bars fill the new width, once the grid has it."""
        self.call_after_refresh(self._again)

    def _again(self) -> None:
        if self._scene is not None:
            self.show(self._scene)

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        self.grid.dress(theme)


# ---------------------------------------------------------------------------------------------- what it counts


def _heard(weather: WeatherView, now: int) -> Part:
    """How long ago anything of the weather was heard."""
    if not weather.heard_ns:
        return part("WEATHER NEVER HEARD" if weather.stations else "", "alert")
    old = now - weather.heard_ns
    late = old > SILENT_NS
    return part(f"heard {text.short_age(old)}{'!' if late else ''}", "alert" if late else "dim")


def _nothing(weather: WeatherView, now: int) -> str:
    """What an empty list says."""
    told = (
        "no weather markets watched:\nadd series such as KXHIGHNY to kalshi.series and a contact to [weather]"
    )
    if not weather.heard_ns:
        return told
    return f"{told}\nthe weather was heard {text.age(now - weather.heard_ns)} ago"
