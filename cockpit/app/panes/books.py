"""Books: what sportsbooks together say of each game beside the venues' prices, and below each book on one game."""

from collections.abc import Sequence
from typing import ClassVar

from cockpit.app import text
from cockpit.app.line import Line, Part, part, wrap
from cockpit.app.panes import books_rows, quotes
from cockpit.app.panes.ranking import Key
from cockpit.app.panes.two_tables import TwoTables
from cockpit.app.scene import Scene, Target
from cockpit.app.theme import Theme
from cockpit.app.widgets.block import set_rows, share_rows
from cockpit.domain.books import BookGameView, BooksView
from cockpit.domain.games import GameView
from cockpit.domain.units import SECOND

SORTS = ("edge", "time", "name")
SILENT_NS = 7_200 * SECOND
"""A source of odds this quiet is not heard as it should be: without other settings it is asked every 90 minutes."""
SCARCE = 0.1
"""Share of a budget that is worth a look when no more than that is left. Ours."""
LEAST = 5
"""Rows the games keep, their titles included."""
LEAST_BOOKS = 4
"""Rows the books keep, their titles included."""
WIDE = 140
"""Cells of the screen from which odds are told the American way too."""
FEED = "sportsbook"
"""Whose frames odds come in."""


class BooksPane(TwoTables[BookGameView]):
    """Games, and below them the books on the game under the cursor."""

    columns = books_rows.GAMES
    below_columns = books_rows.BOOKS
    below_empty = "no book has this game"
    sorts: ClassVar[Sequence[str]] = SORTS

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._played: dict[str, GameView | None] = {}

    def show(self, scene: Scene) -> None:
        """Sort, filter and print."""
        self._scene = scene
        view = scene.view
        self._played = {game.id: books_rows.on_board(game, view.board) for game in view.books.games}
        found = self._ranking.order(
            (game for game in view.books.games if self._fits(game, view.ts)),
            view.ts,
            name=lambda game: game.id,
            key=self._key,
        )
        self.items = {game.id: game for game in found}
        self.tell(_nothing(view.books, view.ts, asked=_asked(scene)))
        self._print(found, scene)

    def _print(self, found: Sequence[BookGameView], scene: Scene) -> None:
        view, room = scene.view, self.grid.room("game")
        rows = [books_rows.row(game, self._played[game.id], view.threshold, view.ts, room) for game in found]
        self.grid.put(rows)
        game = self.here
        self._place(len(found), len(game.lines) if game is not None else 0)
        if game is None:
            self.below.put(())
            return
        away, home = text.clean(game.away), text.clean(game.home)
        self.below.entitle(
            book=f"books on {away}@{home}", away=away[:5], home=home[:5], chance=f"P({home[:5]})"
        )
        american = self.app.size.width >= WIDE
        self.below.put([books_rows.book(line, american=american) for line in game.lines])

    def _place(self, games: int, lines: int) -> None:
        """Share the rows: in turn, unless the books were asked for."""
        total = self.size.height
        self.below.display = games > 0
        if total <= 0 or not games:
            set_rows(self.grid, total)
            return
        wants = (games + 1, max(lines, 1) + 1)
        least = (min(LEAST, wants[0]), total if self.asked else LEAST_BOOKS)
        upper, lower = share_rows(total, wants, least)
        set_rows(self.grid, upper + (upper + lower < total))
        set_rows(self.below, lower)

    def _fits(self, game: BookGameView, now: int) -> bool:
        """By teams, league, the books on it, and what its clock says."""
        stands = books_rows.when(game, self._played[game.id], now)
        return self.fits(books_rows.teams(game), game.league, stands, *(line.book for line in game.lines))

    def _key(self, game: BookGameView) -> Key:
        if self.sort == "time":
            return (game.start_ns, game.id)
        if self.sort == "name":
            return (books_rows.teams(game), game.start_ns, game.id)
        low = float("inf") if game.edge is None else -round(game.edge * 1_000)
        return (game.mark in quotes.SUNK, low, game.start_ns, game.id)

    def target(self) -> Target:
        """The market an order would go to, and the game on the board of scores."""
        game = self.here
        if game is None:
            return Target()
        played = self._played.get(game.id)
        event = self._scene.event(game.market) if self._scene is not None else ""
        return Target(game.market, event, game=played.id if played is not None else "")

    def counts(self, scene: Scene) -> list[Part]:
        """How many games, how old the odds are, and what asking for more would still cost."""
        view, books = scene.view, scene.view.books
        begun = sum(books_rows.begun(game, view.ts) for game in books.games)
        low = sum(books_rows.clears(game, view.threshold) for game in books.games)
        return [
            self.counted(len(books.games), "game", len(self.items)),
            part(f"{begun} begun" if begun else "", "accent", 3),
            _heard(books, view.ts, asked=_asked(scene)),
            _budget(books),
            quotes.clearing(low, view.threshold, "edge"),
            *self.chosen(),
        ]

    def legend(self) -> str:
        """How to read a row."""
        return "bi/as, books lo-md-hi, ours: home side; edge at the books' worst; v books"

    def why(self, scene: Scene, width: int) -> list[Line]:
        """How the consensus comes about, what does not count, and why nothing is proposed."""
        game = self.here
        if game is None:
            return [((" no game under the cursor", "dim"),)]
        stands = books_rows.when(game, self._played.get(game.id), scene.view.ts)
        lines = [*wrap(f"WHY {books_rows.teams(game)} {stands}", width, 1, "title", "")]
        for words, role in _why(game):
            lines += wrap(words, width, 2, role)
        told = next((row.why for row in scene.view.rows if row.ticker == game.market), "")
        against = "proposed: see the ticket" if game.mark == quotes.TICKET else told
        return [*lines, *wrap(f"{_order(game)}{f', {against}' if against else ''}", width, 2)]


