"""A screen too small for panes: what must be seen at any size. Pure: a scene and a size in, lines out."""

from collections.abc import Sequence

from cockpit.app import chrome, text
from cockpit.app.line import Line, Span, crop
from cockpit.app.messages import told
from cockpit.app.scene import Scene
from cockpit.domain.view import TicketView


def lines(scene: Scene, least: Sequence[Line], width: int, height: int) -> list[Line]:
    """The least there is to say, the mode above it, and below it what waits and what was loud, as there is room.

    Args:
        scene: what there is.
        least: rows that stand first as long as there are rows; the last is the kill's and never goes.
        width: cells there are.
        height: rows there are.
    """
    if height < len(least):
        return [*least[:1], *least[-1:], *least[1:-1]][:height]
    if height == len(least):
        return list(least)
    room = height - len(least) - 2
    waiting: list[Line] = [(_ticket(ticket),) for ticket in scene.view.tickets]
    loud: list[Line] = [
        ((f"{text.short_clock(note.ts)} ", "dim"), (note.text, told(note)))
        for note in reversed(scene.view.notes)
        if note.loud and note.kind != "ticket"
    ]
    rows = [*waiting, *loud]
    if len(rows) > room > 0:
        rows = [*rows[: room - 1], ((f"{text.CUT} {len(rows) - room + 1} more", "dim"),)]
    last = [chrome.feeds(scene, width)] if room >= 0 else []
    return [crop(row, width) for row in (chrome.banner(scene), *least, *rows[: max(room, 0)], *last)]


def _ticket(ticket: TicketView) -> Span:
    """A ticket in one row: no key acts on it here."""
    price = text.cents(text.of_side(ticket.side, ticket.price))
    return (
        f"{ticket.id} BUY {text.side_word(ticket.side)} {text.quantity(ticket.qty)} @ {price}c {ticket.label}",
        "accent",
    )
