"""The volatility options imply, at the money, by expiry: a term structure of a handful of levels.

Between two expiries the total variance w = sigma^2 T is linear in T, which is what a constant volatility from one to
the other means, and nowhere falls; before the first and beyond the last the level is theirs (Gatheral 2006). A volatility
index over a constant thirty days, whose level holds more than the money's, speaks where no expiry does.
"""

import math

import msgspec

from cockpit.domain.units import SECOND

FROM_S = 3600.0
"""An option surface says nothing below this horizon, and an expiry this near nothing at all."""
FRESH_NS = 3600 * SECOND
"""A level this old is no longer one."""
MOST_TERMS = 24


class Term(msgspec.Struct, frozen=True, gc=False):
    """One expiry's level: a yearly volatility, as of ``ts``."""

    expiry_ns: int
    sigma: float
    ts: int


class Surface(msgspec.Struct):
    """What options imply for one underlying; plain state that encodes and restores exactly."""

    index: float = 0.0
    """The volatility index, 0 before it was heard."""
    index_ns: int = 0
    tenor_s: float = 0.0
    """The constant time it is over."""
    terms: list[Term] = []
    """Soonest first."""

    def tell(self, ts: int, sigma: float, expiry_ns: int) -> None:
        """Take the level of an expiry; what is over or out of date is forgotten."""
        kept = [
            each
            for each in self.terms
            if each.expiry_ns > ts and each.expiry_ns != expiry_ns and ts - each.ts <= FRESH_NS
        ]
        if expiry_ns > ts:
            kept.append(Term(expiry_ns, sigma, ts))
        self.terms = sorted(kept, key=_expiry)[:MOST_TERMS]

    def tell_index(self, ts: int, sigma: float, tenor_s: float) -> None:
        """Take the level of the volatility index."""
        self.index, self.index_ns, self.tenor_s = sigma, ts, tenor_s

    def level(self, now: int, horizon_s: float) -> float:
        """The yearly volatility implied for the coming ``horizon_s`` seconds; 0 where nothing fresh is known."""
        index = self.index if now - self.index_ns <= FRESH_NS else 0.0
        left = total = 0.0
        for each in self.terms:
            until = (each.expiry_ns - now) / SECOND
            if until < FROM_S or now - each.ts > FRESH_NS:
                continue
            after = max(total, each.sigma * each.sigma * until)
            if horizon_s <= until:
                return _between(left, total, until, after, horizon_s)
            left, total = until, after
        if not left:
            return index
        if not index or self.tenor_s <= left:
            return math.sqrt(total / left)
        far = max(total, index * index * self.tenor_s)
        return _between(left, total, self.tenor_s, far, min(horizon_s, self.tenor_s))


def _between(left: float, low: float, right: float, high: float, at: float) -> float:
    """The volatility to ``at`` where the total variance is linear from ``left`` on, or flat before the first expiry."""
    if not left:
        return math.sqrt(high / right)
    return math.sqrt((low + (high - low) * (at - left) / (right - left)) / at)


def _expiry(term: Term) -> int:
    return term.expiry_ns
