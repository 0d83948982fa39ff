"""Everything a person can tell the engine, as frozen values. ``ts`` is stamped at the edge.

``lane`` is whose hand it is: "desk", or "what-if" for what is done in hindsight while a recording plays.
"""

import msgspec


class _Command(msgspec.Struct, frozen=True, gc=False, tag=True, omit_defaults=True):
    """What all commands share."""

    ts: int


class Approve(_Command, frozen=True):
    """Send a ticket, on the terms that were shown since ``shown_ts``.

    Both times are ``ts`` less what a clock at the keyboard measured, so that they hold at any speed of a replay.
    """

    ticket: str
    side: int
    price: int
    qty: int
    shown_ts: int
    pressed_ts: int = -(1 << 62)
    """When the approve key was last pressed before: a held key must not walk the queue."""
    lane: str = "desk"
    partner: str = ""
    """The other leg's ticket as it was shown, and its terms: both are approved, or neither."""
    partner_side: int = 0
    partner_price: int = 0
    partner_qty: int = 0


class Reject(_Command, frozen=True):
    """Refuse a ticket."""

    ticket: str
    lane: str = "desk"


class Edit(_Command, frozen=True):
    """Change a ticket or a working order; ``qty`` is what shall be left to fill."""

    target: str
    price: int
    qty: int
    lane: str = "desk"


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
    lane: str = "desk"


class Flatten(_Command, frozen=True):
    """Close every position of an event with resting orders."""

    event: str
    lane: str = "desk"


class CancelOrder(_Command, frozen=True):
    """Cancel one working order, by its id or by the ``ref`` it was placed with."""

    order: str
    lane: str = "desk"


class PullMarket(_Command, frozen=True):
    """Cancel every order of a lane in a market."""

    market: str
    lane: str = "desk"


class CancelAll(_Command, frozen=True):
    """Cancel every order of a lane."""

    lane: str = "desk"


class Kill(_Command, frozen=True):
    """Cancel every desk order and stop approvals until Resume."""


class Resume(_Command, frozen=True):
    """Allow approvals again after a Kill."""


class Lease(_Command, frozen=True):
    """Let the desk requote within ``ticks`` and approve up to ``risk`` (money units) for ``for_ns``; 0 ends it."""

    ticks: int
    risk: int
    for_ns: int


class Present(_Command, frozen=True):
    """Somebody is at the wheel: a key was pressed."""


class ConfirmPair(_Command, frozen=True):
    """A person says two contracts are the same, under these rule texts."""

    pair: str
    rules_hash: str


class RefusePair(_Command, frozen=True):
    """A person says two contracts are not the same."""

    pair: str


class Acknowledge(_Command, frozen=True):
    """A person has seen that the two venues of a pair disagree: approvals there go on."""

    pair: str


class SetLane(_Command, frozen=True):
    """Switch a lane on or off."""

    lane: str
    on: bool


class SetLimits(_Command, frozen=True):
    """Set all limits of the desk at once; each holds from this command on. None is no limit.

    Shadow lanes keep the caps and the bankroll they started with. What rests is never cancelled for a cap.
    """

    threshold: int
    """Low-side edge a proposal needs, price units."""
    bankroll: int
    """What sizes are shares of, money units."""
    event_share: int
    """Most of the bankroll that sizes may put at risk in one event, millionths."""
    day_loss: int | None
    """Money units, as are the caps."""
    order: int | None
    market: int | None
    event: int | None
    total: int | None
    strategies: tuple[str, ...]
    """Versions whose intents become proposals."""


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
    | Present
    | ConfirmPair
    | RefusePair
    | Acknowledge
    | SetLane
    | SetLimits
)
