"""Two-leg trades: raised, decided and ended together, both legs at rest; and what follows when only one is filled.

    both stand              a ticket for each leg; whichever is approved or refused, the other is too
    both work               each is taken back when the pair is no longer worth it
    one has ended unfilled  so does the other
    one has filled more     naked: an alert, and a ticket that rests what is missing at the other venue's best, ahead of
                            all others; it needs no edge and no cap, for it closes what is open
    the naked leg is closed the other leg's orders and hedges end, as far as they are not needed any more
    level again             nothing is left to do

A hedge is a maker's order as any other. Taking the other venue is shown on the screen as information alone.
"""

from collections.abc import Callable

from cockpit.domain.effects import Alert, Effect
from cockpit.domain.orders import TicketState
from cockpit.domain.units import BID, MONEY, PRICE, QTY, SECOND
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
from cockpit.strategies.edges import LIMITS
from cockpit.strategies.spreads.legs import other
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
        """Look after what there is."""
        for name in list(self._state.cross.trades):
            self._watch(name)

    def beat(self) -> None:
        """Propose what is worth it among the pairs that were just reckoned; a market is in one trade at a time."""
        if not self._gate.limits.spreads or self._stopped():
            return
        busy = {market for trade in self._state.cross.trades.values() for market in trade.markets}
        for name in self._spreads.looked:
            pair, found = self._pairs.found.get(name), self._spreads.now.get(name)
            if pair is None or found is None or busy & {pair.a, pair.b} or not self._pairs.confirmed(pair):
                continue
            if self._propose(pair, found):
                busy |= {pair.a, pair.b}

    def _stopped(self) -> bool:
        """Whether nothing is proposed, a hedge neither: the desk was stopped, left alone, or switched off."""
        return self._state.killed or self._state.away or not self._state.lanes[DESK].on

    # ------------------------------------------------------------------ proposing

    def _propose(self, pair: Pair, found: Spread) -> bool:
        """Raise both tickets, where resting both is worth it and each would be sent."""
        way, maker = found.way, found.way.maker
        if maker is None or not maker.size or maker.ev <= 0 or found.stale:
            return False
        terms = self._terms(pair, way, maker)
        if any(self._kept_away(each) for each in terms):
            return False
        cross = self._state.cross
        cross.numbered += 1
        name = f"S-{cross.numbered}"
        a, b = terms
        cross.trades[name] = PairTrade(pair.name, str(way.direction), (a.market, b.market), (a.side, b.side))
        first, second = (
            self._raise(name, i, each, STRATEGY, _reason(found, way, maker)) for i, each in enumerate(terms)
        )
        first.partner, second.partner = second.id, first.id
        for ticket in (first, second):
            self._tell(ticket, maker.after / MONEY / 2)
        return True

    def _terms(self, pair: Pair, way: Way, maker: Maker) -> tuple[Terms, Terms]:
        return (
            Terms(DESK, pair.a, way.side_a, maker.price_a, maker.size, TTL_NS, strategy=STRATEGY),
            Terms(DESK, pair.b, way.side_b, maker.price_b, maker.size, TTL_NS, strategy=STRATEGY),
        )

    def _kept_away(self, terms: Terms) -> bool:
        """Whether a leg was just decided, stands already, closes too soon, or would be refused."""
        state = self._state
        close = state.markets[terms.market].market.close_ns
        if state.quiet.get(_key(terms), 0) > state.now or (close and close - state.now < LIMITS.tau_min_ns):
            return True
        stands = any(
            t.state == TicketState.PROPOSED and t.market == terms.market and t.side == terms.side
            for t in state.tickets.values()
        )
        return stands or bool(self._gate.refusal(terms))

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
        state.cross.trades[trade].legs.append(ticket.id)
        state.cross.legs[ticket.id] = TradeLeg(trade, index, terms.side, terms.price, hedge=strategy == HEDGE)
        return ticket

    def _tell(self, ticket: Ticket, claim: float) -> None:
        snap = self._tickets.snap(ticket.market)
        place = Place(ticket.side, ticket.price, ticket.qty, ticket.ttl_ns, ticket.reason)
        self._tickets.stamp(ticket, snap, place, "", None)
        ticket.claim = claim

    # ------------------------------------------------------------------ looking after

    def _watch(self, name: str) -> None:
        """One trade: what it holds on either venue says what is to be done."""
        trade = self._state.cross.trades[name]
        self._forget_idle(trade)
        over = [i for i in (0, 1) if self._over(trade.markets[i])]
        self._naked(name, trade)
        if over:
            if trade.naked:
                self._alert(
                    f"{name}: {self._venue(trade, over[0])} is settled with {trade.naked / QTY:g} naked"
                )
            self._let_go(name, trade, "its market is settled")
        elif trade.naked:
            self._cover(name, trade)
        else:
            self._level(name, trade)

    def _over(self, market: str) -> bool:
        m = self._state.markets.get(market)
        return m is None or m.settled is not None

    def _naked(self, name: str, trade: PairTrade) -> None:
        """Note how much is naked and since when; tell a person when it begins, grows or turns round."""
        now = self._state.now
        lead, naked = trade.imbalance
        if naked and (naked > trade.naked or lead != trade.lead):
            there, missing = (self._venue(trade, i) for i in (lead, 1 - lead))
            self._alert(
                f"{name} NAKED {naked / QTY:g}: {there} filled, {missing} not; approve the hedge, or unwind, or wait"
            )
        if naked and not trade.since_ns:
            trade.since_ns = now
        elif not naked and trade.since_ns:
            trade.since_ns, trade.stuck = 0, ""
        trade.naked, trade.lead = naked, lead

    def _level(self, name: str, trade: PairTrade) -> None:
        """Nothing is naked: legs rest together or not at all."""
        waiting = self._waiting(trade)
        for ticket in [t for t in waiting if self._state.cross.legs[t.id].hedge]:
            self._tickets.withdraw(ticket, "nothing is naked any more")
            waiting.remove(ticket)
        if waiting:
            return
        here, there = (self._working(trade, i) for i in (0, 1))
        left = [sum(o.remaining for o in orders) for orders in (here, there)]
        if not any(left):
            if not any(ticket in self._state.tickets for ticket in trade.legs):
                self._let_go(name, trade, "")
        elif not all(left) and not self._under_way(trade):
            self._alert(f"{name}: one leg has ended, the other is taken back")
            for order in (*here, *there):
                self._orders.request_cancel(order, "the other leg has ended")
        elif all(left) and left[0] != left[1]:
            self._trim(here if left[0] > left[1] else there, abs(left[0] - left[1]))

    def _cover(self, name: str, trade: PairTrade) -> None:
        """Something is naked: the other side needs that much, and what may still come, and not more."""
        lead = trade.lead
        waiting = [t for t in self._waiting(trade) if self._state.cross.legs[t.id].index != lead]
        orders = self._working(trade, 1 - lead)
        if self._unwinding(trade, lead):
            for ticket in waiting:
                self._tickets.withdraw(ticket, "the naked leg is being closed")
            for order in orders:
                self._orders.request_cancel(order, "the naked leg is being closed")
            return
        there = sum(o.remaining for o in orders)
        needed = trade.naked + sum(o.remaining for o in self._working(trade, lead))
        if there > needed:
            self._trim(orders, there - needed)
        best = self._best(trade, 1 - lead)
        if waiting:
            self._refresh(waiting[0], best, needed - there)
        elif not self._stopped():
            self._hedge(name, trade, best, orders, trade.naked - there)

    def _refresh(self, ticket: Ticket, best: int | None, room: int) -> None:
        """A hedge that waits ends when it is too large by now, or when the market has moved and it was read."""
        replaced = self._orders.index.get(ticket.replaces)
        adds = ticket.qty - (replaced.remaining if replaced is not None else 0)
        if adds > max(0, room):
            self._tickets.withdraw(ticket, "less is naked by now")
        elif best != ticket.price and self._state.now - ticket.rev_ns >= FLEETING_NS:
            self._tickets.withdraw(ticket, "the market moved")

    def _hedge(self, name: str, trade: PairTrade, best: int | None, orders: list[Own], short: int) -> None:
        """Propose what is missing at the best, else to bring forward one order that has fallen behind it."""
        index = 1 - trade.lead
        side = trade.sides[index]
        if best is None:
            self._stuck(name, trade, "no price to rest at")
            return
        behind = next((o for o in orders if (best - o.price) * side > 0), None)
        if short > 0:
            self._rest(name, trade, index, best, short, None)
        elif behind is not None:
            self._rest(name, trade, index, best, min(behind.remaining, trade.naked), behind)

    def _rest(
        self, name: str, trade: PairTrade, index: int, price: int, qty: int, behind: Own | None
    ) -> None:
        market = self._state.markets[trade.markets[index]].market
        qty -= qty % market.lot
        terms = Terms(DESK, market.ticker, trade.sides[index], price, qty, TTL_NS, strategy=HEDGE, hedge=True)
        if self._state.quiet.get(_key(terms), 0) > self._state.now:
            return
        stuck = self._gate.refusal(terms, behind) if qty else "less than a lot"
        self._stuck(name, trade, stuck)
        if stuck:
            return
        numbers = [("naked", trade.naked / QTY), ("naked s", (self._state.now - trade.since_ns) / SECOND)]
        average = trade.average(trade.lead)
        numbers.append(("locks", (PRICE - average - other(terms.side, price)) / PRICE))
        ticket = self._raise(name, index, terms, HEDGE, Reason(HEDGE, tuple(numbers)))
        if behind is not None:
            ticket.replaces, ticket.replaced = behind.id, behind.remaining
        self._tell(ticket, 0.0)

    # ------------------------------------------------------------------ small things

    def _venue(self, trade: PairTrade, index: int) -> str:
        m = self._state.markets.get(trade.markets[index])
        return (m.market.venue if m is not None else "").replace("_", " ") or "a venue"

    def _waiting(self, trade: PairTrade) -> list[Ticket]:
        found = (self._state.tickets.get(name) for name in trade.legs)
        return [t for t in found if t is not None and t.state == TicketState.PROPOSED]

    def _working(self, trade: PairTrade, index: int) -> list[Own]:
        """Orders of one side that have not ended and are not on their way out, oldest first."""
        mine = {name for name in trade.legs if self._state.cross.legs[name].index == index}
        here = self._orders.here.get((DESK, trade.markets[index]), {}).values()
        return [order for order in here if order.ticket in mine and not order.end]

    def _under_way(self, trade: PairTrade) -> bool:
        """Whether a leg is being taken back or replaced at this moment: what becomes of it is not known yet."""
        orders = (self._orders.here.get((DESK, market), {}).values() for market in trade.markets)
        return any(o.ticket in trade.legs and o.end for each in orders for o in each)

    def _unwinding(self, trade: PairTrade, lead: int) -> bool:
        """Whether somebody is closing the naked leg by other orders."""
        here = self._orders.here.get((DESK, trade.markets[lead]), {}).values()
        return any(o.side == -trade.sides[lead] and o.ticket not in trade.legs and not o.end for o in here)

    def _trim(self, orders: list[Own], excess: int) -> None:
        """Take back what is too much, the newest first: in part where the venue lets an order get smaller."""
        for order in reversed(orders):
            if excess <= 0:
                return
            if order.remaining <= excess or not self._gate.amends(order):
                excess -= order.remaining
                self._orders.request_cancel(order, "less is needed")
            else:
                due = self._state.now + self._config.cancel_latency_ns
                self._orders.timer(due, "reduce", f"{order.id} {order.qty - excess}")
                return

    def _best(self, trade: PairTrade, index: int) -> int | None:
        """Where a maker joins a side now; None where nothing can rest."""
        m = self._state.markets[trade.markets[index]]
        if not m.tradable:
            return None
        price = m.book.bid if trade.sides[index] == BID else m.book.ask
        return price if 0 < price < PRICE else None

    def _stuck(self, name: str, trade: PairTrade, why: str) -> None:
        """Say once why no hedge can be proposed."""
        if why and why != trade.stuck:
            self._alert(f"{name} cannot be hedged now: {why}")
        trade.stuck = why

    def _forget_idle(self, trade: PairTrade) -> None:
        """Hedges that ended without a fill are let go, so that a trade naked for hours does not grow."""
        cross, tickets = self._state.cross, self._state.tickets
        for name in [
            n for n in trade.legs if n not in tickets and cross.legs[n].hedge and not cross.legs[n].filled
        ]:
            trade.legs.remove(name)
            del cross.legs[name]

    def _let_go(self, name: str, trade: PairTrade, why: str) -> None:
        """Nothing of a trade is left: its pair is not proposed again for a while."""
        for ticket in self._waiting(trade):
            if ticket.state == TicketState.PROPOSED:
                self._tickets.withdraw(ticket, why)
        for i in (0, 1):
            for order in self._working(trade, i):
                self._orders.request_cancel(order, why)
            self._tickets.hush(STRATEGY, trade.markets[i], trade.sides[i], AGAIN_NS)
        for ticket_id in trade.legs:
            del self._state.cross.legs[ticket_id]
        del self._state.cross.trades[name]

    def _alert(self, text: str) -> None:
        self._emit(Alert(self._state.now, "naked", text))


def _key(terms: Terms) -> str:
    return f"{terms.strategy} {terms.market} {terms.side}"


def _reason(found: Spread, way: Way, maker: Maker) -> Reason:
    """The numbers a person decides by."""
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
