"""Which presses count. Money moves only on a key that stands alone, and a held key approves one ticket.

A paste without brackets is a burst of keys. A press that reaches the engine therefore waits `ALONE_NS`, and is dropped
when any other key came within that time before or after it.
"""

from typing import NamedTuple

from cockpit.app.link import NEVER_NS
from cockpit.app.scene import Scene
from cockpit.app.ticket import Terms
from cockpit.domain.units import MILLISECOND, SECOND

ALONE_NS = 30 * MILLISECOND
HELD_NS = 750 * MILLISECOND
"""The approve key counts again after this long without it."""
TWICE_NS = 2 * SECOND

BURST = "keys came like pasted text: nothing was sent"
HELD = "the key is held: let go of it, one press is one ticket"


class Press(NamedTuple):
    """A press that waits to be alone, with what was on the screen at it. Times are of a steady clock, ns."""

    action: str
    at: int
    scene: Scene
    terms: Terms | None
    shown_ns: int
    """For how long the terms had been on the screen."""
    since_ns: int
    """Since the approve key was pressed before."""


class Presses:
    """The keys as they arrive."""

    def __init__(self) -> None:
        self.waiting: Press | None = None
        self._last = self._approved = -NEVER_NS
        self._gap = NEVER_NS
        self._first: tuple[str, int] = ("", 0)

    def key(self, at: int) -> tuple[Press | None, str]:
        """A key arrived: the press that had its moment before it, or why one is dropped now."""
        self._gap, self._last = at - self._last, at
        press, self.waiting = self.waiting, None
        if press is None:
            return None, ""
        return (press, "") if at - press.at >= ALONE_NS else (None, BURST)

    def wait(self, action: str, scene: Scene, terms: Terms | None, shown_ns: int) -> str:
        """The key that arrived last does something that must stand alone: why it cannot count, or empty."""
        since = NEVER_NS
        if action == "approve":
            since, self._approved = min(self._last - self._approved, NEVER_NS), self._last
            if since < HELD_NS:
                return HELD
        if self._gap < ALONE_NS:
            return BURST
        self.waiting = Press(action, self._last, scene, terms, shown_ns, since)
        return ""

    def take(self, press: Press) -> bool:
        """Its moment passed: whether it still waits; it then counts."""
        if self.waiting is not press:
            return False
        self.waiting = None
        return True

    def again(self, action: str) -> bool:
        """Whether the key that arrived last is the action's second within two seconds."""
        name, at = self._first
        second = name == action and self._last - at <= TWICE_NS
        self._first = ("", 0) if second else (action, self._last)
        return second

    def other(self, action: str) -> None:
        """Another action was done between: a second press counts as a first."""
        if self._first[0] != action:
            self._first = ("", 0)


def named(key: str, character: str | None) -> str:
    """A key as the keymap names it: one printable character for itself, else Textual's name."""
    held = "+" in key and len(key) > 1 and not key.startswith("shift+")
    if (
        character is not None
        and len(character) == 1
        and character.isprintable()
        and character != " "
        and not held
    ):
        return character
    return key
