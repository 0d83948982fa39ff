"""The queue reading against a world whose every order is known: ghosts stand where own orders are put."""

import copy

import pytest

from cockpit.domain.units import MILLISECOND
from cockpit.rehearsal.profiles import QUEUE
from cockpit.rehearsal.stands.kalshi.book import Book, Own
from cockpit.rehearsal.stands.kalshi.reader import Delta, Print, Snapshot, fact
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames


@pytest.fixture(scope="module")
def world():
    made = World(11, 4.0, QUEUE)
    told = {}
    for arrival in frames(made):
        found = fact(arrival.payload) if arrival.source == "kalshi.ws" else None
        if isinstance(found, Snapshot | Delta | Print):
            told.setdefault(found.ticker, []).append((arrival.t, found))
    return made, told


def tell(book, found, until=None):
    match found:
        case Snapshot(_, bids, asks):
            book.replace(bids, asks)
        case Delta(_, side, price, qty, ts):
            book.change(side, price, qty, ts)
        case Print() if not found.block and (until is None or found.ts <= until):
            book.printed(found)


def outcomes(world):
    """(what the book gave, what the world gave) for each ghost that entered."""
    made, told = world
    for ticker, facts in told.items():
        probes = [p for p in made.probes if p.market == ticker and not p.ghost.refused and p.entered_recv]
        book, at = Book(), 0
        for probe in sorted(probes, key=lambda probe: probe.entered_recv):
            while at < len(facts) and facts[at][0] < probe.entered_recv:
                tell(book, facts[at][1])
                at += 1
            yield given(copy.deepcopy(book), probe, facts[at:]), probe.ghost.qty - probe.ghost.left


def given(book, probe, facts):
    ghost = probe.ghost
    own = Own("own", "", ghost.side, ghost.price, ghost.qty)
    book.rest(own)
    for t, found in facts:
        # a print of a trade before the end may arrive a little after it
        late = t >= probe.ended_recv
        if not own.left or t > probe.ended_recv + 50 * MILLISECOND:
            break
        if not late or isinstance(found, Print):
            tell(book, found, ghost.ended)
    return ghost.qty - own.left


def test_nearly_every_order_has_its_true_fate_and_none_is_filled_that_was_not(world):
    found = list(outcomes(world))
    assert len(found) > 300
    assert sum(mine > 0 for mine, _ in found) > 30
    assert sum(mine == truth for mine, truth in found) / len(found) > 0.95
    assert sum(mine > 0 and truth == 0 for mine, truth in found) / len(found) < 0.02
