"""Six lanes with tickets, and what a screen costs the engine; printed, not asserted. Run with ``pytest -s``.

The lanes run with ``COCKPIT_BENCH=full`` only, on recorded quarter hours too.
"""

import statistics
import time
from pathlib import Path

import pytest

from cockpit.domain.commands import PlaceManual
from cockpit.domain.events import BookSnapshot, IndexTick, MarketListed, Tick
from cockpit.domain.markets import CENT_GRID, Market, MarketStatus
from cockpit.domain.units import BID, MILLISECOND, QTY, SECOND, UNDERLYING
from cockpit.engine.engine import Engine
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from cockpit.runtime import replay
from cockpit.runtime.capture import Form, import_captures
from cockpit.runtime.header import make_header
from cockpit.runtime.reader import SessionFile
from cockpit.settings.tree import Settings, read

ROOT = Path(__file__).resolve().parents[2]
SESSIONS = ROOT.parent / "shared" / "data" / "sessions"
LANES = ("V10", "V11", "V12", "V14", "V15")
T0 = 1_796_327_400 * SECOND


def sessions(folder):
    """The demo, and recorded BTC quarter hours where they are beside this checkout."""
    yield ROOT / "examples" / "demo-seed22.jsonl.zst"
    for path in sorted(SESSIONS.glob("btc15m-*.xz"))[:2]:
        out = folder / path.name.replace(".ndjson.xz", ".jsonl.zst")
        import_captures([path], out, form=Form(), header=make_header(created=0, settings={}))
        yield out


@pytest.mark.full
def test_six_lanes(tmp_path):
    print()
    for path in sessions(tmp_path):
        rates = {}
        for names in ((), LANES):
            runs = []
            for _ in range(2):
                file = SessionFile(path)
                settings = Settings().with_lanes(names)
                settings = settings if names else settings.without_desk()
                made = replay.engine(file, settings)
                session = replay.session(file, made, None)
                runs.append(_rate(session, file))
            rates[len(names)] = statistics.median(runs)
        tickets = {name: lane.metrics.tickets for name, lane in made.state.lanes.items()}
        print(
            f"{path.name:<44} desk, mirror and five lanes {rates[5]:>9,.0f} frames/s"
            f"  {rates[5] / rates[0]:.2f} of no lane  tickets {tickets}"
        )


def _rate(session, file):
    seconds = replay.run_quietly(session, replay.batches(file), None)
    return session.frames / seconds


@pytest.mark.parametrize(("markets", "orders"), [(20, 0), (200, 0), (200, 40), (500, 200)])
def test_a_look(markets, orders):
    values = {"caps": {"order": 10_000, "market": 10_000, "event": 10_000, "total": 1_000_000}}
    engine = Engine(read(values, "bench").engine())
    watch = Watch(engine)
    tickers = []
    for i in range(markets):
        event, strike = f"KXBTCD-E{i // 40}", 83_000 + i % 40 * 50
        market = Market(
            f"{event}-T{strike}", "kalshi", event, "KXBTCD", status=MarketStatus.ACTIVE, grid=CENT_GRID,
            strike_type="greater", floor=strike * UNDERLYING, close_ns=T0 + (1_800 + i // 40 * 3_600) * SECOND,
        )  # fmt: skip
        engine.process(MarketListed(T0, market))
        tickers.append(market.ticker)
    for second in range(3):
        ts = T0 + second * SECOND
        engine.process(IndexTick(ts, ts, "BRTI", (84_000 + second) * UNDERLYING))
    now = T0 + 3 * SECOND
    engine.process(Tick(now))
    for ticker in tickers:
        fair = engine.state.markets[ticker].fair
        at = min(95, max(3, int((fair.mid if fair is not None else 0.5) * 100))) * 100
        bids, asks = ((at - 100, 50 * QTY), (at - 200, 50 * QTY)), ((at + 200, 50 * QTY),)
        engine.process(BookSnapshot(now, now, ticker, bids, asks))
    for i in range(orders):
        ticker = tickers[i % markets]
        engine.process(PlaceManual(now, ticker, BID, engine.state.markets[ticker].book.bid, 10 * QTY))
    engine.process(Tick(now + 500 * MILLISECOND))
    times = []
    for _ in range(20):
        started = time.perf_counter()
        view(engine, watch)
        times.append(time.perf_counter() - started)
    print(f"\na view of {markets} markets and {orders} orders: {statistics.median(times) * 1e3:.1f} ms")
