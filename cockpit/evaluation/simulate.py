"""What would my order have done? Orders from a file, each put alone into a recorded session.

``ts_ns`` and ``cancel_ts_ns`` are the times the order reaches and leaves the venue, so no latency is added unless
asked for. Each order runs in a lane of its own: it neither meets nor shares a print with the others.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from cockpit.domain.commands import CancelOrder, PlaceManual
from cockpit.domain.effects import CommandRefused, Effect
from cockpit.domain.errors import OrdersError
from cockpit.domain.units import ASK, BID, PRICE, PRICE_DIGITS, QTY, decimal, price, qty
from cockpit.engine.queue import CROSS, RULES, Fill, Own
from cockpit.feeds.base import Frame
from cockpit.runtime.session import Session

COLUMNS = ("ts_ns", "market", "side", "price", "qty", "cancel_ts_ns")
SIDES = {"buy_yes": (BID, False), "sell_yes": (ASK, False), "buy_no": (ASK, True), "sell_no": (BID, True)}
"""Word -> (side in YES terms, whether the price is a NO price)."""


class Wish(msgspec.Struct, frozen=True):
    """One row of an orders file, in YES terms. ``cancel_ns`` 0 is never."""

    line: int
    ts: int
    market: str
    word: str
    side: int
    price: int
    qty: int
    cancel_ns: int

    @property
    def lane(self) -> str:
        """The lane it runs in, which is also the ref it is placed with."""
        return f"line{self.line}"


def read_orders(path: Path) -> list[Wish]:
    """The rows of an orders file.

    Raises:
        OrdersError: naming the file, the line and the column that is wrong.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            header = [name.strip() for name in rows.fieldnames or ()]
            missing = [name for name in COLUMNS if name not in header]
            extra = [name for name in header if name not in COLUMNS]
            if missing or extra:
                what = f"missing {', '.join(missing)}" if missing else f"unknown {', '.join(extra)}"
                raise OrdersError(f"{path}: line 1: columns are {', '.join(COLUMNS)}; {what}")
            rows.fieldnames = header
            return [_wish(path, rows.line_num, row) for row in rows]
    except OSError as error:
        raise OrdersError(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise OrdersError(f"{path}: {error}") from None


def _wish(path: Path, line: int, row: dict[str | None, str | None]) -> Wish:
    if None in row or None in row.values():
        raise OrdersError(f"{path}: line {line}: {len(COLUMNS)} columns expected")
    cells = {str(name): str(value).strip() for name, value in row.items()}

    def cell(name: str, read: object, say: str) -> int:
        try:
            return read(cells[name])  # type: ignore[operator,no-any-return]  # a parser of text
        except ValueError:
            raise OrdersError(f"{path}: line {line}: {name} {cells[name]!r}: {say}") from None

    if cells["side"] not in SIDES:
        raise OrdersError(f"{path}: line {line}: side {cells['side']!r}: one of {', '.join(SIDES)}")
    side, no_price = SIDES[cells["side"]]
    cost = cell("price", price, "dollars between 0 and 1, to 0.0001")
    size = cell("qty", qty, "contracts, to 0.01")
    ts = cell("ts_ns", int, "a time in ns")
    cancel_ns = cell("cancel_ts_ns", lambda text: int(text or 0), "a time in ns, or empty")
    if not 0 < cost < PRICE:
        raise OrdersError(f"{path}: line {line}: price {cells['price']!r}: dollars between 0 and 1")
    if size <= 0 or size % (QTY // 100):
        raise OrdersError(f"{path}: line {line}: qty {cells['qty']!r}: more than 0, to 0.01")
    if cancel_ns and cancel_ns < ts:
        raise OrdersError(f"{path}: line {line}: cancel_ts_ns is before ts_ns")
    yes = PRICE - cost if no_price else cost
    return Wish(line, ts, cells["market"], cells["side"], side, yes, size, cancel_ns)


def script(wishes: Sequence[Wish]) -> list[Frame]:
    """The commands that carry the wishes out, as frames in time order."""
    commands: list[tuple[int, int, PlaceManual | CancelOrder]] = []
    for i, w in enumerate(wishes):
        place = PlaceManual(w.ts, w.market, w.side, w.price, w.qty, 0, w.lane, w.lane)
        commands.append((w.ts, i, place))
        if w.cancel_ns:
            commands.append((w.cancel_ns, i, CancelOrder(w.cancel_ns, w.lane)))
    commands.sort(key=lambda each: each[:2])
    return [Frame(0, ts, "command", msgspec.Raw(msgspec.json.encode(c))) for ts, _, c in commands]


def merged(batches: Iterable[Sequence[Frame]], commands: Sequence[Frame]) -> Iterator[list[Frame]]:
    """A session's frames with the commands among them; at equal times the frame comes first.

    Commands after the last frame are left out: nothing is known of what would have become of them.
    """
    waiting = deque(commands)
    for batch in batches:
        mixed: list[Frame] = []
        for frame in batch:
            if frame.s in ("command", "digest"):
                continue
            while waiting and waiting[0].t < frame.t:
                mixed.append(waiting.popleft())
            mixed.append(frame)
        yield mixed


class Refusals:
    """A session listener that keeps why an order was refused before it had an id."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}

    def __call__(self, effects: Sequence[Effect]) -> None:
        """Note the refusals among a batch of effects."""
        for effect in effects:
            if isinstance(effect, CommandRefused):
                name, _, ref = effect.command.partition(" ")
                if name == "PlaceManual" and ref:
                    self.reasons[ref] = effect.reason


def results(session: Session, wishes: Sequence[Wish], refusals: Refusals) -> dict[str, Any]:
    """What became of each order, in the order of the file."""
    engine = session.engine
    known = {o.ref: o for o in (*engine.orders.ended, *engine.orders.index.values())}
    no_trades = engine.config.no_trades
    for wish in wishes:
        if wish.ts < session.first_t:
            refusals.reasons[wish.lane] = "before the session begins"
        elif wish.ts > session.last_t:
            refusals.reasons[wish.lane] = "after the session ends"
    return {"orders": [_result(w, known.get(w.lane), refusals.reasons, no_trades) for w in wishes]}


def text(out: dict[str, Any]) -> str:
    """The results for people: a line an order, and one for each fill under its own rule."""
    lines = []
    for order in out["orders"]:
        story = order["story"]
        sums = {r: None if f is None else sum(x["qty"] for x in f) for r, f in order["fills"].items()}
        told = "  ".join(f"{r} {'-' if q is None else f'{q:g}'}" for r, q in sums.items())
        lines.append(
            f"{order['line']}: {order['side']} {order['qty']:g} @ {order['price']:g}  {order['market']}"
        )
        if order["queue_at_entry"] is None:
            lines.append(f"   {story['end']}: {story['why']}")
            continue
        lines.append(f"   behind {order['queue_at_entry']:g}; filled {told}; {story['end']}")
        counted = order["fills"][story["rule"]] or ()
        lines += [f"   {f['ts_ns']}  {f['qty']:g} @ {f['price']:g}  {f['cause']}" for f in counted]
    return "\n".join(lines)


def _result(wish: Wish, order: Own | None, reasons: dict[str, str], no_trades: bool) -> dict[str, object]:
    shown = (PRICE - wish.price) if SIDES[wish.word][1] else wish.price
    out: dict[str, object] = {
        "line": wish.line,
        "market": wish.market,
        "side": wish.word,
        "price": float(decimal(shown, PRICE_DIGITS)),
        "qty": wish.qty / QTY,
        "queue_at_entry": None if order is None or not order.live_ns else order.entry_ahead / QTY,
    }
    fills: dict[str, object] = {}
    for i, rule in enumerate(RULES):
        mine = [] if order is None else [f for f in order.fills if f.rule == i]
        known = not no_trades or i == CROSS
        fills[rule] = [_fill(f, shown) for f in mine] if known else None
    out["fills"] = fills
    out["story"] = _story(order, reasons.get(wish.lane, "never sent"), no_trades)
    return out


def _fill(fill: Fill, shown: int) -> dict[str, object]:
    return {
        "ts_ns": fill.ts,
        "qty": fill.qty / QTY,
        "price": float(decimal(shown, PRICE_DIGITS)),
        "cause": fill.cause,
    }


def _story(order: Own | None, refused: str, no_trades: bool) -> dict[str, object]:
    """Numbers that say why it filled, or why it did not."""
    if order is None:
        return {"end": "refused", "why": refused}
    if not order.live_ns:
        return {"end": order.state.value, "why": order.end}
    done = not order.left[order.rule]
    return {
        "end": "filled" if done else order.end or "still resting when the session ended",
        "rule": RULES[order.rule],
        "live_ns": order.live_ns,
        "end_ns": order.ended_ns or None,
        "printed_at_level": None if no_trades else order.printed / QTY,
        "cancels_ahead": order.credited / QTY,
        "ahead_tail": order.ahead_tail / QTY,
        "ahead_fifo": order.ahead_fifo / QTY,
    }
