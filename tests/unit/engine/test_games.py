"""Games in the engine: joined to their markets or refused, priced by fresh messages, traded by the rules, settled."""

import itertools

import msgspec
import pytest

from cockpit.domain.effects import OrderFilled, OrderPlaced
from cockpit.domain.events import BookDelta, EventScheduled, GamePast, GameSeen, MarketListed
from cockpit.domain.games import GameLine, Phase, Played
from cockpit.domain.units import ASK, MONEY, QTY, SECOND
from cockpit.engine.engine import Engine, restore
from cockpit.engine.games import OTHER_START, TWO_GAMES
from cockpit.engine.tracks import PAST
from cockpit.engine.views.games import Games
from cockpit.engine.views.view import view
from cockpit.models.devig import moneyline
from tests.unit.engine.played import AWAY, EVENT, GAME, HOME, LANES, LINE, PM, T0, TIP, Arena, listed

BOOK = moneyline(LINE.home, LINE.away).mid


@pytest.fixture
def arena():
    return Arena().list_kalshi().list_polymarket().book(HOME, 40, 42).book(AWAY, 58, 60).book(PM, 57, 60)


def board(arena):
    return Games(arena.engine, arena.watch).board()


def test_before_the_game_the_book_s_chance_is_ours_on_every_market(arena):
    arena.say().at(1)
    assert arena.fair(HOME) == pytest.approx(BOOK, abs=1e-6)
    assert arena.fair(AWAY) == pytest.approx(1 - BOOK, abs=1e-6)
    assert arena.fair(PM) == pytest.approx(1 - BOOK, abs=1e-6)


def test_the_line_before_the_game_is_kept_while_it_is_played(arena):
    arena.say().at(1)
    arena.live(1, 700, 0, 2, line=None).at(2)
    kept = arena.fair(HOME)
    arena.live(1, 700, 0, 2, line=GameLine("Book", -2_000)).at(3)
    assert arena.fair(HOME) == pytest.approx(kept)
    assert arena.engine.state.board.tracks["nba 7"].line == LINE


def test_a_line_first_heard_in_the_game_is_better_than_none(arena):
    arena.live(1, 700, 0, 2, line=None).at(1)
    without = arena.fair(HOME)
    arena.live(1, 700, 0, 2, line=LINE).at(2)
    assert arena.fair(HOME) != pytest.approx(without, abs=0.02)


def test_a_lead_moves_both_sides(arena):
    arena.say().at(1)
    arena.live(4, 300, 90, 100).at(2)
    assert 0.93 < arena.fair(HOME) < 0.98
    assert arena.fair(HOME) + arena.fair(AWAY) == pytest.approx(1)


def test_an_old_message_prices_nothing_and_is_said_to_be_stale(arena):
    arena.live(4, 300, 90, 100).at(30)
    fresh = arena.engine.state.markets[HOME].fair
    assert fresh.outlook.age_s == pytest.approx(40.0)  # its own age and the feed's delay
    arena.at(31.5)
    assert arena.fair(HOME) is None
    assert arena.engine.state.markets[HOME].stale
    assert board(arena).games[0].stale


def again(arena, until, every=5):
    """The same answer, time and again."""
    while arena.t < until:
        arena.at(min(until, arena.t + every)).say()
    return arena.at(until + 0.25)


def test_a_feed_that_repeats_itself_grows_old(arena):
    """After a minute a message counts as old as the game's last move, and after five nothing is priced by it."""
    arena.live(4, 300, 90, 100).at(1)
    fresh = arena.engine.state.markets[HOME].fair
    again(arena, 59)
    assert arena.engine.state.markets[HOME].fair.outlook.age_s == pytest.approx(10, abs=1)
    again(arena, 120)
    old = arena.engine.state.markets[HOME].fair
    assert old.outlook.age_s == pytest.approx(130, abs=1)
    assert old.error > fresh.error
    assert board(arena).games[0].age_ns == pytest.approx(120 * SECOND, abs=SECOND)
    again(arena, 299)
    assert arena.fair(HOME) is not None
    again(arena, 301)
    assert arena.fair(HOME) is None
    assert arena.engine.state.markets[HOME].stale
    assert arena.engine.pricer.games.snap(HOME).stale
    arena.live(4, 299, 90, 100).at(arena.t + 1)
    assert arena.engine.state.markets[HOME].fair.outlook.age_s == pytest.approx(11, abs=1)


