"""What a strategy is: a pure function from a market's snap and its own orders to intents.

``decide(snap, mine, memory) -> (memory, intents)`` reads no clock and draws no random number. A snap is computed
once a beat for each market that changed and shared by all lanes; ``mine`` is the lane's own.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from cockpit.domain.markets import Market


class Snap(msgspec.Struct, frozen=True, gc=False):
    """One market at one beat. Prices in price units, quantities in quantity units, times ns UTC."""

    ts: int
    market: Market
    bid: int
    bid_qty: int
    ask: int
    ask_qty: int
    last: int
    """Price of the last print, 0 before the first."""
    book_ns: int
    """Receive time of the book's last change."""

    @property
    def left_ns(self) -> int:
        """Time to the close, ns; 0 where the close is not known."""
        return max(0, self.market.close_ns - self.ts) if self.market.close_ns else 0


class Working(msgspec.Struct, frozen=True, gc=False):
    """An own order that has not ended."""

    id: str
    side: int
    price: int
    left: int
    sent_ns: int


class Mine(msgspec.Struct, frozen=True, gc=False):
    """What a lane holds in one market: signed net YES and its orders, oldest first."""

    qty: int
    orders: tuple[Working, ...]


class Reason(msgspec.Struct, frozen=True, gc=False):
    """Why, in a code and numbers: prose is the screen's business."""

    code: str
    numbers: tuple[tuple[str, int | float], ...] = ()


class Place(msgspec.Struct, frozen=True, gc=False):
    """Rest an order. ``ttl_ns`` counts from the moment it is sent; 0 is until cancelled."""

    side: int
    price: int
    qty: int
    ttl_ns: int
    reason: Reason


class Cancel(msgspec.Struct, frozen=True, gc=False):
    """Take an order back."""

    order: str
    reason: Reason


Intent = Place | Cancel


class Strategy(Protocol):
    """A named version: frozen parameters and a pure decision."""

    @property
    def memory(self) -> type[Any]:
        """The type of what it remembers about one market between beats; built with no arguments."""
        ...

    def decide(self, snap: Snap, mine: Mine, memory: Any) -> tuple[Any, Sequence[Intent]]:
        """The next memory, and what to do now."""
        ...
