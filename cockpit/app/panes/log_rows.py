"""The log as a table: what happened, the newest first."""

from collections.abc import Sequence

from cockpit.app import text
from cockpit.app.widgets.live_grid import Column, Row
from cockpit.domain.view import Note

LOG = (
    Column("time", "LOG", 8),
    Column("kind", "", 7, most=9),
    Column("loud", "", 1),
    Column("text", "newest first", 40, flex=True),
)
KINDS = {"doubt": "warn", "feed": "warn", "refused": "warn", "cap": "warn", "halt": "alert", "lane": "warn", "away": "warn", "fill": "own",
         "ticket": "accent"}  # fmt: skip


def newest(notes: Sequence[Note]) -> list[Row]:
    """Rows of notes, which come in the order they happened."""
    return [_row(note) for note in reversed(notes)]


def _row(note: Note) -> Row:
    role = KINDS.get(note.kind, "dim")
    return Row(
        str(note.n),
        (
            (text.clock(note.ts), "dim"),
            (note.kind, role),
            ("!" if note.loud else " ", role),
            (note.text, "text"),
        ),
    )
