"""The settlement index from the history."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import IndexTick
from cockpit.domain.units import UNDERLYING

from .conftest import SECOND, T0, market  # noqa: TID252  the tests are no package

S0 = T0 // SECOND
HISTORY = "asset-prices/history?assets=crypto:btc&from=1&to=0&bucket=ASSET_PRICE_BUCKET_1S"


def candle(second: int, close: str = "84000.25", ticks: int = 1) -> dict[str, Any]:
    return {
        "timestamp": S0 + second,
        "open": "1",
        "high": "1",
        "low": "1",
        "close": close,
        "tickCount": ticks,
    }


def series(*candles: dict[str, Any], symbol: str = "btc", **more: Any) -> dict[str, Any]:
    return {
        "asset": {"assetClass": "ASSET_CLASS_CRYPTO", "symbol": symbol},
        "currency": "USD",
        "bucket": "ASSET_PRICE_BUCKET_1S",
        "candles": list(candles),
        **more,
    }


def history(gateway: Any, *told: dict[str, Any], t: int = 0) -> list[IndexTick]:
    return list(gateway.answer(HISTORY, {"series": list(told)}, T0 + t * SECOND))


def test_each_second_once_oldest_first(gateway: Any) -> None:
    told = history(gateway, series(candle(-1, "84001"), candle(-3, "83999.5"), candle(-2)))
    assert told == [
        IndexTick(T0, T0 - 3 * SECOND, "BRTI", 83_999 * UNDERLYING + UNDERLYING // 2),
        IndexTick(T0, T0 - 2 * SECOND, "BRTI", 84_000 * UNDERLYING + UNDERLYING // 4),
        IndexTick(T0, T0 - 1 * SECOND, "BRTI", 84_001 * UNDERLYING),
    ]
    assert [each.ex // SECOND - S0 for each in history(gateway, series(candle(-1), candle(0)), t=1)] == [0]


def test_a_second_that_was_not_published_is_not_told_and_may_come_late(gateway: Any) -> None:
    assert [each.ex for each in history(gateway, series(candle(-2, ticks=0), candle(-1)))] == [T0 - SECOND]
    assert [each.ex for each in history(gateway, series(candle(-2), candle(-1)), t=1)] == [T0 - 2 * SECOND]


def test_assets_are_told_by_name(gateway: Any) -> None:
    told = history(
        gateway, series(candle(-1), symbol="eth"), series(candle(-1)), series(candle(-1), symbol="SOL")
    )
    assert sorted(each.index for each in told) == ["BRTI", "ETHUSD_RTI", "SOLUSD_RTI"]


def test_what_is_no_print_of_now_is_counted(gateway: Any) -> None:
    """An old print would be taken for one of now, a longer bucket for one of its first second."""
    assert (
        history(
            gateway, series(candle(-200), candle(200)), series(candle(-1), bucket="ASSET_PRICE_BUCKET_1M")
        )
        == []
    )
    assert gateway.feed.census == {
        "index:too old": 1, "index:ahead of the clock": 1, "bucket:ASSET_PRICE_BUCKET_1M": 1,
    }  # fmt: skip
    assert history(gateway, series(candles=None), series(symbol="")) == []


@pytest.mark.parametrize(
    "wrong",
    [
        series(candle(-1, "0")),
        series(candle(-1, "-5")),
        series(candle(-1, "much")),
        series({"timestamp": -1, "close": "1", "tickCount": 1}),
        {"candles": []},
    ],
)
def test_nonsense_is_a_feed_error(gateway: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(FeedError):
        history(gateway, wrong)


def test_what_is_out_of_shape_spares_the_rest(gateway: Any) -> None:
    odd = [{**candle(-2), "close": 5}, {**candle(-3), "timestamp": "now"}, candle(-4, close="-1")]
    told = history(gateway, {"asset": 5}, series(*odd, candle(-1)))
    assert [each.ex // SECOND - S0 for each in told] == [-1]
    assert sum(n for key, n in gateway.feed.census.items() if key.startswith("unreadable:")) == 4


def test_the_question_goes_back_a_little_behind_the_newest_print(gateway: Any) -> None:
    gateway.page(market())
    url = gateway.ask()
    assert parse_qs(urlsplit(url).query) == {
        "assets": ["crypto:btc", "crypto:eth", "crypto:sol"], "from": [str(S0 - 110)], "to": ["0"],
        "bucket": ["ASSET_PRICE_BUCKET_1S"],
    }  # fmt: skip
    gateway.answer(url, {"series": [series(candle(19))]}, T0 + 20 * SECOND)
    gateway.answer(gateway.ask(), {"markets": []}, T0 + 30 * SECOND, st=304)
    assert parse_qs(urlsplit(gateway.ask()).query)["from"] == [str(S0 + 19 - 5)]
