"""What strategies are shown: one snap of a market for all lanes, and each lane's own side of it."""

from collections.abc import Callable

from cockpit.domain.orders import TicketState
from cockpit.domain.units import PRICE, QTY, SECOND
from cockpit.engine.config import DESK, MIRROR, WHAT_IF, DeskConfig, EngineConfig
from cockpit.engine.fair import Pricer
from cockpit.engine.gate import Gate
from cockpit.engine.limits import Limits
from cockpit.engine.orders import Orders
from cockpit.engine.queue import Own
from cockpit.engine.risk import cost, event_of
from cockpit.engine.state import Lane, MarketState, State, Ticket
from cockpit.models.fair import Fair
from cockpit.strategies.base import Lead, Mine, Odds, Snap, Working

FOLLOWERS = (DESK, MIRROR, WHAT_IF)
"""The desk, and the lanes that go by it."""
MOVE_NS = 300 * SECOND
PRIOR = Odds()
PRIOR_ORDERS = 20
"""Pseudo-orders behind the prior fill probability."""
PRIOR_QTY = 200 * QTY
"""Pseudo-quantity behind the prior adverse selection: as many orders of usual size."""


class Snaps:
    """Builds `Snap` and `Mine` over the engine's state."""

    def __init__(
        self, state: State, config: EngineConfig, pricer: Pricer, orders: Orders, gate: Gate
    ) -> None:
        self._state = state
        self._config = config
        self._pricer = pricer
        self._orders = orders
        self._gate = gate
        self.lead: Callable[[str], Lead | None] = _nobody
        """What another venue says of a market."""
        self._risk: dict[tuple[str, str], tuple[int, int]] = {}
        """What (lane, event) may lose, as of the lane's turn, within one beat."""

    def begin(self) -> None:
        """A beat begins: what was worked out in between, for somebody who looked, does not count."""
        self._risk.clear()

    def snap(self, m: MarketState) -> Snap:
        """A market as of the last beat."""
        return self._snap(m, m.fair)

    def fresh(self, m: MarketState) -> Snap:
        """A market as of this very moment, priced anew; changes nothing."""
        return self._snap(m, self._pricer.fair(m.market.ticker))

    def _snap(self, m: MarketState, fair: Fair | None) -> Snap:
        book, market = m.book, m.market
        now = self._state.now
        underlying = self._pricer.underlying(market.ticker) if fair is not None else None
        return Snap(
            ts=now,
            market=market,
            bid=book.bid,
            bid_qty=book.bids.get(book.bid, 0),
            ask=book.ask,
            ask_qty=book.asks.get(book.ask, 0),
            last=m.last,
            book_ns=m.book_ns,
            heard_ns=max(m.book_ns, self._heard(market.venue)),
            fair=fair,
            move=underlying.change(now, MOVE_NS) if underlying is not None else None,
            vol=fair.outlook.vol if fair is not None else 0.0,
            nearest=m.nearest,
            fees=self._state.fees.terms(market, now),
            lead=self.lead(market.ticker),
            game=self._pricer.games.snap(market.ticker),
            phrase=self._pricer.mentions.snap(market.ticker),
        )

    def _heard(self, venue: str) -> int:
        """When a venue's stream last said anything; where books are polled each speaks for itself."""
        return 0 if venue in self._config.polled else self._state.heard.get(venue, 0)

    def mine(self, lane: Lane, version: str, ticker: str) -> Mine:
        """What a lane's version holds in a market: its own orders and proposals, and the lane's position."""
        held = lane.account.positions.get(ticker)
        qty = held.qty if held is not None else 0
        return Mine(
            qty,
            self._working(lane, version, ticker),
            average=abs(held.cost) // abs(qty) if held is not None and qty else 0,
            odds=self.odds(lane, version),
            bankroll=self._limits(lane).bankroll,
            room=self._room(lane, ticker),
        )

    def odds(self, lane: Lane, version: str) -> Odds:
        """A lane's record as a maker; one that follows the desk goes by the shadow lane of the same version."""
        shadow = self._state.lanes.get(version)
        if lane.name in FOLLOWERS and shadow is not None:
            lane = shadow
        return record(lane)

    def _working(self, lane: Lane, version: str, ticker: str) -> tuple[Working, ...]:
        """Orders and proposals the version may move: not a person's own, nor what is being replaced already."""
        tickets = self._tickets(lane, version, ticker)
        mine = self._orders.here.get((lane.name, ticker), {}).values()
        replaced = {ticket.replaces for ticket in tickets} | {o.replaces for o in mine if not o.live_ns}
        orders = [_working(o) for o in mine if o.strategy == version and not o.fixed and o.id not in replaced]
        waiting = [
            Working(t.id, t.side, t.price, t.qty, t.rev_ns, ticket=True) for t in tickets if not t.edited
        ]
        return tuple(orders + waiting)

    def _tickets(self, lane: Lane, version: str, ticker: str) -> list[Ticket]:
        if lane.name != DESK:
            return []
        found = [t for t in self._state.tickets.values() if t.market == ticker]
        return [t for t in found if t.strategy == version and t.state == "proposed"]

    def _room(self, lane: Lane, ticker: str) -> int:
        """What the event's share of the bankroll still leaves to put at risk, standing proposals counted as filled."""
        event = event_of(self._state.markets[ticker].market)
        known = self._risk.get((lane.name, event))
        if known is None or known[0] != lane.turn:
            loss = self._gate.exposure(lane.name).loss(event)
            known = self._risk[lane.name, event] = (lane.turn, loss)
        risk = known[1] + (self._proposed(event) if lane.name == DESK else 0)
        limits = self._limits(lane)
        return max(0, int(limits.bankroll * limits.event_share) - risk)

    def _limits(self, lane: Lane) -> Limits | DeskConfig:
        """Those in force where a lane follows the desk; a shadow lane keeps what it started with."""
        return self._gate.limits if lane.name in FOLLOWERS else self._config.desk

    def _proposed(self, event: str) -> int:
        """What the proposals standing in an event would cost."""
        markets = self._state.markets
        return sum(
            cost(t.side, t.price, t.qty)
            for t in self._state.tickets.values()
            if t.state == TicketState.PROPOSED and event_of(markets[t.market].market) == event
        )


def _nobody(_: str) -> Lead | None:
    return None


def record(lane: Lane) -> Odds:
    """What a lane's ended orders came to, shrunk to the prior: the share of quantity filled, and the drift against it."""
    metrics = lane.metrics
    n = metrics.done_orders
    share = metrics.done_filled / metrics.done_qty if metrics.done_qty else PRIOR.fill
    fill = (PRIOR.fill * PRIOR_ORDERS + share * n) / (PRIOR_ORDERS + n)
    lost = metrics.adverse / 2 / PRICE
    adverse = (PRIOR.adverse * PRIOR_QTY + lost) / (PRIOR_QTY + metrics.adverse_qty)
    return Odds(fill, max(0.0, adverse), n)


def _working(order: Own) -> Working:
    return Working(order.id, order.side, order.price, order.remaining, order.sent_ns)
