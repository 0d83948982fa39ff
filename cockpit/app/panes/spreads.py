"""Spreads: the same question on two venues, what both sides of it cost, and what a person has said of the pair."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from cockpit.app import cells, text
from cockpit.app.line import Line, Part, part, wrap
from cockpit.app.panes import spreads_books
from cockpit.app.panes.base import Pane
from cockpit.app.panes.ranking import Ranking
from cockpit.app.scene import Scene, Target
from cockpit.app.theme import Theme
from cockpit.app.widgets.live_grid import Cell, Column, LiveGrid, Row
from cockpit.domain.pairs import BasketView, PairView, SpreadsView
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
REFUSED = "refused"
"""What a filter must ask for before pairs that a person refused are shown."""
NUMBERS = 3
"""Rows of numbers at most: the worst a naked leg may cost stands in the first."""

SORTS = ("look", "EV", "rest", "gap", "name")


class SpreadsPane(Pane):
    """Pairs, and below them the baskets of single venues."""

    proposes: ClassVar[bool] = False
    serves: ClassVar[frozenset[str]] = frozenset({"filter", "sort", "why", "detail"})

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.grid = LiveGrid(theme, COLUMNS, empty="no pairs yet")
        self.sort = SORTS[0]
        self.needle = ""
        self._ranking = Ranking()
        self._rows: dict[str, PairView] = {}

    def compose(self) -> ComposeResult:
        """The grid alone."""
        yield self.grid

    def show(self, scene: Scene) -> None:
        """Rank, filter and print."""
        spreads = scene.view.spreads
        found = [pair for pair in spreads.pairs if self._fits(pair)]
        self._rank(found, scene.view.ts)
        found.sort(key=lambda pair: self._ranking.places[pair.name])
        self._rows = {pair.name: pair for pair in found}
        self.grid.empty = (
            f"nothing contains {self.needle!r}" if self.needle else "no market is listed on two venues yet"
        )
        rows = [_row(pair, self.grid.room) for pair in found]
        if not self.needle:
            rows += [_basket(each) for each in _best(spreads.baskets)]
        self.grid.put(rows)

    def _fits(self, pair: PairView) -> bool:
        """Whether a row has every word of the filter; what was refused is only shown where that is asked for."""
        wanted = self.needle.split()
        if pair.state == REFUSED and REFUSED not in wanted:
            return False
        words = " ".join((pair.label, pair.a, pair.b, pair.state, pair.basis, pair.legs)).casefold()
        return all(word in words for word in wanted)

    def _rank(self, pairs: list[PairView], ts: int) -> None:
        """Marks move a row at once where the rows go by them, prices now and then."""
        look = self.sort == SORTS[0]
        shape = frozenset(f"{pair.name} {mark(pair)}" if look else pair.name for pair in pairs)
        if self._ranking.due(shape, ts):
            self._ranking.put(pair.name for pair in sorted(pairs, key=self._key))

    def _key(self, pair: PairView) -> tuple[float | str, ...]:
        shown = mark(pair)
        by: dict[str, tuple[float | str, ...]] = {
            "look": (RANK.find(shown or " "),),
            "EV": (_falling(pair.ev),),
            "rest": (_falling(pair.rest),),
            "gap": (_falling(None if pair.gap is None else abs(pair.gap)),),
            "name": (pair.label,),
        }
        return (shown == STALE, *by[self.sort], pair.label, pair.name)

    def target(self) -> Target:
        """The pair under the cursor: the leg that is naked, else its first market, and the second with it."""
        pair = self._rows.get(self.grid.selected)
        if pair is None:
            return Target()
        return Target(pair.naked or pair.a, pair=pair.name, twin="" if pair.naked else pair.b)

    def counts(self, scene: Scene) -> list[Part]:
        """How many of what, and how far the venues stand apart on average."""
        spreads = scene.view.spreads
        pairs = [pair for pair in spreads.pairs if pair.state != REFUSED]
        waiting = sum(pair.state in ("new", "changed") for pair in pairs)
        off = sum(bool(pair.disagree) and not pair.acknowledged for pair in pairs)
        return [
            part(f"{len(pairs)} pairs"),
            part(_average(spreads), "accent" if spreads.seconds else "dim"),
            part(f"{waiting} to confirm", "warn" if waiting else "dim", 1),
            part(f"{off} disagree", "alert" if off else "dim", 1),
            part(_gaps(spreads), "dim", 3),
            part(f"{spreads.hidden} refused" if spreads.hidden else "", "dim", 4),
            part(f"sort {self.sort}", "accent", 2),
            part(f"filter {self.needle}" if self.needle else "", "accent"),
        ]

    def legend(self) -> str:
        """What the figures mean."""
        return "gap 1st-2nd; @n taking (never sent), rest both; c after fee, basis; ? marks"

    def why(self, scene: Scene, width: int) -> list[Line]:
        """Who is right, and the numbers behind the row."""
        pair, detail = self._rows.get(self.grid.selected), scene.view.pair
        if pair is None:
            return [((" no pair under the cursor", "dim"),)]
        lines = [*wrap(f"WHY {pair.label} {standing(pair)}", width, 1, "title", "")]
        if pair.disagree:
            known = "you know" if pair.acknowledged else "nothing is approved here until you press d"
            lines += wrap(f"{pair.disagree}: one of them is wrong, or we are; {known}", width, 2, "alert")
        lines += spreads_books.lines(pair, width)
        if detail is None or detail.pair.name != pair.name:
            return lines
        for words in detail.words:
            lines += wrap(words, width, 2)
        return [*lines, *_numbers(detail.numbers, width)]

    def act(self, action: str) -> bool:
        """Movements and sorting."""
        if action == "sort":
            self.sort = SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
            self._ranking.again()
            return True
        return self.grid.act(action)

    def find(self, text: str) -> None:
        """Filter by a text in label, tickers, state or basis."""
        self.needle = text.casefold()

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        self.grid.dress(theme)


# ---------------------------------------------------------------------------------------------- cells


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


def standing(pair: PairView) -> str:
    """What a person said of the pair, and what works in it."""
    said = {"new": "not confirmed", "changed": "rules changed: confirm again"}.get(pair.state, pair.state)
    return ", ".join(word for word in (f"{pair.venue_a}/{pair.venue_b}", said, pair.legs) if word)


def _numbers(numbers: Sequence[tuple[str, float]], width: int) -> list[Line]:
    """A figure is never parted from its name; what stands first is never left out."""
    return cells.flow((part(_figure(name, value)) for name, value in numbers), width)[:NUMBERS]


def _figure(name: str, value: float) -> str:
    """A number with its unit, which is the last word of its name."""
    stem, _, unit = name.rpartition(" ")
    match unit:
        case "c" | "%":
            return f"{stem} {value:.1f}{unit}"
        case "$":
            return f"{stem} {'-' * (value < 0)}${abs(value):,.2f}"
        case _:
            return f"{name} {text.plain(value)}"


def _way(pair: PairView, room: int) -> str:
    """The venues, and on which of them the better way buys YES."""
    buy = f" buy {pair.buy}" if room >= SAYS_BUY else f" {pair.buy}+"
    return f"{pair.venue_a}{_arrow(pair)}{pair.venue_b}{buy if pair.buy and not pair.stale else ''}"


def _arrow(pair: PairView) -> str:
    """Between the venues' letters: ``>`` where the first is known to lead, ``<`` where the second is."""
    first, known, _ = pair.lead.partition(">")
    return "/" if not known else ">" if first == pair.venue_a else "<"


def _row(pair: PairView, room: Callable[[str], int]) -> Row:
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


def _basket(each: BasketView) -> Row:
    blank: Cell = ("", "dim")
    return Row(
        f"basket {each.event} {each.kind}",
        (
            (" ", "dim"), (f"{each.label}\t{each.venue} {each.kind} x{each.n}", "dim"), blank, blank, blank, blank,
            _net(each.take), blank, blank, _net(each.rest), blank, ("1VEN", "dim"), blank, blank,
        ),
    )  # fmt: skip


def _best(baskets: tuple[BasketView, ...]) -> list[BasketView]:
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


def _falling(value: float | None) -> float:
    return float("inf") if value is None else -round(value * 10)


def _average(spreads: SpreadsView) -> str:
    if spreads.average is None:
        return "spread not measured yet"
    return f"avg spread {spreads.average:.2f}c (n {spreads.seconds:,})"


def _gaps(spreads: SpreadsView) -> str:
    """Opportunities, and how long those of the past stood."""
    lived = sorted(spreads.lifetimes)
    past = f", {len(lived)} past, median {lived[len(lived) // 2]:.0f}s" if lived else ""
    return f"{spreads.open} open gap{'s' * (spreads.open != 1)}{past}" if spreads.open or lived else ""
