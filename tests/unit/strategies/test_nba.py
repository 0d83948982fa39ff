"""The three NBA rules by example: every boundary, both arms, and what holds whatever the game does."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.games import Phase
from cockpit.domain.markets import Market
from cockpit.domain.units import BID, PRICE, QTY, SECOND
from cockpit.models.nba import PUBLISHED
from cockpit.models.scoreline import State, win
from cockpit.strategies.base import Cancel, GameSnap, Place
from cockpit.strategies.claims import CLAIMS, CONTRADICTED, SUPPORTED, UNPROVEN, verdict
from cockpit.strategies.flags import NO_MARKET, against, flags
from cockpit.strategies.nba import LEADS, NAMES, RULES, Bought, GameRule, lead_needed
from cockpit.strategies.versions import VERSIONS

NEW = Bought()
PRE, LIVE, BREAK = Phase.PRE, Phase.LIVE, Phase.BREAK
EARLY = {"phase": LIVE, "period": 1, "left_s": 400.0}
LATE = {"phase": LIVE, "period": 4, "left_s": 300.0, "lead": 12}

GOOD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "homeUnderdog": ({"bid": 32, "ask": 34}, {}),
    "favoriteFade": ({"bid": 21, "ask": 23}, {"home": False, "spread": 12.0}),
    "lateGameLeader": ({"bid": 93, "ask": 95}, LATE),
}
"""A book and a game each rule asks for."""


def snap(scene: Any, book: Any = None, told: Any = None, *, venue: str = "kalshi", **more: Any) -> Any:
    """A market of a game; ``told`` changes the game, whose message is as old as ``old`` seconds."""
    fields = {"league": "nba", "phase": PRE, "home": True, "period": 0, "left_s": 0.0, "lead": 0, "spread": None,
              "neutral": False, "old": 0.0, **(told or {})}  # fmt: skip
    heard = scene.T - int(fields.pop("old") * SECOND)
    made = scene.snap(**{"bid": 32, "ask": 34, "left": None, **(book or {})}, **more)
    market = msgspec.structs.replace(made.market, venue=venue)
    return msgspec.structs.replace(made, market=market, game=GameSnap(**fields, heard_ns=heard))


def good(scene: Any, rule: str, book: Any = None, told: Any = None, **more: Any) -> Any:
    """What a rule asks for, but for what is told."""
    prices, game = GOOD[rule]
    return snap(scene, {**prices, **(book or {})}, {**game, **(told or {})}, **more)


def did(scene: Any, rule: GameRule, here: Any, *orders: Any, memory: Bought = NEW, **mine: Any) -> Any:
    return scene.told(rule.decide(here, scene.mine(*orders, **mine), memory)[1])


# ---------------------------------------------------------------------- what each asks for


@pytest.mark.parametrize(
    ("rule", "order"),
    [
        ("homeUnderdog", ("buy", 32, 10)),
        ("favoriteFade", ("buy", 21, 10)),
        ("lateGameLeader", ("buy", 93, 10)),
    ],
)
def test_each_rests_ten_at_the_best_bid(scene: Any, rule: str, order: Any) -> None:
    here = good(scene, rule)
    (place,) = VERSIONS[rule].decide(here, scene.mine(), NEW)[1]
    assert isinstance(place, Place)
    assert scene.told([place]) == [order]
    assert place.reason.code == rule
    assert place.reason.number("mid") == pytest.approx((here.bid + here.ask) / 2 / PRICE)
    assert place.reason.number("lead") == here.game.lead
    assert place.reason.number("bound: fixed") == 10
    assert place.reason.number("fair mid") is None
    assert against(rule, here, model=False) == ""


@pytest.mark.parametrize(
    ("book", "told", "why"),
    [
        ({"bid": 29, "ask": 31}, {}, ""),
        ({"bid": 34, "ask": 36}, {}, ""),
        ({"bid": 29, "ask": 30}, {}, "mid outside the range"),
        ({"bid": 35, "ask": 36}, {}, "mid outside the range"),
        ({}, {"home": False}, "the away side"),
        ({}, {"neutral": True}, "neutral ground"),
        ({}, {"old": 900}, ""),
        ({}, {"old": 901}, "message old"),
        ({}, {**EARLY, "left_s": 720.0}, ""),
        ({}, {**EARLY, "left_s": 360.0}, ""),
        ({}, {**EARLY, "left_s": 359.9}, "after the first 6 minutes"),
        ({}, {**EARLY, "lead": 4}, ""),
        ({}, {**EARLY, "lead": -4}, ""),
        ({}, {**EARLY, "lead": 5}, "lead over 4"),
        ({}, {**EARLY, "lead": -5}, "lead over 4"),
        ({}, {**EARLY, "period": 2}, "after the first 6 minutes"),
        ({}, {**EARLY, "old": 10}, ""),
        ({}, {**EARLY, "old": 10.1}, "message old"),
        ({}, {"phase": BREAK, "period": 1}, "after the first 6 minutes"),
        ({}, {"phase": Phase.FINAL, "period": 4}, "after the first 6 minutes"),
        ({}, {"phase": Phase.VOID}, "after the first 6 minutes"),
        ({}, {"league": "nfl"}, "not an NBA game"),
        ({"bid": 28, "ask": 39}, {}, "wide spread"),
        ({"bid": 0}, {}, "one-sided book"),
    ],
)
def test_home_underdog(scene: Any, book: Any, told: Any, why: str) -> None:
    check(scene, "homeUnderdog", book, told, why)


@pytest.mark.parametrize(
    ("book", "told", "why"),
    [
        ({"bid": 24, "ask": 26}, {}, ""),
        ({"bid": 25, "ask": 26}, {}, "mid outside the range"),
        ({"bid": 23, "ask": 27}, {}, ""),
        ({}, {"home": True}, ""),
        ({}, {"spread": 10.0}, ""),
        ({}, {"spread": 14.0}, ""),
        ({}, {"spread": 9.5}, "line outside 10 to 14"),
        ({}, {"spread": 14.5}, "line outside 10 to 14"),
        ({}, {"spread": -12.0}, "not the underdog"),
        ({}, {"spread": 0.0}, "not the underdog"),
        ({}, {"spread": None}, "no line"),
        ({}, {"neutral": True}, ""),
        ({}, EARLY, "not before the game"),
        ({}, {"phase": Phase.FINAL}, "not before the game"),
        ({}, {"old": 901}, "message old"),
        ({"heard_ns": 0}, {}, "venue not heard"),
    ],
)
def test_favorite_fade(scene: Any, book: Any, told: Any, why: str) -> None:
    check(scene, "favoriteFade", book, told, why)


@pytest.mark.parametrize(
    ("book", "told", "why"),
    [
        ({}, {"lead": 10}, ""),
        ({}, {"lead": 9}, "lead under the table"),
        ({}, {"home": False}, ""),
        ({}, {"lead": 0}, "not in the lead"),
        ({}, {"lead": -12}, "not in the lead"),
        ({}, {"left_s": 0.0}, "clock at zero"),
        ({}, {"stale": True}, "score feed stale"),
        ({}, {"period": 3}, "not in period 4"),
        ({}, {"period": 5}, "not in period 4"),
        ({}, {"phase": BREAK}, "not in period 4"),
        ({}, {"phase": PRE, "period": 0}, "not in period 4"),
        ({}, {"phase": Phase.FINAL}, "not in period 4"),
        ({}, {"old": 10}, ""),
        ({}, {"old": 10.001}, "message old"),
        ({"bid": 97, "ask": 98}, {}, ""),
        ({"bid": 98, "ask": 99}, {}, "price over the limit"),
        ({"bid": 96, "ask": 99}, {}, ""),
        ({"bid": 97, "ask": 100}, {}, "one-sided book"),
        ({"bid": 30, "ask": 32}, {}, ""),
    ],
)
def test_late_game_leader(scene: Any, book: Any, told: Any, why: str) -> None:
    check(scene, "lateGameLeader", book, told, why)


def check(scene: Any, rule: str, book: Any, told: Any, why: str) -> None:
    here = good(scene, rule, book, told)
    assert against(rule, here, model=False) == why
    assert bool(did(scene, RULES[rule][0], here)) is (why == "")


@pytest.mark.parametrize("rule", NAMES)
@pytest.mark.parametrize("model", [False, True])
def test_only_kalshi_and_only_known_games(scene: Any, rule: str, model: bool) -> None:
    fair = scene.fair(0.9, 0.97, 0.99) if rule == "lateGameLeader" else scene.fair(0.3, 0.36, 0.4)
    here = good(scene, rule, fair=fair)
    assert against(rule, here, model=model) == ""
    assert against(rule, good(scene, rule, fair=fair, venue="polymarket"), model=model) == "not on Kalshi"
    assert against(rule, msgspec.structs.replace(here, game=None), model=model) == "no game known"


# ---------------------------------------------------------------------- the lead table


@pytest.mark.parametrize(
    ("left", "lead"),
    [
        (720, 15), (719, 15), (600.1, 15), (600, 14), (540, 14), (480, 12), (420, 12), (360, 11), (300, 10), (299, 10),
        (240, 9), (180, 8), (120, 7), (61, 7), (60, 6), (30, 6), (0, 6), (5000, 15),
    ],
)  # fmt: skip
def test_the_lead_that_is_asked_for(left: float, lead: int) -> None:
    """12:00 15, 10:00 14, 8:00 12, 6:00 11, 5:00 10, 4:00 9, 3:00 8, 2:00 7, 1:00 6; in between the earlier time's."""
    assert lead_needed(left) == lead


