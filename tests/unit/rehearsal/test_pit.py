"""A pit: quotable prices, sizes people use, and the totals a ticker states."""

from collections import Counter

import numpy as np
import pytest

from cockpit.domain.markets import CENT_GRID
from cockpit.domain.units import ASK, BID, PRICE, QTY, SECOND, UNDERLYING
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.listing import TAPERED_GRID, Ladder, board
from cockpit.rehearsal.path import paths
from cockpit.rehearsal.pit import LOT, Pit, human_size, quotable
from cockpit.rehearsal.profiles import BTC, CLOSE_NS


@pytest.fixture
def pit() -> Pit:
    start = CLOSE_NS - 1200 * SECOND
    path = paths((BTC,), start, CLOSE_NS + SECOND, np.random.default_rng(8))["BTC"]
    (market,) = board(
        Ladder("BTC", UNDERLYING, above=1), round(path.at(start)) * UNDERLYING, 0, CLOSE_NS
    ).markets
    return Pit(market, path, before=7 * QTY)


def test_quotable_prices_are_the_grids() -> None:
    assert quotable(CENT_GRID) == tuple(range(100, PRICE, 100))
    fine = quotable(TAPERED_GRID)
    assert (fine[0], fine[-1], len(fine)) == (10, 9990, 100 + 79 + 100)


def test_a_quote_never_gives_up_value(pit: Pit) -> None:
    assert [pit.quote(side, 4250.0) for side in (BID, ASK)] == [4200, 4300]
    assert [pit.quote(side, 4200.0) for side in (BID, ASK)] == [4200, 4200]
    assert pit.quote(BID, 99.0) is None
    assert pit.quote(ASK, 9901.0) is None


def test_steps_stay_on_the_grid(pit: Pit) -> None:
    assert [pit.step(9900, ticks) for ticks in (-2, 0, 1)] == [9700, 9900, None]
    assert pit.step(100, -1) is None
    assert (pit.ticks(4000, 4300), pit.ticks(4300, 4000)) == (3, -3)


def test_the_top_is_the_exchanges_and_the_totals_go_on_from_before(pit: Pit) -> None:
    empty = pit.top()
    assert (empty.bid, empty.bid_qty, empty.ask, empty.ask_qty) == (0, 0, PRICE, 0)
    pit.exchange.submit(1, BID, 4000, 5 * QTY)
    pit.exchange.submit(1, ASK, 4000, 2 * QTY)
    assert len(pit.drain()) == 3
    top = pit.top()
    assert (top.bid, top.bid_qty, top.ask) == (4000, 3 * QTY, PRICE)
    assert (top.last, top.last_qty, top.volume) == (4000, 2 * QTY, 9 * QTY)
    assert top.traded - empty.traded == 4000 * 2 * QTY
    assert top.open_interest == 4 * QTY + QTY // 2


def test_a_pit_is_open_while_it_has_a_strike_and_trades(pit: Pit) -> None:
    assert pit.open
    pit.exchange.close(1)
    assert not pit.open


def test_sizes_are_mostly_but_not_always_irregular() -> None:
    draws = Draws(np.random.default_rng(1))
    sizes = [human_size(draws) for _ in range(5_000)]
    assert all(size > 0 and size % LOT == 0 for size in sizes)
    assert 0.3 < sum(size % QTY != 0 for size in sizes) / 5_000 < 0.5
    common = Counter(sizes).most_common(3)
    assert [size // QTY for size, _ in common if size in (10 * QTY, 100 * QTY)]
    assert 0.03 < common[0][1] / 5_000 < 0.2
