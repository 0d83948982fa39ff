"""The market socket: what a client says, and what it is told."""

import json

import pytest
from polystall import LADDER, OTHER, WINDOW, Ear, Stall, hash_of, traded

from cockpit.rehearsal.stands.polymarket.session import LANE, REFUSAL


def test_a_subscription_is_answered_with_whole_books_in_one_array():
    stall = traded()
    market = stall.market(WINDOW)
    ear = stall.client(*market.tokens)
    ((frame, lane),) = ear.raw
    assert lane == LANE
    yes, no = json.loads(frame)
    assert yes["event_type"] == "book"
    assert [yes["asset_id"], no["asset_id"]] == list(market.tokens)
    assert yes["hash"] == hash_of(yes)
    assert no["hash"] == hash_of(no)
    prices = [float(level["price"]) for level in yes["bids"]]
    assert prices == sorted(prices)
    mirrored = [(round(1 - float(level["price"]), 4), level["size"]) for level in yes["asks"]]
    assert [(float(level["price"]), level["size"]) for level in no["bids"]] == mirrored


def test_many_books_come_in_several_frames():
    stall = traded()
    stall.list(*(f"KXETHD-26NOV2920-T{n}.99" for n in range(3_100, 3_110)))
    tokens = [token for market in stall.state.markets.values() for token in market.tokens]
    ear = stall.client(*tokens)
    assert [len(json.loads(frame)) for frame, _ in ear.raw] == [8, 8, 8, 2]


def test_what_a_hash_covers_comes_with_a_tokens_first_book_only():
    stall = traded()
    yes = stall.market(WINDOW).tokens[0]
    ear = stall.client(yes)
    assert "tick_size" in ear.drain()[0]
    stall.say(ear.session, operation="unsubscribe", assets_ids=[yes])
    stall.say(ear.session, operation="subscribe", assets_ids=[yes])
    (again,) = ear.drain()
    assert "tick_size" not in again
    assert len(again["hash"]) == 40


def test_a_token_named_twice_only_moves_the_flag():
    stall = traded()
    yes = stall.market(WINDOW).tokens[0]
    ear = stall.client(yes)
    ear.drain()
    stall.say(ear.session, operation="subscribe", assets_ids=[yes], custom_feature_enabled=True)
    assert ear.drain() == []
    assert ear.session.custom


def test_without_a_first_dump_nothing_comes_at_once():
    stall = traded()
    ear = stall.client(*stall.market(WINDOW).tokens, initial_dump=False)
    assert ear.drain() == []


def test_ping_and_nonsense():
    stall = Stall()
    ear = stall.client()
    ear.session.hear(b"PING")
    for raw in (b"{", b"\xff", b'{"type":"user"}', b'{"assets_ids":[1]}'):
        ear.session.hear(raw)
    assert ear.drain() == ["PONG", *[REFUSAL] * 4]


def test_changes_are_gathered_and_tell_both_tokens():
    stall = traded()
    market = stall.market(WINDOW)
    ear = stall.client(market.tokens[0])
    ear.drain()
    woken = stall.woken
    for size in ("5.00", "2.00", "-1.00"):
        stall.delta(WINDOW, "yes", "0.4000", size)
    stall.delta(WINDOW, "no", "0.4500", "3.00")
    assert stall.woken == woken + 1
    assert ear.drain() == []
    stall.flush()
    (told,) = ear.drain()
    assert told["event_type"] == "price_change"
    entries = told["price_changes"]
    assert [entry["asset_id"] for entry in entries] == [*market.tokens, *market.tokens]
    assert [entry["side"] for entry in entries] == ["BUY", "SELL", "SELL", "BUY"]
    bid, ask = market.top()
    for yes, no in (entries[:2], entries[2:]):
        assert yes["size"] == no["size"]
        assert float(yes["price"]) + float(no["price"]) == pytest.approx(1)
        assert (float(yes["best_bid"]), float(yes["best_ask"])) == (bid / 10_000, ask / 10_000)
        assert float(no["best_bid"]) == pytest.approx(1 - ask / 10_000)
        assert len(yes["hash"]) == 40
    stall.flush()
    assert ear.drain() == []


def test_a_level_that_is_gone_has_size_nothing():
    stall = traded()
    ear = stall.client(stall.market(WINDOW).tokens[0])
    ear.drain()
    stall.delta(WINDOW, "yes", "0.4000", "-10.00")
    stall.flush()
    assert ear.drain()[0]["price_changes"][0]["size"] == "0"


def test_many_changes_take_several_messages():
    stall = traded()
    ear = stall.client(stall.market(LADDER).tokens[0])
    ear.drain()
    for n in range(70):
        stall.delta(LADDER, "yes", f"0.{300 + n:03d}0", "1.00")
    stall.flush()
    assert [len(each["price_changes"]) for each in ear.drain()] == [100, 40]


def test_a_trade_is_told_on_one_tape_and_then_the_books():
    stall = traded()
    market = stall.market(WINDOW)
    ear = stall.client(*market.tokens)
    ear.drain()
    stall.trade(WINDOW, "0.4500", "2.00", "bid", "aaaa-f")
    stall.trade(WINDOW, "0.4500", "2.00", "bid", "aaaa-0")
    stall.flush()
    told = ear.drain()
    first, second, *books = told
    assert (first["event_type"], first["side"], first["asset_id"]) == (
        "last_trade_price",
        "BUY",
        market.tokens[0],
    )
    assert (second["side"], second["asset_id"]) == ("SELL", market.tokens[1])
    assert float(first["price"]) + float(second["price"]) == pytest.approx(1)
    assert first["transaction_hash"] != second["transaction_hash"]
    assert [book["asset_id"] for book in books] == list(market.tokens)


