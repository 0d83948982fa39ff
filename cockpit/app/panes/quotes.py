"""What panes of events print of a venue's line: its mark, its prices, what the better order there buys, and chances."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from cockpit.app import cells, text
from cockpit.app.line import Line, Part, part
from cockpit.app.widgets.live_grid import Cell

TICKET, DOUBT, BLOCKED, POSITION, WORKS, STALE, MODELLESS = "T", "?", "!", "P", "W", "z", "x"
MARKS = {
    TICKET: "accent", DOUBT: "warn", BLOCKED: "alert", POSITION: "own", WORKS: "own", STALE: "warn", MODELLESS: "dim",
}  # fmt: skip
"""What needs a look comes first, as on Edges."""
MARKED = {"T": "ticket", "P": "position", "W": "working", "!": "blocked", "?": "in doubt", "z": "stale",
          "x": "no model of ours"}  # fmt: skip
MISPRICED = (DOUBT, BLOCKED)
"""Marks of a venue whose prices are not to be believed."""
SUNK = (*MISPRICED, STALE)
"""Marks of an order whose edge is not to be believed: its prices are not, or our own value is old."""
DOWN = {BLOCKED: "blocked", DOUBT: "doubt", STALE: "stale"}
"""Roles of whole rows whose figures are not to be believed, by their mark."""
VENUES = {"K": "Kalshi", "P": "Polymarket", "U": "Polymarket US"}


class Offer(Protocol):
    """What could be bought by resting an order in a market."""

    @property
    def market(self) -> str:
        """Its ticker."""

    @property
    def bid(self) -> int:
        """Price units."""

    @property
    def ask(self) -> int:
        """Price units."""

    @property
    def age_ns(self) -> int:
        """Since the venue was last heard."""

    @property
    def edge(self) -> float | None:
        """Of the better order there, dollars."""

    @property
    def low(self) -> float | None:
        """The same on the worse side of the band."""

    @property
    def mark(self) -> str:
        """One letter as on Edges."""


class Quote(Offer, Protocol):
    """A venue's line of a game or of a phrase."""

    @property
    def venue(self) -> str:
        """K, P or U."""


class Chance(Protocol):
    """A probability with its band."""

    @property
    def low(self) -> float:
        """At its lowest."""

    @property
    def mid(self) -> float:
        """In the middle."""

    @property
    def high(self) -> float:
        """At its highest."""


Best = TypeVar("Best", bound=Offer)


def loudest(marks: Iterable[str]) -> str:
    """Of several marks the one that needs a look first; empty where there is none."""
    some = set(marks)
    return next((sign for sign in MARKS if sign in some), "")


def best(lines: Iterable[Best]) -> Best | None:
    """Where the better order could rest: the highest edge on the worse side of the band, believable ones first."""
    found = [line for line in lines if line.low is not None]
    return min(found, key=lambda line: (line.mark in SUNK, -(line.low or 0.0)), default=None)


def clearing(n: int, threshold: float, what: str = "LOW", tier: int = 1) -> Part:
    """How many offers clear the threshold."""
    return part(f"{n} with {what}>={text.probability(threshold)}c", "good" if n else "dim", tier)


def clears(line: Offer | None, threshold: float) -> bool:
    """Whether an order there has the edge a proposal needs, by figures to be believed."""
    return line is not None and line.low is not None and line.low >= threshold and line.mark not in SUNK


# ---------------------------------------------------------------------------------------------- chances


def percent(value: float) -> str:
    """A chance in whole per cent; what is not certain is never printed as 0 or 100."""
    return str(round(value * 100)) if value in (0.0, 1.0) else str(min(99, max(1, round(value * 100))))


def band(chance: Chance) -> str:
    """Low, middle and high: ``58-61-64``."""
    return "-".join(percent(value) for value in (chance.low, chance.mid, chance.high))


# ---------------------------------------------------------------------------------------------- cells


def top_cell(lines: Iterable[Quote], venue: str, missing: str = text.NONE) -> Cell:
    """A venue's bid and ask; in its mark's role where they are not to be believed."""
    line = next((line for line in lines if line.venue == venue), None)
    if line is None:
        return missing, "dim"
    return text.bid_ask(line.bid, line.ask), believed(line.mark)


def believed(mark: str) -> str:
    """The role of prices: their mark's where they are not to be believed."""
    return MARKS[mark] if mark in MISPRICED else "text"


def buys_cell(bought: str, mark: str = "") -> Cell:
    """Where the better order would rest and what it buys: ``K BOS@58``; empty where there is none."""
    return (bought, "dim" if mark in SUNK else "text") if bought else (text.NONE, "dim")


def edge_cell(value: float | None, good: float = 0.0, places: int = 0, mark: str = "") -> Cell:
    """An edge in cents; good from a threshold on, unless its mark says not to believe it."""
    if value is None or mark in SUNK:
        return text.signed_cents(value, places), "dim"
    return text.signed_cents(value, places), "good" if 0 < value >= good else "bad" if value < 0 else "text"


def edge_cells(line: Offer | None, threshold: float) -> tuple[Cell, Cell]:
    """Edge and LOW of the better order."""
    if line is None:
        return edge_cell(None), edge_cell(None)
    return edge_cell(line.edge, mark=line.mark), edge_cell(line.low, threshold, mark=line.mark)


# ---------------------------------------------------------------------------------------------- words


def venue(line: Quote) -> str:
    """The name of a line's venue."""
    return VENUES.get(line.venue, line.venue)


def yes_no(side: int, price: int) -> str:
    """What an order would buy and at what: ``NO@38``; empty where there is no side to rest on."""
    return f"{text.side_word(side)}@{text.cents(text.of_side(side, price))}" if side else ""


def offer(line: Offer, name: str, bought: str, why: str) -> str:
    """What an order there would be worth, and what the desk has against it."""
    if line.low is None or not bought:
        return f"{name}: {why or 'nothing to reckon with'}"
    worth = f"{name}: {bought} LOW {text.signed_cents(line.low, 1)}"
    against = "proposed: see the ticket" if line.mark == TICKET else why
    return f"{worth}, {against}" if against else worth


def offered(line: Offer, name: str, bought: str, why: str, width: int) -> list[Line]:
    """The same in full: prices, age, edge, mark and the market's name."""
    parts = [
        part(f"{name:<13}{text.bid_ask(line.bid, line.ask):>6} {text.short_age(line.age_ns):>3}"),
        part(bought or "no side to rest on", "text" if bought else "dim"),
    ]
    if bought:
        edge, low = cells.cents_cell(line.edge), cells.cents_cell(line.low)
        parts.append(Part((("edge ", "dim"), edge, (" LOW ", "dim"), low)))
    if line.mark:
        parts.append(part(MARKED.get(line.mark, line.mark), MARKS.get(line.mark, "text")))
    return cells.flow([*parts, part(text.clean(why), "dim"), part(text.clean(line.market), "dim")], width)
