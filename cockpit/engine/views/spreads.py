"""The Spreads screen: every pair with what both ways net, who leads, and what a person said of it."""

import re

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.markets import Market
from cockpit.domain.orders import TicketState
from cockpit.domain.pairs import BasketView, DifferenceView, PairDetail, PairView, SpreadsView
from cockpit.domain.units import BID, MONEY, PRICE, QTY, SECOND
from cockpit.engine.cross import PairTrade
from cockpit.engine.engine import Engine
from cockpit.engine.labels import event_label, market_label
from cockpit.engine.pairs import Pair, PairState
from cockpit.engine.spreads import levels
from cockpit.engine.state import MarketState
from cockpit.engine.views.spreads_books import BooksOfPairs
from cockpit.strategies.spreads.pair import Spread, Way
from cockpit.strategies.spreads.rest import Maker
from cockpit.strategies.spreads.settlement import badge

TERSE = frozenset({"fed", "cpi", "gdp", "jobs", "politics", "weather"})
"""Families whose terms say in a few words what their titles need a line for."""
KEPT = 100
"""Lifetimes shown."""
MOST_ANNUAL = 9.99
"""An annualised return beyond this says how short the wait is, and nothing else."""
_SHORT = re.compile(r":(00)(?=[ap]m\b)|(?<=,)(\d{3})\.\d\d\b|(:\d\d)[ap]m\b")
"""What a row can do without: full hours' minutes, cents of thousands, which half of the day beside minutes."""
LETTERS = {"kalshi": "K", "polymarket": "P", "polymarket_us": "U"}
NAMES = {"kalshi": "Kalshi", "polymarket": "Polymarket", "polymarket_us": "Polymarket US"}


class Spreads:
    """Builds the screen's view over one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._books = BooksOfPairs(engine)

    def spreads(self) -> SpreadsView:
        """Everything but one pair's own details."""
        pairs = self._engine.pairs
        shown = [pairs.found[name] for name in pairs.names]
        refused = sum(pairs.state_of(pair) is PairState.REFUSED for pair in shown)
        cross = self._engine.state.cross
        gaps = cross.gaps
        opportunities = cross.opportunities
        return SpreadsView(
            pairs=tuple(self.pair(pair) for pair in shown),
            baskets=self._baskets(),
            average=gaps.total / gaps.seconds / 100 if gaps.seconds else None,
            seconds=gaps.seconds,
            open=len(opportunities.open()),
            lifetimes=tuple(each.lifetime_ns / SECOND for each in opportunities.log[-KEPT:]),
            hidden=refused,
            legs=tuple(cross.legs),
        )

    def pair(self, pair: Pair) -> PairView:
        """One row."""
        engine = self._engine
        state = engine.state
        a, b = state.markets[pair.a], state.markets[pair.b]
        found = engine.spreads.now.get(pair.name)
        way = found.way if found is not None and not found.stale else None
        maker = way.maker if way is not None else None
        (bid_a, ask_a), (bid_b, ask_b) = self._tops(pair)
        trade = self._trade(pair)
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
            rest=_cents(maker.after) if maker is not None else None,
            ev=maker.ev * 100 if maker is not None else None,
            lead=self._lead(pair),
            ages=(found.age_a, found.age_b) if found is not None else None,
            stale=found.stale if found is not None else False,
            disagree=engine.spreads.disagreement(pair),
            acknowledged=engine.spreads.acknowledged(pair),
            legs=self._legs(*trade) if trade is not None else "",
            tickets=tuple(trade[1].legs) if trade is not None else (),
            naked=trade[1].markets[trade[1].lead] if trade is not None and trade[1].naked else "",
            books=self._books.of(pair),
        )

    def _tops(self, pair: Pair) -> tuple[tuple[int, int], tuple[int, int]]:
        """Both best bids and asks in A's terms: those the row was reckoned on, else as they are."""
        markets = self._engine.state.markets
        spreads = self._engine.spreads
        reckoned = spreads.tops[pair.name] if pair.name in spreads.now else None
        here, there = reckoned if reckoned is not None else (_best(markets[pair.a]), _best(markets[pair.b]))
        return here, _turned(there, pair.how.polarity)

    def detail(self, pair: Pair) -> PairDetail:
        """Everything about one pair."""
        markets = self._engine.state.markets
        a, b = markets[pair.a].market, markets[pair.b].market
        row, found = self.pair(pair), self._engine.spreads.now.get(pair.name)
        return PairDetail(
            pair=row,
            title_a=a.title or a.ticker,
            title_b=b.title or b.ticker,
            rules_a=" ".join(part for part in (a.rules, a.rules_secondary) if part),
            rules_b=" ".join(part for part in (b.rules, b.rules_secondary) if part),
            key=pair.key,
            rules_hash=pair.rules_hash,
            differences=tuple(DifferenceView(d.field, d.a, d.b, d.verdict) for d in pair.how.differences),
            numbers=_numbers(found, (row.venue_a, row.venue_b)) if found is not None else (),
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
        return shorter(market_label(market, self._engine.state.now))

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

    def _trade(self, pair: Pair) -> tuple[str, PairTrade] | None:
        trades = self._engine.state.cross.trades.items()
        return next(((name, trade) for name, trade in trades if trade.pair == pair.name), None)

    def _legs(self, name: str, trade: PairTrade) -> str:
        """Whether a trade waits, works or stands naked."""
        state = self._engine.state
        if trade.naked:
            since = (state.now - trade.since_ns) / SECOND
            return f"{name} NAKED {trade.naked / QTY:g} for {since:.0f}s"
        waits = any(t in state.tickets and state.tickets[t].state == TicketState.PROPOSED for t in trade.legs)
        return f"{name} {'ticket' if waits else 'works'}"

    def _right(self, pair: Pair) -> tuple[str, ...]:
        """Who is right: the fair value between the two, who moved last, who leads."""
        engine = self._engine
        state = engine.state
        a, b = state.markets[pair.a], state.markets[pair.b]
        names = [NAMES.get(m.market.venue, m.market.venue) for m in (a, b)]
        out = []
        fair, middles = engine.pricer.fair(pair.a), [_middle(top) for top in self._tops(pair)]
        if fair is None:
            out.append("no fair value of ours: nothing says which of the two is right")
        else:
            band = f"{fair.low * 100:.1f}-{fair.high * 100:.1f}"
            out.append(f"fair {fair.mid * 100:.1f}c ({band}), {_nearer(fair.mid, names, middles)}")
        out += self._amiss(pair, names)
        moved = [
            (each.ts, i) for i, m in enumerate((a, b)) if (each := state.cross.moved.get(m.market.ticker))
        ]
        if len(moved) == 2:
            ts, last = max(moved)
            out.append(f"{names[last]} moved last, {(state.now - ts) / SECOND:.0f} s ago")
        missing = engine.leads.why(pair)
        out.append(f"lead: {self._lead(pair)}" + (f" ({'; '.join(missing)})" if missing else ""))
        return tuple(out)

    def _amiss(self, pair: Pair, names: list[str]) -> list[str]:
        """Why something of the row is missing: books that are not believed, too old, or empty on a side."""
        found = self._engine.spreads.now.get(pair.name)
        if found is None:
            return ["a book is in doubt, closed or not there yet: nothing is reckoned"]
        if found.stale:
            return [f"{names[found.age_b > found.age_a]}'s quote is too old: nothing is netted on it"]
        empty = [
            f"{name} has no {word}"
            for name, top in zip(names, self._tops(pair), strict=True)
            for word, there in (("bid", top[0] > 0), ("ask", top[1] < PRICE))
            if not there
        ]
        return [f"{', '.join(empty)}: one way can be reckoned at most"] if empty else []

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
            for event, sets in self._engine.spreads.sets.items()
            for basket in sets
            if members(event)
        )


