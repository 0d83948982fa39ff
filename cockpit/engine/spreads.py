"""Every pair reckoned once a second: what both ways net, how far the venues stand apart, and whether that is believed.

A confirmed pair whose books could be crossed for more than fees and settlement basis is a disagreement: one of the two
venues is wrong, or we are. Until a person has acknowledged it, nothing is approved in either market.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cockpit.domain.markets import Market
from cockpit.domain.units import PRICE, UNDERLYING
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.cross import PairTrade, TradeLeg
from cockpit.engine.fair import Pricer
from cockpit.engine.pairs import Pair, Pairs
from cockpit.engine.snaps import Snaps
from cockpit.engine.state import MarketState, State
from cockpit.strategies.base import Odds
from cockpit.strategies.spreads.basket import Basket, baskets
from cockpit.strategies.spreads.legs import Direction, Haircut, Leg, Levels, other
from cockpit.strategies.spreads.pair import Spread, spread
from cockpit.strategies.spreads.rest import Maker
from cockpit.strategies.spreads.settlement import settlement

DEPTH = 40
"""Levels looked at on each side."""
MOST_IN_BASKET = 80
WORSE = 200
"""A disagreement that grows by this after it was acknowledged is a new one: two cents, in price units."""
_INFINITE = 1 << 62
_SEAM = UNDERLYING // 100
STRATEGY = "spread"
"""What the tickets of two-leg trades go by."""


class Spreads:
    """Reckons the pairs, over the engine's state."""

    def __init__(
        self, state: State, config: EngineConfig, pairs: Pairs, pricer: Pricer, snaps: Snaps
    ) -> None:
        self._state = state
        self._config = config
        self._pairs = pairs
        self._pricer = pricer
        self._snaps = snaps
        self.now: dict[str, Spread] = {}
        """As of the last second, by pair."""
        self.sets: list[tuple[str, Basket]] = []
        """Baskets within one venue by event, as of the last second."""

    def second(self) -> None:
        """Reckon all pairs anew; note how far they stand apart, and which opportunities stand."""
        self.now = {}
        odds = self._snaps.odds(self._state.lanes[DESK], STRATEGY)
        for name in self._pairs.names:
            pair = self._pairs.found[name]
            found = self._reckon(pair, odds)
            if found is not None:
                self.now[name] = found
                self._note(pair, found)
        self._forget_gone()
        self.sets = [*self._baskets(odds)]

    def fresh(self, pair: Pair) -> Spread | None:
        """A pair at this very moment; changes nothing. None while one of the books is not believed."""
        return self._reckon(pair, self._snaps.odds(self._state.lanes[DESK], STRATEGY))

    def haircut(self, pair: Pair) -> Haircut:
        """What the settlement basis of a pair is taken to cost."""
        one, other = self._pairs.contract(pair.a), self._pairs.contract(pair.b)
        assert one is not None  # a pair is only kept while both its markets' terms are
        assert other is not None
        fair = self._pricer.fair(pair.a)
        return settlement(
            pair.how, (one, other), self._pricer.contract(pair.a), fair.outlook if fair is not None else None
        )

    def worth(self, leg: TradeLeg, *, entering: bool) -> str:
        """Why a leg is not worth resting any more; empty where it is. One whose trade is naked rests on."""
        trade = self._state.cross.trades.get(leg.trade)
        pair = self._pairs.found.get(trade.pair) if trade is not None else None
        if trade is None or pair is None:
            return "its pair is gone"
        if leg.hedge or trade.naked:
            return ""
        if not self._pairs.confirmed(pair):
            return "its pair is no longer confirmed"
        found = self.fresh(pair)
        if found is None:
            return "a book of its pair is not believed"
        if found.stale:
            return "a quote of its pair is too old" if entering else ""
        way = found.buy if trade.direction == Direction.BUY else found.sell
        return "" if way.maker is not None and self._least_ev(trade, way.maker) > 0 else "edge gone"

    def _least_ev(self, trade: PairTrade, maker: Maker) -> float:
        """What a leg is expected to earn at its own price, the other at the best it can now be had: the worse of the two.

        The books may have moved since the two were priced; a leg that is filled is hedged at the best there is then.
        """
        legs = [self._state.cross.legs[ticket] for ticket in trade.legs[:2]]
        dearer = [
            other(leg.side, leg.price) - other(leg.side, best)
            for leg, best in zip(legs, (maker.price_a, maker.price_b), strict=True)
        ]
        return maker.ev - maker.p_both * max(dearer) / PRICE

    # ------------------------------------------------------------------ disagreements

    def disagreement(self, pair: Pair, found: Spread | None) -> str:
        """How far a confirmed pair's venues disagree beyond fees and basis, in words; empty while they do not."""
        if found is None or not self._pairs.confirmed(pair):
            return ""
        ways = [way for way in (found.buy, found.sell) if way.arbitrage]
        if not ways:
            return ""
        gap = max(way.gap or 0 for way in ways)
        return f"venues disagree by {gap / 100:g}c at the touch"

    def acknowledged(self, pair: Pair, found: Spread | None) -> bool:
        """Whether a person has seen a disagreement of this size."""
        seen = self._state.cross.acknowledged.get(pair.name)
        if seen is None or found is None or found.mid_gap is None:
            return False
        return found.mid_gap * seen > 0 and abs(found.mid_gap) <= abs(seen) + WORSE

    def acknowledge(self, name: str) -> str | None:
        """A person has seen it: empty, else the reason why there is nothing to see; None for an unknown pair."""
        pair = self._pairs.found.get(name)
        if pair is None:
            return None
        found = self.fresh(pair)
        if found is None or found.mid_gap is None or not self.disagreement(pair, found):
            return "the venues do not disagree here"
        self._state.cross.acknowledged[name] = found.mid_gap
        return ""

    def blocks(self, ticker: str) -> str:
        """Why nothing is approved in a market now; empty where its venues agree, or a person knows they do not."""
        for pair in self._pairs.of(ticker):
            found = self.fresh(pair) if self._pairs.confirmed(pair) else None
            why = self.disagreement(pair, found)
            if why and not self.acknowledged(pair, found):
                return f"{why}: acknowledge it on Spreads"
        return ""

    # ------------------------------------------------------------------ one pair

    def _note(self, pair: Pair, found: Spread) -> None:
        cross, name = self._state.cross, pair.name
        if not found.stale and found.mid_gap is not None:
            cross.gaps.seconds += 1
            cross.gaps.total += abs(found.mid_gap)
        seems = any((way.net or 0) > 0 for way in (found.buy, found.sell))
        each = self.haircut(pair).each if seems else 0
        for way in (found.buy, found.sell):
            net = None if way.net is None else way.net - each
            cross.opportunities.note(
                name, way.direction, net, way.taker.clear, self._state.now, fresh=not found.stale
            )
        if name in cross.acknowledged and not (found.buy.arbitrage or found.sell.arbitrage):
            del cross.acknowledged[name]

    def _forget_gone(self) -> None:
        opportunities = self._state.cross.opportunities
        gone = {key.rpartition(" ")[0] for key in opportunities.watches} - self._pairs.found.keys()
        for name in sorted(gone):
            opportunities.end(name, "market over")

    def _baskets(self, odds: Odds) -> Iterator[tuple[str, Basket]]:
        """Every NO of an exclusive event, and every YES where its ladder leaves no gap: one missing is a bet."""
        events: dict[str, list[MarketState]] = {}
        for m in self._state.markets.values():
            group = self._state.groups.get(m.market.event)
            if group is not None and group.exclusive and _quoted(m) and m.has_book:
                events.setdefault(m.market.event, []).append(m)
        for event, members in events.items():
            if 2 <= len(members) <= MOST_IN_BASKET:
                legs = [self._leg(m, odds) for m in members]
                whole = exhaustive([m.market for m in members])
                for basket in baskets(legs, exclusive=True, exhaustive=whole, params=self._config.spreads):
                    yield event, basket

    def _reckon(self, pair: Pair, odds: Odds) -> Spread | None:
        markets = self._state.markets
        a, b = markets.get(pair.a), markets.get(pair.b)
        if a is None or b is None or not (_quoted(a) and _quoted(b)):
            return None
        now = self._state.now
        return spread(
            self._leg(a, odds), self._leg(b, odds), pair.how.polarity, self.haircut(pair), now,
            self._config.spreads,
        )  # fmt: skip

    def _leg(self, m: MarketState, odds: Odds) -> Leg:
        market = m.market
        bids, asks = levels(m)
        return Leg(
            market=market.ticker,
            venue=market.venue,
            bids=bids,
            asks=asks,
            terms=self._state.fees.terms(market, self._state.now),
            quote_ns=self.heard(m),
            grid=market.grid,
            least=market.least,
            lot=market.lot,
            settle_ns=market.expected_ns or market.close_ns,
            fill=odds.fill,
            adverse=odds.adverse,
        )

    def heard(self, m: MarketState) -> int:
        """When something last said that the book stands: where a venue streams, its stream speaks for all of them."""
        if not m.has_book:
            return m.quote.ts if m.quote is not None else 0
        if m.market.venue in self._config.polled:
            return m.book_ns
        return max(m.book_ns, self._state.heard.get(m.market.venue, 0))


