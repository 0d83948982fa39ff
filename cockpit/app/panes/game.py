"""Everything about one game: score by period, whose orders where, the rules, the chance over time, where it comes from."""

from bisect import bisect_right
from collections.abc import Sequence

from cockpit.app import cells, text
from cockpit.app.line import Line, Part, crop, length, part, wrap
from cockpit.app.panes import nba_claims, nba_rows, quotes, reasons
from cockpit.app.panes.nba_rows import LETTERS, live, over
from cockpit.app.panes.quotes import band, percent
from cockpit.app.widgets.chart import AXIS, Lines, chart
from cockpit.domain.games import GameDetail, GamePoint, GameView, Phase
from cockpit.domain.units import SECOND
from cockpit.domain.view import Point, View

CHANCES = Lines("Kalshi", "Polymarket", "fair")
LEAD_EVERY = 10
"""Cells between two leads under the picture."""
BEFORE_NS = 1800 * SECOND
"""What is drawn before the tip-off of a game that is on."""


def document(view: View, detail: GameDetail, width: int, height: int, *, dots: bool = True) -> list[Line]:
    """All rows there are: what matters most before, in and after a game comes first; the picture takes what is left."""
    game = detail.game
    head = [*_head(detail, view.ts, width), *_against(game, width)]
    known, scored = _known(detail, view.ts, width), _periods(detail, width)
    offers = _offers(game, view, width)
    rules = [] if over(game) else _rules(game, view, width)
    rows = max(9, min(height - len(head) - len(offers) - len(scored) - 2, 20))
    picture = _picture(detail, width, rows, dots=dots)
    value = _value(detail, width)
    if game.phase is Phase.PRE:
        body = [*known, *offers, *rules, *picture, *value]
    elif over(game):
        body = [*scored, *picture, *known, *offers, *value]
    else:
        body = [*scored, *offers, *picture, *rules, *known, *value]
    return [*head, *body]


# ---------------------------------------------------------------------------------------------- what it is


def _head(detail: GameDetail, now: int, width: int) -> list[Line]:
    game = detail.game
    flags = [
        ("neutral", game.neutral),
        ("unfitted", not game.fitted),
        (game.league.upper(), game.league != "nba"),
    ]
    title = [
        part(nba_rows.teams(game), "accent"),
        part(nba_rows.standing(game, now), "title"),
        *(part(word, "warn") for word, said in flags if said),
        part(text.clean(game.detail) if live(game) else "", "dim", 1),
    ]
    return [*cells.flow(title, width), *cells.flow(_chances(detail), width)]


def _chances(detail: GameDetail) -> list[Part]:
    """Ours, the source's own, the book's, and how old the message is."""
    game = detail.game
    own = text.NONE if game.chance is None else f"{band(game.chance)}%"
    moved = nba_rows.trend(game)
    return [
        Part(((f"P({game.home}) ", "dim"), (own, "band"), (moved, "text"))),
        Part((("ESPN ", "dim"), (_percent(detail.said), "text"))),
        Part((("book ", "dim"), (_percent(game.book), "text"))),
        Part(
            (
                ("message ", "dim"),
                (text.short_age(game.age_ns), "alert" if game.stale and not over(game) else "text"),
            )
        ),
    ]


def _percent(value: float | None) -> str:
    return text.NONE if value is None else f"{percent(value)}%"


def _against(game: GameView, width: int) -> list[Line]:
    """Why it is not priced."""
    if game.trouble:
        return wrap(f"NOT PRICED: {game.trouble}", width, 3, "alert")
    if game.stale and not over(game):
        return wrap(f"NOT PRICED: its message is {text.short_age(game.age_ns)} old", width, 2, "alert")
    return []


def _known(detail: GameDetail, now: int, width: int) -> list[Line]:
    """The book's line before the game, and how old that is."""
    game = detail.game
    if game.spread is None and game.book is None:
        words: list[Part] = [part("no book's line is known", "dim")]
    else:
        heard = f"heard {text.age(now - detail.line_ns)} ago" if detail.line_ns else ""
        words = [
            part(nba_rows.spread(game), "text"),
            part(f"P({game.home}) {_percent(game.book)} without its margin"),
            part(text.clean(game.provider), "dim"),
            part(heard, "dim"),
        ]
    return cells.block("LINE", words, width)


