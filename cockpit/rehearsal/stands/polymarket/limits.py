"""How much may be asked in ten seconds. Source: the venue's rate-limit page, 2026."""

from cockpit.domain.units import SECOND
from cockpit.rehearsal.stands.polymarket.routes import Window

SPAN_NS = 10 * SECOND
LIMITS: dict[str, int] = {
    "": 15_000,
    "gamma": 4_000, "gamma/events": 500, "gamma/markets": 300, "gamma/tags": 200,
    "data": 1_000, "data/trades": 200,
    "clob": 9_000, "clob/book": 1_500, "clob/price": 1_500, "clob/midpoint": 1_500, "clob/books": 500,
    "clob/prices": 500, "clob/midpoints": 500, "clob/prices-history": 1_000, "clob/tick-size": 200,
}  # fmt: skip
"""By API and first part of the path; an API's own limit counts all its paths, and "" counts everything."""


class Gate:
    """Counts what is asked.

    Args:
        share: of the venue's limits; tests set it low.
    """

    def __init__(self, share: float = 1.0) -> None:
        self._windows = {name: Window(max(1, int(most * share)), SPAN_NS) for name, most in LIMITS.items()}

    def wait(self, api: str, path: str, now: int) -> int:
        """Seconds that a question comes too early; 0 when it may be answered."""
        first = [part for part in path.split("/") if part not in ("", "v2")][:1]
        for name in ("", api, f"{api}/{''.join(first)}"):
            window = self._windows.get(name)
            if window is not None:
                wait = window.wait(now)
                if wait:
                    return wait
        return 0
