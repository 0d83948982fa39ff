"""The rows of the desk's grids: what each position, order, fill and settlement prints."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from cockpit.app import cells, text
from cockpit.app.line import Line, fit, part
from cockpit.app.scene import Target
from cockpit.app.widgets.live_grid import Cell, Column, Row
from cockpit.domain.account import AccountView
from cockpit.domain.units import BID, SECOND
from cockpit.domain.view import Band, DeskView, EventView, FillView, Note, OrderView, PositionView

POSITIONS = (
    Column("what", "POSITIONS by event", 19, most=34, flex=True),
    Column("side", "", 3),
    Column("qty", "qty", 5, "right", most=9),
    Column("avg", "avg", 5, "right", most=6),
    Column("mid", "mid", 4, "right", most=6),
    Column("fair", "fair", 4, "right", most=6),
    Column("band", "lo-md-hi", 8, "right", 6, most=11),
    Column("open", "open", 7, "right", most=10),
    Column("liq", "liq", 7, "right", most=10),
    Column("worst", "worst", 7, "right", 1, most=10),
    Column("cap", "cap", 6, "right", 7, most=9),
    Column("settles", "settles", 7, "right", 2, most=14),
)
WORKING = (
    Column("order", "WORKING", 7, most=12),
    Column("what", "market", 19, most=34, flex=True),
    Column("px", "px", 5, "right", most=7),
    Column("qty", "qty", 5, "right", 6, most=8),
    Column("left", "left", 4, "right", most=8),
    Column("behind", "behind", 7, "right", most=11),
    Column("level", "level", 5, "right", 3),
    Column("fill", "Pf%", 3, "right", 2),
    Column("low", "LOW", 4, "right", 1, most=5),
    Column("age", "age", 4, "right", 4, most=5),
    Column("life", "ttl", 4, "right", most=5),
    Column("rule", "rule", 5, "left", 7),
    Column("state", "state", 5, most=10),
)
FILLS = (
    Column("time", "FILLS", 8),
    Column("order", "order", 6, "left", 2, most=12),
    Column("px", "px", 5, "right", most=7),
    Column("qty", "qty", 4, "right", most=8),
    Column("what", "market", 19, most=34, flex=True),
    Column("cause", "cause", 7, most=10),
    Column("behind", "behind", 6, "right", 3),
    Column("m1", "m1", 5, "right", 4),
    Column("m10", "m10", 5, "right", 1),
    Column("m60", "m60", 5, "right"),
    Column("fee", "fee", 4, "right", 2, most=6),
    Column("rule", "rule", 5, "left", 6),
)

_SETTLED = re.compile(r"(.+) (\w+) at (\S+c): (\S+)")
"""How a settlement is told: market, state, value of a YES, P&L."""
SLOW_NS = 20 * SECOND
"""An order this young is not called slow yet."""


# ---------------------------------------------------------------------------------------------- positions


def positions(desk: DeskView, now: int, clocks: Mapping[str, str] = MappingProxyType({})) -> list[Row]:
    """An event of one leg is a row; one of several has a row of its own over its legs'.

    Args:
        desk: what is held.
        now: ns UTC.
        clocks: by market, where a game stands: what is left there is not the time to the close.
    """
    rows = []
    for event in desk.events:
        several = len(event.positions) > 1
        if several:
            rows.append(_event(event, now, clocks))
        rows += [
            _position(position, event, several, _settles(position, now, clocks))
            for position in event.positions
        ]
    return rows


def _event(event: EventView, now: int, clocks: Mapping[str, str]) -> Row:
    legs = event.positions
    marks = [leg.open for leg in legs if leg.open is not None]
    at_mid = sum(marks) if len(marks) == len(legs) else None
    settles = {_settles(leg, now, clocks) for leg in legs}
    blank: Cell = ("", "text")
    return Row(
        f"event {event.event}",
        (
            (f"{event.label}: {len(legs)} legs", "title"),
            *(blank,) * 6,
            cells.money_cell(at_mid, 7),
            cells.money_cell(sum(leg.liquidation for leg in legs), 7),
            cells.money_cell(event.worst, 7),
            _cap(event),
            (settles.pop() if len(settles) == 1 else "", "dim"),
        ),
    )


def _position(held: PositionView, event: EventView, indented: bool, settles: str) -> Row:
    side = BID if held.qty >= 0 else -BID
    fair = held.fair
    worst = held.worst if indented else event.worst
    return Row(
        f"position {held.market}",
        (
            (f" {_leg(held.label, event.label)}" if indented else held.label, "text"),
            (text.side_word(side) if held.qty else text.NONE, "own"),
            (text.short_quantity(abs(held.qty)), "text"),
            (text.cents(text.of_side(side, held.average)), "text"),
            (cells.half_cents(_mid2(side, held.mid2)), "text"),
            (
                text.NONE if fair is None else text.probability(fair.mid if side == BID else 1 - fair.mid),
                "band",
            ),
            (band_of(side, fair), "band"),
            cells.money_cell(held.open, 7),
            cells.money_cell(held.liquidation, 7),
            cells.money_cell(worst, 7),
            ("", "text") if indented else _cap(event),
            (held.state or settles, "warn" if held.state else "dim"),
        ),
    )


def _leg(label: str, event: str) -> str:
    """A market's name without the words its event has said already."""
    said = event.split()
    return " ".join(word for word in label.split() if word not in said) or label


