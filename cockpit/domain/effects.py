"""Everything the engine can ask the outside to do or to note, as frozen values of integers and names.

Their canonical encoding (`encode`) is what the session digests, so no float may ever enter one.
"""

from collections.abc import Sequence

import msgspec


class _Effect(msgspec.Struct, frozen=True, gc=False, tag=True, array_like=True):
    """What all effects share: ``ts`` is engine time, ns UTC."""

    ts: int


class TicketRaised(_Effect, frozen=True):
    """A lane proposes an order to a person; ``rev`` above 1 is the same proposal on new terms."""

    lane: str
    ticket: str
    market: str
    side: int
    price: int
    qty: int
    expires_ns: int
    strategy: str = ""
    rev: int = 1


class TicketWithdrawn(_Effect, frozen=True):
    """A proposal no longer stands."""

    ticket: str
    reason: str


class TicketExpired(_Effect, frozen=True):
    """A proposal ran out of time."""

    ticket: str


class TicketDecided(_Effect, frozen=True):
    """A person, or a lease in a person's name, decided on a proposal: approved or rejected."""

    ticket: str
    decision: str
    by: str
    waited_ns: int


class LeaseBegan(_Effect, frozen=True):
    """The desk may requote and approve by itself, within bounds."""

    ticks: int
    risk: int
    until_ns: int


class LeaseEnded(_Effect, frozen=True):
    """It may no longer."""

    reason: str


class AwayBegan(_Effect, frozen=True):
    """Nobody is at the wheel: no tickets, no lease, desk orders are cancelled."""


class AwayEnded(_Effect, frozen=True):
    """Somebody came back."""


class OrderPlaced(_Effect, frozen=True):
    """An order was sent. ``rule`` is the fill rule that counts for it; it reaches the venue at ``live_ns``."""

    lane: str
    order: str
    market: str
    side: int
    price: int
    qty: int
    rule: str
    live_ns: int
    ticket: str = ""


class OrderLive(_Effect, frozen=True):
    """An order rests at the venue with ``ahead`` quantity units before it."""

    lane: str
    order: str
    ahead: int


class OrderRejected(_Effect, frozen=True):
    """An order was refused, by us or by the venue; nothing rests."""

    lane: str
    order: str
    market: str
    reason: str


class OrderFilled(_Effect, frozen=True):
    """One fill of one order under one rule.

    ``counts`` marks the order's own rule, which alone moves cash and positions. ``fee`` is money units, under the
    venue's terms. ``gap`` marks a fill inferred across an outage.
    """

    lane: str
    order: str
    market: str
    side: int
    price: int
    qty: int
    rule: str
    cause: str
    counts: bool
    gap: bool
    fee: int


class OrderReduced(_Effect, frozen=True):
    """An order was amended down to ``qty`` in all; it kept its place in the queue."""

    lane: str
    order: str
    qty: int


class OrderCancelled(_Effect, frozen=True):
    """An order ended with quantity left under its own rule."""

    lane: str
    order: str
    market: str
    reason: str
    left: int


class PositionChanged(_Effect, frozen=True):
    """A lane's position after a fill or a settlement: signed net YES, and cash, in their units."""

    lane: str
    market: str
    qty: int
    cash: int
    realised: int
    fees: int


class MarketBooked(_Effect, frozen=True):
    """A settlement was booked: what one YES pays (price units), and whether that is final."""

    lane: str
    market: str
    state: str
    value: int
    pnl: int


class RiskHalt(_Effect, frozen=True):
    """Approvals stopped."""

    reason: str


class RiskResumed(_Effect, frozen=True):
    """Approvals go on."""


class CommandRefused(_Effect, frozen=True):
    """A command could not be carried out; ``orphan`` when what it names does not exist."""

    command: str
    reason: str
    orphan: bool
    lane: str = "desk"


class CommandDone(_Effect, frozen=True):
    """A command was carried out that leaves no other word of it: what a person did, in words."""

    command: str
    what: str
    lane: str = "desk"
    market: str = ""


class LimitSet(_Effect, frozen=True):
    """A person set a limit of the desk, by its name in the settings; both values in the settings' units."""

    name: str
    was: str
    now: str


class LaneFailed(_Effect, frozen=True):
    """A strategy raised; its lane is off and its orders are cancelled."""

    lane: str
    error: str


class Alert(_Effect, frozen=True):
    """Something a person should know."""

    kind: str
    text: str


class DoubtRaised(_Effect, frozen=True):
    """A book can no longer be believed."""

    market: str
    reason: str


class DoubtCleared(_Effect, frozen=True):
    """A book can be believed again."""

    market: str


class QueueCompared(_Effect, frozen=True):
    """A venue said what is ahead of a real order, beside what the simulator made of the same order: quantity units."""

    venue: str
    order: str
    market: str
    side: int
    price: int
    reported: int
    fifo: int
    tail: int


class Subscribe(_Effect, frozen=True):
    """Ask a venue for these markets' streams."""

    venue: str
    markets: tuple[str, ...]


class Resnapshot(_Effect, frozen=True):
    """Ask a venue for a fresh book of a market."""

    venue: str
    market: str


Effect = (
    TicketRaised
    | TicketWithdrawn
    | TicketExpired
    | TicketDecided
    | LeaseBegan
    | LeaseEnded
    | AwayBegan
    | AwayEnded
    | OrderPlaced
    | OrderLive
    | OrderRejected
    | OrderFilled
    | OrderReduced
    | OrderCancelled
    | PositionChanged
    | MarketBooked
    | RiskHalt
    | RiskResumed
    | CommandRefused
    | CommandDone
    | LimitSet
    | LaneFailed
    | Alert
    | DoubtRaised
    | DoubtCleared
    | QueueCompared
    | Subscribe
    | Resnapshot
)

_ENCODER = msgspec.json.Encoder()


def encode(effects: Sequence[Effect]) -> bytes:
    """The canonical bytes of a run of effects: one JSON array a line, integers, booleans and strings only."""
    return b"".join(_ENCODER.encode(effect) + b"\n" for effect in effects)
