"""NBA: every game with score, our chance of the home side, the venues' prices, the book's line and the three rules."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.events import Resize

from cockpit.app import cells, text
from cockpit.app.line import Line, Part, part, wrap
from cockpit.app.panes import nba_claims, nba_rows, quotes
from cockpit.app.panes.base import Pane
from cockpit.app.panes.nba_rows import LETTERS, best, live, over
from cockpit.app.panes.ranking import Ranking
from cockpit.app.scene import Scene, Target
from cockpit.app.theme import Theme
from cockpit.app.widgets.block import Block, set_rows
from cockpit.app.widgets.live_grid import LiveGrid
from cockpit.domain.games import BoardView, GameView, Phase
from cockpit.domain.newyork import trading_day
from cockpit.domain.units import SECOND

SORTS = ("live", "edge", "time")
SILENT_NS = 60 * SECOND
"""A score feed this quiet while games are played is not up to date."""
LEAST = 4
"""Rows the games keep when the claims are asked for."""
_RANK = {Phase.LIVE: 0, Phase.BREAK: 0, Phase.PRE: 1, Phase.FINAL: 2, Phase.VOID: 3}


class NbaPane(Pane):
    """The board, and below it what is claimed for the rules and what came of it."""

    serves: ClassVar[frozenset[str]] = frozenset({"filter", "sort", "why", "detail", "valuation"})

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.grid = LiveGrid(theme, nba_rows.COLUMNS, empty="no games")
        self.claims = Block(theme, nba_claims.COLUMNS, empty="no lane trades these rules")
        self.asked = False
        """Whether the claims have their rows whatever the games need."""
        self.sort = SORTS[0]
        self.needle = ""
        self._ranking = Ranking()
        self._games: dict[str, GameView] = {}
        self._scene: Scene | None = None

    def compose(self) -> ComposeResult:
        """Games, claims."""
        yield self.grid
        yield self.claims

    def show(self, scene: Scene) -> None:
        """Sort, filter and print."""
        self._scene = scene
        view, board = scene.view, scene.view.board
        found = [game for game in board.games if self._fits(game)]
        self._rank(found, view.ts)
        found.sort(key=lambda game: self._ranking.places[game.id])
        self._games = {game.id: game for game in found}
        self.grid.empty = f"nothing contains {self.needle!r}" if self.needle else _nothing(board, view.ts)
        self._place(len(found), len(board.claims))
        room = self.grid.room("game")
        self.grid.put([nba_rows.row(game, view.threshold, view.ts, room) for game in found])
        if self.claims.display:
            self.claims.put([nba_claims.row(claim) for claim in board.claims])

    def on_resize(self, event: Resize) -> None:
        """Share the rows anew."""
        if self._scene is not None:
            self.show(self._scene)

    def _place(self, games: int, claims: int) -> None:
        """The claims get their rows where the games leave them, or where they were asked for."""
        total, need, all_ = self.size.height, claims + 1, max(games, 1) + 1
        if total <= 0:
            return
        fits = total - all_ >= need or (self.asked and total - LEAST >= need)
        self.claims.display = bool(claims) and fits
        set_rows(self.claims, need)
        set_rows(self.grid, min(total - need, all_ + 1) if self.claims.display else total)

    def _fits(self, game: GameView) -> bool:
        """Whether a row has every word of the filter: teams, league, phase, and the letters of rules that are on."""
        on = [f"{flag.rule} on" for flag in game.flags if flag.on]
        words = " ".join((nba_rows.teams(game), game.league, game.phase, game.detail, *on)).casefold()
        return all(word in words for word in self.needle.split())

    def _rank(self, games: Sequence[GameView], ts: int) -> None:
        """Anew when a game changes its phase, and by edges now and then."""
        if self._ranking.due(frozenset(f"{game.id} {_RANK[game.phase]}" for game in games), ts):
            self._ranking.put(game.id for game in sorted(games, key=self._key))

    def _key(self, game: GameView) -> tuple[float | str, ...]:
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
        game = self._games.get(self.grid.selected)
        if game is None:
            return Target()
        market = nba_rows.market(game)
        event = self._scene.event(market) if self._scene is not None else ""
        return Target(market, event, game=game.id)

    def counts(self, scene: Scene) -> list[Part]:
        """How many games, which rules ask, and how fresh the scores are."""
        view, board = scene.view, scene.view.board
        playing = sum(live(game) for game in board.games)
        shown = f" ({len(self._games)} shown)" if len(self._games) != len(board.games) else ""
        low = sum(_clears(game, view.threshold) for game in board.games)
        asked = [f"{letter}{n}" for rule, letter in LETTERS.items() if (n := _asked(board, rule))]
        return [
            part(f"{len(board.games)} game{'s' * (len(board.games) != 1)}{shown}"),
            part(f"{playing} live" if playing else _next(board, view.ts), "accent" if playing else "dim"),
            _heard(board, view.ts),
            part(f"{low} with LOW>={text.probability(view.threshold)}c", "good" if low else "dim", 1),
            part(f"rules {' '.join(asked) or text.NONE}", "accent" if asked else "dim", 1),
            part(f"{board.unjoined} unjoined" if board.unjoined else "", "warn", 1),
            part(f"sort {self.sort}", "accent", 2),
            part(f"filter {self.needle}" if self.needle else "", "accent"),
        ]

    def legend(self) -> str:
        """How to read a row."""
        hidden = "" if self.claims.display else "; v claims"
        return f"P(home) lo-md-hi 5min ^v=; LOW of buys; U with model, u not, P held{hidden}"

    def why(self, scene: Scene, width: int) -> list[Line]:
        """Why each rule is on or off, and why nothing is proposed."""
        game = self._games.get(self.grid.selected)
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
            told = (
                part(f"{name} {nba_rows.number(name, value)}", "dim") for name, value in detail.explanation
            )
            lines += cells.flow(told, width)[:2]
        return lines

    def act(self, action: str) -> bool:
        """Movements, sorting, and the claims."""
        if action == "sort":
            self.sort = SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
            self._ranking.again()
            return True
        if action == "valuation":
            self.asked = not self.asked
            return True
        return self.grid.act(action)

    def find(self, text: str) -> None:
        """Filter by teams, league, phase, or a rule that is on."""
        self.needle = text.casefold()

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        self.grid.dress(theme)
        self.claims.dress(theme)


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
