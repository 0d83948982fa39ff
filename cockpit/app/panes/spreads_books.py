"""What sportsbooks say of a pair: a cell of its row, and a line below the table."""

from cockpit.app import text
from cockpit.app.line import Line, wrap
from cockpit.app.widgets.live_grid import Cell
from cockpit.domain.pairs import PairBooks, PairView
from cockpit.domain.units import BID


def cell(books: PairBooks | None) -> Cell:
    """The middle in cents, with its age once that is too old; nothing where no books are known."""
    if books is None:
        return "", "dim"
    mid = _cents(books.mid)
    return (f"{mid} {text.short_age(books.age_ns)}", "dim") if books.stale else (mid, "band")


def lines(pair: PairView, width: int) -> list[Line]:
    """``Books 63.4 (62.8-64.0) 7 books 2m old: K 61 bid is 2.1 below``; no line where no books are known."""
    books = pair.books
    if books is None:
        return []
    band = f"{_cents(books.mid)} ({_cents(books.low)}-{_cents(books.high)})"
    said = f"Books {band} {books.n} books {text.short_age(books.age_ns)} old"
    role = "dim" if books.stale else "good" if books.edge_low is not None and books.edge_low > 0 else "text"
    return wrap(f"{said}{_against(pair, books)}", width, 2, role)


def _against(pair: PairView, books: PairBooks) -> str:
    """Who is cheaper than the books, by what is left after the maker's fee."""
    if books.stale:
        return ": too old to compare"
    if books.edge is None:
        return ""
    away = f"{books.edge * 100:.1f}"
    if float(away) <= 0:
        return ": nobody is cheaper after fees"
    venue = pair.venue_a if books.market == pair.a else pair.venue_b
    side, where = ("bid", "below") if books.side == BID else ("ask", "above")
    return f": {venue} {text.cents(books.price)} {side} is {away} {where}"


def _cents(chance: float) -> str:
    return f"{chance * 100:.1f}"
