"""The session's table of sources: which feed reads which frames. A new source is one line here."""

from collections import Counter
from collections.abc import Callable, Sequence

from cockpit.domain.events import Event
from cockpit.feeds.base import Feed, Frame
from cockpit.feeds.kalshi.feed import KalshiFeed
from cockpit.feeds.spot.coinbase import CoinbaseFeed
from cockpit.feeds.spot.kraken import KrakenFeed

Receive = Callable[[Frame], Sequence[Event]]


class Receivers:
    """Feeds by frame source, looked up once per frame."""

    def __init__(self, capabilities: Sequence[str] = ()) -> None:
        self._kalshi = KalshiFeed(use_yes_price="use_yes_price" in capabilities)
        self.feeds: dict[str, Feed] = {
            "kalshi": self._kalshi,
            "coinbase": CoinbaseFeed(),
            "kraken": KrakenFeed(),
        }
        self._by_source: dict[str, Receive | None] = {}

    def get(self, source: str) -> Receive | None:
        """What reads frames of a source such as "kalshi.ws"; None when nothing does."""
        found = self._by_source.get(source)
        if found is None and source not in self._by_source:
            feed = self.feeds.get(source.partition(".")[0])
            found = self._by_source[source] = feed.receive if feed is not None else None
        return found

    def census(self) -> Counter[str]:
        """What all feeds tolerated, by name."""
        total: Counter[str] = Counter()
        for name, feed in self.feeds.items():
            total.update({f"{name} {what}": n for what, n in feed.census.items()})
        return total

    def resnapshot(self, market: str) -> None:
        """Ask for a fresh book of a market; the venues that do not carry it ask nobody."""
        self._kalshi.resnapshot(market)

    def reset(self, name: str) -> None:
        """A feed's connection (such as "kalshi.ws") starts anew, and its sequence numbers with it."""
        feed = self.feeds.get(name.partition(".")[0])
        if feed is not None:
            feed.reset(name)
