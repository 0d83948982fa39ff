"""Spot frames: read back with plain json, compared with the documented shapes."""

import json
from decimal import Decimal

from cockpit.domain.units import ASK, BID, UNDERLYING
from cockpit.rehearsal.spot import Coinbase, Deal, Kraken

TS = 1_796_327_580_123_450_000


def deal(symbol: str, taker: int = BID, price: int = 84_213_42) -> Deal:
    cent = UNDERLYING // 100
    return Deal(TS, symbol, price * cent, 123_400, taker, 84_213_40 * cent, 84_213_42 * cent, 5_000, 700, 2)


def test_a_coinbase_match_names_the_makers_side_and_its_ticker_the_takers() -> None:
    match, ticker = (json.loads(frame) for frame in Coinbase(10).frames(deal("BTC-USD"), "m", "t"))
    assert match == {
        "type": "match",
        "trade_id": 11,
        "maker_order_id": "m",
        "taker_order_id": "t",
        "side": "sell",
        "size": "0.00123400",
        "price": "84213.42",
        "product_id": "BTC-USD",
        "sequence": 7,
        "time": "2026-12-03T19:53:00.12345Z",
    }
    assert (ticker["type"], ticker["side"], ticker["trade_id"], ticker["sequence"]) == (
        "ticker",
        "buy",
        11,
        8,
    )
    assert (ticker["best_bid"], ticker["best_ask"], ticker["last_size"]) == (
        "84213.40",
        "84213.42",
        "0.00123400",
    )


def test_coinbase_counts_trades_over_all_and_sequences_per_product() -> None:
    feed = Coinbase(0)
    frames = [json.loads(feed.frames(deal(name), "m", "t")[0]) for name in ("BTC-USD", "ETH-USD", "BTC-USD")]
    assert [frame["trade_id"] for frame in frames] == [1, 2, 3]
    assert frames[0]["sequence"] == frames[1]["sequence"] < frames[2]["sequence"]


def test_a_kraken_trade_names_the_takers_side_in_numbers() -> None:
    trade, ticker = (
        json.loads(frame, parse_float=Decimal) for frame in Kraken(0).frames(deal("BTC/USD", ASK))
    )
    assert trade["data"] == [
        {
            "symbol": "BTC/USD",
            "side": "sell",
            "price": Decimal("84213.42"),
            "qty": Decimal("0.00123400"),
            "ord_type": "market",
            "trade_id": 1,
            "timestamp": "2026-12-03T19:53:00.12345Z",
        }
    ]
    assert (ticker["channel"], ticker["type"]) == ("ticker", "update")
    assert (ticker["data"][0]["bid"], ticker["data"][0]["last"]) == (Decimal("84213.40"), Decimal("84213.42"))


def test_a_days_totals_run_on() -> None:
    kraken, coinbase = Kraken(0), Coinbase(0)
    for price in (84_213_42, 84_313_42, 84_113_42):
        last = json.loads(kraken.frames(deal("BTC/USD", BID, price))[1], parse_float=Decimal)["data"][0]
        ticker = json.loads(coinbase.frames(deal("BTC-USD", BID, price), "m", "t")[1])
    assert (last["low"], last["high"], last["change"]) == (
        Decimal("84113.42"),
        Decimal("84313.42"),
        Decimal(-100),
    )
    assert last["vwap"] == Decimal("84213.42")
    assert (ticker["open_24h"], ticker["low_24h"], ticker["volume_24h"]) == (
        "84213.42",
        "84113.42",
        "0.00370200",
    )


def test_subscriptions_are_acknowledged() -> None:
    assert json.loads(Coinbase(0).acknowledgement(["BTC-USD"]))["type"] == "subscriptions"
    answer = json.loads(Kraken(0).acknowledgement("BTC/USD", "ticker"))
    assert answer == {
        "method": "subscribe",
        "result": {"channel": "ticker", "symbol": "BTC/USD", "snapshot": True},
        "success": True,
    }
