"""The rows of the Spreads pane: a pair's books on two venues and what they come to, and a basket of one venue."""

from collections.abc import Callable

from cockpit.app import text
from cockpit.app.panes import spreads_books
from cockpit.app.widgets.live_grid import Cell, Column, Row
from cockpit.domain.pairs import BasketView, PairView
from cockpit.domain.units import SECOND

COLUMNS = (
    Column("mark", "", 1),
    Column("pair", "pair", 26, most=48, flex=True),
    Column("one", "1st", 5, "right", most=9),
    Column("two", "2nd", 5, "right", most=9),
    Column("books", "books", 0, "right", 7, most=9),
    Column("gap", "gap", 4, "right", most=6),
    Column("ten", "@10", 4, "right", most=6),
    Column("hundred", "@100", 4, "right", 4, most=6),
    Column("thousand", "@1k", 4, "right", 5, most=6),
    Column("rest", "rest", 4, "right", most=6),
    Column("ev", "EVc", 4, "right", 3, most=6),
    Column("basis", "basis", 5, "left", 2, most=13),
    Column("lead", "lead", 4, "left", 6, most=22),
    Column("age", "age", 5, "right", 1, most=9),
)

DISAGREE, NAKED, TICKET, WORKS, CHANGED, NEW, STALE = "!", "N", "T", "W", "c", "?", "z"
MARKS = {
    DISAGREE: "alert",
    NAKED: "alert",
    TICKET: "accent",
    WORKS: "own",
    CHANGED: "warn",
    NEW: "dim",
    STALE: "warn",
}
RANK = f"{NAKED}{DISAGREE}{TICKET}{WORKS}{CHANGED} {NEW}{STALE}"
"""What needs a look comes first."""

WORDS = 12
"""Cells a sentence needs."""
SAYS_BUY = 32
"""Cells of the first column from which it says ``buy K`` and not ``K+``."""


def mark(pair: PairView) -> str:
    """One letter: what needs a look."""
    if "NAKED" in pair.legs:
        return NAKED
    if pair.disagree and not pair.acknowledged:
        return DISAGREE
    if pair.legs:
        return TICKET if pair.legs.endswith("ticket") else WORKS
    if pair.state == "changed":
        return CHANGED
    if pair.stale:
        return STALE
    return NEW if pair.state == "new" else ""


def _way(pair: PairView, room: int) -> str:
    """The venues, and on which of them the better way buys YES."""
    buy = f" buy {pair.buy}" if room >= SAYS_BUY else f" {pair.buy}+"
    return f"{pair.venue_a}{_arrow(pair)}{pair.venue_b}{buy if pair.buy and not pair.stale else ''}"


def _arrow(pair: PairView) -> str:
    """Between the venues' letters: ``>`` where the first is known to lead, ``<`` where the second is."""
    first, known, _ = pair.lead.partition(">")
    return "/" if not known else ">" if first == pair.venue_a else "<"


def row(pair: PairView, room: Callable[[str], int]) -> Row:
    """A pair's row."""
    netted = not pair.stale
    return Row(
        pair.name,
        (
            (mark(pair) or " ", MARKS.get(mark(pair), "text")),
            (f"{pair.label}\t{_way(pair, room('pair'))}", "text"),
            (text.bid_ask(pair.bid_a, pair.ask_a), "text"),
            (text.bid_ask(pair.bid_b, pair.ask_b), "text"),
            spreads_books.cell(pair.books),
            (text.NONE if pair.gap is None else f"{pair.gap:+.1f}", "stale" if pair.stale else "text"),
            *(_net(net if netted else None) for net in (*pair.nets, pair.rest, pair.ev)),
            (_basis(pair.basis, room("basis")), "dim" if pair.basis == "SAME" else "warn"),
            _lead(pair.lead, room("lead")),
            ("/".join(map(_age, pair.ages)) if pair.ages else text.NONE, "warn" if pair.stale else "dim"),
        ),
        "stale" if pair.stale else "text",
    )


def basket(each: BasketView) -> Row:
    """A basket's row, under the pairs' columns."""
    blank: Cell = ("", "dim")
    return Row(
        f"basket {each.event} {each.kind}",
        (
            (" ", "dim"), (f"{each.label}\t{each.venue} {each.kind} x{each.n}", "dim"), blank, blank, blank, blank,
            _net(each.take), blank, blank, _net(each.rest), blank, ("1VEN", "dim"), blank, blank,
        ),
    )  # fmt: skip


def best(baskets: tuple[BasketView, ...]) -> list[BasketView]:
    """The few that are nearest to netting anything."""
    known = [each for each in baskets if each.take is not None]
    return sorted(known, key=lambda each: -(each.take or 0.0))[:3]


def _net(value: float | None) -> Cell:
    if value is None:
        return text.NONE, "dim"
    return f"{value:+.1f}", "good" if value > 0 else "dim"


def _lead(lead: str, room: int) -> Cell:
    """Who leads, without the lag where that does not fit; what is missing to say, where there is room for words."""
    if ">" in lead:
        return (lead if len(lead) <= room else lead.partition(" ")[0]), "accent"
    return (lead if room >= WORDS else text.NONE), "dim"


def _basis(basis: str, room: int) -> str:
    """All of it, or the first and how many more where that does not fit."""
    first, *more = basis.split("+")
    return basis if len(basis) <= max(room, 5) else f"{first}+{len(more)}"


def _age(age_ns: int) -> str:
    seconds = age_ns // SECOND
    return f"{seconds}" if seconds < 100 else "99+"


def falling(value: float | None) -> float:
    """Best first by tenths of a cent: what looks equal keeps its place."""
    return float("inf") if value is None else -round(value * 10)
