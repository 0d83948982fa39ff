"""The climatological report (daily), a text that settles temperature markets.

    CDUS41 KOKX 030616                         an ending CCA, CCB.. marks a correction
    CLINYC                                     the report's code
    CLIMATE REPORT
    116 AM EST THU JAN 3 2013                  when it was issued; the product's own time says it better
    ...THE CENTRAL PARK NY CLIMATE SUMMARY FOR JANUARY 2 2013...        the day it is about
    VALID TODAY AS OF 0400 PM LOCAL TIME.      of a report within its own day, which is never final
    TEMPERATURE (F)
     YESTERDAY                                 or TODAY
      MAXIMUM         33    301 PM  68    1876  39     -6       50      the first figure is the day's
      MINIMUM        -21R   355 AM -21    1904  10    -31        8      R a record, E an estimate, MM missing

Columns stand in some twenty arrangements, so it is read by words, never by places. A product may hold several sites, each
under a headline of its own: there the headline names the station, otherwise the code does. Source: the National Weather
Service's instruction 10-1004, and texts of 2006 to 2026 as akrherz/pyIEM keeps them.
"""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from cockpit.domain.units import SECOND
from cockpit.domain.weather import Report
from cockpit.feeds.census import tally
from cockpit.feeds.exact import rfc3339
from cockpit.feeds.weather.places import Place, Places

COLDEST, WARMEST = -100, 150
OLDEST_NS = 400 * 86_400 * SECOND
"""How long after its day a report may still be issued; corrections come late."""

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_CODE = re.compile(r"^CLI([A-Z0-9]{3})[ \t\r]*$", re.MULTILINE)
_HEADLINE = re.compile(
    r"\.\.\.\s*THE\s+(?P<site>[^\n]{1,80}?(?:\n[^\n]{1,80}?)?)\s+CLIMATE\s+SUMMARY\s+(?:FOR|FROM)\s+"
    r"(?P<month>[A-Z]{3,9})\s+(?P<day>\d{1,2})\s+(?P<year>\d{4})(?P<rest>[^\n]{0,40})",
    re.ASCII,
)
_CORRECTED = re.compile(r"CORRECT(?:ION|ED)")
_AMENDED = re.compile(r"^C[A-Z]{3}\d\d [A-Z]{4} \d{6} CC[A-Z]", re.MULTILINE)
_WITHIN = re.compile(r"\bVALID\b[^\n]{0,20}\bAS OF\b")
_BLOCK = re.compile(r"^[ \t]*TEMPERATURE[ \t]*(?:\(F\))?[ \t\r]*$", re.MULTILINE)
_NEXT = re.compile(r"^[ \t]*(?:PRECIPITATION|SNOWFALL|DEGREE DAYS|WIND|CLIMATE NORMALS|\$\$)", re.MULTILINE)
_VALUE = re.compile(r"([+-]?\d{1,3})(?:R|E|\(R\)|\(E\)|\*)*", re.ASCII)
_FLAGS = frozenset({"R", "E", "*", "(R)", "(E)"})
_MISSING = frozenset({"MM", "M"})


class Product(msgspec.Struct, frozen=True, rename="camel"):
    """GET /products/{id}, and an entry of a list of them."""

    issuance_time: str
    id: str = ""
    product_text: str | None = None


class Listing(msgspec.Struct, frozen=True):
    """GET /products/types/CLI/locations/{location}."""

    graph: list[msgspec.Raw] = msgspec.field(name="@graph")


class Degrees(msgspec.Struct, frozen=True):
    """What a temperature block says; whole degrees, None where missing."""

    high: int | None
    low: int | None
    today: bool
    """Whether it says TODAY."""