def shorter(label: str) -> str:
    """A market's name for a row that names two venues: without what the row can do without."""
    bare = label.removeprefix("pm ").removeprefix("us ")
    return _SHORT.sub(lambda found: found[2] or found[3] or "", bare)


def _best(m: MarketState) -> tuple[int, int]:
    """Best bid and ask; 0 and a dollar where there is none."""
    bids, asks = levels(m)
    return bids[0][0] if bids else EMPTY_BID, asks[0][0] if asks else EMPTY_ASK


def _turned(top: tuple[int, int], polarity: int) -> tuple[int, int]:
    """B's best bid and ask in A's terms."""
    return top if polarity > 0 else (PRICE - top[1], PRICE - top[0])


def _middle(top: tuple[int, int]) -> float | None:
    """Middle of two sides, dollars; None while one is empty."""
    return (top[0] + top[1]) / 2 / PRICE if top[0] > EMPTY_BID and top[1] < EMPTY_ASK else None


def _nearer(fair: float, names: list[str], middles: list[float | None]) -> str:
    """Both middles, and which of them is nearer to a fair value."""
    told = [
        f"{name} {'has no middle' if mid is None else f'{mid * 100:.1f}'}"
        for name, mid in zip(names, middles, strict=True)
    ]
    away = [abs(mid - fair) for mid in middles if mid is not None]
    near = f": nearer to {names[away.index(min(away))]}" if len(away) == len(names) else ""
    return f"{', '.join(told)}{near}"


def _cents(value: int | None) -> float | None:
    """Money units as cents."""
    return None if value is None else value / MONEY * 100


def _numbers(found: Spread, letters: tuple[str, str]) -> tuple[tuple[str, float], ...]:
    """What a person may want to know of the better way, by name: what a leg left alone costs before what both earn."""
    way = found.way
    taker, maker = way.taker, way.maker
    numbers: list[tuple[str, float | None]] = []
    if maker is not None:
        pays = maker.pays_from  # above a dollar there is no such net
        numbers += [
            ("EV above 0 from net c", pays * 100 if pays is not None and pays <= 1.0 else None),
            ("naked worst $", -maker.naked / MONEY),
            (f"out of {letters[0]} alone c", -maker.loss_a * 100), (f"out of {letters[1]} alone c", -maker.loss_b * 100),
        ]  # fmt: skip
    if maker is not None and not found.stale:
        numbers += [
            ("net c", maker.net / MONEY * 100), ("after basis c", maker.after / MONEY * 100),
            ("EV c", maker.ev * 100), ("P both %", maker.p_both * 100), ("size", maker.size / QTY),
            ("capital $", maker.capital / MONEY), ("ROI %", maker.roi * 100), ("a year %", _a_year(found, maker)),
            ("over hurdle $", maker.over_hurdle),
        ]  # fmt: skip
    soon = found.days is not None and found.days < 2.0
    numbers.append(
        ("hours to payout", found.days and found.days * 24.0) if soon else ("days to payout", found.days)
    )
    if not found.stale:
        numbers += [
            ("take: size that profits", taker.clear / QTY), ("take: profit $", taker.gain / MONEY),
            ("taker hedge (information) EV c", None if way.hedged is None else way.hedged * 100),
        ]  # fmt: skip
    return tuple((name, value) for name, value in numbers if value is not None)


def _a_year(found: Spread, maker: Maker) -> float | None:
    """The return simply annualised, per cent; None where hours make it absurd."""
    if maker.annual is None or found.days is None or found.days < 1 or abs(maker.annual) > MOST_ANNUAL:
        return None
    return maker.annual * 100
