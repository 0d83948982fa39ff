"""Score timelines of basketball games, and historical lines, as CSV files, plain or .gz.

A timeline holds a row for each play: ``game,date,away,home,period,clock,home_score,away_score`` and whatever else; date as
YYYYMMDD (New York), teams by Kalshi's codes, clock as minutes and seconds left of the period. Scorers' tables are not
clean: plays are entered late and out of order, scores step back, rows are blank. Rows are ordered by the clock, and a
team's score is that of the longest sequence of rows in which it never falls: what departs from it is an entry out of place.

An odds file holds a row for each game: ``date``, ``away``, ``home`` by ESPN's codes in lower case, ``whos_favored`` and
``spread`` (points), and where known moneylines, final scores and those of the quarters.
"""

import csv
import gzip
import math
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO, cast

import msgspec

from cockpit.domain.errors import InputError
from cockpit.models.devig import implied
from cockpit.models.match.teams import code
from cockpit.models.nba import EXTRA_S, PERIOD_S, REGULATION_S, seconds
from cockpit.models.teams import by_kalshi, by_odds_file

PLAYS = ("game", "date", "away", "home", "period", "clock", "home_score", "away_score")
ODDS = ("date", "away", "home", "whos_favored", "spread")
QUARTERS = tuple(f"q{i}_{side}" for i in (1, 2, 3, 4) for side in ("home", "away"))
FINALS = ("score_home", "score_away")
ENDED_S = 5.0
"""A timeline that stops this close to the end with a lead is over: some close with the last play, not the horn."""
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)", re.ASCII)
_MAX_PERIOD = 20

Key = tuple[str, str, str]
"""(date as YYYY-MM-DD, away, home), by Kalshi's codes."""


class Moment(msgspec.Struct, frozen=True, gc=False):
    """A game at one time: seconds left of regulation or of the overtime, lead of the home side, seconds played."""

    played: float
    left: float
    lead: int
    overtime: bool


class Game(msgspec.Struct, frozen=True):
    """One game's scores in order of the clock."""

    name: str
    key: Key
    played: tuple[float, ...]
    """Seconds played at each row, rising."""
    leads: tuple[int, ...]
    """Home minus away at each row."""

    @property
    def end(self) -> float:
        """Seconds of the whole game, to the end of the period its last row is in; 0 without rows."""
        if not self.played or self.played[-1] <= REGULATION_S:
            return REGULATION_S if self.played else 0.0
        return REGULATION_S + EXTRA_S * math.ceil((self.played[-1] - REGULATION_S) / EXTRA_S)

    @property
    def margin(self) -> int:
        """The home side's final margin; 0 of a game whose end is not in the file."""
        return self.leads[-1] if self.leads and self.played[-1] >= self.end - ENDED_S else 0

    @property
    def even(self) -> bool:
        """Which half the game belongs to: by CRC-32 of its name, the same in every file and run."""
        return zlib.crc32(self.name.encode()) % 2 == 0

    def at(self, played: float) -> Moment:
        """The game after so many seconds, as the last row up to then tells it."""
        row = bisect_right(self.played, played) - 1
        lead = self.leads[row] if row >= 0 else 0
        if played < REGULATION_S:
            return Moment(played, REGULATION_S - played, lead, False)
        return Moment(played, EXTRA_S - (played - REGULATION_S) % EXTRA_S, lead, True)

    def each(self, seconds: int) -> list[Moment]:
        """The game every so many seconds of its clock, from the tip to before its end."""
        return [self.at(float(played)) for played in range(0, math.ceil(self.end), seconds)]


class Priced(msgspec.Struct, frozen=True):
    """A game as an odds file tells it. Points; None where the file is silent."""

    spread: float | None
    """Home spread, negative where home is the favourite."""
    moneyline: float | None
    """P(home wins) by the closing moneylines without the book's margin, by the additive method."""
    quarters: tuple[int, ...]
    """Lead of the home side after each quarter; empty where the file has none."""
    margin: int | None


def games(path: Path) -> list[Game]:
    """The games of a timeline, in order of their first row.

    Raises:
        InputError: naming file and line, when it cannot be read or is no timeline.
    """
    found: dict[str, list[tuple[int, float, int, int]]] = {}
    keys: dict[str, Key] = {}
    for line, row in rows_of(path, PLAYS):
        name = row["game"]
        plays = found.setdefault(name, [])
        if row["period"] and row["clock"] and row["home_score"] and row["away_score"]:
            try:
                keys.setdefault(name, _key(row))
                plays.append(_play(row))
            except ValueError as error:
                raise InputError(f"{path}: line {line}: {error}") from None
    return [_game(name, keys.get(name, ("", "", "")), plays) for name, plays in found.items()]


def odds(path: Path) -> dict[Key, Priced]:
    """The games of an odds file.

    Raises:
        InputError: naming file and line, when it cannot be read or is no odds file.
    """
    out: dict[Key, Priced] = {}
    for line, row in rows_of(path, ODDS):
        try:
            out[_key(row)] = _priced(row)
        except ValueError as error:
            raise InputError(f"{path}: line {line}: {error}") from None
    return out


