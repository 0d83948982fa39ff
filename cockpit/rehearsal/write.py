"""A rehearsal as frames or as a session file, and the truth that belongs to it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from cockpit.rehearsal.courier import Aloft, Arrival, Courier, PairOrder, Sports
from cockpit.rehearsal.games.scene import TAGS
from cockpit.rehearsal.post import Post
from cockpit.rehearsal.profiles import CRYPTO, Profile
from cockpit.rehearsal.speech.hall import TAGS as SPEECHES
from cockpit.rehearsal.world import World
from cockpit.runtime.header import make_header
from cockpit.runtime.recorder import Recorder

FRESH = b"null"
"""The opening of a session that starts from nothing."""


def frames(world: World, order: PairOrder = PairOrder.MIXED) -> Iterator[Arrival]:
    """Every frame of a world in receive order: (ns UTC, source, payload, URL of a REST answer or None).

    A world can be walked once. Its truth is complete when the last frame has come.
    """
    post = Post(world.twins, world.post_rng) if world.twins else None
    sports = None
    if world.scene is not None or world.hall is not None:
        floors, tokens = world.staged
        sports = Sports(floors, world.stage_rngs[0], Post(tokens, world.stage_rngs[1], (*TAGS, *SPEECHES)))
    aloft = Aloft(world.sky.floors, world.sky.wire_rng) if world.sky is not None else None
    return Courier(world.pits, world.wire_rng, order, post, sports, aloft).carry(world.happenings())


def write_session(
    path: Path,
    seed: int,
    minutes: float = 9.0,
    *,
    profile: Profile = CRYPTO,
    order: PairOrder = PairOrder.MIXED,
    overwrite: bool = False,
) -> World:
    """Write a session file. The same arguments give the same bytes.

    Args:
        path: NAME.jsonl.zst.
        seed: of everything in the world.
        minutes: recorded; the last 90 seconds of them come after the close.
        profile: what is listed and who trades.
        order: which message of a trade's pair comes first.
        overwrite: replace the file.

    Returns:
        The world, whose `World.truth` is complete.

    Raises:
        ValueError: for a length the profile does not allow.
        SessionError: when the file exists or cannot be written.
    """
    world = World(seed, minutes, profile)
    words = ("synthetic", f"world:{profile.name}", f"pairs:{order}")
    header = make_header(created=world.start, settings={}, seed=seed, capabilities=words)
    with Recorder(path, header, FRESH, overwrite=overwrite) as recorder:
        for n, arrival in enumerate(frames(world, order), start=1):
            status = None if arrival.url is None else 200
            recorder.write(n, arrival.t, arrival.source, arrival.payload, arrival.url, status)
    return world


def truth_text(world: World) -> bytes:
    """A world's truth as one JSON object, keys in a fixed order."""
    return msgspec.json.encode(world.truth(), order="deterministic") + b"\n"
