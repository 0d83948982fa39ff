"""Markets as their venues list, change, halt, close and settle them."""

from collections.abc import Callable

import msgspec

from cockpit.domain.effects import Effect, MarketBooked
from cockpit.domain.events import EventListed, FeeScheduled, MarketChanged, MarketSettled, SeriesListed
from cockpit.domain.fees import Dated
from cockpit.domain.markets import Market, MarketStatus
from cockpit.engine.fair import Pricer
from cockpit.engine.orders import Orders
from cockpit.engine.pairs import Pairs
from cockpit.engine.state import MarketState, State
from cockpit.engine.tickets import Tickets


class Listings:
    """Takes over what venues say of their markets, and what follows from it for orders and money."""

    def __init__(
        self,
        state: State,
        orders: Orders,
        tickets: Tickets,
        pricer: Pricer,
        pairs: Pairs,
        emit: Callable[[Effect], None],
    ) -> None:
        self._state = state
        self._orders = orders
        self._tickets = tickets
        self._pricer = pricer
        self._pairs = pairs
        self._emit = emit

    def listed(self, market: Market) -> None:
        """A market in full."""
        m = self._state.meet(market.ticker)
        m.listed_ns = self._state.now
        m.listed = True
        self._take(m, market)

    def changed(self, event: MarketChanged) -> None:
        """Some of a market's fields; of a market nobody here knows nothing is kept."""
        m = self._state.markets.get(event.ticker)
        if m is None:
            return
        fields = {
            name: value
            for name in ("status", "open_ns", "close_ns", "floor", "cap", "strike_type", "subtitle", "grid")
            if (value := getattr(event, name)) is not None
        }
        self._take(m, msgspec.structs.replace(m.market, **fields))

    def _take(self, m: MarketState, market: Market) -> None:
        """Take over a market's newest record: a halt ends its orders, a new close time gets its timer."""
        before, m.market = m.market, market
        self._pricer.listed(m)
        if market.status != before.status and not m.changed:
            m.changed = True
            self._state.changed.append(market.ticker)
        if before.status == MarketStatus.ACTIVE and market.status not in (
            MarketStatus.ACTIVE,
            MarketStatus.UNKNOWN,
        ):
            self.end(m, f"market {market.status}")
        if market.close_ns and market.close_ns != before.close_ns:
            m.closed = m.settled is not None or (m.closed and market.close_ns <= self._state.now)
            self._orders.timer(max(market.close_ns, self._state.now), "close", market.ticker)
        if market.clear_ns > self._state.now and market.clear_ns != before.clear_ns:
            self._orders.timer(market.clear_ns, "clear", market.ticker)
        self._pairs.listed(m)

    def grouped(self, event: EventListed) -> None:
        """An event's own record, which says what its markets have in common."""
        group = event.group
        if self._state.groups.get(group.ticker) == group:
            return
        self._state.groups[group.ticker] = group
        for m in self._state.markets.values():
            if m.market.event == group.ticker:
                self._pricer.grouped(m)
                self._pairs.listed(m)

    def charged(self, event: SeriesListed | FeeScheduled) -> None:
        """Fee terms of a series, or of what a schedule names from a moment on."""
        fees = self._state.fees
        if isinstance(event, SeriesListed):
            series = event.series
            fees.add("series", series.ticker, Dated(0, series.fee_type or None, series.fee_multiplier))
            return
        dated = Dated(event.from_ns, event.fee_type, event.fee_multiplier)
        (fees.observe if event.from_ns == event.ts else fees.add)(event.scope, event.ticker, dated)

    def clear(self, ticker: str) -> None:
        """The venue takes every resting order back now, unless the moment was moved; trading goes on."""
        m = self._state.markets.get(ticker)
        if m is not None and m.market.clear_ns == self._state.now:
            self.end(m, "book cleared at the start")

    def close(self, ticker: str) -> None:
        """The close time came, unless it was moved or the market is gone."""
        m = self._state.markets.get(ticker)
        if m is None:
            return
        if m.market.close_ns and m.market.close_ns <= self._state.now:
            m.closed = True
            self._pairs.ended(ticker)
            self.end(m, "market closed")

    def settled(self, event: MarketSettled) -> None:
        """A settlement state: every lane books it; of a market nobody here knows nothing is kept."""
        m = self._state.markets.get(event.ticker)
        if m is None or m.settled == (event.state, event.value):
            return
        m.settled, m.settled_ns = (event.state, event.value), self._state.now
        m.closed = True
        self._pricer.ended(m)
        self._pairs.ended(event.ticker)
        self.end(m, "market settled")
        for lane in self._state.lanes.values():
            held = lane.account.settle(event)
            if held is not None:
                self._emit(
                    MarketBooked(self._state.now, lane.name, event.ticker, event.state, held.value, held.net)
                )
                self._orders.position_changed(lane, event.ticker, held)

    def end(self, m: MarketState, reason: str) -> None:
        """Every order and every proposal in a market ends."""
        self._tickets.withdraw_all(reason, m.market.ticker)
        self._orders.cancel_market(m, reason)
