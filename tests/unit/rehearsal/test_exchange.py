"""The matching engine: price-time priority by example, and its bookkeeping by property."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.markets import PriceBand
from cockpit.domain.units import ASK, BID, QTY
from cockpit.rehearsal.exchange import Cause, Change, Exchange, Print

C = QTY
LOT = QTY // 100


def exchange() -> Exchange:
    """Bids 40 x 100 and 39 x 50, asks 42 x 80 and 43 x 60; cents x contracts."""
    market = Exchange("M")
    for side, price, qty in ((BID, 4000, 100), (BID, 3900, 50), (ASK, 4200, 80), (ASK, 4300, 60)):
        market.submit(0, side, price, qty * C)
    market.drain()
    return market


def test_an_order_takes_the_best_price_first_and_the_oldest_order_first() -> None:
    market = exchange()
    late = market.submit(1, BID, 4000, 30 * C)
    market.drain()
    taker = market.submit(2, ASK, 3900, 140 * C)
    assert [(item.price, item.qty, item.maker) for item in market.drain() if isinstance(item, Print)] == [
        (4000, 100 * C, 1),
        (4000, 30 * C, late.id),
        (3900, 10 * C, 2),
    ]
    assert (taker.filled, taker.left, late.filled) == (140 * C, 0, 30 * C)
    assert market.levels(BID) == [(3900, 40 * C)]


def test_a_trade_is_a_change_and_its_print_and_the_rest_comes_last() -> None:
    market = exchange()
    taker = market.submit(5, BID, 4200, 90 * C)
    assert market.drain() == [
        Change(5, ASK, 4200, -80 * C, Cause.TRADE, 3),
        Print(5, 4200, 80 * C, BID, 3),
        Change(5, BID, 4200, 10 * C, Cause.ADD, taker.id),
    ]


def test_an_immediate_or_cancel_order_leaves_nothing_behind() -> None:
    market = exchange()
    order = market.submit(1, BID, 4200, 90 * C, ioc=True)
    assert (order.filled, order.left) == (80 * C, 0)
    assert market.best(BID) == 4000
    assert all(item.cause != Cause.ADD for item in market.drain() if isinstance(item, Change))


@pytest.mark.parametrize(("side", "price"), [(BID, 4200), (BID, 5000), (ASK, 4000), (ASK, 100)])
def test_a_post_only_order_that_would_trade_is_refused(side: int, price: int) -> None:
    market = exchange()
    order = market.submit(1, side, price, C, post_only=True)
    assert (order.refused, order.left, market.drain()) == ("post only cross", 0, [])


def test_a_reduced_order_keeps_its_place() -> None:
    market = exchange()
    market.submit(1, BID, 4000, 20 * C)
    assert market.reduce(2, 1, 60 * C)
    assert [(order.id, order.left) for order in market.orders(BID, 4000)] == [(1, 60 * C), (5, 20 * C)]
    market.drain()
    market.submit(3, ASK, 4000, 10 * C)
    assert market.drain()[0] == Change(3, BID, 4000, -10 * C, Cause.TRADE, 1)


def test_a_reduction_that_is_none_changes_nothing() -> None:
    market = exchange()
    assert not market.reduce(1, 1, 100 * C)
    assert not market.reduce(1, 99, C)
    assert market.drain() == []


def test_a_cancel_finds_only_what_rests() -> None:
    market = exchange()
    assert market.cancel(1, 3)
    assert not market.cancel(2, 3)
    assert market.best(ASK) == 4300
    assert market.drain() == [Change(1, ASK, 4200, -80 * C, Cause.CANCEL, 3)]


def test_a_closed_market_takes_and_gives_back_nothing() -> None:
    market = exchange()
    market.close(1)
    assert market.submit(2, BID, 4200, C).refused == "market inactive"
    assert not market.cancel(2, 1)
    assert market.displayed(BID, 4000) == 100 * C


@pytest.mark.parametrize(
    ("price", "qty"), [(4050, C), (0, C), (10_000, C), (4000, 0), (4000, LOT // 2), (4000, -C)]
)
def test_off_grid_and_off_lot_orders_are_errors(price: int, qty: int) -> None:
    with pytest.raises(ValueError, match=r"price|quantity"):
        Exchange("M").submit(0, BID, price, qty)


def test_the_grid_decides_what_a_tick_is() -> None:
    fine = Exchange("M", (PriceBand(0, 1000, 10), PriceBand(1000, 10_000, 100)))
    assert fine.submit(0, BID, 990, C).left == C
    with pytest.raises(ValueError, match="off the grid"):
        fine.submit(0, BID, 1010, C)


def test_time_cannot_run_back() -> None:
    market = exchange()
    market.cancel(5, 1)
    with pytest.raises(ValueError, match="runs back"):
        market.cancel(4, 2)


OPS = st.lists(
    st.tuples(
        st.sampled_from(["limit", "ioc", "post", "cancel", "reduce"]),
        st.sampled_from([BID, ASK]),
        st.integers(45, 52),
        st.integers(1, 30),
        st.integers(0, 60),
    ),
    max_size=60,
)


def play(market: Exchange, ts: int, op: tuple[str, int, int, int, int], ids: list[int]) -> int | None:
    """One operation; returns the new order's id. ``ids`` are what cancels and reductions choose from."""
    kind, side, cents, lots, target = op
    if kind in ("limit", "ioc", "post"):
        order = market.submit(ts, side, cents * 100, lots * LOT, ioc=kind == "ioc", post_only=kind == "post")
        return order.id
    if ids and kind == "cancel":
        market.cancel(ts, ids[target % len(ids)])
    elif ids:
        market.reduce(ts, ids[target % len(ids)], lots * LOT)
    return None


