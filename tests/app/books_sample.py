"""Hand-built odds: what the Books screen is tested with."""

from typing import Any

from app_sample import DAY, HOUR, MINUTE, NOW, change, row
from game_sample import BOARDED, DEN, LATE

from cockpit.domain.books import ODDS, BookGameView, BookLineView, BooksView
from cockpit.domain.units import SECOND


def book(
    name: str, away: float, home: float, low: float, mid: float, high: float, **fields: Any
) -> BookLineView:
    """A book; decimal odds, chances in per cent."""
    away_, home_ = round(away * ODDS), round(home * ODDS)
    return BookLineView(
        name, home_, away_, low / 100, mid / 100, high / 100,
        **({"margin": 1 / away + 1 / home - 1, "age_ns": 20 * SECOND} | fields),
    )  # fmt: skip


def odds(
    away: str, home: str, *lines: BookLineView, start_ns: int = NOW + 4 * HOUR, **fields: Any
) -> BookGameView:
    """A game with odds; prices and edge in cents, chances in per cent."""
    for name in ("bid", "ask", "price"):
        if name in fields:
            fields[name] = round(fields[name] * 100)
    for name in ("edge", "ours"):
        if fields.get(name) is not None:
            fields[name] /= 100
    low, mid, high = (None if each is None else each / 100 for each in fields.pop("says", (None, None, None)))
    n = sum(not line.stale and not line.exchange for line in lines)
    usual = {"id": f"odds {away}{home}", "league": "nba", "n": n if mid is not None else 0}
    return BookGameView(
        away=away, home=home, start_ns=start_ns, lines=lines, low=low, mid=mid, high=high, **(usual | fields)
    )  # fmt: skip


LINES = (
    book("fanduel", 2.95, 1.42, 66.1, 67.0, 67.9),
    book("draftkings", 2.9, 1.43, 65.6, 66.6, 67.5),
    book("betmgm", 2.8, 1.45, 64.7, 65.5, 66.4),
    book("pinnacle", 3.02, 1.4065, 67.2, 68.1, 68.8, age_ns=4 * SECOND),
    book("betonlineag", 2.0, 1.8, 51.8, 52.4, 53.0, stale=True, age_ns=700 * SECOND),
    book("kalshi", 2.5, 1.62, 60.0, 60.6, 61.2, exchange=True),
    book("polymarket", 2.6, 1.6, 61.0, 61.6, 62.0, exchange=True, stale=True, age_ns=90 * SECOND),
)
HALF = odds("LAL", "DEN", *LINES, start_ns=NOW - HOUR, says=(65.2, 66.8, 68.3), venue="K", market=DEN, team="DEN", price=58,
            bid=58, ask=60, edge=6.4, mark="T", ours=63.8)  # fmt: skip
LEAD = odds("BOS", "NYK", *LINES[:4], start_ns=LATE.start_ns, says=(93.1, 94.6, 95.9), venue="P", market="0xnyk", team="BOS",
            price=5.5, bid=94, ask=95, edge=-1.13, ours=96.4)  # fmt: skip
TONIGHT = odds("CHA", "OKC", *LINES[:3], start_ns=NOW + 4 * HOUR + 38 * MINUTE, says=(84.0, 85.1, 86.3), venue="K", market="okc",
               team="OKC", price=79, bid=79, ask=0, edge=4.96, mark="W", ours=86.1)  # fmt: skip
FEW = odds("DAL", "SAS", *LINES[:2], start_ns=NOW + DAY + 5 * HOUR, venue="K", market="sas", bid=32, ask=34)
OLD = odds("MIA", "ORL", *(change(line, stale=True, age_ns=900 * SECOND) for line in LINES[:3]), start_ns=NOW - 2 * HOUR, venue="K",
           market="orl", bid=35, ask=41, mark="?", team="ORL", price=35, edge=20)  # fmt: skip
NFL = odds("KC", "BUF", *LINES[3:], league="nfl", start_ns=NOW + 5 * DAY)
NOBODY = odds("UTA", "POR", start_ns=NOW + 6 * HOUR)
GAMES = (HALF, TONIGHT, LEAD, FEW, OLD, NFL, NOBODY)
BOOKS = BooksView(GAMES, NOW - 45 * SECOND, left=412, used=88)
ROWS = (row("okc", "CHA@OKC OKC", "E-OKC", bid=79, ask=81, mark="W", why="works already"),)
VIEW_OF_ODDS = change(BOARDED, books=BOOKS, rows=(*BOARDED.rows, *ROWS))
