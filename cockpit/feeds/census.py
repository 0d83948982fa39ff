"""Counting what a feed tolerated: unknown types, fields and words, without letting a source fill the memory."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

LIMIT = 2_000
"""Distinct keys one census may hold; what comes after is counted under "other"."""

EVERY = 256
"""An untyped look at a kind of payload is taken at its first frame and at each 256th after."""

LARGEST = 1_000_000
"""Bytes above which no untyped look is taken: it would hold up the reader for longer than it is worth."""


def tally(census: Counter[str], topic: str, word: object) -> None:
    """Count ``topic:word``; the word is the source's own, so it is cut to 40 printable characters."""
    text = "".join(c if c.isprintable() else "?" for c in str(word)[:40])
    key = f"{topic}:{text}"
    census[key if key in census or len(census) < LIMIT else "other"] += 1


def names(*structs: type[msgspec.Struct], also: str = "") -> frozenset[str]:
    """Field names on the wire of some structs, and further known ones given as text with blanks between."""
    declared = {f.encode_name for s in structs for f in msgspec.structs.fields(s)}
    return frozenset(declared | set(also.split()))


class FieldWatch:
    """Counts fields nobody documented, by looking untyped at some frames of each kind."""

    def __init__(self, census: Counter[str], known: Mapping[str, frozenset[str]]) -> None:
        self._census = census
        self._known = known
        self._seen: Counter[str] = Counter()

    def due(self, kind: str) -> bool:
        """Count one frame of a kind; whether this one is to be looked at."""
        self._seen[kind] += 1
        return self._seen[kind] % EVERY == 1

    def look(self, kind: str, data: bytes | msgspec.Raw, *keys: str, around: str = "") -> None:
        """Count the unknown fields of the objects, or lists of objects, under some keys of a body.

        ``around`` names the kind of the body itself. What cannot be read untyped was skipped by the typed reader.
        """
        if len(data) > LARGEST:
            return
        try:
            whole = msgspec.json.decode(data)
        except (ValueError, RecursionError):
            tally(self._census, "field", f"{kind} unreadable")
            return
        if around:
            self._count(around, [whole])
        for key in keys:
            found = whole.get(key) if isinstance(whole, dict) else None
            self._count(kind, found if isinstance(found, list) else [found])

    def _count(self, kind: str, objects: Iterable[Any]) -> None:
        known = self._known.get(kind, frozenset())
        for each in objects:
            if isinstance(each, dict):
                for field in sorted(each.keys() - known):
                    tally(self._census, "field", f"{kind}.{field}")
