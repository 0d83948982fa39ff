"""Coinbase, Kraken and Binance.US: what clients say and are told, and their candles."""

from itertools import pairwise

import pytest
from spotstall import Stall, kraken_ticker, kraken_trade, match, ticker

from cockpit.rehearsal.stands.asked import make_asked
from cockpit.rehearsal.stands.spot.binance import EVERY, BinanceStand
from cockpit.rehearsal.stands.spot.coinbase import PATIENCE, CoinbaseStand
from cockpit.rehearsal.stands.spot.kraken import KrakenStand

ALL = {"type": "subscribe", "product_ids": ["BTC-USD"], "channels": ["matches", "ticker", "heartbeat"]}


# ---------------------------------------------------------------------- Coinbase


def test_coinbase_tells_what_was_and_what_comes():
    stall = Stall(CoinbaseStand)
    stall.play(match(), ticker())
    wire = stall.client("/", ALL)
    ack, last, first = wire.drain()
    assert ack["type"] == "subscriptions"
    assert {channel["name"] for channel in ack["channels"]} == {"matches", "ticker", "heartbeat"}
    assert (last["type"], first["type"]) == ("last_match", "ticker")
    stall.play(match(side="buy"), ticker(), match("ETH-USD"), kraken_trade())
    told = wire.drain()
    assert [each["type"] for each in told] == ["match", "ticker"]
    assert told[0]["side"] == "buy", "the maker's"
    assert told[1]["side"] == "sell", "the taker's"
    assert told[0]["trade_id"] == last["trade_id"] + 1 == told[1]["trade_id"]
    assert told[1]["sequence"] > told[0]["sequence"] > last["sequence"]
    assert told[0]["time"] == "2026-11-30T00:53:19.987654Z"
    assert float(told[1]["low_24h"]) <= float(told[1]["price"]) <= float(told[1]["high_24h"])
    assert wire.lanes[-2:] == ["matches", "ticker"]


def test_coinbase_numbers_go_on_when_a_world_begins_anew():
    stall = Stall(CoinbaseStand)
    wire = stall.client("/", ALL)
    wire.drain()
    stall.play(*[match(trade_id=n) for n in (5, 6, 1, 2)])
    ids = [each["trade_id"] for each in wire.drain()]
    assert all(b == a + 1 for a, b in pairwise(ids))


def test_coinbase_beats_for_every_product():
    stall = Stall(CoinbaseStand)
    stall.play(match())
    wire = stall.client("/", ALL)
    wire.drain()
    wire.session.beat()
    (beat,) = wire.drain()
    assert (beat["type"], beat["product_id"]) == ("heartbeat", "BTC-USD")
    assert beat["last_trade_id"] == stall.stand.coins["BTC"].trades


def test_coinbase_drops_who_says_nothing():
    stall = Stall(CoinbaseStand)
    silent, loud = stall.client(), stall.client("/", ALL)
    for _ in range(PATIENCE):
        silent.session.beat()
        loud.session.beat()
    assert silent.closed
    assert loud.closed is None


def test_coinbase_batches_and_takes_back():
    stall = Stall(CoinbaseStand)
    stall.play(match(), ticker())
    channels = [{"name": "ticker_batch", "product_ids": ["BTC-USD", "ETH-USD"]}]
    wire = stall.client("/", {"type": "subscribe", "channels": channels})
    assert [each["type"] for each in wire.drain()] == ["subscriptions", "ticker"]
    for _ in range(5):
        wire.session.beat()
    assert [each["type"] for each in wire.drain()] == ["ticker"]
    stall.say(
        wire, {"type": "unsubscribe", "product_ids": ["BTC-USD", "ETH-USD"], "channels": ["ticker_batch"]}
    )
    assert wire.drain()[0]["channels"] == []
    stall.stand.left(wire.session)
    stall.play(match())
    assert wire.drain() == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"type": "subscribe", "product_ids": ["BTC-EUR"], "channels": ["ticker"]}, "BTC-EUR is not a valid product"),
        ({"type": "subscribe", "product_ids": ["BTC-USD"], "channels": ["full"]}, "full is not a valid channel"),
        ({"type": "hello"}, ""), (b"{", ""),
    ],
)  # fmt: skip
def test_coinbase_refuses(said, reason):
    stall = Stall(CoinbaseStand)
    (told,) = stall.client("/", said).drain()
    assert (told["type"], told["reason"]) == ("error", reason)


