"""Sportsbooks beside a pair: whose chance it is, how old, and who is cheaper than they are."""

import msgspec
import pytest

from cockpit.domain.books import BookGame, BookPrice
from cockpit.domain.events import BookSnapshot, OddsSeen
from cockpit.domain.units import ASK, BID, QTY, SECOND
from cockpit.engine.views.view import view
from tests.unit.engine.played import AWAY, HOME, PM, T0, TIP, Arena

SAME, TURNED = f"{AWAY}|{PM}", f"{HOME}|{PM}"
"""Polymarket's market is on the away side."""


def odds(*books, **more):
    """Home's and away's decimal odds by book, as of now or so many seconds ago."""
    prices = [
        BookPrice(name, "h2h", team, round(each * 10_000), updated_ns=T0 - ago * SECOND)
        for name, home, away, ago in books
        for team, each in (("SAS", home), ("OKC", away))
    ]
    return BookGame(**{"id": "g", "league": "nba", "start_ns": TIP, "away": "OKC", "home": "SAS"} | more, prices=tuple(prices))  # fmt: skip


SAID = odds(("a", 1.50, 2.75, 0), ("b", 1.52, 2.70, 120), ("c", 1.48, 2.80, 30))
"""1 / 1.50 over 1 / 1.50 + 1 / 2.75 is 64.7 % for home, by the middle method 65.2."""


@pytest.fixture
def arena():
    """Kalshi's books at 60 for home, Polymarket's at 36 for away, which is 64."""
    made = Arena().list_kalshi().list_polymarket()
    return made.book(HOME, 60, 61).book(AWAY, 39, 40).book(PM, 36, 37)


def rows(arena, said=SAID, seconds=1.0):
    """The pairs by name, after the books were heard and a second has passed."""
    if said is not None:
        arena.send(OddsSeen(arena.now, "x", said))
    arena.at(arena.t + seconds)
    return {row.name: row for row in view(arena.engine, arena.watch).spreads.pairs}


def test_the_chance_is_of_the_first_markets_side(arena):
    found = rows(arena)
    home, away = found[TURNED].books, found[SAME].books
    assert (found[TURNED].polarity, found[SAME].polarity) == (-1, 1)
    assert 0.63 < home.low < home.mid < home.high < 0.67
    assert home.mid == pytest.approx(0.652, abs=0.001)
    assert (away.low, away.mid, away.high) == pytest.approx((1 - home.high, 1 - home.mid, 1 - home.low))
    assert (home.n, home.stale, home.age_ns) == (3, False, 121 * SECOND)


def test_the_cheaper_venue_by_what_the_maker_keeps(arena):
    found = rows(arena)
    home, away = found[TURNED].books, found[SAME].books
    # home's YES is bought at 60; Kalshi's maker pays 1.75 % of .60 x .40
    assert (home.market, home.side, home.price) == (HOME, BID, 6_000)
    assert home.edge == pytest.approx(home.mid - 0.60 - 0.0042)
    assert home.edge_low == pytest.approx(home.edge - (home.mid - home.low))
    # the same bet in the market on away is to sell that at 40
    assert (away.market, away.side, away.price) == (AWAY, ASK, 4_000)
    assert away.edge == pytest.approx(home.edge)


def test_the_other_venues_order_is_told_in_the_first_ones_terms(arena):
    arena.book(HOME, 66, 67).book(AWAY, 33, 34).book(PM, 42, 43)  # away is sold at 43: home is bought at 57
    found = rows(arena)
    home, away = found[TURNED].books, found[SAME].books
    assert (home.market, home.side, home.price) == (PM, BID, 5_700)
    assert (away.market, away.side, away.price) == (PM, ASK, 4_300)
    assert home.edge == pytest.approx(home.mid - 0.57)  # its makers pay nothing
    assert away.edge == pytest.approx(home.edge)


def test_nobody_is_cheaper_where_all_are_dearer(arena):
    arena.send(BookSnapshot(T0, 0, HOME, ((6_700, 500 * QTY),), ()))
    arena.send(BookSnapshot(T0, 0, PM, (), ((3_400, 500 * QTY),)))
    books = rows(arena)[TURNED].books
    assert (books.market, books.price) == (PM, 6_700)  # a tick better than the best, in a spread that wide
    assert books.edge == pytest.approx(books.mid - 0.67)
    assert books.edge < 0


def test_old_lines_are_shown_as_old_and_compared_with_nothing(arena):
    arena.at(1)
    said = odds(("a", 1.50, 2.75, 0), ("b", 1.50, 2.75, 700), ("c", 1.50, 2.75, 900))
    books = rows(arena, said, 0)[TURNED].books
    assert (books.stale, books.n, books.age_ns) == (True, 3, 901 * SECOND)
    assert (books.market, books.edge) == ("", None)
    assert books.mid == pytest.approx(0.652, abs=0.001)


def test_nothing_is_compared_with_quotes_the_row_does_not_go_by(arena):
    row = rows(arena)[TURNED]
    assert row.books.edge is not None
    arena.at(30)
    row = rows(arena, None)[TURNED]
    assert row.stale
    assert (row.books.edge, row.books.stale) == (None, False)


@pytest.mark.parametrize(
    "said",
    [
        None,
        odds(("a", 1.5, 2.75, 0), ("b", 1.5, 2.75, 0)),
        msgspec.structs.replace(SAID, start_ns=TIP + 86_400 * SECOND),
        msgspec.structs.replace(SAID, home="OKC", away="SAS"),
    ],
    ids=["none", "too few", "another day", "sides turned"],
)
def test_nothing_where_no_books_are_known(arena, said):
    assert [row.books for row in rows(arena, said).values()] == [None, None]


def test_nothing_where_two_games_are_on_one_fixture(arena):
    arena.send(OddsSeen(arena.now, "x", msgspec.structs.replace(SAID, id="h")))
    assert rows(arena)[TURNED].books is None
