"""What is asked for: listings, sockets, subscriptions, outcomes."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cockpit.domain.events import MarketListed, MarketSettled
from cockpit.feeds.base import Poll, Socket
from cockpit.feeds.polymarket.feed import PolymarketFeed

from .conftest import COND, NO, SECOND, T0, YES, Venue, event, market  # noqa: TID252  the tests are no package

MINUTE = 60 * SECOND


def query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def numbered(n: int, **more: Any) -> dict[str, Any]:
    return market(f"0x{n:064x}", f"1{n:076}", f"2{n:076}", **more)


def event_of(n: int, *markets: dict[str, Any], **more: Any) -> dict[str, Any]:
    return event(*markets, id=str(n), slug=f"event-{n}", **more)


def watched(venue: Any, source: str = "polymarket.ws") -> list[str]:
    """YES tokens a new connection is asked for, in order."""
    venue.feed.reset(source)
    told = venue.sent(source)
    return [token for each in told for token in each["assets_ids"] if token[0] in "17"]


# ---------------------------------------------------------------------- listings


def test_the_listings_of_a_tag_are_paged_by_end() -> None:
    (poll,) = PolymarketFeed().requests()
    assert isinstance(poll, Poll)
    assert (poll.source, poll.every_ns) == ("polymarket.gamma", 60 * SECOND)
    assert poll.url.startswith("https://gamma-api.polymarket.com/events/keyset?")
    assert query(poll.url) == {
        "tag_slug": ["crypto"], "closed": ["false"], "order": ["endDate"], "ascending": ["true"],
        "limit": ["50"],
    }  # fmt: skip


def test_tags_by_id_events_by_slug_and_other_addresses() -> None:
    feed = PolymarketFeed(
        "pm", gamma="http://127.0.0.1:1/g", tags=("235",), events=("fed-in-march",), watch=9
    )
    tag, slug = feed.requests()
    assert isinstance(tag, Poll)
    assert query(tag.url)["tag_id"] == ["235"]
    assert slug == Poll("pm.gamma", "http://127.0.0.1:1/g/events/slug/fed-in-march", 60 * SECOND)
    assert (feed.budget.per_s, feed.budget.burst) == (5.0, 10.0)


def test_what_ended_long_ago_is_not_listed_again(venue: Any) -> None:
    """Once a time is known: the day before."""
    venue.page(event())
    assert query(venue.feed.requests()[0].url)["end_date_min"] == ["2027-01-14T00:00:00Z"]


def test_further_pages_are_read_at_first_and_every_tenth_round(venue: Any) -> None:
    first = venue.feed.requests()[0].url
    for n in range(21):
        venue.page(event(), cursor="abc", t=T0 + n * MINUTE)
        asked = [url for url in venue.asked() if "keyset" in url]
        assert len(asked) == (n % 10 == 0)
        for url in asked:
            assert query(url)["after_cursor"] == ["abc"]
            assert query(url) | {"after_cursor": [""], "end_date_min": [""]} == query(first) | {
                "after_cursor": [""],
                "end_date_min": [""],
            }


def test_pages_end_at_the_last_or_at_the_tenth(venue: Any) -> None:
    venue.page(event(), cursor="1")
    pages = 1
    while urls := [url for url in venue.asked() if "keyset" in url]:
        pages += 1
        venue.answer(urls[0], {"events": [event()], "next_cursor": str(pages)})
    assert pages == 10
    venue = Venue(PolymarketFeed())
    venue.page(event(), cursor="1")
    (url,) = [url for url in venue.asked() if "keyset" in url]
    venue.answer(url, {"events": [event()]})
    assert not [url for url in venue.asked() if "keyset" in url]


def test_an_unchanged_page_still_tells_the_time(live: Any) -> None:
    url = live.feed.requests()[0].url
    assert live.answer(url, b"", t=T0 + 3_700 * SECOND, st=304) == []
    assert any("condition_ids" in url for url in live.asked())


# ---------------------------------------------------------------------- the choice


def test_no_socket_before_there_is_something_to_watch(venue: Any) -> None:
    """An empty subscription would be told of every new market there is."""
    assert not [each for each in venue.feed.requests() if isinstance(each, Socket)]
    venue.listed()
    (socket,) = [each for each in venue.feed.requests() if isinstance(each, Socket)]
    assert socket == Socket(
        "polymarket.ws", "wss://ws-subscriptions-clob.polymarket.com/ws/market", 60 * SECOND,
        pulse=(b"PONG",), ping=b"PING", ping_ns=10 * SECOND,
    )  # fmt: skip


def test_few_markets_may_be_silent_for_longer() -> None:
    venue = Venue(PolymarketFeed(tags=(), events=("an-event",)))
    venue.answer("https://gamma-api.polymarket.com/events/slug/an-event", event())
    assert venue.feed.requests()[1].quiet_ns == 300 * SECOND


def test_both_tokens_are_subscribed_to_on_every_connection(venue: Any) -> None:
    venue.listed()
    for _ in range(2):
        venue.feed.reset("polymarket.ws")
        assert venue.sent() == [{"type": "market", "assets_ids": [YES, NO], "custom_feature_enabled": True}]
        assert venue.sent() == []


def test_the_matching_engine_is_asked_for_the_terms_of_what_is_watched(venue: Any) -> None:
    venue.page(event())
    assert venue.asked() == [f"https://clob.polymarket.com/clob-markets/{COND}"]


def test_the_first_of_every_series_comes_before_the_second_of_any() -> None:
    venue = Venue(PolymarketFeed(watch=4))
    ladder = [numbered(n, outcomePrices=f'["0.{n}", "0.{10 - n}"]') for n in (9, 6, 7)]
    window = numbered(21, endDate="2027-01-15T08:10:00Z")
    later = numbered(22, endDate="2027-01-15T08:15:00Z")
    day = numbered(31, endDate="2027-01-16T08:00:00Z")
    venue.page(
        event_of(1, *ladder, seriesSlug="ladder"),
        event_of(2, window, seriesSlug="windows"),
        event_of(3, later, seriesSlug="windows"),
        event_of(4, day, seriesSlug="days"),
    )
    assert [int(token[1:]) for token in watched(venue)] == [21, 6, 31, 22]


def test_who_is_watched_stays_until_the_end_and_then_makes_room() -> None:
    venue = Venue(PolymarketFeed(watch=1))
    first = numbered(1, endDate="2027-01-15T08:30:00Z")
    second = numbered(2, endDate="2027-01-15T08:20:00Z", outcomePrices='["0.9", "0.1"]')
    venue.page(event_of(1, first, seriesSlug="s"))
    assert len(watched(venue)) == 1
    venue.page(event_of(1, first, second, seriesSlug="s"), t=T0 + MINUTE)
    assert venue.sent() == []
    ended = {**first, "closed": True, "outcomePrices": '["1", "0"]'}
    venue.page(event_of(1, ended, second, seriesSlug="s"), t=T0 + 2 * MINUTE)
    assert venue.sent() == [
        {"operation": "unsubscribe", "assets_ids": [f"1{1:076}", f"2{1:076}"]},
        {
            "operation": "subscribe",
            "assets_ids": [f"1{2:076}", f"2{2:076}"],
            "custom_feature_enabled": True,
        },
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"closed": True},
        {"acceptingOrders": False},
        {"endDate": "2027-01-15T07:59:00Z"},
        {"clobTokenIds": "[]"},
    ],
)
def test_what_takes_no_orders_is_not_watched(venue: Any, change: dict[str, Any]) -> None:
    venue.page(event(market(**change)))
    assert len(venue.feed.requests()) == 1


def test_an_end_that_has_passed_was_a_guess_outside_crypto(venue: Any) -> None:
    venue.page(event(market(endDate="2027-01-15T07:00:00Z"), slug="fed-decision-in-january"))
    assert len(venue.feed.requests()) == 2


def test_nothing_is_chosen_before_all_pages_are_in(venue: Any) -> None:
    """Or a minute has passed without them."""
    venue.page(event(), cursor="more")
    assert len(venue.feed.requests()) == 1
    venue.page(event(), t=T0 + 70 * SECOND)
    assert len(venue.feed.requests()) == 2


def test_more_tokens_than_a_connection_carries_go_by_another() -> None:
    venue = Venue(PolymarketFeed(watch=150))
    venue.page(*(event_of(n, numbered(n)) for n in range(150)))
    sources = [each.source for each in venue.feed.requests() if isinstance(each, Socket)]
    assert sources == ["polymarket.ws", "polymarket.ws2"]
    assert [len(watched(venue, source)) for source in sources] == [100, 50]
    assert venue.sent("polymarket.ws") == venue.sent("polymarket.ws2") == []


# ---------------------------------------------------------------------- what must be kept


def test_what_is_kept_is_watched_beyond_the_limit() -> None:
    venue = Venue(PolymarketFeed(watch=1))
    venue.page(event_of(1, numbered(1), seriesSlug="s"), event_of(2, numbered(2), seriesSlug="s"))
    assert len(watched(venue)) == 1
    venue.feed.keep([f"0x{2:064x}", "KXBTC-1"])
    assert len(venue.sent()) == 1
    assert len(watched(venue)) == 2


def test_what_is_kept_and_not_listed_is_asked_for_by_its_id_and_told_of(venue: Any) -> None:
    """A position in a market that has ended while nobody looked: its outcome must still be found."""
    venue.feed.keep([COND])
    open_, closed = venue.asked()
    assert query(open_) == {"condition_ids": [COND], "closed": ["false"], "limit": ["80"]}
    assert query(closed)["closed"] == ["true"]
    told = venue.answer(closed, [market(closed=True, outcomePrices='["1", "0"]')])
    assert [type(each) for each in told] == [MarketListed, MarketSettled]
    venue.feed.keep([COND])
    assert venue.asked() == []


def test_what_is_kept_is_not_asked_for_again_once_its_outcome_is_final(venue: Any) -> None:
    venue.feed.keep([COND])
    _, closed = venue.asked()
    venue.answer(closed, [market(closed=True, outcomePrices='["1", "0"]')])
    for hour in range(4):
        venue.page(t=T0 + hour * 3_600 * SECOND)
    assert venue.feed.memory().count(COND.encode()) == 0
    assert not [url for url in venue.asked() if "condition_ids" in url]


# ---------------------------------------------------------------------- outcomes


def test_outcomes_are_asked_for_less_and_less_often(live: Any) -> None:
    end, asked = 3_600, []
    for minute in range(200):
        t = T0 + minute * MINUTE
        live.page(event(market(acceptingOrders=minute < 60)), t=t)
        if any("condition_ids" in url for url in live.asked()):
            asked.append(minute * 60 - end)
    assert asked == [60, 120, 180, 300, 540, 1_020, 1_980, 3_900, 7_500]


def test_an_outcome_ends_the_questions(live: Any) -> None:
    t = T0 + 3_700 * SECOND
    live.page(t=t)
    (url,) = [url for url in live.asked() if "condition_ids" in url]
    settled = market(closed=True, outcomePrices='["0.5", "0.5"]', umaResolutionStatus="resolved")
    assert [type(each) for each in live.answer(url, [settled], t=t)] == [MarketListed, MarketSettled]
    for minute in range(10):
        live.page(t=t + minute * MINUTE)
    assert not [url for url in live.asked() if "condition_ids" in url]


def test_what_ended_long_ago_is_forgotten(live: Any) -> None:
    settled = market(closed=True, outcomePrices='["1", "0"]')
    live.page(event(settled), t=T0 + 3_700 * SECOND)
    live.page(t=T0 + 7_300 * SECOND)
    assert live.tell(live.trade()) == []
    assert live.feed.census["dropped:token nobody listed"] == 1


def test_questions_do_not_pile_up_when_nobody_asks_them(live: Any) -> None:
    for n in range(3_000):
        live.tell({"event_type": "new_market", "tags": ["crypto"], "event_message": {"slug": f"e{n}"}})
    assert len(live.asked()) == 500


def test_urls_hold_the_tokens_whole(live: Any) -> None:
    live.feed.resnapshot(COND)
    (url,) = live.asked()
    assert query(url) == {"token_id": [YES]}
    live.feed.resnapshot("0x5")
    assert live.asked() == []
    assert json.dumps(live.sent()) == "[]"
