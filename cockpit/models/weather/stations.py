"""Where temperature markets are read: the stations, their series, and the day their climate reports are about.

A climate day runs from midnight to midnight in the station's standard time all year, so that in summer it begins and ends at
one o'clock by the wall (National Weather Service, climatological report (daily): its times are headed LST).

Source of stations, report codes and series: the rules and settlement sources of Kalshi's 40 daily series in July 2026
(``product.php?...product=CLI&issuedby=NYC``). Each series' rules name the station or only its city; where only a city stands,
the settlement source says which station is meant. Series of earlier names (without the T) are not listed: unverified.

Coordinates are public ones of the stations of the seven oldest series, and the airports' reference points for the others,
which lie within 2 km of the thermometer: unverified against the service's own list.
"""

import re
from datetime import UTC, date, datetime, timedelta

import msgspec

from cockpit.domain.units import SECOND

_EPOCH = date(1970, 1, 1)
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S = 86_400
_FIRST_S, _LAST_S = -62_135_596_800, 253_402_300_799
"""The years 1 to 9999, seconds UTC: a date can say no other."""


class Station(msgspec.Struct, frozen=True):
    """One station."""

    icao: str
    cli: str
    """The report's code: CLI and these three letters."""
    city: str
    lat: float
    lon: float
    """Degrees, four decimals at most: the weather service redirects what is finer."""
    offset_h: int
    """Hours from UTC in standard time."""
    series: tuple[str, ...]
    """Kalshi's: the high's, then the low's."""
    names: tuple[str, ...]
    """As rules and reports write it, without points and commas, small letters."""

    def day(self, ts: int) -> str:
        """The climate day of a time (ns UTC), as an ISO date; of one before or after all dates, the first or last."""
        seconds = ts // SECOND + self.offset_h * 3_600
        return (_EPOCH_UTC + timedelta(seconds=min(max(seconds, _FIRST_S), _LAST_S))).date().isoformat()

    def starts(self, day: str) -> int:
        """When a climate day begins, ns UTC. Raises ValueError for what is no ISO date."""
        days = (date.fromisoformat(day) - _EPOCH).days
        return (days * _DAY_S - self.offset_h * 3_600) * SECOND

    def named(self, text: str) -> bool:
        """Whether a text names it, or its city without another station of it."""
        found = _plain(text)
        return not _OTHER.search(found) and any(_stands(name, found) for name in self.names)


def climate_day(ts: int, station: Station) -> str:
    """The climate day of a time (ns UTC) at a station, as an ISO date."""
    return station.day(ts)


def day_ends(day: str, station: Station) -> int:
    """When a station's climate day is over, ns UTC. Raises ValueError for what is no ISO date."""
    return station.starts(day) + _DAY_S * SECOND


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[.,]", "", text.casefold().replace("\u2019", "'")).split())


def _stands(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w'-]){re.escape(name)}(?![\w'])", text) is not None


