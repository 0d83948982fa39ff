from collections import Counter
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import msgspec
import pytest

from cockpit.domain.events import BookSnapshot
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame, Socket
from cockpit.feeds.kalshi.choice import DAY_NS
from cockpit.feeds.kalshi.feed import KalshiFeed
from cockpit.feeds.kalshi.watch import BOOKS_NS

from .questions import (  # noqa: TID252  the tests are no package
    CLOSE,
    REST,
    Exchange,
    body,
    keyed,
    live,
    sent,
    socket,
    tickers,
)


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
    exchange.discover(body("S-E-1"))
    exchange.feed.asks()
    exchange.feed.resnapshot("S-E-1")
    exchange.feed.resnapshot("gone")
    assert [each.url for each in exchange.feed.asks()] == [f"{REST}/markets/S-E-1/orderbook"]


def test_polled_books_are_in_doubt_when_polling_fails():
    exchange = Exchange()
    book = {"orderbook_fp": {"yes_dollars": [["0.4000", "5.00"]], "no_dollars": []}}
    (snapshot,) = exchange.answer("/markets/S-E-1/orderbook", book)
    assert isinstance(snapshot, BookSnapshot)
    assert [d.market for d in exchange.feed.lost("kalshi.rest", exchange.t)] == ["S-E-1"]
    assert exchange.feed.lost("kalshi.rest", exchange.t) == []


# ---------------------------------------------------------------------------------------- with a key


def test_with_a_key_books_come_by_the_socket():
    exchange = keyed()
    (line,) = [each for each in exchange.feed.requests() if isinstance(each, Socket)]
    assert line.signed
    assert not exchange.asked("/markets/orderbooks")
    books = [each for each in sent(exchange) if "orderbook_delta" in each["params"].get("channels", ())]
    assert books[0]["params"]["market_tickers"] == ["S-E-1", "S-E-2"]
    assert books[0]["params"]["use_yes_price"] is False


def test_a_lost_socket_doubts_what_it_carried():
    exchange = keyed()
    assert [each.market for each in live(exchange)] == ["S-E-1", "S-E-2"]
    assert exchange.feed.lost("kalshi.ws", exchange.t) == ()


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


# ---------------------------------------------------------------------------------------- who is watched


def created(exchange, ticker, seq, close=CLOSE, event=None):
    about = {"title": "x", "event_ticker": event or ticker}
    said = {"market_ticker": ticker, "event_type": "created", "open_ts": 1, "close_ts": close // SECOND,
            "additional_metadata": about}  # fmt: skip
    socket(exchange, type="market_lifecycle_v2", sid=9, seq=seq, msg=said)


def test_strangers_of_the_lifecycle_channel_are_no_candidates():
    exchange = Exchange(keyed=True, watch=3, markets=("NAMED-1",))
    exchange.discover(body("S-E-1"), body("S-E-2"))
    exchange.feed.keep(["HELD-1"])
    chosen = tickers(exchange.asked("/markets"))
    for seq in range(1, 50):
        created(exchange, f"X-{seq}", seq, close=exchange.t + 60 * SECOND)
    exchange.t += 120 * SECOND
    created(exchange, "X-last", 50)
    assert tickers(exchange.asked("/markets")) == chosen == {"S-E-1", "S-E-2", "NAMED-1", "HELD-1"}
    created(exchange, "NAMED-1", 51)
    created(exchange, "HELD-1", 52)
    created(exchange, "S-F-1", 53, event="S-F")
    assert {"S-E-1", "NAMED-1", "HELD-1"} <= tickers(exchange.asked("/markets"))
    books = [each for each in sent(exchange) if "orderbook_delta" in each["params"].get("channels", ())]
    assert {"NAMED-1", "HELD-1"} <= {name for each in books for name in each["params"]["market_tickers"]}


def test_what_somebody_takes_a_place_in_is_subscribed_to():
    exchange = Exchange(keyed=True, watch=1)
    exchange.discover(body("held", close="2026-12-03T23:00:00Z"), body("soon"))
    exchange.feed.reset("kalshi.ws")
    sent(exchange)
    exchange.feed.keep(["held"])
    exchange.answer("/exchange/status", {"exchange_active": True, "trading_active": True})
    added = [each for each in sent(exchange) if each["cmd"] == "subscribe"]
    assert [each["params"]["market_tickers"] for each in added] == [["held"]]


def test_a_market_that_is_let_go_is_not_asked_for_again_by_its_doubt():
    exchange = keyed()
    live(exchange)
    exchange.feed.reset("kalshi.ws")
    exchange.answer("/markets?tickers=S-E-1", {"markets": [body("S-E-1", status="closed")]})
    sent(exchange)
    exchange.feed.resnapshot("S-E-1")
    assert sent(exchange) == []
    exchange.feed.resnapshot("S-E-2")
    assert len(sent(exchange)) == 1


