"""What every feed is: a sans-I/O reader of one source's frames.

A frame is the decoded envelope of one recorded line; its payload stays raw bytes until the feed reads it. A feed
raises `FeedError` for nonsense and nothing else, keeps its own sequence state, and never reads a clock.
"""

import base64
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import msgspec

from cockpit.domain.events import Event

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


class Request(msgspec.Struct, frozen=True):
    """Something to connect to or poll: ``every_ns`` 0 for a socket."""

    url: str
    every_ns: int = 0


class Feed(Protocol):
    """One source. ``census`` counts what was tolerated: unknown fields, types and enum words."""

    name: str
    census: Counter[str]

    def requests(self) -> list[Request]:
        """What to connect to or poll."""
        ...

    def receive(self, frame: Frame) -> Sequence[Event]:
        """The events in a frame, in order.

        Raises:
            FeedError: when the frame breaks the source's format.
        """
        ...

    def reset(self) -> None:
        """A connection was made: sequence numbers start anew."""
        ...

    def outgoing(self) -> list[bytes]:
        """Messages to send: subscriptions and requests for fresh books. Each is returned once."""
        ...