# ---------------------------------------------------------------------------------------------- why


def _why(game: BookGameView) -> list[tuple[str, str]]:
    """Sentences and their roles: what counts, what does not, and what we think ourselves."""
    counts = books_rows.counted(game)
    told = [_consensus(game, len(counts))]
    left_out = [
        (reason, [text.clean(line.book) for line in game.lines if getattr(line, name)])
        for reason, name in (("exchanges", "exchange"), ("stale", "stale"))
    ]
    told += [(f"{reason}, not counted: {', '.join(names)}", "dim") for reason, names in left_out if names]
    if game.ours is not None:
        away = "" if game.mid is None else f", {text.signed_cents(game.ours - game.mid, 1)} from the books"
        told.append((f"our own model: {game.ours * 100:.1f}%{away}", "text"))
    return told


def _consensus(game: BookGameView, fresh: int) -> tuple[str, str]:
    if game.low is None or game.mid is None or game.high is None:
        n = f"{fresh} fresh book{'s' * (fresh != 1)}"
        return f"no consensus: {n}, three are needed", "warn"
    values = "-".join(f"{each * 100:.1f}" for each in (game.low, game.mid, game.high))
    return (
        f"median of {game.n} books, their margins taken out four ways: {values}% {text.clean(game.home)}",
        "text",
    )


def _order(game: BookGameView) -> str:
    if not game.team:
        return (
            "no order to reckon with" if game.market else "no venue lists it, or none could be joined to it"
        )
    where = quotes.VENUES.get(game.venue, game.venue)
    price = f"{game.team}@{text.cents(game.price)}"
    return (
        f"{where}: {price} edge {text.signed_cents(game.edge, 1)} at the books' worst, net of the maker fee"
    )


# ---------------------------------------------------------------------------------------------- what it counts


def _asked(scene: Scene) -> bool:
    """Whether anybody is asked for odds."""
    return any(feed.source.partition(".")[0] == FEED for feed in scene.status.feeds)


def _heard(books: BooksView, now: int, *, asked: bool) -> Part:
    """How old the source's last answer is; loud where it is too old to go by."""
    if not books.heard_ns:
        return part("ODDS NEVER HEARD" if asked else "no source of odds", "alert" if asked else "dim")
    old = now - books.heard_ns
    late = old > SILENT_NS
    return part(f"odds {text.short_age(old)}{'!' if late else ''}", "alert" if late else "dim")


def _budget(books: BooksView) -> Part:
    """What the source still answers, and what it has answered."""
    if books.left is None:
        return part("" if books.used is None else f"credits used {books.used:,}", "dim")
    spent = "" if books.used is None else f", used {books.used:,}"
    if books.left <= 0:
        return part(f"NO CREDITS LEFT{spent}", "alert")
    scarce = books.used is not None and books.left <= SCARCE * (books.left + books.used)
    return part(f"credits left {books.left:,}{spent}", "warn" if scarce else "dim")


def _nothing(books: BooksView, now: int, *, asked: bool) -> str:
    """What an empty list says."""
    if books.heard_ns:
        old = now - books.heard_ns
        stale = ": that is stale" if old > SILENT_NS else ""
        return f"no game has odds: the source answered {text.age(old)} ago{stale}"
    if asked:
        return "no odds yet: the source has answered nothing so far"
    return "no odds: set [sportsbook] and a key in the environment"
