"""The person's own account at a venue, as the venue reports it: read, never written. Domain units throughout."""

import msgspec


class _Part(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What all parts share."""


class RealPosition(_Part, frozen=True):
    """One market: signed net YES, what it cost, P&L and fees as the venue books them."""

    market: str
    qty: int
    cost: int = 0
    realised: int = 0
    fees: int = 0
    shard: int = 0


class RealOrder(_Part, frozen=True):
    """One order of the account; ``left`` 0 or ``resting`` False: it is over."""

    id: str
    market: str
    side: int
    price: int
    qty: int
    left: int
    resting: bool = True
    created: int = 0
    """ns UTC by the venue's clock; 0 where it does not say."""
    client: str = ""


class RealFill(_Part, frozen=True):
    """One fill of the account."""

    id: str
    order: str
    market: str
    side: int
    price: int
    qty: int
    fee: int
    taker: bool
    ex: int = 0


# ---------------------------------------------------------------------------------------------- as a screen sees it


class RealOrderView(_Part, frozen=True):
    """A real resting order: what the venue says is ahead of it, and what we make of it; -1 where nobody says."""

    market: str
    label: str
    side: int
    price: int
    left: int
    reported: int = -1
    fifo: int = -1
    tail: int = -1


class RealPositionView(_Part, frozen=True):
    """A real position."""

    market: str
    label: str
    qty: int
    cost: int


class Calibration(_Part, frozen=True):
    """Reported queue positions beside the simulator's own: shares exact, mean absolute errors in contracts."""

    n: int
    fifo_exact: float
    tail_exact: float
    fifo_error: float
    tail_error: float
    pairs: tuple[tuple[int, int, int], ...] = ()
    """The last ones: reported, fifo, tail; quantity units."""


class AccountView(_Part, frozen=True):
    """One venue's account, read only."""

    venue: str
    cash: int
    age_ns: int
    shards: tuple[tuple[int, int], ...] = ()
    positions: tuple[RealPositionView, ...] = ()
    orders: tuple[RealOrderView, ...] = ()
    fills: int = 0
    calibration: Calibration | None = None
