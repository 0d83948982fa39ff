"""What a screen may see of the lanes: what each version claimed and what became of it. Money and quantities in domain units."""

import msgspec

AIM = 0.05
"""Dollars a contract: what an average trade is to earn after fees."""


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


class Waits(_Part, frozen=True):
    """How long orders waited for their first fill that counts, those still resting included as not yet filled."""

    n: int = 0
    """Orders that reached the venue, the newest five hundred and those at rest."""
    filled: int = 0
    median_s: float | None = None
    """Kaplan-Meier median, seconds; None where under half would ever be filled by what was seen."""
    by_10s: float | None = None
    """Share filled within ten seconds, being taken back counted as a way to end (Aalen-Johansen)."""
    by_60s: float | None = None


class FamilyView(_Part, frozen=True):
    """What a lane came to in one family of markets."""

    family: str
    net: int
    """Fee-adjusted, open positions at the mid."""
    events: int = 0
    """Settled."""


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
    waits: Waits = Waits()
    families: tuple[FamilyView, ...] = ()
    rebates: int = 0
    """What venues may pay makers for its fills: an estimate, in no other figure."""


class Versus(msgspec.Struct, frozen=True, gc=False):
    """Version B less version A on the same settled events, dollars an event."""

    question: str
    a: str
    b: str
    n: int
    """Settled events that either traded while both ran."""
    enough: int
    """Events below which nothing is said."""
    mean: float | None
    low: float | None
    """Of the 95 % confidence sequence; None while there are too few events, or all are alike."""
    high: float | None
    e: float
    """Evidence that there is a difference: 20 decides."""
    p: float
    """Anytime p-value."""
    adjusted: float
    """The same, adjusted by Holm over all questions of the table."""
    state: str
    """collecting, no difference yet, A better, B better, stop."""
    verdict: str
    """The state as a reader should take it: "cannot tell yet" is the usual one."""
    takes: int | None
    """Events a plain test needs to tell a difference of this mean and spread, were it true (5 %, power 80 %)."""
    deflated: float | None
    """Deflated Sharpe ratio of B among those asked about; None for too few events."""
    missing: tuple[str, ...] = ()
    """What stands against putting B in A's place."""
