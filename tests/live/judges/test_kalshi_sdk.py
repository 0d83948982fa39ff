"""The venue's own client accepts the stand-in, whatever key signs."""

import asyncio
import json
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from environment import environment

from cockpit.domain.units import SECOND
from cockpit.rehearsal.stands.faults import Control
from cockpit.rehearsal.stands.kalshi.gate import Limits, throw_away_key
from cockpit.rehearsal.stands.kalshi.venue import KEY_ID, Kalshi, Settings
from cockpit.rehearsal.stands.worlds import chain

PACKAGE = "kalshi-python-async==3.34.0"
FRAMES = 2_000
QUICK = Limits("prestige", (10_000, 10_000), (8_000, 8_000))


@pytest.fixture(scope="module")
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache = getattr(request.config, "cache", None)
    folder = cache.mkdir("judge-kalshi") if cache is not None else tmp_path_factory.mktemp("judge")
    return environment(Path(folder), "3.13", PACKAGE)


@pytest.mark.parametrize("ed25519_key", [False, True], ids=["rsa", "ed25519"])
async def test_the_official_client_finds_nothing_missing(python, tmp_path, ed25519_key):
    public, path = throw_away_key(tmp_path, ed25519_key=ed25519_key)
    # the world is some minutes old, so that no market closes under the judge
    now = time.time_ns() // (900 * SECOND) * 900 * SECOND + 60 * SECOND
    clock = Clock(now)
    venue = Kalshi(Control(time.time_ns), clock, {KEY_ID: public}, Settings(limits=QUICK))
    for arrival in islice(chain(7, now), FRAMES):
        clock.at = max(clock.at, arrival.t)
        venue.take(arrival)
    async with venue:
        script = Path(__file__).with_name("drive_kalshi_sdk.py")
        process = await asyncio.create_subprocess_exec(
            python, script, venue.places()["rest"], KEY_ID, path,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    check(json.loads(out))


def check(found: dict) -> None:
    assert found["status"] is True
    tickers = [ticker for page in found["pages"] for ticker in page]
    assert len(found["pages"]) > 2
    assert len(set(tickers)) == len(tickers)
    assert 0 < min(found["levels"]) <= max(found["levels"]) <= 3
    assert found["trades"] == 5
    assert found["candles"] >= 1
    assert found["order"] == ["resting", "5.00"]
    assert found["queue"] == [True]
    assert [found[key] for key in ("amended", "decreased", "cancelled")] == ["6.00", "4.00", "4.00"]
    assert found["taken"] == ["5.00", True]
    assert found["batch"] == ["", "invalid_price"]
    assert found["batch_cancelled"] == "5.00"
    assert found["shards"] == [0, 2]
    assert found["positions"] == 1
    assert found["fills"]
    assert found["orders"] == 3
    words = {
        "off_tick": "invalid_price",
        "post_only": "post only cross",
        "again": "order_already_exists",
        "shard": "not_found",
        "dead": "not_found",
        "stranger": "NOT_FOUND",
    }
    for key, word in words.items():
        assert word in found[key]
    assert "lte" in found["limit"] or "client" in found["limit"]


class Clock:
    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at
