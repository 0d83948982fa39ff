"""Rows of the Books pane: a line a game, and below a line a book on the game under the cursor."""

from cockpit.app import text
from cockpit.app.panes import nba_rows, quotes
from cockpit.app.panes.quotes import DOWN, MARKS, STALE
from cockpit.app.widgets.live_grid import Cell, Column, Row
from cockpit.domain.book import EMPTY_ASK
from cockpit.domain.books import ODDS, BookGameView, BookLineView
from cockpit.domain.games import BoardView, GameView
from cockpit.domain.newyork import trading_day
from cockpit.domain.units import decimal

GAMES = (
    Column("mark", "", 1),
    Column("game", "game", 7, most=20, flex=True),
    Column("league", "lge", 3, "left", 5, most=6),
    Column("when", "when", 9, most=13),
    Column("top", "bi/as", 5, "right", most=9),
    Column("books", "books", 8, "right", most=10),
    Column("n", "n", 2, "right", most=3),
    Column("ours", "ours", 4, "right"),
    Column("gap", "gap", 4, "right", 3, most=5),
    Column("buys", "buys", 8, "left", most=13),
    Column("edge", "edge", 4, "right", most=5),
    Column("age", "age", 3, "right", 4, most=4),
)
"""Prices and chances are of the home side throughout, but for what is bought."""
BOOKS = (
    Column("book", "books", 14, most=30, flex=True),
    Column("away", "away", 5, "right", most=12),
    Column("home", "home", 5, "right", most=12),
    Column("chance", "P(home)", 8, "right", most=10),
    Column("margin", "margin", 6, "right"),
    Column("age", "age", 3, "right", most=4),
    Column("note", "", 8, "left", most=28),
)
NOT_COUNTED = "not counted"


# ---------------------------------------------------------------------------------------------- where a game stands


def teams(game: BookGameView) -> str:
    """Away at home."""
    return f"{text.clean(game.away)}@{text.clean(game.home)}"


def on_board(game: BookGameView, board: BoardView) -> GameView | None:
    """The same game on the board of scores: same league, teams and day; None where there is none, or two."""
    found = [
        each
        for each in board.games
        if (each.league, each.away, each.home) == (game.league, game.away, game.home)
        and trading_day(each.start_ns) == trading_day(game.start_ns)
    ]
    return found[0] if len(found) == 1 else None


def begun(game: BookGameView, now: int) -> bool:
    """Whether it should be under way."""
    return game.start_ns <= now


def when(game: BookGameView, played: GameView | None, now: int) -> str:
    """Period and clock where scores are known, else when it begins; ``begun`` where only that is known."""
    if played is not None:
        return nba_rows.state(played, now)
    return "begun" if begun(game, now) else text.start(game.start_ns, now)


# ---------------------------------------------------------------------------------------------- what the books say


def counted(game: BookGameView) -> list[BookLineView]:
    """The books that may count: fresh, and no exchanges."""
    return [line for line in game.lines if not line.stale and not line.exchange]


def stale(game: BookGameView) -> bool:
    """Whether everything that was said of it is too old."""
    return bool(game.lines) and all(line.stale for line in game.lines)


def consensus(game: BookGameView) -> str:
    """The home side's chance low-mid-high; in a word why there is none."""
    if game.low is not None and game.mid is not None and game.high is not None:
        return "-".join(quotes.percent(each) for each in (game.low, game.mid, game.high))
    if stale(game):
        return "stale"
    return f"only {n}" if (n := len(counted(game))) else "none"


def ask(game: BookGameView) -> int:
    """The venue's best ask for the home side, or that there is none, as books of markets have it."""
    return game.ask or EMPTY_ASK


def gap(game: BookGameView) -> float | None:
    """The consensus less the venue's middle, dollars; None where one of them is not known."""
    if game.mid is None or not game.bid or ask(game) == EMPTY_ASK:
        return None
    return game.mid - (game.bid + ask(game)) / 2 / EMPTY_ASK


def bought(game: BookGameView) -> str:
    """Whom the better order would buy, where and at what: ``K BOS@58``; empty where there is none."""
    return f"{game.venue} {game.team}@{text.cents(game.price)}" if game.team else ""


def clears(game: BookGameView, threshold: float) -> bool:
    """Whether the order has the edge a proposal needs, by figures to be believed."""
    return game.edge is not None and game.edge >= threshold and game.mark not in quotes.SUNK


def decimal_odds(odds: int) -> str:
    """Odds (1/10000) to the second decimal, rounded half up: ``1.95``."""
    return decimal((odds + 50) // 100, 2, 2)


def american_odds(odds: int) -> str:
    """The same as what 100 win or what must be staked to win 100: ``+150``, ``-110``; none for odds that are none."""
    won = odds - ODDS
    if won <= 0:
        return text.NONE
    if won >= ODDS:
        return f"+{(won + 50) // 100}"
    return f"-{(200 * ODDS + won) // (2 * won)}"


# ---------------------------------------------------------------------------------------------- rows


def row(game: BookGameView, played: GameView | None, threshold: float, now: int, room: int) -> Row:
    """One game; ``room`` is the cells of its teams."""
    found, old = gap(game), stale(game)
    return Row(
        game.id,
        (
            (game.mark or " ", MARKS.get(game.mark, "text")),
            (_named(game, played, room), "text"),
            (text.clean(game.league), "dim"),
            (when(game, played, now), "accent" if played is not None and nba_rows.live(played) else "text"),
            _top(game),
            (consensus(game), "band" if game.mid is not None else "warn" if old else "dim"),
            (str(game.n), "text" if game.n else "dim"),
            (text.NONE, "dim") if game.ours is None else (quotes.percent(game.ours), "band"),
            (text.signed_cents(found), "dim" if found is None else "text"),
            quotes.buys_cell(bought(game), game.mark),
            quotes.edge_cell(game.edge, threshold, 1, game.mark),
            _youngest(game),
        ),
        DOWN.get(game.mark, DOWN[STALE] if old else "text"),
    )


def _named(game: BookGameView, played: GameView | None, room: int) -> str:
    """The teams, and the score where there is room for it."""
    name, score = teams(game), nba_rows.score(played) if played is not None else ""
    return f"{name}\t{score}" if score and len(name) + 1 + len(score) <= room else name


def _top(game: BookGameView) -> Cell:
    if not game.venue and not game.bid and ask(game) == EMPTY_ASK:
        return text.NONE, "dim"
    return text.bid_ask(game.bid, ask(game)), quotes.believed(game.mark)


def _youngest(game: BookGameView) -> Cell:
    ages = [line.age_ns for line in game.lines if not line.exchange]
    if not ages:
        return text.NONE, "dim"
    return text.short_age(min(ages)), "alert" if stale(game) else "dim"


def book(line: BookLineView, *, american: bool) -> Row:
    """One book on a game's winner."""
    role = "stale" if line.stale else "dim" if line.exchange else "text"
    notes = [word for word, told in (("exchange", line.exchange), ("stale", line.stale)) if told]
    return Row(
        line.book,
        (
            (line.book, "text"),
            (_odds(line.away, american), "text"),
            (_odds(line.home, american), "text"),
            (quotes.band(line), "text" if notes else "band"),
            (f"{line.margin * 100:.1f}%", "dim"),
            (text.short_age(line.age_ns), "alert" if line.stale else "dim"),
            (f"{', '.join(notes)}: {NOT_COUNTED}" if notes else "", "warn" if line.stale else "dim"),
        ),
        role,
    )


def _odds(odds: int, american: bool) -> str:
    return f"{decimal_odds(odds)} {american_odds(odds):>5}" if american else decimal_odds(odds)
