"""Daily snapshots of The Odds API, March to June 2026, put back into the service's own shape."""

import csv
import gzip
import io
import json
from collections import defaultdict
from datetime import UTC, datetime

import msgspec
import pytest

from cockpit.feeds.base import Frame
from cockpit.feeds.sportsbook.feed import SportsbookFeed
from cockpit.models.consensus import lines
from cockpit.models.teams import TEAMS

URL = "https://api.the-odds-api.com/v4/sports/basketball_nba/odds?regions=au&markets=h2h&oddsFormat=decimal&dateFormat=iso"


@pytest.fixture(scope="module")
def snapshots(shared):
    """Answers by time, as the service gives them."""
    (path,) = (shared / "nba" / "odds_snapshots_2026").glob("*.csv.gz")
    rows = defaultdict(list)
    for row in csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode())):
        rows[row["snapshot_utc"]].append(row)
    return {when: answer(each) for when, each in sorted(rows.items())}


def answer(rows):
    games = {}
    for row in rows:
        game = games.setdefault(
            row["event_id"],
            {"id": row["event_id"], "sport_key": row["sport_key"], "sport_title": "NBA", "bookmakers": {}}
            | {name: row[name] for name in ("commence_time", "home_team", "away_team")},
        )
        book = game["bookmakers"].setdefault(
            row["bookmaker"],
            {
                "key": row["bookmaker"],
                "title": row["bookmaker_title"],
                "last_update": row["last_update"],
                "markets": {},
            },
        )
        market = book["markets"].setdefault(row["market"], {"key": row["market"], "outcomes": []})
        told = {"name": row["outcome_name"], "price": float(row["price"])}
        market["outcomes"].append(told | ({"point": float(row["point"])} if row["point"] else {}))
    for game in games.values():
        game["bookmakers"] = [
            each | {"markets": list(each["markets"].values())} for each in game["bookmakers"].values()
        ]
    return list(games.values())


def quoted(body):
    """Prices on winners that stand in an answer, by game; odds of one are none."""
    return {
        game["id"]: sum(
            each["price"] > 1
            for book in game["bookmakers"]
            for market in book["markets"]
            if market["key"] == "h2h"
            for each in market["outcomes"]
        )
        for game in body
    }


def test_every_price_on_a_winner_is_read_and_freed_of_its_margin(snapshots):
    feed = SportsbookFeed(teams=tuple(each for teams in TEAMS.values() for each in teams))
    games, n, exchanges = {}, 0, set()
    for when, body in snapshots.items():
        ts = round(datetime.strptime(when, "%Y%m%d_%H%M%S").replace(tzinfo=UTC).timestamp()) * 10**9
        frame = Frame(0, ts, "sportsbook.theoddsapi", msgspec.Raw(json.dumps(body).encode()), u=URL, st=200)
        told = {event.game.id: event.game for event in feed.receive(frame)}
        for name, stated in quoted(body).items():
            winners = [each for each in told[name].prices if each.market == "h2h"]
            assert len(winners) == stated, name
            found = lines(told[name])
            for each in found:
                assert 0.0 < each.chance.low <= each.chance.mid <= each.chance.high < 1.0
            games[name] = max(games.get(name, 0), len(found))
            exchanges |= {each.book for each in winners if each.exchange}
            n += len(found)
    assert len(games) == 406
    assert sum(each > 0 for each in games.values()) == 404, "two were listed with spreads alone"
    assert n > 5_000
    assert exchanges == {"betfair_ex_au"}
    assert {word for word in feed.census if not word.startswith("odds:")} == {"market:h2h_lay"}