def _periods(detail: GameDetail, width: int) -> list[Line]:
    """Points by period, and in all."""
    game = detail.game
    n = max(len(detail.away_periods), len(detail.home_periods))
    if not n:
        return []
    names = [_name(i + 1) for i in range(n)]
    rows: list[Line] = [crop(((f" {'':<5}{''.join(f'{name:>4}' for name in names)}    T", "header"),), width)]
    for team, points, total in (
        (game.away, detail.away_periods, game.away_score),
        (game.home, detail.home_periods, game.home_score),
    ):
        shown = "".join(f"{points[i] if i < len(points) else '':>4}" for i in range(n))
        rows.append(
            crop(((f" {text.clean(team):<5}", "accent"), (shown, "text"), (f"{total:>5}", "title")), width)
        )
    return rows


def _name(period: int) -> str:
    return str(period) if period <= nba_rows.REGULATION else f"OT{period - nba_rows.REGULATION}"


# ---------------------------------------------------------------------------------------------- where and why


def _offers(game: GameView, view: View, width: int) -> list[Line]:
    """A row a venue: its prices of the home side, and the better order there."""
    if not game.venues:
        return [
            crop((("VENUES", "header"), ("  no venue lists it, or none could be joined to it", "dim")), width)
        ]
    rows: list[Line] = [
        crop((("VENUES", "header"), (f" bid/ask of {game.home}, the better order there", "dim")), width)
    ]
    why = {row.ticker: row.why for row in view.rows}
    for line in game.venues:
        rows += quotes.offered(
            line, quotes.venue(line), nba_rows.bought(line), why.get(line.market, ""), width
        )
    return rows


def _rules(game: GameView, view: View, width: int) -> list[Line]:
    """Why each of the rules is on or off."""
    rows: list[Line] = [((("RULES"), "header"),)]
    for flag in game.flags:
        said, role = nba_rows.told(flag)
        note = nba_claims.noted(view.board.claims, flag.rule)
        words = f"{LETTERS.get(flag.rule, '?')} {flag.rule} {said}{f'; {note}' if note and flag.on else ''}"
        rows += wrap(words, width, 2, role)
    return rows if game.flags else []


# ---------------------------------------------------------------------------------------------- over time


def _picture(detail: GameDetail, width: int, height: int, *, dots: bool) -> list[Line]:
    """Our chance of the home side in its band against both venues' mids, per cent up the side, the lead below."""
    seen = _seen(detail)
    if not seen:
        return [crop((("CHANCE", "header"), ("  nothing to draw yet", "dim")), width)]
    head: Line = (
        ("CHANCE", "header"),
        (f" P({detail.game.home}) in %, the venues' middles, the lead below", "dim"),
    )
    lines = chart([_point(point) for point in seen], (), width, height - 2, dots=dots, lines=CHANCES)
    return [crop(head, width), *lines, *_leads(seen, lines, width)]


def _seen(detail: GameDetail) -> Sequence[GamePoint]:
    """The points drawn: once a game is on, the hours before it would only press it together."""
    game = detail.game
    if game.phase is Phase.PRE:
        return detail.points
    return [point for point in detail.points if point.ts >= game.start_ns - BEFORE_NS] or detail.points


def _point(point: GamePoint) -> Point:
    return Point(point.ts, point.kalshi // 2, point.polymarket // 2, point.low, point.mid, point.high)


def _leads(points: Sequence[GamePoint], lines: Sequence[Line], width: int) -> list[Line]:
    """The home side's lead every so many cells, by the same clock as the picture's."""
    if len(lines) < 3:
        return []
    used = length(lines[-2]) - AXIS
    stamps = [point.ts for point in points]
    span, now = stamps[-1] - stamps[0], f"{points[-1].lead:+d}"
    row = ""
    for at in range(0, used - LEAD_EVERY // 2, LEAD_EVERY):
        found = points[max(bisect_right(stamps, stamps[0] + span * at // used) - 1, 0)].lead
        row += f"{found:<+{LEAD_EVERY}d}"
    room = max(used - len(now), 0)
    return [crop(((f"{'lead':>{AXIS - 1}} ", "dim"), (f"{row[:room]:<{room}}{now}", "text")), width)]


# ---------------------------------------------------------------------------------------------- where it comes from


def _value(detail: GameDetail, width: int) -> list[Line]:
    if not detail.explanation:
        return [crop((("VALUE", "header"), ("  no model of ours values this game now", "dim")), width)]
    head: Line = (("VALUE", "header"), (f" where P({detail.game.home}) comes from", "dim"))
    source = wrap(f"model {text.clean(detail.source)}", width, 2, "dim") if detail.source else []
    return [crop(head, width), *reasons.lines(detail.explanation, width), *source]