def test_the_best_prices_are_told_to_those_who_want_them():
    stall = traded()
    market = stall.market(WINDOW)
    plain, custom = stall.client(market.tokens[1]), stall.client(*market.tokens, custom=True)
    for ear in (plain, custom):
        ear.drain()
    stall.delta(WINDOW, "yes", "0.4100", "1.00")
    stall.flush()
    assert plain.kinds() == ["price_change"]
    told = custom.drain()
    assert [each["event_type"] for each in told] == ["price_change", "best_bid_ask", "best_bid_ask"]
    assert [each["asset_id"] for each in told[1:]] == list(market.tokens)
    assert float(told[1]["spread"]) == pytest.approx(float(told[1]["best_ask"]) - float(told[1]["best_bid"]))
    stall.delta(WINDOW, "yes", "0.2000", "1.00")
    stall.flush()
    assert custom.kinds() == ["price_change"], "the best prices are as they were"


def test_a_new_market_is_told_to_all_who_want_it():
    stall = traded()
    plain, custom = stall.client(stall.market(WINDOW).tokens[0]), stall.client(custom=True)
    plain.drain()
    made = stall.list("KXSOL15M-26NOV292000")
    assert plain.drain() == []
    (told,) = custom.drain()
    assert told["event_type"] == "new_market"
    assert told["condition_id"] == told["market"] == made.condition
    assert told["event_message"]["slug"] == made.group.event.slug
    assert told["tags"] == ["crypto", "solana", "up-or-down"]
    assert told["fee_schedule"]["taker_only"] is True
    assert told["order_price_min_tick_size"] == "0.01"


def test_whoever_waits_for_a_market_gets_its_book_when_it_is_listed():
    from cockpit.rehearsal.polymarket.names import condition_of, tokens_of

    stall = Stall()
    ear = stall.client(tokens_of(condition_of(OTHER))[0])
    assert ear.drain() == []
    stall.list(OTHER)
    stall.flush()
    assert ear.kinds() == ["book"]


def test_an_outcome_is_told_to_its_listeners_and_the_firehose():
    stall = traded()
    market = stall.market(LADDER)
    own = stall.client(market.tokens[1], custom=True)
    plain = stall.client(market.tokens[1])
    other, fire = stall.client(stall.market(WINDOW).tokens[0], custom=True), stall.client(custom=True)
    for ear in (own, plain, other, fire):
        ear.drain()
    stall.delta(LADDER, "yes", "0.4000", "1.00")
    stall.settle(LADDER, "no")
    stall.flush()
    assert plain.drain() == other.drain() == []
    (told,) = own.drain()
    assert fire.drain() == [told]
    assert (told["winning_asset_id"], told["winning_outcome"]) == (market.tokens[1], "No")
    assert stall.client(market.tokens[0]).drain() == [], "it has no book any more"


def test_half_each_has_no_winner():
    stall = traded()
    fire = stall.client(custom=True)
    stall.life(WINDOW, "determined", result="scalar", settlement_value="0.5000")
    stall.life(WINDOW, "settled")
    assert fire.drain()[0]["winning_outcome"] == ""


def test_near_an_end_the_tick_is_refined_and_the_books_come_anew():
    stall = traded()
    market = stall.market(WINDOW)
    ear = stall.client(*market.tokens)
    ear.drain()
    stall.book(WINDOW, {"0.0200": "10.00"}, {"0.9600": "10.00"})
    stall.flush()
    told = ear.drain()
    kinds = [each["event_type"] for each in told]
    assert kinds == ["tick_size_change", "tick_size_change", "book", "book"]
    assert (told[0]["old_tick_size"], told[0]["new_tick_size"]) == ("0.01", "0.001")
    assert market.book.tick == 10
    stall.delta(WINDOW, "yes", "0.0200", "1.00")
    stall.flush()
    assert ear.kinds() == ["price_change"]


def test_a_client_that_left_is_told_nothing():
    stall = traded()
    ear = stall.client(*stall.market(WINDOW).tokens, custom=True)
    ear.drain()
    stall.state.teller.leave(ear.session)
    stall.delta(WINDOW, "yes", "0.4000", "1.00")
    stall.settle(WINDOW)
    stall.flush()
    assert ear.drain() == []
    assert not stall.state.teller._listeners


def test_every_nth_message_is_an_array():
    stall = Stall(array_every=3)
    stall.list(WINDOW)
    stall.book(WINDOW, {"0.4000": "9.00"}, {"0.5000": "9.00"})
    ear = stall.client(stall.market(WINDOW).tokens[0])
    ear.drain()
    for _ in range(6):
        stall.delta(WINDOW, "yes", "0.4000", "1.00")
        stall.flush()
    assert [frame[:1] for frame, _ in ear.raw] == [b"{", b"{", b"[", b"{", b"{", b"["]


def test_a_missing_side_leaves_a_hash_that_does_not_fit():
    from cockpit.rehearsal.stands.faults import Faults

    stall = traded()
    stall.control.set(Faults(missing_side=True))
    (book,) = stall.client(stall.market(WINDOW).tokens[0]).drain()
    assert book["asks"] == []
    assert book["bids"]
    assert book["hash"] != hash_of(book)


def test_an_ear_keeps_words_and_messages():
    ear = Ear()
    ear.send("PONG")
    ear.send(b'[{"a":1},{"b":2}]')
    assert ear.drain() == ["PONG", {"a": 1}, {"b": 2}]
