"""A world of games as its recording shows it: every frame is read by the program's own feeds, and the ends agree."""

import json
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise

import msgspec
import pytest

from cockpit.domain.games import Phase
from cockpit.domain.units import MILLISECOND, PRICE, SECOND
from cockpit.feeds.base import Frame
from cockpit.rehearsal.courier import KALSHI_REST, KALSHI_WS, SCORES
from cockpit.rehearsal.games.bookmakers import SOURCE as ODDS
from cockpit.rehearsal.happenings import Moved, Staged, Ticked
from cockpit.rehearsal.profiles import CLOSE_NS, CRYPTO, DEMO, GAMES
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames
from cockpit.runtime.feeds import recorded

from .conftest import walk  # noqa: TID252  the tests are no package


@cache
def read():
    """Every frame's events, by the feeds that read a recording, with when they came; and what the feeds tolerated."""
    receivers = recorded(("synthetic",))
    found = []
    for number, arrival in enumerate(walk().arrivals, start=1):
        status = None if arrival.url is None else 200
        frame = Frame(
            number, arrival.t, arrival.source, msgspec.Raw(arrival.payload), u=arrival.url, st=status
        )
        found += [(arrival, event) for event in receivers.get(arrival.source)(frame)]
    return found, receivers.census()


def events(kind):
    return [(arrival, event) for arrival, event in read()[0] if type(event).__name__ == kind]


def games_seen():
    """By the source's number: when each answer came, and the game in it."""
    found = defaultdict(list)
    for arrival, event in events("GameSeen"):
        found[event.game.id.partition(" ")[2]].append((arrival.t, event.game))
    return found


def test_every_frame_is_read_without_a_doubt() -> None:
    told, census = read()
    assert not [name for name in census if not name.startswith(("coinbase", "kraken"))]
    kinds = Counter(type(event).__name__ for _, event in told)
    assert {"GameSeen", "GamePast", "MarketListed", "MarketSettled", "BookDelta", "Trade"} <= kinds.keys()


def test_the_score_source_is_asked_every_ten_seconds_while_there_is_a_game() -> None:
    boards = [a for a in walk().arrivals if a.source == SCORES and "/nba/scoreboard?dates=20261203" in a.url]
    gaps = [(b.t - a.t) / SECOND for a, b in pairwise(boards)]
    # the longest is after the last game's end
    assert all(9.5 < gap < 10.5 for gap in gaps[:-2])
    summaries = [a for a in walk().arrivals if a.source == SCORES and "summary" in a.url]
    assert len(summaries) == 2
    assert max(a.t for a in summaries) < walk().world.start + 2 * SECOND


