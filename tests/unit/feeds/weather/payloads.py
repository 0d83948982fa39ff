"""Invented answers in the sources' shapes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from cockpit.domain.events import Event
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame
from cockpit.feeds.weather.feed import WeatherFeed
from cockpit.models.weather.stations import BY_ICAO, STATIONS

NY = BY_ICAO["KNYC"]
NWS = "https://api.weather.gov"
METEO = "https://api.open-meteo.com"
NOON = "2027-07-16T17:10:00Z"
"""Ten past noon in New York's standard time."""
HOUR = 3_600 * SECOND


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp()) * SECOND


def stamp(ts: int) -> str:
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=ts // SECOND):%Y-%m-%dT%H:%M:%S+00:00}"


T0 = at(NOON)


class Sky:
    """A feed at work, and its clock."""

    def __init__(
        self, contact: str = "desk@example.org", wanted: tuple[str, ...] = ("KNYC",), **more: Any
    ) -> None:
        self.feed = WeatherFeed(stations=STATIONS, wanted=wanted, contact=contact, **more)
        self.now = T0

    def nws(self, path: str, body: Any, st: int = 200) -> list[Event]:
        return self.hear("weather.nws", f"{NWS}{path}", body, st)

    def meteo(
        self,
        body: Any,
        models: str = "one,two",
        st: int = 200,
        where: str = "latitude=40.779&longitude=-73.9692",
    ) -> list[Event]:
        return self.hear("weather.openmeteo", f"{METEO}/v1/forecast?{where}&models={models}", body, st)

    def hear(self, source: str, url: str, body: Any, st: int = 200) -> list[Event]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return list(self.feed.receive(Frame(0, self.now, source, msgspec.Raw(data), u=url, st=st)))


def observed(
    when: str, value: Any = 25.0, raw: str = "", qc: str = "V", unit: str = "wmoUnit:degC"
) -> dict[str, Any]:
    temperature = {"unitCode": unit, "value": value, "qualityControl": qc}
    said = {"timestamp": when, "rawMessage": raw, "textDescription": "Clear", "temperature": temperature}
    return {"id": f"{NWS}/x/{when}", "type": "Feature", "geometry": {"type": "Point"}, "properties": said}


def observations(*features: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": [],
        "type": "FeatureCollection",
        "features": list(features),
        "pagination": {"next": "x"},
    }


def values(*pairs: tuple[str, Any], uom: str = "wmoUnit:degC") -> dict[str, Any]:
    return {"uom": uom, "values": [{"validTime": time, "value": value} for time, value in pairs]}


def gridded(**series: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"updateTime": "2027-07-16T15:00:00+00:00", "skyCover": {}, **series},
    }


def hourly(start: int, temps: list[float], uom: str = "wmoUnit:degC") -> dict[str, Any]:
    """One value an hour, as the grid writes them."""
    return values(*((f"{stamp(start + n * HOUR)}/PT1H", each) for n, each in enumerate(temps)), uom=uom)


def modelled(start: int, n: int, **temps: list[Any]) -> dict[str, Any]:
    """Hours from a time on, as Open-Meteo writes them."""
    times = [stamp(start + each * HOUR)[:16] for each in range(n)]
    units = dict.fromkeys(temps, "\u00b0F")
    return {
        "latitude": 40.78, "longitude": -73.97, "elevation": 40.0, "generationtime_ms": 0.2,
        "utc_offset_seconds": 0, "timezone": "GMT", "timezone_abbreviation": "GMT",
        "hourly_units": {"time": "iso8601", **units}, "hourly": {"time": times, **temps},
    }  # fmt: skip


def listed(*products: tuple[str, str]) -> dict[str, Any]:
    return {"@context": {}, "@graph": [
        {"id": name, "wmoCollectiveId": "CDUS41", "issuingOffice": "KOKX", "issuanceTime": when, "productCode": "CLI", "productName": "Climatological Report (Daily)"}
        for name, when in products
    ]}  # fmt: skip


