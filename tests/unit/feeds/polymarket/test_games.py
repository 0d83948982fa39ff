"""Games among the listings: the winner's market and nothing beside it, in half of the room."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cockpit.domain.events import MarketListed
from cockpit.feeds.polymarket.feed import PolymarketFeed

from .conftest import SECOND, T0, Venue, event, market  # noqa: TID252  the tests are no package

HOUR = 3_600 * SECOND
SLUG = "nba-uta-tor-2027-01-15"


def of(n: int, **more: Any) -> dict[str, Any]:
    return market(f"0x{n:064x}", f"1{n:076}", f"2{n:076}", **more)


def at(hours: float) -> str:
    minutes = int(8 * 60 + hours * 60)
    return f"2027-01-{15 + minutes // 1440:02} {minutes % 1440 // 60:02}:{minutes % 60:02}:00+00"


def game(n: int, hours: float = 2, *beside: dict[str, Any], slug: str = "") -> dict[str, Any]:
    """A game's event: its winner's market, and others."""
    name = slug or f"nba-uta-t{n:02}-2027-01-15"
    winner = of(
        n, slug=name, question="Jazz vs. Raptors", outcomes='["Jazz", "Raptors"]', sportsMarketType="moneyline",
        gameStartTime=at(hours), endDate=at(hours).replace(" ", "T").replace("+00", "Z"), groupItemTitle="",
    )  # fmt: skip
    return event(*beside, winner, id=f"g{n}", slug=name, title="Jazz vs. Raptors", seriesSlug="nba-2027")


def rungs(first: int, number: int) -> list[dict[str, Any]]:
    return [event(*(of(first + i) for i in range(number)), id=f"e{first}", slug=f"bitcoin-above-{first}")]


def watched(venue: Venue) -> list[int]:
    """Numbers of the markets subscribed to, those of a new connection first."""
    venue.feed.reset("polymarket.ws")
    return sorted(int(t[1:]) for each in venue.sent() for t in each["assets_ids"] if t[0] == "1")


def listed(limit: int, *events: dict[str, Any]) -> Venue:
    venue = Venue(PolymarketFeed(watch=limit))
    venue.page(*events)
    return venue


BESIDE = [
    of(901, sportsMarketType="spreads", slug=f"{SLUG}-spread-home-5pt5"),
    of(902, sportsMarketType="totals", slug=f"{SLUG}-total-227pt5"),
    of(903, sportsMarketType="first_half_moneyline", slug=f"{SLUG}-1h-moneyline"),
    of(904, slug=f"{SLUG}-points-somebody"),
]


def test_of_a_games_event_only_the_winner_is_watched() -> None:
    venue = listed(10, game(1, 2, *BESIDE, slug=SLUG))
    assert watched(venue) == [1]
    assert venue.feed.census["listing:beside the winner of a game"] == 4


@pytest.mark.parametrize(
    "more", [{"sportsMarketType": None}, {"sportsMarketType": ""}, {"sportsMarketType": None, "slug": None}]
)
def test_a_winner_without_a_type_is_named_as_its_event(more: dict[str, Any]) -> None:
    told = game(1, slug=SLUG)
    told["markets"][0] |= more
    assert watched(listed(10, told)) == [1]


def test_elsewhere_types_do_not_matter() -> None:
    other = event(of(5, sportsMarketType="futures", slug="x"), slug="nba-champion-2027", id="f")
    assert watched(listed(10, other)) == [5]


def test_what_stands_beside_a_winner_is_told_when_somebody_is_in_it() -> None:
    venue = listed(10, game(1, 2, slug=SLUG))
    name = f"0x{901:064x}"
    venue.feed.keep([name])
    url = next(url for url in venue.asked() if "condition_ids" in url)
    ref = {"id": "g1", "slug": SLUG, "title": "Jazz vs. Raptors"}
    told: Sequence[Any] = venue.answer(url, [BESIDE[0] | {"events": [ref]}])
    assert [each.market.ticker for each in told if isinstance(each, MarketListed)] == [name]
    venue.page(game(1, 2, *BESIDE, slug=SLUG), t=T0 + 60 * SECOND)
    assert watched(venue) == [1, 901]


@pytest.mark.parametrize(
    ("games", "others", "expected"),
    [(10, 20, (4, 4)), (2, 20, (2, 6)), (10, 1, (7, 1)), (0, 20, (0, 8)), (10, 0, (8, 0))],
)
def test_games_have_half_of_the_room(games: int, others: int, expected: tuple[int, int]) -> None:
    board = [game(n) for n in range(1, games + 1)]
    found = watched(listed(8, *board, *(rungs(100, others) if others else [])))
    assert (sum(n < 100 for n in found), sum(n >= 100 for n in found)) == expected


def test_the_game_that_began_first_comes_first_and_other_days_wait() -> None:
    board = [game(1, 13), game(2, 3), game(3, -2), game(4, 30), game(5, -7), game(6, 1)]
    assert watched(listed(4, *board)) == [2, 3, 6]


def test_a_game_comes_in_when_it_is_near() -> None:
    venue = listed(4, game(1, 13))
    assert len(venue.feed.requests()) == 1
    venue.page(game(1, 13), t=T0 + 2 * HOUR)
    assert watched(venue) == [1]


def test_what_ends_in_months_comes_last() -> None:
    far = [
        event(of(n, endDate="2027-06-15T00:00:00Z"), id=f"f{n}", slug=f"award-{n}", seriesSlug="")
        for n in range(1, 9)
    ]
    found = watched(listed(4, *far, *rungs(100, 3)))
    assert sum(n >= 100 for n in found) == 3


def test_leagues_are_listed_in_small_pages_and_seldom() -> None:
    feed = PolymarketFeed(tags=("crypto", "nba", "nfl"))
    asked = [
        (each.every_ns // SECOND, parse_qs(urlsplit(each.url).query)["limit"]) for each in feed.requests()
    ]  # type: ignore[union-attr]
    assert asked == [(60, ["50"]), (300, ["10"]), (300, ["10"])]


def test_what_is_new_in_a_game_that_is_listed_is_not_read_for() -> None:
    venue = Venue(PolymarketFeed(tags=("nba",)))
    told = {"event_type": "new_market", "tags": ["nba"], "event_message": {"slug": SLUG}}
    venue.tell(told)
    assert [url for url in venue.asked() if SLUG in url] == [
        f"https://gamma-api.polymarket.com/events/slug/{SLUG}"
    ]
    venue.page(game(1, 2, slug=SLUG))
    venue.asked()
    venue.tell(told)
    assert [url for url in venue.asked() if SLUG in url] == []
