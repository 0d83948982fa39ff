"""The record of what was said before, as the runtime looks it up: frames of ``corpus.rows``, which it puts in itself.

Nothing is asked for over a network. A recording holds the rows that a run went by, so that a replay needs no record.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import Event, PhrasesTold
from cockpit.domain.mentions import EventShare, Occurrence
from cockpit.feeds.base import Budget, Frame, Poll, Request, payload
from cockpit.feeds.schedule.times import day

SOURCE = "corpus.rows"


class Rows(msgspec.Struct, frozen=True):
    """A frame's payload, as one JSON object; see `cockpit.domain.events.PhrasesTold`."""

    phrases: tuple[tuple[str, str], ...]
    occurrences: tuple[Occurrence, ...]
    shares: tuple[EventShare, ...]


_ROWS = msgspec.json.Decoder(Rows)


class CorpusFeed:
    """Sans-I/O reader of looked-up rows; a `cockpit.feeds.base.Feed` for frames of ``corpus.rows``."""

    def __init__(self) -> None:
        self.name = "corpus"
        self.census: Counter[str] = Counter()
        self.budget = Budget(1.0, 1.0)

    def requests(self) -> list[Request]:
        """Nothing: the runtime looks up what the engine wants."""
        return []

    def asks(self) -> list[Poll]:
        """Nothing."""
        return []

    def outgoing(self, source: str = "") -> list[bytes]:
        """Nothing."""
        return []

    def reset(self, source: str = "") -> None:
        """Rows have no state."""

    def receive(self, frame: Frame) -> Sequence[Event]:
        """The rows of a frame, as one event.

        Raises:
            FeedError: for anything else.
        """
        if frame.s != SOURCE:
            raise FeedError(f"{self.name} does not read frames of {frame.s!r}")
        try:
            rows = _ROWS.decode(frame.d or payload(frame))
            for stated in {each.day for each in rows.occurrences} | {each.day for each in rows.shares}:
                day(stated)
        except (ValueError, RecursionError) as error:
            raise FeedError(f"{frame.s}: {error}") from error
        if any(not 0 <= each.said <= each.n for each in rows.shares):
            raise FeedError(f"{frame.s}: a share of more than there is")
        return [PhrasesTold(frame.t, rows.phrases, rows.occurrences, rows.shares)]

    def memory(self) -> bytes:
        """Nothing is kept."""
        return b"null"

    def recall(self, memory: bytes) -> None:
        """Nothing was kept.

        Raises:
            msgspec.MsgspecError: for anything but that.
        """
        msgspec.json.decode(memory, type=None)
