"""V10 to V12 by example: enter, veto, hold, cancel, requote, stop out."""

import math
from typing import Any

import msgspec
import pytest

from cockpit.domain.units import ASK, BID, MILLISECOND, PRICE, QTY, SECOND
from cockpit.strategies.base import Place
from cockpit.strategies.directional import DirectionalMemory
from cockpit.strategies.quoting import BOUND
from cockpit.strategies.stops import Held, Stops
from cockpit.strategies.trend import Trend
from cockpit.strategies.versions import V10, V11, V12

ONE_SD = 0.5 * math.sqrt(300 / 31_536_000)
"""Of five minutes, at the yearly volatility of .5 that the scene has."""
UP, DOWN = 0.6 * ONE_SD, -0.6 * ONE_SD
NONE = DirectionalMemory()


def told(scene: Any, version: Any, snap: Any, mine: Any, memory: Any = NONE) -> Any:
    return scene.told(version.decide(snap, mine, memory)[1])


# ---------------------------------------------------------------------- V10


@pytest.mark.parametrize(
    ("move", "strike", "more", "intents"),
    [
        (UP, "greater", {}, [("buy", 48, 10)]),
        (DOWN, "greater", {}, [("sell", 50, 10)]),
        (0.5 * ONE_SD, "greater", {}, [("buy", 48, 10)]),
        (0.49 * ONE_SD, "greater", {}, []),
        (-0.49 * ONE_SD, "greater", {}, []),
        (UP, "greater_or_equal", {}, [("buy", 48, 10)]),
        (UP, "less", {}, [("sell", 50, 10)]),
        (DOWN, "less_or_equal", {}, [("buy", 48, 10)]),
        (UP, "between", {}, []),
        (UP, "structured", {}, []),
        (UP, "", {}, []),
        (UP, "greater", {"nearest": False}, []),
        (UP, "greater", {"vol": 0.0}, []),
        (None, "greater", {}, []),
        (UP, "greater", {"ask": 51}, [("buy", 49, 10)]),
        (DOWN, "greater", {"ask": 51}, [("sell", 50, 10)]),
        (UP, "greater", {"ask": 60}, []),
        (UP, "greater", {"bid": 0}, []),
        (UP, "greater", {"left": 59}, []),
        (UP, "greater", {"heard_ns": 0}, []),
    ],
)
def test_v10_enters_with_the_move(scene: Any, move: Any, strike: str, more: Any, intents: Any) -> None:
    snap = scene.snap(strike=strike, move=move, **more)
    assert told(scene, V10, snap, scene.mine()) == intents
    assert isinstance(V10.wish(snap, scene.mine(), NONE), Place) is bool(intents)


@pytest.mark.parametrize(
    ("told_of", "mine", "why"),
    [
        ({"move": 0.0}, {}, "no move"),
        ({"move": UP, "ask": 60}, {}, "wide spread"),
        ({"move": UP, "left": 3}, {}, "near close"),
        ({"move": UP}, {"qty": 10}, "no size"),
        ({"move": UP}, {"room": 0}, "no size"),
        ({"move": UP, "bid": 48.5}, {}, "no price"),
    ],
)
def test_what_stands_against_an_entry(scene: Any, told_of: Any, mine: Any, why: str) -> None:
    snap, own = scene.snap(**told_of), scene.mine(**mine)
    assert V10.wish(snap, own, NONE) == why
    assert told(scene, V10, snap, own) == []


@pytest.mark.parametrize(
    ("move", "orders", "intents"),
    [
        (UP, [("a", BID, 48)], []),
        (UP, [("a", BID, 47)], [("cancel", "a", "requote"), ("buy", 48, 10)]),
        (UP, [("a", BID, 49)], [("cancel", "a", "requote"), ("buy", 48, 10)]),
        (DOWN, [("a", BID, 48)], [("cancel", "a", "direction flipped"), ("sell", 50, 10)]),
        (0.0, [("a", BID, 48)], []),
        (0.0, [("a", BID, 40)], []),
        (None, [("a", BID, 48)], []),
        (UP, [("a", BID, 47), ("b", BID, 48)], [("cancel", "a", "one order at a time")]),
        (UP, [("a", ASK, 50), ("b", BID, 48)], [("cancel", "a", "direction flipped")]),
    ],
)
def test_v10_holds_moves_and_flips(scene: Any, move: Any, orders: Any, intents: Any) -> None:
    mine = scene.mine(*(scene.order(*order) for order in orders))
    assert told(scene, V10, scene.snap(move=move), mine) == intents


