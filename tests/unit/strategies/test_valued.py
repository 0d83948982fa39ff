"""V14 and V15 by example: the gates one by one, the better side, hysteresis, and what takes an order back."""

import math
from typing import Any

import msgspec
import pytest

from cockpit.domain.units import ASK, BID, SECOND
from cockpit.strategies.base import Place
from cockpit.strategies.quoting import BOUND
from cockpit.strategies.score import logistic, logit
from cockpit.strategies.trend import Trend
from cockpit.strategies.versions import V14, V15

NEW = Trend()


def told(scene: Any, version: Any, snap: Any, mine: Any, memory: Any = NEW) -> Any:
    return scene.told(version.decide(snap, mine, memory)[1])


def trending(scene: Any, z: float) -> Trend:
    """A memory whose next z, the mid unchanged, is about as given (the averages lean, the value stands)."""
    x = math.log(0.49 / 0.51)
    return Trend(scene.T - 1, x, x + z * 0.108545, x, 1e-4)


# ---------------------------------------------------------------------- V14


def test_v14_in_a_wide_book(scene: Any) -> None:
    """45/53: inside by a tick on either side is worth the same; the favourite, NO at 48 cents, is bought.

    p* of NO is .51, lowered by .1 in logits .485; Kelly (.485 - .48) / .52, a quarter of it of 1,000: 2.4 dollars.
    """
    snap = scene.snap(45, 53)
    memory, intents = V14.decide(snap, scene.mine(), NEW)
    assert memory.ts == snap.ts
    assert scene.told(intents) == [("sell", 52, 5)]
    assert intents[0].ttl_ns == 30 * SECOND
    reason = intents[0].reason
    low = logistic(logit(0.51) - 0.1)
    assert reason.code == "score"
    assert reason.number("p*") == pytest.approx(0.49)
    assert reason.number("edge") == pytest.approx(0.03)
    assert reason.number("low") == pytest.approx(low - 0.48)
    assert reason.number("ev") == pytest.approx(0.25 * 0.02)
    assert reason.number("kelly") == pytest.approx((low - 0.48) / 0.52)
    assert reason.number("score") == pytest.approx(0.885, abs=0.001)
    assert reason.number("z") == 0.0
    assert reason.number(f"{BOUND}kelly") == 5
    assert reason.number("fair mid") is None


def test_v14_leans_with_the_trend(scene: Any) -> None:
    up = V14.decide(scene.snap(45, 53), scene.mine(), trending(scene, 1.0))[1]
    assert scene.told(up)[0][:2] == ("buy", 46)
    assert up[0].reason.number("z") == pytest.approx(1.0, abs=0.01)
    assert up[0].reason.number("p*") == pytest.approx(logistic(logit(0.49) + 0.05), abs=1e-3)


@pytest.mark.parametrize(
    ("told_of", "mine", "why"),
    [
        ({"bid": 48, "ask": 50}, {}, "EV under the gate"),
        ({"bid": 46, "ask": 52}, {}, "no size"),
        ({"bid": 44, "ask": 55}, {}, "wide spread"),
        ({"bid": 45, "ask": 53, "left": 20}, {}, "near close"),
        ({"bid": 45, "ask": 53, "maker_fee": True}, {}, "no size"),
        ({"bid": 45, "ask": 53}, {"qty": -5}, "no size"),
        ({"bid": 45, "ask": 53}, {"room": 0}, "no size"),
        ({"bid": 45, "ask": 53}, {"bankroll": 0}, "no size"),
        ({"bid": 45.5, "ask": 52.5}, {}, "no price"),
    ],
)
def test_what_v14_has_against_it(scene: Any, told_of: Any, mine: Any, why: str) -> None:
    if "room" in mine or "bankroll" in mine or "qty" in mine:
        assert told(scene, V14, scene.snap(**told_of), scene.mine()) != []
    snap, own = scene.snap(**told_of), scene.mine(**mine)
    assert V14.wish(snap, own, NEW) == why
    assert told(scene, V14, snap, own) == []


def test_the_score_gate_alone(scene: Any) -> None:
    strict = msgspec.structs.replace(V14, gate=0.9)
    assert strict.wish(scene.snap(45, 53), scene.mine(), NEW) == "score under the gate"


def test_an_implausible_edge_is_never_entered(scene: Any) -> None:
    strange = msgspec.structs.replace(V14, limits=msgspec.structs.replace(V14.limits, max_spread=9000))
    assert strange.wish(scene.snap(10, 90), scene.mine(), NEW) == "implausible edge"
    assert told(scene, strange, scene.snap(10, 90), scene.mine()) == []


