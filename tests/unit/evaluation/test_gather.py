"""Results by event and cluster, taken down before the engine lets go of them."""

import asyncio

import msgspec
import pytest

from cockpit.engine.engine import Engine, restore
from cockpit.engine.views.lab import outcomes_of
from cockpit.evaluation.families import OTHER
from cockpit.evaluation.gather import Gathering
from cockpit.evaluation.trials import LANE, engine, session_digest, trial
from cockpit.runtime import replay
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import run
from cockpit.settings.tree import Settings


def gathered(path, name="probe"):
    file = SessionFile(path)
    made = engine(file, trial(path, session_digest(path), name, Settings().public()))
    found = Gathering(made)
    asyncio.run(run(replay.session(file, made, None, listeners=(found.take,)), replay.batches(file)))
    return made, found


def test_the_outcomes_are_the_labs(settled):
    made, found = gathered(settled())
    lane = made.state.lanes[LANE]
    (result,) = found.by_cluster(LANE).values()
    assert [result.outcome] == outcomes_of(made, lane)
    assert (result.family, result.cluster) == (OTHER, "KXTEST-26DEC0112")
    assert result.outcome.realised > 0
    assert found.open(lane) == {}
    assert found.by_cluster("desk") == {}


def test_who_begins_later_finds_what_has_settled(settled):
    made, found = gathered(settled())
    again = Gathering(Engine(made.config, restore(made.opening())))
    assert again.by_cluster(LANE).keys() == found.by_cluster(LANE).keys()
    assert (
        again.by_cluster(LANE)["KXTEST-26DEC0112"].outcome
        == found.by_cluster(LANE)["KXTEST-26DEC0112"].outcome
    )


def test_events_of_one_cluster_are_added_up(settled):
    _, found = gathered(settled())
    (key,) = found.results
    one = found.results[key]
    found.results[LANE, "another venue's event"] = msgspec.structs.replace(one, settled_ns=one.settled_ns + 5)
    (both,) = found.by_cluster(LANE).values()
    assert both.settled_ns == one.settled_ns + 5
    assert both.outcome.realised == 2 * one.outcome.realised
    assert both.outcome.contracts == 2 * one.outcome.contracts
    assert both.outcome.paid == pytest.approx(one.outcome.paid)
