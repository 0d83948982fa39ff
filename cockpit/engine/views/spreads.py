"""The Spreads screen: every pair with what both ways net, who leads, and what a person said of it."""

from cockpit.domain.markets import Market
from cockpit.domain.orders import TicketState
from cockpit.domain.pairs import BasketView, DifferenceView, PairDetail, PairView, SpreadsView
from cockpit.domain.units import BID, MONEY, PRICE, QTY, SECOND
from cockpit.engine.engine import Engine
from cockpit.engine.labels import event_label, market_label
from cockpit.engine.pairs import Pair, PairState
from cockpit.engine.spreads import levels
from cockpit.engine.state import MarketState
from cockpit.strategies.spreads.pair import Spread, Way
from cockpit.strategies.spreads.settlement import badge

TERSE = frozenset({"fed", "cpi", "gdp", "jobs", "politics", "weather"})
"""Families whose terms say in a few words what their titles need a line for."""
KEPT = 100
"""Lifetimes shown."""
LETTERS = {"kalshi": "K", "polymarket": "P", "polymarket_us": "U"}
NAMES = {"kalshi": "Kalshi", "polymarket": "Polymarket", "polymarket_us": "Polymarket US"}


class Spreads:
    """Builds the screen's view over one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def spreads(self) -> SpreadsView:
        """Everything but one pair's own details."""
        pairs = self._engine.pairs
        shown = [pairs.found[name] for name in pairs.names]
        refused = [pair for pair in shown if pairs.state_of(pair) is PairState.REFUSED]
        gaps = self._engine.state.cross.gaps
        opportunities = self._engine.state.cross.opportunities
        return SpreadsView(
            pairs=tuple(self.pair(pair) for pair in shown if pair not in refused),
            baskets=self._baskets(),
            average=gaps.total / gaps.seconds / 100 if gaps.seconds else None,
            seconds=gaps.seconds,
            open=len(opportunities.open()),
            lifetimes=tuple(each.lifetime_ns / SECOND for each in opportunities.log[-KEPT:]),
            hidden=len(refused),
        )

    def pair(self, pair: Pair) -> PairView:
        """One row."""
        engine = self._engine
        state = engine.state
        a, b = state.markets[pair.a], state.markets[pair.b]
        found = engine.spreads.now.get(pair.name)
        way = found.way if found is not None else None
        bid_a, ask_a = _top(a, 1)
        bid_b, ask_b = _top(b, pair.how.polarity)
        disagree = engine.spreads.disagreement(pair, found)
        return PairView(
            name=pair.name,
            label=self._label(pair),
            a=pair.a,
            b=pair.b,
            venue_a=LETTERS.get(a.market.venue, "?"),
            venue_b=LETTERS.get(b.market.venue, "?"),
            state=str(engine.pairs.state_of(pair)),
            relation=str(pair.how.relation),
            polarity=pair.how.polarity,
            basis=badge(pair.how),
            haircut=engine.spreads.haircut(pair).each / MONEY * 100 if found is not None else 0.0,
            bid_a=bid_a,
            ask_a=ask_a,
            bid_b=bid_b,
            ask_b=ask_b,
            gap=None if found is None or found.mid_gap is None else -found.mid_gap / 100,
            buy=self._buys(pair, way),
            nets=tuple(_cents(net) for net in way.taker.after) if way is not None else (None, None, None),
            rest=_cents(way.maker.after) if way is not None and way.maker is not None else None,
            ev=way.maker.ev * 100 if way is not None and way.maker is not None else None,
            lead=self._lead(pair),
            ages=(found.age_a, found.age_b) if found is not None else (0, 0),
            stale=found.stale if found is not None else False,
            disagree=disagree,
            acknowledged=engine.spreads.acknowledged(pair, found),
            legs=self._legs(pair),
        )

    def detail(self, pair: Pair) -> PairDetail:
        """Everything about one pair."""
        markets = self._engine.state.markets
        a, b = markets[pair.a].market, markets[pair.b].market
        found = self._engine.spreads.now.get(pair.name)
        return PairDetail(
            pair=self.pair(pair),
            title_a=a.title or a.ticker,
            title_b=b.title or b.ticker,
            rules_a=" ".join(part for part in (a.rules, a.rules_secondary) if part),
            rules_b=" ".join(part for part in (b.rules, b.rules_secondary) if part),
            key=pair.key,
            rules_hash=pair.rules_hash,
            differences=tuple(DifferenceView(d.field, d.a, d.b, d.verdict) for d in pair.how.differences),
            numbers=_numbers(found) if found is not None else (),
            words=self._right(pair),
        )

    # ------------------------------------------------------------------ one field each

    def _label(self, pair: Pair) -> str:
        """What the pair is about: the first market's short name, or its terms where a name would be a sentence."""
        terms = self._engine.pairs.contract(pair.a)
        if terms is not None and terms.family in TERSE:
            stated = next((each.a for each in pair.how.differences if each.field == "terms"), "")
            words = (terms.subject.removeprefix("US "), terms.period, terms.scope, stated, terms.unit)
            return " ".join(word for word in words if word)
        market = self._engine.state.markets[pair.a].market
        return market_label(market, self._engine.state.now).removeprefix("pm ").removeprefix("us ")

    def _buys(self, pair: Pair, way: Way | None) -> str:
        """The venue where the better way buys A's YES."""
        if way is None:
            return ""
        markets = self._engine.state.markets
        return LETTERS.get(markets[pair.a if way.side_a == BID else pair.b].market.venue, "?")

    def _lead(self, pair: Pair) -> str:
        result, missing = self._engine.leads.result(pair), self._engine.leads.why(pair)
        left = [why for why in missing if why != "pair not confirmed"]
        if result is None or left:
            return left[0] if left else "not tested yet"
        markets = self._engine.state.markets
        first, then = (pair.b, pair.a) if result.sign > 0 else (pair.a, pair.b)
        letters = [LETTERS.get(markets[each].market.venue, "?") for each in (first, then)]
        return f"{letters[0]}>{letters[1]} {abs(result.lag_s):.1f}s"

    def _legs(self, pair: Pair) -> str:
        """The trade that waits, works or stands naked here."""
        state = self._engine.state
        for name, trade in state.cross.trades.items():
            if trade.pair != pair.name:
                continue
            if trade.naked:
                return f"{name} NAKED {trade.naked / QTY:g} for {(state.now - trade.since_ns) / SECOND:.0f}s"
            waits = any(
                t in state.tickets and state.tickets[t].state == TicketState.PROPOSED for t in trade.legs
            )
            return f"{name} {'ticket' if waits else 'works'}"
        return ""

    def _right(self, pair: Pair) -> tuple[str, ...]:
        """Who is right: the fair value between the two, who moved last, who leads."""
        engine = self._engine
        state = engine.state
        a, b = state.markets[pair.a], state.markets[pair.b]
        names = [NAMES.get(m.market.venue, m.market.venue) for m in (a, b)]
        out = []
        fair, one, other = engine.pricer.fair(pair.a), _middle(a, 1), _middle(b, pair.how.polarity)
        if fair is None:
            out.append("no fair value of ours: nothing says which of the two is right")
        elif one is not None and other is not None:
            near = names[abs(other - fair.mid) < abs(one - fair.mid)]
            out.append(
                f"fair {fair.mid * 100:.1f}c ({fair.low * 100:.1f}-{fair.high * 100:.1f}), {names[0]} {one * 100:.1f}, "
                f"{names[1]} {other * 100:.1f}: nearer to {near}"
            )
        moved = [
            (each.ts, i) for i, m in enumerate((a, b)) if (each := state.cross.moved.get(m.market.ticker))
        ]
        if len(moved) == 2:
            ts, last = max(moved)
            out.append(f"{names[last]} moved last, {(state.now - ts) / SECOND:.0f} s ago")
        missing = engine.leads.why(pair)
        out.append(f"lead: {self._lead(pair)}" + (f" ({'; '.join(missing)})" if missing else ""))
        return tuple(out)

    # ------------------------------------------------------------------ baskets

    def _baskets(self) -> tuple[BasketView, ...]:
        state = self._engine.state

        def members(event: str) -> list[Market]:
            return [m.market for m in state.markets.values() if m.market.event == event]

        return tuple(
            BasketView(
                event=event,
                label=event_label(event, state.groups.get(event), members(event), state.now),
                venue=LETTERS.get(members(event)[0].venue, "?"),
                kind="all YES" if basket.side == BID else "all NO",
                n=basket.count,
                take=_cents(basket.taker[0]),
                rest=_cents(basket.maker),
                size=basket.size,
            )
            for event, basket in self._engine.spreads.sets
            if members(event)
        )


