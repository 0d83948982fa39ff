"""When the rows of a pane may change places: at once when rows come and go, by their figures only now and then."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from cockpit.domain.units import SECOND

RESORT_NS = 3 * SECOND
"""Figures move rows this often at most: a list that jumps cannot be read."""

Item = TypeVar("Item")
Key = tuple[float | str, ...]
"""What a row is sorted by."""


class Ranking:
    """The places of rows by key, and since when they stand."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self._shape: Hashable = None
        self._ts = 0

    def due(self, shape: Hashable, ts: int) -> bool:
        """Whether the rows are to be sorted now.

        Args:
            shape: what moves rows at once when it changes.
            ts: ns UTC.
        """
        if shape == self._shape and 0 < ts - self._ts < RESORT_NS:
            return False
        self._shape, self._ts = shape, ts
        return True

    def put(self, keys: Iterable[str]) -> None:
        """The rows in their new order."""
        self.places = {key: i for i, key in enumerate(keys)}

    def order(
        self,
        items: Iterable[Item],
        ts: int,
        *,
        name: Callable[[Item], str],
        key: Callable[[Item], Key],
        shape: Callable[[Item], str] | None = None,
    ) -> list[Item]:
        """Items in their places, sorted anew where that is due.

        Args:
            items: what has rows.
            ts: ns UTC.
            name: the key of an item's row.
            key: what items are sorted by.
            shape: what of an item moves rows at once when it changes; without it only that it comes or goes.
        """
        some = list(items)
        if self.due(frozenset(map(shape or name, some)), ts):
            self.put(map(name, sorted(some, key=key)))
        return sorted(some, key=lambda each: self.places[name(each)])

    def again(self) -> None:
        """Sort at the next occasion, whatever the time."""
        self._shape = None
