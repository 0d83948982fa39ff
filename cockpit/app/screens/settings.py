"""What a trader changes in a day: shown beside the defaults, typed in place, applied and written at one key.

    typing       checked at each key by the settings' own tree; enter takes it, escape leaves it as it was
    changed      marked ``*``; counts for nothing yet
    w            limits go to the engine as one command and hold at once; all changes are written into the person's file
    in force     what the engine says, never what was asked of it

In a film nothing can be changed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from cockpit.app.line import Line, crop, wrap
from cockpit.app.scene import Scene
from cockpit.app.screens.base import SCROLL, Dialog
from cockpit.app.screens.typing import Typing
from cockpit.app.text import cut
from cockpit.domain.commands import Command, SetLimits
from cockpit.domain.errors import CockpitError, Overtaken, SettingsError
from cockpit.engine.limits import changes, told
from cockpit.settings.daily import BY_NAME, DAILY, Daily, limits, typed, value, words
from cockpit.settings.files import SettingsFile
from cockpit.settings.tree import Settings

NAME, VALUE, DEFAULT, WHEN = 21, 15, 15, 11
"""Cells of the columns."""
ABOUT = 5
"""Rows below the table for what is said about it."""
DESK_ONLY = "Desk only: shadow lanes keep what they started with."
FILM = "a recording plays: nothing can be changed in a film"
SECOND_ONE = "READ ONLY: another cockpit holds the pen"
ENDED = "the session has ended"


class SettingsScreen(Dialog):
    """One row a setting."""

    title: ClassVar[str] = "SETTINGS"
    width: ClassVar[int] = 76
    tall: ClassVar[bool] = True
    spaces: ClassVar[bool] = True

    def __init__(self, file: SettingsFile, send: Callable[[Command], None]) -> None:
        self._file, self._send = file, send
        self._at = 0
        self._typing: Typing | None = None
        self._edits: dict[str, str] = {}
        """Typed, and counting for nothing yet."""
        self._due: dict[str, str] = {}
        """Applied, and not written."""
        self._force: SetLimits | None = None
        """What the engine says is in force."""
        self._asked: tuple[SetLimits, SetLimits] | None = None
        """What was in force before, and what was asked for."""
        self._shut = ""
        """Why nothing can be changed."""
        self._news: list[tuple[str, str]] = []
        """What became of the last key: words and role."""
        self._read()

    @property
    def inside(self) -> bool:
        """Whether escape leaves what is typed, and not yet the screen."""
        return self._typing is not None

    # ------------------------------------------------------------------ what is shown

    def lines(self, scene: Scene, width: int, height: int) -> Sequence[Line]:
        """The table, what is said about a row or became of a key, and the keys."""
        self._force = scene.view.limits or self._file.settings.limits()
        self._shut = _shut(scene)
        if self._shut:
            self._typing = None
        head = f"  {'setting':<{NAME}}{'value':<{VALUE}}{'default':<{DEFAULT}}{'holds from':<{WHEN}}"
        values, written, usual = self._values(), words(self._file.settings), words(Settings())
        rows: list[Line] = [((head, "title"),)]
        rows += [
            self._row(row, i == self._at, values[row.name], written[row.name], usual[row.name], width)
            for i, row in enumerate(DAILY)
        ]
        about = self._about(width)[: height - len(rows) - 1]
        return [*rows, *about, *[()] * (ABOUT - len(about)), crop(self._keys(), width)]

    def _row(self, row: Daily, here: bool, now: str, written: str, usual: str, width: int) -> Line:
        changed, differs = row.name in self._edits, self._differs(row, now, written)
        mark = "*" if changed else "!" if differs or row.name in self._due else " "
        shown: Line = ((f"{cut(now, VALUE - 1):<{VALUE}}", "accent" if changed else "text"),)
        if here and self._typing is not None:
            shown = (*self._typing.line(VALUE - 1), (" ", "text"))
        return crop(
            (
                (f"{'>' if here else ' '}{mark}", "warn" if mark != " " else "accent"),
                (f"{row.name:<{NAME}}", "accent" if here else "text"),
                *shown,
                (f"{cut(usual, DEFAULT - 1):<{DEFAULT}}", "dim"),
                (f"{'now' if row.limit else 'next start':<{WHEN}}{row.brief}", "dim"),
            ),
            width,
        )

    def _about(self, width: int) -> list[Line]:
        """The fault of what is typed, else what became of the last key, else what the row is."""
        row = DAILY[self._at]
        if self._typing is not None:
            text = self._typing.text
            fault = self._fault(row.name, text)
            whole = wrap(f"{row.name} = {text}", width, 2, "text", "")
            said = (fault, "alert") if fault else ("can be taken: nothing is applied before w", "dim")
            return [*whole, *wrap(said[0], width, 2, said[1], "")]
        news = [*self._applied(), *self._news]
        if news:
            return [line for text, role in news for line in wrap(text, width, 2, role, "")]
        now = self._values()[row.name]
        lines = wrap(f"{row.name} = {now}", width, 2, "text", "") if len(now) >= VALUE else []
        lines += wrap(f"{row.meaning}. {DESK_ONLY if row.limit else ''}", width, 3, "dim", "")
        written = words(self._file.settings)[row.name]
        if self._differs(row, now, written):
            lines = [*wrap(f"in force {now}, in the file {written}", width, 1, "warn", ""), *lines]
        return lines

    def _differs(self, row: Daily, now: str, written: str) -> bool:
        """Whether other than what the file says is in force; of a film's desk that means nothing."""
        return bool(row.limit) and now != written and row.name not in self._edits and not self._shut

    def _applied(self) -> list[tuple[str, str]]:
        """What came of the last limits asked for, by what is in force."""
        if self._asked is None or self._force is None:
            return []
        before, wanted = self._asked
        asked = ", ".join(f"{name} {was} -> {now}" for name, was, now in changes(before, wanted))
        if changes(self._force, wanted):
            return [(f"NOT IN FORCE: {asked}; see the log, pane 9", "alert")]
        return [(f"in force now: {asked}", "good")]

    def _keys(self) -> Line:
        if self._typing is not None:
            return (("Enter", "key"), (" take it  ", "text"), ("Esc", "key"), (" leave it as it was", "text"))
        leave: Line = (("Esc", "key"), (" leave", "text"))
        if self._shut:
            return ((f"{self._shut}  ", "warn"), *leave)
        waiting = len(self._edits) or len(self._due)
        write: Line = (("w", "key"), (f" apply and write {waiting}  ", "text")) if waiting else ()
        more: Line = (("Enter", "key"), (" change  ", "text"), ("d", "key"), (" default  ", "text"))
        again: Line = (("r", "key"), (" reread  ", "text"))
        drops = f", drops {len(self._edits)}" if self._edits else ""
        return (*write, *more, *again, *leave, (drops, "warn"))

    def _values(self) -> Mapping[str, str]:
        """Every row as it stands: typed, else in force, else due to be written, else in the file."""
        force = told(self._force) if self._force is not None else {}
        return words(self._file.settings) | self._due | force | self._edits

    # ------------------------------------------------------------------ keys

    def press(self, key: str) -> None:
        """Type, or move and choose."""
        if self._typing is not None:
            self._type(self._typing, key)
            return
        if key in SCROLL and key != "space":
            self._at = max(0, min(self._at + SCROLL[key], len(DAILY) - 1))
            self._forget()
        elif key in ("enter", "d"):
            self._change(DAILY[self._at], key)
        elif key == "r":
            self._read()
            if not self._news:
                self._news = [(f"read: {self._file.path or 'the defaults'}", "text")]

    def _change(self, row: Daily, key: str) -> None:
        """Begin to type a row, or put its default there."""
        self._forget()
        self._news = [(why, "warn")] if (why := self._closed_to(row)) else []
        if self._news:
            return
        if key == "d":
            self._take(row, words(Settings())[row.name])
        else:
            self._typing = Typing(self._values()[row.name], keep=row.names)

    def _type(self, typing: Typing, key: str) -> None:
        row = DAILY[self._at]
        if key == "escape":
            self._typing = None
        elif key != "enter":
            typing.press(key)
        elif not self._fault(row.name, typing.text):
            self._typing = None
            self._take(row, typing.text)

    def _take(self, row: Daily, text: str) -> None:
        """Hold what was typed until it is applied; what is so already is no change."""
        self._edits.pop(row.name, None)
        text = words(typed(self._file.settings, {row.name: text}))[row.name]
        if text != self._values()[row.name] or (row.limit and text != words(self._file.settings)[row.name]):
            self._edits[row.name] = text

    def _fault(self, name: str, text: str) -> str:
        """What the settings' tree says against a value; empty where it takes it."""
        try:
            typed(self._file.settings, {name: text})
        except SettingsError as error:
            return str(error).partition(": ")[2]
        return ""

    def _closed_to(self, row: Daily) -> str:
        """Why a row cannot be changed."""
        if self._shut:
            return self._shut
        return "" if row.limit else self._file.refusal

    def _forget(self) -> None:
        self._news, self._asked = [], None

    def _read(self) -> None:
        self._forget()
        try:
            self._file.read()
        except SettingsError as error:
            told = self._without_path(error)
            self._news = [(f"NOT READ: {told}", "alert"), ("put it right, then r reads it anew", "warn")]

    # ------------------------------------------------------------------ applying

    def submits(self, key: str) -> bool:
        """The key that applies, where there is something to apply."""
        return key == "w" and self._typing is None and not self._shut and bool(self._edits or self._due)

    def submit(self) -> None:
        """Limits hold from now, what is watched from the next start; then the file."""
        edits, self._edits = self._edits, {}
        self._forget()
        before = self._force
        if before is not None and any(BY_NAME[name].limit for name in edits):
            wanted = limits(before, typed(self._file.settings, edits), edits)
            if changes(before, wanted):
                self._send(wanted)
                self._asked = before, wanted
        later = [name for name in edits if not BY_NAME[name].limit]
        if later:
            self._news.append((f"from the next start: {', '.join(later)}", "text"))
        self._write(self._due | edits)

    def _write(self, changed: Mapping[str, str]) -> None:
        if self._file.refusal:
            self._news.append((f"not written: {self._file.refusal}", "warn"))
            return
        settings = typed(self._file.settings, changed)
        try:
            self._file.save({name: value(settings, name) for name in changed})
        except CockpitError as error:
            self._due = dict(changed)
            taken = isinstance(error, Overtaken)
            hint = "r reads it anew, then w writes" if taken else "w tries again"
            self._news.append((f"NOT WRITTEN: {self._without_path(error)}; {hint}", "alert"))
        else:
            self._due = {}
            self._news.append((f"written: {self._file.path}", "good"))

    def _without_path(self, error: CockpitError) -> str:
        """What went wrong; which file that was is clear here."""
        return str(error).removeprefix(f"{self._file.path}: ")


def _shut(scene: Scene) -> str:
    """Why nothing can be changed at all."""
    if scene.replay:
        return FILM
    if scene.status.fault:
        return ENDED
    return SECOND_ONE if scene.status.read_only else ""