def test_scores_lie_some_seconds_back_and_never_go_back() -> None:
    world = walk().world
    for play in world.scene.plays:
        answers = games_seen()[play.id]
        before = None
        for ts, game in answers:
            boards = [play.at(ts - late * SECOND // 4) for late in range(14, 56)]
            assert any(
                (game.away_score, game.home_score, game.period) == (*board.scores, board.period)
                for board in boards
            )
            if before is not None:
                assert (game.period, -game.clock_ms) >= (
                    before.period,
                    -before.clock_ms,
                ) or game.phase == "final"
                assert game.home_score >= before.home_score
            before = game
        assert before.phase is Phase.FINAL


def test_a_game_is_played_from_its_beginning_to_its_settlement_with_an_overtime() -> None:
    world = walk().world
    first = world.scene.plays[0]
    seen = games_seen()[first.id]
    assert seen[0][1].phase is Phase.PRE
    assert seen[0][1].line.spread == -150
    phases = [(game.phase, game.period) for _, game in seen]
    for wanted in [(Phase.LIVE, period) for period in range(1, 6)] + [(Phase.FINAL, 5)]:
        assert wanted in phases
    ends = {name: floor for name, floor in world.scene.floors.items() if floor.play is first}
    told = defaultdict(list)
    for _, event in events("MarketSettled"):
        told[event.ticker].append((event.state.value, event.value))
    for name, floor in ends.items():
        value = PRICE if floor.won else 0
        assert told[name] == [("determined", value), ("final", None), ("final", value)]
    (tokens,) = [pit for pit in world.scene.tokens.values() if pit.play is first]
    final = told[tokens.market.ticker]
    assert set(final) == {("final", PRICE if tokens.pays() else 0)}


def test_the_close_moves_to_the_result_and_nothing_trades_after_it() -> None:
    closes = {}
    messages = [json.loads(a.payload) for a in walk().arrivals if a.source == KALSHI_WS]
    for frame in messages:
        msg = frame["msg"]
        if msg.get("event_type") == "close_date_updated":
            closes[msg["market_ticker"]] = msg["close_ts"]
    world = walk().world
    assert closes.keys() == world.scene.floors.keys()
    for name, close in closes.items():
        play = world.scene.floors[name].play
        assert 8 <= close - play.final / SECOND < 9
    for frame in messages:
        if frame["type"] in ("orderbook_delta", "trade"):
            assert frame["msg"]["ts_ms"] / 1000 < closes[frame["msg"]["market_ticker"]]
    last = [
        json.loads(a.payload)["market"]
        for a in walk().arrivals
        if a.source == KALSHI_REST and "/markets/" in a.url
    ]
    finals = [body for body in last if body["status"] == "finalized"]
    assert {body["expiration_value"] for body in finals} == {
        body["yes_sub_title"] for body in finals if body["result"] == "yes"
    }


def test_polymarkets_book_is_wiped_when_the_game_begins() -> None:
    world = World(5, 9.0, GAMES)
    pit = next(iter(world.scene.tokens.values()))
    start = pit.terms.starts_ns
    sizes = []
    for happening in world.happenings():
        if start <= happening.ts <= start + SECOND // 10:
            sizes.append(len(pit.exchange.levels(1)) + len(pit.exchange.levels(-1)))
        if happening.ts > start + SECOND:
            break
    assert start > world.start
    assert min(sizes) == 0


def test_both_venues_quote_around_the_games_chance() -> None:
    world = World(9, 9.0, GAMES)
    gaps = defaultdict(list)
    for happening in world.happenings():
        what = happening.what if isinstance(happening, Staged) else happening
        if (
            isinstance(what, Ticked)
            and what.market in world.scene.floors
            and what.top.bid
            and what.top.ask < PRICE
        ):
            gaps["kalshi"].append(
                abs((what.top.bid + what.top.ask) / 2 / PRICE - world.fair(what.market, what.ts))
            )
        if isinstance(what, Moved) and what.market in world.scene.tokens:
            top = world.scene.tokens[what.market].top()
            if top.bid and top.ask < PRICE:
                gaps["polymarket"].append(
                    abs((top.bid + top.ask) / 2 / PRICE - world.fair(what.market, what.ts))
                )
    for venue in ("kalshi", "polymarket"):
        assert len(gaps[venue]) > 300
        assert sum(gaps[venue]) / len(gaps[venue]) < 0.04


def test_the_truth_tells_the_games() -> None:
    world = walk().world
    told = world.truth()["games"]
    assert told.keys() == {play.id for play in world.scene.plays}
    finals = {number: seen[-1][1] for number, seen in games_seen().items()}
    for number, truth in told.items():
        game = finals[number]
        assert (truth["away"], truth["home"]) == (game.away, game.home)
        assert (truth["away_score"], truth["home_score"]) == (game.away_score, game.home_score)
        assert truth["home_won"] == (game.home_score > game.away_score)
        assert 0.2 < truth["before"] < 0.8
    assert json.loads(msgspec.json.encode(world.truth()))["games"] == told


def test_with_games_everyone_else_does_the_same() -> None:
    """All that is not of a game: the same messages, a few of them behind one of a game, and the same truth."""
    evening = msgspec.structs.replace(DEMO, speech=None, weather=None)
    profile = msgspec.structs.replace(evening, games=None)
    alone, both = World(22, 2.5, profile), World(22, 2.5, evening)
    games = [*both.scene.floors, *both.scene.tokens] if both.scene else []
    marks = [name.encode() for name in games] + [b"NBAGAME", b"NFLGAME", b"nba-", b"nfl-", b"tag_slug"]

    def other(arrival):
        told = arrival.payload + (arrival.url or "").encode()
        return arrival.source not in (SCORES, ODDS) and not any(mark in told for mark in marks)

    def plain(arrival):
        """A frame without its place in its channel's order."""
        if arrival.source == KALSHI_WS:
            frame = json.loads(arrival.payload)
            return frame | {"seq": 0}
        return arrival.payload

    before = [a for a in frames(alone) if other(a)]
    after = [a for a in frames(both) if other(a)]
    assert [plain(a) for a in after] == [plain(a) for a in before]
    moved = [abs(a.t - b.t) for a, b in zip(before, after, strict=True)]
    assert max(moved) < 100 * MILLISECOND
    assert sum(each > MILLISECOND // 10 for each in moved) < len(moved) // 100
    truth = both.truth()
    assert truth.pop("games")
    assert truth == alone.truth()


def test_the_same_seed_plays_the_same_games_and_another_one_others() -> None:
    one, same, other = (World(seed, 3.0, GAMES).truth()["games"] for seed in (5, 5, 6))
    assert one == same
    assert one != other


def test_a_world_without_games_has_none() -> None:
    world = World(3, 2.5, CRYPTO)
    assert world.scene is None
    assert "games" not in world.truth()


def test_a_games_chance_can_be_asked_for() -> None:
    world = World(5, 3.0, GAMES)
    for name, floor in world.scene.floors.items():
        assert world.fair(name, CLOSE_NS) == floor.worth(CLOSE_NS)
    with pytest.raises(KeyError):
        world.fair("KXNBAGAME-NONE", CLOSE_NS)
