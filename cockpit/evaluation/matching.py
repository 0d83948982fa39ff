"""How well markets of two venues are matched, against labelled pairs (`cockpit evaluate matching`).

A file holds one JSON object a line: ``kalshi_id``, ``kalshi_title``, ``polymarket_id``, ``polymarket_title`` and ``label``
(``true_match`` or ``false_match``), and where known ``polarity`` (``aligned``, ``inverted``, ``unknown``), rules, closing
times, subtitle and event. Each row becomes two listings and is read and compared by the code that does so live. Accepted
means called identical or complement; closing times are weak evidence, as a venue's expected time is.
"""

import gzip
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter

import msgspec

from cockpit.domain.errors import InputError
from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.units import SECOND
from cockpit.models.match.read import read
from cockpit.models.match.relate import Comparison, Relation, compare

LABELS = {"true_match": True, "false_match": False}
POLARITIES = {"aligned": 1, "inverted": -1}
_SHOWN = 20
"""Rows of a kind that the text form names."""


class Row(msgspec.Struct, frozen=True):
    """One labelled pair."""

    kalshi_id: str
    polymarket_id: str
    kalshi_title: str
    polymarket_title: str
    label: str
    polarity: str = "unknown"
    kalshi_rules: str | None = ""
    polymarket_rules: str | None = ""
    kalshi_close_time: str | None = ""
    polymarket_close_time: str | None = ""
    kalshi_subtitle: str | None = ""
    kalshi_event_ticker: str | None = ""


class MatchingReport(msgspec.Struct):
    """Counts over labelled pairs."""

    n: int = 0
    true: int = 0
    accepted: int = 0
    right: int = 0
    """Accepted pairs that are true matches."""
    polarity_errors: int = 0
    refused: int = 0
    seconds: float = 0.0
    wrong: list[str] = []
    """Pairs accepted that are no match, or with the wrong side."""
    missed: list[str] = []
    """True matches that were not accepted, and why."""

    @property
    def precision(self) -> float | None:
        """Share of the accepted that are true matches; None where none was accepted."""
        return self.right / self.accepted if self.accepted else None

    @property
    def recall(self) -> float | None:
        """Share of the true matches that were accepted; None where there is none."""
        return self.right / self.true if self.true else None

    def as_json(self) -> dict[str, object]:
        """The machine form."""
        return {
            "n": self.n,
            "accepted": self.accepted,
            "precision": self.precision,
            "recall": self.recall,
            "polarity_errors": self.polarity_errors,
            "refused": self.refused,
            "seconds": round(self.seconds, 4),
        }

    def as_text(self) -> str:
        """The report for people."""
        lines = [
            f"{self.n:,} pairs, {self.true:,} of them true matches; {self.seconds:.2f} s",
            f"  accepted        {self.accepted:>7,}",
            f"  precision       {_share(self.precision):>7}",
            f"  recall          {_share(self.recall):>7}",
            f"  polarity errors {self.polarity_errors:>7,}",
            f"  refused         {self.refused:>7,}",
        ]
        lines += _listed("wrong", self.wrong) + _listed("missed", self.missed)
        return "\n".join(lines)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _listed(head: str, rows: Sequence[str]) -> list[str]:
    if not rows:
        return []
    more = [f"  and {len(rows) - _SHOWN} more"] if len(rows) > _SHOWN else []
    return ["", f"{head}:", *(f"  {row}" for row in rows[:_SHOWN]), *more]


def evaluate_matching(path: Path, progress: Callable[[int, int], object] | None = None) -> MatchingReport:
    """Match every pair of a file and count.

    Args:
        path: labelled pairs, JSON lines, plain or .gz.
        progress: told (pairs done, pairs).

    Raises:
        InputError: naming file and line, when it cannot be read.
    """
    rows = list(labelled(path))
    report = MatchingReport()
    for i, (row, k, p) in enumerate(rows):
        began = perf_counter()
        found = compare(read(*k), read(*p))
        report.seconds += perf_counter() - began
        _count(report, row, found)
        if progress is not None:
            progress(i + 1, len(rows))
    return report


Listed = tuple[Market, EventGroup | None]


def labelled(path: Path) -> Iterator[tuple[Row, Listed, Listed]]:
    """The pairs of a file as rows and listings.

    Raises:
        InputError: naming file and line.
    """
    decoder = msgspec.json.Decoder(Row)
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _pair(decoder, line, f"{path}: line {number}")
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def _pair(decoder: "msgspec.json.Decoder[Row]", line: bytes, where: str) -> tuple[Row, Listed, Listed]:
    try:
        row = decoder.decode(line)
        both = kalshi(row), polymarket(row)
    except (msgspec.DecodeError, ValueError) as error:
        raise InputError(f"{where}: {error}") from error
    if row.label not in LABELS:
        raise InputError(f"{where}: label {row.label!r}: one of {', '.join(LABELS)}")
    return row, *both


def kalshi(row: Row) -> Listed:
    """The Kalshi side as a listing. Raises ValueError for a closing time that is none."""
    event = row.kalshi_event_ticker or ""
    market = Market(
        ticker=row.kalshi_id,
        venue="kalshi",
        event=event,
        series=row.kalshi_id.partition("-")[0],
        title=row.kalshi_title,
        subtitle=row.kalshi_subtitle or "",
        rules=row.kalshi_rules or "",
        expected_ns=_instant(row.kalshi_close_time),
    )
    return market, None


def polymarket(row: Row) -> Listed:
    """The Polymarket side as a listing. Raises ValueError for a closing time that is none."""
    market = Market(
        ticker=row.polymarket_id,
        venue="polymarket",
        title=row.polymarket_title,
        rules=row.polymarket_rules or "",
        expected_ns=_instant(row.polymarket_close_time),
    )
    return market, None


def _instant(text: str | None) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * SECOND if text else 0


def _count(report: MatchingReport, row: Row, found: Comparison) -> None:
    true = LABELS[row.label]
    names = f"{row.kalshi_title!r} / {row.polymarket_title!r}"
    report.n += 1
    report.true += true
    report.refused += found.relation is Relation.UNKNOWN
    if not found.accepted:
        if true:
            report.missed.append(f"{names}: {found.refusal or found.relation}")
        return
    report.accepted += 1
    report.right += true
    if not true:
        report.wrong.append(f"{names}: called {found.relation}")
    elif row.polarity in POLARITIES and found.polarity != POLARITIES[row.polarity]:
        report.polarity_errors += 1
        report.wrong.append(f"{names}: {row.polarity}, called {found.relation}")
