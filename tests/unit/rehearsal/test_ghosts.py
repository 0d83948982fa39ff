"""The truth about orders that are in no book: worked scenarios, and a second exchange as judge.

A real market cannot print more than it displays, so scenarios with a print beyond the displayed size are staged with
the orders that make it possible: later orders at the price, or worse levels.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.units import ASK, BID, QTY
from cockpit.rehearsal.exchange import Exchange, Ghost

C = QTY
LOT = QTY // 100
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


def exchange() -> Exchange:
    """Bids 40 x 100 and 39 x 50, asks 42 x 80 and 43 x 60; cents x contracts."""
    market = Exchange("M")
    for side, price, qty in ((BID, 4000, 100), (BID, 3900, 50), (ASK, 4200, 80), (ASK, 4300, 60)):
        market.submit(0, side, price, qty * C)
    return market


def play(market: Exchange, ts: int, op: tuple[str, int, int, int, int], ids: list[int]) -> int | None:
    """One operation; returns the new order's id. ``ids`` are what cancels and reductions choose from."""
    kind, side, cents, lots, target = op
    if kind in ("limit", "ioc", "post"):
        flags = {"ioc": kind == "ioc", "post_only": kind == "post"}
        return market.submit(ts, side, cents * 100, lots * LOT, **flags).id
    if ids and kind == "cancel":
        market.cancel(ts, ids[target % len(ids)])
    elif ids:
        market.reduce(ts, ids[target % len(ids)], lots * LOT)
    return None


