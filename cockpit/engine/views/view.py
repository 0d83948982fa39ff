"""The whole view of an engine at one moment."""

from cockpit.domain.view import LeaseView, View
from cockpit.engine.config import DESK, WHAT_IF
from cockpit.engine.engine import Engine
from cockpit.engine.views.account import accounts
from cockpit.engine.views.desk import Desk
from cockpit.engine.views.detail import detail
from cockpit.engine.views.games import Games
from cockpit.engine.views.lab import lanes
from cockpit.engine.views.mentions import Mentions
from cockpit.engine.views.rows import Rows
from cockpit.engine.views.sportsbooks import Sportsbooks
from cockpit.engine.views.spreads import Spreads
from cockpit.engine.views.tickets import TicketViews
from cockpit.engine.views.versions import versions
from cockpit.engine.views.weather import Weather
from cockpit.engine.watch import Watch


def view(engine: Engine, watch: Watch, *, focus: str = "", hindsight: bool = False) -> View:
    """What a screen may see now; building it changes nothing.

    Args:
        engine: at rest between two inputs.
        watch: its onlooker.
        focus: the market, pair or game whose detail is wanted; empty for none.
        hindsight: whether a recording plays and the hand is that of the what-if lane.
    """
    state, hand = engine.state, WHAT_IF if hindsight else DESK
    rows, desk, spreads = Rows(engine), Desk(engine, watch, hand), Spreads(engine)
    games, mentions = Games(engine, watch), Mentions(engine, watch)
    pair = engine.pairs.found.get(focus)
    market = pair.a if pair is not None else focus if focus in state.markets else ""
    lease = state.lease
    watched = engine.config.desk.away_ns and state.seen_ns and not state.away
    return View(
        ts=state.now,
        spots=rows.spots(),
        rows=rows.rows(),
        tickets=TicketViews(engine, hand).tickets(),
        desk=desk.desk(),
        lanes=lanes(engine),
        versions=versions(engine),
        notes=watch.notes,
        detail=detail(engine, watch, desk, rows, market) if market else None,
        killed=state.killed,
        lease=LeaseView(lease.ticks, lease.risk, lease.until_ns) if lease is not None else None,
        away_ns=max(0, state.seen_ns + engine.config.desk.away_ns - state.now) if watched else None,
        away=state.away,
        accounts=accounts(state),
        spreads=spreads.spreads(),
        pair=spreads.detail(pair) if pair is not None else None,
        board=games.board(),
        game=games.detail(focus),
        books=Sportsbooks(engine).books(),
        weather=Weather(engine).weather(),
        schedule=mentions.schedule(),
        phrase=mentions.detail(market) if market else None,
        no_trades=engine.config.no_trades,
        threshold=engine.gate.limits.threshold,
        limits=engine.gate.limits.now,
    )
