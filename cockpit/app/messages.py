"""What was said last, on one row: a refusal keeps it for a while, what a key answers is seen at once."""

from typing import NamedTuple

from cockpit.app.line import Line
from cockpit.app.text import clean
from cockpit.domain.status import Status
from cockpit.domain.units import SECOND
from cockpit.domain.view import Note

SHOWN_NS = 8 * SECOND
REFUSED_NS = 12 * SECOND
ANSWER_NS = 5 * SECOND // 2
"""For so long an answer to a key stands before anything else; then it yields to what waits behind it."""

ROUTINE, LOUD, URGENT = range(3)
"""Ranks: the highest is shown, of equals the newest."""


def told(note: Note) -> str:
    """The role of something that happened: a ticket asks, what else is loud warns."""
    return "text" if not note.loud else "accent" if note.kind == "ticket" else "alert"


def standing(status: Status) -> Line:
    """What is wrong all the time, for while nothing else is said: that the session has ended, or the machine's trouble."""
    if status.fault:
        return ((f" ended: {status.fault}", "alert"),)
    return ((f" {clean(status.notes[0])}", "warn"),) if status.notes else ()


class Message(NamedTuple):
    """Something said. Times are of a steady clock, ns."""

    words: str
    role: str
    rank: int
    until: int
    falls: int
    """From when on it is routine."""

    def weight(self, now: int) -> int:
        """Its rank now."""
        return self.rank if now < self.falls else ROUTINE


class Messages:
    """The few last ones."""

    def __init__(self) -> None:
        self._said: list[Message] = []

    def answer(self, words: str, role: str, now: int, *, refusal: bool = False) -> None:
        """Say what a key did, or why it did nothing; that an approval was refused stays longer."""
        until = now + (REFUSED_NS if refusal else SHOWN_NS)
        self._add(Message(words, role, URGENT, until, until if refusal else now + ANSWER_NS), now)

    def note(self, note: Note, now: int) -> None:
        """Say what happened: routine, loud, or that something asked for was refused."""
        if note.kind == "refused":
            self.answer(note.text, "alert" if note.loud else "warn", now, refusal=True)
            return
        until = now + SHOWN_NS
        self._add(Message(note.text, told(note), LOUD if note.loud else ROUTINE, until, until), now)

    def line(self, now: int) -> Line:
        """The one to show now; empty when all is long ago."""
        live = [message for message in self._said if now < message.until]
        if not live:
            return ()
        _, at = max((message.weight(now), i) for i, message in enumerate(live))
        return ((f" {live[at].words}", live[at].role),)

    def _add(self, message: Message, now: int) -> None:
        self._said = [old for old in self._said[-15:] if now < old.until]
        self._said.append(message)
