"""The gateway: listings, books, outcomes, the index, and how often it may be asked."""

import json
from urllib.parse import urlencode

import pytest
from echoing import T0, Hand

from cockpit.domain.units import SECOND
from cockpit.rehearsal.courier import KALSHI_REST, KALSHI_WS, Arrival
from cockpit.rehearsal.polymarket.terms import iso
from cockpit.rehearsal.stands.asked import make_asked
from cockpit.rehearsal.stands.faults import Control, Faults
from cockpit.rehearsal.stands.polymarket_us.gate import Pace
from cockpit.rehearsal.stands.polymarket_us.venue import PolymarketUs

CLOSE = T0 + 400 * SECOND
WINDOW, LADDER = "KXBTC15M-26NOV292000", "KXETHD-26NOV2920-T3009.99"
RANGES = ("KXBTC-26NOV2920-B84250", "KXBTC-26NOV2920-T84000", "KXBTC-26NOV2920-T85000")
UPDOWN = "cpc-btc-updown-15m-2026-11-30-0045z"
ABOVE = "cpc-eth-above-1h-2026-11-30-0100z-3010"
FREE = Pace(every_s=0.0, burst=10**9)


class Stall:
    def __init__(self, pace=FREE):
        self.clock = Hand()
        self.control = Control(self.clock)
        self.venue = PolymarketUs(self.control, self.clock, pace)

    def rest(self, *records):
        body = json.dumps({"markets": records}).encode()
        self.venue.take(Arrival(self.clock(), KALSHI_REST, body, "https://kalshi/markets"))

    def ws(self, kind, **msg):
        self.venue.take(
            Arrival(self.clock(), KALSHI_WS, json.dumps({"type": kind, "msg": msg}).encode(), None)
        )

    def book(self, ticker):
        sides = {
            "yes_dollars_fp": [["0.4000", "10.00"], ["0.3500", "5.00"]],
            "no_dollars_fp": [["0.5000", "8.00"]],
        }
        self.ws("orderbook_snapshot", market_ticker=ticker, **sides)

    def index(self, second, value, index="BRTI"):
        self.ws(
            "cfbenchmarks_value", index_id=index, data=json.dumps({"time": second * 1000, "value": value})
        )

    async def get(self, path, **query):
        target = f"/{path}?{urlencode(query, doseq=True)}"
        answer = await self.venue.answer(make_asked("GET", target, {}))
        try:
            return answer.status, json.loads(answer.body)
        except ValueError:
            return answer.status, answer


def record(ticker, **fields):
    window = "15M" in ticker
    body = {
        "ticker": ticker,
        "status": "active",
        "strike_type": "greater_or_equal" if window else "greater",
        "open_time": iso(CLOSE - (900 if window else 3_600) * SECOND),
        "close_time": iso(CLOSE),
    }
    return body | fields


@pytest.fixture
def stall():
    made = Stall()
    made.rest(
        record(WINDOW, floor_strike=84_213.55),
        record(LADDER, floor_strike=3_009.99),
        record(RANGES[0], strike_type="between", floor_strike=84_200, cap_strike=84_299.99),
        record(RANGES[1], strike_type="less", cap_strike=84_000),
        record(RANGES[2], floor_strike=84_999.99),
        record("KXFED-26DEC-T4.00"),
    )
    for ticker in (WINDOW, LADDER):
        made.book(ticker)
    return made


async def test_listings_by_family(stall):
    _, told = await stall.get("v1/markets", limit=100, closed="false", categories="crypto")
    bodies = {body["slug"]: body for body in told["markets"]}
    assert len(bodies) == 5
    updown = bodies[UPDOWN]["assetPriceTerms"]
    assert updown["marketType"] == "ASSET_PRICE_MARKET_TYPE_UP_DOWN"
    assert (updown["indexSymbol"], updown["horizon"]) == ("BRTI", "15m")
    assert updown["priceToBeat"] == {"value": "84213.55", "currency": "USD"}
    assert (updown["windowStart"], updown["windowEnd"]) == ("2026-11-30T00:45:00Z", "2026-11-30T01:00:00Z")
    above = bodies[ABOVE]["assetPriceTerms"]
    assert (above["indexSymbol"], above["strike"]["value"], above["priceToBeat"]) == (
        "ETHUSD_RTI",
        "3010.00",
        None,
    )
    ranges = [b["assetPriceTerms"] for b in bodies.values() if b["assetPriceTerms"]["rangeKind"]]
    bounds = [[t[k] and t[k]["value"] for k in ("rangeLower", "rangeUpper")] for t in ranges]
    assert bounds == [["84200.00", "84299.99"], [None, "83999.99"], ["85000.00", None]]


async def test_the_long_side_is_told_by_the_sides_not_by_the_labels(stall):
    _, told = await stall.get("v1/markets", limit=100)
    turned = 0
    for body in told["markets"]:
        long = next(side for side in body["marketSides"] if side["long"])
        labels = json.loads(body["outcomes"])
        assert long["description"] in ("Up", "Yes")
        assert json.loads(body["outcomePrices"])[0] == long["price"]
        turned += labels[0] != long["description"]
    assert 0 < turned < len(told["markets"])


