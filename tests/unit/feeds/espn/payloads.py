"""An invented site that speaks the recorded shapes, and a feed that listens to it."""

from collections.abc import Sequence
from typing import Any

import msgspec

from cockpit.domain.events import Event, GameSeen
from cockpit.domain.games import Game
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame, Poll
from cockpit.feeds.espn.bodies import GameBody
from cockpit.feeds.espn.feed import EspnFeed
from cockpit.feeds.espn.games import Codes
from cockpit.models.teams import TEAMS

Json = dict[str, Any]

SITE = "https://site.test"
NBA = f"{SITE}/apis/site/v2/sports/basketball/nba"
NFL = f"{SITE}/apis/site/v2/sports/football/nfl"
T0 = 1_800_057_600 * SECOND
"""16 January 2027, 0:00 UTC: seven in the evening of the 15th in New York."""
START = "2027-01-16T00:00Z"
MINUTE = 60 * SECOND
ALL = tuple(each for teams in TEAMS.values() for each in teams)
NAMES = {
    "pre": "STATUS_SCHEDULED",
    "in": "STATUS_IN_PROGRESS",
    "post": "STATUS_FINAL",
}


def status(
    state: str = "in",
    period: Any = 2,
    clock: Any = 98.0,
    shown: str | None = "1:38",
    name: str | None = None,
    completed: Any = None,
) -> Json:
    """A status; what is None is left out."""
    kind = {
        "id": "2",
        "name": name or NAMES.get(state, ""),
        "state": state,
        "completed": state == "post" if completed is None else completed,
        "description": "words",
        "detail": "longer words",
        "shortDetail": f"{shown} - {period}",
    }
    stated = {"clock": clock, "displayClock": shown, "period": period}
    return {"type": kind} | {name: value for name, value in stated.items() if value is not None}


def side(where: str, code: str, number: str, score: Any = "0", **more: Any) -> Json:
    """One competitor."""
    return {
        "id": number,
        "homeAway": where,
        "team": {"id": number, "abbreviation": code, "displayName": code},
        "score": score,
        "records": [{"summary": "1-1"}],
        **more,
    }


def event(
    number: str = "401700001",
    away: tuple[str, str] = ("UTAH", "26"),
    home: tuple[str, str] = ("TOR", "28"),
    score: tuple[Any, Any] = ("47", "51"),
    standing: Json | None = None,
    date: str = START,
    season: int = 2,
    **more: Any,
) -> Json:
    """A scoreboard's event: home first, as recorded ones have it. ``more`` goes into its competition."""
    told = standing or status()
    return {
        "id": number,
        "uid": f"s:40~l:46~e:{number}",
        "date": date,
        "name": "Away at Home",
        "season": {"year": 2027, "type": season, "slug": "regular-season"},
        "status": told,
        "competitions": [
            {
                "id": number,
                "date": date,
                "neutralSite": False,
                "competitors": [side("home", *home, score[1]), side("away", *away, score[0])],
                "status": told,
                "format": {"regulation": {"periods": 4}},
                **more,
            }
        ],
    }


def pre(**more: Any) -> Json:
    """A game to come."""
    more = {"score": ("0", "0"), "standing": status("pre", 0, 0.0, "0.0")} | more
    return event(**more)


def at(period: int, clock: float, home: int, away: int, play: int | None = None, **more: Any) -> Json:
    """A live game."""
    last = {"lastPlay": {"id": str(play), "type": {"id": "1", "text": "x"}}} if play is not None else {}
    return event(
        score=(str(away), str(home)), standing=status("in", period, clock, None), situation=last, **more
    )


def scoreboard(*events: Json) -> Json:
    """An answer."""
    return {"leagues": [{"id": "46"}], "season": {"year": 2027, "type": 2}, "events": list(events)}


def words(details: str = "UTAH -2.5", total: Any = 229) -> Json:
    """The line of 2022."""
    return {"provider": {"id": "45", "name": "A Book", "priority": 1}, "details": details, "overUnder": total}


def numbers(details: str = "UTAH -6.5", spread: Any = 6.5, home: Any = 180, away: Any = -220) -> Json:
    """The line of 2025."""
    return {
        "provider": {"id": "58", "name": "B Book"},
        "details": details,
        "overUnder": 222.5,
        "spread": spread,
        "overOdds": -115.0,
        "homeTeamOdds": {"favorite": False, "moneyLine": home, "spreadOdds": -110.0},
        "awayTeamOdds": {"favorite": True, "moneyLine": away},
    }


