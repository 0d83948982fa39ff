"""What a person is told of a command: one line for each, that it was done, or why it was not.

A command that names nothing that exists is an orphan: told, counted, harmless. One whose own effect says what it did (a
ticket decided, an order placed or cancelled, a limit set, a halt, a lease) needs no other line.
"""

from collections.abc import Callable

from cockpit.domain.commands import Command
from cockpit.domain.effects import CommandDone, CommandRefused, Effect
from cockpit.domain.units import BID, PRICE, QTY
from cockpit.engine.config import DESK
from cockpit.engine.state import State


class Answers:
    """Tells them, and counts the orphans in the engine's state."""

    def __init__(self, state: State, emit: Callable[[Effect], None]) -> None:
        self._state = state
        self._emit = emit

    def done(self, command: Command, what: str, *, target: str, market: str = "") -> None:
        """It was carried out, and nothing else says so."""
        self._emit(CommandDone(self._state.now, _named(command, target), what, _lane(command), market))

    def refused(self, command: Command, reason: str, target: str = "") -> None:
        """It was not carried out."""
        self._refused(command, _named(command, target), reason, orphan=False)

    def orphan(self, command: Command, reason: str) -> None:
        """It names nothing that exists."""
        self._state.orphans += 1
        self._refused(command, type(command).__name__, reason, orphan=True)

    def _refused(self, command: Command, name: str, reason: str, *, orphan: bool) -> None:
        self._emit(CommandRefused(self._state.now, name, reason, orphan, _lane(command)))


def amount(side: int, price: int, qty: int) -> str:
    """``100 @ 86c``; a YES sale is told as the NO it buys."""
    return f"{qty / QTY:g} @ {(price if side == BID else PRICE - price) / 100:g}c"


def outcome(side: int) -> str:
    """What an order of this side buys."""
    return "YES" if side == BID else "NO"


def _named(command: Command, target: str) -> str:
    return f"{type(command).__name__} {target}".rstrip()


def _lane(command: Command) -> str:
    return getattr(command, "lane", DESK)
