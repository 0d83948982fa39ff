"""A lane whose version has other parameters: its own orders, and the same after a restart."""

import pytest

from cockpit.domain.errors import SettingsError
from cockpit.domain.units import QTY
from cockpit.engine.config import DESK, EngineConfig, LaneConfig
from cockpit.engine.engine import Engine, restore
from cockpit.runtime import replay
from cockpit.runtime.reader import SessionFile
from cockpit.strategies.probe import ProbeMemory

SMALL = "probe[qty=5000000]"


def config(*names):
    return EngineConfig(lanes=(LaneConfig(DESK), *(LaneConfig(name, name) for name in names)))


@pytest.fixture
def events(wire, write):
    wire.market(0).snapshot(1, {"0.4000": "100.00", "0.3900": "50.00"}, {"0.5800": "80.00"})
    for i in range(40):
        wire.delta(400 * i + 100, "yes", "0.3900", "7.00").delta(400 * i + 200, "yes", "0.3900", "-7.00")
    wire.trade(16_500, "0.3900", "50.00", "no")
    return list(replay.events(SessionFile(write(wire.frames))))


def test_two_parameter_sets_stand_beside_each_other(events):
    engine = Engine(config("probe", SMALL))
    for event in events:
        engine.process(event)
    own, small = (engine.state.lanes[name].metrics for name in ("probe", SMALL))
    assert own.accepted == small.accepted > 0
    assert own.accepted_qty == 10 * QTY * own.accepted
    assert small.accepted_qty == 5 * QTY * small.accepted


@pytest.mark.parametrize("cut", [3, 25, 60])
def test_a_restart_changes_nothing(events, cut):
    whole, first = Engine(config(SMALL)), Engine(config(SMALL))
    effects = [whole.process(event) for event in events]
    for event in events[:cut]:
        first.process(event)
    second = Engine(config(SMALL), restore(first.opening()))
    assert all(isinstance(memory, ProbeMemory) for memory in second.state.lanes[SMALL].memory.values())
    assert [second.process(event) for event in events[cut:]] == effects[cut:]
    assert second.opening() == whole.opening()


def test_a_version_that_is_none_is_refused_by_name():
    with pytest.raises(SettingsError, match="no parameter 'mood'"):
        Engine(config("probe[mood=1]"))
