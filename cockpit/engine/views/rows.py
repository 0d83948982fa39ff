"""The Edges screen: every market with what resting there is worth, and the underlyings above it."""

import msgspec

from cockpit.domain.markets import MarketStatus
from cockpit.domain.orders import TicketState
from cockpit.domain.spots import SourceLine, SpotLine
from cockpit.domain.units import QTY, SECOND
from cockpit.domain.view import Band, EdgeRow
from cockpit.engine.config import DESK
from cockpit.engine.engine import Engine
from cockpit.engine.gate import silence
from cockpit.engine.labels import market_label
from cockpit.engine.snaps import MOVE_NS
from cockpit.engine.state import MarketState
from cockpit.engine.terms import Terms
from cockpit.models.fair import Fair
from cockpit.models.spot import Underlying
from cockpit.strategies.base import Mine, Snap
from cockpit.strategies.edges import Edge, best, guards
from cockpit.strategies.sizing import size


class Rows:
    """Builds rows over one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._exposure = engine.gate.exposure(DESK)

    def spots(self) -> tuple[SpotLine, ...]:
        """One line for each underlying anything is known of."""
        return tuple(
            line
            for symbol, underlying in self._engine.state.underlyings.items()
            if (line := self._spot(symbol, underlying)) is not None
        )

    def spot(self, m: MarketState) -> SpotLine | None:
        """The underlying of a market a model covers, as seen from there."""
        found = self._engine.pricer.contract(m.market.ticker)
        underlying = self._engine.pricer.underlying(m.market.ticker)
        if found is None or underlying is None:
            return None
        return self._spot(found.asset, underlying, max(0, found.close_ns - self._engine.state.now) / SECOND)

    def rows(self) -> tuple[EdgeRow, ...]:
        """Every market that can be looked at, in the order first met."""
        marks = self._marks()
        return tuple(self.row(m, marks) for m in self._engine.state.markets.values() if _shown(m))

    def row(self, m: MarketState, marks: dict[str, str] | None = None) -> EdgeRow:
        """One market."""
        engine, market = self._engine, m.market
        state = engine.state
        snap = engine.snaps.snap(m)
        mine = engine.snaps.mine(state.lanes[DESK], engine.version, market.ticker)
        quiet = silence(state, engine.config, m) if m.has_book else ""
        believed = m.fair is not None and m.tradable and not quiet
        edge = best(snap, mine) if believed else None
        lot, why = self._lot(snap, mine, edge)
        odds = mine.odds
        mark = (marks if marks is not None else self._marks()).get(market.ticker, "")
        return EdgeRow(
            ticker=market.ticker,
            label=market_label(market, state.now),
            event=market.event,
            series=market.series,
            bid=m.book.bid,
            ask=m.book.ask,
            left_ns=max(0, market.close_ns - state.now) if market.close_ns else 0,
            fair=band(m.fair),
            side=edge.side if edge is not None else 0,
            price=edge.price if edge is not None else 0,
            edge=edge.edge if edge is not None else None,
            low=edge.low if edge is not None else None,
            ev=odds.fill * (edge.low - odds.adverse) * lot / QTY if edge is not None and lot else None,
            lot=lot,
            queue=m.book.before(edge.side, edge.price) if edge is not None else 0,
            mark=_mark(m, edge, mark),
            flags=_flags(m, edge, quiet, polled=market.venue in engine.config.polled),
            why=why or quiet,
            game=game[0].game.id if (game := engine.pricer.games.of(market.ticker)) is not None else "",
        )

    def _lot(self, snap: Snap, mine: Mine, edge: Edge | None) -> tuple[int, str]:
        """The size that would be proposed, and what keeps a proposal away."""
        if edge is None or snap.fair is None:
            return 0, ""
        if edge.low <= 0:
            return 0, "low side of the band has no edge"
        prob = snap.fair.low if edge.side > 0 else 1.0 - snap.fair.high
        lot, bound = size(prob, edge.side, edge.price, edge.fee, mine)
        terms = Terms(DESK, snap.market.ticker, edge.side, edge.price, lot, 0)
        allowed, cap = self._exposure.fit(terms) if lot else (0, bound)
        if not allowed:
            return 0, cap
        wanted = msgspec.structs.replace(terms, qty=allowed)
        stopped = guards(snap) or self._engine.gate.refusal(wanted, None, self._exposure)
        return allowed, stopped or ("edge too large to be true" if edge.implausible else "")

    def _marks(self) -> dict[str, str]:
        """The letter of each market we have something in."""
        state = self._engine.state
        desk = state.lanes[DESK]
        marks = dict.fromkeys(desk.working.values(), "W")
        marks |= {name: "P" for name, held in desk.account.positions.items() if held.qty}
        marks |= {t.market: "T" for t in state.tickets.values() if t.state == TicketState.PROPOSED}
        return marks

    def _spot(self, symbol: str, underlying: Underlying, left_s: float = 0.0) -> SpotLine | None:
        now = self._engine.state.now
        spot = underlying.spot(now)
        if spot is None:
            return None
        vol = underlying.vol.estimate(now, left_s)
        return SpotLine(
            symbol=symbol,
            price=spot.price,
            source=spot.source,
            age_ns=spot.age_ns,
            error=spot.error,
            vol=vol.sigma,
            vol_error=vol.error,
            move=underlying.change(now, MOVE_NS),
            stale=spot.age_ns > self._engine.config.fair_stale_ns,
            sources=tuple(
                SourceLine(
                    each.name,
                    each.price,
                    each.age_ns,
                    each.basis,
                    each.error,
                    each.away,
                    each.weight,
                    each.stale,
                )
                for each in underlying.sources(now)
            ),
            vols=vol.parts,
        )


def band(fair: Fair | None) -> Band | None:
    """A fair value as a screen sees it."""
    return Band(fair.low, fair.mid, fair.high) if fair is not None else None


def _shown(m: MarketState) -> bool:
    if m.settled is not None or not (m.has_book or m.listed):
        return False
    return not m.closed and m.market.status not in (MarketStatus.FINALIZED, MarketStatus.DETERMINED)


def _mark(m: MarketState, edge: Edge | None, mine: str) -> str:
    """One letter; what needs a look comes first."""
    if mine == "T":
        return mine
    if m.doubt:
        return "?"
    if edge is not None and edge.implausible:
        return "!"
    if mine:
        return mine
    if m.stale:
        return "z"
    return "" if m.fair is not None else "x"


def _flags(m: MarketState, edge: Edge | None, quiet: str, *, polled: bool) -> tuple[str, ...]:
    flags = ["POLLED"] if polled else []
    if quiet:
        flags.append("OLD")
    if m.doubt:
        flags.append("DOUBT")
    if edge is not None and edge.implausible:
        flags.append("BLOCK")
    if m.stale:
        flags.append("STALE")
    elif m.fair is not None and m.fair.outlook.source.startswith("PROXY"):
        flags.append("PROXY")
    if m.market.status not in (MarketStatus.ACTIVE, MarketStatus.UNKNOWN):
        flags.append(m.market.status.upper())
    return tuple(flags)
