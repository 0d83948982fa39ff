"""Score and game payloads as they were recorded, which are not part of the project: each test skips without them."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from cockpit.domain.events import GameSeen, MarketListed
from cockpit.domain.games import Phase
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame
from cockpit.feeds.espn.feed import EspnFeed
from cockpit.feeds.kalshi.feed import KalshiFeed, Wants

FIXTURES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "kalshi_api_fixtures" / "fixtures"
SITE = "https://site.api.espn.com/apis/site/v2/sports"
NOON = 1_786_284_000 * SECOND
"""9 August 2026, 14:00 UTC."""


class Team(NamedTuple):
    """A team of another league, so that its recorded games can be read as one of ours."""

    league: str
    code: str
    espn: str
    espn_id: str


def recorded(name: str) -> Any:
    path = FIXTURES / name
    if not path.exists():
        pytest.skip(f"no recorded data at {path}")
    return json.loads(path.read_text())


@pytest.mark.parametrize("name", ["wnba", "mlb"])
def test_recorded_scoreboards_with_their_lines(name: str) -> None:
    body = recorded(f"espn_scoreboard_{name}_20260809.json")
    sides = [side["team"] for each in body["events"] for side in each["competitions"][0]["competitors"]]
    teams = [Team("nba", f"T{team['id']}", team["abbreviation"], team["id"]) for team in sides]
    feed = EspnFeed(teams=teams)
    url = f"{SITE}/basketball/nba/scoreboard?dates=20260809"
    told = feed.receive(Frame(0, NOON, "espn.site", msgspec.Raw(msgspec.json.encode(body)), u=url, st=200))
    assert len(told) == len(body["events"])
    assert not [key for key in feed.census if key != "details:a price, not a line"]
    for event, seen in zip(body["events"], told, strict=True):
        assert isinstance(seen, GameSeen)
        game, one = seen.game, event["competitions"][0]
        by = {side["homeAway"]: f"T{side['team']['id']}" for side in one["competitors"]}
        assert (game.id, game.away, game.home) == (f"nba {event['id']}", by["away"], by["home"])
        assert (game.phase, game.period, game.home_score) == (Phase.PRE, 0, 0)
        (odds,) = one["odds"]
        assert game.line is not None
        assert game.line.provider == "DraftKings"
        assert game.line.spread == round(odds["spread"] * 100)
        assert game.line.total == round(odds["overUnder"] * 100)
        prices = {side: odds["moneyline"][side]["close"]["odds"] for side in ("away", "home")}
        assert (game.line.away, game.line.home) == (int(prices["away"]), int(prices["home"]))
        if name == "wnba":  # baseball states its prices beside one and the same run line
            assert (game.line.spread < 0) == (game.line.home < game.line.away)
    assert feed.asks() == []


def test_recorded_games_are_watched_beside_ladders() -> None:
    """Their close is a backstop; when they are decided is what counts."""
    body = recorded("events_nfl_preseason.json")
    feed = KalshiFeed(wants=Wants(series=("KXNFLGAME", "S"), watch=10))
    now = 1_786_665_600 * SECOND
    rungs = [
        {
            "ticker": f"S-E-{i}",
            "event_ticker": "S-E",
            "status": "active",
            "close_time": "2026-08-14T01:00:00Z",
        }
        for i in range(40)
    ]
    ladder = {"event_ticker": "S-E", "series_ticker": "S", "markets": rungs}
    answer = msgspec.json.encode({"events": [*body["events"], ladder]})
    frame = Frame(
        0, now, "kalshi.rest", msgspec.Raw(answer), u="https://x.test/trade-api/v2/events?limit=200", st=200
    )
    listed = {
        each.market.ticker: each.market for each in feed.receive(frame) if isinstance(each, MarketListed)
    }
    books = next(each.url for each in feed.requests() if "/markets/orderbooks" in each.url)
    games = [name for name in listed if name in books and name.startswith("KXNFLGAME")]
    assert len(games) == 5
    assert all(listed[name].expected_ns < listed[name].close_ns for name in games)
    soonest = sorted(each.expected_ns for each in listed.values() if each.series == "KXNFLGAME")[:6]
    assert max(listed[name].expected_ns for name in games) <= soonest[-1]