def band_of(side: int, fair: Band | None) -> str:
    """A fair value of a side, lowest first: ``35-37-39``."""
    if fair is None:
        return text.NONE
    values = (fair.low, fair.mid, fair.high)
    shown = values if side == BID else tuple(1 - value for value in reversed(values))
    return "-".join(text.probability(value) for value in shown)


def _mid2(side: int, mid2: int | None) -> int | None:
    return mid2 if mid2 is None or side == BID else 2 * text.of_side(side, 0) - mid2


def _cap(event: EventView) -> Cell:
    return (f"-{text.whole_money(event.cap)}" if event.cap else text.NONE), "dim"


def _settles(held: PositionView, now: int, clocks: Mapping[str, str]) -> str:
    """Where its game stands, else how long it is to the close."""
    return clocks.get(held.market) or _left(held.settles_ns, now)


def _left(settles_ns: int, now: int) -> str:
    return text.duration(settles_ns - now) if settles_ns > now else "due" if settles_ns else text.NONE


# ---------------------------------------------------------------------------------------------- orders


def working(desk: DeskView, now: int) -> list[Row]:
    """A row an order."""
    return [_order(order, now) for order in desk.working]


def _order(order: OrderView, now: int) -> Row:
    state = order_state(order, now)
    return Row(
        order.id,
        (
            (order.id, "own"),
            (f"{order.label}\t{order.tag}" if order.tag else order.label, "text"),
            (text.act(order.side, order.price), "text"),
            (text.short_quantity(order.qty), "dim"),
            (text.short_quantity(order.left), "text"),
            (behind(order), "text"),
            (text.short_quantity(order.level), "dim"),
            (cells.share(order.fill), "text"),
            cells.cents_cell(order.low, 0),
            (text.duration(now - order.sent_ns), "dim"),
            (text.duration(order.expires_ns - now) if order.expires_ns else text.NONE, "text"),
            (order.rule, "dim"),
            (state, "warn" if state in ("slow", "cxl") else "dim"),
        ),
    )


def behind(order: OrderView) -> str:
    """What was before an order when it arrived, and what is now: ``310>84``."""
    if not order.live_ns:
        return text.short_quantity(order.ahead)
    entry, now = text.short_quantity(order.entry_ahead), text.short_quantity(order.ahead)
    return now if entry == now else f"{entry}>{now}"


def order_state(order: OrderView, now: int) -> str:
    """What an order is doing: sent, ok, slow (at its pace so far the queue outlasts it), cancel."""
    if order.state == "cancelling":
        return "cxl"
    if order.state != "working":
        return order.state
    passed, left = now - order.live_ns, order.expires_ns - now
    if order.ahead <= 0 or passed < SLOW_NS or not order.expires_ns:
        return "ok"
    return "ok" if (order.entry_ahead - order.ahead) * left >= order.ahead * passed else "slow"


# ---------------------------------------------------------------------------------------------- fills


