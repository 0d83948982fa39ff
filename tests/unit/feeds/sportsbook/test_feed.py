"""The feed as a whole: it keeps to its budget, tells what is left, and survives what it is sent."""

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import OddsBudget, OddsSeen
from cockpit.feeds.base import Feed, Frame, Poll, Venue
from cockpit.feeds.sportsbook.feed import MINUTE_NS, SportsbookFeed, Wants

from .payloads import (  # noqa: TID252  the tests are no package
    ALL,
    NBA,
    NFL,
    ODDS,
    OPTIC,
    SITE,
    T0,
    WANTS,
    Shop,
    asked,
    book,
    fixture,
    game,
    h2h,
)

FREE = f"{SITE}/v4/sports"
BOARD = [game(book("fanduel", h2h()), book("betmgm", h2h(2.2, 1.75)))]
SHAPES: tuple[tuple[str, str, Any], ...] = (
    ("sportsbook.theoddsapi", ODDS, BOARD),
    ("sportsbook.theoddsapi", FREE, [{"key": NBA, "active": True}]),
    ("sportsbook.opticodds", f"{OPTIC}/fixtures/odds?x=1", {"data": [fixture(asked("Utah Jazz", 2.1))]}),
    ("sportsbook.opticodds", f"{OPTIC}/fixtures/active?league=nba", {"data": [fixture()]}),
)


def polls(shop: Shop) -> dict[str, int]:
    return {each.url: each.every_ns // MINUTE_NS for each in shop.feed.requests() if isinstance(each, Poll)}


def test_it_is_a_feed_and_no_venue() -> None:
    feed: Feed = SportsbookFeed(teams=ALL)
    assert not isinstance(feed, Venue)
    assert feed.requests() == feed.asks() == feed.outgoing() == []
    assert feed.census == {}


def test_without_a_key_nothing_is_asked_and_that_is_said() -> None:
    shop = Shop(Wants(sports=(NBA,), optic=True, optic_leagues=("nba",)))
    assert shop.feed.requests() == []
    assert shop.feed.census == {
        "theoddsapi:not asked without a key": 1,
        "opticodds:not asked without a key": 1,
    }


def test_first_comes_the_question_that_costs_nothing() -> None:
    shop = Shop()
    assert polls(shop) == {FREE: 360}
    assert shop.sports(NBA, NFL, "cricket_odi", left=480, used=20) == [
        OddsBudget(T0, "sportsbook.theoddsapi", 480, 20)
    ]
    asked = polls(shop)
    assert len(asked) == 3
    assert asked[ODDS] == 180, "two sports in turn, one question in 90 minutes"
    assert all(each.secret == "theoddsapi" for each in shop.feed.requests() if isinstance(each, Poll))


def test_sports_out_of_season_cost_nothing() -> None:
    shop = Shop()
    shop.sports(NFL, left=480)
    assert [url for url in polls(shop) if "/odds" in url] == [ODDS.replace(NBA, NFL)]
    assert polls(shop)[ODDS.replace(NBA, NFL)] == 90
    shop.sports(left=480)
    assert polls(shop) == {FREE: 360}


def test_a_month_of_questions_costs_no_more_than_the_free_account_has() -> None:
    shop = Shop()
    shop.sports(NBA, NFL, left=500)
    a_month = 30 * 24 * 60
    assert sum(a_month // every for url, every in polls(shop).items() if url != FREE) <= 500


def test_it_stops_while_credits_are_kept_and_goes_on_when_there_are_more() -> None:
    shop = Shop()
    shop.sports(NBA, left=26, used=474)
    told = shop.odds(BOARD, left=25, used=475)
    assert [type(each) for each in told] == [OddsSeen, OddsBudget]
    assert ODDS in polls(shop)
    assert shop.odds(BOARD, left=24, used=476)[-1] == OddsBudget(T0, "sportsbook.theoddsapi", 24, 476)
    assert polls(shop) == {FREE: 360}
    shop.sports(NBA, left=500, used=0)
    assert ODDS in polls(shop)


def test_a_refusal_tells_what_is_left_and_never_its_words() -> None:
    shop = Shop()
    shop.sports(NBA, left=300)
    body = {
        "message": "the key sk-secret-123 has no credits",
        "error_code": "OUT_OF_USAGE_CREDITS",
        "details_url": "x",
    }
    with pytest.raises(FeedError, match=r"HTTP 401 OUT_OF_USAGE_CREDITS$"):
        shop.odds(body, st=401, left=0, used=500)
    assert polls(shop) == {FREE: 360}
    for odd in (b"sk-secret-123", b'{"error_code":"sk-secret-123"}', b'["x"]'):
        with pytest.raises(FeedError, match=r"HTTP 422$"):
            shop.odds(odd, st=422)


@pytest.mark.parametrize("left", ["", "many", "-1", "9" * 20])
def test_headers_that_are_no_numbers_tell_nothing(left: str) -> None:
    shop = Shop()
    told = shop.hear("sportsbook.theoddsapi", ODDS, BOARD, 200, {"x-requests-remaining": left})
    assert [type(each) for each in told] == [OddsSeen]
    (_, budget) = shop.hear("sportsbook.theoddsapi", ODDS, BOARD, 200, {"x-requests-remaining": "41.0"})
    assert budget == OddsBudget(T0, "sportsbook.theoddsapi", 41, 0)


def test_a_game_that_is_named_no_more_asks_nothing() -> None:
    shop = Shop()
    (told,) = shop.odds(BOARD)
    assert isinstance(told, OddsSeen)
    assert len(told.game.prices) == 4
    (gone,) = shop.odds([])
    assert isinstance(gone, OddsSeen)
    assert (gone.game.id, gone.game.prices) == (told.game.id, ())
    assert shop.odds([]) == []
    shop.odds(BOARD)
    assert shop.odds([], ODDS.replace(NBA, NFL)) == [], "the other sport's answer says nothing of it"


def test_games_are_told_each_time() -> None:
    shop = Shop()
    assert len(shop.odds(BOARD)) == len(shop.odds(BOARD)) == 1
    assert shop.odds(b"", st=304) == []


def test_opticodds_asks_for_games_and_then_for_their_odds() -> None:
    wants = Wants(
        keys=("opticodds",), optic=True, optic_leagues=("nba",), optic_books=("A",), markets=("h2h",)
    )
    shop = Shop(wants)
    assert polls(shop) == {f"{OPTIC}/fixtures/active?league=nba": 30}
    assert shop.optic({"data": [fixture()]}, "active?league=nba") == []
    assert (
        polls(shop)[
            f"{OPTIC}/fixtures/odds?fixture_id=20270117AAAA&sportsbook=A&market=moneyline&odds_format=DECIMAL&is_main=true"
        ]
        == 5
    )
    shop.now += 3 * 24 * 60 * MINUTE_NS
    shop.optic({"data": []}, "active?league=nba")
    assert len(polls(shop)) == 1


@pytest.mark.parametrize(
    ("source", "url", "st"),
    [
        ("sportsbook.other", ODDS, 200),
        ("sportsbook.theoddsapi", ODDS, 0),
        ("sportsbook.theoddsapi", ODDS, 429),
        ("sportsbook.opticodds", OPTIC, 401),
    ],
)
def test_what_is_none_of_ours_or_refused_is_a_feed_error(source: str, url: str, st: int) -> None:
    with pytest.raises(FeedError):
        Shop().hear(source, url, {}, st, None)


def test_an_unreadable_list_of_sports_does_not_stop_it() -> None:
    shop = Shop()
    with pytest.raises(FeedError):
        shop.odds({}, FREE)
    assert ODDS in polls(shop)
    assert shop.odds([], f"{SITE}/v4/other") == []
    assert shop.feed.census["url:v4/other"] == 1


def test_memory_goes_on_where_it_was() -> None:
    shop, other = Shop(), Shop()
    shop.sports(NBA, left=480, used=20)
    shop.odds(BOARD)
    other.feed.recall(shop.feed.memory())
    assert polls(other) == polls(shop)
    assert other.odds([])[0].game.prices == ()  # type: ignore[union-attr]
    with pytest.raises(msgspec.MsgspecError):
        other.feed.recall(b"[]")


def offer(source: str, url: str, data: bytes) -> None:
    shop = Shop(WANTS)
    try:
        told = shop.hear(source, url, data, 200, {"x-requests-remaining": "7"})
    except FeedError:
        return
    for each in told:
        assert isinstance(each, OddsSeen | OddsBudget)
        if isinstance(each, OddsSeen):
            assert {each.game.away, each.game.home} <= {one.code for one in ALL}
            assert all(type(one.odds) is int and one.odds > 10_000 for one in each.game.prices)
            assert all(one.point is None or type(one.point) is int for one in each.game.prices)
    shop.feed.recall(shop.feed.memory())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SHAPES), st.data())
