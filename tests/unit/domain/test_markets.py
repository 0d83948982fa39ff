"""Grids: which prices an order may have, and how far the next one is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.markets import CENT_GRID, Market, PriceBand, on_grid, tick_above, tick_below
from cockpit.domain.units import PRICE, QTY

TAPERED = (PriceBand(0, 1000, 10), PriceBand(1000, 9000, 100), PriceBand(9000, PRICE, 10))
"""tapered_deci_cent: 0.001 below 0.10 and above 0.90, else 0.01."""
DECI = (PriceBand(0, PRICE, 10),)
OFFSET = (PriceBand(50, 9950, 100),)
"""A band whose steps are counted from its own start."""
GRIDS = st.sampled_from((CENT_GRID, TAPERED, DECI, OFFSET))


@pytest.mark.parametrize(
    ("grid", "price", "ok"),
    [
        (CENT_GRID, 100, True),
        (CENT_GRID, 9900, True),
        (CENT_GRID, 550, False),
        (CENT_GRID, 0, False),
        (CENT_GRID, PRICE, False),
        (CENT_GRID, -100, False),
        (CENT_GRID, PRICE + 100, False),
        (DECI, 550, True),
        (DECI, 555, False),
        (TAPERED, 990, True),
        (TAPERED, 1000, True),
        (TAPERED, 1010, False),
        (TAPERED, 8990, False),
        (TAPERED, 9000, True),
        (TAPERED, 9010, True),
        (OFFSET, 50, True),
        (OFFSET, 250, True),
        (OFFSET, 200, False),
        (OFFSET, 9951, False),
        ((), 5000, False),
    ],
)
def test_where_an_order_may_be_priced(grid: tuple[PriceBand, ...], price: int, ok: bool) -> None:
    assert on_grid(grid, price) is ok


@pytest.mark.parametrize(
    ("price", "below", "above"),
    [(500, 10, 10), (1000, 10, 100), (5000, 100, 100), (9000, 100, 10), (9990, 10, 10)],
)
def test_steps_at_a_shared_edge_belong_to_the_band_they_lead_into(price: int, below: int, above: int) -> None:
    assert tick_below(TAPERED, price) == below
    assert tick_above(TAPERED, price) == above


def test_outside_every_band_a_step_is_a_cent() -> None:
    assert tick_below(OFFSET, 10) == tick_above(OFFSET, 9990) == 100


@given(GRIDS, st.integers(1, PRICE - 1))
def test_the_next_price_is_on_the_grid_too(grid: tuple[PriceBand, ...], price: int) -> None:
    """From any price on a grid, one step up or down is on it, and nothing in between is."""
    if not on_grid(grid, price):
        return
    up, down = price + tick_above(grid, price), price - tick_below(grid, price)
    for neighbour, between in ((up, range(price + 1, up)), (down, range(down + 1, price))):
        if grid[0].start <= neighbour <= grid[-1].end and 0 < neighbour < PRICE:
            assert on_grid(grid, neighbour)
            assert not any(on_grid(grid, p) for p in between)


@given(GRIDS, st.integers(-100, PRICE + 100))
def test_a_symmetric_grid_reads_the_same_from_the_no_side(grid: tuple[PriceBand, ...], price: int) -> None:
    assert on_grid(grid, price) == on_grid(grid, PRICE - price)


def test_an_unlisted_market_trades_in_cents_and_hundredths() -> None:
    market = Market(ticker="KXANY-1", venue="kalshi")
    assert market.grid == CENT_GRID
    assert market.lot == QTY // 100
