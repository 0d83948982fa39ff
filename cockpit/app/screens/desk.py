"""Questions about the desk: a lease, and whether something large is meant."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from cockpit.app import text
from cockpit.app.line import Line, wrap
from cockpit.app.scene import Scene
from cockpit.app.screens.base import Dialog
from cockpit.app.screens.form import Field, Form
from cockpit.domain.commands import Command, Lease
from cockpit.domain.units import MONEY_DIGITS, SECOND

_WHOLE = frozenset("0123456789")


class LeaseForm(Form):
    """How far the desk may act by itself, and for how long."""

    title: ClassVar[str] = "LEASE"
    verb: ClassVar[str] = "grant it"

    def __init__(self, send: Callable[[Command], None]) -> None:
        self._send = send
        self.ticks = Field("requote within", "2", unit="ticks", allowed=_WHOLE)
        self.risk = Field("approve up to", "50", unit="dollars at risk")
        self.minutes = Field("for", "5", unit="minutes; 0 ends a lease", allowed=_WHOLE)
        self.fields = [self.ticks, self.risk, self.minutes]

    def command(self) -> Lease | None:
        """What the fields say; None when they say nothing that can be sent."""
        ticks, risk, minutes = self.ticks.number(0), self.risk.number(MONEY_DIGITS), self.minutes.number(0)
        if self.minutes.text and not int(self.minutes.text):
            return Lease(0, 0, 0, 0)
        if ticks is None or risk is None or minutes is None or minutes > 240:
            return None
        return Lease(0, ticks, risk, minutes * 60 * SECOND)

    def meaning(self, scene: Scene, width: int) -> Sequence[Line]:
        """What is granted, and what is in force."""
        command = self.command()
        if command is None:
            rows: Sequence[Line] = [(("all three above 0, and 240 minutes at most", "warn"),)]
        elif not command.for_ns:
            rows = [(("ends the lease", "text"),)]
        else:
            words = (
                f"the desk may move its orders by {command.ticks} ticks and approve ${text.money(command.risk)} "
                f"until {text.short_clock(scene.view.ts + command.for_ns)} ET; it ends when nobody is at the keyboard"
            )
            rows = wrap(words, width, 2, "text", "")
        now = scene.view.lease
        if now is None:
            return rows
        left = text.duration(now.until_ns - scene.view.ts)
        return [*rows, ((f"in force: {now.ticks} ticks, ${text.money(now.risk_left)} left, {left}", "warn"),)]

    def submit(self) -> None:
        """Grant it."""
        command = self.command()
        if command is not None:
            self._send(command)
            self.closed = True


class Confirm(Dialog):
    """A question that ``y`` answers."""

    title: ClassVar[str] = "SURE?"

    def __init__(self, question: str, yes: Callable[[], None]) -> None:
        self._question, self._yes = question, yes

    def lines(self, scene: Scene, width: int, height: int) -> Sequence[Line]:
        """The question and its keys."""
        keys: Line = (("y", "key"), (" yes  ", "text"), ("n", "key"), (" no", "text"))
        return [*wrap(self._question, width, max(height - 2, 1), "title", ""), (), keys]

    def press(self, key: str) -> None:
        """Anything but yes that answers."""
        if key in ("n", "N", "enter"):
            self.closed = True

    def submits(self, key: str) -> bool:
        """Yes."""
        return key in ("y", "Y")

    def submit(self) -> None:
        """Do it."""
        self._yes()
        self.closed = True
