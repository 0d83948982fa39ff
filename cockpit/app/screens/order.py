"""An order by hand, and changes to a ticket or a working order."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from cockpit.app import text
from cockpit.app.line import Line, wrap
from cockpit.app.scene import Scene
from cockpit.app.screens.form import Field, Form
from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.commands import Command, Edit, PlaceManual
from cockpit.domain.units import ASK, BID, PRICE, QTY_DIGITS
from cockpit.domain.view import EdgeRow, OrderView, TicketView

Send = Callable[[Command], None]


class _Priced(Form):
    """A form with a price in cents of the side bought, and a quantity."""

    price: Field
    qty: Field
    side: int
    market: str

    def yes_price(self) -> int | None:
        """The price typed, as a YES price; None when it is none."""
        cents = self.price.number(2)
        return None if cents is None or cents >= PRICE else text.of_side(self.side, cents)

    def meaning(self, scene: Scene, width: int) -> Sequence[Line]:
        """Cost, win and edge."""
        price, qty = self.yes_price(), self.qty.number(QTY_DIGITS)
        if price is None or qty is None:
            wrong = "price: above 0 and below 100 cents" if price is None else "quantity: above 0"
            return [((wrong, "warn"),)]
        cost = text.of_side(self.side, price) * qty
        rows: list[Line] = [((f"pay ${text.money(cost)}  win ${text.money(PRICE * qty - cost)}", "text"),)]
        row = next((row for row in scene.view.rows if row.ticker == self.market), None)
        return (
            rows if row is None else [*rows, *_edge(row, self.side, price), *_crossing(row, self.side, price)]
        )


def _edge(row: EdgeRow, side: int, price: int) -> Sequence[Line]:
    if row.fair is None:
        return [(("no fair value here: edge not known", "warn"),)]
    mid, low = (row.fair.mid, row.fair.low) if side == BID else (1 - row.fair.mid, 1 - row.fair.high)
    own = text.of_side(side, price) / PRICE
    numbers = f"edge {text.signed_cents(mid - own, 1)}c  LOW {text.signed_cents(low - own, 1)}c  before fees"
    return [((numbers, "good" if low > own else "bad"),)]


def _crossing(row: EdgeRow, side: int, price: int) -> Sequence[Line]:
    crosses = price >= row.ask if side == BID else price <= row.bid
    if not crosses or (row.bid, row.ask) == (EMPTY_BID, EMPTY_ASK):
        return []
    book = text.own_top(side, row.bid, row.ask)
    return [((f"crosses the book {book}: makers only, it will be refused", "alert"),)]


def _book(scene: Scene, market: str, side: int) -> str:
    """The top of the market's book as the side sees it."""
    row = next((row for row in scene.view.rows if row.ticker == market), None)
    return "" if row is None else text.own_top(side, row.bid, row.ask)


def _resting(scene: Scene, market: str, side: int, price: int) -> int | None:
    """Quantity displayed at a price, which a new order there would have before it; None where it is not known."""
    detail = scene.view.detail
    if detail is not None and detail.row.ticker == market:
        level = next((level for level in detail.levels if level.price == price), None)
        return 0 if level is None else level.bid if side == BID else level.ask
    row = next((row for row in scene.view.rows if row.ticker == market), None)
    if row is None:
        return None
    better = price > row.bid if side == BID else price < row.ask
    return 0 if better else row.queue if (row.side, row.price) == (side, price) else None


