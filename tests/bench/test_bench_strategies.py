"""What a decision costs: figures are printed, nothing is asserted of time. Run with ``pytest tests/bench -s``."""

import statistics
import time

import numpy as np
import pytest

from cockpit.domain.markets import Market
from cockpit.domain.units import BID, MILLISECOND, QTY, SECOND
from cockpit.models.fair import Fair, Outlook
from cockpit.strategies.base import Mine, Place, Snap, Working
from cockpit.strategies.versions import VERSIONS

T = 1_800_000_000 * SECOND
BEATS = 4_000
ROUNDS = 5
MARKET = Market("KXTEST-T1", "kalshi", strike_type="greater", close_ns=T + 7_200 * SECOND)
OUTLOOK = Outlook(0.0, 1.0)


@pytest.fixture(scope="module")
def snaps() -> list[Snap]:
    """One market, its mid a random walk in cents, with a fair value that strays from it and a move that turns."""
    rng = np.random.default_rng(11)
    found, bid = [], 4800
    for beat in range(BEATS):
        bid = min(9000, max(900, bid + 100 * int(rng.integers(-1, 2))))
        spread = 100 * int(rng.integers(1, 8))
        mid = min(0.97, max(0.03, (bid + spread / 2) / 10_000 + float(rng.normal(0, 0.05))))
        ts = T + beat * 250 * MILLISECOND
        found.append(
            Snap(
                ts,
                MARKET,
                bid,
                50 * QTY,
                bid + spread,
                60 * QTY,
                bid,
                ts,
                heard_ns=ts,
                fair=Fair(mid - 0.02, mid, mid + 0.02, 0.02, OUTLOOK),
                move=float(rng.normal(0, 0.002)),
                vol=0.5,
                nearest=True,
            )
        )
    return found


def spent(version: str, snaps: list[Snap], resting: bool) -> tuple[float, int]:
    """Microseconds a decision, and how many of them placed something."""
    strategy = VERSIONS[version]
    memory, placed = strategy.memory(), 0
    minds = [Mine(0, (Working("o", BID, s.bid, QTY, s.ts),) if resting else ()) for s in snaps]
    started = time.perf_counter()
    for snap, mine in zip(snaps, minds, strict=True):
        memory, intents = strategy.decide(snap, mine, memory)
        placed += any(type(intent) is Place for intent in intents)
    return (time.perf_counter() - started) / len(snaps) * 1e6, placed


@pytest.mark.parametrize("resting", [False, True], ids=["nothing rests", "a bid rests"])
def test_a_decision(snaps: list[Snap], resting: bool) -> None:
    print()
    for version in VERSIONS:
        runs = [spent(version, snaps, resting) for _ in range(ROUNDS)]
        placed = runs[0][1]
        took = statistics.median(each for each, _ in runs)
        assert all(count == placed for _, count in runs)
        print(f"{version:<6} {took:6.2f} us a decision   {placed / BEATS:6.1%} of them place an order")
