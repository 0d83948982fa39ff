"""Two-leg trades: raised, decided and ended together, both legs at rest; and what follows when only one is filled.

    both stand            a ticket for each leg; whichever is approved or refused, the other is too
    both work             each is taken back when the pair is no longer worth it
    one has filled more   naked: an alert, and a ticket that rests the difference at the other venue's best,
                          ahead of all others; it needs no edge, for it closes what is open
    level again           nothing is left to do

A hedge is a maker's order as any other. Taking the other venue is shown on the screen as information alone.
"""

from collections.abc import Callable

from cockpit.domain.effects import Alert, Effect
from cockpit.domain.orders import TicketState
from cockpit.domain.units import BID, MONEY, QTY, SECOND
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.cross import PairTrade, TradeLeg
from cockpit.engine.gate import Gate
from cockpit.engine.orders import Orders
from cockpit.engine.pairs import Pair, Pairs
from cockpit.engine.queue import Own
from cockpit.engine.spreads import STRATEGY, Spreads
from cockpit.engine.state import State, Ticket
from cockpit.engine.terms import Terms
from cockpit.engine.tickets import Tickets
from cockpit.strategies.base import Place, Reason
from cockpit.strategies.spreads.pair import Spread, Way
from cockpit.strategies.spreads.rest import Maker

HEDGE = "hedge"
"""What the tickets of a naked leg's other side go by."""
TTL_NS = 600 * SECOND
"""How long a leg rests at most."""
FLEETING_NS = 3 * SECOND
"""How long a hedge's terms stand before they follow the market: what changes faster cannot be read."""
AGAIN_NS = 60 * SECOND
"""How long a two-leg trade that ended is not proposed again."""


