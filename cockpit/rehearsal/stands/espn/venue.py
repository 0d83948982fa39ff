"""The score source's stand-in: one server that answers questions for days and for single games, fed by the stage.

An answer may be kept for two seconds, and has a tag: who sends it back is told when nothing has changed.
"""

from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

import msgspec

from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.stands.asked import JSON, Answer, Asked, json_answer
from cockpit.rehearsal.stands.espn.state import LEAGUES, State, days_of
from cockpit.rehearsal.stands.faults import Clock, Control
from cockpit.rehearsal.stands.serve import Server
from cockpit.rehearsal.stands.wire import Wire

_PREFIX = ("apis", "site", "v2", "sports")
USUAL = 100
"""Games in an answer where no limit is asked for."""


def refused(status: int, message: str) -> Answer:
    """A refusal in the source's words."""
    return json_answer({"code": status, "message": message}, status)


class Espn:
    """The source: an async context manager that serves while it is open.

    Args:
        control: faults.
        clock: the stage's time: whose day is today.
        server: more arguments for the server, such as ``port``.
    """

    name = "espn"

    def __init__(self, control: Control, clock: Clock, **server: Any) -> None:
        self.control = control
        self.state = State()
        self._now = clock
        self.server = Server(self, control, **server)

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
        return {"site": self.server.http}

    # ------------------------------------------------------------------ as the server sees it

    async def answer(self, asked: Asked) -> Answer:
        """Answer a plain request."""
        return self.respond(asked)

    def respond(self, asked: Asked) -> Answer:
        """The answer to a plain request."""
        parts = tuple(asked.path.strip("/").split("/"))
        if asked.method != "GET" or len(parts) != 7 or parts[:4] != _PREFIX:
            return refused(404, "not found")
        league = LEAGUES.get((parts[4], parts[5]))
        if league is not None and parts[6] == "scoreboard":
            return self._scoreboard(asked, league)
        if league is not None and parts[6] == "summary":
            return self._summary(asked, league)
        return refused(404, "not found")

    def _scoreboard(self, asked: Asked, league: str) -> Answer:
        limit = asked.first("limit")
        try:
            first, last = days_of(asked.first("dates"), self._now())
            most = int(limit) if limit else USUAL
        except ValueError:
            return refused(400, "dates or limit cannot be read")
        return _tagged(asked, self.state.leagues[league].board(first, last, most))

    def _summary(self, asked: Asked, league: str) -> Answer:
        game = self.state.leagues[league].games.get(asked.first("event"))
        return refused(404, "no such event") if game is None else _tagged(asked, game.summary())

    async def greet(self, asked: Asked) -> Answer | None:
        """There is no socket."""
        return refused(404, "not found")

    async def talk(self, asked: Asked, wire: Wire) -> None:
        """There is none to hold."""

    def denial(self, status: int) -> Answer:
        """A failure on purpose, in the source's words."""
        return refused(status, "failed on purpose")


def _tagged(asked: Asked, body: dict[str, Any]) -> Answer:
    """An answer with its tag; without a body for who has it already."""
    data = msgspec.json.encode(body)
    tag = f'"{blake2b(data, digest_size=12).hexdigest()}"'
    headers = (("Content-Type", JSON), ("Cache-Control", "max-age=2"), ("ETag", tag))
    if asked.headers.get("if-none-match") == tag:
        return Answer(304, b"", headers)
    return Answer(200, data, headers)


def made(control: Control, clock: Clock, folder: Path, **server: Any) -> tuple[Espn, dict[str, str]]:
    """A stand-in for the table of venues; a client needs to know nothing but its place."""
    return Espn(control, clock, **server), {}
