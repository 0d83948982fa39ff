"""An invented exchange that speaks the documented shapes, and a feed that listens to it."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from cockpit.domain.events import Event
from cockpit.feeds.base import Frame
from cockpit.feeds.kalshi.feed import KalshiFeed

Json = dict[str, Any]


def _body(ticker: str, more: Json) -> Json:
    return {"market_ticker": ticker, "market_id": "m", **more}


class Exchange:
    """Writes messages; ``tell`` and ``answer`` hand them to the feed as frames."""

    def __init__(self, feed: KalshiFeed) -> None:
        self.feed = feed
        self.n = 0

    def tell(self, message: Json | bytes, t: int = 1_000) -> Sequence[Event]:
        return self.feed.receive(self.frame("kalshi.ws", message, t))

    def answer(
        self, url: str, body: Json | list[Any] | bytes, t: int = 1_000, **http: Any
    ) -> Sequence[Event]:
        return self.feed.receive(self.frame("kalshi.rest", body, t, u=url, **http))

    def frame(self, source: str, body: Any, t: int, **http: Any) -> Frame:
        self.n += 1
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return Frame(n=self.n, t=t, s=source, d=msgspec.Raw(data), **http)

    @staticmethod
    def snapshot(ticker: str = "KXA-1", sid: int = 1, seq: int = 1, **more: Any) -> Json:
        return {"type": "orderbook_snapshot", "sid": sid, "seq": seq, "msg": _body(ticker, more)}

    @staticmethod
    def delta(ticker: str = "KXA-1", sid: int = 1, seq: int = 2, **more: Any) -> Json:
        body = {
            "price_dollars": "0.4700",
            "delta_fp": "-3.00",
            "side": "yes",
            "ts_ms": 1_780_000_000_123,
            **more,
        }
        return {"type": "orderbook_delta", "sid": sid, "seq": seq, "msg": _body(ticker, body)}

    @staticmethod
    def trade(ticker: str = "KXA-1", sid: int = 2, seq: int = 1, **more: Any) -> Json:
        body = {
            "trade_id": f"t{seq}",
            "yes_price_dollars": "0.3600",
            "no_price_dollars": "0.6400",
            "count_fp": "136.00",
            "taker_outcome_side": "no",
            "taker_book_side": "ask",
            "taker_side": "no",
            "is_block_trade": False,
            "ts_ms": 1_780_000_000_123,
            **more,
        }
        return {"type": "trade", "sid": sid, "seq": seq, "msg": {"market_ticker": ticker, **body}}

    @staticmethod
    def ok(sid: int, seq: int, *tickers: str) -> Json:
        return {"type": "ok", "id": 3, "sid": sid, "seq": seq, "msg": {"market_tickers": list(tickers)}}

    @staticmethod
    def subscribed(channel: str, sid: int) -> Json:
        return {"type": "subscribed", "id": 1, "msg": {"channel": channel, "sid": sid}}

    @staticmethod
    def market(ticker: str = "KXA-26OCT01-T5", **more: Any) -> Json:
        return {
            "ticker": ticker,
            "event_ticker": ticker.rpartition("-")[0],
            "market_type": "binary",
            "title": "Above five?",
            "yes_sub_title": "5.01 or above",
            "no_sub_title": "5 or below",
            "created_time": "2026-09-30T09:00:00.1Z",
            "open_time": "2026-10-01T13:00:00Z",
            "close_time": "2026-10-01T14:00:00.25Z",
            "expected_expiration_time": "2026-10-01T14:05:00Z",
            "status": "active",
            "result": "",
            "expiration_value": "",
            "strike_type": "greater",
            "floor_strike": 5.01,
            "price_level_structure": "linear_cent",
            "price_ranges": [{"start": "0.0000", "end": "1.0000", "step": "0.0100"}],
            "rules_primary": "If it is above.",
            "rules_secondary": "",
            "exchange_index": 2,
            "settlement_bounds_type": "default",
            **more,
        }

    def sent(self) -> list[Json]:
        return [msgspec.json.decode(each) for each in self.feed.outgoing()]


@pytest.fixture
def exchange() -> Exchange:
    return Exchange(KalshiFeed())


@pytest.fixture
def yes_priced() -> Exchange:
    return Exchange(KalshiFeed(use_yes_price=True))