class Legs:
    """Two-leg trades, over the engine's state."""

    def __init__(
        self,
        state: State,
        config: EngineConfig,
        orders: Orders,
        gate: Gate,
        tickets: Tickets,
        pairs: Pairs,
        spreads: Spreads,
        emit: Callable[[Effect], None],
    ) -> None:
        self._state = state
        self._config = config
        self._orders = orders
        self._gate = gate
        self._tickets = tickets
        self._pairs = pairs
        self._spreads = spreads
        self._emit = emit

    def second(self) -> None:
        """Look after what there is, then propose what is worth it."""
        for name in list(self._state.cross.trades):
            self._watch(name)
        if not self._config.desk.spreads or self._state.killed or self._state.away:
            return
        busy = {trade.pair for trade in self._state.cross.trades.values()}
        for name, found in self._spreads.now.items():
            pair = self._pairs.found[name]
            if name not in busy and self._pairs.confirmed(pair):
                self._propose(pair, found)

    # ------------------------------------------------------------------ proposing

    def _propose(self, pair: Pair, found: Spread) -> None:
        """Raise both tickets, where resting both is worth it and each would be sent."""
        way, maker = found.way, found.way.maker
        if maker is None or not maker.size or maker.ev <= 0 or found.stale:
            return
        terms = self._terms(pair, way, maker)
        if any(self._state.quiet.get(_key(each), 0) > self._state.now for each in terms):
            return
        if any(self._stands(each) or self._gate.refusal(each) for each in terms):
            return
        cross = self._state.cross
        cross.numbered += 1
        name = f"S-{cross.numbered}"
        cross.trades[name] = PairTrade(pair.name, str(way.direction))
        first, second = (
            self._raise(name, i, each, STRATEGY, _reason(found, way)) for i, each in enumerate(terms)
        )
        first.partner, second.partner = second.id, first.id
        for ticket in (first, second):
            self._tell(ticket, maker.after / MONEY / 2)

    def _terms(self, pair: Pair, way: Way, maker: Maker) -> tuple[Terms, Terms]:
        return (
            Terms(DESK, pair.a, way.side_a, maker.price_a, maker.size, TTL_NS, strategy=STRATEGY),
            Terms(DESK, pair.b, way.side_b, maker.price_b, maker.size, TTL_NS, strategy=STRATEGY),
        )

    def _stands(self, terms: Terms) -> bool:
        return any(
            t.state == TicketState.PROPOSED and t.market == terms.market and t.side == terms.side
            for t in self._state.tickets.values()
        )

    def _raise(self, trade: str, index: int, terms: Terms, strategy: str, reason: Reason) -> Ticket:
        """A ticket for one leg; told of once its partner is known."""
        state, now = self._state, self._state.now
        state.ticketed += 1
        ticket = Ticket(
            id=f"T-{state.ticketed}", strategy=strategy, market=terms.market, side=terms.side, price=terms.price,
            qty=terms.qty, ttl_ns=terms.ttl_ns, raised_ns=now, expires_ns=now + self._config.desk.life_ns,
            reason=reason,
        )  # fmt: skip
        state.tickets[ticket.id] = ticket
        state.lanes[DESK].metrics.tickets += 1
        hedge = strategy == HEDGE
        state.cross.trades[trade].legs.append(ticket.id)
        state.cross.legs[ticket.id] = TradeLeg(
            trade, index, terms.market, terms.side, terms.price, terms.qty, hedge=hedge
        )
        return ticket

    def _tell(self, ticket: Ticket, claim: float) -> None:
        snap = self._tickets.snap(ticket.market)
        place = Place(ticket.side, ticket.price, ticket.qty, ticket.ttl_ns, ticket.reason)
        self._tickets.stamp(ticket, snap, place, "", None)
        ticket.claim = claim

    # ------------------------------------------------------------------ looking after

    def _watch(self, name: str) -> None:
        """One trade: let go when nothing of it is left, else see whether a leg is naked."""
        trade = self._state.cross.trades[name]
        filled = [0, 0]
        for ticket in trade.legs:
            leg = self._state.cross.legs[ticket]
            filled[leg.index] += leg.filled
        lead = 0 if filled[0] >= filled[1] else 1
        naked = min(abs(filled[0] - filled[1]), self._held(trade, lead))
        self._naked(name, trade, lead, naked)
        if naked:
            self._hedge(name, trade)
        elif not any(ticket in self._state.tickets for ticket in trade.legs):
            self._let_go(name, trade)

    def _held(self, trade: PairTrade, index: int) -> int:
        """What the desk still holds of the leg that has more: a person may have closed it by hand."""
        leg = self._leg(trade, index)
        held = self._state.lanes[DESK].account.positions.get(leg.market)
        m = self._state.markets.get(leg.market)
        if held is None or m is None or m.closed:
            return 0
        return max(0, held.qty * leg.side)

    def _leg(self, trade: PairTrade, index: int) -> TradeLeg:
        legs = (self._state.cross.legs[ticket] for ticket in trade.legs)
        return next(leg for leg in legs if leg.index == index)

    def _naked(self, name: str, trade: PairTrade, lead: int, naked: int) -> None:
        """Note how much is naked and since when; tell a person when it begins and when it grows."""
        now = self._state.now
        if naked > trade.naked:
            leg, other = self._leg(trade, lead), self._leg(trade, 1 - lead)
            self._emit(
                Alert(
                    now, "naked",
                    f"{name} NAKED {naked / QTY:g}: {leg.market} filled, {other.market} not; "
                    "approve the hedge, or unwind, or wait",
                )
            )  # fmt: skip
        if naked and not trade.since_ns:
            trade.since_ns = now
        elif not naked and trade.since_ns:
            trade.total_ns += now - trade.since_ns
            trade.since_ns = 0
        trade.naked, trade.lead = naked, lead

    def _hedge(self, name: str, trade: PairTrade) -> None:
        """Keep a ticket up that rests what is naked at the best of the other venue."""
        state = self._state
        index = 1 - trade.lead
        waiting = [state.tickets[t] for t in trade.legs if t in state.tickets]
        mine = [t for t in waiting if state.cross.legs[t.id].index == index]
        proposed = next((t for t in mine if t.state == TicketState.PROPOSED), None)
        working = [o for t in mine if (o := self._orders.index.get(t.order)) is not None and not o.end]
        best = self._best(trade, index)
        if proposed is not None:
            if best != proposed.price and state.now - proposed.rev_ns >= FLEETING_NS:
                self._tickets.withdraw(proposed, "the market moved")
            return
        if best is None or state.killed or state.away:
            return
        there = sum(o.remaining for o in working if o.price == best)
        qty = trade.naked - there
        behind = next((o for o in working if o.price != best), None)
        if qty > 0:
            self._rest(name, trade, index, best, qty, behind)

    def _rest(
        self, name: str, trade: PairTrade, index: int, price: int, qty: int, behind: Own | None
    ) -> None:
        leg = self._leg(trade, index)
        market = self._state.markets[leg.market].market
        qty -= qty % market.lot
        terms = Terms(DESK, leg.market, leg.side, price, qty, TTL_NS, strategy=HEDGE)
        if qty <= 0 or self._state.quiet.get(_key(terms), 0) > self._state.now:
            return
        stuck = self._gate.refusal(terms, behind)
        if stuck != trade.stuck and stuck:
            self._emit(Alert(self._state.now, "naked", f"{name} cannot be hedged now: {stuck}"))
        trade.stuck = stuck
        if stuck:
            return
        reason = Reason("hedge", (("naked", trade.naked / QTY), ("naked s", self._naked_s(trade))))
        ticket = self._raise(name, index, terms, HEDGE, reason)
        if behind is not None:
            ticket.replaces, ticket.replaced = behind.id, behind.remaining
        self._tell(ticket, 0.0)

    def _naked_s(self, trade: PairTrade) -> float:
        return (self._state.now - trade.since_ns) / SECOND if trade.since_ns else 0.0

    def _best(self, trade: PairTrade, index: int) -> int | None:
        """Where a maker joins the leg's side now."""
        leg = self._leg(trade, index)
        m = self._state.markets.get(leg.market)
        if m is None or not m.tradable:
            return None
        return m.book.bid if leg.side == BID else m.book.ask

    def _let_go(self, name: str, trade: PairTrade) -> None:
        """Nothing of a trade is left: its pair is not proposed again for a while."""
        for ticket in trade.legs:
            leg = self._state.cross.legs.pop(ticket)
            self._tickets.hush(STRATEGY, leg.market, leg.side, AGAIN_NS)
        del self._state.cross.trades[name]


def _key(terms: Terms) -> str:
    return f"{terms.strategy} {terms.market} {terms.side}"


def _reason(found: Spread, way: Way) -> Reason:
    """The numbers a person decides by."""
    maker = way.maker
    assert maker is not None
    numbers: list[tuple[str, int | float]] = [
        ("net", maker.net / MONEY), ("after basis", maker.after / MONEY), ("ev", maker.ev),
        ("p both", maker.p_both), ("naked worst", maker.naked / MONEY), ("capital", maker.capital / MONEY),
        ("loss a", maker.loss_a), ("loss b", maker.loss_b),
    ]  # fmt: skip
    if maker.annual is not None:
        numbers.append(("annual", maker.annual))
    if way.hedged is not None:
        numbers.append(("taker hedge ev, information", way.hedged))
    if found.days is not None:
        numbers.append(("days", found.days))
    return Reason("spread", tuple(numbers))