async def test_coinbase_candles_are_newest_first_and_skip_quiet_minutes():
    stall = Stall(CoinbaseStand)
    assert (await stall.get("/products/BTC-USD/candles", granularity=60))[1] == []
    stall.play(match(), ticker())
    _, rows = await stall.get("/products/BTC-USD/candles", granularity=60)
    assert len(rows) == 300
    times = [row[0] for row in rows]
    assert times == sorted(times, reverse=True)
    assert rows[0][4] == 84_000
    assert all(low <= min(o, c) <= max(o, c) <= high for _, low, high, o, c, _ in rows)
    assert any(a - b > 60 for a, b in pairwise(times))
    span = {"start": times[9], "end": "2026-11-30T00:50:00Z"}
    _, part = await stall.get("/products/BTC-USD/candles", granularity=60, **span)
    assert times[9] == part[-1][0] < part[0][0] <= 1_795_999_800 + 400
    _, hours = await stall.get("/products/BTC-USD/candles", granularity=3_600)
    assert 19 <= len(hours) <= 22


async def test_coinbase_other_answers():
    stall = Stall(CoinbaseStand)
    assert (await stall.get("/products/BTC-USD/ticker"))[0] == 404
    stall.play(match(), ticker())
    assert (await stall.get("/products/BTC-USD/ticker"))[1]["bid"] == "83999.99"
    assert (await stall.get("/time"))[1]["epoch"] == stall.second
    for path in ("/products/FOO-USD/candles", "/products/BTC-USD/book", "/products"):
        assert (await stall.get(path))[0] == 404
    for query in (
        {"granularity": 61},
        {"granularity": "x"},
        {"start": 0, "end": 99_999_999, "granularity": 60},
    ):
        assert (await stall.get("/products/BTC-USD/candles", **query))[0] == 400
    assert b"rate limit" in stall.stand.denial(429).body


# ---------------------------------------------------------------------- Kraken

TRADES = {
    "method": "subscribe",
    "params": {"channel": "trade", "symbol": ["BTC/USD"], "snapshot": False},
    "req_id": 7,
}
TICKERS = {
    "method": "subscribe",
    "params": {"channel": "ticker", "symbol": ["BTC/USD"], "event_trigger": "bbo"},
}


def test_kraken_begins_with_its_status_and_acknowledges_each_symbol():
    stall = Stall(KrakenStand)
    stall.play(kraken_trade(), kraken_ticker())
    wire = stall.client("/v2", TRADES, TICKERS)
    status, trades, tickers, snapshot = wire.drain()
    assert (status["channel"], status["data"][0]["system"]) == ("status", "online")
    assert (trades["success"], trades["req_id"], trades["result"]["channel"]) == (True, 7, "trade")
    assert tickers["result"] == {
        "channel": "ticker",
        "symbol": "BTC/USD",
        "event_trigger": "bbo",
        "snapshot": True,
    }
    assert (snapshot["type"], snapshot["data"][0]["last"]) == ("snapshot", 84010.5)
    stall.play(kraken_trade(side="sell"), kraken_ticker(), kraken_ticker("ETH/USD"), match())
    trade, ticker_ = wire.drain()
    assert trade["data"][0]["side"] == "sell"
    assert ticker_["data"][0]["bid"] == 84010.4
    assert ticker_["data"][0]["timestamp"] == "2026-11-30T00:53:19.987654Z"


def test_kraken_shows_past_trades_to_who_asks():
    stall = Stall(KrakenStand)
    stall.play(*[kraken_trade() for _ in range(60)])
    params = {"channel": "trade", "symbol": ["BTC/USD"]}
    *_, snapshot = stall.client("/v2", {"method": "subscribe", "params": params}).drain()
    ids = [item["trade_id"] for item in snapshot["data"]]
    assert len(ids) == 50
    assert ids == sorted(ids)


def test_kraken_beats_when_nothing_else_is_said():
    stall = Stall(KrakenStand)
    wire = stall.client("/v2")
    wire.drain()
    wire.session.beat()
    assert wire.drain() == [], "before a subscription there are none"
    stall.say(wire, TRADES)
    wire.drain()
    wire.session.beat()
    assert wire.drain() == [{"channel": "heartbeat"}]
    stall.play(kraken_trade())
    wire.session.beat()
    assert [each["channel"] for each in wire.drain()] == ["trade"]


