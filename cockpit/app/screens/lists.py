"""Help, the palette, the filter's prompt, and going to a time."""

import re
from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from cockpit.app import text
from cockpit.app.keys import GROUPS, Keymap
from cockpit.app.line import Line, crop
from cockpit.app.scene import Scene
from cockpit.app.screens.base import SCROLL, Dialog
from cockpit.domain.newyork import trading_day
from cockpit.domain.units import SECOND


def _typed(word: str, key: str) -> str:
    """A word after a key."""
    if key == "backspace":
        return word[:-1]
    if key == "ctrl+u":
        return ""
    return word + (" " if key == "space" else key if len(key) == 1 and len(word) < 40 else "")


class Help(Dialog):
    """All keys, from the keymap."""

    title: ClassVar[str] = "KEYS"
    width: ClassVar[int] = 76
    tall: ClassVar[bool] = True

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap
        self._top = 0

    def lines(self, scene: Scene, width: int, height: int) -> Sequence[Line]:
        """Groups of keys; those that work now stand out."""
        rows: list[Line] = []
        for group in GROUPS:
            rows.append(((group, "title"),))
            rows += [
                (
                    (f" {' '.join(action.keys) or '-':<15} ", "key" if action.when(scene) else "dim"),
                    (action.help, "text" if action.when(scene) else "dim"),
                )
                for action in self._keymap.actions
                if action.group == group and not (group == "panes" and action.name != "pane1")
            ]
        if self._keymap.notices:
            rows += [(("left out of your keys", "title"),)]
            rows += [((f" {text.clean(notice)}", "warn"),) for notice in self._keymap.notices]
        rows += [(("marks of Spreads", "title"),), *(_sign(*each) for each in SIGNS)]
        rows = [crop(_panes(row), width) for row in rows]
        room = height - 1
        self._top = max(0, min(self._top, len(rows) - room))
        more = (
            ""
            if len(rows) <= room
            else f"  j k: rows {self._top + 1}-{min(self._top + room, len(rows))} of {len(rows)}"
        )
        return [*rows[self._top : self._top + room], (("Esc", "key"), (f" leave{more}", "dim"))]

    def press(self, key: str) -> None:
        """Scroll; the help key again closes."""
        self._top += SCROLL.get(key, 0)
        if key in (self._keymap.key("help"), "q", "enter"):
            self.closed = True


SIGNS = (
    ("N", "one leg is filled alone: hedge it, unwind it, or wait"),
    ("!", "the venues disagree beyond fees, basis: d once you know"),
    ("T W", "a two-leg ticket waits; its legs work"),
    ("c ?", "rules changed since you confirmed; not confirmed yet"),
    ("z", "a quote is too old: nothing is netted"),
    ("K/P buy K  K+", "Kalshi, Polymarket; the better way buys YES on K"),
    ("K<P  K>P", "Polymarket is known to lead Kalshi, or the other way round"),
    ("SAME", "both settle on the same number"),
    ("SRC AVG", "another source; averaged otherwise"),
    ("EDGE VOID", "the value at the boundary; when it is called off"),
    ("1VEN", "markets of one venue that together pay a known sum"),
)
"""Marks of a pane's rows, and what they mean."""


def _sign(sign: str, words: str) -> Line:
    return ((f" {sign:<15} ", "key"), (words, "text"))


def _panes(row: Line) -> Line:
    """The nine keys of panes in one row."""
    if row[-1][0] != "pane 1":
        return row
    return ((" 1-9".ljust(17), row[0][1]), ("panes", row[1][1]))


class Choice(NamedTuple):
    """A row of the palette."""

    words: str
    key: str
    do: Callable[[], None]


