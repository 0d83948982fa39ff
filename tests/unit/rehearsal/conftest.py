"""Small rehearsed worlds, walked once per message order and shared by all tests here."""

from functools import cache
from typing import NamedTuple

import msgspec
import pytest

from cockpit.domain.units import UNDERLYING
from cockpit.rehearsal.agents import Crowding
from cockpit.rehearsal.courier import Arrival, PairOrder
from cockpit.rehearsal.listing import Ladder
from cockpit.rehearsal.profiles import BTC, CRYPTO, MAKERS
from cockpit.rehearsal.twins import Doubled, Twins
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames

SMALL = msgspec.structs.replace(
    CRYPTO,
    name="small",
    assets=(BTC,),
    crowding=Crowding(rate=6.0),
    ladders=(Ladder("BTC", 100 * UNDERLYING, above=1, between=1, updown=True),),
    probes=120,
    probe_life_s=15.0,
)

TWINNED = msgspec.structs.replace(
    SMALL,
    name="twinned",
    probes=20,
    ladders=(Ladder("BTC", 50 * UNDERLYING, above=3, updown=True),),
    twins=Twins(
        doubled=(Doubled("BTC", 50 * UNDERLYING, above=3),),
        makers=MAKERS[:2],
        crowding=Crowding(rate=2.0, crowd=20),
        hawk_pace_s=3.0,
    ),
)


class Walked(NamedTuple):
    """A world whose frames have all come, and the frames."""

    world: World
    arrivals: list[Arrival]


@cache
def walk(order: PairOrder) -> Walked:
    """Three minutes of the small world."""
    world = World(5, 3.0, SMALL)
    return Walked(world, list(frames(world, order)))


@pytest.fixture(params=list(PairOrder))
def walked(request: pytest.FixtureRequest) -> Walked:
    """The small world in each message order."""
    return walk(request.param)


@pytest.fixture
def mixed() -> Walked:
    """The small world in mixed order."""
    return walk(PairOrder.MIXED)


@pytest.fixture
def walks() -> dict[PairOrder, Walked]:
    """The small world in every order."""
    return {order: walk(order) for order in PairOrder}


@cache
def _twinned() -> Walked:
    world = World(9, 3.0, TWINNED)
    return Walked(world, list(frames(world)))


@pytest.fixture
def twinned() -> Walked:
    """Three minutes of a small world with twins, in mixed order."""
    return _twinned()
