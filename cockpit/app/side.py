"""The desk beside the pane on wide screens: money, positions by event, working orders, last fills, and the log below."""

from collections.abc import Iterator, Sequence

from cockpit.app import cells, text
from cockpit.app.line import Line, crop, spread
from cockpit.app.messages import told
from cockpit.app.scene import Scene
from cockpit.domain.units import ASK, BID
from cockpit.domain.view import EventView, FillView, Note, OrderView, PositionView

WIDTH = 42


def lines(scene: Scene, width: int, height: int, *, log: bool = True) -> list[Line]:
    """As many rows as fit; of the desk what does not is counted in the last, the log just ends.

    Args:
        scene: what there is.
        width: cells there are.
        height: rows there are.
        log: whether the log stands below; not beside a pane that shows it.
    """
    rows = [crop(line, width) for line in _rows(scene, width)]
    spare = height - len(rows) - 2
    if spare > 0 and log:
        told_last = [crop(line, width) for line in _log(scene.view.notes, spare)]
        return [*rows, (), (("LOG", "title"),), *told_last]
    if len(rows) <= height:
        return rows
    return [*rows[: height - 1], ((f" {text.CUT} {len(rows) - height + 1} more rows in the desk", "dim"),)]


def _log(notes: Sequence[Note], rows: int) -> Iterator[Line]:
    for note in reversed(notes[-rows:]):
        yield ((f" {text.clock(note.ts)} ", "dim"), (note.text, told(note)))


def _rows(scene: Scene, width: int) -> Iterator[Line]:
    desk, view = scene.view.desk, scene.view
    yield _net("DAY", desk.day_net, desk.day_liquidation, cells.whose(scene))
    yield _net("ALL", desk.net, desk.net_liquidation)
    yield _figures(("real", desk.realised), ("open", desk.open), ("fee", -desk.fees))
    yield ((f" free {text.money(desk.cash)}  orders {text.money(desk.orders_cost)}", "text"),)
    cap = f" of {text.whole_money(desk.total_cap)}" if desk.total_cap else ""
    left = f"  loss left {text.whole_money(desk.loss_left)}"
    yield ((f" at risk {text.money(desk.at_risk)}{cap}{left}", "text"),)
    if view.lease is not None:
        until = text.duration(view.lease.until_ns - view.ts)
        yield (
            (f" LEASE {view.lease.ticks} ticks, {text.money(view.lease.risk_left)} left, {until}", "warn"),
        )
    yield ()
    yield _head("POSITIONS", "qty  avg fair   open", width)
    held = [event for event in desk.events if any(position.qty for position in event.positions)]
    for event in held:
        yield from _event(event, width)
    yield from _none(held, "nothing held")
    yield ()
    yield _head("WORKING", "px  left behind", width)
    for order in desk.working:
        yield _order(order, width)
    yield from _none(desk.working, "nothing rests")
    yield ()
    yield _head("FILLS", "px   qty   m60", width)
    for fill in desk.fills[:8]:
        yield _fill(fill, width)
    yield from _none(desk.fills, "none yet")


def _none(rows: Sequence[object], words: str) -> Iterator[Line]:
    if not rows:
        yield ((f" {words}", "dim"),)


def _net(name: str, mid: int, liquidation: int, whose: str = "") -> Line:
    return (
        (f"{whose}{name} ", "title"), ("net ", "dim"), (text.signed_money(mid), _sign(mid)), (" mid ", "dim"),
        (text.signed_money(liquidation), _sign(liquidation)), (" liq", "dim"),
    )  # fmt: skip


def _figures(*pairs: tuple[str, int]) -> Line:
    line: list[tuple[str, str]] = []
    for name, value in pairs:
        line += [(f" {name} ", "dim"), (text.signed_money(value), _sign(value))]
    return tuple(line)


def _head(left: str, right: str, width: int) -> Line:
    return spread(((left, "title"),), ((right, "header"),), width)


def _event(event: EventView, width: int) -> Iterator[Line]:
    cap = f" of -{text.whole_money(event.cap)}" if event.cap else ""
    yield spread(((f" {event.label}", "accent"),), ((f"worst {text.money(event.worst)}{cap}", "dim"),), width)
    for position in event.positions:
        if position.qty:
            yield _position(position, width)


def _position(position: PositionView, width: int) -> Line:
    side = BID if position.qty > 0 else ASK
    fair = position.fair
    worth = text.NONE if fair is None else text.probability(fair.mid if side == BID else 1 - fair.mid)
    average = text.cents(text.of_side(side, position.average))
    numbers = f"{text.side_word(side)[0]}{text.short_quantity(abs(position.qty)):>5} {average:>4} {worth:>4} "
    return spread(
        ((f"  {position.label}", "text"),),
        ((numbers, "text"), (f"{text.signed_money(position.open):>6}", _sign(position.open))),
        width,
    )


def _order(order: OrderView, width: int) -> Line:
    price = text.act(order.side, order.price)
    numbers = f"{price:>6} {text.short_quantity(order.left):>5} {text.short_quantity(order.ahead):>6}"
    label = f" {order.label}{f' {order.tag}' if order.tag else ''}"
    return spread(((label, "own"),), ((numbers, "text"),), width)


def _fill(fill: FillView, width: int) -> Line:
    late = fill.markouts[2]
    mark = text.NONE if late is None else f"{late / 200:+.1f}"
    numbers = f"{text.act(fill.side, fill.price):>6} {text.short_quantity(fill.qty):>5} "
    return spread(
        ((f" {text.short_clock(fill.ts)}", "dim"), (f" {fill.label}", "text")),
        ((numbers, "text"), (f"{mark:>5}", _sign(late))),
        width,
    )


def _sign(value: int | None) -> str:
    return "dim" if not value else "good" if value > 0 else "bad"


def small(scene: Scene, width: int, height: int, need: tuple[int, int], kill: str) -> list[Line]:
    """What a screen too small for anything else still shows."""
    desk = scene.view.desk
    tickets = len(scene.view.tickets)
    rows: list[Line] = [
        ((f"cockpit needs {need[0]}x{need[1]}, this is {width}x{height}", "warn"),),
        (
            ("DAY net ", "dim"),
            (text.signed_money(desk.day_net), _sign(desk.day_net)),
            (f"  liq {text.signed_money(desk.day_liquidation)}", "dim"),
        ),
        (
            (
                f"{tickets} ticket{'' if tickets == 1 else 's'} waiting, {len(desk.working)} working",
                "accent" if tickets else "text",
            ),
        ),
        ((" KILLED ", "alert"), (" R resumes", "text"))
        if scene.view.killed
        else ((f"{kill}{kill} KILL" if kill else "", "alert"),),
    ]
    return [crop(row, width) for row in rows][:height]
