"""One market of the venue: named by its slug, quoted on its long side, settled on the same index as Kalshi's."""

from datetime import UTC, datetime

from cockpit.domain.units import ASK, BID, PRICE, SECOND
from cockpit.rehearsal.polymarket.depth import CENT, TENTH
from cockpit.rehearsal.polymarket.terms import ABOVE, QUARTER_NS, UPDOWN, Terms, amount, grouped
from cockpit.rehearsal.stands.polymarket.reader import Print
from cockpit.rehearsal.stands.polymarket.shadow import Shadow

_FIRST = 21_000
COINS = {"BTC": "Bitcoin", "ETH": "Ethereum", "SOL": "Solana"}


class Market:
    """One market. Prices are price units of the long side, sizes hundredths of a share, times ns UTC."""

    def __init__(self, number: int, terms: Terms, shadow: Shadow, now: int) -> None:
        self.number = _FIRST + number
        self.terms = terms
        self.book = shadow
        self.slug = slug_of(terms)
        self.listed_ns = now
        self.trading = True
        self.paid: int | None = None
        """What the long side is paid, once it is final."""
        self.final = ""
        """The index mean it settled on, dollars as text."""
        self.last = 0
        self.high = 0
        self.low = 0
        self.traded = 0
        """Hundredths of a share."""
        self.changed_ns = now

    def opened(self, now: int) -> bool:
        """Whether it has begun, and its strike is known."""
        return now >= self.terms.open_ns and (self.terms.low is not None or self.terms.high is not None)

    def over(self, now: int) -> bool:
        """Whether its time is up."""
        return now >= self.terms.close_ns

    def top(self) -> tuple[int, int]:
        """Best bid and ask; 0 and a dollar where there are none."""
        return self.book.bid, self.book.ask

    def depth(self) -> tuple[int, int]:
        """How many levels there are of each side."""
        return len(self.book.unsorted(BID)), len(self.book.unsorted(ASK))

    def printed(self, told: Print, ts: int) -> None:
        """A trade on the market it follows is one here, where its price has a place."""
        price = self.book.place(-told.taker, told.price)
        if price is None:
            return
        self.last, self.changed_ns = price, ts
        self.high = max(self.high, price)
        self.low = min(self.low or PRICE, price)
        self.traded += self.book.scaled(told.size)

    def settle(self, paid: int) -> None:
        """It is over for good."""
        self.paid, self.trading = paid, False
        self.book.clear()


def tick_of(family: str) -> int:
    """The tick of a family's markets, price units."""
    return TENTH if family == UPDOWN else CENT


def event_of(terms: Terms) -> str:
    """The event's slug: ladders of one expiry share one, a window is one by itself."""
    asset = terms.asset.lower()
    if terms.family == UPDOWN:
        return f"cpc-{asset}-updown-15m-{_stamp(terms.close_ns - QUARTER_NS)}"
    return f"cpc-{asset}-{terms.family}-1h-{_stamp(terms.close_ns)}"


def slug_of(terms: Terms) -> str:
    """A market's slug."""
    if terms.family == UPDOWN:
        return event_of(terms)
    low, high = (
        amount(bound).replace(".", "pt") if bound is not None else "" for bound in (terms.low, terms.high)
    )
    if terms.family == ABOVE:
        return f"{event_of(terms)}-{low}"
    return f"{event_of(terms)}-{low or 'under'}-{high or 'over'}"


def title_of(terms: Terms) -> str:
    """What tells a market from the others of its event."""
    if terms.family == UPDOWN:
        return "15 minutes"
    if terms.low is None:
        return f"${grouped(terms.high or 0)} or below"
    if terms.high is None:
        return f"${grouped(terms.low)} or above"
    return f"${grouped(terms.low)} to ${grouped(terms.high)}"


def question_of(terms: Terms) -> str:
    """The question."""
    coin = COINS[terms.asset]
    when = f"{datetime.fromtimestamp(terms.close_ns // SECOND, UTC):%B %-d, %H:%M} UTC"
    return f"{coin} up or down by {when}?" if terms.family == UPDOWN else f"{coin} price at {when}?"


def _stamp(ts: int) -> str:
    return f"{datetime.fromtimestamp(ts // SECOND, UTC):%Y-%m-%d-%H%M}z"
