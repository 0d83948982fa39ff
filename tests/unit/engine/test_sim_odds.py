"""The simulator against probabilities that are known in closed form (queue of 9 units, ours behind them)."""

from collections.abc import Callable

import pytest
from numpy.random import Generator, default_rng

from cockpit.domain.book import Book
from cockpit.domain.events import BookDelta, Trade
from cockpit.domain.units import ASK, BID, QTY, SECOND
from cockpit.engine.queue import FIFO, Own
from cockpit.engine.sim import Rest, Simulator

T0 = 1_700_000_000 * SECOND


def waits(rng: Generator, theta: float, until: float) -> Callable[[], float]:
    """One path: 9 units ahead, prints of one unit at 0.5 a second, each unit ahead leaving at ``theta``."""
    simulator = Simulator()

    def path() -> float:
        rest, book = Rest(), Book()
        book.replace([(4000, 9 * QTY)], [(4200, QTY)])
        own = Own(id="a-1", lane="a", market="M", side=BID, price=4000, qty=QTY, rule=FIFO, sent_ns=0)
        simulator.arrive(rest, book, own, T0)
        t, ahead = 0.0, 9
        while t < until:
            t += rng.exponential(1 / (0.5 + theta * ahead))
            ts = T0 + int(t * SECOND)
            leaves = rng.random() < theta * ahead / (0.5 + theta * ahead)
            if ahead:
                told = BookDelta(ts, ts, "M", BID, 4000, -QTY)
                simulator.delta(rest, book, told, book.apply(BID, 4000, -QTY))
                ahead -= 1
            if not leaves:
                simulator.trade(rest, book, Trade(ts, ts, "M", 4000, QTY, ASK), doubt=False)
            if any(filled.fill.rule == FIFO for filled in simulator.take()):
                return t
        return until

    return path


@pytest.mark.parametrize(
    ("theta", "known"),
    [(0.0, {20: 0.542070, 30: 0.930146}), (0.05, {20: 0.882647})],
    ids=["prints", "cancels"],
)
def test_the_share_filled_in_time_is_the_one_in_the_books(theta: float, known: dict[int, float]) -> None:
    """Erlang without cancels, hypo-exponential with them; within four standard errors."""
    paths = 4_000
    path = waits(default_rng(11), theta, max(known) + 0.001)
    times = [path() for _ in range(paths)]
    for t, probability in known.items():
        share = sum(time <= t for time in times) / paths
        assert abs(share - probability) < 4 * (probability * (1 - probability) / paths) ** 0.5