@pytest.mark.parametrize(
    ("told_of", "intents"),
    [
        ({"left": 59}, [("cancel", "a", "near close"), ("cancel", "t", "near close")]),
        ({"ask": 60}, []),
        ({"bid": 0}, []),
        ({"heard_ns": 0}, []),
    ],
)
def test_a_guard_keeps_what_rests_but_near_the_close(scene: Any, told_of: Any, intents: Any) -> None:
    mine = scene.mine(scene.order("a", BID, 48), scene.order("t", BID, 48, ticket=True))
    for version in (V10, V11, V12):
        assert told(scene, version, scene.snap(move=DOWN, **told_of), mine) == intents


@pytest.mark.parametrize(
    ("qty", "orders", "intents"),
    [
        (4, [], [("buy", 48, 6)]),
        (4.5, [], [("buy", 48, 5)]),
        (9.5, [], []),
        (10, [], []),
        (25, [], []),
        (-10, [], [("buy", 48, 10)]),
        (6, [("a", BID, 48, 4)], []),
        (10, [("a", BID, 47, 4)], []),
        (6, [("a", BID, 47, 4)], [("cancel", "a", "requote"), ("buy", 48, 4)]),
    ],
)
def test_v10_never_holds_more_than_its_size(scene: Any, qty: float, orders: Any, intents: Any) -> None:
    mine = scene.mine(*(scene.order(*order) for order in orders), qty=qty)
    assert told(scene, V10, scene.snap(move=UP), mine) == intents


def test_a_requote_has_the_room_of_the_order_it_replaces(scene: Any) -> None:
    snap, full = scene.snap(move=UP), {"room": 0}
    order = scene.order("a", BID, 47, left=10)
    assert told(scene, V10, snap, scene.mine(order, **full)) == [("cancel", "a", "requote"), ("buy", 48, 9)]
    proposal = scene.order("a", BID, 47, left=10, ticket=True)
    assert told(scene, V10, snap, scene.mine(proposal, **full)) == []


def test_v10_remembers_nothing_and_gives_its_reason(scene: Any) -> None:
    snap = scene.snap(move=UP, maker_fee=True)
    memory, intents = V10.decide(snap, scene.mine(), NONE)
    assert memory is NONE
    assert intents[0].ttl_ns == 30 * SECOND
    reason = intents[0].reason
    assert reason.code == "underlying's move"
    assert reason.number("move") == UP
    assert reason.number("needed") == pytest.approx(0.5 * ONE_SD)
    assert reason.number("fee") == pytest.approx(0.0175 * 0.48 * 0.52)
    assert reason.number(f"{BOUND}fixed") == 10
    assert reason.number("z") is None


# ---------------------------------------------------------------------- V11


def rising(scene: Any, slope: float, seconds: int = 240) -> tuple[DirectionalMemory, float]:
    """What V11 remembers of a mid that went from one side of one half to the other, a step each second."""
    memory = NONE
    for s in range(seconds):
        bid = round(49 + slope * (s - seconds / 2))
        memory, _ = V11.decide(scene.snap(bid, bid + 2, at=s, move=0.0), scene.mine(), memory)
    return memory, float(seconds)


@pytest.mark.parametrize(
    ("slope", "move", "intents"),
    [
        (-0.1, UP, []),
        (-0.1, DOWN, [("sell", 50, 10)]),
        (0.1, DOWN, []),
        (0.1, UP, [("buy", 48, 10)]),
        (0.0, UP, [("buy", 48, 10)]),
        (0.0, DOWN, [("sell", 50, 10)]),
    ],
)
def test_v11_lets_the_trend_veto(scene: Any, slope: float, move: float, intents: Any) -> None:
    memory, now = rising(scene, slope)
    snap = scene.snap(at=now, move=move)
    assert told(scene, V11, snap, scene.mine(), memory) == intents
    assert told(scene, V10, snap, scene.mine(), memory) != []
    if not intents:
        assert V11.wish(snap, scene.mine(), memory) == "trend against"


def test_v11_takes_an_order_back_when_the_trend_turns_against_it(scene: Any) -> None:
    memory, now = rising(scene, -0.1)
    mine = scene.mine(scene.order("a", BID, 48))
    after, intents = V11.decide(scene.snap(at=now, move=UP), mine, memory)
    assert scene.told(intents) == [("cancel", "a", "trend against")]
    assert intents[0].reason.number("z") < -1.0
    assert after.trend.ts == scene.snap(at=now).ts
    assert told(scene, V11, scene.snap(at=now, move=0.0), mine, memory) == []


def test_a_book_that_fails_a_guard_teaches_nothing(scene: Any) -> None:
    memory, _ = V11.decide(scene.snap(48, 50), scene.mine(), NONE)
    assert memory.trend.ts == scene.T
    for bad in (scene.snap(0, 50, at=1), scene.snap(10, 90, at=1), scene.snap(51, 50, at=1)):
        assert V11.decide(bad, scene.mine(), memory)[0] is memory