def product(
    text: str, when: str = "2027-07-16T06:31:00+00:00", name: str = "aaaaaaaa-0000"
) -> dict[str, Any]:
    return {"id": name, "issuanceTime": when, "productCode": "CLI", "productText": text}


MORNING = """
000
CDUS41 KOKX 160631
CLINYC

CLIMATE REPORT
NATIONAL WEATHER SERVICE NEW YORK, NY
231 AM EDT FRI JUL 16 2027

...................................

...THE CENTRAL PARK NY CLIMATE SUMMARY FOR JULY 15 2027...

CLIMATE NORMAL PERIOD 1991 TO 2020
CLIMATE RECORD PERIOD 1869 TO 2027

WEATHER ITEM   OBSERVED TIME   RECORD YEAR NORMAL DEPARTURE LAST
                VALUE   (LST)  VALUE       VALUE  FROM      YEAR
                                                  NORMAL
...................................................................
TEMPERATURE (F)
 YESTERDAY
  MAXIMUM         91    324 PM 102    1995  85      6       88
                                      1999
  MINIMUM         74    512 AM  57    1888  70      4       71
  AVERAGE         83                        77      6       80

PRECIPITATION (IN)
  YESTERDAY        0.00          2.60 1871   0.15  -0.15     0.02

DEGREE DAYS
 COOLING
  YESTERDAY       18                        12      6       15

CLIMATE NORMALS FOR TODAY
                         NORMAL    RECORD    YEAR
 MAXIMUM TEMPERATURE (F)   85       101      1983
 MINIMUM TEMPERATURE (F)   70        56      1926

$$
"""

AFTERNOON = """
CDUS41 KOKX 162034
CLINYC

CLIMATE REPORT
NATIONAL WEATHER SERVICE NEW YORK, NY
434 PM EDT FRI JUL 16 2027

...THE CENTRAL PARK NY CLIMATE SUMMARY FOR JULY 16 2027...
VALID TODAY AS OF 0400 PM LOCAL TIME.

TEMPERATURE (F)
 TODAY
  MAXIMUM         93R   144 PM  99    1981  85      8       84
  MINIMUM         76    456 AM  58    1917  70      6       69
  AVERAGE         85

PRECIPITATION (IN)
  TODAY            0.00
$$
"""

PLAIN = """
CDUS42 KMFL 160620 CCA
CLIMIA
CLIMATE REPORT...CORRECTED HIGH TEMPERATURE...
NATIONAL WEATHER SERVICE MIAMI FL
220 AM EDT FRI JUL 16 2027
...THE MIAMI CLIMATE SUMMARY FOR JUL 15 2027...
WEATHER ITEM    OBSERVED    TIME
TEMPERATURE(F)
YESTERDAY
MAXIMUM  R 92 E 1:50 PM 95 2008
MINIMUM         MM
PRECIPITATION (INCHES)
"""

COLD = """
CDUS43 KMPX 160640
CLIMSP
CLIMATE REPORT
340 AM CST SAT JAN 16 2027
...THE MINNEAPOLIS-ST PAUL MN CLIMATE SUMMARY FROM JANUARY 15 2027...
TEMPERATURE
 YESTERDAY
  MAXIMUM         -3(E)   18 AM
  MINIMUM        -21R   355 AM -21    1904
"""

TWO_SITES = """
CDUS44 KHGX 160655
CLIHOU
CLIMATE REPORT
NATIONAL WEATHER SERVICE HOUSTON/GALVESTON TX
155 AM CDT FRI JUL 16 2027

...THE HOUSTON INTERCONTINENTAL CLIMATE SUMMARY FOR JULY 15 2027...
TEMPERATURE (F)
 YESTERDAY
  MAXIMUM         97    233 PM 101    1980
  MINIMUM         77    558 AM  69    1976
PRECIPITATION (IN)

...THE HOUSTON/HOBBY AIRPORT CLIMATE SUMMARY FOR JULY 15 2027...
TEMPERATURE (F)
 YESTERDAY
  MAXIMUM         95    202 PM  99    1980
  MINIMUM         79    601 AM  70    1976
PRECIPITATION (IN)
"""
