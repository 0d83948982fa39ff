"""Feeds: how every source is doing, what is recorded, why nothing is quoted, and the log."""

from collections import Counter
from datetime import UTC, datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.events import Resize

from cockpit.app import cells, text
from cockpit.app.line import Line, Part, part, spread
from cockpit.app.panes import log_rows
from cockpit.app.panes.base import Pane
from cockpit.app.scene import Scene, Target
from cockpit.app.theme import Theme
from cockpit.app.venues import LONG_NS
from cockpit.app.widgets.block import Block, share_rows
from cockpit.app.widgets.line_box import LineBox
from cockpit.app.widgets.live_grid import Cell, Column, LiveGrid, Row
from cockpit.domain.newyork import local
from cockpit.domain.status import Awaited, FeedLine
from cockpit.domain.units import QTY, SECOND
from cockpit.domain.view import EdgeRow, Note, View

SOURCES = (
    Column("source", "SOURCES", 14, most=24),
    Column("state", "", 5),
    Column("age", "last", 5, "right"),
    Column("rate", "per s", 6, "right"),
    Column("frames", "frames", 6, "right"),
    Column("faults", "faults", 6, "right"),
    Column("gaps", "gaps", 4, "right", most=6),
    Column("note", "", 14, most=90, flex=True),
)
ROOMY_FROM = 26
"""From this height there are blank rows between the parts."""


