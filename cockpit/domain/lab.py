"""What a screen may see of the lanes: what each version claimed and what became of it. Money and quantities in domain units."""

import msgspec


class _Part(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What both parts share."""


class WinRate(_Part, frozen=True):
    """Settled events that ended with a gain, and what that needs to be."""

    wins: int = 0
    n: int = 0
    low: float | None = None
    high: float | None = None
    """Wilson interval, 95 %."""
    break_even: float | None = None
    average_win: int = 0
    average_loss: int = 0


class LaneView(_Part, frozen=True):
    """One lane of the Lab."""

    name: str
    strategy: str
    on: bool
    failed: str = ""
    proposed: int = 0
    sent: int = 0
    accepted: int = 0
    rejected: int = 0
    filled: tuple[float | None, ...] = (None, None, None, None)
    """Share of accepted quantity filled under each rule."""
    orders_filled: int = 0
    net: int = 0
    """Fee-adjusted P&L under the headline rule, open positions at the mid."""
    flat: int = 0
    by_rule: tuple[int | None, ...] = (None, None, None, None)
    fees: int = 0
    claimed: float | None = None
    """Mean claimed edge of settled fills, dollars a contract, weighted by quantity."""
    realised: float | None = None
    """Mean realised edge of the same, after fees."""
    slope: float | None = None
    """Of realised on claimed edge, by event; 1 is an honest claim."""
    events: int = 0
    """Settled events behind claimed, realised and slope."""
    claimed_open: float | None = None
    """Mean claimed edge of all fills, settled or not."""
    traded: int = 0
    """Quantity filled."""
    win: WinRate = WinRate()
    markouts: tuple[float | None, float | None, float | None] = (None, None, None)
    """Mean at 1, 10 and 60 s, dollars a contract, under the headline rule of its orders."""
    headline: str = ""
    """The rule that counts for its orders: fifo, tail, cross, or mixed."""
    enough: int = 30
    """Settled events a verdict needs."""
    working: int = 0
    verdict: str = ""
    """"cannot tell yet" is one."""
    rebates: int = 0
    """What venues may pay makers for its fills: an estimate, in no other figure."""
