"""When games begin, by the venue's milestones."""

from urllib.parse import parse_qs, urlsplit

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import EventScheduled
from cockpit.domain.units import SECOND
from cockpit.feeds.kalshi import milestones
from cockpit.feeds.kalshi.choice import AGAIN_NS, AT_ONCE
from cockpit.feeds.kalshi.feed import KalshiFeed, Wants

from .questions import REST, T0, Exchange, body  # noqa: TID252  the tests are no package

HOUR = 3_600 * SECOND
GAME = "KXNBAGAME-26NOV30UTATOR"
SPREAD = "KXNBASPREAD-26NOV30UTATOR"
TIP = "2026-11-30T00:30:00Z"
TIP_NS = 1_795_998_600 * SECOND
assert abs(TIP_NS - T0) < HOUR


def milestone(*events, start=TIP, **more):
    return {"id": "m", "type": "basketball_game", "title": "Away at Home", "start_date": start,
            "related_event_tickers": list(events), "primary_event_tickers": list(events[:1]), **more}  # fmt: skip


def tell(*told, cursor="", exchange=None, url="/milestones?limit=200&type=basketball_game"):
    return (exchange or Exchange()).answer(url, {"milestones": list(told), "cursor": cursor})


def live(*series):
    exchange = Exchange()
    exchange.feed = KalshiFeed(wants=Wants(rest=REST, series=series, watch=10))
    return exchange


def discover(exchange, event, *markets):
    listed = {"event_ticker": event, "series_ticker": event.partition("-")[0], "markets": list(markets)}
    exchange.answer("/events?series_ticker=S", {"events": [listed]})


def test_a_games_start_is_told_with_all_its_events():
    (told,) = tell(milestone(GAME, SPREAD))
    assert told == EventScheduled(T0 + SECOND, "kalshi", (GAME, SPREAD), TIP_NS)


@pytest.mark.parametrize(
    "told",
    [
        milestone("KXNCAAMBGAME-26NOV30DUKEUNC"),
        milestone(SPREAD),
        milestone(),
        milestone(GAME, start=None),
        milestone(GAME, start="2026-11-20T00:30:00Z"),
        milestone(GAME, start="2027-02-01T00:30:00Z"),
        {"id": "m"},
    ],
)
def test_what_is_no_game_of_ours_or_far_off_is_not_told(told):
    assert tell(told) == []


def test_one_that_cannot_be_read_spares_the_others():
    exchange = Exchange()
    assert len(tell(milestone(GAME, start="x"), milestone(GAME), exchange=exchange)) == 1
    assert sum(exchange.feed.census.values()) == 1
    with pytest.raises(FeedError):
        tell(milestone(GAME, start="x"))


def test_a_replay_is_told_the_same():
    """It depends on the answer alone, never on what is watched."""
    exchange, other = Exchange(), Exchange()
    other.feed = KalshiFeed()
    assert tell(milestone(GAME), exchange=exchange) == tell(milestone(GAME), exchange=other)


def test_pages_are_followed():
    exchange = Exchange()
    url = "/milestones?limit=200&type=basketball_game"
    assert len(tell(milestone(GAME), cursor="c1", exchange=exchange, url=url)) == 1
    (asked,) = exchange.feed.asks()
    assert asked.url == f"{REST}{url}&cursor=c1"
    assert len(tell(milestone(GAME), exchange=exchange, url=f"{url}&cursor=c1")) == 1
    assert exchange.feed.asks() == []


def test_games_of_watched_series_are_asked_for_from_yesterday_on():
    exchange = live("KXNBAGAME", "KXBTCD", "KXNFLGAME")
    exchange.answer("/exchange/status", {"exchange_active": True, "trading_active": True})
    asked = exchange.asked("/milestones")
    assert [each.every_ns for each in asked] == [600 * SECOND] * 2
    assert [parse_qs(urlsplit(each.url).query) for each in asked] == [
        {
            "limit": ["200"],
            "category": ["Sports"],
            "type": [kind],
            "minimum_start_date": ["2026-11-29T00:00:00Z"],
        }
        for kind in ("basketball_game", "football_game")
    ]


def test_without_a_series_of_games_nothing_is_asked():
    exchange = live("KXBTCD")
    exchange.answer("/exchange/status", {"exchange_active": True, "trading_active": True})
    assert exchange.asked("/milestones") == []
    assert milestones.types(("KXBTCD",)) == []


def test_games_whose_start_nobody_told_are_asked_for_by_themselves():
    exchange = live("KXNBAGAME")
    events = [f"KXNBAGAME-26NOV30UTAT{n}" for n in range(5)]
    for event in events:
        discover(exchange, event, body(f"{event}-UTA", event_ticker=event))
    tell(milestone(events[0]), exchange=exchange)

    def asked():
        return [
            parse_qs(urlsplit(each.url).query)["related_event_ticker"][0]
            for each in exchange.feed.asks()
            if "/milestones" in each.url
        ]

    first = asked()
    for _ in range(10):
        exchange.answer(
            "/exchange/status", {"exchange_active": True, "trading_active": True}, after=40 * SECOND
        )
        more = asked()
        assert len(more) <= AT_ONCE
        first += more
    assert set(events[1:]) <= set(first) <= set(events)
    assert len(first) == len(set(first))
    exchange.answer("/exchange/status", {"exchange_active": True, "trading_active": True}, after=AGAIN_NS)
    assert set(asked()) <= set(events[1:])
