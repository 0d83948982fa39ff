"""The board of games: what each is worth to us, on each venue, to the book, and to the three rules."""

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.games import (
    LINE,
    BoardView,
    Chance,
    Claim,
    Game,
    GameDetail,
    GamePoint,
    GameView,
    Phase,
    Played,
    RuleFlag,
    VenueLine,
)
from cockpit.domain.units import BID, PRICE, SECOND
from cockpit.engine.config import DESK
from cockpit.engine.engine import Engine
from cockpit.engine.gate import silence
from cockpit.engine.state import MarketState
from cockpit.engine.tracks import Track
from cockpit.engine.views.lab import lane_net
from cockpit.engine.views.spreads import LETTERS
from cockpit.engine.watch import Watch
from cockpit.models import nfl
from cockpit.models.fair import Fair
from cockpit.models.games import fixture_of, price
from cockpit.models.proportions import wilson
from cockpit.strategies.claims import CLAIMS, verdict
from cockpit.strategies.edges import Edge, best, stake
from cockpit.strategies.flags import flags
from cockpit.strategies.nba import NAMES

TREND_NS = 300 * SECOND
ARMS = ((False, ""), (True, "+P"))
"""Whether the model is asked, and how the lane's name ends."""
_ORDER = {Phase.LIVE: 0, Phase.BREAK: 0, Phase.PRE: 1, Phase.FINAL: 2, Phase.VOID: 3}


class Games:
    """Builds the board over one engine."""

    def __init__(self, engine: Engine, watch: Watch) -> None:
        self._engine = engine
        self._watch = watch
        self._games = engine.pricer.games
        self._held = marks_of(engine)

    def board(self) -> BoardView:
        """All games and what the rules have come to."""
        tracks = sorted(self._games.tracks.values(), key=lambda t: _rank(t.game))
        return BoardView(
            games=tuple(self.game(track) for track in tracks),
            claims=tuple(self._claim(rule, model, end) for rule in NAMES for model, end in ARMS),
            unjoined=self._games.unjoined,
            heard_ns=self._engine.state.board.heard_ns,
        )

    def game(self, track: Track) -> GameView:
        """One line."""
        game, games = track.game, self._games
        now = self._engine.state.now
        known, fair = games.outset(track), games.priced(track)
        return GameView(
            id=game.id,
            league=game.league,
            away=game.away,
            home=game.home,
            phase=game.phase,
            start_ns=game.start_ns,
            period=game.period,
            clock_ms=game.clock_ms,
            away_score=game.away_score,
            home_score=game.home_score,
            detail=game.detail,
            chance=_chance(fair),
            before=self._watch.curves.before(game.id, now - TREND_NS),
            venues=self._venues(track),
            spread=track.line.spread / LINE if track.line and track.line.spread is not None else None,
            book=known.book,
            provider=track.line.provider if track.line is not None else "",
            flags=self._flags(track),
            age_ns=now - games.as_of(track),
            stale=games.stale(track),
            fitted=game.league != "nfl" or nfl.FITTED,
            trouble=games.trouble(track),
            neutral=game.neutral,
        )

    def detail(self, game: str) -> GameDetail | None:
        """One game in full; None for one nobody knows."""
        track = self._games.tracks.get(game)
        if track is None:
            return None
        numbers = self._games.outset(track).numbers
        return GameDetail(
            game=self.game(track),
            points=(*self._past(track), *self._watch.curves.points(game)),
            away_periods=track.game.away_periods,
            home_periods=track.game.home_periods,
            explanation=self._games.explain(track),
            said=track.chance_said if track.game.phase not in (Phase.FINAL, Phase.VOID) else None,
            source=f"{numbers.name}: {numbers.source}" + (f", n {numbers.n:,}" if numbers.n else ""),
            line_ns=track.line_ns,
        )

    # ------------------------------------------------------------------ venues

    def _venues(self, track: Track) -> tuple[VenueLine, ...]:
        by_venue: dict[str, list[MarketState]] = {}
        for ticker in self._games.markets(track):
            m = self._engine.state.markets[ticker]
            if m.settled is None:
                by_venue.setdefault(m.market.venue, []).append(m)
        return tuple(
            self._venue(venue, sorted(by_venue[venue], key=self._away))
            for venue in LETTERS
            if venue in by_venue
        )

    def _away(self, m: MarketState) -> tuple[bool, str]:
        """The home side's market comes first."""
        known = self._games.contract(m.market.ticker)
        return known is not None and not known.home, m.market.ticker

    def _venue(self, venue: str, markets: list[MarketState]) -> VenueLine:
        """A venue's prices of the home side, and the better order of all its markets."""
        found = [(edge, m) for m in markets if (edge := self._edge(m)) is not None]
        first = markets[0]
        bid, ask = self._home(first)
        mark = next((mark for m in markets if (mark := self._mark(m))), "")
        age = min(self._engine.state.now - m.book_ns for m in markets)
        if not found:
            return VenueLine(LETTERS[venue], first.market.ticker, bid, ask, age, mark=mark)
        edge, m = max(found, key=lambda each: each[0].low)
        known = self._games.contract(m.market.ticker)
        assert known is not None  # only joined markets are here
        own = edge.side == BID
        return VenueLine(
            venue=LETTERS[venue],
            market=m.market.ticker,
            bid=bid,
            ask=ask,
            age_ns=age,
            team=known.team if own else (known.fixture.away if known.home else known.fixture.home),
            price=stake(edge.side, edge.price),
            edge=edge.edge,
            low=edge.low,
            mark=mark or ("!" if edge.implausible else ""),
        )

    def _edge(self, m: MarketState) -> Edge | None:
        engine = self._engine
        if m.fair is None or not m.tradable or silence(engine.state, engine.config, m):
            return None
        mine = engine.snaps.mine(engine.state.lanes[DESK], engine.version, m.market.ticker)
        return best(engine.snaps.snap(m), mine)

    def _home(self, m: MarketState) -> tuple[int, int]:
        """Bid and ask of the home side in a market on either."""
        known = self._games.contract(m.market.ticker)
        bid, ask = m.book.bid, m.book.ask
        if not m.has_book or m.doubt:
            return EMPTY_BID, EMPTY_ASK
        return (bid, ask) if known is None or known.home else (PRICE - ask, PRICE - bid)

    def _mark(self, m: MarketState) -> str:
        return "?" if m.doubt else self._held.get(m.market.ticker, "")

    # ------------------------------------------------------------------ the rules

    def _flags(self, track: Track) -> tuple[RuleFlag, ...]:
        """The three rules, by the game's markets on Kalshi."""
        engine = self._engine
        if track.game.phase in (Phase.FINAL, Phase.VOID):
            return ()
        markets = [engine.state.markets[name] for name in self._games.markets(track)]
        ours = [m for m in markets if m.market.venue == "kalshi" and m.tradable]
        out = []
        for flag in flags([engine.snaps.snap(m) for m in ours if self._games.snap(m.market.ticker)]):
            team = "" if flag.home is None else track.game.home if flag.home else track.game.away
            held = any(_has(engine, f"{flag.rule}{end}", m.market.ticker) for _, end in ARMS for m in markets)
            out.append(
                RuleFlag(
                    rule=flag.rule,
                    on=flag.on,
                    model=flag.model,
                    team=team,
                    why=flag.why,
                    veto=flag.veto,
                    held=held,
                )
            )
        return tuple(out)

    def _claim(self, rule: str, model: bool, end: str) -> Claim:
        claimed = CLAIMS[rule]
        lane = self._engine.state.lanes.get(f"{rule}{end}")
        if lane is None:
            return Claim(
                rule,
                model,
                claimed.rate,
                claimed.n,
                verdict="no lane",
                source=claimed.source,
                note=claimed.note,
            )
        played = [o for o in self._engine.results.of(lane).values() if o.contracts and o.decided]
        n, wins = len(played), sum(o.realised > 0 for o in played)
        interval = wilson(wins, n)
        entry = sum(o.paid for o in played) / n if n else None
        judged = [(o.prob, o.realised > 0) for o in played if o.prob is not None]
        return Claim(
            rule=rule,
            model=model,
            claimed=claimed.rate,
            claimed_n=claimed.n,
            n=n,
            wins=wins,
            low=interval[0] if interval else None,
            high=interval[1] if interval else None,
            entry=entry,
            said=sum(p for p, _ in judged) / len(judged) if judged else None,
            brier=sum((p - won) ** 2 for p, won in judged) / len(judged) if judged else None,
            net=lane_net(self._engine, lane),
            verdict=verdict(wins, n, entry),
            open=sum(bool(p.open) for p in lane.account.positions.values()),
            source=claimed.source,
            note=claimed.note,
        )

    # ------------------------------------------------------------------ the past

    def _past(self, track: Track) -> list[GamePoint]:
        """What was played before we listened, priced as it would have been; venues' prices are not known."""
        seen = self._watch.curves.points(track.game.id)
        first = seen[0].ts if seen else self._engine.state.now
        return [self._then(track, moment) for moment in track.past if moment.ts < first]

    def _then(self, track: Track, moment: Played) -> GamePoint:
        game = _at(track.game, moment)
        fair = price(game, self._games.outset(track), 0.0, home=True)
        said = moment.said / 10_000 if moment.said is not None else None
        lead = moment.home_score - moment.away_score
        return GamePoint(moment.ts, fair.low, fair.mid, fair.high, lead, said=said)