def _key(row: Mapping[str, str]) -> Key:
    match = _DATE.fullmatch(row["date"])
    if match is None:
        raise ValueError(f"date {row['date']!r}: expected YYYYMMDD")
    return "-".join(match.groups()), _code(row["away"]), _code(row["home"])


def _play(row: Mapping[str, str]) -> tuple[int, float, int, int]:
    """(period, seconds played, home score, away score) of a row."""
    period = _number(row, "period")
    if not 1 <= period <= _MAX_PERIOD:
        raise ValueError(f"period {period}: expected 1 to {_MAX_PERIOD}")
    left = seconds(row["clock"])
    length = PERIOD_S if period <= 4 else EXTRA_S
    if left > length:
        raise ValueError(f"clock {row['clock']!r}: expected MM:SS left, up to {length / 60:g} minutes")
    ends = min(period, 4) * PERIOD_S + max(0, period - 4) * EXTRA_S
    return period, ends - left, _number(row, "home_score"), _number(row, "away_score")


def _number(row: Mapping[str, str], name: str) -> int:
    text = row[name]
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(f"{name} {text!r}: expected a whole number")
    return int(text)


def _game(name: str, key: Key, plays: Sequence[tuple[int, float, int, int]]) -> Game:
    ordered = sorted(plays, key=lambda play: play[:2])
    home, away = settled([play[2] for play in ordered]), settled([play[3] for play in ordered])
    leads = tuple(h - a for h, a in zip(home, away, strict=True))
    return Game(name, key, tuple(play[1] for play in ordered), leads)


def settled(scores: Sequence[int]) -> list[int]:
    """A team's scores without those out of place: outside the longest sequence that never falls, the last one within.

    Source: Fredman 1975, the longest increasing subsequence by patience sorting.
    """
    ends: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for i, score in enumerate(scores):
        length = bisect_right(ends, score)
        ends[length : length + 1], places[length : length + 1] = [score], [i]
        before.append(places[length - 1] if length else -1)
    kept: set[int] = set()
    i = places[-1] if places else -1
    while i >= 0:
        kept.add(i)
        i = before[i]
    last = scores[min(kept)] if kept else 0
    out = []
    for i, score in enumerate(scores):
        last = score if i in kept else last
        out.append(last)
    return out


def _code(text: str) -> str:
    """Kalshi's code of a team; raises ValueError where none of the spellings known is meant."""
    team = by_kalshi("nba", text.upper()) or by_odds_file("nba", text)
    found = team.code if team is not None else code("nba", text)
    if not found:
        raise ValueError(f"team {text!r}: not one of the thirty")
    return found


def _priced(row: Mapping[str, str]) -> Priced:
    spread = None
    if row["spread"]:
        if row["whos_favored"] not in _SIGNS:
            raise ValueError(f"whos_favored {row['whos_favored']!r}: expected home or away")
        spread = _SIGNS[row["whos_favored"]] * _float(row, "spread")
    home, away = (_implied(row, f"moneyline_{side}") for side in ("home", "away"))
    moneyline = 0.5 + (home - away) / 2.0 if home and away else None
    scores = [row.get(name, "") for name in QUARTERS]
    gains: list[int] = []
    if all(scores):
        gains = [_number(row, f"q{i}_home") - _number(row, f"q{i}_away") for i in (1, 2, 3, 4)]
    final = all(row.get(name) for name in FINALS)
    return Priced(
        spread=spread,
        moneyline=moneyline if moneyline is not None and 0.0 < moneyline < 1.0 else None,
        quarters=tuple(sum(gains[: i + 1]) for i in range(len(gains))),
        margin=_number(row, "score_home") - _number(row, "score_away") if final else None,
    )


_SIGNS = {"home": -1.0, "away": 1.0}


def _float(row: Mapping[str, str], name: str) -> float:
    try:
        value = float(row[name])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{name} {row[name]!r}: expected a number")
    return value


def _implied(row: Mapping[str, str], name: str) -> float:
    """The chance American odds imply, margin included; 0 where there are none, or what stands there is no odds."""
    odds = round(_float(row, name)) if row.get(name) else 0
    return implied(odds) if abs(odds) >= 100 else 0.0


def rows_of(path: Path, names: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their line numbers; blank rows and repeated headers are passed over."""
    line = 0
    try:
        with _open(path) as file:
            reader = csv.reader(file)
            header = next(reader, [])
            line = 1
            missing = [name for name in names if name not in header]
            if missing:
                raise InputError(f"{path}: line 1: no column {', '.join(missing)}")
            for row in reader:
                line = reader.line_num
                if not any(row) or row == header:
                    continue
                if len(row) != len(header):
                    raise InputError(f"{path}: line {line}: {len(row)} fields, expected {len(header)}")
                yield line, dict(zip(header, map(str.strip, row), strict=True))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        where = f"{path}: line {line + 1}" if path.is_file() else f"{path}"
        raise InputError(f"{where}: {getattr(error, 'strerror', None) or error}") from None


def _open(path: Path) -> TextIO:
    """A text file, inflated where it begins as gzip does."""
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    if zipped:
        return cast(TextIO, gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
    return path.open(encoding="utf-8-sig", newline="")