def test_new_words_are_no_move_and_a_new_play_is_one(arena):
    arena.live(4, 300, 90, 100, play="1").at(1)
    again(arena, 100)
    track = arena.engine.state.board.tracks["nba 7"]
    arena.say(detail="TIMEOUT", said=9_000)
    assert track.changed_ns == T0
    arena.say(play="2")
    assert track.changed_ns == arena.now


def test_a_half_time_stands_still_but_not_for_ever(arena):
    arena.say(phase=Phase.BREAK, period=2, clock_ms=0, away_score=50, home_score=50)
    again(arena, 1_190, every=30)
    assert arena.fair(HOME) is not None
    assert arena.engine.state.markets[HOME].fair.outlook.age_s < 45
    again(arena, 1_210, every=30)
    assert arena.fair(HOME) is None


def test_the_rules_leave_a_game_whose_feed_has_stopped():
    """Before the game, too, a message is too old once it should have begun."""
    arena = Arena(lanes=LANES).list_kalshi().book(HOME, 32, 34).book(AWAY, 66, 68)
    arena.at(1_100).say().at(1_102).book(HOME, 32, 34).at(1_104)
    working = arena.engine.state.lanes["homeUnderdog"].working
    assert working
    arena.at(1_205).book(HOME, 32, 34).at(1_210)
    assert not working
    assert "score feed stale" in [flag.why for flag in board(arena).games[0].flags]


@pytest.mark.parametrize("start", [10**20, -(10**20), 2**63 - 1, 253_402_300_800 * SECOND])
def test_a_game_of_an_absurd_time_is_shown_and_priced_by_nothing(arena, start):
    arena.say(start_ns=start).at(2)
    assert arena.fair(HOME) is None
    assert len(view(arena.engine, arena.watch, focus="nba 7").board.games) == 1


def test_of_what_was_played_before_only_so_much_is_kept(arena):
    arena.live(4, 300, 90, 100)
    moments = tuple(Played(T0 - (400 - n) * SECOND, 1, 700_000, n, n) for n in range(400))
    for told in (moments[:300], moments, moments[:20]):
        arena.send(GamePast(arena.now, "nba 7", told))
    kept = arena.engine.state.board.tracks["nba 7"].past
    assert len(kept) == PAST
    assert (kept[0], kept[-1]) == (moments[0], moments[-1])
    assert {b.home_score - a.home_score for a, b in itertools.pairwise(kept)} == {2, 3}


def test_before_the_game_a_message_stands_for_long_but_not_past_the_start(arena):
    arena.say().at(1_199)
    assert arena.fair(HOME) is not None
    arena.at(1_201)
    assert arena.fair(HOME) is None


def test_a_break_is_waited_out(arena):
    arena.say(phase=Phase.BREAK, period=2, clock_ms=0, away_score=50, home_score=50).at(80)
    assert arena.fair(HOME) is not None
    arena.at(92)
    assert arena.fair(HOME) is None


@pytest.mark.parametrize("phase", [Phase.FINAL, Phase.VOID])
def test_what_is_over_or_off_is_not_priced(arena, phase):
    arena.live(4, 10, 90, 100).at(1)
    assert arena.fair(HOME) is not None
    arena.say(phase=phase, clock_ms=0).at(2)
    assert arena.fair(HOME) is None
    assert not arena.engine.state.markets[HOME].stale


def test_a_last_second_that_is_reviewed_is_not_priced_and_a_level_end_is_an_overtime(arena):
    arena.live(4, 0, 99, 100).at(1)
    assert arena.fair(HOME) is None
    arena.live(4, 0, 100, 100).at(2)
    assert 0.35 < arena.fair(HOME) < 0.55
    arena.live(5, 120, 104, 110).at(3)
    assert arena.fair(HOME) > 0.85


def test_two_games_on_one_fixture_are_refused_until_one_is_called_off(arena):
    arena.say().at(1)
    other = msgspec.structs.replace(GAME, id="nba 8", start_ns=TIP - 4 * 3600 * SECOND)
    arena.send(GameSeen(arena.now, "espn", other))
    arena.at(2)
    assert arena.fair(HOME) is None
    assert {game.trouble for game in board(arena).games} == {TWO_GAMES, ""}
    arena.send(GameSeen(arena.now, "espn", msgspec.structs.replace(other, phase=Phase.VOID)))
    arena.at(3)
    assert arena.fair(HOME) == pytest.approx(BOOK, abs=1e-6)


@pytest.mark.parametrize(
    "other",
    [
        {"start_ns": TIP + 24 * 3600 * SECOND},
        {"away": "SAS", "home": "OKC"},
        {"away": "OKC", "home": "DAL"},
        {"league": "nfl"},
    ],
)
def test_another_day_other_sides_or_another_league_is_another_game(arena, other):
    arena.say(**other).at(1)
    assert arena.fair(HOME) is None
    assert board(arena).unjoined == 3


