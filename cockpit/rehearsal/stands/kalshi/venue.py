"""The Kalshi stand-in: REST and socket behind one gate, fed by the stage."""

from pathlib import Path
from typing import Any, Self

import msgspec

from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.stands.asked import Answer, Asked
from cockpit.rehearsal.stands.faults import Clock, Control
from cockpit.rehearsal.stands.kalshi import errors
from cockpit.rehearsal.stands.kalshi.account import funds
from cockpit.rehearsal.stands.kalshi.gate import PREFIX, SOCKET, Gate, Limits, throw_away_key
from cockpit.rehearsal.stands.kalshi.groups import Groups
from cockpit.rehearsal.stands.kalshi.private import Private
from cockpit.rehearsal.stands.kalshi.public import Public
from cockpit.rehearsal.stands.kalshi.routes import Routes
from cockpit.rehearsal.stands.kalshi.session import Rules, Session
from cockpit.rehearsal.stands.kalshi.state import State
from cockpit.rehearsal.stands.serve import Server
from cockpit.rehearsal.stands.wire import Wire, WireClosed

CASH = ((0, funds(1_000)), (2, funds(1_000)))
"""Shards and money units: crypto trades on shard 2."""
KEY_ID = "5ea5e11e-0000-4000-8000-000000000001"


class Settings(msgspec.Struct, frozen=True):
    """How a stand-in behaves: its tier, its account's cash by shard (money units), its socket's ways."""

    limits: Limits = Limits()
    cash: tuple[tuple[int, int], ...] = CASH
    rules: Rules = Rules()


class Kalshi:
    """The venue: an async context manager that serves while it is open.

    Args:
        control: faults, and the wall clock signatures are checked against.
        clock: the stage's time: what the venue takes for now in its markets.
        keys: public keys in PEM by key id; any of them signs for the one account.
        settings: tier, cash, socket rules.
        server: more arguments for the server, such as ``port``, ``ping_s`` and ``limit``.
    """

    name = "kalshi"

    def __init__(
        self,
        control: Control,
        clock: Clock,
        keys: dict[str, bytes],
        settings: Settings | None = None,
        **server: Any,
    ) -> None:
        settings = settings or Settings()
        self.control = control
        self.state = State(clock, dict(settings.cash), settings.rules, lambda: control.faults.missing_side)
        self.gate = Gate(keys, settings.limits)
        self._routes = Routes()
        Public(self.state, self._routes)
        Private(self.state, settings.limits, self._routes)
        Groups(self.state, self._routes)
        self.server = Server(self, control, **({"ping": b"heartbeat"} | server))

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.server.__aexit__(*error)

    # ------------------------------------------------------------------ as the stage sees it

    def take(self, arrival: Arrival) -> None:
        """One frame of the stage."""
        self.state.take(arrival)

    @property
    def congested(self) -> bool:
        """Whether any client is far behind."""
        return self.server.congested

    def places(self) -> dict[str, str]:
        """Where a client finds it."""
        return {"rest": self.server.http + PREFIX, "socket": self.server.ws + SOCKET}

    # ------------------------------------------------------------------ as the server sees it

    async def answer(self, asked: Asked) -> Answer:
        """Answer a plain request."""
        now = self.control.now()
        refusal = self.gate.refusal(asked, now)
        if refusal is not None:
            return refusal
        if not self.gate.afford(asked, now):
            return errors.TOO_MANY
        self.state.advance()
        return self._routes.answer(asked)

    async def greet(self, asked: Asked) -> Answer | None:
        """Every socket is signed, whatever it listens to."""
        if asked.path != SOCKET:
            return errors.NOT_FOUND
        return self.gate.refusal(asked, self.control.now())

    async def talk(self, asked: Asked, wire: Wire) -> None:
        """Hold one client's session."""
        session = Session(wire, self.state, self.state.rules)
        wire.farewell = session.overflow
        self.state.sessions.add(session)
        try:
            while True:
                session.command(await wire.recv())
        except WireClosed:
            return
        finally:
            self.state.sessions.discard(session)

    def denial(self, status: int) -> Answer:
        """A failure on purpose, in the venue's words."""
        return errors.denial(status)


def keyed(control: Control, clock: Clock, folder: Path, **server: Any) -> tuple[Kalshi, dict[str, str]]:
    """A stand-in with a throw-away key in a folder; and what a client needs to know of the key."""
    public, path = throw_away_key(folder)
    return Kalshi(control, clock, {KEY_ID: public}, **server), {"key_id": KEY_ID, "key_file": str(path)}
