"""Words and cells of the NBA pane: where a game stands, who is bought where, which rules ask for it, what is claimed."""

from collections.abc import Callable

from cockpit.app import text
from cockpit.app.panes import quotes
from cockpit.app.panes.quotes import BLOCKED, MARKS, POSITION, STALE, VENUES, band, percent
from cockpit.app.widgets.live_grid import Cell, Column, Row
from cockpit.domain.games import GameView, Phase, RuleFlag, VenueLine
from cockpit.domain.units import SECOND
from cockpit.domain.view import View

CLOCK = 15
"""Cells of score and clock."""
COLUMNS = (
    Column("mark", "", 1),
    Column("game", "game", 7, most=18, flex=True),
    Column("state", "score, clock", 13, most=CLOCK),
    Column("chance", "P(home)5m", 9, "right", most=11),
    Column("K", "K", 5, "right", most=9),
    Column("P", "PM", 5, "right", 2, most=9),
    Column("U", "PMus", 5, "right", 7, most=9),
    Column("line", "line", 7, "left", 3, most=8),
    Column("book", "bk", 2, "right", 4, most=3),
    Column("provider", "book", 8, "left", 8, most=12),
    Column("buys", "buys", 8, "left", most=11),
    Column("edge", "edge", 4, "right", 6, most=5),
    Column("low", "LOW", 3, "right", most=5),
    Column("homeUnderdog", "U", 1),
    Column("favoriteFade", "F", 1),
    Column("lateGameLeader", "L", 1),
    Column("age", "age", 3, "right", most=4),
)
"""Prices are of the home side throughout, but for what is bought."""

LETTERS = {"homeUnderdog": "U", "favoriteFade": "F", "lateGameLeader": "L"}
RISING, FALLING, LEVEL = "^", "v", "="
TREND = 0.02
"""Least change of the middle over five minutes that counts as one."""

REGULATION = 4
_LAST = float("inf")
BRIEF = 7
"""Cells of where a game stands, in columns of other panes."""


# ---------------------------------------------------------------------------------------------- where a game stands


def state(game: GameView, now: int) -> str:
    """Period and clock, or when it begins in New York, or how it ended."""
    match game.phase:
        case Phase.PRE:
            return text.start(game.start_ns, now)
        case Phase.BREAK:
            return "HALF" if game.period == 2 else f"END {_period(game.period)}"
        case Phase.FINAL:
            over = game.period - REGULATION
            return "FINAL" if over <= 0 else f"F/{_overtime(over)}"
        case Phase.VOID:
            return next((word for sign, word in _VOIDS if sign in game.detail.casefold()), "PPD")
        case _:
            name = f"Q{game.period}" if game.period <= REGULATION else _period(game.period)
            return f"{name} {text.duration(game.clock_ms * SECOND // 1_000)}"


_VOIDS = (("cancel", "CANC"), ("forfeit", "FORF"), ("abandon", "ABD"))


def _period(period: int) -> str:
    return str(period) if period <= REGULATION else _overtime(period - REGULATION)


def _overtime(number: int) -> str:
    return "OT" if number <= 1 else f"{number}OT"


def clock(game: GameView, now: int) -> str:
    """Where it stands in seven cells: a clock of ten minutes and more without its seconds, a later day alone."""
    stands = state(game, now)
    if game.phase is Phase.PRE:
        return stands if text.day(game.start_ns, now) == "today" else text.day(game.start_ns, now)
    return stands if len(stands) <= BRIEF else _brief(stands)


def _brief(stands: str) -> str:
    """``Q1 12:00`` as ``Q1 12m``, ``2OT 0:29`` as ``O2 0:29``."""
    name, _, left = stands.partition(" ")
    short = f"O{name[0]}" if name.endswith("OT") else name
    return f"{short} {left if len(left) < 5 else f'{left[:2]}m'}"


def clocks(view: View) -> dict[str, str]:
    """By market, where the game stands that it pays the winner of."""
    known = {game.id: clock(game, view.ts) for game in view.board.games}
    return {row.ticker: known[row.game] for row in view.rows if row.game in known}


def waits(view: View) -> dict[str, float]:
    """By market, how long it is until its game begins, ns: 0 while that is played, endless once it is over."""
    known = {
        game.id: 0.0 if live(game) else _LAST if over(game) else max(0.0, game.start_ns - view.ts)
        for game in view.board.games
    }
    return {row.ticker: known[row.game] for row in view.rows if row.game in known}


def live(game: GameView) -> bool:
    """Whether it is being played, breaks included."""
    return game.phase in (Phase.LIVE, Phase.BREAK)


def over(game: GameView) -> bool:
    """Whether nothing more will be played."""
    return game.phase in (Phase.FINAL, Phase.VOID)


def score(game: GameView) -> str:
    """Away and home, as the teams stand; empty before the game."""
    if game.phase is Phase.VOID or not (live(game) or over(game)):
        return ""
    return f"{game.away_score}-{game.home_score}"


def teams(game: GameView) -> str:
    """Away at home."""
    return f"{text.clean(game.away)}@{text.clean(game.home)}"


