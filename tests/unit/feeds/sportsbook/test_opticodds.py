"""OpticOdds by paths: as documented, and as somebody may find it to be."""

from cockpit.domain.events import OddsSeen
from cockpit.feeds.sportsbook.opticodds import MOST, at, odds_urls

from .payloads import Shop, asked, fixture  # noqa: TID252  the tests are no package


def test_a_dotted_path_leads_through_objects_and_lists() -> None:
    tree = {"a": {"b": [{"c": 1}]}}
    assert at(tree, "a.b.0.c") == 1
    assert at(tree, "a.b.1.c") is None
    assert at(tree, "a.x.y") is None
    assert at(None, "a") is None


def test_odds_as_documented() -> None:
    shop = Shop()
    odds = [
        asked("LA Clippers", 1.8),
        asked("Utah Jazz", "2.1"),
        asked("Over", 1.9, market="Total Points", points=229.5),
    ]
    (told,) = shop.optic({"data": [fixture(*odds)]})
    assert isinstance(told, OddsSeen)
    assert (told.source, told.game.away, told.game.home) == ("sportsbook.opticodds", "UTA", "LAC")
    assert [(each.market, each.outcome, each.odds, each.point) for each in told.game.prices] == [
        ("h2h", "LAC", 18_000, None),
        ("h2h", "UTA", 21_000, None),
        ("totals", "Over", 19_000, 22_950),
    ]
    assert told.game.prices[0].updated_ns == 1_800_136_740_500_000_000


def test_names_of_ones_own_take_the_place_of_the_documented() -> None:
    fields = {"home": "home_competitors.0.name", "price": "decimal", "games": "result.fixtures"}
    shop = Shop(fields=fields, words={"winner": "h2h"})
    body = fixture(
        asked("LA Clippers", 5.0, market="Winner", decimal=1.8),
        home_competitors=[{"name": "Los Angeles Clippers"}],
    )
    (told,) = shop.optic({"result": {"fixtures": [body]}})
    assert isinstance(told, OddsSeen)
    assert [each.odds for each in told.game.prices] == [18_000]
    again = Shop()
    again.feed.recall(shop.feed.memory())
    assert again.optic({"result": {"fixtures": [body]}}) == [told], (
        "a replay reads by the names of its recording"
    )


def test_what_a_path_does_not_find_is_left_out_and_counted() -> None:
    shop = Shop()
    odds = [
        asked("LA Clippers", None),
        asked("LA Clippers", "evens"),
        asked("LA Clippers", 1.8, market="Player Points"),
        7,
        asked("LA Clippers", 1.8, timestamp=-5),
    ]
    body = {
        "data": [fixture(*odds), fixture(number=""), fixture(league="nhl"), None, fixture(start_date="soon")]
    }  # type: ignore[arg-type]
    (told,) = shop.optic(body)
    assert isinstance(told, OddsSeen)
    assert told.game.prices == ()
    assert shop.feed.census["market:Player Points"] == 1
    assert shop.feed.census["odds:none"] == 1


def test_questions_for_odds_take_five_games_each_and_not_for_ever() -> None:
    urls = odds_urls("https://o.test", [str(n) for n in range(7)], ("A", "B"), ("moneyline",))
    assert len(urls) == 2
    assert (
        urls[1]
        == "https://o.test/fixtures/odds?fixture_id=5&fixture_id=6&sportsbook=A&sportsbook=B&market=moneyline&odds_format=DECIMAL&is_main=true"
    )
    assert len(odds_urls("x", [str(n) for n in range(500)], (), ())) == MOST // 5
