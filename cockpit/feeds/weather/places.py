"""The stations that are followed, as their sources name them."""

from collections.abc import Iterable
from typing import Protocol


class Place(Protocol):
    """A station, and its climate day: midnight to midnight in its standard time all year."""

    @property
    def icao(self) -> str:
        """Its code: "KNYC"."""
        ...

    @property
    def cli(self) -> str:
        """Its climate report's: "NYC"."""
        ...

    @property
    def lat(self) -> float:
        """Degrees north."""
        ...

    @property
    def lon(self) -> float:
        """Degrees east."""
        ...

    @property
    def offset_h(self) -> int:
        """Hours from UTC in standard time."""
        ...

    def day(self, ts: int) -> str:
        """The climate day of a time (ns UTC), as an ISO date."""
        ...

    def starts(self, day: str) -> int:
        """When a climate day begins, ns UTC."""
        ...

    def named(self, text: str) -> bool:
        """Whether a text names it."""
        ...


def degrees(value: float) -> str:
    """Degrees as both sources take them: at most four decimals, none of them a last zero."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


class Places:
    """Stations by each of their names."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.all = tuple(places)
        self.by_icao = {each.icao: each for each in self.all}
        self.by_cli = {each.cli: each for each in self.all}
        self._by_point = {point(each): each for each in self.all}

    def at(self, lat: str, lon: str) -> Place | None:
        """The station at a point, as URLs of ours write it."""
        return self._by_point.get((lat, lon))


def point(place: Place) -> tuple[str, str]:
    """Latitude and longitude as URLs write them."""
    return degrees(place.lat), degrees(place.lon)