@pytest.mark.parametrize(
    ("book", "order", "intents"),
    [
        ((45, 53), ("a", ASK, 52), []),
        ((45, 53), ("a", BID, 46), []),
        ((47, 51), ("a", ASK, 51), []),
        ((47, 51), ("a", ASK, 50), [("cancel", "a", "edge gone")]),
        ((45, 53), ("a", ASK, 51), [("cancel", "a", "requote"), ("sell", 52, 5)]),
        ((46, 54), ("a", ASK, 50), [("cancel", "a", "edge gone"), ("sell", 53, 5)]),
        ((45, 51), ("a", ASK, 52), []),
        ((40, 55), ("a", ASK, 52), []),
        ((0, 53), ("a", ASK, 52), []),
    ],
)
def test_v14_keeps_an_order_until_half_of_its_worth_is_gone(
    scene: Any, book: Any, order: Any, intents: Any
) -> None:
    """At 52 the order is worth .25 * (.04 - .01) and more; what is under a tenth of a cent goes back."""
    assert told(scene, V14, scene.snap(*book), scene.mine(scene.order(*order))) == intents


def test_v14_looks_at_no_fair_value(scene: Any) -> None:
    fair = scene.fair(0.7, 0.75, 0.8)
    with_fair, without = scene.snap(45, 53, fair=fair), scene.snap(45, 53)
    assert V14.decide(with_fair, scene.mine(), NEW) == V14.decide(without, scene.mine(), NEW)


# ---------------------------------------------------------------------- V15


GOOD = (0.56, 0.60, 0.64)
"""Against 48/50: eight cents on the low side of a bid, twelve at the mid."""


def test_v15_enters_on_the_low_side_of_the_band(scene: Any) -> None:
    snap = scene.snap(48, 50, fair=scene.fair(*GOOD), maker_fee=True)
    intents = V15.decide(snap, scene.mine(), NEW)[1]
    assert scene.told(intents) == [("buy", 48, 41)]
    reason, fee = intents[0].reason, 0.0175 * 0.48 * 0.52
    assert reason.code == "fair value"
    numbers = {
        "fair low": 0.56, "fair mid": 0.60, "fair high": 0.64, "fee": fee, "edge": 0.12 - fee,
        "low": 0.08 - fee, "ev": 0.25 * (0.11 - fee), "fill": 0.25, "adverse": 0.01, "n": 0,
        "kelly": (0.08 - fee) / (0.52 - fee), "z": 0.0,
    }  # fmt: skip
    for name, value in numbers.items():
        assert reason.number(name) == pytest.approx(value), name
    p = logistic(0.35 * logit(0.60) + 0.65 * logit(0.49))
    assert reason.number("p*") == pytest.approx(p)
    assert reason.number("ev*") == pytest.approx(0.25 * (p - 0.48 - fee - 0.01))
    assert reason.number("se") == pytest.approx(math.hypot(0.035, 0.1))
    assert reason.number(f"{BOUND}market 2 %") == 41


@pytest.mark.parametrize(
    ("book", "fair", "intents"),
    [
        ((48, 50), (0.53, 0.56, 0.60), [("buy", 48, 41)]),
        ((48, 50), (0.529, 0.56, 0.60), []),
        ((48, 50), (0.38, 0.42, 0.45), [("sell", 50, 40)]),
        ((48, 50), (0.38, 0.42, 0.451), []),
        ((48, 52), (0.54, 0.58, 0.60), [("buy", 49, 40)]),
        ((48, 50), (0.70, 0.72, 0.74), [("buy", 48, 41)]),
        ((48, 50), (0.70, 0.74, 0.78), []),
        ((48, 50), (0.45, 0.49, 0.53), []),
        ((0, 50), (0.70, 0.72, 0.74), []),
        ((39, 51), (0.70, 0.72, 0.74), []),
    ],
)
def test_v15_needs_five_cents_in_the_worst_case(scene: Any, book: Any, fair: Any, intents: Any) -> None:
    assert told(scene, V15, scene.snap(*book, fair=scene.fair(*fair)), scene.mine()) == intents


@pytest.mark.parametrize(
    ("told_of", "mine", "why"),
    [
        ({}, {}, "no fair value"),
        ({"fair": (0.52, 0.56, 0.60)}, {}, "edge under the threshold"),
        ({"fair": (0.70, 0.74, 0.78)}, {}, "implausible edge"),
        ({"fair": GOOD}, {"odds": (0.25, 0.13)}, "EV under the gate"),
        ({"fair": GOOD}, {"odds": (0.25, 0.045)}, "EV under the gate"),
        ({"fair": GOOD, "ask": 60}, {}, "wide spread"),
        ({"fair": GOOD}, {"qty": 41}, "no size"),
        ({"fair": GOOD, "bid": 48.5, "ask": 49.5}, {}, "no price"),
    ],
)
def test_what_v15_has_against_it(scene: Any, told_of: Any, mine: Any, why: str) -> None:
    more = {**told_of, "fair": scene.fair(*told_of["fair"])} if "fair" in told_of else told_of
    own = {**mine, "odds": scene.odds(*mine["odds"])} if "odds" in mine else mine
    snap = scene.snap(**{"bid": 48, "ask": 50, **more})
    found = V15.wish(snap, scene.mine(**own), NEW)
    assert found == why
    assert told(scene, V15, snap, scene.mine(**own)) == []


