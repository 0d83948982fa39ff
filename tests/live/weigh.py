"""How many things hang on an object, by where they hang: what grows has a name."""

from collections import Counter, deque
from collections.abc import Iterator
from typing import Any

import msgspec

CONTAINERS = (list, tuple, set, frozenset, deque)
PLAIN = (str, bytes, bytearray, int, float, bool, type(None), type)


def weigh(*roots: Any, ours: str = "cockpit.") -> Counter[str]:
    """The things reachable through our own objects and plain containers, counted by their path.

    Keys and positions are all ``[]`` in a path, so that what differs between two moments is how many there are. Each
    thing is counted once, where it is met first; what is not ours (loops, sockets, threads) is not looked into.
    """
    count: Counter[str] = Counter()
    seen: set[int] = set()
    waiting = deque((type(root).__name__, root) for root in roots)
    while waiting:
        path, thing = waiting.popleft()
        for name, held in _parts(thing, ours):
            where = f"{path}{name}"
            count[where] += 1
            if not isinstance(held, PLAIN) and id(held) not in seen:
                seen.add(id(held))
                waiting.append((where, held))
    return count


def _parts(thing: Any, ours: str) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, dict):
        for key, held in thing.items():
            yield "[]", held
            if not isinstance(key, PLAIN):
                yield "[key]", key
    elif isinstance(thing, CONTAINERS):
        for held in thing:
            yield "[]", held
    elif type(thing).__module__.startswith(ours):
        for name in _fields(thing):
            held = getattr(thing, name, None)
            if held is not None:
                yield f".{name}", held


def _fields(thing: Any) -> Iterator[str]:
    if isinstance(thing, msgspec.Struct):
        yield from thing.__struct_fields__
        return
    yield from getattr(thing, "__dict__", ())
    for each in type(thing).__mro__:
        slots = each.__dict__.get("__slots__", ())
        yield from (slots,) if isinstance(slots, str) else slots


def grown(before: Counter[str], after: Counter[str], share: float = 0.25, least: int = 40) -> dict[str, str]:
    """Where there is more by a share and some, and from how many to how many."""
    return {
        path: f"{before[path]} -> {n}" for path, n in after.items() if n > before[path] * (1 + share) + least
    }