def _at(game: Game, moment: Played) -> Game:
    """A game as it was at a moment."""
    return Game(
        id=game.id,
        league=game.league,
        start_ns=game.start_ns,
        away=game.away,
        home=game.home,
        phase=Phase.LIVE,
        period=moment.period,
        clock_ms=moment.clock_ms,
        away_score=moment.away_score,
        home_score=moment.home_score,
        neutral=game.neutral,
        playoffs=game.playoffs,
    )


def _rank(game: Game) -> tuple[int, int, str]:
    """On first, then to come; of those over the newest first."""
    order = _ORDER[game.phase]
    label = fixture_of(game).label
    return (order, -game.start_ns, label) if order == _ORDER[Phase.FINAL] else (order, game.start_ns, label)


def _chance(fair: Fair | None) -> Chance | None:
    return Chance(fair.low, fair.mid, fair.high) if fair is not None else None


def marks_of(engine: Engine) -> dict[str, str]:
    """The letter of each market we have something in, as on Edges."""
    desk = engine.state.lanes[DESK]
    marks = dict.fromkeys(desk.working.values(), "W")
    marks |= {name: "P" for name, held in desk.account.positions.items() if held.qty}
    return marks | {t.market: "T" for t in engine.state.tickets.values() if t.state == "proposed"}


def _has(engine: Engine, lane: str, market: str) -> bool:
    """Whether a lane holds something in a market, or rests there."""
    known = engine.state.lanes.get(lane)
    if known is None:
        return False
    held = known.account.positions.get(market)
    return (held is not None and held.qty != 0) or market in known.working.values()
