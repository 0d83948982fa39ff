"""Coinbase Exchange's messages about a product. Source: docs.cdp.coinbase.com/exchange."""

import msgspec

from cockpit.domain.units import ASK, BID
from cockpit.rehearsal.stands.spot.reader import Top, Trade
from cockpit.rehearsal.stands.spot.stand import Coin, moment, text

SIDES = {BID: "buy", ASK: "sell"}


def match(coin: Coin, trade: Trade, ts: int, kind: str) -> bytes:
    """A trade; ``side`` is the maker's."""
    number = coin.trades
    body = {
        "type": kind,
        "trade_id": number,
        "maker_order_id": f"{number:08x}-0000-4000-8000-00000000000a",
        "taker_order_id": f"{number:08x}-0000-4000-8000-00000000000b",
        "side": SIDES[-trade.taker],
        "size": text(trade.size, 8),
        "price": text(trade.price),
        "product_id": f"{coin.name}-USD",
        "sequence": coin.step() if kind == "match" else coin.sequence,
        "time": moment(ts),
    }
    return msgspec.json.encode(body)


def ticker(coin: Coin, last: Trade, top: Top, ts: int) -> bytes:
    """The last trade and the top of book it left; ``side`` is the taker's."""
    day = coin.bars.day(ts)
    body = {
        "type": "ticker",
        "sequence": coin.step(),
        "product_id": f"{coin.name}-USD",
        "price": text(last.price),
        "open_24h": text(day.open),
        "volume_24h": text(day.volume, 8),
        "low_24h": text(day.low),
        "high_24h": text(day.high),
        "volume_30d": text(day.volume * 30, 8),
        "best_bid": text(top.bid),
        "best_bid_size": text(top.bid_size, 8),
        "best_ask": text(top.ask),
        "best_ask_size": text(top.ask_size, 8),
        "side": SIDES[last.taker],
        "time": moment(ts),
        "trade_id": coin.trades,
        "last_size": text(last.size, 8),
    }
    return msgspec.json.encode(body)


def heartbeat(coin: Coin, product: str, now: int) -> bytes:
    """One a second: by it a client sees whether it has missed a trade."""
    body = {
        "type": "heartbeat",
        "sequence": coin.sequence,
        "last_trade_id": coin.trades,
        "product_id": product,
        "time": moment(now),
    }
    return msgspec.json.encode(body)