class FeedsPane(Pane):
    """Sources above, what follows from them between, the log below."""

    compact: ClassVar[bool] = True
    tells: ClassVar[bool] = True
    serves: ClassVar[frozenset[str]] = frozenset({"filter", "detail"})

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.money = LineBox(theme)
        self.sources = Block(theme, SOURCES, empty="no source has spoken yet")
        self.facts = LineBox(theme)
        self.notes = LiveGrid(theme, log_rows.LOG)
        self.needle = ""
        self._markets: dict[str, Target] = {}
        self._scene: Scene | None = None

    def compose(self) -> ComposeResult:
        """From the top down."""
        yield from (self.money, self.sources, self.facts, self.notes)

    def show(self, scene: Scene) -> None:
        """Print all of it."""
        self._scene = scene
        width, view = self.size.width, scene.view
        sources = [_source(feed) for feed in sorted(scene.status.feeds, key=_first)]
        sources += [_waiting(each) for each in scene.status.awaited]
        notes = [note for note in view.notes if self._fits(note)]
        about = facts(scene, width, roomy=self.size.height >= ROOMY_FROM)
        self._place(len(sources), len(about))
        self.money.display = self.alone
        self.money.put([cells.day(scene, width)])
        self.sources.put(sources)
        self.facts.put(about)
        events = {row.ticker: row.event for row in view.rows}
        self._markets = {str(note.n): Target(note.market, events.get(note.market, "")) for note in notes}
        self.notes.empty = f"nothing contains {self.needle!r}" if self.needle else "nothing has happened yet"
        self.notes.put(log_rows.newest(notes))

    def on_resize(self, event: Resize) -> None:
        """Share the rows anew."""
        if self._scene is not None:
            self.show(self._scene)

    def _place(self, sources: int, about: int) -> None:
        total = self.size.height - int(self.alone)
        if total <= 0:
            return
        wants = [about, 1 + max(sources, 1), total]
        heights = share_rows(total, wants, [about, min(wants[1], total // 2), 4])
        for box, rows in ((self.facts, heights[0]), (self.sources, heights[1])):
            now = box.styles.height
            if now is None or now.cells != rows:
                box.styles.height = rows

    def _fits(self, note: Note) -> bool:
        words = f"{note.kind} {note.text} {note.market}".casefold() if self.needle else ""
        return all(word in words for word in self.needle.split())

    def offers(self) -> frozenset[str]:
        """What the log's rows allow."""
        found = self.serves if self.notes.rows or self.needle else self.serves - {"filter"}
        return found if self.target().market else found - {"detail"}

    def target(self) -> Target:
        """The market of the note under the cursor."""
        return self._markets.get(self.notes.selected, Target())

    def counts(self, scene: Scene) -> list[Part]:
        """How many sources, and which trouble they have."""
        feeds = scene.status.feeds
        down, late = (
            sum(1 for feed in feeds if not feed.up),
            sum(1 for feed in feeds if feed.up and feed.note),
        )
        gaps, faults = sum(feed.gaps for feed in feeds), sum(feed.faults for feed in feeds)
        told = ((down, "down"), (late, "late"), (gaps, "gaps"), (faults, "faults"))
        waiting = len(scene.status.awaited)
        return [
            part(f"{len(feeds)} source{'s' * (len(feeds) != 1)}"),
            *([part(f"{waiting} awaited", "dim")] if waiting else []),
            *(part(f"{n} {word}", "warn" if n else "dim") for n, word in told),
        ]

    def act(self, action: str) -> bool:
        """Movements in the log."""
        return self.notes.act(action)

    def find(self, text: str) -> None:
        """Show only notes that contain a text."""
        self.needle = text.casefold()

    def legend(self) -> str:
        """What the columns count."""
        if self.needle:
            return f"only notes that contain {text.cut(repr(self.needle), 30)}"
        return "last: age of the newest message. gaps: messages known to be missing"

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        for box in (self.money, self.sources, self.facts, self.notes):
            box.dress(theme)


# ---------------------------------------------------------------------------------------------- rows


def _first(feed: FeedLine) -> tuple[bool, bool, bool]:
    """What is in trouble stands first, then the streams."""
    return feed.up, not feed.note, not feed.source.endswith(".ws")


def _source(feed: FeedLine) -> Row:
    late = bool(feed.note) or not feed.up
    state: Cell = ("DOWN", "alert") if not feed.up else ("up !", "warn") if late else ("up", "good")
    return Row(
        feed.source,
        (
            (feed.source, "text"),
            state,
            (text.age(feed.age_ns), "warn" if late else "text"),
            (f"{feed.rate:.1f}" if feed.rate < 1000 else f"{feed.rate:.0f}", "text"),
            (text.short_quantity(feed.frames * QTY), "dim"),
            (str(feed.faults), "warn" if feed.faults else "dim"),
            (str(feed.gaps), "warn" if feed.gaps else "dim"),
            (feed.note, "warn"),
        ),
    )


def _waiting(source: Awaited) -> Row:
    """A source that has neither spoken nor failed."""
    for_long = f" for {source.since_ns // SECOND} s" if source.since_ns >= LONG_NS else ""
    nothing: tuple[Cell, ...] = ((text.NONE, "dim"),) * 5
    said: tuple[Cell, ...] = ((source.source, "text"), ("..", "dim"), *nothing)
    return Row(source.source, (*said, (f"{source.doing}{for_long}", "dim")))


# ---------------------------------------------------------------------------------------------- facts


def facts(scene: Scene, width: int, *, roomy: bool = False) -> list[Line]:
    """Recording, clock, with room the sources of each spot, and why nothing is quoted."""
    why = cells.block("QUOTES", quotes(scene.view, fault=scene.status.fault), width)
    most = 8 if roomy else 3
    if len(why) > most:
        why = [*why[: most - 1], spread(why[most - 1], ((text.CUT, "dim"),), width)]
    blank: list[Line] = [()] if roomy else []
    notes = [part(text.clean(note), "warn") for note in scene.status.notes]
    return [
        *blank,
        *cells.block("REC", _recording(scene), width),
        *cells.block("CLOCK", _clock(scene), width),
        *(_spots(scene.view, width) if roomy else ()),
        *(cells.block("HOST", notes, width) if notes else []),
        *why,
        *blank,
    ]


def _recording(scene: Scene) -> list[Part]:
    status = scene.status
    parts = [part(status.recording) if status.recording else part("not recorded", "dim")]
    if status.playback is not None:
        parts = [part(f"playing {status.name}")]
    elif status.name:
        parts.append(part(f"session {status.name}"))
    if status.synthetic:
        parts.append(part("prices are synthetic", "warn"))
    if scene.view.no_trades:
        parts.append(part("no trade stream: only the cross rule is known", "warn"))
    return parts


def _spots(view: View, width: int) -> list[Line]:
    """Whose prices each spot is made of, while the settlement index is silent."""
    told = [spot for spot in view.spots if spot.sources]
    return [
        line
        for i, spot in enumerate(told)
        for line in cells.block("" if i else "SPOT", cells.sources(spot), width)
    ]


def _clock(scene: Scene) -> list[Part]:
    ts = scene.view.ts
    if ts <= 0:
        return [part("no time yet", "dim")]
    utc = datetime.fromtimestamp(ts // SECOND, UTC)
    newest = min((feed.age_ns for feed in scene.status.feeds), default=None)
    return [
        part(f"{local(ts):%a %Y-%m-%d} {text.clock(ts)} ET"),
        part(f"{utc:%H:%M:%S} UTC", "dim"),
        part("no message yet" if newest is None else f"newest message {text.age(newest)}", "dim"),
    ]


def quotes(view: View, *, fault: str = "") -> list[Part]:
    """What waits for a person, and what keeps every other market from being proposed, the commonest first."""
    parts = []
    if fault:
        parts.append(part(f"SESSION ENDED: {text.clean(fault)}", "alert"))
    if view.killed:
        parts.append(part("KILLED: nothing is sent until resumed", "alert"))
    if view.away:
        parts.append(part("AWAY: any key brings tickets back", "alert"))
    if not view.rows:
        return [*parts, part("no markets yet", "dim")]
    n = len(view.tickets)
    parts.append(part(f"{n} ticket{'s' * (n != 1)} waiting", "accent" if n else "text"))
    held_back = Counter(reason for row in view.rows if (reason := _reason(row, view.threshold)))
    parts.append(part(f"{held_back.total()} of {len(view.rows)} markets not proposed:", "dim"))
    return [*parts, *(part(f"{count} {text.clean(reason)}") for reason, count in held_back.most_common())]


def _reason(row: EdgeRow, threshold: float) -> str:
    """Why a market is not proposed now; empty where it is."""
    if row.mark == "T":
        return ""
    found = {"?": "book in doubt", "z": "fair value stale", "x": "no model of ours"}.get(row.mark, "")
    if row.why or found:
        return row.why or found
    if row.fair is None:
        return "no fair value"
    if not row.side:
        return "no side worth buying"
    low = text.probability(threshold)
    return f"LOW under {low}c" if row.low is not None and row.low < threshold else "held or just proposed"
