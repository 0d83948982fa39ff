"""What a hundred confirmed pairs cost the engine on a beat, half their books changing each time. Printed, not asserted."""

import time

import msgspec

from cockpit.domain.commands import ConfirmPair
from cockpit.domain.events import BookSnapshot, MarketListed, Tick
from cockpit.domain.units import MILLISECOND, QTY, SECOND
from cockpit.engine.engine import Engine
from tests.unit.engine.paired import KALSHI, POLY, T0, Two

PAIRS, BEATS, LEVELS = 100, 240, 20


def snapshot(t, market, middle):
    bids = tuple(((middle - 2 - k) * 100, 100 * QTY) for k in range(LEVELS))
    asks = tuple(((middle + 2 + k) * 100, 100 * QTY) for k in range(LEVELS))
    return BookSnapshot(t, t, market, bids, asks)


def seats():
    """Both venues' markets of as many seats."""
    for n in range(PAIRS):
        seat = f"{('TX', 'CA', 'FL')[n // 35]}-{n % 35 + 1:02d}"
        one, two = KALSHI.title.replace("TX-17", seat), POLY.title.replace("TX-17", seat)
        rules = KALSHI.rules.replace("TX-17", seat)
        ticker = f"KXHOUSERACE-{seat.replace('-', '')}-26-R"
        yield msgspec.structs.replace(KALSHI, ticker=ticker, event=ticker, title=one, rules=rules)
        yield msgspec.structs.replace(POLY, ticker=f"0x{n:04x}", event=f"e{n}", title=two, rules=rules)


def test_a_hundred_pairs_on_a_beat(capsys):
    engine, t = Engine(Two().config), T0
    names = []
    for market in seats():
        engine.process(MarketListed(t, market))
        engine.process(snapshot(t, market.ticker, 50))
        names.append(market.ticker)
    for pair in list(engine.pairs.found.values()):
        engine.process(ConfirmPair(t, pair.key, pair.rules_hash))
    spans = []
    for beat in range(BEATS):
        t += 250 * MILLISECOND
        for i, name in enumerate(names):
            if (i + beat) % 2:
                engine.process(snapshot(t - 1, name, 40 + (i * 7 + beat) % 21))
        began = time.perf_counter_ns()
        engine.process(Tick(t))
        spans.append((time.perf_counter_ns() - began) / MILLISECOND)
    spans.sort()
    assert len(engine.pairs.found) == PAIRS
    with capsys.disabled():
        print(
            f"\n{PAIRS} pairs, {LEVELS} levels: a beat {spans[BEATS // 2]:.1f} ms at the median, "
            f"{spans[BEATS * 99 // 100]:.1f} at p99; opening {len(engine.opening()) / 1e6:.2f} MB "
            f"after {BEATS * 250 * MILLISECOND // SECOND} s"
        )
