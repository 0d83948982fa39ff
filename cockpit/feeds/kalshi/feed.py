"""The Kalshi feed: one object for the socket's frames and the answers to polls."""

from collections import Counter
from collections.abc import Iterable, Sequence

from cockpit.domain.errors import FeedError
from cockpit.domain.events import Event
from cockpit.feeds.base import Budget, Frame, Poll, Request
from cockpit.feeds.kalshi.commands import TICKER, Commands
from cockpit.feeds.kalshi.numbers import Numbers
from cockpit.feeds.kalshi.rest import Rest
from cockpit.feeds.kalshi.sequence import BOOK, TRADES, Sequences
from cockpit.feeds.kalshi.stream import Stream
from cockpit.feeds.kalshi.tape import Recent


class KalshiFeed:
    """Sans-I/O reader of one Kalshi connection; a `cockpit.feeds.base.Feed`.

    Frames come as source ``NAME.ws`` (messages) and ``NAME.rest`` (bodies, with their URL). ``use_yes_price`` is
    what the socket is asked for, and how its NO levels are read; REST books are in NO terms either way.
    """

    def __init__(self, name: str = "kalshi", use_yes_price: bool = False) -> None:
        self.name = name
        self.census: Counter[str] = Counter()
        self.budget = Budget(100.0, 100.0)
        self._socket = f"{name}.ws"
        self._poll = f"{name}.rest"
        self._sequences = Sequences(self.census)
        self._commands = Commands(self._sequences, use_yes_price=use_yes_price)
        numbers = Numbers(self.census, use_yes_price=use_yes_price)
        seen = Recent()
        self._stream = Stream(numbers, self._sequences, self._commands, seen)
        self._rest = Rest(numbers, self._sequences, seen)

    def requests(self) -> list[Request]:
        """Nothing by itself: what to poll is the session's choice."""
        return []

    def asks(self) -> list[Poll]:
        """Nothing."""
        return []

    def receive(self, frame: Frame) -> Sequence[Event]:
        """The events in a frame, in order.

        Raises:
            FeedError: when the frame cannot be read, or the exchange refused a request.
        """
        try:
            if frame.s == self._socket:
                return self._stream.receive(frame)
            if frame.s == self._poll:
                return self._rest.receive(frame)
        except (ValueError, RecursionError) as error:
            raise FeedError(f"{frame.s}: {error}") from error
        raise FeedError(f"{self.name} does not read frames of {frame.s!r}")

    def outgoing(self, source: str = "") -> list[bytes]:
        """Commands for the socket, each returned once: subscriptions, and requests for books in doubt."""
        return self._commands.drain()

    def reset(self, source: str = "") -> None:
        """A connection was made: sids and numbers start anew, and all subscriptions are asked for again."""
        self._sequences.reset()
        self._commands.restart()

    def subscribe(
        self,
        tickers: Iterable[str],
        *,
        ticker: bool = False,
        lifecycle: bool = False,
        indices: Iterable[str] = (),
    ) -> None:
        """Ask for books and prints of some markets; on request also quotes, all lifecycles, settlement indices."""
        channels = (BOOK, TRADES, TICKER) if ticker else (BOOK, TRADES)
        self._commands.subscribe(tickers, channels)
        if lifecycle:
            self._commands.lifecycle()
        self._commands.indices(indices)

    def unsubscribe(self, tickers: Iterable[str]) -> None:
        """Let go of some markets on every channel."""
        self._commands.unsubscribe(tickers)

    def resnapshot(self, market: str) -> None:
        """Ask for a market's whole book."""
        self._commands.resnapshot(market)
