"""The account's own: balance, positions, orders, fills, queue positions, settlements; by REST and by the socket.

Source: the exchange's OpenAPI and AsyncAPI, 2026-10. A position is signed net YES; an order's side is that of the YES
book, so that buying NO at q shows as an ask at 1 - q.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from cockpit.domain.account import RealFill, RealOrder, RealPosition
from cockpit.domain.events import (
    AccountBalance,
    AccountFills,
    AccountOrders,
    AccountPositions,
    Event,
    QueueReported,
)
from cockpit.domain.units import ASK, BID, MILLISECOND, MONEY_DIGITS, PRICE, QTY, fixed, price, qty
from cockpit.feeds.exact import instant
from cockpit.feeds.kalshi.items import Item, Read, Shape, converted, decoded
from cockpit.feeds.kalshi.markets import VENUE
from cockpit.feeds.kalshi.wire import FillBody, OrderBody, PositionBody, Seconds, Struct

CENT_MONEY = PRICE * QTY // 100
"""One cent in money units."""
SIDES = {"bid": BID, "ask": ASK, "yes": BID, "no": ASK}
"""``book_side`` and ``outcome_side`` to the side of the YES book."""
_POSITIONED = {("buy", "yes"): BID, ("sell", "no"): BID, ("buy", "no"): ASK, ("sell", "yes"): ASK}

Data = bytes | msgspec.Raw


class _Shard(Struct):
    exchange_index: int
    balance: str


class _Balance(Struct):
    balance: int = 0
    balance_dollars: str | None = None
    balance_breakdown: list[_Shard] | None = None


class _Position(Struct):
    ticker: str
    position_fp: str
    market_exposure_dollars: str | None = None
    realized_pnl_dollars: str | None = None
    fees_paid_dollars: str | None = None
    exchange_index: int = 0


class _Positions(Struct):
    market_positions: list[_Position] | None = None


class _Order(Struct):
    order_id: str
    ticker: str
    status: str
    yes_price_dollars: str
    remaining_count_fp: str
    initial_count_fp: str | None = None
    outcome_side: str | None = None
    book_side: str | None = None
    side: str | None = None
    action: str | None = None
    created_time: Seconds = None
    client_order_id: str | None = None


class _Orders(Struct):
    orders: list[_Order] | None = None


class _OneOrder(Struct):
    order: _Order


class _Fill(Struct):
    ticker: str
    yes_price_dollars: str
    count_fp: str
    is_taker: bool
    order_id: str
    fee_cost: str
    trade_id: str | None = None
    fill_id: str | None = None
    outcome_side: str | None = None
    book_side: str | None = None
    side: str | None = None
    action: str | None = None
    created_time: Seconds = None
    ts: Seconds = None


class _Fills(Struct):
    fills: list[_Fill]


class _Queue(Struct):
    order_id: str
    queue_position_fp: str | None = None


class _Queues(Struct):
    queue_positions: list[_Queue] | None = None


class _Paged(Struct):
    cursor: str | None = None


def cursor(body: Data) -> str | None:
    """Where the next page of an answer begins; None after the last. Raises ValueError."""
    return msgspec.json.decode(body, type=_Paged).cursor or None


class _Reader:
    """Reads one body, and remembers whether all of it could be read."""

    def __init__(self, census: Counter[str] | None) -> None:
        self._census: Counter[str] = Counter() if census is None else census
        self.lost = 0

    def shape(self, body: Data, shape: type[Shape]) -> Shape:
        told, lost = decoded(body, shape, self._census)
        self.lost += lost
        return told

    def each(self, items: Sequence[Item] | None, read: Callable[[Item], Read]) -> tuple[Read, ...]:
        done, lost = converted(items or (), read, self._census)
        self.lost += lost
        return tuple(done)


def balance(ts: int, body: Data, census: Counter[str] | None = None) -> Event:
    """``GET /portfolio/balance``: dollars where they are stated, for the cents beside them are cut. Raises ValueError."""
    told = msgspec.json.decode(body, type=_Balance)
    cash = _money(told.balance_dollars) if told.balance_dollars else told.balance * CENT_MONEY
    shards = tuple((each.exchange_index, _money(each.balance)) for each in told.balance_breakdown or ())
    return AccountBalance(ts, VENUE, cash, shards)


def positions(ts: int, body: Data, census: Counter[str] | None = None) -> Event:
    """``GET /portfolio/positions``: a negative position is NO; what cannot be read is counted. Raises ValueError."""
    read = _Reader(census)
    held = read.each(read.shape(body, _Positions).market_positions, _position)
    return AccountPositions(ts, VENUE, held, whole=not read.lost)


def _position(each: _Position) -> RealPosition:
    return RealPosition(
        market=each.ticker,
        qty=_quantity(each.position_fp),
        cost=_money(each.market_exposure_dollars),
        realised=_money(each.realized_pnl_dollars),
        fees=_money(each.fees_paid_dollars),
        shard=each.exchange_index,
    )


def orders(ts: int, body: Data, census: Counter[str] | None = None) -> Event:
    """``GET /portfolio/orders``: of those the resting ones; what cannot be read is counted. Raises ValueError."""
    read = _Reader(census)
    resting = [each for each in read.shape(body, _Orders).orders or () if each.status == "resting"]
    told = read.each(resting, _order)
    return AccountOrders(ts, VENUE, told, whole=not read.lost)


def one_order(ts: int, body: Data, census: Counter[str] | None = None) -> Event:
    """``GET /portfolio/orders/{id}``. Raises ValueError."""
    told = msgspec.json.decode(body, type=_OneOrder)
    return AccountOrders(ts, VENUE, (_order(told.order),), whole=False)


def _order(each: _Order) -> RealOrder:
    left = _quantity(each.remaining_count_fp)
    return RealOrder(
        id=each.order_id,
        market=each.ticker,
        side=_side(each.book_side, each.outcome_side, each.action, each.side),
        price=price(each.yes_price_dollars),
        qty=_quantity(each.initial_count_fp) or left,
        left=left,
        resting=each.status == "resting",
        created=instant(each.created_time),
        client=each.client_order_id or "",
    )


def fills(ts: int, body: Data, census: Counter[str] | None = None) -> Event:
    """``GET /portfolio/fills``, newest first on the wire; what cannot be read is counted. Raises ValueError."""
    read = _Reader(census)
    return AccountFills(ts, VENUE, read.each(read.shape(body, _Fills).fills[::-1], _fill))


def _fill(each: _Fill) -> RealFill:
    return RealFill(
        id=each.trade_id or each.fill_id or "",
        order=each.order_id,
        market=each.ticker,
        side=_side(each.book_side, each.outcome_side, each.action, each.side),
        price=price(each.yes_price_dollars),
        qty=_quantity(each.count_fp),
        fee=_money(each.fee_cost),
        taker=each.is_taker,
        ex=instant(each.created_time) or instant(each.ts),
    )


def queues(ts: int, body: Data, census: Counter[str] | None = None) -> Event:
    """``GET /portfolio/orders/queue_positions``: contracts ahead at the same price. Raises ValueError."""
    read = _Reader(census)
    told = [each for each in read.shape(body, _Queues).queue_positions or () if each.queue_position_fp]
    return QueueReported(
        ts, VENUE, read.each(told, lambda each: (each.order_id, _quantity(each.queue_position_fp)))
    )


READERS: dict[tuple[str, ...], Callable[[int, Data, Counter[str]], Event]] = {
    ("portfolio", "balance"): balance,
    ("portfolio", "positions"): positions,
    ("portfolio", "orders"): orders,
    ("portfolio", "orders", "queue_positions"): queues,
    ("portfolio", "orders", "*"): one_order,
    ("portfolio", "fills"): fills,
}
"""Bodies by path, the first that fits."""
PAGED = frozenset({("portfolio", "positions"), ("portfolio", "orders")})
"""Those that come in pages and mean something only together."""


# ---------------------------------------------------------------------------------------------- the socket


def filled(ts: int, body: FillBody) -> Event:
    """A ``fill`` message. Raises ValueError."""
    fill = RealFill(
        id=body.trade_id,
        order=body.order_id,
        market=body.market_ticker,
        side=_side(body.book_side, body.outcome_side, None, None),
        price=price(body.yes_price_dollars),
        qty=_quantity(body.count_fp),
        fee=_money(body.fee_cost),
        taker=body.is_taker,
        ex=(body.ts_ms or 0) * MILLISECOND,
    )
    return AccountFills(ts, VENUE, (fill,))


def changed(ts: int, body: OrderBody) -> Event:
    """A ``user_order`` message. Raises ValueError."""
    left = _quantity(body.remaining_count_fp)
    order = RealOrder(
        id=body.order_id,
        market=body.ticker,
        side=_side(body.book_side, body.outcome_side, None, None),
        price=price(body.yes_price_dollars),
        qty=_quantity(body.initial_count_fp) or left + _quantity(body.fill_count_fp),
        left=left,
        resting=body.status == "resting",
        created=(body.created_ts_ms or 0) * MILLISECOND,
        client=body.client_order_id or "",
    )
    return AccountOrders(ts, VENUE, (order,), whole=False)


def held(ts: int, body: PositionBody) -> Event:
    """A ``market_position`` message. Raises ValueError."""
    position = RealPosition(
        market=body.market_ticker,
        qty=_quantity(body.position_fp),
        cost=_money(body.position_cost_dollars),
        realised=_money(body.realized_pnl_dollars),
        fees=_money(body.fees_paid_dollars),
    )
    return AccountPositions(ts, VENUE, (position,), whole=False)


def _side(book: str | None, outcome: str | None, action: str | None, side: str | None) -> int:
    """The YES book's side of an order or a fill, by whichever words there are; raises ValueError without any."""
    found = SIDES.get(outcome or "") or SIDES.get(book or "") or _POSITIONED.get((action or "", side or ""))
    if found is None:
        raise ValueError("an order without a side")
    return found


def _money(text: str | None) -> int:
    return fixed(text, MONEY_DIGITS) if text else 0


def _quantity(text: str | None) -> int:
    return qty(text) if text else 0
