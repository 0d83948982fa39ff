"""Which games the listed markets are on."""

import json

import msgspec
import numpy as np
import pytest
from echoing import T0
from stall import Stall

from cockpit.domain.units import SECOND
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.games import kalshi
from cockpit.rehearsal.games.fixtures import Span, plays
from cockpit.rehearsal.profiles import DEMO
from cockpit.rehearsal.rest import EMPTY

CLOSE = (T0 // (900 * SECOND) + 1) * 900 * SECOND


@pytest.fixture
def games():
    """A basketball game that is on, two more, and a football game."""
    return plays(DEMO.games, Span(CLOSE - 450 * SECOND, CLOSE), Draws(np.random.default_rng(1)))[0]


@pytest.fixture
def stall(games):
    made = Stall()
    for play in games:
        markets = [(kalshi.market(play.tie, team), EMPTY) for team in (play.tie.away, play.tie.home)]
        body = kalshi.event_body(kalshi.event(play.tie), markets, T0)
        made.rest("/trade-api/v2/events/x", json.loads(body))
    return made


async def told(stall, **query):
    return (await stall.get("milestones", limit=200, **query))["milestones"]


async def test_each_game_is_the_one_a_recording_tells_of(stall, games):
    for league, kind in (("nba", "basketball_game"), ("nfl", "football_game")):
        ours = [(play.id, play.tie) for play in games if play.league == league]
        body = msgspec.json.decode(kalshi.milestones_body(ours, T0))["milestones"]
        plain = [{key: value for key, value in each.items() if key != "source_ids"} for each in body]
        drop = ("last_updated_ts", "details")
        found = await told(stall, type=kind)
        assert [{k: v for k, v in each.items() if k not in drop} for each in found] == [
            {k: v for k, v in each.items() if k not in drop} for each in plain
        ]
        for each, wanted in zip(found, plain, strict=True):
            assert {**each["details"], "status": ""} == {**wanted["details"], "status": ""}


async def test_questions_are_answered_as_they_are_asked(stall, games):
    assert len(await told(stall)) == len(games) == 4
    assert await told(stall, category="Crypto") == []
    assert len(await told(stall, category="Sports", competition="Pro Football")) == 1
    ticker = kalshi.event(games[2].tie).ticker
    (one,) = await told(stall, related_event_ticker=ticker)
    assert one["primary_event_tickers"] == [ticker]
    after = await told(stall, minimum_start_date=one["start_date"])
    assert one in after
    assert len(after) < 4
    assert (await stall.ask("GET", "milestones", limit=5, minimum_start_date="x"))[0] == 400
    first = await stall.get("milestones", limit=3)
    rest = await stall.get("milestones", limit=3, cursor=first["cursor"])
    assert [len(first["milestones"]), len(rest["milestones"]), rest["cursor"]] == [3, 1, ""]


async def test_a_status_goes_by_the_clock(stall, games):
    async def status():
        ticker = kalshi.event(games[2].tie).ticker
        (one,) = await told(stall, related_event_ticker=ticker)
        return one["details"]["status"]

    stall.clock.at = games[2].tie.scheduled - SECOND
    assert await status() == "scheduled"
    stall.clock.at = games[2].tie.scheduled
    assert await status() == "live"
    for team in (games[2].tie.away, games[2].tie.home):
        name = kalshi.market(games[2].tie, team).ticker
        stall.ws(
            "market_lifecycle_v2",
            {"market_ticker": name, "event_type": "determined", "result": "no"},
        )
    assert await status() == "closed"


async def test_what_is_no_game_has_no_milestone():
    assert await told(Stall()) == []
