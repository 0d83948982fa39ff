"""Where a game trades, and that both venues' listings are read as one contract."""

import json

import msgspec
import pytest

from cockpit.domain.units import PRICE, QTY, SECOND
from cockpit.feeds.base import Frame
from cockpit.models.match.read import read
from cockpit.models.teams import TEAMS
from cockpit.rehearsal.games import kalshi
from cockpit.rehearsal.games.floors import GameFloor, GameTokens
from cockpit.rehearsal.games.matchups import meeting
from cockpit.rehearsal.games.names import event_of, side_of, slug_of, target_of
from cockpit.rehearsal.games.play import Tie
from cockpit.rehearsal.polymarket import bodies
from cockpit.rehearsal.polymarket.depth import Depth
from cockpit.rehearsal.polymarket.market import Group, Market, ids_of
from cockpit.rehearsal.rest import EMPTY, Settled
from cockpit.runtime.feeds import recorded

from .playing import TIP, play  # noqa: TID252  the tests are no package

ASKED = "https://gamma-api.polymarket.com/markets?condition_ids=x&closed=false"


def heard(source, url, body):
    """What the program's own feeds make of an answer."""
    receive = recorded(()).get(source)
    return receive(Frame(1, TIP, source, msgspec.Raw(body), u=url, st=200))


def floors(game):
    return [
        GameFloor(kalshi.market(game.tie, t), game, 0, home=t is game.tie.home)
        for t in (game.tie.away, game.tie.home)
    ]


def gamma(pit):
    """The listing of a market that was asked for by its id, which stands with its event."""
    market = Market(
        ids_of(1, pit.terms.ticker), pit.names, pit.terms, Group("7", pit.names.event), Depth(pit.tick), TIP
    )
    market.group.markets.append(market)
    return msgspec.json.encode([bodies.market_body(market, lone=True)])


def contracts(game):
    """All three markets of a game, read from their answers."""
    events = heard("kalshi.rest", f"{kalshi.BASE}/events/x", kalshi.event_body(
        kalshi.event(game.tie), [(floor.market, EMPTY) for floor in floors(game)], TIP))  # fmt: skip
    events = [*events, *heard("polymarket.gamma", ASKED, gamma(GameTokens(game, 1, 0)))]
    groups = {e.group.ticker: e.group for e in events if hasattr(e, "group")}
    listed = [e.market for e in events if hasattr(e, "market")]
    return [(market, read(market, groups[market.event])) for market in listed]


@pytest.mark.parametrize(
    ("league", "away", "home"),
    [("nba", "LAC", "LAL"), ("nba", "NYK", "BKN"), ("nba", "OKC", "SAS"), ("nba", "POR", "PHI"),
     ("nfl", "NYG", "NYJ"), ("nfl", "LAR", "SF"), ("nfl", "JAC", "KC")],
)  # fmt: skip
def test_both_venues_list_one_contract(league: str, away: str, home: str) -> None:
    found = contracts(play(league, away, home))
    assert [market.venue for market, _ in found] == ["kalshi", "kalshi", "polymarket"]
    assert [told.value for _, told in found] == [away, home, away]
    for _, told in found:
        assert (told.family, told.subject, told.measure) == (league, " ".join(sorted((away, home))), "winner")
        assert (told.period, told.doubt) == ("2026-12-03", "")
        assert told.confidence >= 0.9


@pytest.mark.parametrize("league", ["nba", "nfl"])
def test_every_team_is_read_without_doubt(league: str) -> None:
    seen = set()
    for quarter in range(0, 100, 2):
        for number in range(4):
            away, home = meeting(league, 20_790, quarter, number)
            tie = Tie(away, home, TIP)
            group = kalshi.event(tie)
            for team in (away, home):
                told = read(kalshi.market(tie, team), group)
                assert (told.value, told.doubt, told.confidence) == (team.code, "", 1.0)
                seen.add(team.code)
    assert seen == {team.code for team in TEAMS[league]}


