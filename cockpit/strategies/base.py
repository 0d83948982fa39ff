"""What a strategy is: a pure function from a market's snap and its own orders to intents.

``decide(snap, mine, memory) -> (memory, intents)`` reads no clock and draws no random number. A snap is computed
once a beat for each market that changed and shared by all lanes; ``mine`` is the lane's own.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from cockpit.domain.fees import FeeTerms
from cockpit.domain.games import Phase
from cockpit.domain.markets import Market
from cockpit.domain.mentions import Stage
from cockpit.domain.units import MONEY, QTY, RATIO
from cockpit.models.fair import Fair

_NO_FEE = FeeTerms("quadratic", RATIO, "assumed")


class Lead(msgspec.Struct, frozen=True, gc=False):
    """What another venue says of the same question. Prices in price units and this market's sense, times ns UTC."""

    y: float
    """Logit of the other mid less logit of the own, less what that usually is: positive says YES is worth more."""
    other_bid: int
    other_ask: int
    other_ns: int
    """Receive time of the other quote."""
    heard_ns: int
    """Receive time of the newest word from the other venue."""
    moved_ns: int
    """When the other mid last changed."""
    own_moved_ns: int
    """When this market's mid last changed."""
    lag_ns: int
    """How far the other venue leads in this series; 0 where that was not tested."""
    kappa: float = 0.5
    """Share of y that this market is expected to follow."""
    why: tuple[str, ...] = ()
    """What must be known first and is not, in words; empty where the lead may be followed."""


class GameSnap(msgspec.Struct, frozen=True, gc=False):
    """The game a market pays on, seen from the team its YES pays on. Points and seconds."""

    league: str
    phase: Phase
    home: bool
    """Whether YES pays on the home side."""
    period: int
    """From 5 on overtimes; 0 before the game."""
    left_s: float
    """Left of the period."""
    lead: int
    """The team's points less the other's."""
    spread: float | None
    """The team's own line before the game: negative where it is the favourite; None where no book's is known."""
    neutral: bool
    heard_ns: int
    """The time the newest message stands for, ns UTC: when it came, or when the game last moved if it repeats itself."""
    stale: bool = False
    """Whether that is too old to go by."""


class PhraseSnap(msgspec.Struct, frozen=True, gc=False):
    """The phrase a market pays on if it is said, and the event it may be said at."""

    stage: Stage
    kind: str
    """Of the event, as `cockpit.models.mentions.occasions` names it."""
    speaker: str
    least: int
    """How many times at least."""
    events: int
    """Past events behind its base rate."""
    begins_ns: int = 0
    """When it begins by a venue or a calendar, ns UTC; 0 where nobody says, or it is only guessed."""


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
    heard_ns: int = 0
    """Receive time of the newest word from the market's venue: a quiet book on a live stream is not old."""
    fair: Fair | None = None
    """Our own probability of YES; None where no model of ours covers it or its inputs are stale."""
    move: float | None = None
    """Log return of the underlying over the last five minutes; None before there are five minutes of it."""
    vol: float = 0.0
    """Yearly volatility of the underlying; 0 where there is none."""
    nearest: bool = False
    """Whether its fair value is the nearest to one half in its event."""
    fees: FeeTerms = _NO_FEE
    lead: Lead | None = None
    """What another venue says; None where no other lists the question."""
    game: GameSnap | None = None
    """The game it pays the winner of; None for anything else, and where the game is not known."""
    phrase: PhraseSnap | None = None
    """The phrase it pays on; None for anything else."""

    @property
    def left_ns(self) -> int:
        """Time to the close, ns; 0 where the close is not known."""
        return max(0, self.market.close_ns - self.ts) if self.market.close_ns else 0


class Working(msgspec.Struct, frozen=True, gc=False):
    """An own order that has not ended, or a proposal that waits for a person (``ticket``)."""

    id: str
    side: int
    price: int
    left: int
    sent_ns: int
    ticket: bool = False


class Odds(msgspec.Struct, frozen=True, gc=False):
    """What the lane's orders have come to so far, shrunk to the prior: the maker's own odds."""

    fill: float = 0.25
    """Probability that a resting order is filled."""
    adverse: float = 0.01
    """Expected adverse selection of a fill, dollars a contract."""
    n: int = 0
    """Orders behind the two, prior not counted."""


class Mine(msgspec.Struct, frozen=True, gc=False):
    """What a lane holds in one market: signed net YES and its orders and proposals, oldest first."""

    qty: int
    orders: tuple[Working, ...]
    average: int = 0
    """Average YES price of what is held, price units."""
    odds: Odds = Odds()
    bankroll: int = 1_000 * MONEY
    """Money units the sizes are shares of."""
    room: int = 1 << 62
    """Money units that may still be put at risk in this market's event."""


class Reason(msgspec.Struct, frozen=True, gc=False):
    """Why, in a code and numbers: prose is the screen's business."""

    code: str
    numbers: tuple[tuple[str, int | float], ...] = ()

    def number(self, name: str) -> float | None:
        """One of the numbers by name."""
        return next((value for key, value in self.numbers if key == name), None)


class Place(msgspec.Struct, frozen=True, gc=False):
    """Rest an order. ``ttl_ns`` counts from the moment it is sent; 0 is until cancelled."""

    side: int
    price: int
    qty: int
    ttl_ns: int
    reason: Reason


class Cancel(msgspec.Struct, frozen=True, gc=False):
    """Take an order back, or withdraw a proposal."""

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


WHOLE = QTY
"""Strategies size in whole contracts."""
