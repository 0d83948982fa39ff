"""The score source's stand-in over a real socket, and the settings that lead a client there."""

import time
from itertools import takewhile
from pathlib import Path

import httpx
import pytest

from cockpit.cli.rehearse import against
from cockpit.domain.units import SECOND
from cockpit.rehearsal.profiles import GAMES
from cockpit.rehearsal.stands.espn import venue
from cockpit.rehearsal.stands.faults import Control, Faults
from cockpit.rehearsal.stands.table import troupe
from cockpit.rehearsal.stands.worlds import chain
from cockpit.settings.tree import Settings

START = 1_796_000_100 * SECOND // (900 * SECOND) * 900 * SECOND + 60 * SECOND
BOARD = "/apis/site/v2/sports/basketball/nba/scoreboard"


@pytest.fixture(scope="module")
def frames():
    """Half a minute of a world of games."""
    return list(takewhile(lambda arrival: arrival.t < START + 30 * SECOND, chain(7, START, GAMES)))


async def test_questions_and_faults(frames):
    control = Control(time.time_ns)
    stand, _ = venue.made(control, lambda: START + 30 * SECOND, Path())
    async with stand:
        for arrival in frames:
            stand.take(arrival)
        assert set(stand.places()) == {"site"}
        async with httpx.AsyncClient(base_url=stand.places()["site"], trust_env=False) as http:
            answer = await http.get(BOARD)
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "max-age=2")
            games = answer.json()["events"]
            assert len(games) == 3
            same = await http.get(BOARD, headers={"If-None-Match": answer.headers["etag"]})
            assert (same.status_code, same.content) == (304, b"")
            after = await http.get(BOARD.replace("scoreboard", "summary"), params={"event": games[0]["id"]})
            assert after.json()["header"]["id"] == games[0]["id"]
            assert (await http.get("/apis/site/v2/sports/hockey/nhl/scoreboard")).status_code == 404
            control.set(Faults(status=503, retry_after_s=2))
            refused = await http.get(BOARD)
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")


async def test_a_rehearsal_watches_the_games_of_its_stand_ins(frames, tmp_path):
    now = START + 30 * SECOND
    async with troupe(iter(frames), lambda: now, tmp_path) as running:
        while running.stage.play() == 0.0:
            pass
        chosen = await against(Settings(), running.places)
        assert chosen.espn.on
        assert chosen.espn.site == running.places["espn"]["site"]
        assert {"KXNBAGAME", "KXNFLGAME"} <= set(chosen.kalshi.series)
        assert {"nba", "nfl"} <= set(chosen.polymarket.tags)
        places = {name: each for name, each in running.places.items() if name != "espn"}
        assert not (await against(Settings(), places)).espn.on