def test_a_start_that_differs_by_hours_is_refused(arena):
    arena.say(start_ns=TIP - 8 * 3600 * SECOND).at(1)
    assert arena.fair(PM) is None
    assert board(arena).games[0].trouble == OTHER_START


def test_a_game_that_was_moved_is_joined_where_the_venue_says_so():
    arena = Arena().list_kalshi().book(HOME, 40, 42)
    later = TIP + 48 * 3600 * SECOND
    arena.say(start_ns=later).at(1)
    assert arena.fair(HOME) is None
    arena.send(EventScheduled(arena.now, "kalshi", (EVENT, "KXNBASPREAD-27JAN15OKCSAS"), later))
    arena.at(2)
    assert arena.fair(HOME) == pytest.approx(BOOK, abs=1e-6)


def test_a_market_listed_after_its_game_was_heard_of_is_joined(arena):
    late = Arena()
    late.say().at(1)
    late.list_kalshi().book(HOME, 40, 42).at(2)
    assert late.fair(HOME) == pytest.approx(BOOK, abs=1e-6)
    late.send(MarketListed(late.now, listed(HOME, "San Antonio", title="Something else")))
    late.at(3)
    assert late.fair(HOME) == pytest.approx(BOOK, abs=1e-6)  # the codes say it all


def test_a_wild_chance_of_the_source_is_smoothed(arena):
    for said in (500, 9_000, 520, 510):
        arena.live(2, 100, 40, 40, said=said)
    assert arena.engine.state.board.tracks["nba 7"].chance_said == pytest.approx(0.052)


def test_the_same_from_a_state_that_was_kept(arena):
    """Encoded in the middle and restored, the run goes on with the very same effects."""
    one = Arena(lanes=LANES).list_kalshi().book(HOME, 32, 34).book(AWAY, 66, 68)
    one.say().at(1.5)
    other = Arena(lanes=LANES)
    other.engine = Engine(one.engine.config, restore(one.engine.opening()))
    other.watch, other.t, other.game = type(one.watch)(other.engine), one.t, one.game
    one.effects.clear()
    for each in (one, other):
        each.at(3).live(1, 650, 3, 2).book(HOME, 33, 35).at(8).live(4, 200, 80, 95).book(HOME, 92, 94).at(12)
    assert one.effects == other.effects
    assert one.engine.opening() == other.engine.opening()
    kept = one.engine.opening()
    assert Engine(one.engine.config, restore(kept)).opening() == kept
    assert any(isinstance(effect, OrderPlaced) for effect in one.effects)


# ---------------------------------------------------------------------------------------------- rules and record


def test_the_rules_trade_their_game_and_their_record_says_what_came_of_it():
    arena = Arena(lanes=LANES, entry_latency_ns=0, cancel_latency_ns=0)
    arena.list_kalshi().book(HOME, 32, 34).book(AWAY, 66, 68).say().at(1).book(HOME, 32, 34).at(2)
    placed = [e for e in arena.effects if isinstance(e, OrderPlaced)]
    assert {(e.lane, e.market, e.price, e.qty) for e in placed} == {
        ("homeUnderdog", HOME, 3_200, 10 * QTY), ("homeUnderdog+P", HOME, 3_200, 10 * QTY),
    }  # fmt: skip
    arena.send(BookDelta(arena.now, 0, HOME, 1, 3_200, -500 * QTY))
    arena.send(BookDelta(arena.now, 0, HOME, ASK, 3_100, 600 * QTY))
    filled = [e for e in arena.effects if isinstance(e, OrderFilled) and e.counts]
    assert {e.lane for e in filled} == {"homeUnderdog", "homeUnderdog+P"}
    flag = next(f for f in board(arena).games[0].flags if f.rule == "homeUnderdog")
    assert flag.held
    arena.at(5).say(phase=Phase.FINAL, period=4, away_score=90, home_score=99).settle(home=True)
    claims = {(c.rule, c.model): c for c in board(arena).claims}
    told = claims["homeUnderdog", False]
    assert (told.n, told.wins, told.verdict, told.claimed) == (1, 1, "unproven", 0.462)
    assert told.entry == pytest.approx(0.32 + filled[0].fee / 10 / MONEY)
    assert told.said == pytest.approx(BOOK, abs=0.001)
    assert told.brier == pytest.approx((1 - told.said) ** 2)
    assert told.low < 1.0 <= told.high
    assert claims["favoriteFade", True].n == 0
    assert claims["favoriteFade", True].verdict == "no lane"


