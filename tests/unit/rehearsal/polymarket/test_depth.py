"""A book as the venue shows it."""

from cockpit.domain.units import ASK, BID, PRICE
from cockpit.rehearsal.polymarket.depth import CENT, TENTH, Depth


def test_levels_are_put_and_taken_away():
    depth = Depth(CENT)
    assert (depth.empty, depth.bid, depth.ask) == (True, 0, PRICE)
    for price in (4_000, 4_200, 4_100):
        depth.put(BID, price, 500)
    depth.put(ASK, 4_500, 70)
    assert depth.levels(BID) == [(4_000, 500), (4_100, 500), (4_200, 500)]
    assert (depth.bid, depth.ask, depth.mid) == (4_200, 4_500, 4_350)
    depth.put(BID, 4_200, 0)
    depth.put(BID, 3_000, 0)
    assert (depth.bid, depth.size(BID, 4_200), depth.size(BID, 4_100)) == (4_100, 0, 500)


def test_the_best_level_comes_last_on_both_sides():
    depth = Depth(CENT)
    depth.replace([(4_000, 1), (4_100, 2)], [(4_500, 3), (4_600, 4)])
    assert depth.levels(BID)[-1] == (depth.bid, 2)
    assert depth.levels(ASK)[-1] == (depth.ask, 3)
    depth.clear()
    assert depth.empty


def test_a_cent_is_too_coarse_near_an_end():
    depth = Depth(CENT)
    depth.put(ASK, 500, 1)
    assert depth.edgy
    depth.step(TENTH)
    assert (depth.tick, depth.edgy) == (TENTH, False)
    assert depth.levels(ASK) == [(500, 1)]
