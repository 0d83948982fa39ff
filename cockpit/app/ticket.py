"""The ticket strip: the terms an approval would send, and how long they have been on the screen."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.strip import Strip

from cockpit.app import text
from cockpit.app.line import Line, Part, crop, fit, length, part, spread
from cockpit.app.scene import UNSEEN, Scene
from cockpit.app.theme import Theme
from cockpit.app.widgets.line_box import LineBox
from cockpit.domain.units import BID, PRICE, QTY
from cockpit.domain.view import TicketView

FULL = 4
"""Rows of the whole strip."""


class Terms(NamedTuple):
    """What is printed and would be approved; price and quantity in domain units."""

    ticket: str
    side: int
    price: int
    qty: int
    partner: str = ""
    """The other leg's ticket, and its terms; empty for one that stands alone."""
    partner_side: int = 0
    partner_price: int = 0
    partner_qty: int = 0


class TicketStrip(LineBox):
    """The strip. Only the terms it printed can be approved."""

    ground = "strip"

    def __init__(self, theme: Theme, clock: Callable[[], int]) -> None:
        super().__init__(theme, id="ticket")
        self._clock = clock
        self.terms: Terms | None = None
        self._painted: Terms | None = None
        self._since = 0

    def print(self, scene: Scene, *, whole: bool) -> None:
        """Show the scene's ticket, or what happened last when there is none."""
        before, self.terms = self.terms, _terms(scene, whole=whole)
        if self.terms != self._painted:
            self._painted = None
        if self.terms != before and self.terms is not None and self.terms.partner:
            self.refresh()  # the other leg's row may not have changed: its time begins anew all the same
        self.put(lines(scene, self.size.width, whole=whole))

    def render_line(self, y: int) -> Strip:
        """Painting the terms, the other leg's last, starts their time on the screen."""
        terms = self.terms
        if terms is not None and self._painted is None and y == (FULL - 1 if terms.partner else 0):
            self._painted, self._since = terms, self._clock()
        return super().render_line(y)

    def uncover(self) -> None:
        """Something lay over the strip until now: the terms are new to the eye."""
        self._painted = None
        self.refresh()

    def shown_ns(self, at: int) -> int:
        """For how long the terms had been on the screen at a time of this clock; 0 when they are not painted yet."""
        return max(at - self._since, 0) if self._painted is not None and self._painted == self.terms else 0


def _terms(scene: Scene, *, whole: bool) -> Terms | None:
    """What an approval would send: of two legs nothing, unless a row says what the other one sends."""
    ticket = scene.ticket
    if ticket is None or (ticket.partner and (not whole or scene.refusal)):
        return None
    return Terms(
        ticket.id, ticket.side, ticket.price, ticket.qty,
        ticket.partner, ticket.partner_side, ticket.partner_price, ticket.partner_qty,
    )  # fmt: skip


def lines(scene: Scene, width: int, *, whole: bool) -> Sequence[Line]:
    """The strip's rows: four, or one where the pane needs the room."""
    ticket = scene.ticket
    if ticket is None and not scene.view.killed:
        return _none(scene, width, FULL if whole else 1)
    return [_headline(scene, width, whole), *_rest(scene, width, whole)]


def _headline(scene: Scene, width: int, whole: bool) -> Line:
    ticket = scene.ticket
    if ticket is None:
        return crop(
            (
                (" KILLED ", "alert"),
                (" desk orders cancelled, approvals stopped. R allows them again", "text"),
            ),
            width,
        )
    if scene.refusal == UNSEEN:
        return _unseen(scene, ticket, width)
    right = _armed(scene, ticket, whole)
    price = text.cents(text.of_side(ticket.side, ticket.price))
    head: Line = (
        (f"TICKET {scene.place + 1}/{len(scene.view.tickets)}", "accent"),
        (f" {ticket.id} {ticket.strategy}", "title"),
        ("  ", "text"),
        (f"BUY {text.side_word(ticket.side)} {text.quantity(ticket.qty)} @ {price}c", "ticket"),
    )
    room = width - length(head) - 3
    right = crop(right, room)
    room -= length(right)
    more = ticket.market.partition("-")[0] if whole else _locks(ticket) or _edges(ticket, 0)
    label = f"  {text.clean(ticket.label)}"
    if len(label) + 1 + len(more) <= room + 1:
        label = f"{label} {more}"
    return spread((*head, (text.cut(label, room + 1), "text")), right, width)


def _unseen(scene: Scene, ticket: TicketView, width: int) -> Line:
    """A leg without its other leg: no terms, for none would be sent."""
    head = (f"TICKET {scene.place + 1}/{len(scene.view.tickets)}", "accent")
    return crop(
        (head, (f" {ticket.id} {ticket.strategy}", "title"), (f"  NOT ARMED: {UNSEEN}", "warn")), width
    )


def _armed(scene: Scene, ticket: TicketView, whole: bool) -> Line:
    why = scene.refusal
    expires: Line = ((f" exp {text.duration(ticket.expires_ns - scene.view.ts)}", "text"),)
    if not why:
        return (("ARMED", "armed"), *expires)
    return (("NOT ARMED", "warn"), *expires) if whole else ((f"NOT ARMED: {why}", "warn"),)


def _rest(scene: Scene, width: int, whole: bool) -> Sequence[Line]:
    ticket = scene.ticket
    if not whole:
        return []
    if ticket is None:
        return _notes(scene, width, FULL - 1)
    why = scene.refusal
    last = crop(((f" would be refused: {why}", "warn"),), width) if why else _last(ticket, width)
    return [_book(ticket, width), _money(ticket, width), last]


