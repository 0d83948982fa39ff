"""The Polymarket US feed: listings, polled books, outcomes and the settlement index, all of one public gateway."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import Event
from cockpit.feeds.base import Budget, Frame, Poll, Request
from cockpit.feeds.census import tally
from cockpit.feeds.polymarket_us.gateway import Gateway, Memory
from cockpit.feeds.polymarket_us.index import Index
from cockpit.feeds.polymarket_us.wheel import Wheel

GATEWAY = "https://gateway.polymarket.us"
PAUSE_S = 10.0
"""Seconds between questions: at one a second the gateway refuses after a handful."""

_MEMORY = msgspec.json.Decoder(Memory)


class PolymarketUsFeed:
    """Sans-I/O reader of Polymarket US; a `cockpit.feeds.base.Venue` for frames of ``NAME.gateway``.

    Args:
        name: of the feed, and of its source.
        gateway: address of the public gateway.
        categories: whose open markets are found.
        watch: most books read in turn.
        index: whether the settlement index is read.
        assets: whose index.
    """

    def __init__(
        self,
        name: str = "polymarket_us",
        *,
        gateway: str = GATEWAY,
        categories: Iterable[str] = ("crypto",),
        watch: int = 6,
        index: bool = True,
        assets: Iterable[str] = ("BTC", "ETH", "SOL"),
    ) -> None:
        self.name = name
        self.census: Counter[str] = Counter()
        self.budget = Budget(1.0 / PAUSE_S, 1.0)
        self._source = f"{name}.gateway"
        prints = Index(self.census, gateway, assets if index else ())
        self._wheel = Wheel(self._source, gateway, categories, watch, prints)
        self._gateway = Gateway(self.census, prints, self._wheel)
        self._now = 0

    # ------------------------------------------------------------------ what is asked for

    def requests(self) -> list[Request]:
        """The listings."""
        return list(self._wheel.requests())

    def asks(self) -> list[Poll]:
        """The next question, one at a time."""
        return self._wheel.asks(self._gateway.known, self._now)

    def outgoing(self, source: str = "") -> list[bytes]:
        """Nothing: the venue's socket takes a key."""
        return []

    def resnapshot(self, market: str) -> None:
        """Ask for a market's book soon; one that is not ours is ignored."""
        if market in self._gateway.known:
            self._wheel.book(market)

    def keep(self, markets: Iterable[str]) -> None:
        """Never let go of these: somebody has an order or a position there."""
        self._wheel.keep(markets)

    # ------------------------------------------------------------------ what is heard

    def receive(self, frame: Frame) -> Sequence[Event]:
        """The events in an answer, in order.

        Raises:
            FeedError: when it cannot be read, or the venue refused the question.
        """
        if frame.s != self._source:
            raise FeedError(f"{self.name} does not read frames of {frame.s!r}")
        self._now = max(self._now, frame.t)
        self._wheel.answered(frame.u or "")
        stale = self._gateway.stale(frame.t)
        try:
            return [*stale, *self._gateway.receive(frame)]
        except (ValueError, RecursionError) as error:
            fault = FeedError(f"{frame.s}: {error}")
            fault.__cause__ = error
        except FeedError as error:
            fault = error
        if not stale:
            raise fault
        tally(self.census, "unreadable", fault)
        return stale

    def reset(self, source: str = "") -> None:
        """Polls have no state."""

    def missed(self, markets: Iterable[str], since: int) -> None:
        """No prints are told here."""

    def lost(self, source: str, ts: int) -> Sequence[Event]:
        """The gateway does not answer: no book is believed until it is read again."""
        return self._gateway.lost(ts) if source == self._source else []

    def memory(self) -> bytes:
        """Markets told of or watched, and the seconds of the index that were told."""
        return msgspec.json.encode(self._gateway.memory(frozenset(self._wheel.watched)))

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told.

        Raises:
            msgspec.MsgspecError: for anything else.
        """
        self._gateway.recall(_MEMORY.decode(memory))
