"""NBA: every game with score, our chance of the home side, the venues' prices, the book's line and the three rules."""

from collections.abc import Sequence
from typing import ClassVar

from cockpit.app import text
from cockpit.app.line import Line, Part, part, wrap
from cockpit.app.panes import nba_claims, nba_rows, quotes, reasons
from cockpit.app.panes.nba_rows import LETTERS, best, live, over
from cockpit.app.panes.ranking import Key
from cockpit.app.panes.two_tables import TwoTables
from cockpit.app.scene import Scene, Target
from cockpit.app.widgets.block import set_rows
from cockpit.domain.games import BoardView, GameView, Phase
from cockpit.domain.newyork import trading_day
from cockpit.domain.units import SECOND

SORTS = ("live", "edge", "time")
SILENT_NS = 60 * SECOND
"""A score feed this quiet while games are played is not up to date."""
LEAST = 4
"""Rows the games keep when the claims are asked for."""
_RANK = {Phase.LIVE: 0, Phase.BREAK: 0, Phase.PRE: 1, Phase.FINAL: 2, Phase.VOID: 3}


class NbaPane(TwoTables[GameView]):
    """The board, and below it what is claimed for the rules and what came of it."""

    columns = nba_rows.COLUMNS
    below_columns = nba_claims.COLUMNS
    below_empty = "no lane trades these rules"
    sorts: ClassVar[Sequence[str]] = SORTS

    def show(self, scene: Scene) -> None:
        """Sort, filter and print."""
        self._scene = scene
        view, board = scene.view, scene.view.board
        found = self._ranking.order(
            filter(self._fits, board.games),
            view.ts,
            name=lambda game: game.id,
            key=self._key,
            shape=lambda game: f"{game.id} {_RANK[game.phase]}",
        )
        self.items = {game.id: game for game in found}
        self.tell(_nothing(board, view.ts))
        self._place(len(found), len(board.claims))
        room = self.grid.room("game")
        self.grid.put([nba_rows.row(game, view.threshold, view.ts, room) for game in found])
        if self.below.display:
            self.below.put([nba_claims.row(claim) for claim in board.claims])

    def _place(self, games: int, claims: int) -> None:
        """The claims get their rows where the games leave them, or where they were asked for."""
        total, need, all_ = self.size.height, claims + 1, max(games, 1) + 1
        if total <= 0:
            return
        fits = total - all_ >= need or (self.asked and total - LEAST >= need)
        self.below.display = bool(claims) and fits
        set_rows(self.below, need)
        set_rows(self.grid, min(total - need, all_ + 1) if self.below.display else total)

    def _fits(self, game: GameView) -> bool:
        """By teams, league, phase, and the letters of rules that are on."""
        on = [f"{flag.rule} on" for flag in game.flags if flag.on]
        return self.fits(nba_rows.teams(game), game.league, game.phase, game.detail, *on)

    def _key(self, game: GameView) -> Key:
        if self.sort == "time":
            return (game.start_ns, game.id)
        if self.sort == "edge":
            line = best(game)
            low = float("inf") if line is None or line.low is None else -round(line.low * 100)
            return (over(game), low, game.start_ns, game.id)
        when = -game.start_ns if over(game) else game.start_ns
        return (_RANK[game.phase], when, game.id)

    def target(self) -> Target:
        """The game under the cursor, and the market an order would go to."""
        game = self.here
        if game is None:
            return Target()
        market = nba_rows.market(game)
        event = self._scene.event(market) if self._scene is not None else ""
        return Target(market, event, game=game.id)

    def counts(self, scene: Scene) -> list[Part]:
        """How many games, which rules ask, and how fresh the scores are."""
        view, board = scene.view, scene.view.board
        playing = sum(live(game) for game in board.games)
        low = sum(_clears(game, view.threshold) for game in board.games)
        asked = [f"{letter}{n}" for rule, letter in LETTERS.items() if (n := _asked(board, rule))]
        return [
            self.counted(len(board.games), "game", len(self.items)),
            part(f"{playing} live" if playing else _next(board, view.ts), "accent" if playing else "dim"),
            _heard(board, view.ts),
            quotes.clearing(low, view.threshold),
            part(f"rules {' '.join(asked) or text.NONE}", "accent" if asked else "dim", 1),
            part(f"{board.unjoined} unjoined" if board.unjoined else "", "warn", 1),
            *self.chosen(),
        ]

    def legend(self) -> str:
        """How to read a row."""
        hidden = "" if self.below.display else "; v claims"
        return f"P(home) lo-md-hi 5min ^v=; LOW of buys; U with model, u not, P held{hidden}"

    def why(self, scene: Scene, width: int) -> list[Line]:
        """Why each rule is on or off, and why nothing is proposed."""
        game = self.here
        if game is None:
            return [((" no game under the cursor", "dim"),)]
        words = f"WHY {nba_rows.teams(game)} {nba_rows.state(game, scene.view.ts)}"
        lines = [*wrap(words, width, 1, "title", "")]
        if game.trouble:
            lines += wrap(f"not priced: {game.trouble}", width, 2, "alert")
        elif game.stale and not over(game):
            lines += wrap(f"not priced: its message is {text.short_age(game.age_ns)} old", width, 2, "alert")
        for flag in game.flags:
            said, role = nba_rows.told(flag)
            note = nba_claims.noted(scene.view.board.claims, flag.rule) if flag.on else ""
            lines += wrap(f"{flag.rule} {said}{f'; {note}' if note else ''}", width, 2, role)
        rows = {row.ticker: row.why for row in scene.view.rows}
        for offer in nba_rows.offers(game, lambda ticker: rows.get(ticker, "")):
            lines += wrap(offer, width, 2)
        detail = scene.view.game
        if detail is not None and detail.game.id == game.id and detail.explanation:
            lines += reasons.lines(detail.explanation, width, 3)
        return lines


# ---------------------------------------------------------------------------------------------- what it counts


def _clears(game: GameView, threshold: float) -> bool:
    return quotes.clears(best(game), threshold)


def _asked(board: BoardView, rule: str) -> int:
    return sum(flag.on for game in board.games for flag in game.flags if flag.rule == rule)


def _heard(board: BoardView, now: int) -> Part:
    """How old the newest word of the score feed is; loud where games are played."""
    if not board.heard_ns:
        return part("SCORES NEVER HEARD", "alert")
    old = now - board.heard_ns
    late = old > SILENT_NS and any(live(game) for game in board.games)
    return part(f"scores {text.short_age(old)}{'!' if late else ''}", "alert" if late else "dim")


def _today(board: BoardView, now: int) -> bool:
    day = trading_day(now)
    return any(live(game) or trading_day(game.start_ns) == day for game in board.games)


def _next(board: BoardView, now: int) -> str:
    """When the next one begins, where none is played."""
    coming = [game.start_ns for game in board.games if game.phase is Phase.PRE]
    when = f"next {text.start(min(coming), now)}" if coming else "none to come"
    return when if _today(board, now) else f"no games today, {when}"


def _nothing(board: BoardView, now: int) -> str:
    """What an empty board says."""
    if not board.heard_ns:
        return "the score feed has said nothing yet: no scores, no games"
    return f"no games: the score feed spoke {text.age(now - board.heard_ns)} ago and named none"
