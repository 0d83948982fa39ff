"""One client of the market socket: what it has subscribed to, and what it is sent.

`{"type": "market", "assets_ids": [...]}` comes first; `{"operation": "subscribe" | "unsubscribe", ...}` changes it. A
token named twice is subscribed once, and of the second naming only the flag counts. "PING" is answered "PONG". With
`custom_feature_enabled` and no tokens at all a client is told of every market's beginning and end.
"""

from collections.abc import Hashable, Iterable
from typing import Protocol

import msgspec

from cockpit.rehearsal.polymarket.messages import dumps

LANE = "market"
REFUSAL = "INVALID OPERATION"


class Out(Protocol):
    """Where frames go: a wire."""

    def send(self, frame: bytes | str, lane: Hashable = None) -> None:
        """Send one frame; ``lane`` names the channel of a data frame."""
        ...


class Floor(Protocol):
    """What a session asks the venue for."""

    def listen(self, session: "Session", token: str) -> None:
        """Tell a session of a token from now on."""
        ...

    def ignore(self, session: "Session", token: str) -> None:
        """Tell it no more."""
        ...

    def book_of(self, token: str, *, whole: bool) -> bytes | None:
        """A token's book as the socket tells it; None where there is none."""
        ...


class _Command(msgspec.Struct):
    type: str = ""
    operation: str = ""
    assets_ids: list[str] = []
    custom_feature_enabled: bool | None = None
    initial_dump: bool = True


_command = msgspec.json.Decoder(_Command).decode


class Session:
    """One client.

    Args:
        out: its wire.
        floor: the venue.
        array_every: of its frames, every nth comes as an array of one; 0 never.
    """

    def __init__(self, out: Out, floor: Floor, array_every: int) -> None:
        self._out = out
        self._floor = floor
        self._every = array_every
        self._sent = 0
        self._seen: set[str] = set()
        self.tokens: dict[str, None] = {}
        self.custom = False

    @property
    def hears_all(self) -> bool:
        """Whether it is told of every market's beginning and end."""
        return self.custom and not self.tokens

    # ------------------------------------------------------------------ what it says

    def hear(self, raw: bytes) -> None:
        """Do what a client's message asks."""
        if raw.strip() == b"PING":
            self._out.send("PONG")
            return
        try:
            command = _command(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._out.send(REFUSAL)
            return
        kind = command.operation.lower() or ("subscribe" if command.type.lower() == "market" else "")
        if kind not in ("subscribe", "unsubscribe"):
            self._out.send(REFUSAL)
            return
        if command.custom_feature_enabled is not None:
            self.custom = command.custom_feature_enabled
        if kind == "subscribe":
            self._subscribe(command)
        else:
            self._unsubscribe(command.assets_ids)

    def _subscribe(self, command: _Command) -> None:
        fresh = [token for token in dict.fromkeys(command.assets_ids) if token not in self.tokens]
        for token in fresh:
            self.tokens[token] = None
            self._floor.listen(self, token)
        if command.initial_dump:
            self._dump(fresh)

    def _unsubscribe(self, tokens: Iterable[str]) -> None:
        for token in tokens:
            if token in self.tokens:
                del self.tokens[token]
                self._floor.ignore(self, token)

    def _dump(self, tokens: list[str]) -> None:
        """Whole books, several in a frame; what a hash covers comes with a token's first one only."""
        books: list[bytes] = []
        for token in tokens:
            told = self._floor.book_of(token, whole=token not in self._seen)
            if told is not None:
                self._seen.add(token)
                books.append(told)
        for frame in dumps(books):
            self._out.send(frame, LANE)

    # ------------------------------------------------------------------ what it is told

    def tell(self, frame: bytes) -> None:
        """One message."""
        self._sent += 1
        if self._every and self._sent % self._every == 0:
            frame = b"[" + frame + b"]"
        self._out.send(frame, LANE)
