"""Games as the stage's own Polymarket frames tell of them: found by tag, wiped at the start, ended by the outcome."""

import json

import pytest
from polystall import Stall

from cockpit.domain.units import BID, SECOND
from cockpit.rehearsal.pit import LOT
from cockpit.rehearsal.polymarket.market import RESOLVED
from cockpit.rehearsal.polymarket.terms import GAME
from cockpit.rehearsal.profiles import GAMES
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames


class Stage:
    """A stall that a world is played to."""

    def __init__(self):
        self.stall = Stall()
        self.world = World(5, 9.0, GAMES)
        self._frames = frames(self.world)
        self._next = next(self._frames)
        self.stall.clock.at = self.world.start

    def play(self, seconds):
        """Everything that arrives within so many seconds."""
        until = self.world.start + int(seconds * SECOND)
        while self._next is not None and self._next.t < until:
            self.stall.clock.at = max(self.stall.clock.at, self._next.t)
            self.stall.venue.take(self._next)
            self._next = next(self._frames, None)


@pytest.fixture
def stage():
    return Stage()


async def test_games_are_found_by_their_leagues_tag(stage):
    stage.play(5)
    told = {}
    for tag in ("nba", "nfl", "sports", "crypto"):
        status, page = await stage.stall.get("gamma/events/keyset", tag_slug=tag, closed="false")
        assert status == 200
        told[tag] = [event["slug"] for event in page["events"]]
    assert [len(told[tag]) for tag in ("nba", "nfl", "sports", "crypto")] == [2, 1, 3, 0]
    assert all(slug.startswith("nba-") for slug in told["nba"])
    assert {market.terms.family for market in stage.stall.state.markets.values()} == {GAME}


async def test_a_market_is_listed_as_the_world_lists_it(stage):
    stage.play(5)
    (name, pit), *_ = stage.world.scene.tokens.items()
    market = stage.stall.state.markets[name]
    assert market.terms == pit.terms
    assert market.names == pit.names
    _, (body,) = await stage.stall.get("gamma/markets", condition_ids=name)
    first = next(
        json.loads(f.payload) for f in frames(World(5, 9.0, GAMES)) if "tag_slug=nba" in (f.url or "")
    )
    (listed,) = [m for event in first["events"] for m in event["markets"] if m["conditionId"] == name]
    moving = {"events", "updatedAt", "liquidity", "liquidityNum", "liquidityClob", "outcomePrices", "spread"}
    moving |= {key for key in listed if key.startswith(("volume", "best", "last"))}
    assert {k: v for k, v in body.items() if k not in moving} == {
        k: v for k, v in listed.items() if k not in moving
    }
    _, terms = await stage.stall.get(f"clob/clob-markets/{name}")
    assert terms["fd"] == {"r": 0.05, "e": 1, "to": True}
    _, plain = await stage.stall.get(f"clob/markets/{name}")
    assert plain["game_start_time"] == body["eventStartTime"]


def test_a_book_is_wiped_when_its_game_begins_and_filled_again(stage):
    (name, pit), *_ = stage.world.scene.tokens.items()
    begins = (pit.terms.starts_ns - stage.world.start) / SECOND
    market = None
    for step in range(40):
        stage.play(begins + step / 100)
        market = stage.stall.state.markets[name]
        if market.book.empty:
            break
    assert market.book.empty
    stage.play(begins + 30)
    assert not market.book.empty
    assert (
        dict(market.sides(yes=True)[0]) == {price: qty // LOT for price, qty in pit.exchange.levels(BID)}
        or not pit.open
    )


def test_it_ends_as_the_game_does(stage):
    stage.play(1_000)
    for name, pit in stage.world.scene.tokens.items():
        market = stage.stall.state.markets[name]
        if pit.play.final + 40 * SECOND < stage.world.end:
            assert market.phase == RESOLVED
            assert market.worth() == (10_000 if pit.pays() else 0)
    done = [m for m in stage.stall.state.markets.values() if m.phase == RESOLVED]
    assert len(done) >= 2