def test_kraken_ping_unsubscribe_and_refusals():
    stall = Stall(KrakenStand)
    wire = stall.client("/v2", TRADES)
    wire.drain()
    stall.say(wire, {"method": "ping", "req_id": 3})
    stall.say(wire, {"method": "unsubscribe", "params": TRADES["params"]})
    stall.say(wire, {"method": "subscribe", "params": {"channel": "ticker", "symbol": ["FOO/USD"]}})
    stall.say(wire, {"method": "subscribe", "params": {"channel": "level3", "symbol": ["BTC/USD"]}})
    stall.say(wire, {"method": "dance"})
    stall.say(wire, b"{")
    pong, gone, pair, channel, method, malformed = wire.drain()
    assert (pong["method"], pong["req_id"]) == ("pong", 3)
    assert gone["success"]
    assert pair["error"] == "Currency pair not supported FOO/USD"
    assert [each["success"] for each in (channel, method, malformed)] == [False] * 3
    stall.play(kraken_trade())
    assert wire.drain() == []
    stall.stand.left(wire.session)


async def test_kraken_ohlc_is_oldest_first_with_fillers_and_one_running():
    stall = Stall(KrakenStand)
    stall.play(kraken_trade(), kraken_ticker())
    _, told = await stall.get("/0/public/OHLC", pair="XBTUSD", interval=1)
    rows, last = told["result"]["XXBTZUSD"], told["result"]["last"]
    assert told["error"] == []
    assert len(rows) == 720
    assert [row[0] for row in rows] == list(range(rows[0][0], rows[0][0] + 720 * 60, 60))
    assert last == rows[-2][0]
    assert rows[-1][4] == "84010.50"
    quiet = [row for row in rows if not row[7]]
    assert quiet
    assert all(row[1] == row[4] and float(row[6]) == 0 for row in quiet)
    _, few = await stall.get("/0/public/OHLC", pair="XBTUSD", interval=1, since=rows[-3][0])
    assert len(few["result"]["XXBTZUSD"]) == 2
    _, eth = await stall.get("/0/public/OHLC", pair="ETHUSD", interval=5)
    assert eth["result"]["XETHZUSD"] == []


async def test_kraken_other_answers():
    stall = Stall(KrakenStand)
    assert (await stall.get("/0/public/OHLC", pair="FOOUSD"))[1]["error"] == ["EQuery:Unknown asset pair"]
    assert (await stall.get("/0/public/OHLC", pair="BTC"))[1]["error"] == ["EQuery:Unknown asset pair"]
    assert (await stall.get("/0/public/OHLC", pair="XBTUSD", interval=2))[1]["error"]
    assert (await stall.get("/0/public/Time"))[1]["result"]["unixtime"] == stall.second
    assert (await stall.get("/0/public/SystemStatus"))[1]["result"]["status"] == "online"
    assert (await stall.get("/0/public/Depth"))[0] == 404
    assert (await stall.stand.greet(make_asked("GET", "/v1", {}))).status == 404


# ---------------------------------------------------------------------- Binance.US

PATH = "/stream?streams=btcusd@trade/btcusd@bookTicker/btcusd@kline_1m"


def test_binance_has_few_trades_and_a_wide_book():
    stall = Stall(BinanceStand)
    wire = stall.client(PATH)
    stall.play(*[frame for _ in range(2 * EVERY) for frame in (match(), ticker(), kraken_ticker())])
    told = wire.drain()
    trades = [each["data"] for each in told if each["stream"] == "btcusd@trade"]
    books = [each["data"] for each in told if each["stream"] == "btcusd@bookTicker"]
    assert len(trades) == 2
    assert (trades[0]["e"], trades[0]["s"], trades[0]["m"]) == ("trade", "BTCUSD", False)
    assert trades[1]["t"] == trades[0]["t"] + 1
    assert len(books) == 2 * EVERY
    assert float(books[0]["b"]) < 83_999.99
    assert float(books[0]["a"]) > 84_000.01
    assert books[1]["u"] > books[0]["u"]


def test_binance_streams_by_address_or_by_command():
    stall = Stall(BinanceStand)
    bare = stall.client("/ws/ethusdt@bookTicker")
    live = stall.client("/ws")
    stall.say(live, {"method": "SUBSCRIBE", "params": ["ethusdt@bookTicker"], "id": 1})
    stall.say(live, {"method": "LIST_SUBSCRIPTIONS", "id": 2})
    assert live.drain() == [{"result": None, "id": 1}, {"result": ["ethusdt@bookTicker"], "id": 2}]
    stall.play(ticker("ETH-USD", "2999.99", "3000.01"))
    assert bare.drain() == live.drain() != []
    stall.say(live, {"method": "UNSUBSCRIBE", "params": ["ethusdt@bookTicker"], "id": 3})
    stall.say(live, {"method": "WHAT", "id": 4})
    stall.say(live, b"{")
    assert [set(each) for each in live.drain()] == [{"result", "id"}, {"error", "id"}, {"error"}]
    stall.stand.left(live.session)
    assert stall.stand.sessions == {bare.session}


