"""Recorded markets, headless, exactly: every frame read, every fill explained, every run the same."""

import asyncio
import os
import subprocess
import sys

import numpy as np
import pytest

from cockpit.domain.effects import OrderFilled
from cockpit.domain.errors import SessionError
from cockpit.domain.events import MarketSettled
from cockpit.evaluation.summary import summary
from cockpit.runtime import replay
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import Session, run
from cockpit.settings.tree import Settings

PROBE = Settings().with_lanes(("probe",))


def replayed(path, settings=PROBE, **options):
    """A finished run, its summary and its effects."""
    file = SessionFile(path)
    engine = replay.engine(file, settings)
    effects = []
    session = replay.session(file, engine, None, listeners=(effects.extend,), **options)
    seconds = asyncio.run(run(session, replay.batches(file)))
    return session, summary(session, seconds), effects


def check_books(session: Session) -> None:
    for m in session.engine.state.markets.values():
        book = m.book
        assert all(qty > 0 for side in (book.bids, book.asks) for qty in side.values())
        assert not book.crossed
        assert m.doubt == ""


def check_order(lane) -> None:
    for counts in (lane["fills"], lane["qty"]):
        assert counts["cross"] <= counts["tail"] <= counts["fifo"] <= counts["touch"]


def test_gold_windows(imported, gold):
    session, out, effects = replayed(imported(gold))
    assert not session.faults
    assert not session.engine.state.doubts
    check_books(session)
    lane = out["lanes"]["probe"]
    assert lane["orders"] > 50
    assert lane["fills"]["fifo"] > 0
    check_order(lane)
    fills = [e for e in effects if isinstance(e, OrderFilled)]
    assert {e.cause for e in fills} <= {"queue", "touch", "through", "quote"}
    assert all(e.qty > 0 and not e.gap for e in fills)
    assert lane["open"] == 0  # each window's market settled inside its recording
    assert out["markets"] == 1


def test_btc_sessions_say_what_they_cannot_show(imported, btc):
    session, out, _ = replayed(imported(btc))
    assert not session.faults
    assert not session.engine.state.doubts
    check_books(session)
    lane = out["lanes"]["probe"]
    assert out["no_trades"]
    assert lane["fills"]["cross"] > 0
    assert all(lane[what][rule] is None for what in ("fills", "qty") for rule in ("tail", "fifo", "touch"))


def test_positions_settle_where_the_market_did(imported, btc):
    """Two windows a recording; the later one has no result yet, and stays open."""
    path = imported(btc)
    settled = {e.ticker: e.value for e in replay.events(SessionFile(path)) if isinstance(e, MarketSettled)}
    session, _, _ = replayed(path)
    positions = session.engine.state.lanes["probe"].account.positions
    assert positions
    for market, held in positions.items():
        if market in settled:
            assert held.qty == 0
            assert held.value == settled[market]
        else:
            assert held.value == -1


SHORTEST = "gold15m-KXGOLD15M-26AUG101900-00.ndjson.xz"


def test_two_replays_are_one(imported):
    path = imported(SHORTEST)
    first, _, _ = replayed(path)
    second, _, _ = replayed(path)
    assert first.digest == second.digest
    command = [sys.executable, "-m", "cockpit", "replay", str(path), "--json", "--lanes", "probe"]
    for seed in ("1", "4242"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        answer = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
        assert f'"digest": "{first.digest}"' in answer.stdout


@pytest.fixture(scope="module")
def recording(imported, tmp_path_factory):
    """A recording of a replay of the shortest window."""
    file = SessionFile(imported(SHORTEST))
    out = tmp_path_factory.mktemp("again") / "again.jsonl.zst"
    engine = replay.engine(file, PROBE)
    recorder = replay.recorder(out, file, PROBE, engine)
    session = replay.session(file, engine, recorder)
    replay.run_quietly(session, replay.batches(file), recorder)
    return out, session.digest


def test_a_recording_of_a_replay_verifies(recording):
    path, digest = recording
    session, _, _ = replayed(path, verify=True)
    assert session.digests > 500
    assert session.digest == digest


def test_a_session_cut_anywhere_replays_its_whole_frames(recording, tmp_path):
    path, _ = recording
    whole = path.read_bytes()
    rng = np.random.default_rng(5)
    torn = tmp_path / "torn.jsonl.zst"
    index = SessionFile(path).index
    assert sum(block.lines for block in index) > 20_000
    for cut in sorted(int(c) for c in rng.integers(2_000, len(whole), 12)):
        torn.write_bytes(whole[:cut])
        session, _, _ = replayed(torn, verify=True)
        whole_lines = sum(b.lines for b in index if b.offset + b.size <= cut)
        assert session.frames + session.digests == whole_lines
        assert not session.breaks
    torn.write_bytes(whole[:40])
    with pytest.raises(SessionError, match=r"torn\.jsonl\.zst"):
        SessionFile(torn)
