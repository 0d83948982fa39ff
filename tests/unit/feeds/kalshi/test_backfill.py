"""Prints missed in an outage: asked for by market, before the books, until they are answered."""

from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import Trade
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame
from cockpit.feeds.kalshi.backfill import AGAIN_NS, GIVE_UP_NS, HOLD_NS
from cockpit.feeds.kalshi.feed import KalshiFeed

from .questions import REST, T0, keyed, live, sent, socket  # noqa: TID252  the tests are no package


def asked_of(polls):
    return [parse_qs(urlsplit(each.url).query)["ticker"][0] for each in polls]


def channels(exchange):
    return [c for each in sent(exchange) for c in each["params"].get("channels", ())]


def away(*held):
    """Two books believed, the line lost and made again; what is asked."""
    exchange = keyed()
    exchange.feed.keep(held)
    live(exchange)
    exchange.feed.asks()
    exchange.feed.reset("kalshi.ws")
    return exchange, exchange.feed.asks()


def answer(exchange, poll, *prints, cursor="", status=200, after=SECOND):
    trades = [
        {
            "trade_id": each,
            "ticker": "S-E-1",
            "count_fp": "1.00",
            "yes_price_dollars": "0.5",
            "taker_side": "yes",
        }
        for each in prints
    ]
    return exchange.answer(poll.url.removeprefix(REST), {"trades": trades, "cursor": cursor}, status, after)


def test_after_an_outage_prints_come_before_books_where_somebody_is_in():
    exchange, asked = away("S-E-1")
    assert asked_of(asked) == ["S-E-1"]
    said = channels(exchange)
    assert "trade" in said
    assert "orderbook_delta" not in said
    exchange.feed.resnapshot("S-E-1")
    assert sent(exchange) == []
    answer(exchange, asked[0])
    (message,) = sent(exchange)
    assert message["params"]["channels"] == ["orderbook_delta"]
    assert message["params"]["market_tickers"] == ["S-E-1", "S-E-2"]


def test_where_nobody_is_in_books_come_at_once():
    exchange, asked = away()
    assert asked == []
    assert "orderbook_delta" in channels(exchange)


