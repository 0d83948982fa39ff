"""What the spot feeds share: one public socket, candles for the time before it, and what was told already."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import ImpliedVol, SpotBar, SpotTick
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Budget, Frame, Poll, Request, Socket, payload
from cockpit.feeds.census import tally

OUTAGE_NS = 180 * SECOND
"""Without a price for this long, candles are asked for again."""

SpotEvent = SpotTick | SpotBar | ImpliedVol
Data = bytes | msgspec.Raw


def pairs(assets: Iterable[str], quote: str = "USD") -> list[str]:
    """Pairs such as "BTC-USD", each once, from pairs or from assets such as "BTC"."""
    return list(dict.fromkeys(each if "-" in each else f"{each}-{quote}" for each in assets))


class SpotFeed:
    """Most of a `cockpit.feeds.base.Feed`: a feed adds how it subscribes, and how messages and answers are read."""

    def __init__(self, name: str, socket: Socket, candles: Iterable[Poll], budget: Budget) -> None:
        self.name = name
        self.census: Counter[str] = Counter()
        self.budget = budget
        self._socket = socket
        self._rest = f"{name}.rest"
        self._candles = list(candles)
        self._asks = list(self._candles)
        self._trades: dict[str, int] = {}
        """Pair to the id of its last trade; ids only grow."""
        self._told = 0
        """When the last price came."""
        self._outbox: list[bytes] = []
        self.reset()

    def requests(self) -> list[Request]:
        """The public socket."""
        return [self._socket]

    def asks(self) -> list[Poll]:
        """Candles of the last hours: at the start, and after an outage."""
        asks, self._asks = self._asks, []
        return asks

    def outgoing(self, source: str = "") -> list[bytes]:
        """The subscribe messages, once per connection, and answers the socket wants."""
        if source == self._rest:
            return []
        sent, self._outbox = self._outbox, []
        return sent

    def reset(self, source: str = "") -> None:
        """A connection was made: subscribe again. Trades go on, so that those told before are known."""
        if source != self._rest:
            self._outbox = self._hello()

    def memory(self) -> bytes:
        """The ids of the last trades."""
        return msgspec.json.encode(self._trades)

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told.

        Raises:
            msgspec.MsgspecError: for anything else.
        """
        self._trades = msgspec.json.decode(memory, type=dict[str, int])

    def receive(self, frame: Frame) -> Sequence[SpotEvent]:
        """The events in a frame, in order.

        Raises:
            FeedError: when the frame cannot be read, or the venue refused.
        """
        try:
            if frame.s == self._rest:
                return self._answer(frame)
            events = self._message(frame.t, frame.d or payload(frame))
        except (ValueError, RecursionError) as error:
            raise FeedError(f"{frame.s}: {error}") from error
        if events:
            if self._told and frame.t - self._told > OUTAGE_NS:
                self._asks = list(self._candles)
            self._told = frame.t
        return events

    def _hello(self) -> list[bytes]:
        """What to send on a new connection."""
        raise NotImplementedError

    def _message(self, ts: int, data: Data) -> Sequence[SpotEvent]:
        """Read a message of the socket; raises ValueError."""
        raise NotImplementedError

    def _answer(self, frame: Frame) -> Sequence[SpotEvent]:
        """Read an answer; raises ValueError or FeedError."""
        raise NotImplementedError

    def _repeated(self, topic: str, pair: str, number: int) -> bool:
        """Whether a trade was told before; notes it otherwise."""
        last = self._trades.get(pair, 0)
        if number and number <= last:
            tally(self.census, topic, "duplicate")
            return True
        self._trades[pair] = number or last
        return False
