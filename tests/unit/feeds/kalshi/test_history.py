from collections import Counter
from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import Candle
from cockpit.feeds.kalshi.history import period

URL = "/trade-api/v2/series/KXA/markets/KXA-1/candlesticks?start_ts=0&end_ts=9&period_interval=60"


def _quad(*prices: str, **more: str) -> dict[str, str]:
    names = ("open_dollars", "high_dollars", "low_dollars", "close_dollars")
    return {**dict(zip(names, prices, strict=True)), **more}


def _bar(**change: Any) -> dict[str, Any]:
    return {
        "end_period_ts": 3_600,
        "yes_bid": _quad("0.3300", "0.3500", "0.3200", "0.3400"),
        "yes_ask": _quad("0.3400", "0.3600", "0.3300", "0.3500"),
        "price": _quad("0.3400", "0.3500", "0.3300", "0.3500", mean_dollars="0.3412", previous_dollars="0.3"),
        "volume_fp": "28.74",
        "open_interest_fp": "128107.77",
        **change,
    }


def test_a_bar_in_full(exchange: Any) -> None:
    assert exchange.answer(URL, {"ticker": "KXA-1", "candlesticks": [_bar()]}) == [
        Candle(
            ts=1_000,
            market="KXA-1",
            end=3_600_000_000_000,
            minutes=60,
            bid=(3_300, 3_500, 3_200, 3_400),
            ask=(3_400, 3_600, 3_300, 3_500),
            trade=(3_400, 3_500, 3_300, 3_500),
            volume=28_740_000,
        )
    ]
    assert not exchange.feed.census


def test_a_bar_without_trades_or_quotes(exchange: Any) -> None:
    empty = _bar(
        yes_bid=_quad("0.0000", "0.0000", "0.0000", "0.0000"),
        yes_ask=_quad("1.0000", "1.0000", "1.0000", "1.0000"),
        price={"previous_dollars": "0.3400"},
        volume_fp="0.00",
    )
    (bar,) = exchange.answer(URL, {"candlesticks": [empty]})
    assert (bar.bid, bar.ask, bar.trade, bar.volume) == (None, None, None, 0)
    (bare,) = exchange.answer(URL, {"candlesticks": [{"end_period_ts": 60}]})
    assert (bare.bid, bare.ask, bare.trade, bare.volume) == (None, None, None, 0)


def test_a_bar_quoted_for_a_part_of_its_time_keeps_its_prices(exchange: Any) -> None:
    part = _bar(yes_bid=_quad("0.0000", "0.0500", "0.0000", "0.0100"))
    (bar,) = exchange.answer(URL, {"candlesticks": [part]})
    assert bar.bid == (0, 500, 0, 100)


def test_historical_bars_use_bare_names(exchange: Any) -> None:
    quad = {"open": "0.3300", "high": "0.3500", "low": "0.3200", "close": "0.3400"}
    bar = {"end_period_ts": 60, "yes_bid": quad, "yes_ask": quad, "price": quad, "volume": "28.74"}
    url = "/trade-api/v2/historical/markets/KXA-1/candlesticks?period_interval=1"
    (candle,) = exchange.answer(url, {"ticker": "KXA-1", "candlesticks": [{**bar, "open_interest": "1.00"}]})
    assert candle.trade == (3_300, 3_500, 3_200, 3_400)
    assert (candle.minutes, candle.volume, candle.market) == (1, 28_740_000, "KXA-1")


def test_bars_of_several_markets(exchange: Any) -> None:
    body = {"markets": [{"market_ticker": t, "candlesticks": [_bar()]} for t in ("A", "B")]}
    events = exchange.answer("/markets/candlesticks?market_tickers=A,B&period_interval=1440", body)
    assert [(e.market, e.minutes) for e in events] == [("A", 1_440), ("B", 1_440)]


def test_the_period_is_the_one_asked_for() -> None:
    census: Counter[str] = Counter()
    assert [period({"period_interval": [m]}, census) for m in ("1", "60", "1440")] == [1, 60, 1_440]
    assert period({}, census) == 1
    assert period({"period_interval": ["5"]}, census) == 1
    assert census == {"period:missing": 1, "period:5": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"end_period_ts": "soon"},
        {"end_period_ts": -1},
        {"yes_bid": _quad("0.3300", "1.3500", "0.3200", "0.3400")},
        {"yes_bid": 7},
        {"volume_fp": "lots"},
    ],
)
def test_a_bar_out_of_shape_is_a_feed_error(exchange: Any, change: dict[str, Any]) -> None:
    with pytest.raises(FeedError):
        exchange.answer(URL, {"candlesticks": [_bar(**change)]})


@pytest.mark.parametrize("lacking", ["yes_price_dollars", "count_fp"])
def test_a_print_without_price_or_count_is_a_feed_error(exchange: Any, lacking: str) -> None:
    body = {"ticker": "A", "yes_price_dollars": "0.5000", "count_fp": "1.00"}
    del body[lacking]
    with pytest.raises(FeedError, match="without price or count"):
        exchange.answer("/markets/trades", {"trades": [body]})
