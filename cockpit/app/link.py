"""All the screen knows of the rest: it asks for views and sends commands."""

from typing import Protocol

from cockpit.app.ticket import Terms
from cockpit.domain.commands import Approve, Command
from cockpit.domain.status import Status
from cockpit.domain.view import View


class Player(Protocol):
    """The controls of a replay. Times are ns UTC."""

    def pause(self) -> None:
        """Stop where it is."""

    def resume(self) -> None:
        """Go on."""

    def toggle(self) -> None:
        """Pause, or go on."""

    def speed(self, factor: float) -> None:
        """Multiply the speed."""

    def step(self) -> None:
        """One input further."""

    def seek(self, ts: int) -> None:
        """Go to a time, forwards or backwards."""

    def next(self, kind: str, back: bool = False) -> None:
        """Go to the next marker of a kind, or of any when it is empty."""


class Link(Protocol):
    """The session, as the screen sees it."""

    @property
    def playback(self) -> Player | None:
        """The controls of a replay; None when live."""

    @property
    def lane(self) -> str:
        """The lane that commands name: "desk", or "what-if" in hindsight."""

    def view(self, focus: str = "") -> View:
        """The engine now, with the detail of ``focus``: a market, a pair by its name, or a game by its id."""

    def status(self) -> Status:
        """The session now."""

    def send(self, command: Command) -> None:
        """Take a command; its ``ts`` is stamped here, and an approval's own times with it."""

    async def run(self) -> None:
        """The session's own loop."""


NEVER_NS = 1 << 62
"""Since the last press of a key that was not pressed yet."""


def approval(link: Link, terms: Terms, *, shown_ns: int, since_press_ns: int) -> Approve:
    """An approval of the printed terms; times before now, for the link to add its clock to.

    Args:
        link: where it will be sent.
        terms: the ticket printed, and the other leg's where it has one.
        shown_ns: how long exactly these terms had been on the screen at the press.
        since_press_ns: since the approve key was pressed before, `NEVER_NS` at most.
    """
    return Approve(
        0,
        terms.ticket,
        terms.side,
        terms.price,
        terms.qty,
        shown_ts=-shown_ns,
        pressed_ts=-min(since_press_ns, NEVER_NS),
        lane=link.lane,
        partner=terms.partner,
        partner_side=terms.partner_side,
        partner_price=terms.partner_price,
        partner_qty=terms.partner_qty,
    )
