"""Weather: stations' days, the soonest to end first, and below each what its brackets are worth and cost."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from cockpit.app import text
from cockpit.app.line import Line, Part, part
from cockpit.app.panes import quotes, station, weather_rows
from cockpit.app.panes import weather_words as words
from cockpit.app.panes.folds import FoldingPane, Found
from cockpit.app.panes.ranking import Key
from cockpit.app.scene import Scene, Target
from cockpit.app.theme import Theme
from cockpit.app.widgets.live_grid import Row
from cockpit.domain.units import SECOND
from cockpit.domain.weather import BracketView, StationView, WeatherView

SORTS = ("time", "edge", "name")
OPEN = 2
"""Days that stand open unless a person folds them: the soonest to end among those that are not over."""
ROOMY = 20
"""Rows of the grid from which a row of each open day says what it settles on."""
SILENT_NS = 3_600 * SECOND
"""Stations and models this quiet are not heard as they should be. Ours."""
_LAST = float("inf")


class WeatherPane(FoldingPane[StationView, BracketView]):
    """Days and their brackets."""

    columns = weather_rows.COLUMNS
    sorts: ClassVar[Sequence[str]] = SORTS

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._near: frozenset[str] = frozenset()
        """Days that stand open unless a person folds them."""

    def look(self, scene: Scene) -> Sequence[Found[StationView, BracketView]]:
        """Filter and sort."""
        stations, ts = scene.view.weather.stations, scene.view.ts
        coming = [each for each in stations if not words.over(each) and each.ends_ns > ts]
        self._near = frozenset(each.id for each in sorted(coming, key=lambda each: each.ends_ns)[:OPEN])
        self.tell(_nothing(scene.view.weather, ts))
        ranked = self._ranking.order(
            stations,
            ts,
            name=lambda each: each.id,
            key=lambda each: self._key(each, ts),
            shape=lambda each: f"{each.id} {words.standing(each, ts)}",
        )
        return [found for each in ranked if (found := self._find(each)) is not None]

    def usual(self, group: StationView) -> bool:
        """The soonest to end stand open."""
        return group.id in self._near

    def rows_of(
        self, found: Found[StationView, BracketView], scene: Scene, *, opened: bool
    ) -> Iterator[tuple[Row, BracketView | None]]:
        """A day, and its brackets by degrees, however days are sorted."""
        one, view, width = found.group, scene.view, max(self.grid.size.width - 1, 0)
        noted = opened and self.grid.page >= ROOMY
        heading = weather_rows.heading(
            one.id, one, view.ts, width, view.threshold, opened=opened, noted=noted
        )
        yield heading, None
        if not opened:
            return
        if noted:
            yield weather_rows.note(f"{one.id} note", one, width), None
        most, room, dots = words.tallest(one.brackets), self.grid.room("bar"), self.dots(scene)
        for bracket in found.members:
            key = f"{one.id} / {bracket.market}"
            yield weather_rows.row(key, bracket, view.threshold, most, room, dots=dots), bracket

    def _find(self, one: StationView) -> Found[StationView, BracketView] | None:
        """A day that has every word of the filter, by itself or together with a bracket of its."""
        own = " ".join((words.place(one), one.city, one.report, one.trouble)).casefold()
        rest = [word for word in self.needle.split() if word not in own]
        some = [each for each in one.brackets if all(word in each.label.casefold() for word in rest)]
        return Found(one, some, picked=bool(rest)) if some or not rest else None

    def _key(self, one: StationView, now: int) -> Key:
        if self.sort == "name":
            return (one.city.casefold(), one.ends_ns, one.id)
        line = words.best(one)
        believed = line is not None and line.mark not in quotes.SUNK
        low = -round(line.low * 100) if believed and line is not None and line.low is not None else _LAST
        return (words.standing(one, now), low if self.sort == "edge" else 0.0, one.ends_ns, one.city, one.id)

    def target(self) -> Target:
        """The bracket's market, or the day alone."""
        if self.here is None:
            return Target()
        one, bracket = self.here
        return Target(bracket.market if bracket is not None else "", one.id, station=one.id)

    def counts(self, scene: Scene) -> list[Part]:
        """How many days, what clears the threshold, what is not priced, and how fresh it all is."""
        view, stations = scene.view, scene.view.weather.stations
        under_way = sum(words.on(each, view.ts) for each in stations)
        low = sum(
            quotes.clears(each, view.threshold) for one in stations for each in one.brackets if each.side
        )
        bad = sum(bool(words.trouble(each)) for each in stations)
        return [
            self.counted(len(stations), "day", len(self.found)),
            part(f"{under_way} under way" if under_way else "", "accent", 3),
            quotes.clearing(low, view.threshold),
            part(f"{bad} not priced" if bad else "", "warn", 1),
            _heard(view.weather, view.ts),
            *self.chosen(),
        ]

    def legend(self) -> str:
        """How to read a row."""
        return "mean +-sigma, S models apart; bar ours, | market; LOW of buys; Enter folds"

    def why(self, scene: Scene, width: int) -> list[Line]:
        """What the law is made of, what the report says, and why nothing is proposed."""
        if self.here is None:
            return [((" no day under the cursor", "dim"),)]
        return station.why(*self.here, scene.view, width)


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
