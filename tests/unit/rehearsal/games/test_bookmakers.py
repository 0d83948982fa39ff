"""The books of a rehearsal: read by the feed like the real service's, near the truth, with a margin each."""

from itertools import takewhile

import msgspec
import pytest

from cockpit.domain.books import BookGame
from cockpit.domain.events import OddsSeen
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame
from cockpit.feeds.sportsbook.feed import SportsbookFeed
from cockpit.models.teams import TEAMS
from cockpit.rehearsal.games.bookmakers import BOOKS, EVERY_NS, LATE_NS, SOURCE
from cockpit.rehearsal.games.play import Play
from cockpit.rehearsal.profiles import DEMO
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames


@pytest.fixture(scope="module")
def evening() -> tuple[dict[str, Play], list[tuple[int, BookGame]]]:
    """The games, and what the feed heard of them in a few minutes."""
    world = World(22, 5.0, DEMO)
    feed = SportsbookFeed(teams=tuple(each for teams in TEAMS.values() for each in teams))
    found = []
    for arrival in takewhile(lambda each: each.t < world.start + 2 * EVERY_NS, frames(world)):
        if arrival.source == SOURCE:
            frame = Frame(1, arrival.t, SOURCE, msgspec.Raw(arrival.payload), u=arrival.url, st=200)
            found += [(arrival.t, told.game) for told in feed.receive(frame) if isinstance(told, OddsSeen)]
    assert world.scene is not None
    return {play.id: play for play in (*world.scene.plays, *world.scene.listed)}, found


def test_every_game_by_every_book(evening: tuple[dict[str, Play], list[tuple[int, BookGame]]]) -> None:
    games, found = evening
    assert {game.id for _, game in found} == set(games)
    assert len(found) == 2 * len(games)
    assert {len({price.book for price in game.prices}) for _, game in found} == {len(BOOKS)}


def test_a_book_is_near_the_truth_and_takes_a_margin(
    evening: tuple[dict[str, Play], list[tuple[int, BookGame]]],
) -> None:
    games, found = evening
    for at, game in found:
        for book in BOOKS:
            stated = {p.outcome: 10_000 / p.odds for p in game.prices if p.book == book.key}
            assert 1.0 < sum(stated.values()) < 1.09
            home = stated[game.home] / sum(stated.values())
            truth = games[game.id].chance(at - LATE_NS)
            assert home == pytest.approx(truth, abs=0.05)
        assert at - game.prices[0].updated_ns < 20 * SECOND
