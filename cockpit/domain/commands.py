"""Everything a person can tell the engine, as frozen values. ``ts`` is stamped at the edge."""

import msgspec


class _Command(msgspec.Struct, frozen=True, gc=False, tag=True, omit_defaults=True):
    """What all commands share."""

    ts: int


class Approve(_Command, frozen=True):
    """Send a ticket, on the terms that were shown at ``shown_ts``."""

    ticket: str
    side: int
    price: int
    qty: int
    shown_ts: int


class Reject(_Command, frozen=True):
    """Refuse a ticket."""

    ticket: str


class Edit(_Command, frozen=True):
    """Change a ticket or a working order."""

    target: str
    price: int
    qty: int


class PlaceManual(_Command, frozen=True):
    """Place a maker order by hand. ``ttl_ns`` 0 means until cancelled or closed."""

    market: str
    side: int
    price: int
    qty: int
    ttl_ns: int = 0
    lane: str = "desk"
    ref: str = ""
    """The sender's own name for the order; a later CancelOrder may use it."""


class Unwind(_Command, frozen=True):
    """Close a position with resting orders."""

    market: str


class Flatten(_Command, frozen=True):
    """Close every position of an event with resting orders."""

    event: str


class CancelOrder(_Command, frozen=True):
    """Cancel one working order, by its id or by the ``ref`` it was placed with."""

    order: str


class PullMarket(_Command, frozen=True):
    """Cancel every desk order of a market."""

    market: str


class CancelAll(_Command, frozen=True):
    """Cancel every desk order."""


class Kill(_Command, frozen=True):
    """Cancel every desk order and stop approvals until Resume."""


class Resume(_Command, frozen=True):
    """Allow approvals again after a Kill."""


class Lease(_Command, frozen=True):
    """Let the desk requote within ``ticks`` and approve up to ``risk`` (money units) until ``until_ns``."""

    ticks: int
    risk: int
    until_ns: int


class ConfirmPair(_Command, frozen=True):
    """A person says two contracts are the same, under these rule texts."""

    pair: str
    rules_hash: str


class RefusePair(_Command, frozen=True):
    """A person says two contracts are not the same."""

    pair: str


class SetLane(_Command, frozen=True):
    """Switch a lane on or off."""

    lane: str
    on: bool


Command = (
    Approve
    | Reject
    | Edit
    | PlaceManual
    | Unwind
    | Flatten
    | CancelOrder
    | PullMarket
    | CancelAll
    | Kill
    | Resume
    | Lease
    | ConfirmPair
    | RefusePair
    | SetLane
)
