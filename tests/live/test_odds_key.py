"""A key that goes into the query, over a real connection: the server gets it, and nothing of ours ever holds it."""

import json
import logging

import httpx
import pytest
import zstandard
from echo import EchoVenue, Rig, raw

from cockpit.domain.errors import FeedError
from cockpit.feeds.sportsbook.feed import SportsbookFeed, Wants
from cockpit.models.teams import TEAMS
from cockpit.rehearsal.stands.asked import Answer, json_answer
from cockpit.runtime.header import make_header
from cockpit.runtime.recorder import Recorder
from cockpit.runtime.secrets import Secret
from cockpit.runtime.transport import Transport

KEY = "marker+key/0123456789"
WRITTEN = "marker%2Bkey%2F0123456789"
SPORTS = "/v4/sports"
ODDS = "/v4/sports/basketball_nba/odds"
LEFT = (("Content-Type", "application/json"), ("x-requests-remaining", "480"), ("x-requests-used", "20"))
GAME = {
    "id": "1", "sport_key": "basketball_nba", "commence_time": "2027-01-17T03:40:00Z", "home_team": "Utah Jazz",
    "away_team": "Boston Celtics", "bookmakers": [],
}  # fmt: skip


def desk(site, keys=("theoddsapi",)):
    teams = tuple(each for teams in TEAMS.values() for each in teams)
    wants = Wants(
        keys=keys,
        sports=("basketball_nba",),
        site=site,
        optic="opticodds" in keys,
        optic_site=site,
        optic_leagues=("nba",),
    )
    return SportsbookFeed(teams=teams, wants=wants)


class Reading(Rig):
    """A rig whose feed reads what comes, and whose transport has keys."""

    def __init__(self, feed, site, **secrets):
        super().__init__(feed)
        self.feed = feed
        held = secrets or {"theoddsapi": Secret(KEY, site, query="apiKey")}
        self.transport = Transport({feed.name: feed}, self.inbox, self.clock, secrets=held, trust_env=False)
        self.events, self.faults, self.read = [], [], 0

    def step(self):
        for frame in self.frames[self.read :]:
            self.read += 1
            if frame.s.startswith("sportsbook."):
                try:
                    self.events += self.feed.receive(frame)
                except FeedError as error:
                    self.faults.append(error)

    async def heard(self, condition):
        def look():
            self.step()
            return condition()

        await self.until(look)


def nowhere(*texts):
    for text in texts:
        assert "marker" not in text


def chain(error):
    """An exception with all that led to it."""
    while error is not None:
        yield f"{error!r} {error}"
        error = error.__cause__ or error.__context__


async def test_the_server_gets_the_key_and_no_frame_log_or_recording_does(caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    venue = EchoVenue()
    venue.answers[SPORTS] = Answer(200, b'[{"key":"basketball_nba","active":true}]', LEFT)
    venue.answers[ODDS] = Answer(200, json.dumps([GAME | {"echo": f"{KEY} {WRITTEN}"}]).encode(), LEFT)
    async with venue.server() as server:
        async with Reading(desk(server.http), server.http) as rig:
            await rig.heard(lambda: len(rig.events) == 3)
    asked = [each for each in venue.asked if each.method == "GET"]
    assert [each.first("apiKey") for each in asked] == [KEY, KEY]
    assert asked[1].target.endswith(f"&oddsFormat=decimal&dateFormat=iso&apiKey={WRITTEN}")
    assert rig.events[-1].left == 480
    assert "HTTP Request" in caplog.text, "httpx does write what it asks for"
    with Recorder(tmp_path / "run.jsonl.zst", make_header(created=0, settings={}), b"{}") as recorder:
        for n, frame in enumerate(rig.frames):
            recorder.write(
                n + 1, frame.t, frame.s, bytes(frame.d), url=frame.u, status=frame.st, headers=frame.h
            )
    data = (tmp_path / "run.jsonl.zst").read_bytes()
    written = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read().decode()
    assert ODDS in written
    nowhere(
        caplog.text, written, repr(rig.frames), repr(list(rig.feed.requests())), rig.feed.memory().decode()
    )


@pytest.mark.parametrize("status", [401, 404, 422, 429, 500])
async def test_a_refusal_does_not_tell_it_even_where_the_server_repeats_it(status, caplog):
    caplog.set_level(logging.DEBUG)
    venue = EchoVenue()
    venue.answers[SPORTS] = lambda asked: json_answer(
        {"message": f"bad {asked.target} {KEY}", "error_code": "INVALID_KEY"}, status
    )
    async with venue.server() as server:
        async with Reading(desk(server.http), server.http) as rig:
            await rig.heard(lambda: rig.faults)
    assert any(each.first("apiKey") == KEY for each in venue.asked)
    nowhere(caplog.text, repr(rig.frames), *(text for each in rig.faults for text in chain(each)))


async def test_a_connection_that_breaks_does_not_tell_it(caplog):
    caplog.set_level(logging.DEBUG)
    lines = []

    async def slam(reader, writer):
        lines.append(await reader.readline())

    async with raw(slam) as site:
        async with Reading(desk(site), site) as rig:
            await rig.until(rig.links)
    assert any(WRITTEN.encode() in each for each in lines)
    nowhere(caplog.text, repr(rig.frames), repr(rig.links()))


async def test_what_httpx_raises_does_not_tell_it():
    secret = Secret(KEY, "http://127.0.0.1:9", query="apiKey")
    url = f"http://127.0.0.1:9{SPORTS}"
    async with httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx.ConnectError) as caught:
            await client.get(url, extensions=secret.extensions(url))
    nowhere(*chain(caught.value), str(caught.value.request.url), repr(caught.value.request))


async def test_a_header_goes_the_same_way():
    venue = EchoVenue()
    venue.answers["/fixtures/active"] = json_answer({"data": []})
    async with venue.server() as server:
        feed = desk(server.http, ("opticodds",))
        async with Reading(feed, server.http, opticodds=Secret(KEY, server.http, header="x-api-key")) as rig:
            await rig.heard(lambda: any(frame.s == "sportsbook.opticodds" for frame in rig.frames))
    (asked,) = (each for each in venue.asked if each.method == "GET")
    assert asked.headers["x-api-key"] == KEY
    assert "marker" not in asked.target
    nowhere(repr(rig.frames))


async def test_a_question_whose_key_is_not_there_or_not_its_own_is_not_sent():
    venue = EchoVenue()
    async with venue.server() as server:
        elsewhere = {"theoddsapi": Secret(KEY, "https://api.the-odds-api.com", query="apiKey")}
        for held, why in (
            (elsewhere, "a key goes to its own address only"),
            ({"other": elsewhere["theoddsapi"]}, "no theoddsapi key"),
        ):
            async with Reading(desk(server.http), server.http, **held) as rig:
                await rig.until(lambda rig=rig: rig.links())
            assert rig.links() == [("FeedDown", "sportsbook.theoddsapi", why)]
    assert not [each for each in venue.asked if each.method == "GET"]
