"""What can go wrong on purpose: named profiles, and the controller a test or a person turns them on with.

A profile is plain data. Whatever it says about connections, frames and answers is applied by the general server, so
that every venue's stand-in has it. ``missing_side`` alone is for the venue: only it knows what a book's side is.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec
import numpy as np

from cockpit.domain.units import SECOND
from cockpit.rehearsal.draws import Draws

Clock = Callable[[], int]
"""The wall clock, ns UTC: the only one a stand-in reads."""

ACTIONS = ("reset-all", "drop-all", "freeze", "thaw")


class Faults(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One profile. Frame faults are "every nth data frame of a channel of a connection"; 0 is never."""

    name: str = "custom"
    turn_away: bool = False
    """Accept a connection, read its request, and drop it without an answer."""
    strike_every_s: float = 0.0
    """Mean seconds between strikes; each drops or resets one connection. 0 strikes never."""
    freeze_after_s: float = -1.0
    """From this age on a socket neither sends nor reads while its TCP connection stays; below 0 never."""
    silent_after_s: float = -1.0
    """From this age on a socket answers pings and commands, and sends no data; below 0 never."""
    lose: int = 0
    repeat: int = 0
    swap: int = 0
    """Sent after the frame that follows it."""
    cut: int = 0
    """Only its first half is sent."""
    garbage: int = 0
    """Followed by something that is no JSON."""
    bloat: int = 0
    """Followed by a frame of more than a megabyte."""
    noise: int = 0
    """Followed by a text frame that is no UTF-8."""
    missing_side: bool = False
    """Book snapshots leave one side out, although it is not empty."""
    status: int = 0
    """Plain requests are answered with this status."""
    html: bool = False
    """Plain requests are answered with a page of HTML."""
    retry_after_s: int = -1
    """Sent with ``status``; below 0 not."""
    every: int = 1
    """Of plain requests, every nth is failed."""
    delay_s: float = 0.0
    """Answers and frames come later by this."""
    skew_s: float = 0.0
    """How far the server's clock is ahead."""

    @property
    def touches_frames(self) -> bool:
        """Whether any frame fault is on."""
        return bool(
            self.lose or self.repeat or self.swap or self.cut or self.garbage or self.bloat or self.noise
        )

    @property
    def fails(self) -> bool:
        """Whether plain requests are failed."""
        return bool(self.status or self.html)


_PROFILES = (
    Faults("none"),
    Faults("flaky", strike_every_s=15.0),
    Faults("accept-and-drop", turn_away=True),
    Faults("half-open", freeze_after_s=5.0),
    Faults("silence", silent_after_s=5.0),
    Faults("gaps", lose=200),
    Faults("duplicate", repeat=50),
    Faults("reorder", swap=50),
    Faults("missing-side", missing_side=True),
    Faults("garbage", garbage=100),
    Faults("truncated", cut=200),
    Faults("huge", bloat=500),
    Faults("non-utf8", noise=500),
    Faults("rest-429", status=429, every=2),
    Faults("rest-429-after", status=429, every=2, retry_after_s=2),
    Faults("rest-5xx", status=503, every=2),
    Faults("rest-html", html=True, every=2),
    Faults("rest-401", status=401),
    Faults("rest-403", status=403),
    Faults("rest-404", status=404),
    Faults("slow", delay_s=1.5),
    Faults("clock-skew", skew_s=7.0),
)
PROFILES = {faults.name: faults for faults in _PROFILES}
"""The profiles by name. A name resolution cannot be faked here: everything is 127.0.0.1."""
NONE = PROFILES["none"]


class Link(Protocol):
    """One connection, as faults see it."""

    born: int
    """When it became a socket (ns UTC by the injected clock); 0 while it is plain HTTP."""

    def drop(self) -> None:
        """Close the TCP connection, unsent bytes and all, without a word."""
        ...

    def reset(self) -> None:
        """Send a TCP reset."""
        ...

    def freeze(self) -> None:
        """Neither send nor read from now on; the TCP connection stays."""
        ...

    def thaw(self) -> None:
        """Send what was held back and read on."""
        ...


class Control:
    """One server's switches. Everything may be changed while it runs.

    Args:
        clock: wall clock, ns UTC.
        faults: what to begin with.
        seed: of which connection is struck, how and when.
    """

    def __init__(self, clock: Clock, faults: Faults = NONE, seed: int = 0) -> None:
        self.clock = clock
        self.faults = faults
        self.links: set[Link] = set()
        self._draws = Draws(np.random.default_rng(seed))  # noqa: TID251  a fault's own seed enters here
        self._next_strike = 0

    def now(self) -> int:
        """The server's time, ns UTC, skew included."""
        return self.clock() + int(self.faults.skew_s * SECOND)

    def set(self, faults: Faults | str) -> None:
        """Switch to a profile, or to the named one.

        Raises:
            KeyError: for an unknown name.
        """
        self.faults = PROFILES[faults] if isinstance(faults, str) else faults
        self._next_strike = 0
        if self.faults.freeze_after_s < 0:
            self.act("thaw")

    def act(self, action: str, spare: Link | None = None) -> None:
        """Do something to every connection at once, but for ``spare``.

        Raises:
            ValueError: for an unknown action.
        """
        if action not in ACTIONS:
            raise ValueError(f"unknown action {action!r}: one of {', '.join(ACTIONS)}")
        for link in [link for link in self.links if link is not spare]:
            match action:
                case "reset-all":
                    link.reset()
                case "drop-all":
                    link.drop()
                case "freeze":
                    link.freeze()
                case _:
                    link.thaw()

    def aged(self, link: Link, after_s: float) -> bool:
        """Whether a socket has reached an age, where below 0 is never."""
        return after_s >= 0 and link.born > 0 and self.clock() - link.born >= after_s * SECOND

    def tick(self) -> None:
        """What time alone brings about; called a few times a second."""
        faults = self.faults
        for link in list(self.links):
            if self.aged(link, faults.freeze_after_s):
                link.freeze()
        if faults.strike_every_s > 0:
            self._strike(faults.strike_every_s)

    def _strike(self, mean_s: float) -> None:
        now = self.clock()
        due = self._next_strike
        if now < due:
            return
        self._next_strike = now + self._draws.wait(mean_s)
        sockets = sorted((link for link in self.links if link.born), key=lambda link: link.born)
        if due and sockets:
            link = sockets[self._draws.below(len(sockets))]
            if self._draws.uniform() < 0.5:
                link.drop()
            else:
                link.reset()
