"""What has traded: prints, newest first by page, and minute candles of prints and quotes."""

from typing import Any

from cockpit.domain.units import BID, MILLISECOND, PRICE, SECOND
from cockpit.rehearsal.stands.kalshi.reader import Print
from cockpit.rehearsal.wire import Stamps, contracts, dollars

KEPT = 200_000
_MINUTE = 60 * SECOND


class Rows:
    """A growing list with fixed numbers; only the newest are kept."""

    def __init__(self) -> None:
        self.first = 0
        self._rows: list[Print] = []

    def append(self, row: Print) -> None:
        """Add one."""
        self._rows.append(row)
        if len(self._rows) > 2 * KEPT:
            self.first += KEPT
            del self._rows[:KEPT]

    @property
    def end(self) -> int:
        """The number the next one will have."""
        return self.first + len(self._rows)

    def __getitem__(self, number: int) -> Print:
        return self._rows[number - self.first]


class Tape:
    """All prints, and those of each market."""

    def __init__(self) -> None:
        self._all = Rows()
        self._of: dict[str, Rows] = {}
        self._stamps = Stamps()
        self._seen: set[str] = set()

    def add(self, trade: Print) -> bool:
        """Take a print over; False when it is known already."""
        if trade.trade_id in self._seen:
            return False
        self._seen.add(trade.trade_id)
        self._all.append(trade)
        self._of.setdefault(trade.ticker, Rows()).append(trade)
        return True

    def page(
        self, ticker: str, before: int | None, limit: int, span: tuple[int, int], *, block: bool | None
    ) -> tuple[list[Print], int | None]:
        """Prints, newest first, from number ``before`` down; and where the next page begins, None at the end.

        Args:
            ticker: "" for all markets.
            before: the page holds older prints only; None begins at the newest.
            limit: the page's size.
            span: first and last time, ns UTC.
            block: only block trades, or only others.
        """
        rows = self._of.get(ticker, Rows()) if ticker else self._all
        found: list[Print] = []
        number = rows.end if before is None else min(before, rows.end)
        while number > rows.first:
            if len(found) == limit:
                return found, number
            number -= 1
            trade = rows[number]
            if span[0] <= trade.ts <= span[1] and (block is None or trade.block == block):
                found.append(trade)
        return found, None

    def body(self, trade: Print) -> dict[str, Any]:
        """A print as REST tells it."""
        outcome, book = ("yes", "bid") if trade.taker == BID else ("no", "ask")
        return {
            "trade_id": trade.trade_id,
            "ticker": trade.ticker,
            "count_fp": contracts(trade.qty),
            "yes_price_dollars": dollars(trade.price),
            "no_price_dollars": dollars(PRICE - trade.price),
            "taker_outcome_side": outcome,
            "taker_book_side": book,
            "taker_side": outcome,
            "created_time": self._stamps.text(trade.ts),
            "is_block_trade": trade.block,
        }


class _Bar:
    """Open, low, high and close of one thing."""

    __slots__ = ("close", "high", "low", "open")

    def __init__(self, value: int) -> None:
        self.open = self.low = self.high = self.close = value

    def add(self, value: int) -> None:
        self.low = min(self.low, value)
        self.high = max(self.high, value)
        self.close = value

    def join(self, later: "_Bar") -> None:
        self.low = min(self.low, later.low)
        self.high = max(self.high, later.high)
        self.close = later.close

    def copy(self) -> "_Bar":
        made = _Bar(self.open)
        made.join(self)
        return made

    def body(self) -> dict[str, str]:
        return {
            "open_dollars": dollars(self.open),
            "low_dollars": dollars(self.low),
            "high_dollars": dollars(self.high),
            "close_dollars": dollars(self.close),
        }