def standing(game: GameView, now: int) -> str:
    """State and score."""
    return " ".join(word for word in (state(game, now), score(game)) if word)


# ---------------------------------------------------------------------------------------------- chances and lines


def trend(game: GameView) -> str:
    """Where the middle went in five minutes; empty where that is not known."""
    if game.chance is None or game.before is None:
        return ""
    moved = game.chance.mid - game.before
    return LEVEL if abs(moved) < TREND else RISING if moved > 0 else FALLING


def spread(game: GameView) -> str:
    """The book's line, told of the favourite: ``BOS-6.5``; a level one is ``PK``."""
    if game.spread is None:
        return text.NONE
    if not game.spread:
        return "PK"
    return f"{game.home if game.spread < 0 else game.away}-{abs(game.spread):g}"


def best(game: GameView) -> VenueLine | None:
    """Where the better order could rest."""
    return quotes.best(line for line in game.venues if line.team)


def bought(line: VenueLine) -> str:
    """Whom an order there would buy and at what; empty where there is no side to rest on."""
    return f"{line.team}@{text.cents(line.price)}" if line.team else ""


def market(game: GameView) -> str:
    """What keys act on: the market of the best edge, else Kalshi's, else any."""
    line = best(game) or next(iter(game.venues), None)
    return line.market if line is not None else ""


def mark(game: GameView) -> str:
    """One letter: what needs a look."""
    marks = {line.mark for line in game.venues}
    if game.trouble:
        marks.add(BLOCKED)
    if game.stale and not over(game):
        marks.add(STALE)
    return quotes.loudest(marks)


# ---------------------------------------------------------------------------------------------- a row


def row(game: GameView, threshold: float, now: int, room: int) -> Row:
    """One line of the board; ``room`` is the cells of its teams."""
    line, sign = best(game), mark(game)
    flags = {flag.rule: flag for flag in game.flags}
    return Row(
        game.id,
        (
            (sign or " ", MARKS.get(sign, "text")),
            (_named(game, room), "text"),
            (_clock(game, now), "text"),
            _chance(game),
            *(quotes.top_cell(game.venues, letter) for letter in VENUES),
            (spread(game), "text" if game.spread is not None else "dim"),
            (text.NONE if game.book is None else percent(game.book), "dim"),
            (game.provider or text.NONE, "dim"),
            _buys(line),
            *quotes.edge_cells(line, threshold),
            *(_flag(flags.get(rule)) for rule in LETTERS),
            _age(game),
        ),
        "dim" if over(game) else "blocked" if game.trouble else "stale" if game.stale else "text",
    )


def _named(game: GameView, room: int) -> str:
    """The teams, and what is unusual where there is room for it."""
    words = [word for word, told in (("unfitted", not game.fitted), ("neutral", game.neutral)) if told]
    while words and len(teams(game)) + len(" ".join(words)) >= room:
        words.pop()
    return f"{teams(game)}\t{' '.join(words)}" if words else teams(game)


def _clock(game: GameView, now: int) -> str:
    """Score and state; where both are long, a clock of ten minutes and more without its seconds, overtimes as ``O2``."""
    shown, stands = score(game), state(game, now)
    if len(shown) + len(stands) >= CLOCK and live(game):
        stands = _brief(stands)
    return f"{shown}\t{stands}" if shown else stands


def _chance(game: GameView) -> Cell:
    if game.chance is None:
        return ("stale", "warn") if game.stale and not over(game) else (text.NONE, "dim")
    return f"{band(game.chance)}{trend(game) or ' '}", "band"


def _buys(line: VenueLine | None) -> Cell:
    if line is None:
        return quotes.buys_cell("")
    return quotes.buys_cell(f"{line.venue} {bought(line)}", line.mark)


def _flag(flag: RuleFlag | None) -> Cell:
    """Held by a lane ``P``; asked for with the model's word in capitals, without it in small; else a dot."""
    if flag is None:
        return "", "dim"
    letter = LETTERS.get(flag.rule, "?")
    if flag.held:
        return POSITION, "own"
    if not flag.on:
        return ".", "dim"
    return (letter, "accent") if flag.model else (letter.lower(), "text")


def _age(game: GameView) -> Cell:
    return text.short_age(game.age_ns), "dim" if over(game) or not game.stale else "alert"


# ---------------------------------------------------------------------------------------------- rules in words


def told(flag: RuleFlag) -> tuple[str, str]:
    """Whether a rule asks for the game and what stands against it, and the role that is said in."""
    held = "; a lane holds it" if flag.held else ""
    if not flag.on:
        return f"off: {flag.why or 'nothing said'}{held}", "dim"
    if flag.model:
        return f"on: buys {flag.team}, the model agrees{held}", "accent"
    against = flag.veto or flag.why or "does not agree"
    return f"on: buys {flag.team}; the model: {against}{held}", "text"


def offers(game: GameView, why: Callable[[str], str]) -> list[str]:
    """Per venue what an order there would be worth, and what the desk has against it."""
    return [quotes.offer(line, quotes.venue(line), bought(line), why(line.market)) for line in game.venues]
