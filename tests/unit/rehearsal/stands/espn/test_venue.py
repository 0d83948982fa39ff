"""The score source's stand-in without a network: a world's frames in, questions by hand."""

import json
from functools import cache
from itertools import takewhile
from urllib.parse import urlencode

import msgspec
import pytest

from cockpit.domain.games import Phase
from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame
from cockpit.rehearsal.courier import SCORES, Arrival
from cockpit.rehearsal.profiles import GAMES
from cockpit.rehearsal.stands.asked import make_asked
from cockpit.rehearsal.stands.espn.state import FINALS, days_of
from cockpit.rehearsal.stands.espn.venue import Espn
from cockpit.rehearsal.stands.faults import Control
from cockpit.rehearsal.stands.worlds import chain
from cockpit.runtime.feeds import recorded

QUARTER = 900 * SECOND
START = 1_796_310_000 * SECOND // QUARTER * QUARTER
"""3 December 2026, 15:00 UTC: ten in the morning in New York."""
NBA, NFL = ("/apis/site/v2/sports/" + path for path in ("basketball/nba", "football/nfl"))


@cache
def told() -> tuple[Arrival, ...]:
    """The score source's frames of a quarter hour and a half."""
    end = START + QUARTER + QUARTER // 2
    frames = takewhile(lambda arrival: arrival.t < end, chain(7, START + SECOND, GAMES))
    return tuple(arrival for arrival in frames if arrival.source == SCORES)


class Stall:
    """A stand-in that is told of a world."""

    def __init__(self) -> None:
        self.at = START + SECOND
        self.venue = Espn(Control(lambda: self.at), lambda: self.at)
        self._frames = iter(told())
        self._next = next(self._frames)

    def play(self, until_s: float) -> None:
        """Everything that arrives within so many seconds of the quarter hour."""
        self.at = START + int(until_s * SECOND)
        while self._next is not None and self._next.t <= self.at:
            self.venue.take(self._next)
            self._next = next(self._frames, None)

    def ask(self, path, *, headers=None, method="GET", **query):
        """Status, headers and body of an answer."""
        target = f"{path}?{urlencode(query)}" if query else path
        answer = self.venue.respond(make_asked(method, target, headers or {}))
        return answer.status, dict(answer.headers), json.loads(answer.body or b"null")

    def board(self, league=NBA, **query):
        """Events by id, and their statuses' names."""
        status, _, body = self.ask(f"{league}/scoreboard", **query)
        assert status == 200
        return {e["id"]: e["competitions"][0]["status"]["type"]["name"] for e in body["events"]}

    def read(self, path, **query):
        """What the program's own feed makes of an answer."""
        _, _, body = self.ask(path, **query)
        raw = msgspec.Raw(msgspec.json.encode(body))
        receivers = recorded(())
        url = f"https://site.api.espn.com{path}?{urlencode(query)}"
        events = receivers.get(SCORES)(Frame(1, self.at, SCORES, raw, u=url, st=200))
        assert not receivers.census()
        return events


@pytest.fixture
def stall():
    made = Stall()
    made.play(200.0)
    return made


def test_a_scoreboard_of_a_day_a_range_and_of_today(stall) -> None:
    today = stall.board()
    assert len(today) == 3
    assert stall.board(dates="20261203") == stall.board(dates="20261203-20261210", limit=300) == today
    assert stall.board(dates="20261204") == {}
    assert stall.board(dates="20261201-20261202") == {}
    assert len(stall.board(dates="20261203", limit=2)) == 2
    assert len(stall.board(NFL)) == 1
    assert stall.board("/apis/site/v2/sports/football/nfl", dates="20261203") == stall.board(NFL)


def test_answers_are_those_the_stage_has_told_last(stall) -> None:
    last = [a for a in told() if a.t <= stall.at and f"{NBA}/scoreboard" in a.url][-1]
    _, headers, body = stall.ask(f"{NBA}/scoreboard", dates="20261203")
    by_id = {event["id"]: event for event in json.loads(last.payload)["events"]}
    assert {event["id"]: event for event in body["events"]} == by_id
    assert headers["Cache-Control"] == "max-age=2"
    assert headers["Content-Type"] == "application/json"


def test_the_programs_feed_reads_every_answer(stall) -> None:
    phases = set()
    for until in range(200, 890, 30):
        stall.play(until)
        for league in (NBA, NFL):
            games = [event.game for event in stall.read(f"{league}/scoreboard", dates="20261203")]
            phases |= {game.phase for game in games}
            for game in games:
                seen = stall.read(f"{league}/summary", event=game.id.partition(" ")[2])
                assert seen
                assert seen[-1].game.phase == game.phase
    assert phases == {Phase.PRE, Phase.LIVE, Phase.BREAK, Phase.FINAL}


