"""Who trades: each agent alone in a pit whose true value stands still."""

import numpy as np
import pytest

from cockpit.domain.units import ASK, BID, PRICE, QTY, SECOND, UNDERLYING
from cockpit.rehearsal.agents import (
    CANCEL,
    IMPROVE,
    JOIN,
    REDUCE,
    SWEEP,
    TAKE,
    Crowd,
    Crowding,
    Habits,
    Hawk,
    Quoter,
)
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.exchange import Cause, Change, Print
from cockpit.rehearsal.listing import Ladder, board
from cockpit.rehearsal.path import STEP_NS, Path
from cockpit.rehearsal.pit import Pit
from cockpit.rehearsal.profiles import BTC, CLOSE_NS

START = CLOSE_NS - 600 * SECOND
EVEN = Habits(half=150.0, error=0.0, size=100, pace=1.0)


@pytest.fixture
def pit() -> Pit:
    """A threshold at the money of a price that never moves: worth 50 cents all along."""
    steps = 700 * SECOND // STEP_NS
    price = 84_000.0
    flat = np.full(steps, np.log(price))
    path = Path(BTC, START, flat, np.full(steps, 0.4), np.zeros((2, steps)))
    (market,) = board(Ladder("BTC", UNDERLYING, above=1), 84_000 * UNDERLYING, 0, CLOSE_NS).markets
    return Pit(market, path, before=0)


def draws(seed: int = 1) -> Draws:
    return Draws(np.random.default_rng(seed))


def only(deed: int) -> Crowding:
    """A crowd that does one thing only."""
    weights = [0.0] * 6
    weights[deed] = 1.0
    return Crowding(rate=10.0, weights=(*weights,), informed=0.0)  # type: ignore[arg-type]


def act(agent: Quoter | Hawk | Crowd, times: int) -> list[Change | Print]:
    """Let an agent act; returns the tape."""
    now: int | None = START
    for _ in range(times):
        assert now is not None
        now = agent.act(now)
    return agent.pit.drain()


def test_a_quoter_shows_both_sides_around_the_value(pit: Pit) -> None:
    act(Quoter(pit, draws(), EVEN), 1)
    bid, ask = pit.exchange.best(BID), pit.exchange.best(ASK)
    assert (bid, ask) == (4800, 5200)
    assert pit.fair(START) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("left_s", "best"), [(600, 4800), (60, 4700), (10, 3900), (1, 3900)])
def test_a_quoter_widens_towards_the_close(pit: Pit, left_s: int, best: int) -> None:
    Quoter(pit, draws(), EVEN).act(CLOSE_NS - left_s * SECOND)
    assert abs((pit.exchange.best(BID) or 0) - best) <= 200


def test_a_quoter_keeps_its_place_while_nothing_moves(pit: Pit) -> None:
    tape = act(Quoter(pit, draws(), EVEN), 20)
    assert sum(isinstance(item, Change) and item.cause == Cause.ADD for item in tape) < 8
    assert all(isinstance(item, Change) for item in tape)


def test_a_quoter_moves_when_its_view_moves(pit: Pit) -> None:
    quoter = Quoter(pit, draws(), EVEN)
    act(quoter, 1)
    quoter._lean = 1000.0
    quoter.act(START + SECOND)
    assert pit.exchange.best(BID) == 5800
    assert pit.exchange.displayed(BID, 4800) == 0


def test_a_quoter_never_takes(pit: Pit) -> None:
    pit.exchange.submit(START, ASK, 4500, QTY)
    pit.drain()
    tape = act(Quoter(pit, draws(), EVEN), 5)
    assert not any(isinstance(item, Print) for item in tape)


