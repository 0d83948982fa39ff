"""V13 by example: when the lead is followed, when not and why, and that without it V13 is V12."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import ASK, BID, PRICE, SECOND
from cockpit.strategies.base import Lead, Place
from cockpit.strategies.lead import FOLLOWED, STANDS_DOWN, LeadMemory
from cockpit.strategies.quoting import BOUND
from cockpit.strategies.score import logistic
from cockpit.strategies.versions import V12, V13

UP = 0.001
"""A move of the underlying over half a standard deviation of five minutes."""
NONE = LeadMemory()


def lead(scene: Any, y: float = 0.2, **more: Any) -> Lead:
    """A lead of five cents at a mid of 49: Polymarket moved a second ago, nothing is missing."""
    told = {
        "other_bid": 5300, "other_ask": 5500, "other_ns": scene.T - SECOND, "heard_ns": scene.T,
        "moved_ns": scene.T - SECOND, "own_moved_ns": scene.T - 2 * SECOND, "lag_ns": 2 * SECOND,
    }  # fmt: skip
    return Lead(y, **{**told, **more})


def decided(scene: Any, snap: Any, mine: Any = None) -> tuple[Any, Any]:
    return V13.decide(snap, mine or scene.mine(), NONE)


@pytest.mark.parametrize(
    ("y", "move", "intents"),
    [
        (0.2, None, [("buy", 48, 10)]),
        (-0.2, None, [("sell", 50, 10)]),
        (0.2, -UP, [("buy", 48, 10)]),
        (-0.2, UP, [("sell", 50, 10)]),
        (0.09, None, [("buy", 48, 10)]),
        (0.07, None, []),
        (0.07, UP, [("buy", 48, 10)]),
        (0.0, None, []),
    ],
)
def test_the_lead_names_the_side(scene: Any, y: float, move: Any, intents: Any) -> None:
    """Two ticks are two cents: at a mid of 49 a gap of .08 logits. It asks for no move and not to be nearest."""
    snap = scene.snap(move=move, nearest=move is not None, lead=lead(scene, y))
    memory, found = decided(scene, snap)
    assert scene.told(found) == intents
    assert isinstance(V13.wish(snap, scene.mine(), NONE), Place) is bool(intents)
    assert memory.why == (() if abs(y) > 0.08 else ("gap under two ticks and fee",))


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"why": ("0.4 of 8 h recorded", "not tested")}, ("0.4 of 8 h recorded", "not tested")),
        ({"why": ("not tested",), "lag_ns": 0, "other_ns": 0}, ("not tested",)),
        ({"other_ns": -3}, ("other quote old",)),
        ({"heard_ns": -11}, ("other venue not heard",)),
        ({"other_bid": 0}, ("other book one-sided",)),
        ({"other_ask": PRICE}, ("other book one-sided",)),
        ({"other_ask": 5300}, ("other book one-sided",)),
        ({"other_ask": 5801}, ("other spread wide",)),
        ({"lag_ns": 0}, ("no lag",)),
        ({"moved_ns": -7, "own_moved_ns": -9}, ("other has not moved",)),
        ({"own_moved_ns": -1}, ("own price has moved since",)),
        ({"own_moved_ns": 0}, ("own price has moved since",)),
        ({"y": -0.01}, ("gap under two ticks and fee",)),
        ({"y": 0.01, "other_ns": -9}, ("other quote old", "gap under two ticks and fee")),
    ],
)
def test_what_stands_against_it(scene: Any, more: dict[str, Any], why: Any) -> None:
    """Times are told in seconds before now. V12 goes on as if there were no lead."""
    timed = {k: scene.T + v * SECOND if k.endswith("_ns") and k != "lag_ns" else v for k, v in more.items()}
    said = msgspec.structs.replace(lead(scene), **timed)
    for move in (None, UP, -UP):
        snap = scene.snap(move=move, lead=said)
        memory, intents = decided(scene, snap)
        assert memory.why == why
        assert scene.told(intents) == scene.told(V12.decide(snap, scene.mine(), V12.memory())[1])
        for place in intents:
            assert place.reason.code == "underlying's move"
            names = [name for name, _ in place.reason.numbers]
            assert tuple(n.removeprefix(STANDS_DOWN) for n in names if n.startswith(STANDS_DOWN)) == why
            assert names[-1] == f"{BOUND}fixed"


@pytest.mark.parametrize(
    "more",
    [
        {"other_ns": -2}, {"heard_ns": -10}, {"other_ask": 5800}, {"moved_ns": -6, "own_moved_ns": -7},
    ],
)  # fmt: skip
def test_just_good_enough(scene: Any, more: dict[str, Any]) -> None:
    timed = {k: scene.T + v * SECOND if k.endswith("_ns") else v for k, v in more.items()}
    snap = scene.snap(lead=msgspec.structs.replace(lead(scene), **timed))
    assert decided(scene, snap)[0].why == ()


def test_a_market_without_a_twin(scene: Any) -> None:
    memory, intents = decided(scene, scene.snap(move=UP))
    assert memory.why == ("no other venue",)
    assert scene.told(intents) == [("buy", 48, 10)]
    assert not any(name.startswith(STANDS_DOWN) for name, _ in intents[0].reason.numbers)


def test_the_own_spread_may_be_five_cents(scene: Any) -> None:
    assert decided(scene, scene.snap(47, 52, lead=lead(scene)))[0].why == ()
    memory, intents = decided(scene, scene.snap(46, 52, lead=lead(scene), move=-UP))
    assert memory.why == ("own spread wide",)
    assert scene.told(intents) == [("sell", 51, 10)]


def test_the_fee_is_asked_on_top(scene: Any) -> None:
    """2 cents and .437 cent: .0978 logits at a mid of 49."""
    for y, follows in ((0.097, False), (0.098, True)):
        snap = scene.snap(lead=lead(scene, y), maker_fee=True)
        assert (decided(scene, snap)[0].why == ()) is follows


def test_it_says_what_the_lead_comes_to(scene: Any) -> None:
    (place,) = decided(scene, scene.snap(lead=lead(scene), maker_fee=True))[1]
    reason = place.reason
    assert reason.code == FOLLOWED
    x = 0.5 * 0.2 + -0.0400053
    assert reason.number("p lead") == pytest.approx(logistic(x), abs=1e-6)
    assert reason.number("y") == 0.2
    assert reason.number("gap") == pytest.approx(0.2 * 0.49 * 0.51)
    assert reason.number("gap needed") == pytest.approx(0.02 + 0.0175 * 0.48 * 0.52)
    assert reason.number("lag s") == 2.0
    assert reason.number("edge") == pytest.approx(logistic(x) - 0.48 - 0.0175 * 0.48 * 0.52, abs=1e-6)
    assert reason.number("atr") is not None
    assert reason.numbers[-1] == (f"{BOUND}fixed", 10)


def test_the_trend_may_veto_the_lead(scene: Any) -> None:
    memory: Any = NONE
    for s in range(240):
        bid = round(61 - 0.05 * s)
        memory, _ = V13.decide(scene.snap(bid, bid + 2, at=s, move=0.0), scene.mine(), memory)
    later = lead(scene, 0.3, other_ns=scene.T + 239 * SECOND, heard_ns=scene.T + 240 * SECOND,
                 moved_ns=scene.T + 239 * SECOND, own_moved_ns=scene.T)  # fmt: skip
    snap = scene.snap(48, 50, at=240, lead=later)
    after, intents = V13.decide(snap, scene.mine(), memory)
    assert after.why == ()
    assert list(intents) == []
    assert V13.wish(snap, scene.mine(), memory) == "trend against"
    turned = msgspec.structs.replace(later, y=-0.3)
    assert scene.told(V13.decide(scene.snap(48, 50, at=240, lead=turned), scene.mine(), memory)[1]) == [
        ("sell", 50, 10)
    ]


def test_a_lead_that_turns_takes_the_order_back(scene: Any) -> None:
    mine = scene.mine(scene.order("a", BID, 48))
    assert scene.told(decided(scene, scene.snap(lead=lead(scene, -0.2)), mine)[1]) == [
        ("cancel", "a", "direction flipped"),
        ("sell", 50, 10),
    ]
    over = lead(scene, own_moved_ns=scene.T)
    assert scene.told(decided(scene, scene.snap(lead=over), mine)[1]) == []
    against = scene.mine(scene.order("b", ASK, 50))
    assert scene.told(decided(scene, scene.snap(lead=over, move=UP), against)[1]) == [
        ("cancel", "b", "direction flipped"),
        ("buy", 48, 10),
    ]


@given(st.floats(-3, 3), st.integers(5, 95), st.integers(1, 5), st.booleans())
def test_yes_and_no_mirror(scene: Any, y: float, bid: int, wide: int, fee: bool) -> None:
    ask = min(99, bid + wide)
    said = lead(scene, y)
    snap = scene.snap(bid, ask, lead=said, maker_fee=fee)
    turned = msgspec.structs.replace(
        said, y=-y, other_bid=PRICE - said.other_ask, other_ask=PRICE - said.other_bid
    )
    other = msgspec.structs.replace(scene.mirrored(snap), lead=turned)
    here, there = decided(scene, snap), decided(scene, other)
    assert here[0].why == there[0].why
    assert scene.plain_intents(here[1]) == scene.mirrored_intents(there[1])


def test_the_memory_survives_text(scene: Any) -> None:
    memory, _ = decided(scene, scene.snap(lead=lead(scene, why=("not tested",))))
    assert memory.why == ("not tested",)
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(memory)), LeadMemory) == memory
