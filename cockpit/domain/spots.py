"""What a screen may see of the underlyings: prices, who says them, and volatilities. Floats, dollars, ns.

Parts of `cockpit.domain.view.View`.
"""

import msgspec


class SourceLine(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What one exchange says of an underlying; dollars."""

    name: str
    price: float
    """Its own."""
    age_ns: int
    basis: float = 0.0
    """What is added to it to make it the settlement index."""
    error: float = 0.0
    """Standard error of that."""
    away: float = 0.0
    """How far it then is from what all come to."""
    weight: float = 0.0
    """In that, 0 to 1; 0 is not believed."""
    stale: bool = False
    """Whether it has been silent for too long to count."""


class SpotLine(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One underlying."""

    symbol: str
    price: float
    """Dollars."""
    source: str
    """The settlement index's name, or PROXY and who speaks for it."""
    age_ns: int
    error: float = 0.0
    """Standard error of the price as the settlement index, dollars."""
    vol: float = 0.0
    vol_error: float = 0.0
    """Relative standard error of the volatility."""
    move: float | None = None
    """Log return over five minutes."""
    stale: bool = False
    sources: tuple[SourceLine, ...] = ()
    """The exchanges that stand in for the index when it is silent."""
    vols: tuple[tuple[str, float], ...] = ()
    """The yearly volatilities ``vol`` was made from, by name."""