def test_a_voided_game_is_no_evidence():
    from cockpit.domain.events import MarketSettled
    from cockpit.domain.markets import SettlementState

    arena = Arena(lanes=LANES, entry_latency_ns=0, cancel_latency_ns=0)
    arena.list_kalshi().book(HOME, 32, 34).say().at(1).book(HOME, 32, 34).at(2)
    arena.send(BookDelta(arena.now, 0, HOME, 1, 3_200, -500 * QTY))
    arena.send(BookDelta(arena.now, 0, HOME, ASK, 3_100, 600 * QTY))
    arena.send(MarketSettled(arena.now, HOME, SettlementState.VOID, None))
    assert {claim.n for claim in board(arena).claims} == {0}


# ---------------------------------------------------------------------------------------------- the screen's part


def test_the_board_says_what_each_venue_asks_for_the_home_side(arena):
    arena.say().at(1)
    game = board(arena).games[0]
    kalshi, polymarket = game.venues
    assert (kalshi.venue, kalshi.bid, kalshi.ask) == ("K", 4_000, 4_200)
    assert (polymarket.venue, polymarket.bid, polymarket.ask) == ("P", 4_000, 4_300)
    assert kalshi.team == "SAS"
    assert kalshi.market == HOME
    assert kalshi.edge == pytest.approx(BOOK - 0.40, abs=0.02)
    assert game.book == pytest.approx(BOOK)
    assert (game.spread, game.provider, game.fitted) == (2.5, "Book", True)
    assert [flag.rule for flag in game.flags] == ["homeUnderdog", "favoriteFade", "lateGameLeader"]


def test_live_games_come_first_and_the_newest_end_first_among_those_over(arena):
    arena.say().at(1)
    for n, (phase, start) in enumerate(
        [(Phase.FINAL, TIP - 9_000), (Phase.LIVE, TIP - 60), (Phase.FINAL, TIP - 5_000), (Phase.PRE, TIP - 1)]
    ):
        each = msgspec.structs.replace(GAME, id=f"nba 9{n}", away="BOS", phase=phase, start_ns=start)
        arena.send(GameSeen(arena.now, "espn", each))
    assert [game.id for game in board(arena).games] == ["nba 91", "nba 93", "nba 7", "nba 92", "nba 90"]


def test_a_game_s_detail_begins_before_we_listened_and_remembers_the_trend(arena):
    arena.live(2, 600, 40, 30).at(1)
    moments = tuple(
        Played(T0 - (300 - 20 * n) * SECOND, 1, 700_000 - 40_000 * n, 2 * n, n, 4_000) for n in range(10)
    )
    arena.send(GamePast(arena.now, "nba 7", moments))
    for n in range(1, 63):
        arena.at(n * 5).live(2, 600 - n, 40, 30 + n // 4)
    found = view(arena.engine, arena.watch, focus="nba 7").game
    assert [point.ts for point in found.points[:10]] == [moment.ts for moment in moments]
    assert found.points[0].mid > found.points[9].mid > found.points[12].mid
    assert found.points[-1].kalshi == 8_200
    assert found.points[-1].polymarket == 2 * 10_000 - 11_700
    assert found.game.before < found.game.chance.mid
    assert dict(found.explanation)["P"] == pytest.approx(found.game.chance.mid, abs=0.01)
    assert "n 3,827" in found.source


def test_an_nfl_game_is_priced_and_marked_as_not_fitted():
    arena = Arena()
    ticker = "KXNFLGAME-27JAN15KCBUF-BUF"
    market = msgspec.structs.replace(
        listed(ticker, "Buffalo"), event="KXNFLGAME-27JAN15KCBUF", series="KXNFLGAME",
        title="Kansas City at Buffalo Winner?",
    )  # fmt: skip
    arena.send(MarketListed(arena.now, market))
    arena.game = msgspec.structs.replace(GAME, id="nfl 3", league="nfl", away="KC", home="BUF")
    arena.book(ticker, 60, 62).live(4, 120, 17, 24).at(1)
    assert 0.9 < arena.fair(ticker) < 1.0
    assert not board(arena).games[0].fitted


def test_games_nobody_mentions_any_more_are_let_go(arena):
    arena.say(phase=Phase.FINAL).at(2)
    arena.t += 19 * 3600
    arena.at(arena.t + 61)
    assert not arena.engine.state.board.tracks
    assert board(arena).games == ()
