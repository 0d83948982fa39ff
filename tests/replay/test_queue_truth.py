"""The simulator against known truth: ghost orders in a world whose exchange holds every order."""

import asyncio

import pytest

from cockpit.domain.units import PRICE, PRICE_DIGITS, QTY, decimal
from cockpit.evaluation.simulate import SIDES, Refusals, Wish, merged, results, script
from cockpit.rehearsal.courier import PairOrder
from cockpit.rehearsal.profiles import QUEUE
from cockpit.rehearsal.write import write_session
from cockpit.runtime import replay
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import run
from cockpit.settings.tree import Settings

WORDS = {1: "buy_yes", -1: "sell_yes"}


def wishes(probes):
    return [
        Wish(
            i,
            p["entered_recv"],
            p["market"],
            WORDS[p["side"]],
            p["side"],
            p["price"],
            p["qty"],
            p["ended_recv"],
        )
        for i, p in enumerate(probes, start=2)
    ]


@pytest.fixture(
    scope="module", params=[(order, 21) for order in PairOrder] + [(PairOrder.MIXED, 22)], ids=str
)
def told(request, tmp_path_factory):
    """(what the simulator says of each ghost, what is true of it)."""
    order, seed = request.param
    path = tmp_path_factory.mktemp("truth") / "world.jsonl.zst"
    world = write_session(path, seed, 4.0, profile=QUEUE, order=order)
    probes = world.truth()["probes"]
    asked = wishes(probes)
    file = SessionFile(path)
    engine = replay.engine_for_orders(file, Settings(), 0, len(asked))
    session = replay.session(file, engine, None)
    asyncio.run(run(session, merged(replay.batches(file), script(asked))))
    assert not session.faults
    said = results(session, asked, Refusals())["orders"]
    return list(zip(said, probes, strict=True))


def quantity(order, rule):
    return round(sum(fill["qty"] for fill in order["fills"][rule]), 6)


def true(probe):
    return sum(qty for _, qty, _ in probe["fills"]) / QTY


def exact(told, rule):
    return sum(abs(quantity(o, rule) - true(p)) < 0.01 for o, p in told) / len(told)


def volume(told, rule):
    return sum(quantity(o, rule) for o, _ in told) / sum(true(p) for _, p in told)


def test_enough_ghosts_were_filled(told):
    assert len(told) > 100
    assert sum(true(p) > 0 for _, p in told) > 30
    assert {cause for _, p in told for _, _, cause in p["fills"]} >= {"queue", "through"}


def test_the_queue_at_entry_is_true(told):
    for order, probe in told:
        assert order["queue_at_entry"] == probe["ahead"] / QTY
        assert order["price"] == float(decimal(probe["price"], PRICE_DIGITS))
        assert SIDES[order["side"]][0] == probe["side"]


def test_fifo_is_the_truth(told):
    assert exact(told, "fifo") > 0.98
    assert 0.98 < volume(told, "fifo") < 1.02


def test_the_other_rules_stand_where_they_should(told):
    assert volume(told, "cross") < volume(told, "tail") <= volume(told, "fifo") < volume(told, "touch")
    assert exact(told, "cross") < exact(told, "tail") < exact(told, "fifo")
    for order, _ in told:
        amounts = [quantity(order, rule) for rule in ("cross", "tail", "fifo", "touch")]
        assert amounts == sorted(amounts)
        assert all(fill["price"] * PRICE == order["price"] * PRICE for fill in order["fills"]["touch"])
