"""Who takes back what a score has made wrong."""

import numpy as np

from cockpit.domain.units import ASK, BID, QTY, SECOND
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.games import kalshi
from cockpit.rehearsal.games.floors import GameFloor
from cockpit.rehearsal.games.nerves import Nerves

from .playing import TIP, play  # noqa: TID252  the tests are no package


def floor():
    game = play()
    return GameFloor(kalshi.market(game.tie, game.tie.home), game, 0, home=True)


def test_orders_through_the_value_are_taken_back_and_others_stay() -> None:
    pit = floor()
    fair = pit.fair(TIP) * 10_000
    good, wrong = int(fair // 100) * 100, int(fair // 100 + 3) * 100
    for price in (good, wrong, wrong):
        pit.exchange.submit(TIP, BID, price, QTY)
    agent = Nerves(pit, Draws(np.random.default_rng(1)), 2.0)
    following = agent.act(TIP)
    assert pit.exchange.levels(BID) == [(good, QTY)]
    assert TIP < following < TIP + 60 * SECOND
    pit.exchange.submit(TIP, ASK, good + 100, QTY)
    agent.act(TIP + SECOND)
    assert pit.exchange.levels(ASK) == [(good + 100, QTY)]


def test_nobody_looks_any_more_when_it_is_over() -> None:
    pit = floor()
    pit.exchange.close(TIP)
    assert Nerves(pit, Draws(np.random.default_rng(1)), 2.0).act(TIP) is None
