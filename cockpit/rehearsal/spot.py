"""Spot venues' frames: Coinbase Exchange ``match`` and ``ticker``, Kraken WebSocket v2 ``trade`` and ``ticker``.

Source: the exchanges' public API documentation. Coinbase sends text and names the maker's side in a match; Kraken
sends JSON numbers and names the taker's side.
"""

import msgspec

from cockpit.domain.units import ASK, BID, UNDERLYING_DIGITS, decimal
from cockpit.rehearsal.wire import Stamps

_SIDES = {BID: "buy", ASK: "sell"}


class Deal(msgspec.Struct, frozen=True, gc=False):
    """One spot trade and the top of book it left; prices 1e-8 dollars, sizes 1e-8 coins, ``taker`` BID buys."""

    ts: int
    symbol: str
    price: int
    qty: int
    taker: int
    bid: int
    ask: int
    bid_qty: int
    ask_qty: int
    digits: int


class _Day:
    """A symbol's running totals, as its tickers state them; they begin with the connection."""

    def __init__(self, price: int) -> None:
        self.open = self.low = self.high = price
        self.volume = 0
        self.turnover = 0

    def add(self, deal: Deal) -> None:
        self.low = min(self.low, deal.price)
        self.high = max(self.high, deal.price)
        self.volume += deal.qty
        self.turnover += deal.qty * deal.price


class _Days:
    def __init__(self) -> None:
        self._days: dict[str, _Day] = {}

    def add(self, deal: Deal) -> _Day:
        day = self._days.get(deal.symbol)
        if day is None:
            day = self._days[deal.symbol] = _Day(deal.price)
        day.add(deal)
        return day


class Coinbase:
    """One Coinbase connection: counters per product."""

    def __init__(self, first_trade: int) -> None:
        self._trade = first_trade
        self._sequence: dict[str, int] = {}
        self._days = _Days()
        self._stamps = Stamps()

    def acknowledgement(self, products: list[str]) -> bytes:
        """The answer to the subscription."""
        channels = [{"name": name, "product_ids": products} for name in ("matches", "ticker")]
        return msgspec.json.encode({"type": "subscriptions", "channels": channels})

    def frames(self, deal: Deal, maker: str, taker: str) -> list[bytes]:
        """The match and the ticker one trade leaves; ``maker`` and ``taker`` are order ids."""
        self._trade += 1
        sequence = self._sequence.get(deal.symbol, 0) + 7
        self._sequence[deal.symbol] = sequence + 1
        price, size = _text(deal.price, deal.digits), _text(deal.qty, 8)
        moment = self._stamps.text(deal.ts)
        match = (
            f'{{"type":"match","trade_id":{self._trade},"maker_order_id":"{maker}","taker_order_id":"{taker}",'
            f'"side":"{_SIDES[-deal.taker]}","size":"{size}","price":"{price}","product_id":"{deal.symbol}",'
            f'"sequence":{sequence},"time":"{moment}"}}'
        )
        day = self._days.add(deal)
        ticker = (
            f'{{"type":"ticker","sequence":{sequence + 1},"product_id":"{deal.symbol}","price":"{price}",'
            f'"open_24h":"{_text(day.open, deal.digits)}","volume_24h":"{_text(day.volume, 8)}",'
            f'"low_24h":"{_text(day.low, deal.digits)}","high_24h":"{_text(day.high, deal.digits)}",'
            f'"volume_30d":"{_text(day.volume, 8)}","best_bid":"{_text(deal.bid, deal.digits)}","best_bid_size":"{_text(deal.bid_qty, 8)}",'
            f'"best_ask":"{_text(deal.ask, deal.digits)}","best_ask_size":"{_text(deal.ask_qty, 8)}",'
            f'"side":"{_SIDES[deal.taker]}","time":"{moment}","trade_id":{self._trade},"last_size":"{size}"}}'
        )
        return [match.encode(), ticker.encode()]


class Kraken:
    """One Kraken v2 connection."""

    def __init__(self, first_trade: int) -> None:
        self._trade = first_trade
        self._days = _Days()
        self._stamps = Stamps()

    def acknowledgement(self, symbol: str, channel: str) -> bytes:
        """The answer to one subscription."""
        result = {"channel": channel, "symbol": symbol, "snapshot": channel == "ticker"}
        return msgspec.json.encode({"method": "subscribe", "result": result, "success": True})

    def frames(self, deal: Deal) -> list[bytes]:
        """The trade and the ticker one trade leaves."""
        self._trade += 1
        moment = self._stamps.text(deal.ts)
        price = _text(deal.price, deal.digits)
        trade = (
            f'{{"channel":"trade","type":"update","data":[{{"symbol":"{deal.symbol}","side":"{_SIDES[deal.taker]}",'
            f'"price":{price},"qty":{_text(deal.qty, 8)},"ord_type":"market","trade_id":{self._trade},'
            f'"timestamp":"{moment}"}}]}}'
        )
        day = self._days.add(deal)
        change = deal.price - day.open
        ticker = (
            f'{{"channel":"ticker","type":"update","data":[{{"symbol":"{deal.symbol}",'
            f'"bid":{_text(deal.bid, deal.digits)},"bid_qty":{_text(deal.bid_qty, 8)},'
            f'"ask":{_text(deal.ask, deal.digits)},"ask_qty":{_text(deal.ask_qty, 8)},"last":{price},'
            f'"volume":{_text(day.volume, 8)},"vwap":{_text(day.turnover // day.volume, deal.digits)},'
            f'"low":{_text(day.low, deal.digits)},"high":{_text(day.high, deal.digits)},'
            f'"change":{_text(change, deal.digits)},"change_pct":{100 * change / day.open:.2f},'
            f'"timestamp":"{moment}"}}]}}'
        )
        return [trade.encode(), ticker.encode()]


def _text(value: int, places: int) -> str:
    return decimal(value, UNDERLYING_DIGITS, places)
