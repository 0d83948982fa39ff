from typing import Any

import pytest


def test_a_subscription_states_the_price_scale(exchange: Any, yes_priced: Any) -> None:
    for talk, scale in ((exchange, False), (yes_priced, True)):
        talk.feed.subscribe(["KXA-1", "KXB-1", "KXA-1"])
        assert talk.sent() == [
            {
                "id": 1,
                "cmd": "subscribe",
                "params": {
                    "channels": ["orderbook_delta", "trade"],
                    "market_tickers": ["KXA-1", "KXB-1"],
                    "use_yes_price": scale,
                },
            }
        ]
        assert talk.sent() == []


def test_quotes_lifecycles_and_indices_on_request(exchange: Any) -> None:
    exchange.feed.subscribe(["KXA-1"], ticker=True, lifecycle=True, indices=["BRTI"])
    params = [each["params"] for each in exchange.sent()]
    assert params[0]["channels"] == ["orderbook_delta", "trade", "ticker"]
    assert params[1] == {"channels": ["market_lifecycle_v2"]}
    assert params[2] == {"channels": ["cfbenchmarks_value"], "index_ids": ["BRTI"]}
    exchange.feed.subscribe([], lifecycle=True, indices=["BRTI"])
    assert exchange.sent() == []


def test_only_what_is_not_yet_held_is_asked_for(exchange: Any) -> None:
    exchange.feed.subscribe(["KXA-1"])
    exchange.feed.subscribe(["KXA-1", "KXB-1"], ticker=True)
    params = [each["params"] for each in exchange.sent()[1:]]
    assert [(p["channels"], p["market_tickers"]) for p in params] == [
        (["ticker"], ["KXA-1"]),
        (["orderbook_delta", "trade", "ticker"], ["KXB-1"]),
    ]


def test_ids_grow(exchange: Any) -> None:
    exchange.feed.subscribe(["KXA-1"])
    exchange.feed.subscribe(["KXB-1"], lifecycle=True)
    assert [each["id"] for each in exchange.sent()] == [1, 2, 3]


def test_a_new_connection_asks_for_everything_once(exchange: Any) -> None:
    exchange.feed.subscribe(["KXA-1"], lifecycle=True, indices=["BRTI"])
    exchange.feed.subscribe(["KXB-1"], ticker=True)
    exchange.feed.reset()
    commands = exchange.sent()
    assert [each["params"]["channels"] for each in commands] == [
        ["orderbook_delta", "trade"],
        ["orderbook_delta", "trade", "ticker"],
        ["market_lifecycle_v2"],
        ["cfbenchmarks_value"],
    ]
    assert [each["params"].get("market_tickers") for each in commands[:2]] == [["KXA-1"], ["KXB-1"]]
    assert exchange.sent() == []


def test_a_book_is_asked_of_the_sid_that_carries_it(exchange: Any) -> None:
    exchange.tell(exchange.snapshot("KXA-1", sid=4))
    exchange.tell(exchange.snapshot("KXB-1", sid=4, seq=2))
    exchange.feed.resnapshot("KXB-1")
    exchange.feed.resnapshot("KXA-1")
    exchange.feed.resnapshot("KXB-1")
    (command,) = exchange.sent()
    assert command["params"] == {
        "sids": [4],
        "action": "get_snapshot",
        "market_tickers": ["KXB-1", "KXA-1"],
    }


def test_a_book_asked_for_but_never_seen_is_asked_of_the_newest_sid(exchange: Any) -> None:
    exchange.feed.subscribe(["KXA-1", "KXB-1"])
    exchange.tell(exchange.snapshot("KXA-1", sid=4))
    exchange.sent()
    exchange.feed.resnapshot("KXB-1")
    assert exchange.sent()[0]["params"]["sids"] == [4]


def test_a_book_nobody_carries_is_subscribed_to(exchange: Any) -> None:
    exchange.feed.resnapshot("KXA-1")
    (command,) = exchange.sent()
    assert command["cmd"] == "subscribe"
    assert command["params"]["channels"] == ["orderbook_delta"]
    exchange.feed.reset()
    assert exchange.sent()[0]["params"]["market_tickers"] == ["KXA-1"]


def test_letting_go_of_markets(exchange: Any) -> None:
    exchange.feed.subscribe(["KXA-1", "KXB-1"])
    exchange.tell(exchange.subscribed("orderbook_delta", 1))
    exchange.tell(exchange.subscribed("trade", 2))
    exchange.tell(exchange.subscribed("market_lifecycle_v2", 3))
    exchange.sent()
    exchange.feed.unsubscribe(["KXA-1"])
    exchange.feed.unsubscribe([])
    assert [each["params"] for each in exchange.sent()] == [
        {"sids": [sid], "action": "delete_markets", "market_tickers": ["KXA-1"]} for sid in (1, 2)
    ]
    exchange.feed.reset()
    assert exchange.sent()[0]["params"]["market_tickers"] == ["KXB-1"]


@pytest.mark.parametrize("unsent", [True, False])
def test_a_reset_drops_requests_for_books_of_the_old_connection(exchange: Any, unsent: bool) -> None:
    exchange.tell(exchange.snapshot())
    if unsent:
        exchange.feed.resnapshot("KXA-1")
    exchange.feed.reset()
    assert exchange.sent() == []
