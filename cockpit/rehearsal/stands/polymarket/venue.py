"""The Polymarket.com stand-in: three REST APIs and the market socket on one server, fed by the stage."""

import asyncio
from pathlib import Path
from typing import Any, Self

import msgspec

from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.stands.asked import Answer, Asked
from cockpit.rehearsal.stands.faults import Clock, Control
from cockpit.rehearsal.stands.polymarket import errors
from cockpit.rehearsal.stands.polymarket.clob import Clob
from cockpit.rehearsal.stands.polymarket.data import Data
from cockpit.rehearsal.stands.polymarket.gamma import Gamma
from cockpit.rehearsal.stands.polymarket.limits import Gate
from cockpit.rehearsal.stands.polymarket.routes import Routes
from cockpit.rehearsal.stands.polymarket.session import Session
from cockpit.rehearsal.stands.polymarket.state import State
from cockpit.rehearsal.stands.serve import Server
from cockpit.rehearsal.stands.wire import Wire, WireClosed

SOCKET = "/ws/market"


class Settings(msgspec.Struct, frozen=True):
    """How a stand-in behaves."""

    share: float = 1.0
    """Of the venue's rate limits."""
    array_every: int = 16
    """Of a client's socket frames, every nth comes as an array; 0 never."""


class Polymarket:
    """The venue: an async context manager that serves while it is open.

    Args:
        control: faults, and the wall clock that rates are counted by.
        clock: the stage's time: what the venue takes for now in its markets.
        settings: rates, and the socket's ways.
        server: more arguments for the server, such as ``port`` and ``limit``.
    """

    name = "polymarket"

    def __init__(
        self, control: Control, clock: Clock, settings: Settings | None = None, **server: Any
    ) -> None:
        settings = settings or Settings()

        def hollow() -> bool:
            return control.faults.missing_side

        self.control = control
        self.state = State(clock, hollow)
        self._array_every = settings.array_every
        self._gate = Gate(settings.share)
        self._apis: dict[str, Routes] = {
            "gamma": Gamma(self.state).routes,
            "clob": Clob(self.state, hollow).routes,
            "data": Data(self.state).routes,
        }
        self.server = Server(self, control, **server)

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        self.state.teller.wake = self._soon
        return self

    async def __aexit__(self, *error: Any) -> None:
        self.state.teller.wake = None
        await self.server.__aexit__(*error)

    def _soon(self) -> None:
        """Tell what has gathered when the stage has had its turn."""
        asyncio.get_running_loop().call_soon(self.state.teller.flush)

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
        apis = {name: f"{self.server.http}/{name}" for name in self._apis}
        return apis | {"socket": self.server.ws + SOCKET}

    # ------------------------------------------------------------------ as the server sees it

    async def answer(self, asked: Asked) -> Answer:
        """Answer a plain request."""
        api, _, path = asked.path.removeprefix("/").partition("/")
        routes = self._apis.get(api)
        if routes is None:
            return errors.NOT_FOUND
        wait = self._gate.wait(api, path, self.control.now())
        return errors.too_many(wait) if wait else routes.answer(asked, path)

    async def greet(self, asked: Asked) -> Answer | None:
        """The market socket takes no key."""
        return None if asked.path == SOCKET else errors.NOT_FOUND

    async def talk(self, asked: Asked, wire: Wire) -> None:
        """Hold one client's session."""
        teller = self.state.teller
        session = Session(wire, teller, self._array_every)
        teller.join(session)
        try:
            while True:
                session.hear(await wire.recv())
        except WireClosed:
            return
        finally:
            teller.leave(session)

    def denial(self, status: int) -> Answer:
        """A failure on purpose, in the venue's words."""
        return errors.denial(status)


def made(control: Control, clock: Clock, folder: Path, **server: Any) -> tuple[Polymarket, dict[str, str]]:
    """A stand-in for the table of venues; a client needs to know nothing but its places."""
    return Polymarket(control, clock, **server), {}
