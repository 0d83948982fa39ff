"""How right the fair value is on recorded sessions, second by second of the time that was left.

Each market that settles within its session is scored once a second: our probability, and the market's own mid at the
same moment, against what it paid. The market is the baseline. Seconds of one market are not independent: the number
of markets is what counts, and is printed.
"""

from collections.abc import Iterable

import msgspec

from cockpit.domain.units import PRICE, SECOND
from cockpit.engine.engine import Engine

BUCKETS = (900, 600, 300, 120, 60, 30, 10, 0)
"""Seconds left, from and down to."""


class Moment(msgspec.Struct, frozen=True, gc=False):
    """One market at one second: seconds left, our band and the market's mid, all probabilities of YES."""

    market: str
    left: int
    low: float
    mid: float
    high: float
    market_mid: float


class Bucket(msgspec.Struct):
    """Squared errors over a span of time left."""

    left: int
    seconds: int = 0
    ours: float = 0.0
    theirs: float = 0.0
    between: int = 0
    """Seconds in which the market's mid lay inside our band."""
    markets: set[str] = msgspec.field(default_factory=set)

    def add(self, moment: Moment, paid: float) -> None:
        """Score one moment."""
        self.seconds += 1
        self.markets.add(moment.market)
        self.ours += (moment.mid - paid) ** 2
        self.theirs += (moment.market_mid - paid) ** 2
        self.between += moment.low <= moment.market_mid <= moment.high


class FairReport:
    """Scores by time left."""

    def __init__(self) -> None:
        self.buckets = [Bucket(left) for left in BUCKETS[1:]]
        self.markets: set[str] = set()

    def add(self, moments: Iterable[Moment], paid: dict[str, float]) -> None:
        """Take one session's moments and what its markets paid (0 to 1)."""
        for moment in moments:
            if moment.market in paid:
                self.markets.add(moment.market)
                bucket = next((b for b in self.buckets if moment.left >= b.left), None)
                if bucket is not None:
                    bucket.add(moment, paid[moment.market])

    def as_json(self) -> dict[str, object]:
        """One object: markets scored, and a row for each span of time left."""
        return {"n_markets": len(self.markets), "by_seconds_left": [_row(b) for b in self.buckets]}

    def as_text(self) -> str:
        """A table for people."""
        lines = [
            f"{len(self.markets)} settled markets, one look a second",
            "  left from   markets  seconds   Brier ours   Brier mid   mid inside our band",
        ]
        for bucket in self.buckets:
            row = _row(bucket)
            if bucket.seconds:
                lines.append(
                    f"  {bucket.left:>6} s  {row['n_markets']:>8}  {bucket.seconds:>7}   "
                    f"{row['brier_model']:>10.4f}  {row['brier_market']:>10.4f}   {row['mid_inside_band']:>8.0%}"
                )
        return "\n".join(lines)


def moments(engine: Engine) -> list[Moment]:
    """The list an engine's run leaves its moments in, as it runs."""
    found: list[Moment] = []
    seen = [0]

    def look() -> None:
        second = engine.state.now // SECOND
        if second == seen[0]:
            return
        seen[0] = second
        for ticker, m in engine.state.markets.items():
            mid2 = m.book.mid2
            if m.fair is not None and mid2 is not None and not m.doubt:
                left = max(0, m.market.close_ns - engine.state.now) // SECOND
                fair = m.fair
                found.append(Moment(ticker, left, fair.low, fair.mid, fair.high, mid2 / (2 * PRICE)))

    engine.on_beat = look
    return found


def paid(engine: Engine) -> dict[str, float]:
    """What each settled market paid, 0 to 1."""
    values = {name: m.settled[1] for name, m in engine.state.markets.items() if m.settled is not None}
    return {name: value / PRICE for name, value in values.items() if value is not None}


def _row(bucket: Bucket) -> dict[str, float | int | None]:
    n = bucket.seconds
    return {
        "left_from": bucket.left,
        "n_markets": len(bucket.markets),
        "n_seconds": n,
        "brier_model": bucket.ours / n if n else None,
        "brier_market": bucket.theirs / n if n else None,
        "mid_inside_band": bucket.between / n if n else None,
    }
