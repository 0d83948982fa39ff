"""What there is to show and to act on at one moment."""

from dataclasses import dataclass

from cockpit.domain.status import Status
from cockpit.domain.view import OrderView, PositionView, TicketView, View


@dataclass(frozen=True, slots=True)
class Target:
    """What the cursor of a pane stands on; empty where it stands on no such thing."""

    market: str = ""
    event: str = ""
    order: str = ""
    pair: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """One pull: the view, the session's state, the ticket in the strip and the pane's cursor."""

    view: View
    status: Status
    lane: str = "desk"
    ticket: TicketView | None = None
    """The one printed in the strip."""
    place: int = 0
    """Which of the open tickets that is, from 0."""
    target: Target = Target()
    serves: frozenset[str] = frozenset()
    """Actions the pane itself does."""
    replay: bool = False
    """Whether there are controls of a replay."""
    mute: bool = False
    snooze_ns: int = 0
    """For how long alerts are still put off."""
    fees: bool = False
    """Whether the money line shows fill rules and fee models."""
    ascii_only: bool = False
    """Whether the terminal knows letters only."""

    @property
    def hindsight(self) -> bool:
        """Whether a recording plays and commands go to the what-if lane."""
        return self.lane != "desk"

    def orders(self, market: str) -> list[OrderView]:
        """Our working orders in a market."""
        return [order for order in self.view.desk.working if order.market == market]

    def order(self, name: str) -> OrderView | None:
        """A working order by its id."""
        return next((order for order in self.view.desk.working if order.id == name), None)

    def position(self, market: str) -> PositionView | None:
        """What we hold of a market."""
        held = (held for event in self.view.desk.events for held in event.positions)
        return next((position for position in held if position.market == market and position.qty), None)

    def holds(self, event: str) -> bool:
        """Whether we hold anything of an event."""
        return any(e.event == event and any(p.qty for p in e.positions) for e in self.view.desk.events)

    @property
    def disagrees(self) -> bool:
        """Whether the venues of the pair under the cursor disagree, and nobody has said so yet."""
        pairs = (pair for pair in self.view.spreads.pairs if pair.name == self.target.pair)
        return any(pair.disagree and not pair.acknowledged for pair in pairs)

    def label(self, market: str) -> str:
        """What people call a market."""
        return next((row.label for row in self.view.rows if row.ticker == market), market)

    @property
    def refusal(self) -> str:
        """Why the printed ticket would not be sent now; empty when it would."""
        if self.ticket is None:
            return "no ticket in the strip"
        if self.status.fault:
            return "the session has ended"
        return "killed: no approvals until it is resumed" if self.view.killed else self.ticket.refusal

    @property
    def working(self) -> OrderView | None:
        """The order a cancel or an edit would touch: the one under the cursor, or its market's newest."""
        if self.target.order:
            return self.order(self.target.order)
        orders = self.orders(self.target.market) if self.target.market else []
        return max(orders, key=lambda order: order.sent_ns, default=None)
