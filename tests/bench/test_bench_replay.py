"""Headless replay of a recorded window with the probe lane, beside its parts, in one run; printed, not asserted."""

import asyncio
import json
import statistics
import time
from decimal import Decimal
from pathlib import Path

import pytest

from cockpit.runtime import replay
from cockpit.runtime.capture import Form, import_captures
from cockpit.runtime.header import make_header
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import run
from cockpit.settings.tree import Settings

SESSIONS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "sessions"
WINDOW = SESSIONS / "gold15m-KXGOLD15M-26AUG102145-45.ndjson.xz"


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    if not WINDOW.exists():
        pytest.skip("the recorded data is not beside this checkout (shared/data)")
    out = tmp_path_factory.mktemp("bench") / "window.jsonl.zst"
    import_captures([WINDOW], out, form=Form(), header=make_header(created=0, settings={}))
    return out


def stdlib(path) -> int:
    """The plain way: json.loads, Decimal, two dicts, best by max and min."""
    bids, asks, n = {}, {}, 0
    for batch in SessionFile(path).blocks():
        for line in batch:
            n += 1
            message = json.loads(bytes(line.d))
            if message.get("type") == "orderbook_delta":
                body = message["msg"]
                levels, price = (bids, Decimal(body["price_dollars"]))
                if body["side"] == "no":
                    levels, price = asks, 1 - price
                size = levels.get(price, 0) + Decimal(body["delta_fp"])
                if size > 0:
                    levels[price] = size
                else:
                    levels.pop(price, None)
                max(bids, default=None), min(asks, default=None)
    return n


def seconds(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@pytest.mark.full
def test_headless_replay(window):
    def lanes(*names):
        file = SessionFile(window)
        session = replay.session(file, replay.engine(file, Settings().with_lanes(names)), None)
        return asyncio.run(run(session, replay.batches(file)))

    frames = sum(len(batch) for batch in SessionFile(window).blocks())
    rows = {
        "read and decode the envelope": lambda: sum(len(b) for b in SessionFile(window).blocks()),
        "and the feed's events": lambda: sum(1 for _ in replay.events(SessionFile(window))),
        "and the engine, no lane": lanes,
        "and the probe lane": lambda: lanes("probe"),
        "json.loads, Decimal and dicts": lambda: stdlib(window),
    }
    times = {name: [] for name in rows}
    for _ in range(3):
        for name, work in rows.items():
            times[name].append(seconds(work))
    plain = statistics.median(times["json.loads, Decimal and dicts"])
    print()
    for name, took in times.items():
        middle = statistics.median(took)
        print(
            f"{name:<32}{frames / middle:>12,.0f} frames/s  {plain / middle:5.1f}x the standard library's way"
        )