async def test_a_book_is_on_the_long_side_with_money_in_it(stall):
    _, told = await stall.get(f"v1/markets/{UPDOWN}/book")
    data = told["marketData"]
    assert (data["marketSlug"], data["state"]) == (UPDOWN, "MARKET_STATE_OPEN")
    bids = [float(level["px"]["value"]) for level in data["bids"]]
    offers = [float(level["px"]["value"]) for level in data["offers"]]
    assert len(bids) == 2
    assert max(bids) < min(offers)
    assert {level["px"]["currency"] for level in data["bids"]} == {"USD"}
    assert data["stats"] is None
    _, best = await stall.get(f"v1/markets/{UPDOWN}/bbo")
    assert float(best["marketData"]["bestBid"]["value"]) == max(bids)
    assert (best["marketData"]["bidDepth"], best["marketData"]["askDepth"]) == (2, 1)
    _, market = await stall.get(f"v1/market/slug/{UPDOWN}")
    assert market["market"]["bestBidQuote"] == best["marketData"]["bestBid"]
    _, same = await stall.get(f"v1/market/id/{market['market']['id']}")
    assert same == market


async def test_changes_and_prints_move_book_and_totals(stall):
    before = stall.venue.state.markets[UPDOWN].top()
    stall.ws("orderbook_delta", market_ticker=WINDOW, side="yes", price_dollars="0.4500", delta_fp="3.00")
    assert stall.venue.state.markets[UPDOWN].top()[0] > before[0]
    for price in ("0.5000", "0.4800"):
        stall.ws(
            "trade",
            market_ticker=WINDOW,
            trade_id="x",
            yes_price_dollars=price,
            count_fp="4.00",
            taker_book_side="bid",
        )
    _, told = await stall.get(f"v1/markets/{UPDOWN}/book")
    stats = told["marketData"]["stats"]
    assert (
        float(stats["lowPx"]["value"])
        == float(stats["lastTradePx"]["value"])
        < float(stats["highPx"]["value"])
    )
    assert float(stats["sharesTraded"]) == pytest.approx(2 * float(stats["openInterest"]))


async def test_a_missing_side_is_missing(stall):
    stall.control.set(Faults(missing_side=True))
    _, told = await stall.get(f"v1/markets/{UPDOWN}/book")
    assert told["marketData"]["offers"] == []


async def test_a_window_that_has_not_begun_is_closed_and_then_opens():
    stall = Stall()
    later = {"open_time": iso(CLOSE), "close_time": iso(CLOSE + 900 * SECOND)}
    stall.rest(record("KXSOL15M-26NOV292015", **later))
    (slug,) = stall.venue.state.markets
    stall.book("KXSOL15M-26NOV292015")

    async def stands():
        _, market = await stall.get(f"v1/market/slug/{slug}")
        _, book = await stall.get(f"v1/markets/{slug}/book")
        return market["market"]["status"], book["marketData"]["state"]

    assert await stands() == ("MARKET_STATUS_CLOSED", "MARKET_STATE_PREOPEN")
    stall.clock.pass_(401)
    assert await stands() == ("MARKET_STATUS_CLOSED", "MARKET_STATE_PREOPEN"), (
        "its price to beat is not known"
    )
    life = {
        "market_ticker": "KXSOL15M-26NOV292015",
        "event_type": "metadata_updated",
        "floor_strike": 138.2512,
    }
    stall.ws("market_lifecycle_v2", **life)
    assert await stands() == ("MARKET_STATUS_OPEN", "MARKET_STATE_OPEN")
    stall.clock.pass_(900)
    assert await stands() == ("MARKET_STATUS_RESOLVING", "MARKET_STATE_EXPIRED")


async def test_settlement(stall):
    assert (await stall.get(f"v1/markets/{UPDOWN}/settlement"))[0] == 404
    stall.ws("market_lifecycle_v2", market_ticker=WINDOW, event_type="determined", result="yes")
    assert (await stall.get(f"v1/markets/{UPDOWN}/settlement"))[0] == 404
    stall.ws("market_lifecycle_v2", market_ticker=WINDOW, event_type="settled")
    assert (await stall.get(f"v1/markets/{UPDOWN}/settlement"))[1] == {"slug": UPDOWN, "settlement": 1}
    stall.rest(
        record(WINDOW, status="finalized", result="yes", expiration_value="84300.01", floor_strike=84_213.55)
    )
    _, told = await stall.get(f"v1/market/slug/{UPDOWN}")
    assert told["market"]["status"] == "MARKET_STATUS_RESOLVED"
    assert told["market"]["assetPriceTerms"]["settlementPrice"]["value"] == "84300.01"
    assert (await stall.get(f"v1/markets/{UPDOWN}/book"))[1]["marketData"][
        "state"
    ] == "MARKET_STATE_TERMINATED"
    _, open_ = await stall.get("v1/markets", limit=100, closed="false")
    assert UPDOWN not in {body["slug"] for body in open_["markets"]}
    stall.rest(record(LADDER, status="finalized", result="no", floor_strike=3_009.99))
    assert (await stall.get(f"v1/markets/{ABOVE}/settlement"))[1]["settlement"] == 0


