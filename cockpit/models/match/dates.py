"""What a title says of time, as one period, and the title without it.

Periods: "2026", "2026-10", "2026-07-01", "2026Q3", "2026-12-15..2026-12-21", "<=2026-12-31" (by then), and "--05"
where a month stands without a year. "Before 2027", "before Jan 1, 2027" and "by the end of 2026" are one deadline.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import msgspec

from cockpit.domain.newyork import offset
from cockpit.domain.units import SECOND

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = f"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_YEAR = r"20[2-4]\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"


def _a_date(p: str) -> str:
    """A date, its groups named with a prefix."""
    return (
        rf"(?:(?P<{p}m>{_MONTH})\b\.?(?:\s+(?P<{p}d>{_DAY})(?![\d%]))?(?:,?\s+(?P<{p}y>{_YEAR}))?"
        rf"|(?P<{p}n>{_DAY})\s+(?P<{p}o>{_MONTH})\b(?:,?\s+(?P<{p}z>{_YEAR}))?"
        rf"|(?P<{p}w>{_YEAR})-(?P<{p}p>\d\d)-(?P<{p}q>\d\d))"
    )


_WHEN = re.compile(
    rf"\b(?P<limit>before|by|prior to)\s+(?P<end>(?:the\s+)?(?:end|close) of\s+)?(?:the\s+)?"
    rf"(?:{_a_date('a')}|(?P<ay2>{_YEAR})\b)(?:,?\s+11:59 ?pm(?: et)?)?"
    rf"|\b(?P<qb>by\s+)?(?P<qe>(?:the\s+)?(?:end|close)\s+of\s+)?(?P<q>q[1-4]|(?:first|second|third|fourth) quarter)(?:\s+of)?,?\s*(?P<qy>{_YEAR})?\b"
    rf"|\b(?P<yq>{_YEAR})\s+q(?P<qn>[1-4])\b"
    rf"|\b(?P<fm>{_MONTH})\.?\s+(?P<fd>\d{{1,2}})(?:,?\s+(?P<fy>{_YEAR}))?\s*(?:-|to)\s*"
    rf"(?:(?P<tm>{_MONTH})\.?\s+)?(?P<td>\d{{1,2}})\b(?!%)(?:,?\s+(?P<ty>{_YEAR}))?"
    rf"|\b{_a_date('b')}"
    rf"|\b(?P<s1>{_YEAR})\s?[-/]\s?(?P<s2>(?:20)?\d\d)\b"
    rf"|\b(?P<y>{_YEAR})\b"
)
_MAY_BE = re.compile(r"\b(?:may|march|mar|jan|sep|dec|oct|nov|aug|jun|jul|apr|feb)\b")


class Hints(msgspec.Struct, frozen=True, gc=False):
    """What else says when: the ticker's date parts (0 unknown) and the venue's expected time."""

    year: int = 0
    month: int = 0
    day: int = 0
    expected_ns: int = 0

    def year_of(self, month: int) -> int:
        """The year of a month named without one: the ticker's, else the one that lies nearest the expected time."""
        if self.year and self.month in (0, month):
            return self.year
        if not self.expected_ns:
            return 0
        at = datetime.fromtimestamp(self.expected_ns // SECOND, UTC)
        return min(
            (at.year - 1, at.year, at.year + 1), key=lambda y: abs(y * 12 + month - at.year * 12 - at.month)
        )


NO_HINTS = Hints()


class Times(msgspec.Struct, frozen=True, gc=False):
    """What a text says of time."""

    period: str
    text: str
    """The text without it."""
    all: tuple[str, ...] = ()
    """Every period in it, where there are several."""


def times(folded: str, hints: Hints = NO_HINTS) -> Times:
    """The periods of a folded text; several are joined by "+", a year within another of them left out."""
    if not _WORTH.search(folded):
        return Times("", folded)
    found: list[str] = []
    folded = _STAMP.sub(r"\1", folded)

    def put(match: re.Match[str]) -> str:
        period = _period(match, hints)
        if not period:
            return match.group(0)
        found.append(period)
        return " "

    text = _WHEN.sub(put, folded)
    return Times(join(found), text, tuple(found))


_WORTH = re.compile(rf"20[2-4]\d|\bq[1-4]\b|quarter|\b{_MONTH}\b")


_STAMP = re.compile(r"(20\d\d-\d\d-\d\d)t\d\d:\d\d(?::\d\d(?:\.\d+)?)?z?")


def join(found: list[str]) -> str:
    """Several periods as one."""
    kept = sorted(set(found))
    whole = [p for p in kept if not any(p != other and p in other.lstrip("<=")[: len(p)] for other in kept)]
    return "+".join(whole)


def _period(m: re.Match[str], hints: Hints) -> str:
    if m["limit"]:
        return _deadline(m, hints)
    if m["q"] or m["yq"]:
        return _quarter(m, hints)
    if m["fm"]:
        return _span(m, hints)
    if m["y"]:
        return str(m["y"])
    if m["s1"]:
        return f"{m['s1']}/{m['s2'][-2:]}"
    year, month, day = _date(m, "b", hints)
    if month and not day and not m["by"] and not m["bz"] and _verb(m):
        return ""
    return _written(year, month, day)


def _verb(m: re.Match[str]) -> bool:
    """Whether "may" or "march" is no month here: nothing before it says so."""
    word = m["bm"] or ""
    if word not in ("may", "march", "mar"):
        return False
    before = m.string[: m.start()].rstrip().rpartition(" ")[2]
    return before not in (
        "in",
        "of",
        "for",
        "during",
        "since",
        "until",
        "through",
        "this",
        "next",
        "-",
        "after",
        "",
    )


def _date(m: re.Match[str], p: str, hints: Hints) -> tuple[int, int, int]:
    if m[f"{p}w"]:
        return int(m[f"{p}w"]), int(m[f"{p}p"]), int(m[f"{p}q"])
    name = m[f"{p}m"] or m[f"{p}o"]
    if name is None:
        return 0, 0, 0
    month, day = MONTHS[name], _digits(m[f"{p}d"] or m[f"{p}n"])
    year = int(m[f"{p}y"] or m[f"{p}z"] or 0) or hints.year_of(month)
    return year, month, day


def _digits(text: str | None) -> int:
    return int(re.sub(r"\D", "", text)) if text else 0


def _written(year: int, month: int, day: int) -> str:
    head = f"{year:04}" if year else "-"
    return f"{head}-{month:02}-{day:02}" if day else f"{head}-{month:02}"


def _deadline(m: re.Match[str], hints: Hints) -> str:
    """The last day on which it still counts."""
    before = m["limit"] != "by"
    if m["ay2"]:
        year = int(m["ay2"])
        if before:
            return f"<={year}-12-31" if m["end"] else f"<={year - 1}-12-31"
        return f"<={year}-12-31" if m["end"] else f"by {year}"
    year, month, day = _date(m, "a", hints)
    if not month:
        return ""
    if not year:
        return f"{m['limit']} {_written(0, month, day)}"
    return _last_day(year, month, day, before=before, end=bool(m["end"]))


def _last_day(year: int, month: int, day: int, *, before: bool, end: bool) -> str:
    try:
        if day:
            last = date(year, month, day) - timedelta(days=before)
        elif end or not before:
            last = date(year, month, monthrange(year, month)[1])
        else:
            last = date(year, month, 1) - timedelta(days=1)
    except ValueError:
        return ""
    if not day and not end and not before:
        return f"by {year}-{month:02}"
    return f"<={last.isoformat()}"


def _quarter(m: re.Match[str], hints: Hints) -> str:
    if m["yq"]:
        return f"{m['yq']}Q{m['qn']}"
    word = m["q"]
    number = (
        int(word[1]) if word[0] == "q" else ("first", "second", "third", "fourth").index(word.split()[0]) + 1
    )
    year = m["qy"] or hints.year_of(number * 3) or "-"
    head = ("by " if m["qb"] else "") + ("end of " if m["qe"] else "")
    return f"{head}{year}Q{number}"


def _span(m: re.Match[str], hints: Hints) -> str:
    first = MONTHS[m["fm"]]
    last = MONTHS[m["tm"]] if m["tm"] else first
    year = int(m["ty"] or m["fy"] or 0) or hints.year_of(last)
    start = int(m["fy"] or 0) or (year - (first > last) if year else 0)
    return f"{_written(start, first, int(m['fd']))}..{_written(year, last, int(m['td']))}"


def wall(year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    """When a wall clock in New York shows a time, ns UTC; 0 for no such date. Of a repeated hour, the first."""
    try:
        naive = datetime(year, month, day, tzinfo=UTC) + timedelta(hours=hour, minutes=minute)
    except ValueError:
        return 0
    ts = int(naive.timestamp()) * SECOND
    return ts - offset(ts + 4 * 3600 * SECOND) * SECOND


def period_of_day(day: datetime | date) -> str:
    """A day as a period."""
    return f"{day.year:04}-{day.month:02}-{day.day:02}"


_TICKER = re.compile(
    r"-(?P<y>\d\d)(?P<m>JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
    r"(?:(?P<d>\d\d)(?P<t>\d\d(?:\d\d)?)?(?=-|[A-Z]|$)|(?=-|$))"
    r"|-(?P<only>2\d)(?=-|$|[A-Z])|[A-Z](?P<tail>2\d)(?=-|$)|-(?P<long>20[2-4]\d)(?=-|$)|-(?P<head>2\d)(?=[A-Z]{3,}-)"
)


class TickerDate(msgspec.Struct, frozen=True, gc=False):
    """The date in a Kalshi ticker (YYMMMDD[HH[MM]], New York's clock); 0 for parts it does not have."""

    year: int = 0
    month: int = 0
    day: int = 0
    clock: str = ""


def ticker_date(ticker: str) -> TickerDate:
    """The first date part of a ticker; zeros where it has none."""
    m = _TICKER.search(ticker)
    if m is None:
        return TickerDate()
    if m["y"]:
        month = MONTHS[m["m"].lower()]
        return TickerDate(2000 + int(m["y"]), month, int(m["d"] or 0), m["t"] or "")
    if m["long"]:
        return TickerDate(int(m["long"]))
    return TickerDate(2000 + int(m["only"] or m["tail"] or m["head"]))