class Palette(Dialog):
    """Actions that work now and all themes; typing narrows the list."""

    title: ClassVar[str] = "PALETTE"
    width: ClassVar[int] = 64
    spaces: ClassVar[bool] = True

    def __init__(self, choices: Sequence[Choice]) -> None:
        self._choices = choices
        self._word = ""
        self._at = 0

    def _found(self) -> Sequence[Choice]:
        words = self._word.casefold().split()
        return [choice for choice in self._choices if all(word in choice.words.casefold() for word in words)]

    def lines(self, scene: Scene, width: int, height: int) -> Sequence[Line]:
        """What is typed, and what it finds."""
        found, room = self._found(), max(height - 2, 1)
        self._at = max(0, min(self._at, len(found) - 1))
        top = max(0, min(self._at - room // 2, len(found) - room))
        rows: list[Line] = [(("> ", "accent"), (f"{self._word}_".ljust(30), "field"))]
        for i, choice in enumerate(found[top : top + room], start=top):
            here = "selection" if i == self._at else "text"
            rows.append(
                (
                    ((">" if i == self._at else " ") + f"{choice.key:>8} ", f"{here}/key"),
                    (choice.words.ljust(width - 10), here),
                )
            )
        if not found:
            rows.append(((" nothing", "dim"),))
        rows.append((("Enter", "key"), (f" do it  {len(found)} found", "dim")))
        return [crop(row, width) for row in rows]

    def press(self, key: str) -> None:
        """Move or type."""
        if key in ("up", "down"):
            self._at += 1 if key == "down" else -1
        else:
            self._word = _typed(self._word, key)

    def submits(self, key: str) -> bool:
        """Enter."""
        return key == "enter"

    def submit(self) -> None:
        """Do what is under the cursor."""
        found = self._found()
        self.closed = True
        if found:
            found[min(self._at, len(found) - 1)].do()


class Find(Dialog):
    """The filter, live while it is typed; Enter keeps it, Escape clears it."""

    inline: ClassVar[bool] = True
    spaces: ClassVar[bool] = True

    def __init__(self, word: str, find: Callable[[str], None]) -> None:
        self._word, self._find = word, find

    def lines(self, scene: Scene, width: int, height: int) -> Sequence[Line]:
        """One row."""
        return [(("/", "key"), (f"{self._word}_", "field"), ("  Enter keeps, Esc clears", "dim"))]

    def press(self, key: str) -> None:
        """Type, keep or clear."""
        if key == "enter":
            self.closed = True
            return
        self._word = "" if key == "escape" else _typed(self._word, key)
        self._find(self._word)


_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
_JUMP = re.compile(r"([+-])(\d{1,6})([smh]?)")


class GoTo(Dialog):
    """A time of the recording, in New York's clock, or a jump from here."""

    title: ClassVar[str] = "GO TO"

    def __init__(self, seek: Callable[[int], None]) -> None:
        self._seek = seek
        self._word = ""
        self._found: int | None = None

    def lines(self, scene: Scene, width: int, height: int) -> Sequence[Line]:
        """The prompt and where it leads."""
        at = scene.status.playback
        if at is None:
            self._found = None
            return [(("no recording", "warn"),)]
        self._found = moment(self._word, at.start, at.end, at.now)
        leads = (
            f"to {text.clock(self._found)} ET"
            if self._found is not None
            else "no such time in it: HH:MM, +90s, -5m"
            if self._word
            else "HH:MM, HH:MM:SS, +90s, -5m, +1h"
        )
        role = "text" if self._found else "warn" if self._word else "dim"
        return [
            (
                ("> ", "accent"),
                (f"{self._word}_".ljust(14), "field"),
                (f"  {leads}", role),
            ),
            ((f"recorded {text.clock(at.start)} to {text.clock(at.end)} ET", "dim"),),
            (("Enter", "key"), (" go  ", "text"), ("Esc", "key"), (" leave", "text")),
        ]

    def press(self, key: str) -> None:
        """Type."""
        if key in ("backspace", "ctrl+u") or key in frozenset("0123456789:+-smh"):
            self._word = _typed(self._word, key)

    def submits(self, key: str) -> bool:
        """Enter."""
        return key == "enter"

    def submit(self) -> None:
        """Go there."""
        if self._found is not None:
            self._seek(self._found)
            self.closed = True


def moment(word: str, start: int, end: int, now: int) -> int | None:
    """The time meant by a word, ns UTC, within the recording; None when it is no time or lies outside."""
    if jump := _JUMP.fullmatch(word):
        sign, count, unit = jump.groups()
        ts = (
            now + (1 if sign == "+" else -1) * int(count) * {"": 1, "s": 1, "m": 60, "h": 3600}[unit] * SECOND
        )
        return max(start, min(ts, end))
    if (clock := _TIME.fullmatch(word)) is None:
        return None
    hour, minute, second = (int(part or 0) for part in clock.groups())
    if hour > 23 or minute > 59 or second > 59:
        return None
    first, seconds = trading_day(start), (hour * 3600 + minute * 60 + second) * SECOND
    found = (day + seconds for day in range(first, end + 1, 86_400 * SECOND))
    return next((ts for ts in found if start <= ts <= end), None)