def levels(m: MarketState) -> tuple[Levels, Levels]:
    """A market's best levels, bids and asks; of one that only quotes its top, that, with whatever size it states."""
    if not m.has_book:
        quote = m.quote
        if quote is None:
            return (), ()
        bid = ((quote.bid, quote.bid_qty),) if quote.bid > 0 else ()
        ask = ((quote.ask, quote.ask_qty),) if quote.ask < PRICE else ()
        return bid, ask
    bids, asks = m.book.bids, m.book.asks
    return (
        tuple((price, bids[price]) for price in sorted(bids, reverse=True)[:DEPTH]),
        tuple((price, asks[price]) for price in sorted(asks)[:DEPTH]),
    )


def exhaustive(markets: Sequence[Market]) -> bool:
    """Whether a ladder of strikes covers every value: from below all to above all, each beginning where one ends.

    Bounds that are both included (99.99 and 100 at two decimals) lie one unit of their last decimal apart.
    """
    spans = sorted(
        (m.floor if m.floor is not None else -_INFINITE, m.cap if m.cap is not None else _INFINITE)
        for m in markets
    )
    if not spans or spans[0][0] != -_INFINITE or spans[-1][1] != _INFINITE:
        return False
    return all(0 <= after[0] - before[1] <= _SEAM for before, after in pairwise(spans))


def _quoted(m: MarketState) -> bool:
    """Whether a book is there and believed."""
    return (m.has_book or m.quote is not None) and not m.doubt and not m.closed
