"""What later frames are read by, as it goes into a recording."""

import msgspec

from cockpit.domain.markets import EventGroup
from cockpit.feeds.polymarket.books import Held
from cockpit.feeds.polymarket.catalogue import Known
from cockpit.feeds.polymarket.tape import Memory as Prints
from cockpit.feeds.polymarket.waiting import Kept


class Memory(msgspec.Struct):
    """Markets told of or watched, their books, the newest prints, outages, and what waits to be told."""

    known: dict[str, Known]
    groups: dict[str, EventGroup]
    books: dict[str, Held]
    proven: int
    prints: Prints
    heard: dict[str, int]
    unread: list[tuple[str, str]]
    cut: list[str]
    tidied_ns: int
    waiting: dict[str, Kept] = {}


_DECODER = msgspec.json.Decoder(Memory)


def recalled(memory: bytes) -> Memory:
    """A memory from its JSON. Raises msgspec's errors for anything else."""
    return _DECODER.decode(memory)