def test_prints_are_asked_for_from_the_last_one_known():
    exchange = keyed()
    exchange.feed.keep(["S-E-1"])
    sent(exchange)
    said = {"trade_id": "a", "market_ticker": "S-E-1", "yes_price_dollars": "0.5", "count_fp": "1.00",
            "taker_side": "yes", "ts_ms": (T0 // SECOND + 1) * 1_000}  # fmt: skip
    socket(exchange, type="trade", sid=2, seq=1, msg=said)
    exchange.t += 100 * SECOND
    live(exchange)
    exchange.feed.reset("kalshi.ws")
    (asked,) = [each for each in exchange.feed.asks() if "/trades" in each.url]
    since = int(parse_qs(urlsplit(asked.url).query)["min_ts"][0])
    assert T0 // SECOND - 2 <= since <= T0 // SECOND + 1


def test_all_pages_come_before_the_books():
    exchange, (asked,) = away("S-E-1")
    sent(exchange)
    assert answer(exchange, asked, "b", cursor="x") == []
    assert sent(exchange) == []
    (following,) = exchange.feed.asks()
    assert [each.id for each in answer(exchange, following, "a")] == ["a", "b"]
    assert channels(exchange) == ["orderbook_delta"]


@pytest.mark.parametrize("status", [0, 401, 429, 500])
def test_what_is_not_answered_holds_no_books_and_is_asked_again(status):
    exchange, (asked,) = away("S-E-1")
    sent(exchange)
    with pytest.raises(FeedError):
        answer(exchange, asked, status=status)
    assert channels(exchange) == ["orderbook_delta"]
    exchange.t += AGAIN_NS - SECOND
    socket(exchange, type="subscribed", id=9, msg={"channel": "trade", "sid": 2})
    assert exchange.feed.asks() == []
    exchange.t += SECOND
    socket(exchange, type="ok", id=9, msg=[])
    assert exchange.feed.asks() == [asked]
    assert [each.id for each in answer(exchange, asked, "late")] == ["late"]
    exchange.t += 10 * AGAIN_NS
    socket(exchange, type="ok", id=9, msg=[])
    assert exchange.feed.asks() == []
    assert sent(exchange) == []


def test_what_is_never_answered_is_given_up():
    exchange, (asked,) = away("S-E-1")
    tries, began = 0, exchange.t
    while exchange.t < began + 2 * GIVE_UP_NS:
        with pytest.raises(FeedError):
            answer(exchange, asked, status=500)
        exchange.t += AGAIN_NS
        socket(exchange, type="ok", id=9, msg=[])
        if not exchange.feed.asks():
            break
        tries += 1
    assert 10 <= tries <= 25
    assert exchange.feed.census["print:missed for good"] == 1


def test_books_wait_no_longer_than_a_moment():
    exchange, _ = away("S-E-1")
    sent(exchange)
    for _ in range(4):
        assert sent(exchange) == []
        exchange.t += HOLD_NS // 3
        socket(exchange, type="subscribed", id=9, msg={"channel": "trade", "sid": 2})
    assert channels(exchange) == ["orderbook_delta"]


def test_a_line_lost_again_before_its_books_came_misses_prints_too():
    exchange, (asked,) = away("S-E-1")
    answer(exchange, asked)
    exchange.feed.lost("kalshi.ws", exchange.t)
    exchange.feed.reset("kalshi.ws")
    assert asked_of(exchange.feed.asks()) == ["S-E-1"]


def test_what_was_printed_while_nobody_listened_comes_before_the_books():
    exchange = keyed()
    exchange.feed.asks()
    exchange.feed.keep(["S-E-1", "S-E-2"])
    exchange.feed.missed(["S-E-2", "S-E-1"], T0)
    exchange.feed.reset("kalshi.ws")
    asked = exchange.feed.asks()
    assert asked_of(asked) == ["S-E-1", "S-E-2"]
    assert {parse_qs(urlsplit(each.url).query)["min_ts"][0] for each in asked} == {str(T0 // SECOND)}
    sent(exchange)
    answer(exchange, asked[0])
    assert sent(exchange) == []
    answer(exchange, asked[1])
    assert channels(exchange) == ["orderbook_delta"]


def test_prints_that_were_missed_on_a_line_that_goes_on_come_before_fresh_books():
    exchange = keyed()
    exchange.feed.keep(["S-E-1"])
    live(exchange)
    exchange.feed.reset("kalshi.ws")
    for poll in exchange.feed.asks():
        answer(exchange, poll)
    live(exchange)
    exchange.feed.reset("kalshi.ws")
    exchange.feed.asks()
    exchange.t += HOLD_NS
    said = {"market_ticker": "S-E-1", "yes_dollars_fp": [["0.4000", "5.00"]]}
    for _ in range(2):
        socket(exchange, type="subscribed", id=1, msg={"channel": "orderbook_delta", "sid": 1})
        exchange.t += HOLD_NS
    socket(exchange, type="orderbook_snapshot", sid=1, seq=1, msg=said)
    sent(exchange)
    trade = {"trade_id": "a", "market_ticker": "S-E-1", "yes_price_dollars": "0.5", "count_fp": "1.00",
             "taker_side": "yes", "ts_ms": exchange.t // 1_000_000}  # fmt: skip
    socket(exchange, type="trade", sid=2, seq=1, msg=trade)
    exchange.feed.asks()
    socket(exchange, type="trade", sid=2, seq=3, msg={**trade, "trade_id": "b"})
    (asked,) = exchange.feed.asks()
    assert asked_of([asked]) == ["S-E-1"]
    assert sent(exchange) == []
    (late,) = answer(exchange, asked, "c")
    assert isinstance(late, Trade)
    assert sent(exchange)[0]["params"]["action"] == "get_snapshot"


def test_what_is_told_does_not_depend_on_who_asks():
    """The same frames say the same to a reader that asks for nothing."""
    exchange, (asked,) = away("S-E-1")
    other = KalshiFeed()
    other.recall(exchange.feed.memory())
    body = {"trades": [{"trade_id": i, "ticker": i, "count_fp": "1.00", "yes_price_dollars": "0.5",
                        "taker_side": "yes"} for i in ("S-E-1", "other")], "cursor": "x"}  # fmt: skip
    for url, t in ((asked.url, 1), (f"{asked.url}&cursor=x", 2), (f"{REST}/exchange/status", 60)):
        data = msgspec.Raw(msgspec.json.encode({**body, "exchange_active": True, "trading_active": True}))
        frame = Frame(0, exchange.t + t * SECOND, "kalshi.rest", data, u=url, st=200)
        assert exchange.feed.receive(frame) == other.receive(frame)
        assert exchange.feed.memory() == other.memory()
