"""Spreads: the same question on two venues, what both sides of it cost, and what a person has said of the pair."""

from collections.abc import Sequence
from typing import ClassVar

from cockpit.app import cells, text
from cockpit.app.line import Line, Part, part, wrap
from cockpit.app.panes import spreads_books
from cockpit.app.panes import spreads_rows as rows
from cockpit.app.panes.listing import ListPane
from cockpit.app.panes.ranking import Key
from cockpit.app.scene import Scene, Target
from cockpit.domain.pairs import PairView, SpreadsView

REFUSED = "refused"
"""What a filter must ask for before pairs that a person refused are shown."""
NUMBERS = 3
"""Rows of numbers at most: the worst a naked leg may cost stands in the first."""
SORTS = ("look", "EV", "rest", "gap", "name")


class SpreadsPane(ListPane[PairView]):
    """Pairs, and below them the baskets of single venues."""

    proposes: ClassVar[bool] = False
    columns = rows.COLUMNS
    sorts: ClassVar[Sequence[str]] = SORTS

    def show(self, scene: Scene) -> None:
        """Rank, filter and print."""
        spreads, look = scene.view.spreads, self.sort == SORTS[0]
        self._scene = scene
        found = self._ranking.order(
            filter(self._fits, spreads.pairs),
            scene.view.ts,
            name=lambda pair: pair.name,
            key=self._key,
            shape=lambda pair: f"{pair.name} {rows.mark(pair)}" if look else pair.name,
        )
        self.items = {pair.name: pair for pair in found}
        silence = cells.silence(scene)
        self.tell(f"no market is listed on two venues yet{f': {silence}' if silence else ''}")
        shown = [rows.row(pair, self.grid.room) for pair in found]
        if not self.needle:
            shown += [rows.basket(each) for each in rows.best(spreads.baskets)]
        self.grid.put(shown)

    def _fits(self, pair: PairView) -> bool:
        """Whether a row has every word of the filter; what was refused is only shown where that is asked for."""
        if pair.state == REFUSED and REFUSED not in self.needle.split():
            return False
        return self.fits(pair.label, pair.a, pair.b, pair.state, pair.basis, pair.legs)

    def _key(self, pair: PairView) -> Key:
        shown = rows.mark(pair)
        by: dict[str, Key] = {
            "look": (rows.RANK.find(shown or " "),),
            "EV": (rows.falling(pair.ev),),
            "rest": (rows.falling(pair.rest),),
            "gap": (rows.falling(None if pair.gap is None else abs(pair.gap)),),
            "name": (pair.label,),
        }
        return (shown == rows.STALE, *by[self.sort], pair.label, pair.name)

    def target(self) -> Target:
        """The pair under the cursor: the leg that is naked, else its first market, and the second with it."""
        pair = self.here
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
            self.counted(len(pairs), "pair", len(self.items)),
            part(_average(spreads), "accent" if spreads.seconds else "dim"),
            part(f"(n {spreads.seconds:,})" if spreads.seconds else "", "dim", 3),
            part(f"{waiting} to confirm", "warn" if waiting else "dim", 1),
            part(f"{off} disagree", "alert" if off else "dim", 1),
            part(_gaps(spreads), "dim", 3),
            part(f"{spreads.hidden} refused" if spreads.hidden else "", "dim", 4),
            *self.chosen(),
        ]

    def legend(self) -> str:
        """What the figures mean."""
        return "gap 1st-2nd; @n taking (never sent), rest both; c after fee, basis; ? marks"

    def why(self, scene: Scene, width: int) -> list[Line]:
        """Who is right, and the numbers behind the row."""
        pair, detail = self.here, scene.view.pair
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


# ---------------------------------------------------------------------------------------------- why


def standing(pair: PairView) -> str:
    """What a person said of the pair, and what works in it."""
    said = {"new": "not confirmed", "changed": "rules changed: confirm again"}.get(pair.state, pair.state)
    return ", ".join(word for word in (f"{pair.venue_a}/{pair.venue_b}", said, pair.legs) if word)


def _numbers(numbers: Sequence[tuple[str, float]], width: int) -> list[Line]:
    """A figure is never parted from its name; what stands first is never left out."""
    return cells.flow((part(_figure(name, value)) for name, value in numbers), width, rows=NUMBERS)


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


# ---------------------------------------------------------------------------------------------- what it counts


def _average(spreads: SpreadsView) -> str:
    if spreads.average is None:
        return "spread not measured yet"
    return f"avg spread {spreads.average:.2f}c"


def _gaps(spreads: SpreadsView) -> str:
    """Opportunities, and how long those of the past stood."""
    lived = sorted(spreads.lifetimes)
    past = f", {len(lived)} past, median {lived[len(lived) // 2]:.0f}s" if lived else ""
    return f"{spreads.open} open gap{'s' * (spreads.open != 1)}{past}" if spreads.open or lived else ""
