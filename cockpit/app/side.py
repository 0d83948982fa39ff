"""The desk beside the pane on wide screens: money, positions by event, working orders, last fills."""

from collections.abc import Iterator

from cockpit.app import text
from cockpit.app.line import Line, crop, spread
from cockpit.app.scene import Scene
from cockpit.domain.view import EventView, FillView, OrderView, PositionView

WIDTH = 42


def lines(scene: Scene, width: int, height: int) -> list[Line]:
    """As many rows as fit; what does not is counted in the last."""
    rows = [crop(line, width) for line in _rows(scene, width)]
    if len(rows) <= height:
        return rows
    return [*rows[: height - 1], ((f" {text.CUT} {len(rows) - height + 1} more rows in the desk", "dim"),)]


def _rows(scene: Scene, width: int) -> Iterator[Line]:
    desk, view = scene.view.desk, scene.view
    yield (("DESK " if scene.lane == "desk" else "WHAT-IF ", "title"), ("net ", "dim"), (text.signed_money(desk.net), _sign(desk.net)),
           (" liq ", "dim"), (text.signed_money(desk.net_liquidation), _sign(desk.net_liquidation)))  # fmt: skip
    yield (
        (
            f" real {text.signed_money(desk.realised)} open {text.signed_money(desk.open)} fee {text.money(-desk.fees)}",
            "text",
        ),
    )
    yield ((f" free {text.money(desk.cash)} orders {text.money(desk.orders_cost)}", "text"),)
    cap = f" of {text.whole_money(desk.total_cap)}" if desk.total_cap else ""
    yield ((f" at risk {text.money(desk.at_risk)}{cap}", "text"),)
    if view.lease is not None:
        left = text.duration(view.lease.until_ns - view.ts)
        yield ((f" LEASE {view.lease.ticks} ticks, {text.money(view.lease.risk_left)} left, {left}", "warn"),)
    yield ()
    yield _head("POSITIONS", "qty  avg fair   open", width)
    for event in desk.events:
        if any(position.qty for position in event.positions):
            yield from _event(event, width)
    yield ()
    yield _head("WORKING", "px left behind  age", width)
    for order in desk.working:
        yield _order(order, view.ts, width)
    yield ()
    yield _head("FILLS", "qty   px    m60", width)
    for fill in desk.fills[:8]:
        yield _fill(fill, width)


def _head(left: str, right: str, width: int) -> Line:
    return spread(((left, "title"),), ((right, "header"),), width)


def _event(event: EventView, width: int) -> Iterator[Line]:
    cap = f" of -{text.whole_money(event.cap)}" if event.cap else ""
    yield spread(((f" {event.label}", "accent"),), ((f"worst {text.money(event.worst)}{cap}", "dim"),), width)
    for position in event.positions:
        if position.qty:
            yield _position(position, width)


def _position(position: PositionView, width: int) -> Line:
    side = 1 if position.qty > 0 else -1
    fair = position.fair
    worth = text.NONE if fair is None else text.probability(fair.mid if side > 0 else 1 - fair.mid)
    numbers = f"{'Y' if side > 0 else 'N'}{text.short_quantity(abs(position.qty)):>5} {text.cents(position.average):>4} {worth:>4} "
    return spread(
        ((f"  {position.label}", "text"),),
        ((numbers, "text"), (f"{text.signed_money(position.open):>6}", _sign(position.open))),
        width,
    )


def _order(order: OrderView, now: int, width: int) -> Line:
    price = text.act(order.side, order.price)
    numbers = f"{price:>6} {text.short_quantity(order.left):>4} {text.short_quantity(order.ahead):>6} {text.duration(now - order.sent_ns):>4}"
    return spread(((f" {order.id}", "own"), (f" {order.label}", "text")), ((numbers, "text"),), width)


def _fill(fill: FillView, width: int) -> Line:
    late = fill.markouts[2]
    mark = text.NONE if late is None else f"{late / 200:+.1f}"
    numbers = f"{text.short_quantity(fill.qty):>4} {text.act(fill.side, fill.price):>6} "
    return spread(
        ((f" {text.clock(fill.ts)}", "dim"), (f" {fill.label}", "text")),
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
            ("net ", "dim"),
            (text.signed_money(desk.net), _sign(desk.net)),
            (f"  liq {text.signed_money(desk.net_liquidation)}", "dim"),
        ),
        (
            (
                f"{tickets} ticket{'' if tickets == 1 else 's'} waiting, {len(desk.working)} working",
                "accent" if tickets else "text",
            ),
        ),
        ((" KILLED ", "alert"), (" R resumes", "text"))
        if scene.view.killed
        else ((f"{kill}{kill} KILL", "alert"),),
    ]
    return [crop(row, width) for row in rows][:height]
