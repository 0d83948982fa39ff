from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from cockpit.domain.events import BookSnapshot
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame, Poll, Socket
from cockpit.feeds.kalshi.feed import KalshiFeed, Wants

T0 = 1_796_000_000 * SECOND
REST = "https://venue.test/trade-api/v2"
ISO = "2026-12-03T20:00:00Z"
CLOSE = 1_796_328_000 * SECOND


def body(ticker, status="active", close=ISO, bid="0.4000", ask="0.4400", volume="10.00", **more):
    return {"ticker": ticker, "event_ticker": "S-E", "status": status, "close_time": close, "yes_bid_dollars": bid,
            "yes_ask_dollars": ask, "volume_fp": volume, "strike_type": "greater", "floor_strike": 1, **more}  # fmt: skip


class Exchange:
    """A feed and the answers to what it asks."""

    def __init__(self, **wants):
        self.feed = KalshiFeed(wants=Wants(rest=REST, series=("S",), **wants))
        self.t = T0

    def answer(self, path, body, status=200, after=SECOND):
        self.t += after
        payload = msgspec.json.encode(body)
        return self.feed.receive(
            Frame(0, self.t, "kalshi.rest", msgspec.Raw(payload), u=REST + path, st=status)
        )

    def discover(self, *markets, cursor=""):
        event = {"event_ticker": "S-E", "series_ticker": "S", "markets": list(markets)}
        path = "/events?series_ticker=S&status=open&with_nested_markets=true&limit=200"
        return self.answer(path, {"events": [event], "cursor": cursor})

    def polls(self):
        return [each for each in self.feed.requests() if isinstance(each, Poll)]

    def asked(self, part):
        return [each for each in self.polls() if part in urlsplit(each.url).path]


def tickers(polls):
    return {
        name
        for each in polls
        for name in ",".join(parse_qs(urlsplit(each.url).query).get("tickers", [])).split(",")
    }


def test_without_settings_nothing_is_asked():
    feed = KalshiFeed()
    assert feed.requests() == feed.asks() == []


def test_before_anything_is_heard_only_the_status_is_asked_for():
    assert [each.url for each in Exchange().polls()] == [f"{REST}/exchange/status"]


def test_discovered_markets_are_polled_for_quotes_and_books():
    exchange = Exchange()
    exchange.discover(body("S-E-1"), body("S-E-2"))
    assert tickers(exchange.asked("/markets/orderbooks")) == {"S-E-1", "S-E-2"}
    assert {"S-E-1", "S-E-2"} <= tickers(exchange.asked("/markets"))
    assert [each.url for each in exchange.asked("/series/S")] == [f"{REST}/series/S"]
    assert not [each for each in exchange.feed.requests() if isinstance(each, Socket)]


def test_the_soonest_and_nearest_to_the_money_are_watched():
    exchange = Exchange(watch=2)
    later = "2026-12-03T21:00:00Z"
    exchange.discover(
        body("far", bid="0.9800", ask="0.9900"),
        body("later", close=later),
        body("near"),
        body("next", bid="0.2000", ask="0.2200"),
    )
    exchange.answer(
        "/markets?tickers=x",
        {
            "markets": [
                body(n, bid=b, ask=a)
                for n, b, a in (
                    ("far", "0.9800", "0.9900"),
                    ("near", "0.4800", "0.5200"),
                    ("next", "0.2000", "0.2200"),
                )
            ]
        },
    )
    exchange.answer("/exchange/status", {"exchange_active": True, "trading_active": True}, after=40 * SECOND)
    assert tickers(exchange.asked("/markets/orderbooks")) == {"near", "next"}


def test_what_is_held_stays_watched():
    exchange = Exchange(watch=1)
    exchange.discover(body("held", close="2026-12-03T23:00:00Z"), body("soon"))
    exchange.feed.keep(["held"])
    assert "held" in tickers(exchange.asked("/markets/orderbooks"))


def test_prints_are_asked_for_where_the_volume_has_grown():
    exchange = Exchange()
    exchange.discover(body("S-E-1"), body("S-E-2"))
    for volume in ("10.00", "10.00", "11.00"):
        exchange.answer("/markets?tickers=S-E-1", {"markets": [body("S-E-1", volume=volume)]})
    (asked,) = exchange.feed.asks()
    assert parse_qs(urlsplit(asked.url).query)["ticker"] == ["S-E-1"]
    assert exchange.feed.asks() == []


