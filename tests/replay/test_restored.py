"""An engine that is written down and read back at any input goes on as one that never stopped."""

import random
from itertools import islice
from pathlib import Path

from cockpit.engine.engine import Engine, restore
from cockpit.runtime import replay
from cockpit.runtime.reader import SessionFile
from cockpit.settings.tree import Settings
from cockpit.strategies.versions import VERSIONS

DEMO = Path(__file__).parents[2] / "examples" / "demo-seed22.jsonl.zst"
INPUTS = 6_000


def test_read_back_anywhere() -> None:
    file = SessionFile(DEMO)
    one = replay.engine(file, Settings().with_lanes(tuple(VERSIONS)))
    points = set(random.Random(1).sample(range(INPUTS), 40))
    other = one
    for i, event in enumerate(islice(replay.events(SessionFile(DEMO)), INPUTS)):
        if i in points:
            written = one.opening()
            assert other.opening() == written, f"before input {i}"
            other = Engine(one.config, restore(written))
        told = one.process(event)
        if other is not one:
            assert other.process(event) == told, f"input {i}, {event}"
    assert other.opening() == one.opening()
