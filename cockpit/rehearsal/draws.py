"""Random draws for the rehearsal world, from one seeded generator, in blocks.

A scalar call into numpy costs more than the rest of a small decision; a block costs about as much as ten scalars. Each consumer owns a `Draws` of its own generator, so that one consumer's appetite never shifts another's.
"""

import math
from collections.abc import Sequence

import numpy as np

from cockpit.domain.units import SECOND

MICROSECOND = 1_000
_BLOCK = 512


def micros(seconds: float) -> int:
    """Seconds as ns, cut to whole microseconds: the resolution of the venue's stamps."""
    return int(seconds * SECOND) // MICROSECOND * MICROSECOND


class Draws:
    """Uniform and normal draws, and what is made of them."""

    __slots__ = ("_normal", "_rng", "_uniform")

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._uniform: list[float] = []
        self._normal: list[float] = []

    def uniform(self) -> float:
        """A number in [0, 1)."""
        if not self._uniform:
            self._uniform = self._rng.random(_BLOCK).tolist()
        return self._uniform.pop()

    def normal(self) -> float:
        """A standard normal number."""
        if not self._normal:
            self._normal = self._rng.standard_normal(_BLOCK).tolist()
        return self._normal.pop()

    def exponential(self, mean: float) -> float:
        """A waiting time with this mean."""
        return -math.log(1.0 - self.uniform()) * mean

    def wait(self, mean_s: float) -> int:
        """A waiting time with this mean in seconds; ns, whole microseconds, never 0."""
        return micros(self.exponential(mean_s)) + MICROSECOND

    def below(self, n: int) -> int:
        """An integer in [0, n)."""
        return int(self.uniform() * n)

    def pick(self, weights: Sequence[float]) -> int:
        """An index, with these weights (they sum to 1; a rounding remainder falls to the last)."""
        at = self.uniform()
        for index, weight in enumerate(weights):
            at -= weight
            if at < 0:
                return index
        return len(weights) - 1

    def hexadecimal(self, digits: int) -> str:
        """Random hexadecimal digits."""
        return "".join("0123456789abcdef"[self.below(16)] for _ in range(digits))

    def identity(self) -> str:
        """An id in the venue's form, 8-4-4-4-12 hexadecimal digits."""
        text = self.hexadecimal(32)
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