def test_the_two_gates_of_the_score_hold_for_v15_too(scene: Any) -> None:
    """A market firm at 40 against a fair value of 55: five cents in the worst case, yet p* is 45."""
    snap = scene.snap(40, 41, fair=scene.fair(0.50, 0.55, 0.60))
    assert isinstance(V15.wish(snap, scene.mine(), NEW), Place)
    for strict, why in (
        (msgspec.structs.replace(V15, gate=0.99), "score under the gate"),
        (msgspec.structs.replace(V15, theta=0.02), "EV under the gate"),
    ):
        assert strict.wish(snap, scene.mine(), NEW) == why


@pytest.mark.parametrize(
    ("fair", "order", "intents"),
    [
        (GOOD, ("a", BID, 48), []),
        ((0.505, 0.55, 0.60), ("a", BID, 48), []),
        ((0.504, 0.55, 0.60), ("a", BID, 48), [("cancel", "a", "edge gone")]),
        ((0.40, 0.45, 0.475), ("a", ASK, 50), []),
        ((0.40, 0.45, 0.476), ("a", ASK, 50), [("cancel", "a", "edge gone")]),
        (GOOD, ("a", BID, 47), [("cancel", "a", "requote"), ("buy", 48, 41)]),
        (GOOD, ("a", BID, 49), [("cancel", "a", "requote"), ("buy", 48, 41)]),
        ((0.51, 0.55, 0.60), ("a", BID, 47), []),
        ((0.38, 0.42, 0.45), ("a", BID, 48), [("cancel", "a", "edge gone"), ("sell", 50, 40)]),
        ((0.71, 0.74, 0.78), ("a", BID, 48), [("cancel", "a", "implausible edge")]),
        (None, ("a", BID, 48), [("cancel", "a", "fair value stale")]),
    ],
)
@pytest.mark.parametrize("ticket", [False, True])
def test_v15_holds_to_half_the_threshold(
    scene: Any, fair: Any, order: Any, intents: Any, ticket: bool
) -> None:
    snap = scene.snap(48, 50, fair=scene.fair(*fair) if fair else None)
    assert told(scene, V15, snap, scene.mine(scene.order(*order, ticket=ticket))) == intents


@pytest.mark.parametrize(
    ("told_of", "fair", "intents"),
    [
        ({"left": 59}, GOOD, [("cancel", "a", "near close")]),
        ({"ask": 60}, GOOD, []),
        ({"heard_ns": 0}, GOOD, []),
        ({"bid": 0}, GOOD, []),
        ({"bid": 0}, (0.50, 0.55, 0.6), [("cancel", "a", "edge gone")]),
        ({"ask": 60}, None, [("cancel", "a", "fair value stale")]),
    ],
)
def test_a_guard_places_nothing_and_an_order_still_answers_to_its_fair_value(
    scene: Any, told_of: Any, fair: Any, intents: Any
) -> None:
    snap = scene.snap(**{"bid": 48, "ask": 50, **told_of}, fair=scene.fair(*fair) if fair else None)
    assert told(scene, V15, snap, scene.mine(scene.order("a", BID, 48))) == intents


def test_a_cancel_carries_its_numbers(scene: Any) -> None:
    snap = scene.snap(48, 50, fair=scene.fair(0.50, 0.55, 0.60))
    (cancel,) = V15.decide(snap, scene.mine(scene.order("a", BID, 48)), NEW)[1]
    assert cancel.reason.number("low") == pytest.approx(0.02)
    assert cancel.reason.number("edge") == pytest.approx(0.07)


def test_the_newest_order_is_kept(scene: Any) -> None:
    """An order on its way out may still be told beside the one that takes its place."""
    snap = scene.snap(48, 50, fair=scene.fair(*GOOD))
    mine = scene.mine(scene.order("a", BID, 47), scene.order("b", BID, 48))
    assert told(scene, V15, snap, mine) == [("cancel", "a", "one order at a time")]


@pytest.mark.parametrize(
    ("qty", "intents"),
    [(20, [("buy", 48, 21)]), (41, []), (-30, [("buy", 48, 41)]), (20.5, [("buy", 48, 20)])],
)
def test_what_is_held_counts_against_the_size(scene: Any, qty: float, intents: Any) -> None:
    snap = scene.snap(48, 50, fair=scene.fair(*GOOD))
    assert told(scene, V15, snap, scene.mine(qty=qty)) == intents


def test_a_requote_has_the_room_of_the_order_it_replaces(scene: Any) -> None:
    snap, none = scene.snap(48, 50, fair=scene.fair(*GOOD)), {"room": 0}
    order = scene.order("a", BID, 47, left=41)
    assert told(scene, V15, snap, scene.mine(order, **none)) == [("cancel", "a", "requote"), ("buy", 48, 40)]
    proposal = scene.order("a", BID, 47, left=41, ticket=True)
    assert told(scene, V15, snap, scene.mine(proposal, **none)) == []