def test_binance_klines_run_and_close():
    stall = Stall(BinanceStand)
    wire = stall.client(PATH)
    wire.session.beat()
    assert wire.drain() == [], "nothing has traded yet"
    stall.play(*[match()] * EVERY)
    wire.drain()
    for _ in range(2):
        wire.session.beat()
    running = [each["data"]["k"] for each in wire.drain()]
    assert [bar["x"] for bar in running] == [False]
    stall.clock.pass_(60)
    wire.session.beat()
    closed, running_on = (each["data"]["k"] for each in wire.drain())
    assert (closed["x"], closed["t"]) == (True, running[0]["t"])
    assert (running_on["x"], running_on["n"]) == (False, 0)
    assert float(closed["v"]) == 0.5


async def test_binance_klines_by_rest():
    stall = Stall(BinanceStand)
    stall.play(*[match()] * EVERY)
    _, rows = await stall.get("/api/v3/klines", symbol="BTCUSD", interval="1m", limit=720)
    assert len(rows) == 720
    assert [row[0] for row in rows] == list(range(rows[0][0], rows[0][0] + 720 * 60_000, 60_000))
    assert (rows[-1][4], rows[-1][6]) == ("84000.00000000", rows[-1][0] + 59_999)
    _, usual = await stall.get("/api/v3/klines", symbol="BTCUSDT", interval="1m")
    assert len(usual) == 500
    _, part = await stall.get(
        "/api/v3/klines", symbol="BTCUSD", interval="1m", startTime=rows[5][0], endTime=rows[7][0]
    )
    assert part == rows[5:8]
    _, hours = await stall.get("/api/v3/klines", symbol="BTCUSD", interval="1h")
    assert 20 <= len(hours) <= 22


async def test_binance_other_answers():
    stall = Stall(BinanceStand)
    assert (await stall.get("/api/v3/klines", symbol="FOOBAR", interval="1m"))[1]["code"] == -1121
    assert (await stall.get("/api/v3/klines", symbol="BTCUSD", interval="7m"))[1]["code"] == -1120
    assert (await stall.get("/api/v3/klines", symbol="BTCUSD", interval="1m", limit="x"))[1]["code"] == -1100
    assert (await stall.get("/api/v3/time"))[1] == {"serverTime": stall.clock() // 1_000_000}
    assert (await stall.get("/api/v3/ping"))[1] == {}
    assert (await stall.get("/api/v3/depth"))[0] == 404
    assert (await stall.stand.greet(make_asked("GET", "/other", {}))).status == 404
    assert b"-1003" in stall.stand.denial(429).body


# ---------------------------------------------------------------------- all


async def test_all_histories_are_of_one_path():
    closes = {}
    for kind, path, query in (
        (CoinbaseStand, "/products/BTC-USD/candles", {"granularity": 60}),
        (KrakenStand, "/0/public/OHLC", {"pair": "XBTUSD", "interval": 1}),
        (BinanceStand, "/api/v3/klines", {"symbol": "BTCUSD", "interval": "1m"}),
    ):
        stall = Stall(kind)
        stall.play(match(), ticker(), kraken_trade(), kraken_ticker())
        _, told = await stall.get(path, **query)
        rows = told["result"]["XXBTZUSD"] if isinstance(told, dict) else told
        scale = 1000 if kind is BinanceStand else 1
        traded = [row for row in rows if float(row[5]) and (len(row) != 8 or row[7])]
        closes[kind] = {
            row[0] // scale: float(row[4]) for row in traded if row[0] // scale < stall.second - 60
        }
    one, two, three = closes.values()
    shared = one.keys() & two.keys() & three.keys()
    assert len(shared) > 100
    assert all(one[t] == two[t] == three[t] for t in shared)


def test_a_coin_the_stage_tells_of_is_known_from_then_on():
    stall = Stall(CoinbaseStand)
    assert stall.stand.product("DOGE-USD") is None
    stall.play(match("DOGE-USD", "0.12345"))
    assert stall.stand.product("DOGE-USD") is not None
    wire = stall.client("/", {"type": "subscribe", "product_ids": ["DOGE-USD"], "channels": ["matches"]})
    assert wire.drain()[1]["price"] == "0.12345"
