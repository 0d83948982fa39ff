"""Every pair reckoned once a second: what both ways net, how far the venues stand apart, and whether that is believed.

A confirmed pair whose books could be crossed for more than fees and settlement basis is a disagreement: one of the two
venues is wrong, or we are. Until a person has acknowledged it, nothing is approved in either market.
"""

from collections.abc import Sequence
from itertools import pairwise

from cockpit.domain.markets import Market
from cockpit.domain.units import MONEY, PRICE, QTY, SECOND, UNDERLYING
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.cross import PairTrade, TradeLeg
from cockpit.engine.fair import Pricer
from cockpit.engine.pairs import Pair, Pairs, PairState
from cockpit.engine.snaps import Snaps
from cockpit.engine.state import MarketState, State
from cockpit.strategies.base import Odds
from cockpit.strategies.spreads.basket import Basket, baskets
from cockpit.strategies.spreads.legs import Direction, Haircut, Leg, Levels, other
from cockpit.strategies.spreads.pair import Spread, Way, spread
from cockpit.strategies.spreads.rest import Maker
from cockpit.strategies.spreads.settlement import settlement

DEPTH = 40
"""Levels looked at on each side."""
MOST_IN_BASKET = 80
SHARES = 4
"""Beats over which the pairs are spread, so that none holds the loop up."""
SHARES_WITHIN = 20
"""Beats over which the events of single venues are."""
WORSE = 200
"""A disagreement that grows by this after it was acknowledged is a new one: two cents, in price units."""
REMEMBERED_NS = 60 * SECOND
"""How long an acknowledgement outlives its disagreement: one that flickers is one."""
_INFINITE = 1 << 62
_SEAM = UNDERLYING // 100
STRATEGY = "spread"
"""What the tickets of two-leg trades go by."""


