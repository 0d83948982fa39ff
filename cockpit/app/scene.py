"""What there is to show and to act on at one moment."""

from dataclasses import dataclass

from cockpit.domain.status import Status
from cockpit.domain.view import OrderView, PositionView, TicketView, View

UNSEEN = "two legs, both are shown on pane 1 or 2"
"""Why a ticket of two legs is not approved where the strip prints one of them."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the cursor of a pane stands on; empty where it stands on no such thing."""

    market: str = ""
    event: str = ""
    order: str = ""
    pair: str = ""
    twin: str = ""
    """The other market of a pair's row, where keys act on both; empty where one leg is naked: they act on that."""
    game: str = ""
    speech: str = ""
    """An event at which words are said."""
    station: str = ""
    """A station's day, by the venue's event."""

    @property
    def markets(self) -> tuple[str, ...]:
        """Every market that keys act on."""
        return tuple(market for market in (self.market, self.twin) if market)


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
    low: bool = False
    """Whether the strip has one row: of two legs it prints only one."""
    proposes: bool = True
    """Whether the pane is one whose rows become tickets by LOW and EV."""

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

    @property
    def held(self) -> list[PositionView]:
        """What we hold of the markets that keys act on."""
        return [held for market in self.target.markets if (held := self.position(market)) is not None]

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

    def event(self, market: str) -> str:
        """The event a market belongs to; empty where it is not listed now."""
        return next((row.event for row in self.view.rows if row.ticker == market), "")

    @property
    def refusal(self) -> str:
        """Why the printed ticket would not be sent now; empty when it would."""
        if self.ticket is None:
            return "no ticket in the strip"
        if self.status.fault:
            return "the session has ended"
        if self.view.killed:
            return "killed: no approvals until it is resumed"
        return self.ticket.refusal or (UNSEEN if self.low and self.ticket.partner else "")

    @property
    def working(self) -> OrderView | None:
        """The order an edit would touch: the one under the cursor, or its markets' newest."""
        if self.target.order:
            return self.order(self.target.order)
        orders = [order for market in self.target.markets for order in self.orders(market)]
        return max(orders, key=lambda order: order.sent_ns, default=None)

    @property
    def doomed(self) -> list[OrderView]:
        """The orders a cancel would touch: those of a pair's trade on both venues, else the one an edit would."""
        if self.target.twin:
            pair = next((pair for pair in self.view.spreads.pairs if pair.name == self.target.pair), None)
            legs = [o for o in self.view.desk.working if pair is not None and o.ticket in pair.tickets]
            if legs:
                return legs
        return [self.working] if self.working is not None else []

    def is_leg(self, what: TicketView | OrderView) -> bool:
        """Whether it is one leg of two, or rests what one has left naked."""
        return what.leg if isinstance(what, TicketView) else what.ticket in self.view.spreads.legs
