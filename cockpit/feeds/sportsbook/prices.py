"""One book's price of one outcome, as two services tell it, in one form."""

from collections import Counter
from decimal import Decimal
from typing import Literal

from cockpit.domain.books import ODDS, BookPrice
from cockpit.feeds.census import tally
from cockpit.feeds.exact import nearest

Market = Literal["h2h", "spreads", "totals"]
MARKETS: tuple[Market, ...] = ("h2h", "spreads", "totals")
SIDES = {"over": "Over", "under": "Under", "draw": "Draw", "tie": "Draw"}
EXCHANGES = frozenset(
    {
        "betfair_ex_au",
        "betfair_ex_eu",
        "betfair_ex_uk",
        "betopenly",
        "kalshi",
        "matchbook",
        "novig",
        "polymarket",
        "prophetx",
        "smarkets",
        "sporttrade",
    }
)
"""Keys of exchanges: The Odds API's region us_ex, and those of its other regions."""
LONGEST = 1_001 * ODDS
"""Decimal odds beyond which a price is nonsense."""
WIDEST = 1_000 * 100
"""Points, 1/100."""


def is_exchange(book: str) -> bool:
    """Whether a book is an exchange, by its key or its name."""
    plain = book.casefold().replace(" ", "_")
    return plain in EXCHANGES or plain.startswith("betfair_ex")


def priced(
    book: str,
    market: str,
    outcome: str,
    odds: Decimal | None,
    point: Decimal | None,
    updated_ns: int,
    census: Counter[str],
) -> BookPrice | None:
    """A price; None, counted, where it is none. Raises ValueError for figures that are no numbers."""
    stated = nearest(odds, 4) if odds is not None else 0
    if not ODDS < stated <= LONGEST:
        tally(census, "odds", "none" if odds is None else "out of range")
        return None
    line = nearest(point, 2) if point is not None else None
    if line is not None and abs(line) > WIDEST:
        tally(census, "odds", "a line out of range")
        return None
    return BookPrice(book, market, outcome, stated, line, updated_ns, is_exchange(book))