def _top(m: MarketState, polarity: int) -> tuple[int, int]:
    """Best bid and ask in A's terms."""
    bids, asks = levels(m)
    bid, ask = bids[0][0] if bids else 0, asks[0][0] if asks else PRICE
    return (bid, ask) if polarity > 0 else (PRICE - ask, PRICE - bid)


def _middle(m: MarketState, polarity: int) -> float | None:
    bid, ask = _top(m, polarity)
    return (bid + ask) / 2 / PRICE if bid > 0 and ask < PRICE else None


def _cents(value: int | None) -> float | None:
    """Money units as cents."""
    return None if value is None else value / MONEY * 100


def _numbers(found: Spread) -> tuple[tuple[str, float], ...]:
    """What a person may want to know of the better way, by name."""
    way = found.way
    taker, maker = way.taker, way.maker
    numbers: list[tuple[str, float | None]] = [
        ("take: size with profit", taker.clear / QTY), ("take: profit $", taker.gain / MONEY),
        ("days to payout", found.days),
    ]  # fmt: skip
    if maker is not None:
        numbers += [
            ("rest: size", maker.size / QTY), ("rest: net c", maker.net / MONEY * 100),
            ("rest: after basis c", maker.after / MONEY * 100), ("rest: capital $", maker.capital / MONEY),
            ("rest: ROI %", maker.roi * 100), ("rest: a year %", None if maker.annual is None else maker.annual * 100),
            ("rest: over hurdle $", maker.over_hurdle), ("rest: P both %", maker.p_both * 100),
            ("rest: EV c", maker.ev * 100), ("naked: worst $", maker.naked / MONEY),
            ("naked: way out of A c", maker.loss_a * 100), ("naked: way out of B c", maker.loss_b * 100),
        ]  # fmt: skip
    numbers.append(("taker hedge EV c, information", None if way.hedged is None else way.hedged * 100))
    return tuple((name, value) for name, value in numbers if value is not None)
