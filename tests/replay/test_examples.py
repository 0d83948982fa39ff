"""The bundled sessions: whole, small, synthetic, exactly repeatable, and as the truth beside them says."""

import asyncio
import json
from pathlib import Path

import pytest

from cockpit.domain.events import BookDoubt, MarketSettled
from cockpit.domain.units import PRICE
from cockpit.evaluation.summary import summary
from cockpit.runtime import replay
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import run
from cockpit.settings.tree import Settings

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = ("btc-hour-seed7", "demo-seed22", "queue-truth-seed11")
GOLDEN = Path(__file__).with_name("golden.json")
"""What each replay came to when its behaviour was last meant to change: `python tests/replay/test_examples.py`."""


def replayed(name):
    file = SessionFile(EXAMPLES / f"{name}.jsonl.zst")
    session = replay.session(file, replay.engine(file, Settings().with_lanes(("probe",))), None)
    seconds = asyncio.run(run(session, replay.batches(file)))
    return file, session, summary(session, seconds)


def came_to(name):
    _, session, out = replayed(name)
    lane = out["lanes"]["probe"]
    return {
        "digest": session.digest,
        "frames": out["frames"],
        "orders": lane["orders"],
        "fills": lane["fills"],
    }


@pytest.mark.parametrize("name", NAMES)
def test_whole_small_and_synthetic(name):
    file, session, _ = replayed(name)
    assert (EXAMPLES / f"{name}.jsonl.zst").stat().st_size < 2_600_000
    assert "synthetic" in file.header.capabilities
    assert file.recovered is not None
    assert not file.recovered.reason
    assert not session.faults
    # a finer tick voids a Polymarket book until the next message tells it whole; nothing else is ever in doubt
    doubts = [event.reason for event in replay.events(file) if isinstance(event, BookDoubt)]
    assert set(doubts) <= {"tick size changed"}
    assert session.engine.state.doubts == len(doubts)


@pytest.mark.parametrize("name", NAMES)
def test_effects_are_golden(name):
    _, session, out = replayed(name)
    lane = out["lanes"]["probe"]
    made = {
        "digest": session.digest,
        "frames": out["frames"],
        "orders": lane["orders"],
        "fills": lane["fills"],
    }
    assert made == json.loads(GOLDEN.read_text())[name]


def test_markets_settle_as_the_truth_says():
    truth = json.loads((EXAMPLES / "queue-truth-seed11.truth.json").read_text())
    file = SessionFile(EXAMPLES / "queue-truth-seed11.jsonl.zst")
    values = {
        e.ticker: e.value for e in replay.events(file) if isinstance(e, MarketSettled) and e.value is not None
    }
    assert values == {ticker: PRICE if each["yes"] else 0 for ticker, each in truth["outcomes"].items()}


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps({name: came_to(name) for name in NAMES}, indent=2) + "\n")