def read(product: Product, places: Places, census: Counter[str]) -> list[Report]:
    """A product's reports of our stations.

    Raises:
        ValueError: when it cannot be read, or no site of it can.
    """
    text, issued = (product.product_text or "").upper(), rfc3339(product.issuance_time)
    if not issued:
        raise ValueError("a report without a time of issue")
    code = _CODE.search(text)
    headlines = list(_HEADLINE.finditer(text))
    if code is None or not headlines:
        raise ValueError("not a climate report")
    found: list[Report] = []
    failed: list[Exception] = []
    for headline, section in _sections(text, headlines):
        place = _place(code[1], headline, places, several=len(headlines) > 1)
        if place is None:
            tally(census, "site", " ".join(headline["site"].split()))
            continue
        corrected = _corrected(text[: headlines[0].start()], headline)
        try:
            found.append(_report(place, headline, section, issued, census, corrected=corrected))
        except ValueError as error:
            failed.append(error)
    if failed and not found:
        raise ValueError(str(failed[0]))
    for why in failed:
        tally(census, "report", why)
    return found


def _sections(text: str, headlines: list[re.Match[str]]) -> Iterator[tuple[re.Match[str], str]]:
    ends = [each.start() for each in headlines[1:]] + [len(text)]
    return ((each, text[each.end() : end]) for each, end in zip(headlines, ends, strict=True))


def _place(code: str, headline: re.Match[str], places: Places, *, several: bool) -> Place | None:
    """Whose site it is: by the code, or where a product holds several by the headline's words."""
    if not several:
        return places.by_cli.get(code)
    named = [each for each in places.all if each.named(headline["site"])]
    return named[0] if len(named) == 1 else None


def _corrected(head: str, headline: re.Match[str]) -> bool:
    """Whether the heading, the title above all headlines, or this headline says that it is a correction."""
    return any((_AMENDED.search(head), _CORRECTED.search(head), _CORRECTED.search(headline["rest"])))


def _report(
    place: Place,
    headline: re.Match[str],
    section: str,
    issued: int,
    census: Counter[str],
    *,
    corrected: bool,
) -> Report:
    """One site's report. Raises ValueError."""
    day = _date(headline)
    begins = place.starts(day)
    if not begins <= issued <= begins + OLDEST_NS:
        raise ValueError(f"of {day}, but issued on {place.day(issued)}")
    said = _degrees(section, census)
    if said.high is not None and said.low is not None and said.high < said.low:
        raise ValueError(f"a high of {said.high} below a low of {said.low}")
    over = place.day(issued) > day
    within = said.today or _WITHIN.search(section) is not None
    if over and within:
        tally(census, "report", "issued after its day, but valid within it")
    return Report(place.icao, day, said.high, said.low, issued, over and not within, corrected)


def _date(headline: re.Match[str]) -> str:
    """The headline's date, as an ISO date. Raises ValueError."""
    month = headline["month"][:3]
    if month not in _MONTHS:
        raise ValueError(f"not a month: {headline['month']}")
    return f"{headline['year']}-{_MONTHS.index(month) + 1:02}-{int(headline['day']):02}"


def _degrees(section: str, census: Counter[str]) -> Degrees:
    """High and low of the first temperature block. Raises ValueError."""
    begins = _BLOCK.search(section)
    if begins is None:
        raise ValueError("a report without temperatures")
    ends = _NEXT.search(section, begins.end())
    rows = [line.split() for line in section[begins.end() : ends.start() if ends else None].splitlines()]
    rows = [row for row in rows if row]
    today = any(row == ["TODAY"] for row in rows)
    return Degrees(_row(rows, "MAXIMUM", census), _row(rows, "MINIMUM", census), today)


def _row(rows: list[list[str]], label: str, census: Counter[str]) -> int | None:
    """A row's first figure; None where it is missing. Raises ValueError where something else stands."""
    row = next((each[1:] for each in rows if each[0] == label), None)
    if row is None:
        tally(census, "report", f"without {label}")
        return None
    words = [each for each in row if each not in _FLAGS]
    if not words or words[0] in _MISSING:
        return None
    match = _VALUE.fullmatch(words[0])
    if match is None or (len(words) > 1 and words[1] in ("AM", "PM")):
        raise ValueError(f"no figure beside {label}: {' '.join(row)[:40]}")
    value = int(match[1])
    if not COLDEST <= value <= WARMEST:
        raise ValueError(f"{label} out of range: {value}")
    return value