def _last(ticket: TicketView, width: int) -> Line:
    """What goes with it, where it is one of two legs; else what has changed since it was raised."""
    if ticket.partner_terms:
        naked = dict(ticket.reasons).get("naked worst")
        alone: Line = ((f" naked -{naked:.2f}" if naked is not None else "", "warn"),)
        both: Line = (
            (" both or none: ", "accent"),
            (f"{ticket.partner} {ticket.partner_terms}", "ticket"),
        )
        return spread(both, alone, width)
    return _hedge(ticket, width) if ticket.urgent else _since(ticket, width)


def _locks(ticket: TicketView) -> str:
    """What a contract, and the whole size, is worth once both legs are filled; empty for what is no hedge."""
    each = dict(ticket.reasons).get("locks") if ticket.urgent else None
    if each is None:
        return ""
    whole = each * ticket.qty / QTY
    return f"locks {each * 100:+.1f}c x{text.short_quantity(ticket.qty)} = {whole:+.2f}"


def _hedge(ticket: TicketView, width: int) -> Line:
    """What resting the other leg locks in, against what getting out of the naked one now would cost."""
    lock = _locks(ticket)
    out = "nobody bids for it now" if ticket.out is None else f"out now {text.signed_money(ticket.out)}"
    return fit(
        [
            part(" HEDGE", "alert"),
            part(lock, "good" if "+" in lock else "warn"),
            part(out, "warn"),
            part(f"naked {text.duration(ticket.naked_ns)}", "alert"),
            part(f"moves {ticket.replaces}" if ticket.replaces else "", "text", 1),
            part("" if _under(ticket) else "at the best", "dim", 2),
        ],
        width,
    )


def _book(ticket: TicketView, width: int) -> Line:
    best = ((ticket.bid, ticket.bid_qty), (ticket.ask, ticket.ask_qty))
    near, far = (
        f"{text.cents(text.of_side(ticket.side, price))}x{text.short_quantity(qty)}" if qty else "--"
        for price, qty in (best if ticket.side == BID else reversed(best))
    )
    name = f" {text.side_word(ticket.side)} "
    book: Line = ((name, "text"), (near, "bid"), (" | ", "text"), (far, "ask"))
    return fit(
        [
            Part(book),
            part(_edges(ticket), "good"),
            Part(((f"behind {text.short_quantity(ticket.queue)}", "text"), (_under(ticket), "warn"))),
            part(f"Pfill {ticket.fill * 100:.0f}% (n {ticket.fills_n})", "text", 1),
            part(f"AS {ticket.adverse * 100:.1f}c", "text", 2),
            part(
                f"fee ${text.money(ticket.fee)}" if ticket.fee else "fee $0", "text", 2 if ticket.fee else 3
            ),
            part("" if ticket.fee else "maker-free", "dim", 4),
        ],
        width,
    )


def _under(ticket: TicketView) -> str:
    """How far the ticket's price has fallen behind the best bid of its side: all of that would fill before it."""
    bid = ticket.bid_qty and ticket.bid if ticket.side == BID else ticket.ask_qty and PRICE - ticket.ask
    gap = bid - text.of_side(ticket.side, ticket.price)
    return f" {text.cents(gap)}c under" if gap > 0 else ""


def _edges(ticket: TicketView, places: int = 1) -> str:
    legs = dict(ticket.reasons) if ticket.partner else {}
    if "after basis" in legs:
        whole, both = legs["ev"] * ticket.qty / QTY, legs["p both"] * 100
        return f"net {legs['after basis'] * 100:+.1f}c EV {whole:+.2f} both {both:.{int(both < 10)}f}%"
    ev = text.NONE if ticket.ev is None else f"{ticket.ev:.2f}"
    low = f"LOW {text.signed_cents(ticket.low, places)} EV {ev}"
    return f"edge {text.signed_cents(ticket.edge, places)} {low}" if places else low


def _money(ticket: TicketView, width: int) -> Line:
    cap = f" of -{text.whole_money(ticket.cap)}" if ticket.cap else ""
    return fit(
        [
            part(f" pay ${text.money(ticket.cost)} win ${text.money(ticket.win)}"),
            part(f"BE {ticket.break_even * 100:.1f}%"),
            part(f"event worst {text.money(ticket.worst_before)} > {text.money(ticket.worst_after)}{cap}"),
            part(ticket.bound, "dim", 1),
        ],
        width,
    )


def _since(ticket: TicketView, width: int) -> Line:
    sign = 1 if ticket.side == BID else -1
    bid, fair = _moved(sign * ticket.since_bid / 100), sign * ticket.since_fair * 100
    moved = f" since raised: {text.side_word(ticket.side)} bid {bid}  fair {fair:+.1f}  spot {ticket.since_spot:+,.0f}"
    queue = f"queue {'+' if ticket.since_queue >= 0 else ''}{text.short_quantity(ticket.since_queue)}"
    real = text.signed_cents(ticket.realised, 1)
    record = (
        f"{ticket.strategy} real {real}{'c' if ticket.realised is not None else ''} n={ticket.realised_n}ev"
    )
    return fit([part(moved), part(queue), part(f" {record}", "dim", 1)], width)


def _moved(cents: float) -> str:
    return f"{cents:+g}" if cents else "0"


def _none(scene: Scene, width: int, rows: int) -> Sequence[Line]:
    low = text.probability(scene.view.threshold)
    why = f": nothing with LOW >= {low}c and EV > 0 waits for you" if scene.proposes else ""
    head = crop(((" no ticket", "title"), (why, "dim")), width)
    return [head, *_notes(scene, width, rows - 1)]


def _notes(scene: Scene, width: int, rows: int) -> Sequence[Line]:
    last = scene.view.notes[-rows:] if rows > 0 else ()
    return [
        crop(((f" {text.clock(note.ts)} ", "dim"), (note.text, "warn" if note.loud else "text")), width)
        for note in reversed(last)
    ]
