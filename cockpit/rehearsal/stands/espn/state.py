"""What the stage has told of games, by league: each game as it stood last, and what was played of it.

A game that has not been told of for a while and is not over is no longer listed: nobody will play it. Of those that are
over the newest stay.
"""

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND
from cockpit.rehearsal.courier import SCORES, Arrival
from cockpit.rehearsal.polymarket.terms import iso, ns_of

Body = dict[str, Any]
FORGET_NS = 300 * SECOND
FINALS = 12
"""Games of a league that are kept when they are over."""
MOST_PLAYS = 600
_SPORTS = {"nba": "basketball", "nfl": "football"}
LEAGUES = {(sport, league): league for league, sport in _SPORTS.items()}
"""Leagues by the two parts that name them in a path."""
_ERRORS = (msgspec.MsgspecError, UnicodeDecodeError, ValueError, KeyError, TypeError, IndexError)
_decode = msgspec.json.decode


class Game:
    """One game."""

    def __init__(self, event: Body) -> None:
        self.event = event
        self.told_ns = 0
        self.odds: list[Body] = []
        """As they were before it began."""
        self.plays: list[Body] = []
        self.chances: list[Body] = []

    @property
    def competition(self) -> Body:
        """What holds sides, status and situation."""
        return dict(self.event["competitions"][0])

    @property
    def state(self) -> str:
        """pre, in or post."""
        return str(self.competition["status"]["type"]["state"])

    @property
    def day(self) -> date:
        """Of its start, in New York."""
        return local(ns_of(self.event["date"])).date()

    def tell(self, event: Body, ts: int) -> None:
        """It stands like this from a moment (ns UTC) on."""
        self.event, self.told_ns = event, ts
        one = self.competition
        self.odds = one.get("odds") or self.odds
        last = (one.get("situation") or {}).get("lastPlay")
        if last and (not self.plays or self.plays[-1]["id"] != last["id"]):
            self.plays = [*self.plays[-MOST_PLAYS:], _play(last, one, ts)]
            if "probability" in last:
                said = {key: last["probability"][key] for key in ("homeWinPercentage", "tiePercentage")}
                self.chances = [*self.chances[-MOST_PLAYS:], said | {"playId": last["id"]}]

    def past(self, body: Body) -> None:
        """A summary tells what was played before anybody looked."""
        known = {play["id"] for play in body["plays"]}
        self.plays = [*body["plays"], *(play for play in self.plays if play["id"] not in known)]
        self.chances = [*body["winprobability"], *self.chances]
        self.odds = body["pickcenter"] or self.odds

    def summary(self) -> Body:
        """The answer to a question for it."""
        one = {key: value for key, value in self.competition.items() if key not in ("odds", "situation")}
        header = {"id": self.event["id"], "season": self.event["season"], "competitions": [one]}
        return {
            "header": header,
            "pickcenter": self.odds,
            "plays": self.plays,
            "winprobability": self.chances,
        }


class League:
    """One league's games, and what stands around them in a scoreboard."""

    def __init__(self) -> None:
        self.head: Body = {"leagues": [], "season": {}}
        self.games: dict[str, Game] = {}

    def tell(self, board: Body, ts: int) -> None:
        """A scoreboard that came at a moment (ns UTC)."""
        self.head = {key: board[key] for key in ("leagues", "season", "provider") if key in board}
        for event in board["events"]:
            number = str(event["id"])
            game = self.games.get(number) or Game(event)
            game.tell(event, ts)
            self.games[number] = game
        self._forget(ts)

    def _forget(self, now: int) -> None:
        over = sorted((g.told_ns, n) for n, g in self.games.items() if g.state == "post")
        gone = [number for _, number in over[:-FINALS]]
        gone += [n for n, g in self.games.items() if g.state != "post" and g.told_ns < now - FORGET_NS]
        for number in gone:
            del self.games[number]

    def board(self, first: date, last: date, limit: int) -> Body:
        """The scoreboard of days in New York, both included."""
        games = [game for game in self.games.values() if first <= game.day <= last]
        games.sort(key=lambda game: (game.event["date"], game.event["id"]))
        day = {} if first != last else {"day": {"date": f"{first:%Y-%m-%d}"}}
        return self.head | day | {"events": [game.event for game in games[:limit]]}


class State:
    """All leagues."""

    def __init__(self) -> None:
        self.leagues: dict[str, League] = {league: League() for league in _SPORTS}

    def take(self, arrival: Arrival) -> None:
        """One frame of the stage; those of other sources, and what cannot be read, are passed over."""
        if arrival.source != SCORES:
            return
        try:
            self._take(arrival)
        except _ERRORS:
            return

    def _take(self, arrival: Arrival) -> None:
        parts = (arrival.url or "").partition("?")[0].rstrip("/").split("/")
        league = self.leagues[LEAGUES[parts[-3], parts[-2]]]
        body: Body = _decode(arrival.payload)
        if parts[-1] == "scoreboard":
            league.tell(body, arrival.t)
        elif parts[-1] == "summary":
            league.games[str(body["header"]["id"])].past(body)


def days_of(text: str, now: int) -> tuple[date, date]:
    """The days a question is for: one, or a range, as 20261203; today's where none is named.

    Raises:
        ValueError: for anything else.
    """
    if not text:
        today = local(now).date()
        return today, today
    first, _, last = text.partition("-")
    days = [datetime.strptime(each, "%Y%m%d").replace(tzinfo=UTC).date() for each in (first, last or first)]
    return days[0], days[1]


def _play(last: Body, one: Body, ts: int) -> Body:
    """A play as a summary has it, with the score and the clock it was seen at."""
    scores = {side["homeAway"]: int(side["score"]) for side in one["competitors"]}
    status = one["status"]
    told = {key: value for key, value in last.items() if key != "probability"}
    return told | {
        "homeScore": scores["home"],
        "awayScore": scores["away"],
        "period": {"number": status["period"]},
        "clock": {"displayValue": status["displayClock"]},
        "scoringPlay": last.get("scoreValue", 0) > 0,
        "wallclock": iso(ts),
    }
