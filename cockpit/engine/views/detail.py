"""One market in full: its ladder with our orders in the queue, its chart, how its fair value came about."""

from cockpit.domain.units import ASK, BID
from cockpit.domain.view import Detail, Level
from cockpit.engine.config import DESK, WHAT_IF
from cockpit.engine.engine import Engine
from cockpit.engine.queue import Own
from cockpit.engine.state import MarketState
from cockpit.engine.views.desk import Desk, ahead
from cockpit.engine.views.rows import Rows
from cockpit.engine.watch import Watch
from cockpit.engine.weather import explain as degrees
from cockpit.models.brackets import explain
from cockpit.models.mentions import value

DEPTH = 12
"""Levels shown on each side."""
ENDED = 8
"""Ended orders shown with their stories."""


def detail(engine: Engine, watch: Watch, desk: Desk, rows: Rows, ticker: str) -> Detail | None:
    """A market's detail; None for one nobody knows."""
    m = engine.state.markets.get(ticker)
    if m is None:
        return None
    mine = [o for o in engine.orders.index.values() if o.market == ticker and o.lane in (DESK, WHAT_IF)]
    ended = [o for o in reversed(engine.orders.ended) if o.market == ticker and o.lane in (DESK, WHAT_IF)]
    terms = engine.state.fees.terms(m.market, engine.state.now)
    return Detail(
        row=rows.row(m),
        title=m.market.title or ticker,
        rules=" ".join(text for text in (m.market.rules, m.market.rules_secondary) if text),
        fee=f"{terms.kind} x {terms.multiplier / 10_000:g} ({terms.source})",
        by_order=_evidence(engine, m),
        levels=_levels(m, mine),
        points=watch.points(ticker),
        explanation=_explanation(engine, m),
        orders=tuple(desk.order(o) for o in [*mine, *ended[:ENDED]]),
        refusals=tuple(_refusals(m)),
        spot=rows.spot(m),
    )


def _evidence(engine: Engine, m: MarketState) -> str:
    """Which fill rule counts here now, and why."""
    if engine.config.no_trades:
        return "cross only: no trade stream"
    if m.market.venue in engine.config.polled:
        return "cross only: POLLED, and its fills enter no verdict"
    unique, cancels = m.rest.tape.evidence.counts()
    rule = "fifo" if m.rest.tape.evidence.by_order(engine.config.by_order_share) else "tail"
    share = (
        f"{100 * unique // cancels} % of {cancels} cancels match one known order"
        if cancels
        else "no cancels yet"
    )
    return f"{rule}: {share}"


def _levels(m: MarketState, mine: list[Own]) -> tuple[Level, ...]:
    """The best levels of both sides and every price where we rest, highest first."""
    bids, asks = dict(m.book.top(BID, DEPTH)), dict(m.book.top(ASK, DEPTH))
    own: dict[int, list[tuple[str, int, int]]] = {}
    for order in mine:
        left = order.left[order.rule] if order.live_ns else order.qty
        own.setdefault(order.price, []).append((order.id, left, ahead(order)))
    prices = sorted(bids.keys() | asks.keys() | own.keys(), reverse=True)
    return tuple(Level(p, bids.get(p, 0), asks.get(p, 0), tuple(own.get(p, ()))) for p in prices)


def _explanation(engine: Engine, m: MarketState) -> tuple[tuple[str, float], ...]:
    found = engine.pricer.contract(m.market.ticker)
    game = engine.pricer.games.of(m.market.ticker)
    if game is not None:
        return engine.pricer.games.explain(game[0])
    if m.fair is not None and m.market.ticker in engine.pricer.mentions.phrases:
        return value.explain(m.fair)
    terms = engine.pricer.weather.terms.get(m.market.ticker)
    if m.fair is not None and terms is not None:
        made = engine.pricer.weather.blend(terms.station.icao, terms.day, terms.low)
        return degrees(m.fair, made)
    return explain(m.fair, found) if m.fair is not None and found is not None else ()


def _refusals(m: MarketState) -> list[str]:
    """What stands against trading here now."""
    found = []
    if m.doubt:
        found.append(f"book in doubt: {m.doubt}")
    if m.stale:
        found.append("fair value stale")
    if m.closed:
        found.append("market closed")
    return found