def closes(
    details: str = "TOR -11.5",
    line: Any = "-11.5",
    home: Any = "-550",
    away: Any = "+410",
    spread: Any = -11.5,
) -> Json:
    """The line of 2026. Its opening numbers are placeholders."""
    opening = {"odds": "-110", "line": "-1.5"}
    return {
        "provider": {"id": "100", "name": "C Book"},
        "details": details,
        "spread": spread,
        "homeTeamOdds": {"favorite": True, "team": {"id": "28"}},
        "awayTeamOdds": {"favorite": False, "team": {"id": "26"}},
        "moneyline": {
            "home": {"open": opening, "close": {"odds": home}},
            "away": {"open": opening, "close": {"odds": away}},
        },
        "pointSpread": {"home": {"open": opening, "close": {"line": line, "odds": "-108"}}},
        "total": {"over": {"open": opening, "close": {"line": "o175.5", "odds": "-112"}}},
    }


def play(
    number: int,
    wall: str,
    period: int,
    clock: str,
    away: int,
    home: int,
    kind: str = "Jump Shot",
    **more: Any,
) -> Json:
    """A summary's play."""
    return {
        "id": str(number),
        "sequenceNumber": str(number),
        "type": {"id": "92", "text": kind},
        "text": "somebody did something",
        "homeScore": home,
        "awayScore": away,
        "period": {"number": period, "displayValue": "x"},
        "clock": {"displayValue": clock},
        "scoringPlay": False,
        "scoreValue": 0,
        "wallclock": wall,
        "team": {"id": "28"},
        "coordinate": {"x": -214748340, "y": -214748365},
        **more,
    }


def summary(game: Json, lines: Any = (), plays: Any = (), chances: Any = ()) -> Json:
    """A summary of a game of a scoreboard."""
    one = {k: v for k, v in game["competitions"][0].items() if k not in ("odds", "situation")}
    header = {"id": game["id"], "season": game["season"], "competitions": [one]}
    rows = [{"playId": str(at), "homeWinPercentage": chance, "tiePercentage": 0} for at, chance in chances]
    return {"header": header, "pickcenter": list(lines), "plays": list(plays), "winprobability": rows}


def body(of: Json) -> GameBody:
    """An event in its shape."""
    return msgspec.json.decode(msgspec.json.encode(of), type=GameBody)


def codes() -> Codes:
    """The crosswalk, with a census of its own."""
    return Codes(ALL, EspnFeed(teams=()).census)


class Site:
    """A feed and the answers to what it asks."""

    def __init__(self, **settings: Any) -> None:
        self.feed = EspnFeed(teams=ALL, site=SITE, **settings)
        self.t = T0

    def answer(
        self, of: Any, url: str = f"{NBA}/scoreboard", st: int = 200, after: int = SECOND
    ) -> Sequence[Event]:
        """Hand an answer to the feed, some time after the last."""
        self.t += after
        data = of if isinstance(of, bytes) else msgspec.json.encode(of)
        return self.feed.receive(Frame(0, self.t, "espn.site", msgspec.Raw(data), u=url, st=st))

    def games(self, *events: Json, url: str = f"{NBA}/scoreboard", after: int = SECOND) -> list[Game]:
        """The games told when a scoreboard names these."""
        told = self.answer(scoreboard(*events), url, after=after)
        assert all(isinstance(each, GameSeen) for each in told)
        return [each.game for each in told if isinstance(each, GameSeen)]

    def polls(self) -> dict[str, int]:
        """Standing questions: what follows the site's path, and how often in seconds."""
        root = f"{SITE}/apis/site/v2/sports/"
        polls = [each for each in self.feed.requests() if isinstance(each, Poll)]
        assert all(each.source == "espn.site" for each in polls)
        return {each.url.removeprefix(root): each.every_ns // SECOND for each in polls}

    def asked(self) -> list[str]:
        """What is asked once."""
        asks = self.feed.asks()
        assert all(each.every_ns == 0 for each in asks)
        return [each.url for each in asks]