Top = tuple[int, int]


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
        """As of within the last second, by pair; for the eye alone: whoever decides looks afresh."""
        self.looked: list[str] = []
        """Pairs reckoned on the present beat: of these `now` is as of now."""
        self.tops: dict[str, tuple[Top, Top]] = {}
        """Best bid and ask of both markets at that moment, each in its own terms; price units."""
        self.sets: dict[str, tuple[Basket, ...]] = {}
        """Baskets within one venue by event, as of within the last seconds; for the eye alone."""
        self._events: dict[str, list[str]] = {}

    def beat(self, before: int) -> None:
        """Reckon a share of the pairs anew, all of them each second; note how far they stand apart.

        Args:
            before: number of the last beat there was: with little to hear several beats are one.
        """
        odds, beat = self._odds(), self._state.beat
        shares = _shares(before, beat, SHARES)
        self.looked = [name for share in shares for name in self._pairs.names[share::SHARES]]
        for name in self.looked:
            self._look(name, odds)
        for share in _shares(before, beat, SHARES_WITHIN):
            self._look_within(odds, share)

    def _look(self, name: str, odds: Odds) -> None:
        pair = self._pairs.found[name]
        found = self._reckon(pair, odds)
        if found is None:
            self.now.pop(name, None)
            return
        markets = self._state.markets
        self.now[name], self.tops[name] = found, (_top(markets[pair.a]), _top(markets[pair.b]))
        self._note(pair, found)

    def fresh(self, pair: Pair) -> Spread | None:
        """A pair at this very moment; changes nothing. None while one of the books is not believed."""
        return self._reckon(pair, self._odds())

    def haircut(self, pair: Pair) -> Haircut:
        """What the settlement basis of a pair is taken to cost."""
        one, other = self._pairs.contract(pair.a), self._pairs.contract(pair.b)
        assert one is not None  # a pair is only kept while both its markets' terms are
        assert other is not None
        fair = self._pricer.fair(pair.a)
        return settlement(
            pair.how,
            (one, other),
            self._pricer.contract(pair.a),
            fair.settlement if fair is not None else None,
        )

    def worth(self, leg: TradeLeg, *, entering: bool) -> str:
        """Why a leg is not worth resting any more; empty where it is. What covers a naked leg rests on."""
        trade = self._state.cross.trades[leg.trade]
        if leg.hedge or (trade.naked and leg.index != trade.lead):
            return ""
        pair = self._pairs.found.get(trade.pair)
        if pair is None:
            return "its pair is gone"
        if not self._pairs.confirmed(pair):
            return "its pair is no longer confirmed"
        found = self.fresh(pair)
        if found is None:  # what is in doubt for longer ends by the rules of doubt
            return "a book of its pair is not believed" if entering else ""
        if found.stale:
            return "a quote of its pair is too old" if entering else ""
        way = found.buy if trade.direction == Direction.BUY else found.sell
        return "" if way.maker is not None and self._least_ev(trade, way.maker) > 0 else "edge gone"

    def _least_ev(self, trade: PairTrade, maker: Maker) -> float:
        """What the legs are expected to earn at their own prices: both so, or one and the other at the best there is.

        The books may have moved since the two were priced: of a leg filled at its own price the other is rested at the
        best by then. The worst of the three counts.
        """
        odds = self._odds()
        legs = [self._state.cross.legs[ticket] for ticket in trade.legs[:2]]
        dearer = [
            odds.fill * (other(leg.side, leg.price) - other(leg.side, best)) / PRICE
            for leg, best in zip(legs, (maker.price_a, maker.price_b), strict=True)
        ]
        return maker.ev - max(*dearer, sum(dearer))

    def _odds(self) -> Odds:
        return self._snaps.odds(self._state.lanes[DESK], STRATEGY)

    # ------------------------------------------------------------------ disagreements

    def disagreement(self, pair: Pair) -> str:
        """How far a confirmed pair's venues disagree beyond fees and basis, in words; empty while they do not.

        It stands from one fresh look to the next: a quote that grows old settles nothing.
        """
        gap = self._state.cross.disagree.get(pair.name, 0)
        return (
            f"venues disagree by {gap / 100:g}c at the touch" if gap and self._pairs.confirmed(pair) else ""
        )

    def acknowledged(self, pair: Pair) -> bool:
        """Whether a person has seen a disagreement of this size."""
        cross = self._state.cross
        seen = cross.acknowledged.get(pair.name)
        return seen is not None and cross.disagree.get(pair.name, 0) <= seen[0] + WORSE

    def acknowledge(self, name: str) -> str | None:
        """A person has seen it: empty, else the reason why there is nothing to see; None for an unknown pair."""
        pair = self._pairs.found.get(name)
        if pair is None:
            return None
        if not self.disagreement(pair):
            return "the venues do not disagree here"
        self._state.cross.acknowledged[name] = (self._state.cross.disagree[name], self._state.now)
        return ""

    def blocks(self, ticker: str) -> str:
        """Why nothing is approved in a market now; empty where its venues agree, or a person knows they do not."""
        for pair in self._pairs.of(ticker):
            gap = self._gap(pair, self.fresh(pair)) if self._pairs.confirmed(pair) else 0
            seen = self._state.cross.acknowledged.get(pair.name)
            if gap and (seen is None or gap > seen[0] + WORSE):
                return f"venues disagree by {gap / 100:g}c at the touch: acknowledge it on Spreads"
        return ""

    def _gap(self, pair: Pair, found: Spread | None) -> int:
        """By how much a pair's books could be crossed beyond fees and basis: as of now, or when it was last known."""
        if found is None or found.stale:
            return self._state.cross.disagree.get(pair.name, 0)
        return max((way.gap or 0 for way in (found.buy, found.sell) if _worth_a_word(way)), default=0)

    # ------------------------------------------------------------------ one pair

    def _note(self, pair: Pair, found: Spread) -> None:
        cross, name = self._state.cross, pair.name
        if self._pairs.state_of(pair) is PairState.REFUSED:
            return
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
        gap, seen = self._gap(pair, found), cross.acknowledged.get(name)
        if gap:
            cross.disagree[name] = gap
            if seen is not None:
                cross.acknowledged[name] = (seen[0], self._state.now)
        else:
            cross.disagree.pop(name, None)
            if seen is not None and self._state.now - seen[1] > REMEMBERED_NS:
                del cross.acknowledged[name]

    def _forget_gone(self) -> None:
        cross, known = self._state.cross, self._pairs.found.keys()
        gone = {key.rpartition(" ")[0] for key in cross.opportunities.watches} - known
        for name in sorted(gone):
            cross.opportunities.end(name, "market over")
        for name in [name for name in (*cross.disagree, *cross.acknowledged) if name not in known]:
            cross.disagree.pop(name, None)
            cross.acknowledged.pop(name, None)
        self.now = {name: found for name, found in self.now.items() if name in known}
        self.tops = {name: tops for name, tops in self.tops.items() if name in known}

    def _look_within(self, odds: Odds, share: int) -> None:
        """Every NO of an exclusive event, and every YES where its ladder leaves no gap: one missing is a bet."""
        groups = self._state.groups
        if not share:
            self._forget_gone()
            self._events = {}
            for m in self._state.markets.values():
                group = groups.get(m.market.event)
                if group is not None and group.exclusive and m.has_book and not m.closed:
                    self._events.setdefault(m.market.event, []).append(m.market.ticker)
            self.sets = {event: sets for event, sets in self.sets.items() if event in self._events}
        for event in list(self._events)[share::SHARES_WITHIN]:
            markets = self._state.markets
            found = (markets.get(name) for name in self._events[event])
            members = [each for each in found if each is not None and _quoted(each)]
            self.sets[event] = self._baskets(members, odds)

    def _baskets(self, members: list[MarketState], odds: Odds) -> tuple[Basket, ...]:
        if not 2 <= len(members) <= MOST_IN_BASKET:
            return ()
        legs = [self._leg(m, odds) for m in members]
        whole = exhaustive([m.market for m in members])
        return baskets(legs, exclusive=True, exhaustive=whole, params=self._config.spreads)

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


def _shares(before: int, beat: int, n: int) -> list[int]:
    """Which of n shares fall to the beats after ``before`` up to ``beat``, each once."""
    return [number % n for number in range(max(before + 1, beat - n + 1), beat + 1)]


def _top(m: MarketState) -> Top:
    bids, asks = levels(m)
    return bids[0][0] if bids else 0, asks[0][0] if asks else PRICE


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


def _worth_a_word(way: Way) -> bool:
    """Whether what crossing both books would net, after fees and basis, is more than half a cent a contract."""
    taker = way.taker
    return way.arbitrage and bool(taker.clear) and taker.gain * QTY // taker.clear >= MONEY // 200


def _quoted(m: MarketState) -> bool:
    """Whether a book is there and believed."""
    return (m.has_book or m.quote is not None) and not m.doubt and not m.closed