def test_a_hawk_takes_a_stale_order_and_leaves_a_fair_one(pit: Pit) -> None:
    pit.exchange.submit(START, ASK, 4500, QTY)
    pit.exchange.submit(START, ASK, 5000, QTY)
    pit.exchange.submit(START, BID, 4400, QTY)
    pit.drain()
    tape = act(Hawk(pit, draws(), 120.0, 1.0), 8)
    prints = [item for item in tape if isinstance(item, Print)]
    assert {item.price for item in prints} == {4500}
    assert sum(item.qty for item in prints) == QTY
    assert {item.taker for item in prints} == {BID}
    assert pit.exchange.best(BID) == 4400


def test_a_hawk_sells_what_is_dear(pit: Pit) -> None:
    pit.exchange.submit(START, BID, 5500, QTY)
    pit.drain()
    assert any(
        isinstance(item, Print) and item.taker == ASK for item in act(Hawk(pit, draws(), 120.0, 1.0), 1)
    )


def test_the_first_of_a_crowd_finds_a_book(pit: Pit) -> None:
    act(Crowd(pit, draws(), only(CANCEL)), 1)
    for side in (BID, ASK):
        assert len(pit.exchange.levels(side)) >= 8
    assert pit.exchange.best(BID) < pit.exchange.best(ASK)


def test_joiners_rest_and_from_a_full_crowd_on_they_leave(pit: Pit) -> None:
    crowd = Crowd(pit, draws(), only(JOIN))
    tape = act(crowd, 200)
    assert all(isinstance(item, Change) for item in tape)
    assert any(isinstance(item, Change) and item.cause == Cause.CANCEL for item in tape)
    assert len(crowd._resting) <= only(JOIN).crowd


def test_improvers_narrow_the_spread(pit: Pit) -> None:
    crowd = Crowd(pit, draws(), only(IMPROVE))
    crowd._seed(START)
    before = (pit.exchange.best(ASK) or PRICE) - (pit.exchange.best(BID) or 0)
    act(crowd, 20)
    assert (pit.exchange.best(ASK) or PRICE) - (pit.exchange.best(BID) or 0) <= before
    assert before >= 200


def test_reducers_amend_down_and_nothing_else(pit: Pit) -> None:
    crowd = Crowd(pit, draws(), only(REDUCE))
    crowd._seed(START)
    pit.drain()
    crowd._seeded = True
    causes = {item.cause for item in act(crowd, 40) if isinstance(item, Change)}
    assert causes == {Cause.AMEND}


def test_takers_hit_the_best_price(pit: Pit) -> None:
    crowd = Crowd(pit, draws(), only(TAKE))
    crowd._seed(START)
    bid, ask = pit.exchange.best(BID), pit.exchange.best(ASK)
    pit.drain()
    first = next(item for item in act(crowd, 1) if isinstance(item, Print))
    assert first.price in (bid, ask)


def test_sweepers_go_through_levels_and_some_rest(pit: Pit) -> None:
    crowd = Crowd(pit, draws(3), only(SWEEP))
    now: int | None = START
    crowd._seed(START)
    pit.drain()
    through = rested = 0
    for _ in range(30):
        assert now is not None
        now = crowd.act(now)
        tape = pit.drain()
        through += len({item.price for item in tape if isinstance(item, Print)}) > 1
        rested += any(isinstance(item, Change) and item.cause == Cause.ADD for item in tape)
    assert through
    assert rested


def test_the_informed_wait_while_nothing_is_mispriced(pit: Pit) -> None:
    crowd = Crowd(pit, draws(), Crowding(rate=10.0, weights=(0, 0, 0, 0, 1.0, 0), informed=1.0))
    crowd._seed(START)
    pit.drain()
    assert act(crowd, 20) == []


@pytest.mark.parametrize("kind", ["quoter", "hawk", "crowd"])
def test_nobody_acts_in_a_closed_market(pit: Pit, kind: str) -> None:
    pit.exchange.close(START)
    agents = {
        "quoter": Quoter(pit, draws(), EVEN),
        "hawk": Hawk(pit, draws(), 1.0, 1.0),
        "crowd": Crowd(pit, draws(), only(JOIN)),
    }
    assert agents[kind].act(START) is None