async def test_events_and_filters(stall):
    _, told = await stall.get("v1/events", limit=100)
    assert {event["slug"]: len(event["markets"]) for event in told["events"]} == {
        UPDOWN: 1, ABOVE.rpartition("-")[0]: 1, "cpc-btc-range-1h-2026-11-30-0100z": 3,
    }  # fmt: skip
    _, event = await stall.get(f"v1/events/slug/{UPDOWN}")
    assert event["event"]["series"] == {"slug": "btc-updown-15m"}
    assert (await stall.get("v1/events/slug/none"))[0] == 404
    for query, count in (
        ({"slug": [UPDOWN, ABOVE]}, 2), ({"categories": "sports"}, 0), ({"offset": 4}, 1), ({"limit": 2}, 2),
        ({"eventSlug": "cpc-btc-range-1h-2026-11-30-0100z"}, 3), ({"closed": "true"}, 0), ({"active": "false"}, 0),
    ):  # fmt: skip
        _, told = await stall.get("v1/markets", **query)
        assert len(told["markets"]) == count, query


# ---------------------------------------------------------------------- the index

NOW = T0 // SECOND


async def history(stall, **query):
    usual = {"assets": "crypto:btc", "from": NOW - 10, "to": 0, "bucket": "ASSET_PRICE_BUCKET_1S"}
    return await stall.get("v1/asset-prices/history", **(usual | query))


async def test_each_second_once_and_gaps_carried_forward(stall):
    for back, value in ((8, "84000.01"), (7, "84000.02"), (4, "84000.05"), (0, "84000.10")):
        stall.index(NOW - back, value)
    _, told = await history(stall)
    (series,) = told["series"]
    candles = series["candles"]
    assert [c["timestamp"] - NOW for c in candles] == list(range(-8, 1))
    assert [c["tickCount"] for c in candles] == [1, 1, 0, 0, 1, 0, 0, 0, 1]
    assert [c["close"] for c in candles][:5] == ["84000.01", "84000.02", "84000.02", "84000.02", "84000.05"]
    assert series["asset"] == {"assetClass": "crypto", "symbol": "btc"}
    _, later = await history(stall, **{"from": NOW - 5, "to": NOW + 100})
    assert [c["timestamp"] - NOW for c in later["series"][0]["candles"]] == list(range(-5, 1))
    assert later["series"][0]["candles"][0]["tickCount"] == 0


async def test_wider_buckets_have_ranges(stall):
    start = NOW // 60 * 60
    for n, value in enumerate(("100.5", "99.0", "101.25", "100.0")):
        stall.index(start + n, value, "ETHUSD_RTI")
    stall.clock.pass_(30)
    _, told = await history(
        stall, assets=["crypto:eth", "crypto:sol"], **{"from": start, "bucket": "ASSET_PRICE_BUCKET_1M"}
    )
    eth, sol = told["series"]
    first = eth["candles"][0]
    assert [first[k] for k in ("open", "high", "low", "close", "tickCount")] == [
        "100.5",
        "101.25",
        "99.0",
        "100.0",
        4,
    ]
    assert sol["candles"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"bucket": "1S"}, {"assets": ""}, {"assets": ["crypto:a"] * 11}, {"assets": "equity:spy"}, {"from": 0},
        {"from": NOW - 4_000}, {"from": NOW + 5, "to": NOW}, {"to": "x"},
    ],
)  # fmt: skip
async def test_what_cannot_be_asked(stall, query):
    status, body = await history(stall, **query)
    assert (status, body["code"]) == (400, 3)


async def test_old_prints_are_forgotten(stall):
    for n in range(7_300):
        stall.index(NOW - 7_300 + n, "1.0")
    assert len(stall.venue.state.prints["BTC"].values) == 7_200


# ---------------------------------------------------------------------- how often


async def test_a_path_that_is_asked_too_often_answers_with_a_page():
    stall = Stall(Pace())
    statuses = []
    for _ in range(8):
        status, answer = await stall.get("v1/markets", limit=1)
        statuses.append(status)
        stall.clock.pass_(1)
    assert statuses == [200] * 6 + [429] * 1 + [200]
    for _ in range(2):
        status, answer = await stall.get("v1/markets")
    assert status == 429
    assert dict(answer.headers)["Retry-After"] == "10"
    assert answer.body.startswith(b"<html>")
    assert (await stall.get("v1/events"))[0] == 200, "each path by itself"


async def test_refusals(stall):
    for path in (
        "v1/markets/none/book",
        "v1/markets/none/bbo",
        "v1/market/slug/none",
        "v1/market/id/0",
        "v2/markets",
    ):
        status, body = await stall.get(path)
        assert (status, body["code"]) == (404, 5)
    assert (await stall.get("v1/markets", limit="x"))[0] == 400
    asked = make_asked("GET", "/v1/ws/markets", {})
    assert (await stall.venue.greet(asked)).status == 404
    assert stall.venue.denial(429).body.startswith(b"<html>")
    assert json.loads(stall.venue.denial(503).body)["code"] == 14