def test_a_closed_market_is_asked_for_until_it_is_final():
    exchange = Exchange()
    exchange.discover(body("S-E-1"))
    exchange.answer("/markets?tickers=S-E-1", {"markets": [body("S-E-1", status="closed")]})
    assert not exchange.asked("/markets/orderbooks")
    assert tickers(exchange.asked("/markets")) == {"S-E-1"}
    exchange.answer("/markets?tickers=S-E-1", {"markets": [body("S-E-1", status="determined", result="yes")]})
    assert tickers(exchange.asked("/markets")) == {"S-E-1"}
    exchange.answer("/markets?tickers=S-E-1", {"markets": [body("S-E-1", status="finalized", result="yes")]})
    assert not exchange.asked("/markets")


def test_after_a_close_what_follows_is_looked_for_at_once():
    exchange = Exchange()
    exchange.discover(body("S-E-1"))
    exchange.feed.asks()
    exchange.t = CLOSE + 3 * SECOND
    exchange.answer("/exchange/status", {"exchange_active": True, "trading_active": True})
    assert any("/events?" in each.url for each in exchange.feed.asks())


def test_pages_are_followed_and_end():
    exchange = Exchange()
    exchange.discover(body("S-E-1"), cursor="c1")
    urls = []
    for number in range(2, 30):
        asked = [each for each in exchange.feed.asks() if "cursor=" in each.url]
        if not asked:
            break
        urls.append(asked[0].url)
        event = {"event_ticker": "S-E", "series_ticker": "S", "markets": [body(f"S-E-{number}")]}
        exchange.answer(asked[0].url.removeprefix(REST), {"events": [event], "cursor": f"c{number}"})
    assert 5 <= len(urls) <= 10
    assert all(url.count("cursor=") == 1 for url in urls)


def test_an_empty_page_is_the_last():
    exchange = Exchange()
    exchange.answer("/markets/trades?limit=5", {"trades": [], "cursor": "again"})
    assert exchange.feed.asks() == []


@pytest.mark.parametrize("status", [401, 403, 404])
def test_books_are_asked_for_one_by_one_where_many_are_refused(status):
    exchange = Exchange()
    exchange.discover(body("S-E-1"), body("S-E-2"))
    with pytest.raises(Exception, match=str(status)):
        exchange.answer("/markets/orderbooks?tickers=S-E-1", {"error": {"code": "x", "message": "y"}}, status)
    assert {urlsplit(each.url).path for each in exchange.asked("/orderbook")} == {
        "/trade-api/v2/markets/S-E-1/orderbook", "/trade-api/v2/markets/S-E-2/orderbook"
    }  # fmt: skip


def test_a_doubted_polled_book_is_asked_for_by_itself():
    exchange = Exchange()
    exchange.feed.resnapshot("S-E-1")
    assert [each.url for each in exchange.feed.asks()] == [f"{REST}/markets/S-E-1/orderbook"]


def test_polled_books_are_in_doubt_when_polling_fails():
    exchange = Exchange()
    book = {"orderbook_fp": {"yes_dollars": [["0.4000", "5.00"]], "no_dollars": []}}
    (snapshot,) = exchange.answer("/markets/S-E-1/orderbook", book)
    assert isinstance(snapshot, BookSnapshot)
    assert [d.market for d in exchange.feed.lost("kalshi.rest", exchange.t)] == ["S-E-1"]
    assert exchange.feed.lost("kalshi.rest", exchange.t) == []


# ---------------------------------------------------------------------------------------- with a key


def socket(exchange, **message):
    exchange.t += 1_000_000
    return exchange.feed.receive(Frame(0, exchange.t, "kalshi.ws", msgspec.Raw(msgspec.json.encode(message))))


def sent(exchange):
    return [msgspec.json.decode(each) for each in exchange.feed.outgoing("kalshi.ws")]


def keyed():
    exchange = Exchange(keyed=True)
    exchange.discover(body("S-E-1"), body("S-E-2"))
    exchange.feed.reset("kalshi.ws")
    return exchange


def test_with_a_key_books_come_by_the_socket():
    exchange = keyed()
    (line,) = [each for each in exchange.feed.requests() if isinstance(each, Socket)]
    assert line.signed
    assert not exchange.asked("/markets/orderbooks")
    books = [each for each in sent(exchange) if "orderbook_delta" in each["params"].get("channels", ())]
    assert books[0]["params"]["market_tickers"] == ["S-E-1", "S-E-2"]
    assert books[0]["params"]["use_yes_price"] is False


def live(exchange):
    """Let both books come, then lose the line."""
    sent(exchange)
    socket(exchange, type="subscribed", id=1, msg={"channel": "orderbook_delta", "sid": 1})
    for seq, name in ((1, "S-E-1"), (2, "S-E-2")):
        socket(
            exchange,
            type="orderbook_snapshot",
            sid=1,
            seq=seq,
            msg={"market_ticker": name, "yes_dollars_fp": [["0.4000", "5.00"]]},
        )
    return exchange.feed.lost("kalshi.ws", exchange.t)