class _Candle:
    """One period of one market."""

    __slots__ = ("ask", "bid", "interest", "price", "spent", "volume")

    def __init__(self, bid: int, ask: int, interest: str) -> None:
        self.bid = _Bar(bid)
        self.ask = _Bar(ask)
        self.price: _Bar | None = None
        self.volume = 0
        self.spent = 0
        self.interest = interest

    def join(self, later: "_Candle") -> None:
        self.bid.join(later.bid)
        self.ask.join(later.ask)
        if later.price is not None:
            if self.price is None:
                self.price = later.price.copy()
            else:
                self.price.join(later.price)
        self.volume += later.volume
        self.spent += later.spent
        self.interest = later.interest

    def copy(self) -> "_Candle":
        made = _Candle(self.bid.open, self.ask.open, self.interest)
        made.join(self)
        return made


class Candles:
    """One market's minute candles, coarser ones made of them. A minute without an event has none."""

    def __init__(self) -> None:
        self._minutes: dict[int, _Candle] = {}
        self._bid, self._ask = 0, PRICE
        self._interest = "0.00"

    def quote(self, ts: int, bid: int, ask: int) -> None:
        """The top of the book is now this (price units; 0 and PRICE where a side is empty)."""
        if (bid, ask) == (self._bid, self._ask):
            return
        # a minute opens with what was quoted before it, the very first with what is quoted now
        candle = self._candle(ts) if self._minutes else None
        self._bid, self._ask = bid, ask
        candle = candle or self._candle(ts)
        candle.bid.add(bid)
        candle.ask.add(ask)

    def trade(self, trade: Print, interest: str) -> None:
        """A print; ``interest`` is the open interest's text."""
        self._interest = interest
        candle = self._candle(trade.ts)
        candle.interest = interest
        candle.volume += trade.qty
        candle.spent += trade.qty * trade.price
        if candle.price is None:
            candle.price = _Bar(trade.price)
        else:
            candle.price.add(trade.price)

    def bodies(self, start: int, end: int, minutes: int, *, before: bool) -> list[dict[str, Any]]:
        """The candles that end in [start, end] (unix seconds), each of so many minutes.

        With ``before`` the last one that ended earlier comes first, if there is one.
        """
        size = minutes * 60
        whole: dict[int, _Candle] = {}
        for minute, candle in sorted(self._minutes.items()):
            at = (minute // size + 1) * size
            if at in whole:
                whole[at].join(candle)
            else:
                whole[at] = candle.copy()
        earlier = [at for at in whole if at < start]
        wanted = (earlier[-1:] if before else []) + [at for at in whole if start <= at <= end]
        bodies, previous = [], None
        for at, candle in whole.items():
            if at in wanted:
                bodies.append(_body(at, candle, previous))
            previous = candle.price.close if candle.price is not None else previous
        return bodies

    def _candle(self, ts: int) -> _Candle:
        minute = ts // _MINUTE * 60
        candle = self._minutes.get(minute)
        if candle is None:
            candle = self._minutes[minute] = _Candle(self._bid, self._ask, self._interest)
        return candle


def _body(end: int, candle: _Candle, previous: int | None) -> dict[str, Any]:
    price: dict[str, str] = {}
    if candle.price is not None:
        price = candle.price.body()
        price["mean_dollars"] = dollars(candle.spent // candle.volume)
        price |= {"min_dollars": price["low_dollars"], "max_dollars": price["high_dollars"]}
    if previous is not None:
        price["previous_dollars"] = dollars(previous)
    return {
        "end_period_ts": end,
        "yes_bid": candle.bid.body(),
        "yes_ask": candle.ask.body(),
        "price": price,
        "volume_fp": contracts(candle.volume),
        "open_interest_fp": candle.interest,
    }


def rest_print(body: dict[str, Any]) -> Print | None:
    """A print from a recorded REST body; None when it cannot be read."""
    from cockpit.domain.units import price, qty
    from cockpit.rehearsal.stands.kalshi.listing import ns_of

    try:
        return Print(
            str(body["trade_id"]),
            str(body["ticker"]),
            price(body["yes_price_dollars"]),
            qty(body["count_fp"]),
            BID if body["taker_book_side"] == "bid" else -BID,
            bool(body.get("is_block_trade", False)),
            ns_of(body["created_time"]) // MILLISECOND * MILLISECOND,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
