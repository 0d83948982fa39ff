"""What every feed is: a sans-I/O reader of one source's frames.

A frame is the decoded envelope of one recorded line; its payload stays raw bytes until the feed reads it. A feed
raises `FeedError` for nonsense and nothing else, keeps its own sequence state, and never reads a clock.
"""

import base64
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

import msgspec

from cockpit.domain.events import Event
from cockpit.domain.units import SECOND

_EMPTY = msgspec.Raw(b"")


class Frame(msgspec.Struct, gc=False, omit_defaults=True):
    """One line of a session: what arrived, from where, when.

    ``d`` holds the payload if it is one JSON value; other UTF-8 text is under ``x``, other bytes base64 under ``b``.
    ``u``, ``st`` and ``h`` belong to HTTP: URL without secrets, status, and the headers that matter.
    """

    n: int
    t: int
    s: str
    d: msgspec.Raw = _EMPTY
    x: str | None = None
    b: str | None = None
    u: str | None = None
    st: int | None = None
    h: dict[str, str] | None = None


def payload(frame: Frame) -> bytes | msgspec.Raw:
    """The frame's payload, as the bytes that arrived."""
    if frame.x is not None:
        return frame.x.encode()
    if frame.b is not None:
        return base64.b64decode(frame.b)
    return frame.d


class Socket(msgspec.Struct, frozen=True):
    """A socket to hold open; its frames come as ``source``, such as "kalshi.ws"."""

    source: str
    url: str
    quiet_ns: int = 30 * SECOND
    """Without a frame that says something for this long the connection is taken for dead, pings or not."""
    pulse: tuple[bytes, ...] = ()
    """Beginnings of frames that show life but say nothing: heartbeats, answers to pings."""
    light: tuple[bytes, ...] = ()
    """What stands near the beginning of frames that may be shed first under overload: tickers."""
    ping: bytes = b""
    """A text to send every ``ping_ns``; b"" sends none."""
    ping_ns: int = 0
    signed: bool = False
    """Whether the handshake carries the venue's signature."""


class Poll(msgspec.Struct, frozen=True):
    """A question over HTTP; its answers come as ``source``, such as "kalshi.rest"."""

    source: str
    url: str
    every_ns: int = 0
    """How often to ask; 0 asks once."""
    cost: int = 1
    """What it takes from the feed's `Budget`."""
    body: bytes = b""
    """JSON to POST; b"" is a GET."""
    signed: bool = False
    """Whether it carries the venue's signature."""
    headers: tuple[tuple[str, str], ...] = ()
    """More to send: never anything secret."""
    secret: str = ""
    """The name of a key that is added when it is sent, and stands nowhere else: in no URL, frame or error."""


Request = Socket | Poll


class Budget(msgspec.Struct, frozen=True):
    """A venue's token bucket: what refills a second, and what it holds."""

    per_s: float
    burst: float


class Feed(Protocol):
    """One source. ``census`` counts what was tolerated: unknown fields, types and enum words.

    What it asks for follows from its settings and from what it has read; what it says follows from the frames alone.
    """

    name: str
    census: Counter[str]
    budget: Budget

    def requests(self) -> list[Request]:
        """What to hold open and to poll from now on; what is no longer in the list is let go."""
        ...

    def asks(self) -> list[Poll]:
        """What to ask once: next pages, missed prints, fresh books. Each is returned once."""
        ...

    def receive(self, frame: Frame) -> Sequence[Event]:
        """The events in a frame, in order.

        Raises:
            FeedError: when the frame breaks the source's format.
        """
        ...

    def reset(self, source: str) -> None:
        """A connection was made: its sequence numbers start anew, and it is subscribed again."""
        ...

    def outgoing(self, source: str) -> list[bytes]:
        """Messages to send on a socket: subscriptions and requests for fresh books. Each is returned once."""
        ...

    def memory(self) -> bytes:
        """What later frames are read by, as one JSON value: numbers, ids, books."""
        ...

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told.

        Raises:
            msgspec.MsgspecError: for anything else.
        """
        ...


@runtime_checkable
class Venue(Feed, Protocol):
    """A feed whose source has markets to trade."""

    def resnapshot(self, market: str) -> None:
        """Ask for a market's whole book, by whichever way the source has."""
        ...

    def keep(self, markets: Iterable[str]) -> None:
        """Never let go of these: somebody has an order or a position there. Markets of others are ignored."""
        ...

    def missed(self, markets: Iterable[str], since: int) -> None:
        """Nobody listened since ``since`` (ns UTC): what was printed in these markets is to be fetched."""
        ...

    def lost(self, source: str, ts: int) -> Sequence[Event]:
        """A connection ended: what it carried cannot be believed until it is told anew."""
        ...