def test_what_has_not_changed_is_not_sent_again(stall) -> None:
    status, headers, _ = stall.ask(f"{NBA}/scoreboard")
    again = {"if-none-match": headers["ETag"]}
    assert status == 200
    assert stall.ask(f"{NBA}/scoreboard", headers=again) == (304, headers, None)
    stall.play(230.0)
    status, later, body = stall.ask(f"{NBA}/scoreboard", headers=again)
    assert (status, later["ETag"] != headers["ETag"], bool(body)) == (200, True, True)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/", {}),
        ("/apis/site/v2/sports/basketball/wnba/scoreboard", {}),
        ("/apis/site/v2/sports/football/nba/scoreboard", {}),
        (f"{NBA}/teams", {}),
        (f"{NBA}/summary", {}),
        (f"{NBA}/summary", {"event": "1"}),
    ],
)
def test_what_there_is_not(stall, path: str, query: dict[str, str]) -> None:
    status, _, body = stall.ask(path, **query)
    assert status == 404
    assert body["code"] == 404
    assert stall.ask(f"{NBA}/scoreboard", method="POST")[0] == 404


@pytest.mark.parametrize("query", [{"dates": "x"}, {"dates": "2026-12-03"}, {"limit": "x"}])
def test_what_cannot_be_read(stall, query: dict[str, str]) -> None:
    assert stall.ask(f"{NBA}/scoreboard", **query)[0] == 400


def test_a_summary_grows_with_the_game(stall) -> None:
    (number,) = stall.board(NFL)
    _, _, before = stall.ask(f"{NFL}/summary", event=number)
    stall.play(500.0)
    _, _, after = stall.ask(f"{NFL}/summary", event=number)
    assert len(after["plays"]) > len(before["plays"])
    ids = [play["id"] for play in after["plays"]]
    assert len(ids) == len(set(ids))
    totals = [play["homeScore"] + play["awayScore"] for play in after["plays"]]
    assert totals == sorted(totals)
    assert {each["playId"] for each in after["winprobability"]} <= set(ids)
    assert after["pickcenter"][0]["provider"]["name"] == "DraftKings"


def test_the_line_of_a_game_is_kept_when_it_has_begun(stall) -> None:
    pre = next(number for number, name in Stall.board(_started(), NBA).items() if name == "STATUS_SCHEDULED")
    assert stall.board()[pre] != "STATUS_SCHEDULED"
    _, _, body = stall.ask(f"{NBA}/summary", event=pre)
    assert body["pickcenter"][0]["spread"] == -1.5
    assert "odds" not in body["header"]["competitions"][0]


def _started() -> Stall:
    """At the world's beginning, when one game is yet to begin."""
    made = Stall()
    made.play(10.0)
    return made


def test_the_next_worlds_games_stand_beside_the_last_ones(stall) -> None:
    before = stall.board()
    stall.play(905.0)
    both = stall.board()
    assert before.keys() <= both.keys()
    assert len(both) == len(before) + 2
    finals = [name for number, name in both.items() if number in before]
    assert finals.count("STATUS_FINAL") >= 1
    stall.play(1_000.0)
    assert [stall.board()[number] for number in before].count("STATUS_FINAL") == 2


def test_games_nobody_tells_of_any_more_are_gone() -> None:
    stall = _started()
    event = json.loads(told()[0].payload)
    league = stall.venue.state.leagues["nba"]
    for number in range(FINALS + 4):
        body = json.loads(msgspec.json.encode(event["events"][0]))
        body["id"] = str(number)
        body["competitions"][0]["status"]["type"]["state"] = "post" if number else "pre"
        league.tell(event | {"events": [body]}, stall.at + number)
    assert {str(number) for number in range(4, FINALS + 4)} <= league.games.keys()
    assert "1" not in league.games
    assert "0" in league.games
    league.tell(event, stall.at + 400 * SECOND)
    assert "0" not in league.games


@pytest.mark.parametrize(
    "payload", [b"", b"{}", b"[1]", b'{"events":[{}]}', b'{"events":[{"id":"1"}]}', b"\xff"]
)
def test_what_cannot_be_read_is_passed_over(stall, payload: bytes) -> None:
    before = stall.board()
    for url in (f"https://x{NBA}/scoreboard", f"https://x{NBA}/summary?event=1", "https://x/y", None):
        stall.venue.take(Arrival(stall.at, SCORES, payload, url))
    stall.venue.take(Arrival(stall.at, "kalshi.ws", payload, None))
    assert stall.board() == before


def test_days() -> None:
    today = local(START).date()
    assert days_of("", START) == (today, today)
    first, last = days_of("20261203-20261210", START)
    assert (last - first).days == 7
    with pytest.raises(ValueError, match="match format"):
        days_of("20261203-x", START)