@given(OPS)
@settings(max_examples=150, deadline=None)
def test_the_tape_rebuilds_the_book_and_nothing_is_lost(ops: list[tuple[str, int, int, int, int]]) -> None:
    market = Exchange("M")
    sizes: Counter[tuple[int, int]] = Counter()
    ids: list[int] = []
    for ts, op in enumerate(ops):
        number = play(market, ts, op, ids)
        ids += [] if number is None else [number]
        for item in market.drain():
            if isinstance(item, Change):
                sizes[item.side, item.price] += item.qty
                assert sizes[item.side, item.price] >= 0
        for side in (BID, ASK):
            levels = market.levels(side)
            assert levels == sorted((p, q) for (s, p), q in sizes.items() if s == side and q)
            for price, qty in levels:
                orders = market.orders(side, price)
                assert qty == sum(order.left for order in orders)
                assert [order.id for order in orders] == sorted(order.id for order in orders)
        bid, ask = market.best(BID), market.best(ASK)
        assert bid is None or ask is None or bid < ask


@given(OPS)
@settings(max_examples=150, deadline=None)
def test_every_order_gets_what_it_sent_and_prints_match_decreases(
    ops: list[tuple[str, int, int, int, int]],
) -> None:
    market = Exchange("M")
    sent: dict[int, int] = {}
    gone: Counter[int] = Counter()
    filled: Counter[int] = Counter()
    ids: list[int] = []
    for ts, op in enumerate(ops):
        number = play(market, ts, op, ids)
        tape = market.drain()
        prints = [item for item in tape if isinstance(item, Print)]
        trades = [item for item in tape if isinstance(item, Change) and item.cause == Cause.TRADE]
        assert [(t.price, -t.qty, t.order) for t in trades] == [(p.price, p.qty, p.maker) for p in prints]
        for item in tape:
            if isinstance(item, Print):
                filled[item.maker] += item.qty
            elif item.cause in (Cause.CANCEL, Cause.AMEND):
                gone[item.order] -= item.qty
        if number is not None:
            ids.append(number)
            took = sum(item.qty for item in prints)
            rested = sum(item.qty for item in tape if isinstance(item, Change) and item.cause == Cause.ADD)
            assert took + rested <= op[3] * LOT
            assert op[0] != "limit" or took + rested == op[3] * LOT
            sent[number] = rested
    resting = {
        o.id: o.left for side in (BID, ASK) for p, _ in market.levels(side) for o in market.orders(side, p)
    }
    assert all(sent[i] == filled[i] + gone[i] + resting.get(i, 0) for i in sent)


def test_a_wiped_book_is_empty_and_trades_on() -> None:
    market = exchange()
    ghost = market.ghost(1, BID, 3900, 10 * C)
    market.clear(2)
    assert [(item.side, item.price, item.qty, item.cause) for item in market.drain()] == [
        (BID, 4000, -100 * C, Cause.CANCEL),
        (BID, 3900, -50 * C, Cause.CANCEL),
        (ASK, 4200, -80 * C, Cause.CANCEL),
        (ASK, 4300, -60 * C, Cause.CANCEL),
    ]
    assert (market.best(BID), market.best(ASK), market.ahead(ghost)) == (None, None, 0)
    assert market.submit(3, ASK, 3900, 5 * C).left == 5 * C