@pytest.mark.parametrize("ticker", ["a/b?c=d&e", "a b#c", "a,b"])
def test_tickers_are_quoted(ticker):
    exchange = Exchange(markets=(ticker,))
    named = [each.url for each in exchange.feed.requests()]
    exchange.answer("/markets?tickers=x", {"markets": [body(ticker)]})
    exchange.feed.asks()
    exchange.feed.resnapshot(ticker)
    (asked,) = exchange.feed.asks()
    assert unquote(urlsplit(asked.url).path).endswith(f"/markets/{ticker}/orderbook")
    book = exchange.answer(asked.url.removeprefix(REST), {"orderbook_fp": {}})
    assert book[0].market == ticker
    for each in exchange.polls():
        assert not set(urlsplit(each.url).fragment)
        assert {name for name, _ in parse_qsl(urlsplit(each.url).query)} <= {
            "series_ticker", "status", "with_nested_markets", "limit", "tickers"
        }  # fmt: skip
    assert named


def test_tickers_that_are_none_are_left_out():
    exchange = Exchange(markets=("K" * 101, "a\x1b[2J", "fine"))
    exchange.feed.keep(["held\n", "held"])
    assert tickers(exchange.asked("/markets")) == {"fine", "held"}
    assert sum(n for key, n in exchange.feed.census.items() if key.startswith("ticker:")) == 2


def test_an_odd_quote_says_nothing_and_costs_nothing():
    """What is told must not depend on what is watched."""
    exchange = Exchange()
    exchange.discover(body("S-E-1"))
    exchange.feed.recall(exchange.feed.memory())
    odd = {"markets": [body("S-E-1", bid="9", ask="x", volume="11")]}
    other = KalshiFeed()
    payload = msgspec.Raw(msgspec.json.encode(odd))
    frame = Frame(0, exchange.t, "kalshi.rest", payload, u=f"{REST}/markets", st=200)
    assert exchange.feed.receive(frame) == other.receive(frame) != []


def test_what_is_settled_gone_or_never_settled_is_forgotten():
    exchange = Exchange()
    names = [f"S-E-{i}" for i in range(4)]
    exchange.discover(*(body(name) for name in names))
    closed = [body(names[1], status="closed"), body(names[2], status="finalized", result="yes")]
    exchange.answer("/markets?tickers=x", {"markets": closed})
    assert tickers(exchange.asked("/markets")) == {names[0], names[1], names[3]}
    for _ in range(15):
        exchange.answer(
            "/markets?tickers=x", {"markets": [*closed[:1], body(names[0], close=None)]}, after=DAY_NS
        )
    assert tickers(exchange.asked("/markets")) == {names[0]}
    assert not exchange.asked("/markets/orderbooks") or tickers(exchange.asked("/markets/orderbooks")) == {
        names[0]
    }


def test_a_market_without_a_close_is_watched_last_and_asked_about_when_it_is_over():
    exchange = Exchange(watch=1)
    exchange.discover(body("S-E-1", close=None), body("S-E-2"))
    assert tickers(exchange.asked("/markets/orderbooks")) == {"S-E-2"}
    exchange.answer("/markets?tickers=x", {"markets": [body("S-E-2", status="closed")]})
    assert tickers(exchange.asked("/markets/orderbooks")) == {"S-E-1"}
    exchange.answer("/markets?tickers=x", {"markets": [body("S-E-1", status="closed", close=None)]})
    assert tickers(exchange.asked("/markets")) == {"S-E-1", "S-E-2"}


# ---------------------------------------------------------------------------------------- how fast


def ticking(exchange, names, seconds):
    """Every market trades every second; the questions for prints, by market."""
    asked = Counter()
    for volume in range(seconds):
        exchange.answer("/markets?tickers=x", {"markets": [body(name, volume=str(volume)) for name in names]})
        asked.update(parse_qs(urlsplit(each.url).query)["ticker"][0] for each in exchange.feed.asks())
    return asked


def test_prints_do_not_starve_books():
    names = [f"S-E-{i}" for i in range(60)]
    exchange = Exchange(watch=60)
    exchange.discover(*(body(name) for name in names))
    asked = ticking(exchange, names, 60)
    assert 8 <= asked.total() <= 14
    assert len(asked) == asked.total()
    exchange.feed.keep(names[:2])
    asked = ticking(exchange, names, 60)
    assert min(asked[name] for name in names[:2]) >= 20
    assert asked.total() - asked[names[0]] - asked[names[1]] <= 14


def test_standing_questions_stay_within_the_budget():
    names = [f"S-E-{i}" for i in range(200)]
    fast, slow = (Exchange(watch=200, reads_per_s=each) for each in (30, 2))
    for exchange in (fast, slow):
        exchange.discover(*(body(name) for name in names))
    assert {each.every_ns for each in fast.asked("/markets/orderbooks")} == {BOOKS_NS}
    per_s = sum(SECOND / each.every_ns for each in slow.polls())
    assert 0.6 <= per_s <= 0.6 * 2
    assert {each.url for each in slow.polls()} == {each.url for each in fast.polls()}


def test_pages_of_the_account_are_asked_for_with_the_signature():
    exchange = Exchange(keyed=True, account=True)
    held = [{"ticker": "A", "position_fp": "1.00"}]
    exchange.answer("/portfolio/positions?limit=1000", {"market_positions": held, "cursor": "a"})
    asked = [each for each in exchange.feed.asks() if "/portfolio/" in each.url]
    assert [(each.url, each.signed) for each in asked] == [
        (f"{REST}/portfolio/positions?limit=1000&cursor=a", True)
    ]
