"""Invented answers in the services' documented shapes."""

import json
from datetime import datetime
from typing import Any

import msgspec

from cockpit.domain.events import Event
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame
from cockpit.feeds.sportsbook.feed import SportsbookFeed, Wants
from cockpit.models.teams import TEAMS

ALL = tuple(each for teams in TEAMS.values() for each in teams)
SITE = "https://api.the-odds-api.com"
OPTIC = "https://api.opticodds.com/api/v3"
NBA, NFL = "basketball_nba", "americanfootball_nfl"
WANTS = Wants(keys=("theoddsapi", "opticodds"), sports=(NBA, NFL))
ODDS = f"{SITE}/v4/sports/{NBA}/odds?regions=us&markets=h2h&oddsFormat=decimal&dateFormat=iso"


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp()) * SECOND


T0 = at("2027-01-16T22:00:00Z")


class Shop:
    """A feed at work, and its clock."""

    def __init__(self, wants: Wants = WANTS, **more: Any) -> None:
        self.feed = SportsbookFeed(teams=ALL, wants=wants, **more)
        self.now = T0

    def odds(
        self, body: Any, url: str = ODDS, st: int = 200, left: int | None = None, used: int = 0
    ) -> list[Event]:
        headers = (
            {"x-requests-remaining": str(left), "x-requests-used": str(used)} if left is not None else None
        )
        return self.hear("sportsbook.theoddsapi", url, body, st, headers)

    def sports(self, *keys: str, left: int | None = None, used: int = 0) -> list[Event]:
        listed = [
            {
                "key": each,
                "group": "x",
                "title": "x",
                "description": "x",
                "active": True,
                "has_outrights": False,
            }
            for each in keys
        ]
        return self.odds(listed, f"{SITE}/v4/sports", left=left, used=used)

    def optic(self, body: Any, what: str = "odds?fixture_id=1", st: int = 200) -> list[Event]:
        return self.hear("sportsbook.opticodds", f"{OPTIC}/fixtures/{what}", body, st, None)

    def hear(self, source: str, url: str, body: Any, st: int, headers: dict[str, str] | None) -> list[Event]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return list(self.feed.receive(Frame(0, self.now, source, msgspec.Raw(data), u=url, st=st, h=headers)))


def outcome(name: str, price: Any, point: Any = None) -> dict[str, Any]:
    return {"name": name, "price": price} | ({"point": point} if point is not None else {})


def market(
    key: str, *outcomes: dict[str, Any], updated: str | None = "2027-01-16T21:59:30Z"
) -> dict[str, Any]:
    return {"key": key, "outcomes": list(outcomes)} | ({"last_update": updated} if updated else {})


def book(
    key: str, *markets: dict[str, Any], title: str = "", updated: str | None = "2027-01-16T21:58:00Z"
) -> dict[str, Any]:
    return {"key": key, "title": title or key.title(), "last_update": updated, "markets": list(markets)}


def h2h(away: float = 2.1, home: float = 1.8, **more: Any) -> dict[str, Any]:
    return market("h2h", outcome("Utah Jazz", away), outcome("Los Angeles Clippers", home), **more)


def game(
    *books: dict[str, Any],
    number: str = "e912304de2b2ce35b473ce2ecd3d1502",
    sport: str = NBA,
    away: str = "Utah Jazz",
    home: str = "Los Angeles Clippers",
    start: str = "2027-01-17T03:40:00Z",
) -> dict[str, Any]:
    return {
        "id": number, "sport_key": sport, "sport_title": "NBA", "commence_time": start,
        "home_team": home, "away_team": away, "bookmakers": list(books),
    }  # fmt: skip


def fixture(
    *odds: dict[str, Any], number: str = "20270117AAAA", league: str = "nba", **more: Any
) -> dict[str, Any]:
    return {
        "id": number, "game_id": "1-2-2027", "start_date": "2027-01-17T03:40:00Z", "status": "unplayed", "is_live": False,
        "home_competitors": [{"id": "1"}], "away_competitors": [{"id": "2"}],
        "home_team_display": "LA Clippers", "away_team_display": "Utah Jazz",
        "sport": {"id": "basketball"}, "league": {"id": league, "name": "NBA"}, "odds": list(odds),
    } | more  # fmt: skip


def asked(
    who: str, price: Any, book: str = "Pinnacle", market: str = "Moneyline", **more: Any
) -> dict[str, Any]:
    return {
        "id": "x", "sportsbook": book, "market": market, "market_id": "moneyline", "name": who, "selection": who,
        "normalized_selection": "x", "selection_line": None, "player_id": None, "is_main": True, "price": price,
        "points": None, "timestamp": 1_800_136_740.5, "grouping_key": "default", "limits": None,
    } | more  # fmt: skip
