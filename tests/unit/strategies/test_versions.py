"""Every version by name, its numbers as written down, and what holds of all of them whatever the market does."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.markets import CENT_GRID, PriceBand, tick_above
from cockpit.domain.units import MILLISECOND, PRICE, QTY, SECOND
from cockpit.strategies.base import Place
from cockpit.strategies.probe import Probe
from cockpit.strategies.versions import VERSIONS

BEAT = 250 * MILLISECOND
TAPERED = (PriceBand(0, 1000, 10), PriceBand(1000, 9000, 100), PriceBand(9000, PRICE, 10))
GRIDS = {"cents": CENT_GRID, "tapered": TAPERED}
RULES = ["homeUnderdog", "favoriteFade", "lateGameLeader"]
OURS = ["V10", "V11", "V12", "V13", "V14", "V15"]


def ladder(grid: tuple[PriceBand, ...]) -> list[int]:
    prices = [0]
    while prices[-1] < PRICE:
        prices.append(prices[-1] + tick_above(grid, prices[-1]))
    return prices


LADDERS = {name: ladder(grid) for name, grid in GRIDS.items()}


def test_the_names() -> None:
    assert list(VERSIONS) == ["probe", *OURS, *RULES, *(f"{rule}+P" for rule in RULES), "yesBias"]
    assert isinstance(VERSIONS["probe"], Probe)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("V10", {"threshold": 0.5, "qty": 10 * QTY, "z0": None, "sigma_ref": None, "stops": None}),
        ("V11", {"threshold": 0.5, "z0": 1.0, "sigma_ref": None, "stops": None}),
        ("V12", {"z0": 1.0, "sigma_ref": 0.01}),
        ("V13", {"z0": 1.0, "sigma_ref": 0.01, "ticks": 2, "lags": 3, "max_wide": 500}),
        ("V14", {"theta": 0.002, "gate": 0.6, "threshold": None, "shrink": 1.0}),
        ("V15", {"theta": 0.002, "gate": 0.6, "threshold": 0.05}),
    ],
)
def test_the_numbers(name: str, numbers: dict[str, Any]) -> None:
    version: Any = VERSIONS[name]
    assert {key: getattr(version, key) for key in numbers} == numbers
    assert version.ttl_ns == 30 * SECOND
    limits = version.limits
    assert (limits.max_spread, limits.max_age_ns, limits.tau_min_ns) == (1000, 5 * SECOND, 60 * SECOND)
    assert (version.speeds.fast, version.speeds.slow) == (30, 240)
    assert (version.caps.kelly, version.caps.market) == (2500, 200)


def test_the_numbers_inside() -> None:
    v12, v13, v14, v15 = (VERSIONS[name] for name in ("V12", "V13", "V14", "V15"))
    stops = v12.stops  # type: ignore[attr-defined]
    assert v13.stops == stops  # type: ignore[attr-defined]
    assert (v13.other_age_ns, v13.other_silence_ns) == (2 * SECOND, 10 * SECOND)  # type: ignore[attr-defined]
    assert (stops.n, stops.multiple, stops.left_ns, stops.hold_ns) == (14, 2.0, 120 * SECOND, 900 * SECOND)
    for version, w in ((v14, 0.0), (v15, 0.35)):
        blend = version.blend  # type: ignore[attr-defined]
        assert (blend.w, blend.beta_z, blend.beta_y, blend.s0) == (w, 0.05, 0.0, 0.1)


@pytest.mark.parametrize("name", OURS)
def test_a_version_and_an_empty_memory_are_values(name: str) -> None:
    version = VERSIONS[name]
    assert version == msgspec.structs.replace(version)  # type: ignore[type-var]
    memory = version.memory()
    with pytest.raises(AttributeError):
        memory.ts = 5
    again = msgspec.convert(msgspec.json.decode(msgspec.json.encode(memory)), version.memory)
    assert again == memory


# ---------------------------------------------------------------------- whatever the market does

STEP = st.tuples(
    st.sampled_from([1, 1, 4, 40, 240, 2400]),  # beats since
    st.integers(0, 400),  # where on the ladder the bid stands
    st.integers(-1, 11),  # ticks to the ask
    st.none()
    | st.tuples(st.integers(1, 4095), st.integers(1, 200)),  # fair value and half its band, in 1/4096
    st.sampled_from([None, 0.0, 0.0004, 0.003, -0.0004, -0.003]),  # move
    st.booleans(),  # filled after
)
WALK = st.lists(STEP, min_size=3, max_size=14)


def market(scene: Any, steps: Any, grid: str, close: bool, fee: bool) -> list[tuple[Any, bool]]:
    """(snap, whether what rests is filled afterwards); the books wander near the middle of where they began."""
    prices, ts, snaps = LADDERS[grid], 0, []
    ends = sum(step[0] for step in steps) * BEAT / SECOND + 30
    at = len(prices) // 2
    for beats, place, ticks, fair, move, filled in steps:
        ts += beats * BEAT
        at = (at + place % 9 - 4) if place < 380 else place
        bid = prices[min(len(prices) - 1, max(0, at))]
        ask = prices[min(len(prices) - 1, max(0, at + ticks))]
        now = ts / SECOND
        band = None
        if fair is not None:
            about = min(4095, max(1, (bid + ask) * 2048 // PRICE + fair[0]))
            half = min(fair[1], about, 4096 - about)
            band = scene.fair((about - half) / 4096, about / 4096, (about + half) / 4096)
        snap = scene.snap(
            bid / 100, ask / 100, at=now, left=ends - now if close else None, grid=GRIDS[grid],
            maker_fee=fee, fair=band, move=move,
        )  # fmt: skip
        snaps.append((snap, filled))
    return snaps


def run(lane: Any, snaps: Any, reload_at: int = -1) -> list[Any]:
    decided = []
    for i, (snap, filled) in enumerate(snaps):
        if i == reload_at:
            lane.reload()
        decided.append(list(lane.step(snap)))
        if filled:
            lane.fill()
    return decided


SCENES = (WALK, st.sampled_from(["cents", "tapered"]), st.booleans(), st.booleans())


@pytest.mark.parametrize("name", OURS)
@given(*SCENES, st.integers(0, 13))
def test_decisions_keep_the_rules_repeat_and_survive_a_restart(
    scene: Any, name: str, steps: Any, grid: str, close: bool, fee: bool, at: int
) -> None:
    """The rules themselves are checked at each step, in `Lane.step`."""
    snaps = market(scene, steps, grid, close, fee)
    once = run(scene.Lane(VERSIONS[name]), snaps)
    assert run(scene.Lane(VERSIONS[name]), snaps) == once
    assert run(scene.Lane(VERSIONS[name]), snaps, reload_at=at) == once


@pytest.mark.parametrize("name", ["V14", "V15"])
@given(*SCENES)
def test_a_mirrored_market_gives_mirrored_intents(
    scene: Any, name: str, steps: Any, grid: str, close: bool, fee: bool
) -> None:
    """NO for YES throughout; only a mid of exactly one half has no mirror to choose by, and is left out."""
    snaps = [s for s in market(scene, steps, grid, close, fee) if s[0].bid + s[0].ask != PRICE]
    here = run(scene.Lane(VERSIONS[name]), snaps)
    there = run(scene.Lane(VERSIONS[name]), [(scene.mirrored(snap), filled) for snap, filled in snaps])
    assert [scene.mirrored_intents(i) for i in there] == [scene.plain_intents(i) for i in here]


@pytest.mark.parametrize("name", ["V10", "V11", "V12", "V13"])
@given(*SCENES)
def test_a_fixed_size_is_never_passed(
    scene: Any, name: str, steps: Any, grid: str, close: bool, fee: bool
) -> None:
    lane = scene.Lane(VERSIONS[name])
    for snap, filled in market(scene, steps, grid, close, fee):
        lane.step(snap)
        if filled:
            lane.fill()
        assert abs(lane.qty) <= 10 * QTY


@given(*SCENES)
def test_v15_places_only_over_five_cents_in_the_worst_case(
    scene: Any, steps: Any, grid: str, close: bool, fee: bool
) -> None:
    for intents in run(scene.Lane(VERSIONS["V15"]), market(scene, steps, grid, close, fee)):
        for place in intents:
            if isinstance(place, Place):
                numbers = dict(place.reason.numbers)
                assert numbers["low"] >= 0.05 - 1e-9
                assert numbers["edge"] <= 0.25
                assert min(numbers["ev"], numbers["ev*"]) > 0
                assert numbers["score"] >= 0.6


def test_the_walk_reaches_what_it_should(scene: Any) -> None:
    """The properties above are about something: in a fixed walk every version enters and moves its orders."""
    steps = [
        (4 + i % 40, 201 + (i * 7) % 3, 5 + (i * 5) % 6, ((i // 6 * 331) % 700 - 350, 40), (0.003, -0.003)[i // 9 % 2], i % 5 == 4)
        for i in range(160)
    ]  # fmt: skip
    for name in OURS:
        decided = run(scene.Lane(VERSIONS[name]), market(scene, steps, "cents", False, False))
        codes = {i.reason.code for intents in decided for i in intents}
        assert any(isinstance(i, Place) for intents in decided for i in intents), name
        assert "requote" in codes, name