def test_mutated_and_truncated_answers_give_events_or_a_feed_error(
    shape: tuple[str, str, Any], data: st.DataObject
) -> None:
    source, url, body = shape
    whole = bytearray(json.dumps(body).encode())
    if data.draw(st.booleans()):
        offer(source, url, bytes(whole[: data.draw(st.integers(0, len(whole) - 1))]))
        return
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(32, 126))
    offer(source, url, bytes(whole))


WRONG = st.sampled_from(
    [
        None,
        "",
        "x",
        0,
        -1,
        10**30,
        1.5,
        [],
        {},
        True,
        "NaN",
        "Infinity",
        "1e999999999",
        "9999-99-99T99:99:99Z",
        [None],
    ]
).map(copy.deepcopy)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SHAPES), st.data())
def test_values_of_other_kinds_give_events_or_a_feed_error(
    shape: tuple[str, str, Any], data: st.DataObject
) -> None:
    source, url, body = shape
    spoilt = json.loads(json.dumps(body))
    for _ in range(data.draw(st.integers(1, 3))):
        node = spoilt
        while isinstance(node, dict | list) and node:
            key = data.draw(
                st.sampled_from(sorted(node) if isinstance(node, dict) else list(range(len(node))))
            )
            child = node[key]
            if not isinstance(child, dict | list) or not child or data.draw(st.integers(0, 3)) == 0:
                node[key] = data.draw(WRONG)
                break
            node = child
    offer(source, url, json.dumps(spoilt).encode())


def test_frames_with_other_payloads_are_refused() -> None:
    feed = SportsbookFeed(teams=ALL)
    with pytest.raises(FeedError):
        feed.receive(Frame(0, T0, "sportsbook.theoddsapi", x="hello", u=ODDS))
