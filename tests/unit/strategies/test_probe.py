"""The probe: both sides, anew when the last have run out, and never where it makes no sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.markets import Market
from cockpit.domain.units import ASK, BID, QTY, SECOND
from cockpit.strategies.base import Mine, Place, Snap, Working
from cockpit.strategies.probe import Probe, ProbeMemory
from cockpit.strategies.versions import VERSIONS

NOTHING = Mine(0, ())
T = 1_700_000_000 * SECOND


def snap(ts: int = T, bid: int = 4000, ask: int = 4200, close_ns: int = 0) -> Snap:
    market = Market(ticker="KXTEST-1", venue="kalshi", close_ns=close_ns)
    return Snap(ts, market, bid, QTY, ask, QTY, 0, ts)


def test_it_joins_the_best_on_both_sides() -> None:
    memory, intents = Probe().decide(snap(), NOTHING, ProbeMemory())
    assert memory == ProbeMemory(T)
    assert [(i.side, i.price, i.qty, i.ttl_ns) for i in intents if isinstance(i, Place)] == [
        (BID, 4000, 10 * QTY, 5 * SECOND),
        (ASK, 4200, 10 * QTY, 5 * SECOND),
    ]


@pytest.mark.parametrize(("after", "quotes"), [(0, 0), (5 * SECOND - 1, 0), (5 * SECOND, 2), (9 * SECOND, 2)])
def test_it_quotes_again_when_the_last_have_run_out(after: int, quotes: int) -> None:
    memory, intents = Probe().decide(snap(T + after), NOTHING, ProbeMemory(T))
    assert len(intents) == quotes
    assert memory.quoted_ns == (T + after if quotes else T)


@pytest.mark.parametrize(
    ("bid", "ask"), [(EMPTY_BID, 4200), (4000, EMPTY_ASK), (EMPTY_BID, EMPTY_ASK), (4200, 4200), (4300, 4200)]
)
def test_it_needs_two_sides_that_do_not_cross(bid: int, ask: int) -> None:
    assert Probe().decide(snap(bid=bid, ask=ask), NOTHING, ProbeMemory()) == (ProbeMemory(), ())


@pytest.mark.parametrize(("left", "quotes"), [(1, 0), (5 * SECOND - 1, 0), (5 * SECOND, 2), (60 * SECOND, 2)])
def test_it_leaves_a_market_about_to_close_alone(left: int, quotes: int) -> None:
    memory, intents = Probe().decide(snap(close_ns=T + left), NOTHING, ProbeMemory())
    assert len(intents) == quotes
    assert (memory == ProbeMemory()) is (quotes == 0)


def test_time_left() -> None:
    assert [snap(close_ns=close).left_ns for close in (0, T + 7, T, T - 1)] == [0, 7, 0, 0]


@given(
    st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 20 * SECOND), st.integers(-9, 9), st.integers(0, 3)
)  # fmt: skip
def test_it_neither_crosses_nor_looks_at_what_it_holds(
    bid: int, ask: int, since: int, qty: int, working: int
) -> None:
    """Its quotes are pure in the snap and the memory, and are never both sides of one price."""
    mine = Mine(qty, tuple(Working(f"p-{i}", BID, 4000, QTY, T) for i in range(working)))
    probe, seen, memory = Probe(every_ns=SECOND), snap(T + since, bid, ask), ProbeMemory(T)
    answer = probe.decide(seen, mine, memory)
    assert answer == probe.decide(seen, NOTHING, memory)
    prices = {intent.side: intent.price for intent in answer[1] if isinstance(intent, Place)}
    assert not prices or prices[BID] < prices[ASK]


def test_it_is_a_version_by_name() -> None:
    assert VERSIONS["probe"] == Probe()
    assert VERSIONS["probe"].memory is ProbeMemory
