"""One trial: a session replayed with one parameter set, the same each time and wherever it runs."""

import msgspec
import pytest

from cockpit.domain.errors import SettingsError
from cockpit.evaluation.trials import Row, run_trial, session_digest, trial
from cockpit.settings.tree import Settings

PUBLIC = Settings().public()


def row_of(path, name, settings=PUBLIC):
    return run_trial(trial(path, session_digest(path), name, settings))


def plain(row):
    return msgspec.structs.replace(row, seconds=0.0)


def test_what_a_trial_came_to(settled):
    row = row_of(settled(), "probe")
    assert (row.strategy, row.trial, row.parameters, row.failed) == ("probe", "probe", {}, "")
    assert row.orders > 0
    assert row.fills["cross"] is not None
    assert row.fills["cross"] > 0
    (cluster,) = row.events
    assert set(row.settled) == {cluster} == {"KXTEST-26DEC0112"}
    event = row.events[cluster]
    assert event.net == pytest.approx(row.net)
    assert event.net == pytest.approx(event.contracts * 0.6)
    assert row.net == row.by_rule["tail"] or row.net == row.by_rule["fifo"]
    assert row.open == {}


def test_a_loss_is_one(settled):
    row = row_of(settled(result="no"), "probe")
    assert row.net < 0
    assert row.flat < row.net


def test_the_same_again(settled):
    path = settled()
    assert plain(row_of(path, "probe")) == plain(row_of(path, "probe"))


def test_parameters_reach_the_lane(settled):
    path = settled()
    small, large = row_of(path, "probe[qty=5000000]"), row_of(path, "probe[qty=20000000]")
    contracts = [next(iter(row.events.values())).contracts for row in (small, large)]
    assert contracts[0] < contracts[1]
    assert small.parameters == {"qty": "5000000"}
    assert small.digest != large.digest


def test_a_cluster_that_settled_untraded_is_kept(settled):
    row = row_of(settled(), "V15")
    assert (row.events, row.net, row.orders) == ({}, 0.0, 0)
    assert list(row.settled) == ["KXTEST-26DEC0112"]


def test_what_has_not_settled_is_apart(wire, write):
    wire.market(0).snapshot(1, {"0.4000": "100.00", "0.3900": "50.00"}, {"0.5800": "80.00"})
    for i in range(40):
        wire.delta(400 * i + 100, "yes", "0.3900", "7.00").delta(400 * i + 200, "yes", "0.3900", "-7.00")
    wire.trade(16_500, "0.3900", "50.00", "no").delta(20_000, "yes", "0.3900", "1.00")
    row = row_of(write(wire.frames), "probe")
    assert (row.events, row.settled) == ({}, {})
    assert row.open == {"KXTEST-26DEC0112": pytest.approx(row.net)}


def test_the_key_names_everything_it_depends_on(settled):
    path, other = settled(), settled("two.jsonl.zst", result="no")
    digest = session_digest(path)
    keys = {
        trial(path, digest, "probe", PUBLIC).key,
        trial(path, session_digest(other), "probe", PUBLIC).key,
        trial(path, digest, "probe[qty=1]", PUBLIC).key,
        trial(path, digest, "probe", PUBLIC | {"beat_ms": 500}).key,
    }
    assert len(keys) == 4
    assert trial(other, digest, "probe", PUBLIC).key in keys, "where the file lies does not matter"
    assert trial(path, digest, "probe[qty=10000000]", PUBLIC).key in keys, "nor how a parameter set is said"


def test_rows_are_read_back(settled):
    row = row_of(settled(), "probe")
    assert msgspec.json.decode(msgspec.json.encode(row), type=Row) == row


def test_refusals(settled):
    with pytest.raises(SettingsError, match="V99"):
        trial(settled(), "", "V99", PUBLIC)