class OrderForm(_Priced):
    """A maker order by hand, with the ideas of the row filled in."""

    title: ClassVar[str] = "ORDER BY HAND"
    verb: ClassVar[str] = "send the order"

    def __init__(self, row: EdgeRow, lane: str, send: Send) -> None:
        self.market, self._lane, self._send = row.ticker, lane, send
        first = row.side or BID
        self._row = row
        self._side = Field("side", text.side_word(first), choices=("YES", "NO"))
        self.price = Field("price", self._idea(first), unit="cents")
        self.qty = Field("quantity", text.quantity(row.lot) if row.lot > 0 else "10", unit="contracts")
        self.fields = [self._side, self.price, self.qty]

    def _idea(self, side: int) -> str:
        """The row's own price for its side; for the other what that side is bid for."""
        row = self._row
        price = row.price if side == row.side else row.bid if side == BID else row.ask
        return text.cents(text.of_side(side, price))

    def press(self, key: str) -> None:
        """Another side has another price, unless one was typed."""
        before = self.side
        super().press(key)
        if self.side != before and self.price.text == self._idea(before):
            self.price.text = self._idea(self.side)

    @property
    def side(self) -> int:  # type: ignore[override]  # chosen in the form
        """The side chosen."""
        return BID if self._side.text == "YES" else ASK

    def heading(self, scene: Scene) -> Sequence[Line]:
        """The market, and its book as the side sees it."""
        book = f"  {_book(scene, self.market, self.side)}"
        return [((scene.label(self.market), "title"), (f" {self.market}", "dim"), (book, "text"))]

    def submit(self) -> None:
        """Send it when it is one."""
        price, qty = self.yes_price(), self.qty.number(QTY_DIGITS)
        if price is not None and qty is not None:
            self._send(PlaceManual(0, self.market, self.side, price, qty, lane=self._lane))
            self.closed = True


class EditForm(_Priced):
    """Another price or size for a ticket or a working order."""

    title: ClassVar[str] = "EDIT"
    verb: ClassVar[str] = "send the change"

    def __init__(self, what: TicketView | OrderView, lane: str, send: Send) -> None:
        self._what, self._lane, self._send = what, lane, send
        self.market, self.side = what.market, what.side
        self._qty = what.left if isinstance(what, OrderView) else what.qty
        self.price = Field("price", text.cents(text.of_side(what.side, what.price)), unit="cents")
        working = isinstance(what, OrderView)
        self.qty = Field(
            "left" if working else "quantity",
            text.quantity(self._qty),
            unit="contracts left to fill" if working else "contracts",
        )
        self.fields = [self.price, self.qty]

    def heading(self, scene: Scene) -> Sequence[Line]:
        """What is changed, as it stands."""
        what = self._what
        kind = "order" if isinstance(what, OrderView) else "ticket"
        price = text.cents(text.of_side(what.side, what.price))
        terms = f"{kind} {what.id} BUY {text.side_word(what.side)} {text.quantity(self._qty)} @ {price}c {what.label}"
        return [((terms, "title"),), ((f"book {_book(scene, self.market, self.side)}", "dim"),)]

    def meaning(self, scene: Scene, width: int) -> Sequence[Line]:
        """Cost and edge, and what happens to the place in the queue."""
        return [*super().meaning(scene, width), *wrap(self._queue(scene), width, 2, "dim", "")]

    def _queue(self, scene: Scene) -> str:
        if not isinstance(self._what, OrderView):
            return "the ticket comes back on these terms; approve it then"
        now = scene.order(self._what.id)
        if now is None:
            return "this order is no longer working"
        price, qty = self.yes_price(), self.qty.number(QTY_DIGITS)
        if price is None or qty is None:
            return ""
        behind = text.short_quantity(now.ahead)
        if price == now.price and qty <= now.left:
            same = "nothing is changed" if qty == now.left else "a smaller size keeps the place"
            return f"{same}: behind {behind} of {text.short_quantity(now.level)}"
        there = now.level if price == now.price else _resting(scene, self.market, self.side, price)
        new = "not known" if there is None else text.short_quantity(there)
        return f"goes to the back: gives up behind {behind} for behind {new}"

    def submit(self) -> None:
        """Send the change when it is one."""
        price, qty = self.yes_price(), self.qty.number(QTY_DIGITS)
        if price is not None and qty is not None and (price, qty) != (self._what.price, self._qty):
            self._send(Edit(0, self._what.id, price, qty, lane=self._lane))
            self.closed = True
