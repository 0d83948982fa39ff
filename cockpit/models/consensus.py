"""What several sportsbooks together say of a game's winner.

Each book's two prices are freed of its margin four ways (`cockpit.models.devig`). The consensus is the median of the books'
middles; for money it is the worst side of the methods' spread and of the books' own: low is the median of the books' lows
less the books' standard error, high the same above. Exchanges enter no consensus: what trades there is what is compared.
"""

import math
from collections.abc import Iterable, Sequence
from statistics import median

import msgspec

from cockpit.domain.books import ODDS, BookGame, BookPrice
from cockpit.domain.units import SECOND
from cockpit.models.devig import Devigged, devig

LEAST_BOOKS = 3
LIVE_NS, BEFORE_NS = 60 * SECOND, 600 * SECOND
"""Ages beyond which a book's line is stale, once the game is on and before it."""


class BookLine(msgspec.Struct, frozen=True):
    """One book on a game's winner, from the home side."""

    book: str
    home: int
    away: int
    chance: Devigged
    updated_ns: int
    exchange: bool


class Consensus(msgspec.Struct, frozen=True):
    """What the fresh books together say of the home side."""

    low: float
    mid: float
    high: float
    n: int


def lines(game: BookGame) -> list[BookLine]:
    """Each book's line on the winner; books without both sides, with a draw, or with prices that are none are left out."""
    by_book: dict[str, dict[str, BookPrice]] = {}
    for each in game.prices:
        if each.market == "h2h":
            by_book.setdefault(each.book, {})[each.outcome] = each
    found = []
    for book, sides in by_book.items():
        line = _line(book, sides, game)
        if line is not None:
            found.append(line)
    return found


def _line(book: str, sides: dict[str, BookPrice], game: BookGame) -> BookLine | None:
    home, away = sides.get(game.home), sides.get(game.away)
    if home is None or away is None or len(sides) != 2 or min(home.odds, away.odds) <= ODDS:
        return None
    try:
        chance = devig([ODDS / home.odds, ODDS / away.odds])[0]
    except ValueError:
        return None
    return BookLine(
        book,
        home.odds,
        away.odds,
        chance,
        min(home.updated_ns, away.updated_ns),
        home.exchange or away.exchange,
    )


def stale(line: BookLine, heard_ns: int, now: int, start_ns: int) -> bool:
    """Whether a line is too old to count. It is as old as the older of the book's stamp and the answer it came in."""
    limit = LIVE_NS if start_ns <= now else BEFORE_NS
    return now - min(line.updated_ns or heard_ns, heard_ns) > limit


def consensus(found: Iterable[BookLine]) -> Consensus | None:
    """The books' consensus; None with fewer than `LEAST_BOOKS` of them."""
    books = [each for each in found if not each.exchange]
    if len(books) < LEAST_BOOKS:
        return None
    mids = [each.chance.mid for each in books]
    error = _error(mids)
    low = median(each.chance.low for each in books) - error
    high = median(each.chance.high for each in books) + error
    return Consensus(max(0.0, low), median(mids), min(1.0, high), len(books))


def _error(mids: Sequence[float]) -> float:
    """Standard error of the books' middles: they copy each other, so it does not fall with their number."""
    mean = sum(mids) / len(mids)
    return math.sqrt(sum((each - mean) ** 2 for each in mids) / (len(mids) - 1))