def test_the_table_is_the_published_model_at_95_per_cent() -> None:
    """To the half per cent the table was rounded to: a point less is clearly less than 95."""
    for left, lead in LEADS:
        assert win(State(lead, left), 0.0, PUBLISHED) >= 0.95
        assert win(State(lead - 1, left), 0.0, PUBLISHED) < 0.95


# ---------------------------------------------------------------------- the model's veto


@pytest.mark.parametrize(
    ("rule", "mid", "why"),
    [
        ("homeUnderdog", 0.34, ""),
        ("homeUnderdog", 0.339, "edge under the threshold"),
        ("homeUnderdog", 0.57, ""),
        ("homeUnderdog", 0.58, "implausible edge"),
        ("favoriteFade", 0.23, ""),
        ("favoriteFade", 0.229, "edge under the threshold"),
        ("lateGameLeader", 0.94, ""),
        ("lateGameLeader", 0.939, "edge under the threshold"),
        ("homeUnderdog", None, "no fair value"),
    ],
)
def test_the_veto(scene: Any, rule: str, mid: float | None, why: str) -> None:
    """The rule alone buys all the same, and both buy ten."""
    here = good(scene, rule, fair=None if mid is None else scene.fair(mid - 0.01, mid, mid + 0.01))
    alone, asked = RULES[rule]
    assert asked.against(here) == why
    placed = did(scene, alone, here)
    assert placed[0][2] == 10
    assert did(scene, asked, here) == ([] if why else placed)