def test_a_lost_socket_doubts_what_it_carried():
    exchange = keyed()
    assert [each.market for each in live(exchange)] == ["S-E-1", "S-E-2"]
    assert exchange.feed.lost("kalshi.ws", exchange.t) == ()


def test_after_an_outage_prints_come_before_books():
    exchange = keyed()
    live(exchange)
    exchange.feed.reset("kalshi.ws")
    channels = [c for each in sent(exchange) for c in each["params"].get("channels", ())]
    assert "trade" in channels
    assert "orderbook_delta" not in channels
    (asked,) = exchange.feed.asks()
    assert "/markets/trades?" in asked.url
    assert "ticker=" not in asked.url
    exchange.feed.resnapshot("S-E-1")
    assert sent(exchange) == []
    exchange.answer(asked.url.removeprefix(REST), {"trades": [], "cursor": ""})
    (message,) = sent(exchange)
    assert message["params"]["channels"] == ["orderbook_delta"]
    assert message["params"]["market_tickers"] == ["S-E-1", "S-E-2"]


@pytest.mark.parametrize("status", [0, 401, 500])
def test_books_come_also_when_missed_prints_cannot_be_had(status):
    exchange = keyed()
    live(exchange)
    exchange.feed.reset("kalshi.ws")
    (asked,) = exchange.feed.asks()
    sent(exchange)
    with pytest.raises(Exception, match=r"HTTP|not answered"):
        exchange.answer(asked.url.removeprefix(REST), {"error": "no"}, status)
    assert sent(exchange)[0]["params"]["channels"] == ["orderbook_delta"]


def test_books_wait_no_longer_than_a_moment():
    exchange = keyed()
    live(exchange)
    exchange.feed.reset("kalshi.ws")
    sent(exchange)
    for _ in range(4):
        assert sent(exchange) == []
        exchange.t += SECOND
        socket(exchange, type="subscribed", id=9, msg={"channel": "trade", "sid": 2})
    assert sent(exchange)[0]["params"]["channels"] == ["orderbook_delta"]


def test_memory_makes_another_feed_go_on():
    exchange = keyed()
    sent(exchange)
    socket(exchange, type="subscribed", id=1, msg={"channel": "orderbook_delta", "sid": 1})
    socket(
        exchange,
        type="orderbook_snapshot",
        sid=1,
        seq=1,
        msg={"market_ticker": "A", "yes_dollars_fp": [["0.4000", "5.00"]]},
    )
    other = KalshiFeed()
    other.recall(exchange.feed.memory())
    assert other.memory() == exchange.feed.memory()
    delta = {
        "type": "orderbook_delta",
        "sid": 1,
        "msg": {
            "market_ticker": "A",
            "price_dollars": "0.4000",
            "delta_fp": "1.00",
            "side": "yes",
            "ts_ms": 1,
        },
    }
    gap = msgspec.Raw(msgspec.json.encode({**delta, "seq": 5}))
    assert exchange.feed.receive(Frame(0, exchange.t, "kalshi.ws", gap)) == other.receive(
        Frame(0, exchange.t, "kalshi.ws", gap)
    )


def test_a_poll_that_comes_up_changes_nothing_on_the_socket():
    exchange = keyed()
    live(exchange)
    before = exchange.feed.memory()
    exchange.feed.reset("kalshi.rest")
    assert exchange.feed.memory() == before


def test_what_was_printed_while_nobody_listened_comes_before_the_books():
    exchange = keyed()
    exchange.feed.missed(["S-E-2", "S-E-1"], T0)
    exchange.feed.reset("kalshi.ws")
    asked = exchange.feed.asks()
    assert [parse_qs(urlsplit(each.url).query)["ticker"] for each in asked] == [["S-E-1"], ["S-E-2"]]
    assert {parse_qs(urlsplit(each.url).query)["min_ts"][0] for each in asked} == {str(T0 // SECOND)}
    sent(exchange)
    exchange.answer(asked[0].url.removeprefix(REST), {"trades": [], "cursor": ""})
    assert sent(exchange) == []
    exchange.answer(asked[1].url.removeprefix(REST), {"trades": [], "cursor": ""})
    assert sent(exchange)[0]["params"]["channels"] == ["orderbook_delta"]


def test_what_follows_is_looked_for_also_when_the_close_was_told_first():
    exchange = Exchange()
    exchange.discover(body("S-E-1"))
    exchange.t = CLOSE - SECOND
    exchange.answer("/markets?tickers=S-E-1", {"markets": [body("S-E-1", status="closed")]})
    exchange.feed.asks()
    assert not exchange.asked("/markets/orderbooks")
    assert min(each.every_ns for each in exchange.asked("/events")) <= 5 * SECOND
    exchange.answer("/exchange/status", {"exchange_active": True, "trading_active": True}, after=4 * SECOND)
    assert any("/events?" in each.url for each in exchange.feed.asks())
