"""The engine's settings as one frozen value; `cockpit.settings` builds it."""

import msgspec

from cockpit.domain.fees import Rounding
from cockpit.domain.units import MILLISECOND, MONEY, SECOND
from cockpit.engine.risk import Caps
from cockpit.models.leads.gate import GateParams
from cockpit.models.leads.trial import Lags
from cockpit.strategies.spreads.legs import PARAMS, Params

DESK = "desk"
"""The lane that carries out what a person approves or places."""
MIRROR = "mirror"
"""The lane that approves every desk proposal at the person's own measured delay."""
WHAT_IF = "what-if"
"""The lane of what is done in hindsight, while a recording plays."""


class LaneConfig(msgspec.Struct, frozen=True):
    """A lane to run: its name, its strategy version (empty: commands only) and its caps."""

    name: str
    strategy: str = ""
    caps: Caps = Caps()


class DeskConfig(msgspec.Struct, frozen=True):
    """What a person is offered, and the rules of the wheel. Times in ns, money in money units."""

    strategies: tuple[str, ...] = ()
    """Versions whose intents become proposals."""
    threshold: float = 0.05
    """Low-side edge a proposal needs, dollars a contract."""
    bankroll: int = 10_000 * MONEY
    event_share: float = 0.04
    """Most of the bankroll that sizes may put at risk in one event."""
    day_loss: int | None = None
    """The most the desk may lose in a New York day, open positions at liquidation value."""
    shown_ns: int = 150 * MILLISECOND
    """How long terms must have been on screen."""
    pause_ns: int = 750 * MILLISECOND
    """How long the approve key must have been still: longer than a keyboard waits before it repeats."""
    life_ns: int = 30 * SECOND
    """How long a proposal stands."""
    rejected_ns: int = 60 * SECOND
    """How long after a refusal the same is not proposed again."""
    expired_ns: int = 10 * SECOND
    """The same after it ran out of time."""
    withdrawn_ns: int = 5 * SECOND
    """The same after its strategy took it back."""
    hold_ns: int = 1 * SECOND
    """How long a strategy must want something before it is proposed."""
    revise_ns: int = 1 * SECOND
    """How long terms stand before they may be revised: what changes faster cannot be read."""
    over_s: int = 3
    """Seconds the day's loss must be over its limit."""
    away_ns: int = 0
    """Without a key for this long nobody is at the wheel; 0 never."""
    mirror: bool = False
    spreads: bool = False
    """Whether two-leg trades across venues are proposed."""


class GamesConfig(msgspec.Struct, frozen=True):
    """How old a score message may be, and how far its feed is behind the floor. Times in ns."""

    live_ns: int = 30 * SECOND
    """While the clock runs."""
    break_ns: int = 90 * SECOND
    before_ns: int = 1_500 * SECOND
    """Before the game, when it is asked for every ten minutes."""
    lag_ns: int = 10 * SECOND
    """Between a basket and the message of it. Not measured."""


class MentionsConfig(msgspec.Struct, frozen=True):
    """When a speech is near, and how old another venue's price of a phrase may be. Times in ns."""

    soon_ns: int = 3_600 * SECOND
    other_age_ns: int = 60 * SECOND


class EngineConfig(msgspec.Struct, frozen=True):
    """Times in ns."""

    lanes: tuple[LaneConfig, ...] = (LaneConfig(DESK),)
    beat_ns: int = 250 * MILLISECOND
    entry_latency_ns: int = 250 * MILLISECOND
    """From sending an order to its place in the queue."""
    cancel_latency_ns: int = 250 * MILLISECOND
    """From sending a cancel to its effect; fills before that stand."""
    doubt_cancel_ns: int = 2 * SECOND
    """How long a doubted book keeps its working orders."""
    crossed_ns: int = 250 * MILLISECOND
    """How long, in exchange time, a book may stay crossed before it is doubted."""
    by_order_share: int = 80
    """Per cent of the last hour's cancels that must match exactly one known order for fifo to be the headline."""
    no_trades: bool = False
    polled: tuple[str, ...] = ()
    """Venues whose books are polled: there only the cross rule is known, and fills enter no verdict."""

    polled_stale_ns: int = 5 * SECOND
    """The age up to which a polled book says where an order would rest."""
    silent_ns: int = 20 * SECOND
    """How long a venue's stream may say nothing before no order is sent on its books."""

    def cross_only(self, venue: str) -> bool:
        """Whether nothing but the cross rule is known in a venue's markets."""
        return self.no_trades or venue in self.polled

    """The input has no trade stream: only the cross rule can be computed."""
    rounding: Rounding = Rounding()
    fair_stale_ns: int = 5 * SECOND
    """Age of the spot price beyond which no fair value stands."""
    desk: DeskConfig = DeskConfig()
    spreads: Params = PARAMS
    games: GamesConfig = GamesConfig()
    mentions: MentionsConfig = MentionsConfig()
    lags: Lags = Lags()
    lead_gate: GateParams = GateParams()
    clock_error_ns: int = 100 * MILLISECOND
    """How much one venue's messages may be later than the other's for no reason of the market's."""
    keep_ended: int = 500
    """Ended orders kept with their story."""