def test_the_fee_counts_against_the_edge(scene: Any) -> None:
    fee = 0.0175 * 0.32 * 0.68
    for mid, why in ((0.341, "edge under the threshold"), (0.34 + fee, "")):
        here = good(scene, "homeUnderdog", maker_fee=True, fair=scene.fair(mid, mid, mid))
        assert against("homeUnderdog", here, model=True) == why
    (place,) = VERSIONS["homeUnderdog"].decide(here, scene.mine(), NEW)[1]
    assert isinstance(place, Place)
    assert place.reason.number("fee") == pytest.approx(fee)
    assert place.reason.number("edge") == pytest.approx(0.02)
    assert place.reason.number("fair mid") == pytest.approx(0.34 + fee)


# ---------------------------------------------------------------------- what rests


@pytest.mark.parametrize(
    ("book", "told", "intents"),
    [
        ({}, {}, []),
        ({"bid": 33, "ask": 35}, {}, [("cancel", "a", "requote"), ("buy", 33, 10)]),
        ({"bid": 31, "ask": 33}, {}, [("cancel", "a", "requote"), ("buy", 31, 10)]),
        ({"bid": 36, "ask": 38}, {}, [("cancel", "a", "mid outside the range")]),
        ({}, {"neutral": True}, [("cancel", "a", "neutral ground")]),
        ({}, {**EARLY, "left_s": 300.0}, [("cancel", "a", "after the first 6 minutes")]),
        ({}, {**EARLY, "old": 11}, [("cancel", "a", "message old")]),
        ({}, {"stale": True}, [("cancel", "a", "score feed stale")]),
        ({"ask": 50}, {}, []),
        ({"bid": 0}, {}, []),
        ({"heard_ns": 0}, {}, []),
        ({"left": 59}, {}, [("cancel", "a", "near close")]),
    ],
)
def test_an_order_rests_while_its_rule_holds(scene: Any, book: Any, told: Any, intents: Any) -> None:
    order = scene.order("a", BID, 32)
    here = good(scene, "homeUnderdog", book, told)
    assert did(scene, RULES["homeUnderdog"][0], here, order) == intents


@pytest.mark.parametrize(
    ("mid", "book", "intents"),
    [
        (0.34, {}, []),
        (0.335, {}, [("cancel", "a", "edge under the threshold")]),
        (None, {}, [("cancel", "a", "no fair value")]),
        (0.345, {"bid": 33, "ask": 35}, []),
        (0.35, {"bid": 33, "ask": 35}, [("cancel", "a", "requote"), ("buy", 33, 10)]),
    ],
)
def test_the_models_arm_asks_at_the_price_of_the_order(
    scene: Any, mid: float | None, book: Any, intents: Any
) -> None:
    fair = None if mid is None else scene.fair(mid, mid, mid)
    here = good(scene, "homeUnderdog", book, fair=fair)
    assert did(scene, RULES["homeUnderdog"][1], here, scene.order("a", BID, 32)) == intents


