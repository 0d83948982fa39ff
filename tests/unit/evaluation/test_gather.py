"""Results by cluster and family are the engine's, and add up."""

import asyncio

import pytest

from cockpit.engine.engine import Engine, restore
from cockpit.evaluation.gather import Gathering
from cockpit.evaluation.trials import LANE, engine, session_digest, trial
from cockpit.models.match.families import OTHER
from cockpit.runtime import replay
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import run
from cockpit.settings.tree import Settings


@pytest.fixture
def gathered(settled):
    path = settled()
    file = SessionFile(path)
    made = engine(file, trial(path, session_digest(path), "probe", Settings().public()))
    found = Gathering(made)
    asyncio.run(run(replay.session(file, made, None), replay.batches(file)))
    return made, found


def test_a_settled_event_is_a_result(gathered):
    made, found = gathered
    lane = made.state.lanes[LANE]
    ((cluster, result),) = made.results.of(lane).items()
    assert (result.family, cluster) == (OTHER, "KXTEST-26DEC0112")
    assert result.realised > 0
    assert found.open(lane) == {}
    assert made.results.of(made.state.lanes["desk"]) == {}
    assert made.results.by_family(lane) == {OTHER: (result.net, result.fees, result.flat_fees)}


def test_who_begins_later_finds_what_has_settled(gathered):
    made, _ = gathered
    again = Engine(made.config, restore(made.opening()))
    lane = again.state.lanes[LANE]
    assert again.results.of(lane) == made.results.of(made.state.lanes[LANE])