def test_kalshis_records() -> None:
    game = play("nba", "LAC", "NYK")
    away, home = floors(game)
    assert event_of(game.tie) == "KXNBAGAME-26DEC03LACNYK"
    assert (side_of(game.tie.away), side_of(game.tie.home)) == ("Los Angeles C", "New York")
    body = json.loads(
        kalshi.event_body(kalshi.event(game.tie), [(away.market, EMPTY), (home.market, EMPTY)], TIP)
    )
    assert body["event"]["mutually_exclusive"] is True
    assert body["event"]["category"] == "Sports"
    record = body["markets"][0]
    assert (record["ticker"], record["yes_sub_title"]) == ("KXNBAGAME-26DEC03LACNYK-LAC", "Los Angeles C")
    assert (record["strike_type"], record["custom_strike"]) == (
        "structured",
        {"basketball_team": target_of(game.tie.away)},
    )
    assert (record["expected_expiration_time"], record["close_time"]) == (
        "2026-12-03T22:00:00Z",
        "2026-12-17T19:00:00Z",
    )
    assert (record["exchange_index"], record["price_level_structure"]) == (0, "linear_cent")
    assert "Los Angeles C at New York" in record["rules_primary"]
    assert "Dec 3, 2026" in record["rules_primary"]
    final = json.loads(
        kalshi.market_body(home.market, EMPTY, TIP, Settled(0, True, TIP + 10 * SECOND), "New York")
    )["market"]
    assert (final["status"], final["result"], final["expiration_value"]) == ("finalized", "yes", "New York")


def test_kalshis_makers_pay_a_fee() -> None:
    body = json.loads(kalshi.series_body(kalshi.series("nfl")))["series"]
    assert (body["ticker"], body["category"]) == ("KXNFLGAME", "Sports")
    assert (body["fee_type"], body["fee_multiplier"]) == ("quadratic_with_maker_fees", 1)


def test_kalshis_milestones_are_read_as_starts() -> None:
    game = play("nfl", "LAR", "SF")
    url = kalshi.milestones_url("nfl", TIP)
    assert "type=football_game" in url
    assert "minimum_start_date=2026-12-02T00%3A00%3A00Z" in url
    events = heard("kalshi.rest", url, kalshi.milestones_body([(game.id, game.tie)], TIP))
    (told,) = events
    assert told.events == (event_of(game.tie),)
    assert told.start_ns == TIP


def test_polymarkets_listing() -> None:
    game = play("nba", "POR", "PHI")
    pit = GameTokens(game, 3, 0)
    (market,) = json.loads(gamma(pit))
    (event,) = market["events"]
    assert event["slug"] == market["slug"] == slug_of(game.tie) == "nba-por-phi-2026-12-03"
    assert {"nba", "sports"} <= {tag["slug"] for tag in event["tags"]}
    assert (event["seriesSlug"], event["startTime"]) == ("nba", "2026-12-03T19:00:00Z")
    assert market["outcomes"] == '["Trail Blazers", "76ers"]'
    assert (market["gameStartTime"], market["clearBookOnStart"]) == ("2026-12-03 19:00:00+00", True)
    assert (market["sportsMarketType"], market["orderPriceMinTickSize"]) == ("moneyline", 0.01)
    assert market["feeSchedule"] == {"exponent": 1, "rate": 0.05, "takerOnly": True, "rebateRate": 0.15}
    listed = next(e.market for e in heard("polymarket.gamma", ASKED, gamma(pit)) if hasattr(e, "market"))
    assert listed.clear_ns == TIP
    assert listed.fees.rate == 500
    assert listed.least == 5 * QTY


def test_three_markets_have_the_games_chance() -> None:
    game = play()
    away, home = floors(game)
    tokens, early = GameTokens(game, 1, 0), GameTokens(game, 1, 5 * SECOND)
    for ts in range(TIP, game.final + 3 * SECOND, 3 * SECOND):
        assert home.fair(ts) == game.chance(ts)
        assert away.fair(ts) == tokens.fair(ts) == 1.0 - game.chance(ts)
        assert early.fair(ts) == tokens.worth(ts + 5 * SECOND)
    assert (away.won, home.won) == (not game.home_won, game.home_won)
    assert tokens.pays() == away.won
    assert tokens.final() == ""


def test_a_games_makers_go_by_its_end_not_by_the_close() -> None:
    game = play()
    assert floors(game)[0].ends(TIP) == GameTokens(game, 1, 0).ends(TIP) == game.final
    assert floors(game)[0].market.close_ns > game.final + 10 * 86_400 * SECOND
    assert GameTokens(game, 1, 0).quote(1, PRICE / 2) == PRICE // 2