# ---------------------------------------------------------------------- V12


@pytest.mark.parametrize(
    ("sigma", "qty", "bound"),
    [(0.0, 10, "fixed"), (0.01, 10, "fixed"), (0.02, 5, "volatility"), (0.03, 3, "volatility"), (0.2, 0, "")],
)
def test_v12_is_smaller_where_it_is_wilder(scene: Any, sigma: float, qty: int, bound: str) -> None:
    snap = scene.snap(move=UP)
    steady = Trend(snap.ts, 0.0, 0.0, 0.0, sigma * sigma)
    intents = V12.decide(snap, scene.mine(), DirectionalMemory(trend=steady))[1]
    assert scene.told(intents) == ([("buy", 48, qty)] if qty else [])
    if qty:
        assert intents[0].reason.number(f"{BOUND}{bound}") == qty
        assert intents[0].reason.number("sigma") == pytest.approx(sigma)
        assert intents[0].reason.number("atr") == 0.0
        assert intents[0].reason.number("z") == 0.0


class Ride:
    """V12 over a mid told in cents, a step every ten seconds; it holds what it is told to hold."""

    def __init__(self, scene: Any, version: Any = V12) -> None:
        self.scene, self.version = scene, version
        self.memory: Any = version.memory()
        self.now = 0.0

    def step(self, bid: float, ask: float, mine: Any = None, after: float = 10, **more: Any) -> Any:
        self.now += after
        self.snap = self.scene.snap(bid, ask, at=self.now, **{"move": 0.0, **more})
        self.memory, intents = self.version.decide(self.snap, mine or self.scene.mine(), self.memory)
        return intents

    def swing(self, minutes: int = 16, wide: int = 2) -> "Ride":
        """Minutes of bars that reach ``wide`` cents each, about a mid of 49."""
        for _ in range(minutes):
            for bid in (48, 48 + wide, 48 + wide, 48, 48, 48):
                self.step(bid, bid + 2)
        return self


def held(scene: Any, qty: float, average: float, *orders: Any) -> Any:
    return scene.mine(*orders, qty=qty, average=round(average * 100))


def test_v12_stops_a_long_out_two_ranges_below(scene: Any) -> None:
    """ATR 2 cents, entry at 49: the stop is at 45, and the exit rests at the ask."""
    ride = Ride(scene).swing()
    assert ride.memory.bars.atr == pytest.approx(200.0)
    long = held(scene, 10, 49)
    assert ride.step(48, 50, long) == ()
    assert ride.step(45, 47, long) == ()
    assert not ride.memory.held.out
    intents = ride.step(44, 46, long)
    assert scene.told(intents) == [("sell", 46, 10)]
    reason = intents[0].reason
    assert reason.code == "passive exit, may not fill"
    assert reason.number("stop") == pytest.approx(0.45)
    assert reason.number("entry") == pytest.approx(0.49)
    assert reason.number("held s") == 20
    assert ride.version.wish(ride.snap, long, ride.memory) == "stopped out"


def test_the_stop_hangs_on_what_was_paid(scene: Any) -> None:
    """First seen at a mid of 47, bought at 49: the stop is at 45, not 43; bought unknown, it is at 43."""
    for average, out in ((49, True), (0, False)):
        ride, long = Ride(scene).swing(), held(scene, 10, average)
        assert ride.step(46, 48, long) == ()
        assert scene.told(ride.step(44, 46, long)) == ([("sell", 46, 10)] if out else [])


def test_v12_stops_a_short_out_above(scene: Any) -> None:
    ride, short = Ride(scene).swing(), held(scene, -10.5, 49)
    ride.step(48, 50, short)
    assert ride.step(51, 53, short) == ()
    assert scene.told(ride.step(52, 54, short)) == [("buy", 52, 10.5)]


def test_the_chandelier_follows_the_best_mid(scene: Any) -> None:
    """From a best of 53 two ranges lead to 49, where the entry alone would have led to 45."""
    ride, long = Ride(scene).swing(), held(scene, 10, 49)
    for bid in (48, 50, 52, 51, 49):
        assert ride.step(bid, bid + 2, long, after=1) == ()
    assert scene.told(ride.step(48, 50, long, after=1)) == [("sell", 50, 10)]
    assert ride.memory.held.best == 5300


def test_an_exit_follows_the_ask_and_stays_when_the_price_comes_back(scene: Any) -> None:
    ride, long = Ride(scene).swing(), held(scene, 10, 49)
    ride.step(48, 50, long)
    ride.step(44, 46, long)
    resting = held(scene, 10, 49, scene.order("x", ASK, 46))
    assert ride.step(44, 46, resting) == []
    assert scene.told(ride.step(43, 45, resting)) == [("cancel", "x", "requote"), ("sell", 45, 10)]
    assert scene.told(ride.step(52, 54, resting)) == [("cancel", "x", "requote"), ("sell", 54, 10)]
    both = held(scene, 10, 49, scene.order("e", BID, 43), scene.order("x", ASK, 54))
    assert scene.told(ride.step(52, 54, both)) == [("cancel", "e", "stopped out")]