def fills(ghost: Ghost) -> list[tuple[int, int, str]]:
    """(time, contracts, cause) of every fill."""
    return [(fill.ts, fill.qty // C, fill.cause) for fill in ghost.fills]


def test_s1_a_sweep_consumes_the_queue_and_then_trades_through() -> None:
    market = exchange()
    ghost = market.ghost(1, BID, 4000, 10 * C)
    assert ghost.ahead == 100 * C
    market.submit(2, ASK, 4000, 60 * C)
    assert market.ahead(ghost) == 40 * C
    market.submit(3, ASK, 4000, 40 * C)
    assert (market.ahead(ghost), fills(ghost)) == (0, [])
    market.submit(4, ASK, 3900, 10 * C)
    assert fills(ghost) == [(4, 10, "through")]
    assert (ghost.left, ghost.ended) == (0, 4)


def test_s2_what_later_orders_received_is_a_partial_fill() -> None:
    market = exchange()
    ghost = market.ghost(1, BID, 4000, 10 * C)
    market.submit(2, BID, 4000, 30 * C)
    market.submit(3, ASK, 4000, 104 * C)
    market.submit(4, ASK, 4000, 20 * C)
    assert fills(ghost) == [(3, 4, "queue"), (4, 6, "queue")]


def test_s3_a_cancel_behind_moves_nothing_a_cancel_ahead_does() -> None:
    market = exchange()
    ghost = market.ghost(1, BID, 4000, 10 * C)
    behind = market.submit(2, BID, 4000, 50 * C)
    market.reduce(3, behind.id, 20 * C)
    assert market.ahead(ghost) == 100 * C
    market.submit(4, ASK, 4000, 90 * C)
    assert (market.ahead(ghost), fills(ghost)) == (10 * C, [])
    market.cancel(5, 1)
    assert market.ahead(ghost) == 0
    market.submit(6, ASK, 4000, 3 * C)
    assert fills(ghost) == [(6, 3, "queue")]


def test_s4_what_joined_before_it_arrived_is_ahead() -> None:
    market = exchange()
    market.submit(100, BID, 4000, 40 * C)
    market.submit(200, ASK, 4000, 30 * C)
    ghost = market.ghost(250, BID, 4000, 10 * C)
    assert ghost.ahead == 110 * C
    market.cancel(900, 1)
    market.cancel(950, 5)
    market.submit(1100, ASK, 3900, 25 * C)
    assert fills(ghost) == [(1100, 10, "through")]
    market.withdraw(1250, ghost)
    assert ghost.ended == 1100


def test_s5_a_ghost_that_would_trade_at_once_is_refused() -> None:
    market = exchange()
    market.submit(1, ASK, 4100, 30 * C)
    ghost = market.ghost(2, BID, 4100, 10 * C)
    assert (ghost.refused, ghost.left, ghost.ended) == ("post only cross", 0, 2)
    market.submit(3, ASK, 3900, 500 * C)
    assert ghost.fills == []


def test_s6_through_volume_is_what_was_printed_and_no_more() -> None:
    market = exchange()
    ghost = market.ghost(1, BID, 4000, 50 * C)
    market.cancel(2, 1)
    market.submit(3, ASK, 3900, 20 * C)
    assert (fills(ghost), ghost.left) == ([(3, 20, "through")], 30 * C)


def test_s7_after_the_orders_ahead_are_gone_the_rest_of_a_print_is_ours() -> None:
    market = exchange()
    market.reduce(1, 1, 30 * C)
    ghost = market.ghost(2, BID, 4000, 10 * C)
    market.submit(3, BID, 4000, 5 * C)
    market.submit(4, ASK, 4000, 35 * C)
    assert (fills(ghost), ghost.left) == ([(4, 5, "queue")], 5 * C)


def test_s8_two_of_a_lane_share_a_print_and_two_alone_do_not() -> None:
    market = exchange()
    first, second = (market.ghost(ts, BID, 4000, 10 * C, lane="desk") for ts in (1, 2))
    alone = market.ghost(3, BID, 4000, 10 * C)
    market.submit(4, BID, 4000, 15 * C)
    market.submit(5, ASK, 4000, 115 * C)
    assert [fills(ghost) for ghost in (first, second, alone)] == [
        [(5, 10, "queue")],
        [(5, 5, "queue")],
        [(5, 10, "queue")],
    ]


def test_a_lane_is_served_by_price_before_time() -> None:
    market = exchange()
    worse = market.ghost(1, BID, 3900, 10 * C, lane="desk")
    better = market.ghost(2, BID, 4100, 10 * C, lane="desk")
    market.submit(3, BID, 3900, 8 * C)
    market.submit(4, ASK, 3800, 158 * C, ioc=True)
    assert fills(better) == [(4, 10, "through")]
    assert fills(worse) == []
    market.submit(5, ASK, 3800, 5 * C)
    assert fills(worse) == [(5, 5, "quote")]


def test_what_the_first_of_a_lane_leaves_goes_to_the_next_in_the_order_it_came() -> None:
    market = exchange()
    first, second = (market.ghost(ts, BID, 4000, 7 * C, lane="desk") for ts in (1, 2))
    market.submit(3, BID, 4000, 5 * C)
    market.submit(4, ASK, 3900, 114 * C)
    assert fills(first) == [(4, 5, "queue"), (4, 2, "through")]
    assert fills(second) == [(4, 7, "through")]


def test_s10_a_buyer_of_no_is_an_ask() -> None:
    market = exchange()
    ghost = market.ghost(1, ASK, 4200, 10 * C)
    market.submit(2, BID, 4300, 85 * C)
    assert (fills(ghost), ghost.left) == ([(2, 5, "through")], 5 * C)


def test_s11_inside_the_spread_nobody_is_ahead() -> None:
    market = exchange()
    ghost = market.ghost(1, BID, 4100, 10 * C)
    assert ghost.ahead == 0
    market.submit(2, BID, 4100, 4 * C)
    market.submit(3, ASK, 4100, 4 * C)
    market.submit(4, ASK, 4000, 3 * C)
    assert fills(ghost) == [(3, 4, "queue"), (4, 3, "through")]
    assert ghost.left == 3 * C


def test_s12_takers_of_the_other_side_do_nothing() -> None:
    market = exchange()
    ghost = market.ghost(1, BID, 4000, 10 * C)
    market.submit(2, BID, 4200, 60 * C)
    assert (market.ahead(ghost), ghost.fills) == (100 * C, [])


def test_an_opposite_quote_that_rests_at_or_through_fills() -> None:
    market = exchange()
    ghost = market.ghost(1, BID, 4000, 10 * C)
    market.cancel(2, 1)
    market.submit(3, ASK, 4000, 4 * C)
    market.submit(4, ASK, 4000, 4 * C, post_only=True)
    assert fills(ghost) == [(3, 4, "quote"), (4, 4, "quote")]
    market.cancel(5, 2)
    market.submit(6, ASK, 3700, 40 * C)
    assert fills(ghost)[2:] == [(6, 2, "quote")]


def test_one_order_can_fill_in_all_three_ways() -> None:
    market = exchange()
    ghost = market.ghost(1, BID, 4000, 70 * C)
    market.submit(2, BID, 4000, 5 * C)
    market.submit(3, ASK, 3900, 162 * C)
    assert fills(ghost) == [(3, 5, "queue"), (3, 50, "through"), (3, 7, "quote")]


def test_a_killed_remainder_counts_for_nothing() -> None:
    market = exchange()
    ghost = market.ghost(1, BID, 4000, 10 * C)
    market.cancel(2, 1)
    market.cancel(3, 2)
    market.submit(4, ASK, 3900, 50 * C, ioc=True)
    assert ghost.fills == []


def test_a_withdrawn_ghost_and_one_of_a_closed_market_get_nothing_more() -> None:
    market = exchange()
    withdrawn, open_at_close = market.ghost(1, BID, 4000, 10 * C), market.ghost(1, BID, 4000, 10 * C)
    market.withdraw(2, withdrawn)
    market.submit(3, ASK, 3900, 120 * C)
    assert (withdrawn.ended, withdrawn.fills) == (2, [])
    assert fills(open_at_close) == [(3, 10, "through")]
    late = market.ghost(4, BID, 3900, C)
    market.close(5)
    assert (late.ended, late.left) == (5, C)
    assert market.ghost(6, BID, 3900, C).refused == "market inactive"


@pytest.mark.parametrize("lane", [None, "desk"])
@given(
    ops=OPS,
    at=st.integers(0, 40),
    side=st.sampled_from([BID, ASK]),
    cents=st.lists(st.integers(45, 52), min_size=1, max_size=2),
    lots=st.integers(1, 60),
)
@settings(max_examples=300, deadline=None)
def test_the_first_fill_is_that_of_a_real_order_in_the_same_place(
    ops: list[tuple[str, int, int, int, int]],
    at: int,
    side: int,
    cents: list[int],
    lots: int,
    lane: str | None,
) -> None:
    """Until it is filled, a real order changes nobody else's fate: two exchanges, one with it, must agree."""
    cents = cents[:1] if lane is None else cents
    ops = [("limit", *op[1:]) if op[0] in ("ioc", "post") else op for op in ops]
    without, with_it = Exchange("M"), Exchange("M")
    ids: list[int] = []
    for ts, op in enumerate(ops[:at]):
        ids += [number for number in [play(without, ts, op, ids)] if number is not None]
        play(with_it, ts, op, ids)
    ghosts = [without.ghost(at, side, cent * 100, lots * LOT, lane) for cent in cents]
    real = [with_it.submit(at, side, cent * 100, lots * LOT, post_only=True) for cent in cents]
    assert [bool(ghost.refused) for ghost in ghosts] == [bool(order.refused) for order in real]
    for ts, op in enumerate(ops[at:], start=at):
        ids += [number for number in [play(without, ts, op, ids)] if number is not None]
        play(with_it, ts, op, ids)
        got = [sum(fill.qty for fill in ghost.fills) for ghost in ghosts]
        assert got == [order.filled for order in real]
        if any(got):
            break


@given(ops=OPS, side=st.sampled_from([BID, ASK]), cents=st.integers(45, 52), lots=st.integers(1, 60))
@settings(max_examples=150, deadline=None)
def test_the_queue_only_shortens_and_fills_never_exceed_the_order(
    ops: list[tuple[str, int, int, int, int]], side: int, cents: int, lots: int
) -> None:
    market = Exchange("M")
    half = len(ops) // 2
    ids: list[int] = []
    for ts, op in enumerate(ops[:half]):
        ids += [number for number in [play(market, ts, op, ids)] if number is not None]
    ghost = market.ghost(half, side, cents * 100, lots * LOT)
    ahead = ghost.ahead
    for ts, op in enumerate(ops[half:], start=half):
        before = ghost.left
        ids += [number for number in [play(market, ts, op, ids)] if number is not None]
        assert 0 <= market.ahead(ghost) <= min(ahead, market.displayed(side, ghost.price))
        ahead = market.ahead(ghost)
        if ghost.left < before:
            assert ahead == 0
    if not ghost.refused:
        assert sum(fill.qty for fill in ghost.fills) == ghost.qty - ghost.left
