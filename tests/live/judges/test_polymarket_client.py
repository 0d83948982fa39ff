"""The venue's own client accepts the stand-in: listings, books, prices, history, and the market socket.

Its hosts are settings of its own, which are pointed at the stand-in by the package's internal constructor of
environments; there is no public one.
"""

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
from cockpit.rehearsal.courier import KALSHI_WS, Arrival
from cockpit.rehearsal.stands.faults import Control
from cockpit.rehearsal.stands.polymarket.venue import Polymarket
from cockpit.rehearsal.stands.worlds import chain

PACKAGE = "polymarket-client==0.14.0"
FIRST, REST = 2_500, 2_000


@pytest.fixture(scope="module")
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache = getattr(request.config, "cache", None)
    folder = cache.mkdir("judge-polymarket") if cache is not None else tmp_path_factory.mktemp("judge")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return environment(Path(folder), version, PACKAGE)


class Clock:
    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at


def play(venue, clock, frames):
    for arrival in frames:
        clock.at = max(clock.at, arrival.t)
        venue.take(arrival)


def settle(venue, clock):
    """Every market ends at once."""
    for ticker in list(venue.state._by_ticker):
        for event, more in (("determined", {"result": "yes"}), ("settled", {})):
            msg = {"market_ticker": ticker, "event_type": event, **more}
            frame = json.dumps({"type": "market_lifecycle_v2", "msg": msg}).encode()
            venue.take(Arrival(clock.at, KALSHI_WS, frame, None))


async def test_the_official_client_finds_nothing_missing(python):
    # the world is some minutes old, so that no market closes under the judge
    now = time.time_ns() // (900 * SECOND) * 900 * SECOND + 60 * SECOND
    clock = Clock(now)
    venue = Polymarket(Control(time.time_ns), clock)
    frames = chain(7, now)
    play(venue, clock, islice(frames, FIRST))
    async with venue:
        script = Path(__file__).with_name("drive_polymarket_client.py")
        process = await asyncio.create_subprocess_exec(
            python, script, json.dumps(venue.places()), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        if (await process.stdout.readline()).startswith(b"listening"):
            for arrival in islice(frames, REST):
                play(venue, clock, [arrival])
                await asyncio.sleep(0)
            settle(venue, clock)
        out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    check(json.loads(out))


def check(found: dict) -> None:
    slugs = [slug for page in found["pages"] for slug in page]
    assert len(found["pages"]) > 2
    assert len(set(slugs)) == len(slugs) == 9
    assert found["event"][1:] == [3, ["crypto", "bitcoin", "crypto-prices"]]
    assert (found["markets"], found["closed"]) == (12, 0)
    assert found["labels"] == [["Up", "Down"], ["Yes", "No"]]
    assert (found["fees"], found["fee"]) == (["0.07"], ["0.07", "1"])
    assert found["ticks"] == ["0.001", "0.01"]
    assert found["tag"] == "Crypto"
    assert min(found["levels"]) > 0
    assert found["best_last"] is True
    assert found["trades"] == 5
    assert found["more_trades"] is True
    assert found["points"] >= 1
    assert (found["no_slug"], found["no_token"]) == (404, 404)
    assert found["heard"] == ["best_bid_ask", "book", "last_trade_price", "market_resolved", "price_change"]
    assert found["dropped"] == 0
