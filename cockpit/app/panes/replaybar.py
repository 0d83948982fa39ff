"""Replay bar: where the recording stands, how fast it goes, and where tickets, fills and doubts lie."""

from collections import Counter
from typing import ClassVar

from textual.app import ComposeResult

from cockpit.app import text
from cockpit.app.line import Line, Part, fit, length, part, spread
from cockpit.app.panes.base import Pane
from cockpit.app.scene import Scene
from cockpit.app.theme import Theme
from cockpit.app.widgets.line_box import LineBox
from cockpit.domain.status import Playback
from cockpit.domain.units import SECOND

ROWS = 2
MARKS = {"fill": ("F", "own"), "ticket": ("T", "accent"), "doubt": ("D", "warn")}
"""Signs of markers; where several share a cell the first of these is shown."""
HEAD = "#"
_RANK = {kind: rank for rank, kind in enumerate(MARKS)}


class ReplayBar(Pane):
    """Two rows above the footer."""

    compact: ClassVar[bool] = True

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.styles.height = ROWS
        self.box = LineBox(theme)
        self.box.styles.height = ROWS

    def compose(self) -> ComposeResult:
        """The rows."""
        yield self.box

    def show(self, scene: Scene) -> None:
        """Print where it stands."""
        at = scene.status.playback
        width = self.size.width
        if at is not None and width:
            self.box.put([state(scene, at, width, self.keys), bar(at, width)])

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        self.box.dress(theme)


def state(scene: Scene, at: Playback, width: int, keys: Line = ()) -> Line:
    """Playing or not, speed, offset, what is marked, whose hand it is; at the right end the keys that drive it."""
    glyph, role = (" END ", "alert") if at.finished else (" || ", "replay") if at.paused else (" > ", "armed")
    word = "finished" if at.finished else "paused" if at.paused else "playing"
    parts = [
        Part(((glyph, role), (f" {word} {at.speed:g}x", "title"))),
        part(f"+{span(at.now - at.start)}", "text", 1),
        part(f"of {span(at.end - at.start)}", "text", 4),
    ]
    if scene.status.hindsight:
        parts.append(part("HINDSIGHT>what-if", "warn", 3))
    coming = next((m for m in sorted(at.markers, key=lambda m: m.ts) if m.ts > at.now), None)
    if coming is not None:
        sign, role = MARKS.get(coming.kind, ("?", "text"))
        parts.append(Part((("next ", "dim"), (sign, role), (f" in {span(coming.ts - at.now)}", "dim")), 2))
    counted = Counter(marker.kind for marker in at.markers)
    told = [f"{counted[kind]} {kind}{'s' * (counted[kind] != 1)}" for kind in MARKS if counted[kind]]
    parts.append(part(", ".join(told), "dim", 5))
    if not at.scanned:
        parts.append(part(f"scanning{text.CUT}", "warn", 3))
    return spread(fit(parts, width - length(keys) - 1), keys, width) if keys else fit(parts, width)


def bar(at: Playback, width: int) -> Line:
    """The whole recording on one row: ``=`` played, ``-`` to come, ``#`` where it stands, and the markers."""
    begin, end = f" {text.clock(at.start)} [", f"] {text.clock(at.end)} "
    cells = max(width - len(begin) - len(end), 1)
    whole = max(at.end - at.start, 1)

    def cell(ts: int) -> int:
        return max(0, min((ts - at.start) * cells // whole, cells - 1))

    head = cell(at.now)
    signs: list[tuple[str, str]] = [
        ("=", "text") if i < head or at.finished else ("-", "dim") for i in range(cells)
    ]
    ranks: dict[int, int] = {}
    for marker in at.markers:
        place, rank = cell(marker.ts), _RANK.get(marker.kind)
        if rank is not None and rank < ranks.get(place, len(_RANK)):
            ranks[place] = rank
            signs[place] = MARKS[marker.kind]
    signs[head] = (HEAD, "replay")
    line: Line = ((begin, "dim"), *signs, (end, "dim"))
    return (*line, (" " * (width - length(line)), "text"))


def span(ns: int) -> str:
    """Minutes and seconds, hours where there are some: ``21:07``, ``1:21:07``."""
    minutes, seconds = divmod(max(ns, 0) // SECOND, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if minutes >= 60 else f"{minutes}:{seconds:02}"
