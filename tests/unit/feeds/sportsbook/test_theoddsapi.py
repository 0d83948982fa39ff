"""The Odds API's answers: teams by full name, times, exchanges, and what is left out."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from cockpit.domain.books import BookGame, BookPrice
from cockpit.feeds.sportsbook.prices import is_exchange, priced
from cockpit.feeds.sportsbook.teams import Names
from cockpit.feeds.sportsbook.theoddsapi import in_season, read, url

from .payloads import ALL, NBA, NFL, at, book, game, h2h, market, outcome  # noqa: TID252  the tests are no package

UPDATED = at("2027-01-16T21:59:30Z")


def games(*bodies: Any, census: Counter[str] | None = None) -> list[BookGame]:
    return read(json.dumps(bodies).encode(), Names(ALL, Counter() if census is None else census))


def test_a_game_as_documented() -> None:
    (found,) = games(game(book("fanduel", h2h(), title="FanDuel")))
    assert found == BookGame(
        "e912304de2b2ce35b473ce2ecd3d1502",
        "nba",
        at("2027-01-17T03:40:00Z"),
        "UTA",
        "LAC",
        (
            BookPrice("fanduel", "h2h", "UTA", 21_000, None, UPDATED),
            BookPrice("fanduel", "h2h", "LAC", 18_000, None, UPDATED),
        ),
        (("fanduel", "FanDuel"),),
    )


def test_spreads_totals_and_draws() -> None:
    spreads = market("spreads", outcome("Los Angeles Clippers", 1.91, -3.5), outcome("Utah Jazz", 1.91, 3.5))
    totals = market("totals", outcome("Over", 1.87, 229.5), outcome("Under", 1.95, 229.5))
    drawn = market("h2h", outcome("Draw", 11.0))
    (found,) = games(game(book("betmgm", spreads, totals, drawn)))
    assert [(each.market, each.outcome, each.odds, each.point) for each in found.prices] == [
        ("spreads", "LAC", 19_100, -350),
        ("spreads", "UTA", 19_100, 350),
        ("totals", "Over", 18_700, 22_950),
        ("totals", "Under", 19_500, 22_950),
        ("h2h", "Draw", 110_000, None),
    ]


def test_football_and_cities_with_two_teams() -> None:
    (found,) = games(game(sport=NFL, away="New York Jets", home="Los Angeles Rams"))
    assert (found.league, found.away, found.home, found.prices) == ("nfl", "NYJ", "LAR", ())
    (found,) = games(game(away="LA Clippers", home="los angeles  lakers"))
    assert (found.away, found.home) == ("LAC", "LAL")


def test_every_team_is_found_by_city_and_nick() -> None:
    names = Names(ALL, Counter())
    assert all(names.code(each.league, f"{each.city} {each.nick}") == each.code for each in ALL)
    assert len(ALL) == 62


def test_the_markets_own_time_comes_before_the_books_and_none_is_none() -> None:
    def times(*markets: dict[str, Any], **more: Any) -> set[int]:
        return {each.updated_ns for each in games(game(book("a", *markets, **more)))[0].prices}

    assert times(h2h()) == {UPDATED}
    assert times(h2h(updated=None)) == {at("2027-01-16T21:58:00Z")}
    assert times(h2h(updated=None), updated=None) == {0}
    assert times(h2h(updated="soon")) == {0}


def test_exchanges_are_marked() -> None:
    (found,) = games(game(book("novig", h2h()), book("betfair_ex_au", h2h()), book("draftkings", h2h())))
    assert {each.book: each.exchange for each in found.prices} == {
        "novig": True,
        "betfair_ex_au": True,
        "draftkings": False,
    }
    assert is_exchange("Betfair Exchange")
    assert not is_exchange("bet365")
    assert is_exchange("Kalshi")


@pytest.mark.parametrize(
    ("body", "counted"),
    [
        (game(sport="icehockey_nhl"), "sport:icehockey_nhl"),
        (game(home="Team LeBron"), "team:nba Team LeBron"),
        (game(book("a", market("h2h_lay", outcome("Utah Jazz", 2.0)))), "market:h2h_lay"),
        (game(book("a", h2h(away=1.0))), "odds:out of range"),
        (game(book("a", h2h(away=5000))), "odds:out of range"),
        (game(book("a", market("h2h", outcome("Utah Jazz", None)))), "odds:none"),
        (game(book("a", market("totals", outcome("Over", 1.9, 10_000)))), "odds:a line out of range"),
        (game(book("a", market("h2h", outcome("Boston Celtics II", 1.9)))), "team:nba Boston Celtics II"),
    ],
)
def test_what_is_left_out_is_counted(body: dict[str, Any], counted: str) -> None:
    census: Counter[str] = Counter()
    games(body, census=census)
    assert census[counted] == 1


def test_a_third_team_has_no_price_in_a_game() -> None:
    (found,) = games(game(book("a", market("h2h", outcome("Boston Celtics", 1.9)))))
    assert found.prices == ()


def test_one_game_that_cannot_be_read_spares_the_others() -> None:
    census: Counter[str] = Counter()
    assert len(games({"id": 1}, game(), game(number="2", start="soon"), census=census)) == 1
    assert sum(n for word, n in census.items() if word.startswith("unreadable")) == 2
    with pytest.raises(ValueError, match=r".+"):
        games({"id": 1})
    assert games() == []


def test_parts_of_a_book_that_cannot_be_read_spare_the_rest() -> None:
    broken = {"key": "a", "title": "A", "markets": [{"outcomes": []}, h2h(), 7, market("h2h", {"name": 3})]}
    (found,) = games(game(broken, {"title": "none"}))
    assert len(found.prices) == 2


def test_questions_hold_no_key() -> None:
    asked = url("https://odds.test", NBA, ("us", "eu"), ("h2h", "totals"))
    assert (
        asked
        == f"https://odds.test/v4/sports/{NBA}/odds?regions=us,eu&markets=h2h,totals&oddsFormat=decimal&dateFormat=iso"
    )


def test_sports_in_season() -> None:
    assert in_season(b'[{"key":"a","active":true,"group":"x"},{"key":"b","active":false},{"key":"c"}]') == [
        "a",
        "c",
    ]


def test_odds_are_exact() -> None:
    found = priced("a", "h2h", "UTA", Decimal("1.90909"), None, 0, Counter())
    assert found is not None
    assert found.odds == 19_091
