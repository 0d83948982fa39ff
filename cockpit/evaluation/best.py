"""Is the best of many versions better than the one there is? Tests that know how many were tried.

For a fixed number of settled events, looked at once. Events are resampled in blocks, for neighbours depend on each
other; each draw takes the same events of every version, so that what they share is kept.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from cockpit.evaluation.serial import DRAWS, block_length, picks
from cockpit.models.verdicts import LEAST

if TYPE_CHECKING:
    import numpy as np

LEVEL = 0.05


class Best(msgspec.Struct, frozen=True):
    """Whether any version beats the one there is; P-values of "none does", one-sided."""

    reality_check: float
    """White 2000: too cautious where bad versions were tried beside."""
    superior: float
    """Hansen 2005, the consistent one: studentised, hopeless versions counted less."""
    better: tuple[int, ...]
    """Which do: the stepwise test, the chance of any false one at most 5 %. Romano & Wolf 2005."""


def best(
    differences: Sequence[Sequence[float]], rng: "np.random.Generator", draws: int = DRAWS
) -> Best | None:
    """Test versions against the one there is.

    Args:
        differences: by version, its result less that of the one there is, by event in the order they settled.
        rng: seeded, so that a table repeats.
        draws: resamples.

    Returns:
        None for fewer than thirty events, or when no version ever differs.
    """
    import numpy as np

    d = np.asarray(differences, dtype=float)
    if d.ndim != 2 or d.shape[1] < LEAST:
        return None
    kept = np.flatnonzero(d.std(axis=1) > 0.0)
    if not len(kept):
        return None
    d = d[kept]
    n = d.shape[1]
    means = d.mean(axis=1)
    length = float(np.median([block_length(row) for row in d]))
    resampled = d[:, picks(n, length, rng, draws)].mean(axis=2) * np.sqrt(n)
    stat = means * np.sqrt(n)
    noise = resampled - stat[:, None]
    scale = np.maximum(noise.std(axis=1), 1e-12)
    hopeless = stat <= -scale * np.sqrt(2.0 * np.log(np.log(n)))
    centred = np.where(hopeless[:, None], resampled, noise) / scale[:, None]
    found = _step(stat / scale, noise / scale[:, None])
    return Best(
        reality_check=_p(stat.max(), noise.max(axis=0)),
        superior=_p(max(0.0, float((stat / scale).max())), np.maximum(0.0, centred.max(axis=0))),
        better=tuple(int(kept[i]) for i in found),
    )


def _p(seen: float, drawn: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    """The share of draws that reach what was seen, itself counted as one."""
    return (1.0 + float((drawn >= seen).sum())) / (1.0 + len(drawn))


def _step(
    stat: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    noise: "np.ndarray[tuple[int, int], np.dtype[np.float64]]",
) -> list[int]:
    """Versions above the critical value of those that are left, until none is."""
    import numpy as np

    left = list(range(len(stat)))
    found: list[int] = []
    while left:
        critical = float(np.quantile(noise[left].max(axis=0), 1.0 - LEVEL))
        over = [i for i in left if stat[i] > critical]
        if not over:
            break
        found += over
        left = [i for i in left if i not in over]
    return sorted(found)
