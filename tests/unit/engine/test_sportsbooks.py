"""Sportsbooks in the engine: joined by fixture, freed of their margins, beside the venues' prices; and the consensus."""

import msgspec
import pytest

from cockpit.domain.books import BookGame, BookPrice
from cockpit.domain.events import OddsBudget, OddsSeen
from cockpit.domain.units import SECOND
from cockpit.engine.views.view import view
from cockpit.models.consensus import consensus, lines, stale
from tests.unit.engine.played import AWAY, HOME, T0, TIP, Arena


def prices(book, home, away, *, at=T0, exchange=False):
    return [
        BookPrice(book, "h2h", team, round(odds * 10_000), updated_ns=at, exchange=exchange)
        for team, odds in (("SAS", home), ("OKC", away))
    ]


def game(*found, **more):
    fields = {"id": "g1", "league": "nba", "start_ns": TIP, "away": "OKC", "home": "SAS"} | more
    flat = tuple(price for book in found for price in book)
    return BookGame(prices=flat, titles=(("a", "Book A"),), **fields)


EVEN = [prices(name, 1.91, 1.91) for name in "abc"]


@pytest.fixture
def arena():
    return Arena().list_kalshi().book(HOME, 40, 42).book(AWAY, 58, 60)


def shown(arena):
    return view(arena.engine, arena.watch).books


def test_the_better_order_against_the_worst_of_the_books(arena):
    arena.send(OddsSeen(arena.now, "theoddsapi", game(*EVEN)))
    found = shown(arena).games[0]
    assert (found.n, found.mid) == (3, pytest.approx(0.5))
    assert (found.venue, found.team, found.price, found.market) == ("K", "SAS", 4_000, HOME)
    assert found.edge == pytest.approx(0.5 - 0.40 - 0.0042, abs=0.005)
    assert (found.bid, found.ask) == (4_000, 4_200)
    assert found.lines[0].book == "Book A"


def test_other_days_sides_and_leagues_join_nothing(arena):
    others = [{"start_ns": TIP + 86_400 * SECOND}, {"away": "SAS", "home": "OKC"}, {"league": "nfl"}]
    for n, more in enumerate(others):
        arena.send(OddsSeen(arena.now, "x", game(*EVEN, id=f"g{n}", **more)))
    assert [each.market for each in shown(arena).games] == ["", "", ""]


def test_stale_books_and_exchanges_do_not_count(arena):
    old = T0 - 700 * SECOND
    books = [*EVEN[:2], prices("c", 1.5, 2.9, at=old), prices("ex", 2.5, 1.6, exchange=True)]
    arena.send(OddsSeen(arena.now, "x", game(*books)))
    found = shown(arena).games[0]
    assert (found.n, found.mid, found.edge) == (0, None, None)
    assert {(each.book, each.stale, each.exchange) for each in found.lines} >= {
        ("c", True, False),
        ("ex", False, True),
    }


def test_once_a_game_is_on_lines_age_fast(arena):
    live = game(*EVEN, start_ns=T0 - 60 * SECOND)
    arena.send(OddsSeen(arena.now, "x", live))
    assert shown(arena).games[0].n == 3
    arena.at(70)
    assert shown(arena).games[0].n == 0


@pytest.mark.parametrize(
    ("updated", "heard", "old"),
    [(0, 0, False), (0, -61, True), (-61, 0, True), (-59, -59, False), (3_600, -61, True), (3_600, 0, False)],
)
def test_a_quote_is_as_old_as_the_older_of_its_stamps(updated, heard, old):
    """Seconds from now; a book that does not say when, and one whose clock is ahead, go by the answer."""
    (line,) = lines(game(prices("a", 1.91, 1.91, at=T0 + updated * SECOND if updated else 0)))
    assert stale(line, T0 + heard * SECOND, T0, TIP - 7_200 * SECOND) is old


def test_a_game_of_an_absurd_time_joins_nothing(arena):
    for n, start in enumerate((10**20, -(10**20), 2**63 - 1)):
        arena.send(OddsSeen(arena.now, "x", game(*EVEN, id=f"g{n}", start_ns=start)))
    assert [each.market for each in shown(arena).games] == ["", "", ""]


def test_a_budget_and_what_is_let_go(arena):
    arena.send(OddsSeen(arena.now, "x", game(*EVEN)))
    arena.send(OddsBudget(arena.now, "x", 480, 20))
    assert (shown(arena).left, shown(arena).used) == (480, 20)
    arena.t += 13 * 3600
    arena.at(arena.t + 61)
    assert shown(arena).games == ()


# ---------------------------------------------------------------------------------------------- the consensus


@pytest.mark.parametrize(
    "book",
    [
        [BookPrice("d", "h2h", "SAS", 19_000)],
        [*prices("d", 1.9, 1.9), BookPrice("d", "h2h", "Draw", 90_000)],
        prices("d", 1.0, 9.0),
        prices("d", 1.2, 1.2),
    ],
)
def test_what_is_no_line(book):
    assert [each.book for each in lines(game(*EVEN, book))] == ["a", "b", "c"]


def test_the_more_books_differ_the_wider_it_is():
    alike, apart = (
        consensus(lines(game(*[prices(str(i), odds, 1 / (1.04 - 1 / odds)) for i, odds in enumerate(each)])))
        for each in ((1.9, 1.9, 1.9), (1.8, 1.9, 2.0))
    )
    assert apart.high - apart.low > alike.high - alike.low
    assert apart.low < apart.mid < apart.high
    assert consensus(lines(game(*EVEN[:2]))) is None


def test_spreads_and_totals_are_no_winner():
    plain = [msgspec.structs.replace(each, market="spreads", point=-250) for book in EVEN for each in book]
    assert lines(game(plain)) == []
