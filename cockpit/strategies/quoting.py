"""From what is wanted to intents: at most one order a side, at most one entry at a time, kept where it still stands.

Orders that are no longer wanted are taken back first, in the order they were sent; then the newest that is left is
kept, or moved: taken back and placed anew at another price in the same decision. A side that is wanted but has no
room for more keeps what rests there. Nothing is looked at but the arguments.
"""

from collections.abc import Callable, Iterable

from cockpit.domain.units import SECOND
from cockpit.strategies.base import Cancel, Intent, Place, Reason, Working
from cockpit.strategies.edges import stake

TTL_NS = 30 * SECOND
"""Time to live of every order. Ours, settable."""

RESTING = "resting"
"""What stands against placing an order where one rests already."""
NO_PRICE = "no price"
NO_SIZE = "no size"
BOUND = "bound: "
"""A reason's number of this name and what set the size: how many contracts that is."""

REQUOTE = Reason("requote")
REPLACED = Reason("one order at a time")

Wish = Place | str
"""What to rest, or the name of what stands against it."""


def cancels(orders: Iterable[Working], reason: Reason) -> list[Intent]:
    """Take them all back."""
    return [Cancel(order.id, reason) for order in orders]


def freed(order: Working | None) -> int:
    """What an order puts at risk, money units; a proposal has put nothing at risk yet."""
    if order is None or order.ticket:
        return 0
    return stake(order.side, order.price) * order.left


def steer(
    orders: Iterable[Working],
    lapse: Callable[[Working], Reason | None],
    wish: Callable[[Working | None], Wish],
) -> list[Intent]:
    """Reconcile what works with what is wanted.

    Args:
        orders: own orders and proposals, oldest first.
        lapse: why an order is no longer wanted; None while it is.
        wish: what to rest, given the order it would take the place of.
    """
    intents: list[Intent] = []
    live: list[Working] = []
    for order in orders:
        reason = lapse(order)
        if reason is None:
            live.append(order)
        else:
            intents.append(Cancel(order.id, reason))
    keep = live.pop() if live else None
    intents += cancels(live, REPLACED)
    wanted = wish(keep)
    if isinstance(wanted, str):
        return intents
    if keep is not None:
        intents.append(Cancel(keep.id, REQUOTE))
    intents.append(wanted)
    return intents