# ICAO, latitude, longitude, standard offset, city, series' ends (high, low), further names
_LISTED = (
    "KNYC|40.779|-73.9692|-5|New York|HIGHNY,LOWTNYC|central park,new york city,nyc",
    "KMDW|41.7868|-87.7522|-6|Chicago|HIGHCHI,LOWTCHI|midway,chicago-midway",
    "KMIA|25.7959|-80.287|-5|Miami|HIGHMIA,LOWTMIA|",
    "KAUS|30.1945|-97.6699|-6|Austin|HIGHAUS,LOWTAUS|bergstrom",
    "KLAX|33.9425|-118.4081|-8|Los Angeles|HIGHLAX,LOWTLAX|",
    "KDEN|39.8561|-104.6737|-7|Denver|HIGHDEN,LOWTDEN|",
    "KPHL|39.8721|-75.2411|-5|Philadelphia|HIGHPHIL,LOWTPHIL|",
    "KBOS|42.3629|-71.0064|-5|Boston|HIGHTBOS,LOWTBOS|logan",
    "KDCA|38.8514|-77.0377|-5|Washington DC|HIGHTDC,LOWTDC|washington national,washington-national,reagan",
    "KSEA|47.4499|-122.3118|-8|Seattle|HIGHTSEA,LOWTSEA|seattle-tacoma,sea-tac,seatac",
    "KSFO|37.6188|-122.3754|-8|San Francisco|HIGHTSFO,LOWTSFO|",
    "KLAS|36.0803|-115.1524|-8|Las Vegas|HIGHTLV,LOWTLV|harry reid",
    "KMSY|29.9933|-90.2591|-6|New Orleans|HIGHTNOLA,LOWTNOLA|louis armstrong",
    "KATL|33.6367|-84.4279|-5|Atlanta|HIGHTATL,LOWTATL|hartsfield",
    "KMSP|44.8819|-93.2218|-6|Minneapolis|HIGHTMIN,LOWTMIN|minneapolis-st paul",
    "KPHX|33.4343|-112.0116|-7|Phoenix|HIGHTPHX,LOWTPHX|sky harbor",
    "KDFW|32.8972|-97.0377|-6|Dallas|HIGHTDAL,LOWTDAL|dallas-fort worth,dfw",
    "KHOU|29.6458|-95.2772|-6|Houston|HIGHTHOU,LOWTHOU|hobby",
    "KOKC|35.3931|-97.6008|-6|Oklahoma City|HIGHTOKC,LOWTOKC|will rogers",
    "KSAT|29.534|-98.4691|-6|San Antonio|HIGHTSATX,LOWTSATX|",
)


def _station(listed: str) -> Station:
    icao, lat, lon, offset_h, city, series, names = listed.split("|")
    return Station(
        icao=icao,
        cli=icao[1:],
        city=city,
        lat=float(lat),
        lon=float(lon),
        offset_h=int(offset_h),
        series=tuple(f"KX{each}" for each in series.split(",")),
        names=(_plain(city), *(each for each in names.split(",") if each)),
    )


STATIONS = tuple(_station(each) for each in _LISTED)
"""Every station, those of the oldest series first."""

FIRST = STATIONS[:7]
"""New York, Chicago, Miami, Austin, Los Angeles, Denver, Philadelphia."""

BY_ICAO = {each.icao: each for each in STATIONS}
_BY_SERIES = {name: each for each in STATIONS for name in each.series}

_OTHERS = (
    "o'hare|ohare|laguardia|la guardia|kennedy|jfk|newark|intercontinental|iah|love field|dulles|downtown|camp mabry|"
    "miami beach|lakefront|audubon|wiley post|stinson|stapleton|centennial|deer valley|northerly|flying cloud"
)
_OTHER = re.compile(rf"(?<![\w])(?:{_OTHERS})(?![\w])")
"""Other stations of the same cities: whoever names one means that one."""
_REPORTER = re.compile(r"weather ?company|weathercom|weather ?underground|wunderground")
"""Who else reports: in another rounding, and of another day."""
_CODE = re.compile(r"\b(?:CLI|K)([A-Z]{3})\b|issuedby=([A-Za-z]{3})\b")


def by_series(series: str) -> Station | None:
    """The station of one of Kalshi's daily series; None for any other series."""
    return _BY_SERIES.get(series)


def by_rules(text: str) -> Station | None:
    """The station a market's own rules name.

    None where no known name stands, where two stations do (also one that is not listed here), and where somebody else than
    the weather service reports: hourly markets name the same places.
    """
    plain = _plain(text)
    if _REPORTER.search(plain) or _OTHER.search(plain):
        return None
    found = {each.icao for each in STATIONS if any(_stands(name, plain) for name in each.names)}
    found |= {f"K{(match[1] or match[2]).upper()}" for match in _CODE.finditer(text)}
    return BY_ICAO.get(found.pop()) if len(found) == 1 else None