def test_no_entry_while_it_is_stopped_out(scene: Any) -> None:
    ride, long = Ride(scene).swing(), held(scene, 5, 49)
    ride.step(48, 50, long)
    assert scene.told(ride.step(44, 46, long, move=UP)) == [("sell", 46, 5)]
    bidding = held(scene, 5, 49, scene.order("e", BID, 44))
    assert scene.told(ride.step(44, 46, bidding, move=UP)) == [
        ("cancel", "e", "stopped out"),
        ("sell", 46, 5),
    ]


def test_once_the_position_is_gone_so_is_the_exit(scene: Any) -> None:
    ride, long = Ride(scene).swing(), held(scene, 10, 49)
    ride.step(48, 50, long)
    ride.step(44, 46, long)
    assert ride.memory.held.out
    flat = scene.mine(scene.order("x", ASK, 46))
    assert scene.told(ride.step(44, 46, flat)) == [("cancel", "x", "position closed")]
    assert ride.memory.held == Held()
    assert ride.step(44, 46) == ()


@pytest.mark.parametrize(
    ("why", "minutes", "wide", "more"),
    [
        ("too few bars", 13, 2, {}),
        ("no range at all", 16, 0, {}),
        ("a spread over the average", 16, 2, {"ask": 48}),
        ("near the close", 16, 2, {"left": 119}),
    ],
)
def test_stops_are_off(scene: Any, why: str, minutes: int, wide: int, more: Any) -> None:
    ride, long = Ride(scene).swing(minutes, wide), held(scene, 10, 49)
    ride.step(48, 50, long)
    assert ride.step(**{"bid": 44, "ask": 46, "mine": long, **more}) == (), why
    assert not ride.memory.held.out


@pytest.mark.parametrize(("left", "out"), [(3600, True), (None, True), (120, True), (119, False)])
def test_the_time_stop(scene: Any, left: float | None, out: bool) -> None:
    ride, long = Ride(scene), held(scene, 10, 49)
    ride.step(48, 50, long)
    assert ride.step(48, 50, long, after=899) == ()
    intents = ride.step(48, 50, long, after=1, left=left)
    assert scene.told(intents) == ([("sell", 50, 10)] if out else [])
    if out:
        assert intents[0].reason.number("stop") == 0


def test_an_exit_is_taken_back_near_the_close(scene: Any) -> None:
    ride, long = Ride(scene), held(scene, 10, 49)
    ride.step(48, 50, long)
    ride.step(48, 50, long, after=900)
    resting = held(scene, 10, 49, scene.order("x", ASK, 50))
    assert scene.told(ride.step(48, 50, resting, left=119)) == [("cancel", "x", "near close")]
    assert scene.told(ride.step(48, 50, resting, left=59)) == [("cancel", "x", "near close")]


def test_an_exit_waits_for_a_book_and_for_a_whole_lot(scene: Any) -> None:
    ride, long = Ride(scene), held(scene, 10, 49)
    ride.step(48, 50, long)
    assert ride.step(48, 100, long, after=900) == ()
    assert scene.told(ride.step(48, 50, long, after=1)) == [("sell", 50, 10)]
    assert ride.step(48, 50.5, long, after=1) == []
    dust = msgspec.structs.replace(scene.mine(), qty=QTY // 1000)
    assert ride.step(48, 50, dust, after=1) == []


def test_a_position_that_turns_is_followed_anew(scene: Any) -> None:
    ride = Ride(scene)
    ride.step(48, 50, held(scene, 10, 49))
    since = ride.memory.held.since
    ride.step(48, 50, held(scene, -10, 49))
    assert ride.memory.held == Held(ASK, since + 10 * SECOND, 4900.0)


def test_stops_are_settable(scene: Any) -> None:
    quick = msgspec.structs.replace(V12, stops=Stops(hold_ns=1500 * MILLISECOND))
    ride, long = Ride(scene, quick), held(scene, 10, 49)
    ride.step(48, 50, long)
    assert scene.told(ride.step(48, 50, long, after=1.5)) == [("sell", 50, 10)]


def test_an_exit_pays_its_fee(scene: Any) -> None:
    ride, long = Ride(scene), held(scene, 10, 49)
    ride.step(48, 50, long)
    (exit_order,) = ride.step(48, 50, long, after=900, maker_fee=True)
    assert exit_order.reason.number("fee") == pytest.approx(0.0175 * 0.25)
    assert exit_order.price < PRICE
