"""Spreads with sportsbooks: a third price where there is room for it, and a line under the table."""

import pytest
from app_sample import change
from pair_sample import DETAIL, PAIRED, PAIRS, SPREADS

from cockpit.app.panes import spreads_books
from cockpit.domain.pairs import PairBooks
from cockpit.domain.units import ASK, BID, SECOND

PANE = "2"
BOOKS = PairBooks(0.628, 0.634, 0.64, 7, 120 * SECOND, market="K-changed", side=BID, price=6_100, edge=0.021, edge_low=0.015)  # fmt: skip
OLD = PairBooks(0.4, 0.412, 0.42, 4, 720 * SECOND, stale=True)
GAME = change(next(pair for pair in PAIRS if pair.name == "changed"), books=BOOKS)


def told(books, other=None):
    """The sample with these books on its game, and others on a second."""
    pairs = tuple(
        change(pair, books=books if pair.name == "changed" else other if pair.name == "works" else None)
        for pair in PAIRS
    )
    game = change(GAME, books=books)
    return change(PAIRED, spreads=change(SPREADS, pairs=pairs), pair=change(DETAIL, pair=game))


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=str)
async def test_the_pane(run, snapshot, size):
    async with run(told(BOOKS, OLD), size=size) as desk:
        await desk.press(PANE, "down", "down", "down", "w")
        text = desk.text()
    snapshot(f"spreads-books-{size[0]}x{size[1]}", text)
    assert all(len(row) <= size[0] for row in text.splitlines())
    assert "Books 63.4 (62.8-64.0) 7 books 2m old: K 61 bid is 2.1 below" in text


async def test_without_books_the_table_is_as_it_was(run, snapshot):
    async with run(told(None), size=(140, 40)) as desk:
        await desk.press(PANE)
        snapshot("spreads-140x40", desk.text())


@pytest.mark.parametrize(
    ("books", "words", "role"),
    [
        (BOOKS, "7 books 2m old: K 61 bid is 2.1 below", "good"),
        (change(BOOKS, edge_low=-0.001), "7 books 2m old: K 61 bid is 2.1 below", "text"),
        (change(BOOKS, market="0xchanged", side=ASK, price=6_650), "2m old: P 66.5 ask is 2.1 above", "good"),
        (change(BOOKS, edge=0.0004, edge_low=-0.01), "2m old: nobody is cheaper after fees", "text"),
        (change(BOOKS, edge=-0.02, edge_low=-0.03), "2m old: nobody is cheaper after fees", "text"),
        (change(BOOKS, edge=None, edge_low=None), "7 books 2m old", "text"),
        (OLD, "4 books 12m old: too old to compare", "dim"),
    ],
)
def test_the_line(books, words, role):
    (((line, shown),),) = spreads_books.lines(change(GAME, books=books), 80)
    assert line.endswith(words)
    assert shown == role


@pytest.mark.parametrize(
    ("books", "cell"), [(BOOKS, ("63.4", "band")), (OLD, ("41.2 12m", "dim")), (None, ("", "dim"))]
)
def test_the_cell(books, cell):
    assert spreads_books.cell(books) == cell
    assert bool(spreads_books.lines(change(GAME, books=books), 80)) == (books is not None)