def fills(desk: DeskView, notes: Iterable[Note]) -> list[Row]:
    """Fills, and the newest word on each settlement, newest first."""
    settled = {note.market or str(note.n): note for note in notes if note.kind == "settled"}
    rows = [(note.ts, _settled(note)) for note in settled.values()]
    rows += [(fill.ts, _fill(fill, key)) for fill, key in zip(desk.fills, fill_keys(desk.fills), strict=True)]
    return [row for _, row in sorted(rows, key=lambda pair: -pair[0])]


def fill_keys(found: Sequence[FillView]) -> list[str]:
    """A name for each fill that stays when newer ones come: its order and its place among that order's."""
    seen: dict[str, int] = {}
    keys = []
    for fill in reversed(found):
        seen[fill.order] = seen.get(fill.order, 0) + 1
        keys.append(f"{fill.order} {fill.ts} {seen[fill.order]}")
    return keys[::-1]


@lru_cache(maxsize=512)
def _fill(fill: FillView, key: str) -> Row:
    return Row(
        key,
        (
            (text.clock(fill.ts), "dim"),
            (fill.order, "own"),
            (text.act(fill.side, fill.price), "text"),
            (text.short_quantity(fill.qty), "text"),
            (fill.label, "text"),
            ("GAP" if fill.gap else fill.cause, "warn" if fill.gap else "text"),
            (text.short_quantity(fill.entry_ahead), "dim"),
            *(cells.markout(mark) for mark in fill.markouts),
            (text.money(fill.fee), "dim"),
            (fill.rule, "dim"),
        ),
    )


def _settled(note: Note) -> Row:
    """A settlement: until its state is final or void, the P&L booked with it is provisional."""
    told = _SETTLED.fullmatch(note.text)
    label, state, value, pnl = told.groups() if told else (note.text, "", "", "")
    blank: Cell = ("", "text")
    return Row(
        f"settled {note.market or note.n}",
        (
            (text.clock(note.ts), "dim"), ("settled", "accent"), (f"Y={value.removesuffix('c')}" if value else "", "text"), blank, (f"{label}\t{pnl}", "text"),
            ("prov." if state == "determined" else state, "dim" if state in ("final", "void") else "warn"), blank, blank, blank, blank, blank, blank,
        ),
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------- cursor


def targets(desk: DeskView, notes: Iterable[Note]) -> dict[str, Target]:
    """What each row is, for keys to act on."""
    events = {held.market: event.event for event in desk.events for held in event.positions}
    found = {
        f"settled {note.market}": Target(note.market, events.get(note.market, ""))
        for note in notes
        if note.kind == "settled" and note.market
    }
    for event in desk.events:
        found[f"event {event.event}"] = Target(event=event.event)
        for held in event.positions:
            found[f"position {held.market}"] = Target(held.market, event.event)
    for order in desk.working:
        found[order.id] = Target(order.market, events.get(order.market, ""), order.id)
    for fill, key in zip(desk.fills, fill_keys(desk.fills), strict=True):
        found[key] = Target(fill.market, events.get(fill.market, ""))
    return found


# ---------------------------------------------------------------------------------------------- the real account


def real(account: AccountView, width: int) -> Line:
    """The person's own account at a venue, read only: cash, by shard where there are several, and what rests."""
    shards = (
        " ".join(f"{n}:{text.money(cash)}" for n, cash in account.shards) if len(account.shards) > 1 else ""
    )
    resting = [
        f"{text.side_word(o.side)} {text.quantity(o.left)} @ {text.cents(text.of_side(o.side, o.price))}c behind "
        f"{text.NONE if o.reported < 0 else text.short_quantity(o.reported)}"
        f"{'' if o.fifo < 0 else f' (ours {text.short_quantity(o.fifo)})'}"
        for o in account.orders
    ]
    parts = [
        part(f"REAL {account.venue}", "title"),
        part(f"cash {text.money(account.cash)}", "stale" if account.age_ns < 0 else "text"),
        *([part(f"shards {shards}", "dim", 3)] if shards else []),
        part(f"| {len(account.positions)} held", "text", 1),
        part(f"| {len(account.orders)} resting", "text", 1),
        *(part(each, "dim", 4) for each in resting),
        part("| read only", "dim", 5),
    ]
    return fit(parts, width, gap=" ", mark=9)