def test_a_cancel_carries_its_numbers(scene: Any) -> None:
    here = good(scene, "lateGameLeader", told={"lead": 8})
    (cancel,) = VERSIONS["lateGameLeader"].decide(here, scene.mine(scene.order("a", BID, 93)), NEW)[1]
    assert isinstance(cancel, Cancel)
    assert cancel.reason.code == "lead under the table"
    assert (cancel.reason.number("lead"), cancel.reason.number("lead needed")) == (8, 10)


def test_one_entry_a_game(scene: Any) -> None:
    """Once something was held nothing more is bought, sold again or not, before a restart and after it."""
    rule, here = RULES["homeUnderdog"][0], good(scene, "homeUnderdog")
    memory, intents = rule.decide(here, scene.mine(qty=10), NEW)
    assert (memory, list(intents)) == (Bought(done=True), [])
    again = msgspec.convert(msgspec.json.decode(msgspec.json.encode(memory)), rule.memory)
    assert did(scene, rule, here, memory=again) == []
    assert did(scene, rule, here) == [("buy", 32, 10)]


def test_the_rest_of_an_order_partly_filled_stays_where_it_is(scene: Any) -> None:
    rule = RULES["homeUnderdog"][0]
    rest = scene.order("a", BID, 32, left=6)
    moved = good(scene, "homeUnderdog", {"bid": 33, "ask": 35})
    assert did(scene, rule, moved, rest, qty=4) == []
    gone = good(scene, "homeUnderdog", {"bid": 40, "ask": 42})
    assert did(scene, rule, gone, rest, qty=4) == [("cancel", "a", "mid outside the range")]


def test_an_order_filled_while_it_was_moved_is_not_bought_twice(scene: Any) -> None:
    here = good(scene, "homeUnderdog")
    new = scene.order("b", BID, 32)
    assert did(scene, RULES["homeUnderdog"][0], here, new, qty=10) == [("cancel", "b", "bought already")]


def test_the_caps_hold_and_a_requote_has_the_room_it_frees(scene: Any) -> None:
    rule, here = RULES["homeUnderdog"][0], good(scene, "homeUnderdog")
    assert did(scene, rule, here, room=0) == []
    assert did(scene, rule, here, room=2 * PRICE * QTY) == [("buy", 32, 6)]
    order = scene.order("a", BID, 31)
    assert did(scene, rule, here, order, room=0) == [("cancel", "a", "requote"), ("buy", 32, 9)]


# ---------------------------------------------------------------------- whatever the game does

GAME = st.fixed_dictionaries(
    {
        "league": st.sampled_from(["nba", "nba", "nba", "nfl"]),
        "phase": st.sampled_from([PRE, PRE, LIVE, LIVE, BREAK, Phase.FINAL, Phase.VOID]),
        "home": st.booleans(),
        "period": st.sampled_from([0, 1, 1, 4, 4, 5]),
        "left_s": st.floats(0.0, 720.0),
        "lead": st.integers(-20, 20),
        "spread": st.none() | st.sampled_from([-12.0, -3.0, 3.0, 10.0, 12.0]),
        "neutral": st.booleans(),
        "old": st.sampled_from([0.0, 0.0, 11.0, 1000.0]),
    }
)
STEP = st.tuples(
    GAME,
    st.sampled_from([18, 21, 30, 32, 33, 34, 60, 93, 96, 97]),
    st.integers(0, 4),  # ticks to the ask; none is a locked book
    st.none() | st.integers(5, 99),  # the fair value in cents
    st.booleans(),  # filled afterwards
)


@pytest.mark.parametrize("rule", NAMES)
@pytest.mark.parametrize("model", [False, True])
@given(st.lists(STEP, min_size=1, max_size=8))
def test_never_a_crossing_price_two_orders_or_more_than_ten(
    scene: Any, rule: str, model: bool, steps: Any
) -> None:
    strategy = RULES[rule][model]
    memory, orders, held = strategy.memory(), (), 0
    for i, (told, bid, wide, fair, filled) in enumerate(steps):
        band = None if fair is None else scene.fair(fair / 100, fair / 100, fair / 100)
        here = snap(scene, {"bid": bid, "ask": bid + wide}, told, fair=band)
        memory, intents = strategy.decide(here, scene.mine(*orders, qty=held), memory)
        gone = {each.order for each in intents if isinstance(each, Cancel)}
        places = [each for each in intents if isinstance(each, Place)]
        assert gone <= {order.id for order in orders}
        orders = tuple(order for order in orders if order.id not in gone)
        for place in places:
            assert place.side == BID
            assert here.bid <= place.price < here.ask
            assert place.price % 100 == 0
            assert strategy.against(here) == ""
            assert not held
            orders = (*orders, scene.order(f"o-{i}", BID, place.price / 100, place.qty / QTY))
        assert len(orders) <= 1
        if filled and orders:
            held += orders[0].left // QTY
            orders = ()
        assert held <= 10


