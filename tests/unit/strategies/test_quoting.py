"""What rests against what is wanted: kept, moved, taken back, and never two."""

from typing import Any

import pytest

from cockpit.domain.units import ASK, BID, MONEY, QTY
from cockpit.strategies.base import Place, Reason, Working
from cockpit.strategies.quoting import NO_SIZE, RESTING, TTL_NS, freed, steer

FLIPPED = Reason("direction flipped")
WANTED = Place(BID, 4800, 10 * QTY, TTL_NS, Reason("why"))


def steered(scene: Any, orders: list[Working], wanted: Any, lapsed: tuple[str, ...] = ()) -> Any:
    asked: list[str | None] = []

    def wish(keep: Working | None) -> Any:
        asked.append(keep.id if keep else None)
        return wanted

    intents = steer(orders, lambda order: FLIPPED if order.id in lapsed else None, wish)
    assert len(asked) == 1
    return scene.told(intents), asked[0]


@pytest.mark.parametrize(
    ("names", "lapsed", "wanted", "told", "asked"),
    [
        ("", "", WANTED, [("buy", 48, 10)], None),
        ("", "", NO_SIZE, [], None),
        ("a", "", RESTING, [], "a"),
        ("a", "", NO_SIZE, [], "a"),
        ("a", "", WANTED, [("cancel", "a", "requote"), ("buy", 48, 10)], "a"),
        ("a", "a", WANTED, [("cancel", "a", "direction flipped"), ("buy", 48, 10)], None),
        ("a", "a", NO_SIZE, [("cancel", "a", "direction flipped")], None),
        ("ab", "", RESTING, [("cancel", "a", "one order at a time")], "b"),
        ("ab", "b", RESTING, [("cancel", "b", "direction flipped")], "a"),
        (
            "abc",
            "b",
            WANTED,
            [
                ("cancel", "b", "direction flipped"),
                ("cancel", "a", "one order at a time"),
                ("cancel", "c", "requote"),
                ("buy", 48, 10),
            ],
            "c",
        ),
    ],
)
def test_steering(scene: Any, names: str, lapsed: str, wanted: Any, told: Any, asked: Any) -> None:
    orders = [scene.order(name, BID, 47) for name in names]
    assert steered(scene, orders, wanted, tuple(lapsed)) == (told, asked)


def test_what_an_order_frees(scene: Any) -> None:
    assert freed(None) == 0
    assert freed(scene.order("a", BID, 40, left=5)) == 2 * MONEY
    assert freed(scene.order("a", ASK, 40, left=5)) == 3 * MONEY
    assert freed(scene.order("a", BID, 40, left=5, ticket=True)) == 0
