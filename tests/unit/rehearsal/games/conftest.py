"""The games world, walked once: every frame in receive order."""

from functools import cache
from typing import NamedTuple

import pytest

from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.profiles import GAMES
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames


class Walked(NamedTuple):
    """A world whose frames have all come, and the frames."""

    world: World
    arrivals: list[Arrival]


@cache
def walk() -> Walked:
    """Nine minutes of games."""
    world = World(5, 9.0, GAMES)
    return Walked(world, list(frames(world)))


@pytest.fixture
def walked() -> Walked:
    """The games world."""
    return walk()