# ---------------------------------------------------------------------- what a screen asks


def sides(scene: Any, book: Any = None, **told: Any) -> list[Any]:
    """Both markets of a game: the away side's, then the home side's, which is given."""
    home = snap(scene, book, told)
    prices = {"bid": (PRICE - home.ask) / 100, "ask": (PRICE - home.bid) / 100}
    spread = None if home.game.spread is None else -home.game.spread
    away = snap(scene, prices, {**told, "home": False, "lead": -home.game.lead, "spread": spread})
    named = Market("G-AWY", "kalshi"), Market("G-HOM", "kalshi")
    return [msgspec.structs.replace(each, market=m) for each, m in zip((away, home), named, strict=True)]


def test_flags_choose_the_market_that_is_bought(scene: Any) -> None:
    before = flags(sides(scene, {"bid": 32, "ask": 34}, spread=5.0))
    assert [flag.rule for flag in before] == list(NAMES)
    assert [(flag.on, flag.model, flag.market, flag.home) for flag in before] == [
        (True, False, "G-HOM", True),
        (False, False, "G-HOM", True),
        (False, False, "G-AWY", False),
    ]
    assert [flag.why for flag in before] == ["", "line outside 10 to 14", "not in period 4"]
    assert before[0].veto == "no fair value"
    fade = flags(sides(scene, {"bid": 78, "ask": 80}, spread=-12.0))[1]
    assert (fade.on, fade.market, fade.home) == (True, "G-AWY", False)
    late = flags(sides(scene, {"bid": 4, "ask": 6}, **{**LATE, "lead": -12}))[2]
    assert (late.on, late.market, late.home) == (True, "G-AWY", False)
    behind = flags(sides(scene, {"bid": 20, "ask": 22}, **{**LATE, "lead": -5}))[2]
    assert (behind.on, behind.market, behind.why) == (False, "G-AWY", "lead under the table")


def test_a_flag_says_when_the_model_agrees(scene: Any) -> None:
    (flag, *_) = flags([good(scene, "homeUnderdog", fair=scene.fair(0.3, 0.36, 0.4))])
    assert (flag.on, flag.model, flag.veto) == (True, True, "")


def test_flags_without_a_market(scene: Any) -> None:
    assert {(flag.on, flag.why, flag.home) for flag in flags([])} == {(False, NO_MARKET, None)}


# ---------------------------------------------------------------------- what is claimed


def test_what_is_claimed() -> None:
    assert list(CLAIMS) == list(NAMES)
    told = {rule: (claim.rate, claim.needed) for rule, claim in CLAIMS.items()}
    assert told == {
        "homeUnderdog": (0.462, 0.35),
        "favoriteFade": (0.359, 0.25),
        "lateGameLeader": (None, None),
    }
    assert {claim.n for claim in CLAIMS.values()} == {"n not published"}
    assert CLAIMS["favoriteFade"].note == "contrary to the published favourite-longshot bias"
    assert all(rule == claim.rule and claim.source for rule, claim in CLAIMS.items())


@pytest.mark.parametrize(
    ("wins", "n", "entry", "said"),
    [
        (18, 39, 0.34, UNPROVEN),  # the claimed rate itself, as a small sample gives it
        (99, 99, 0.35, UNPROVEN),
        (46, 100, 0.35, SUPPORTED),
        (44, 100, 0.35, UNPROVEN),
        (26, 100, 0.35, UNPROVEN),
        (25, 100, 0.35, CONTRADICTED),
        (0, 0, 0.35, UNPROVEN),
        (60, 100, None, UNPROVEN),
        (970, 1000, 0.95, SUPPORTED),
        (930, 1000, 0.95, CONTRADICTED),
    ],
)
def test_a_verdict_needs_a_hundred_games_and_an_interval_clear_of_the_break_even(
    wins: int, n: int, entry: float | None, said: str
) -> None:
    assert verdict(wins, n, entry) == said
