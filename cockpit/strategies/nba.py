"""Three rules for NBA games on Kalshi that are told in public, each alone and with our model's veto.

    rule             buys            when                                          its YES mid       price
    homeUnderdog     the home side   before the game, or the first six minutes     0.30 to 0.35
                                     of period 1 at a lead of four at most
    favoriteFade     the underdog    before the game, its line +10 to +14          0.25 at most      <= 0.25
    lateGameLeader   the leader      period 4, the clock running, a lead of                          <= 0.97
                                     `LEADS` or more

A game has two markets; a rule rests a bid, and only in the market whose YES is the team it buys: one order a game. Ten
contracts, held to settlement, and nothing more once anything was bought. The model's arm differs by its veto alone: our
chance of the team, less price and maker's fee, must be worth a margin.

favoriteFade is contrary to the published favourite-longshot bias: contracts at low prices win less often than they cost
(Buergi, Deng and Whelan, "Makers and Takers", 2025). homeUnderdog leans the same way; lateGameLeader is on the side the
bias pays. What is claimed for them, and how that
is judged, is in `cockpit.strategies.claims`.
"""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.games import Phase
from cockpit.domain.units import BID, PRICE, SECOND
from cockpit.models.nba import PERIOD_S
from cockpit.strategies.base import WHOLE, GameSnap, Intent, Mine, Place, Reason, Snap, Working
from cockpit.strategies.edges import (
    DUST,
    IMPLAUSIBLE,
    LIMITS,
    NEAR_CLOSE,
    Limits,
    guards,
    maker_fee,
    quote_price,
)
from cockpit.strategies.quoting import BOUND, NO_PRICE, NO_SIZE, RESTING, TTL_NS, Wish, freed, steer
from cockpit.strategies.sizing import CAPS, Caps, fixed_size
from cockpit.strategies.valued import LITTLE_EDGE, NO_FAIR, TOO_GOOD

HOME_UNDERDOG, FAVORITE_FADE, LATE_GAME_LEADER = "homeUnderdog", "favoriteFade", "lateGameLeader"
NAMES = (HOME_UNDERDOG, FAVORITE_FADE, LATE_GAME_LEADER)
"""The rules in the order they are shown."""

OTHER_VENUE = "not on Kalshi"
NO_GAME = "no game known"
OTHER_LEAGUE = "not an NBA game"
AWAY = "the away side"
NEUTRAL = "neutral ground"
NOT_EARLY = "after the first 6 minutes"
FAR_APART = "lead over 4"
NOT_BEFORE = "not before the game"
NO_LINE = "no line"
FAVOURITE = "not the underdog"
OTHER_LINE = "line outside 10 to 14"
NOT_LATE = "not in period 4"
BEHIND = "not in the lead"
SMALL_LEAD = "lead under the table"
CLOCK_OUT = "clock at zero"
OLD = "message old"
STALE = "score feed stale"
OTHER_MID = "mid outside the range"
DEAR = "price over the limit"
BOUGHT = "bought already"

LEADS = (
    (60, 6), (120, 7), (180, 8), (240, 9), (300, 10), (360, 11), (480, 12), (600, 14), (720, 15),
)  # fmt: skip
"""Seconds left of period 4, and the lead from which the leader wins 95 of 100 level teams' games.

Source: `cockpit.models.nba.PUBLISHED` at a drift of 0. Between two rows the earlier time holds, which asks for more.
"""


def lead_needed(left_s: float) -> int:
    """The least lead, points, with so many seconds left of period 4."""
    return next((lead for most, lead in LEADS if left_s <= most), LEADS[-1][1])


class Bought(msgspec.Struct, frozen=True, gc=False):
    """Whether anything was ever held in a market: a rule enters a game once."""

    done: bool = False


class GameRule(msgspec.Struct, frozen=True):
    """What the rules share; a bare one asks for every NBA game. All numbers but the rules' own are ours, settable."""

    code: ClassVar[str] = ""
    """The rule's name."""

    model: bool = False
    """Whether our own chance has a veto."""
    margin: float = 0.02
    """Least chance less price and fee in the model's arm, dollars a contract."""
    qty: int = 10 * WHOLE
    """Fixed size, and the most that is ever bought. Both arms have the same, so that only the veto differs."""
    most: int = PRICE
    """Highest price paid, price units."""
    live_age_ns: int = 10 * SECOND
    """Oldest message about a game in play."""
    pre_age_ns: int = 900 * SECOND
    """Oldest message about a game to come; a score feed is asked every ten minutes then."""
    ttl_ns: int = 600 * SECOND
    """Time to live, ns: before a game a place in the queue is worth more than a short life, and what changes takes the
    order back at once."""
    limits: Limits = LIMITS
    caps: Caps = CAPS

    @property
    def memory(self) -> type[Bought]:
        """What it remembers about one market."""
        return Bought

    def decide(self, snap: Snap, mine: Mine, memory: Bought) -> tuple[Bought, Sequence[Intent]]:
        """Rest the one order the rule asks for; keep it while the rule holds; buy nothing once something was bought."""
        if mine.qty and not memory.done:
            memory = Bought(done=True)
        if not mine.orders:
            wanted = BOUGHT if memory.done else self._wanted(snap, mine, None)
            return memory, () if isinstance(wanted, str) else (wanted,)
        return memory, steer(
            mine.orders,
            lambda order: self._lapse(snap, mine, order),
            lambda keep: BOUGHT if memory.done else self._wanted(snap, mine, keep),
        )

    def against(self, snap: Snap) -> str:
        """The first thing that stands against the rule in a market; empty when it asks for an order there."""
        why = self._game(snap) or guards(snap, self.limits) or self._mid(snap.bid + snap.ask)
        if why:
            return why
        price = quote_price(snap, BID)
        if price is None:
            return NO_PRICE
        return DEAR if price > self.most else self._veto(snap, price)

    # ------------------------------------------------------------------ what a rule is made of

    def _asks(self, game: GameSnap) -> str:
        """What the rule has against a game as it stands, seen from the team YES pays on; empty for nothing."""
        return ""

    def _mid(self, mid2: int) -> str:
        """What it has against a mid, given as twice the price; empty for nothing."""
        return ""

    # ------------------------------------------------------------------ what holds for all

    def _game(self, snap: Snap) -> str:
        game = snap.game
        if snap.market.venue != "kalshi":
            return OTHER_VENUE
        if game is None:
            return NO_GAME
        if game.league != "nba":
            return OTHER_LEAGUE
        most = self.pre_age_ns if game.phase is Phase.PRE else self.live_age_ns
        old = STALE if game.stale else OLD if snap.ts - game.heard_ns > most else ""
        return self._asks(game) or old

    def _veto(self, snap: Snap, price: int) -> str:
        """The model's word on a price, price units; empty where it agrees or is not asked."""
        if not self.model:
            return ""
        edge = _edge(snap, price)
        if edge is None:
            return NO_FAIR
        if edge > IMPLAUSIBLE:
            return TOO_GOOD
        return "" if edge >= self.margin - DUST else LITTLE_EDGE

    def _lapse(self, snap: Snap, mine: Mine, order: Working) -> Reason | None:
        """Why an order is wanted no longer where it rests. The guards but the close only keep new orders away."""
        if mine.qty + order.left > self.qty and mine.qty:
            return Reason(BOUGHT)
        guard = guards(snap, self.limits)
        if guard == NEAR_CLOSE:
            return Reason(NEAR_CLOSE)
        why = (
            self._game(snap)
            or ("" if guard else self._mid(snap.bid + snap.ask))
            or self._veto(snap, order.price)
        )
        return Reason(why, _numbers(snap, order.price)) if why else None

    def _wanted(self, snap: Snap, mine: Mine, keep: Working | None) -> Wish:
        """The order the rule asks for, in the place of the one to keep if there is one."""
        why = self.against(snap)
        price = quote_price(snap, BID)
        if why or price is None:
            return why or NO_PRICE
        if keep is not None and keep.price == price:
            return RESTING
        fee = maker_fee(snap.fees, price)
        qty, bound = fixed_size(self.qty, BID, price, fee, mine, self.caps, mine.room + freed(keep))
        if not qty:
            return NO_SIZE
        numbers = (*_numbers(snap, price), (BOUND + bound, qty // WHOLE))
        return Place(BID, price, qty, self.ttl_ns, Reason(self.code, numbers))


class HomeUnderdog(GameRule, frozen=True):
    """The home side at 30 to 35 cents, before the game or early in it."""

    code: ClassVar[str] = HOME_UNDERDOG
    low: int = 3_000
    high: int = 3_500
    """The mid, price units, both included. As told."""
    early_s: float = 360.0
    """Seconds of period 1 in which it still enters. As told."""
    apart: int = 4
    """Largest lead of either side in them, points. As told."""

    def _asks(self, game: GameSnap) -> str:
        if not game.home:
            return AWAY
        if game.neutral:
            return NEUTRAL
        if game.phase is Phase.PRE:
            return ""
        if game.phase is not Phase.LIVE or game.period != 1 or game.left_s < PERIOD_S - self.early_s:
            return NOT_EARLY
        return FAR_APART if abs(game.lead) > self.apart else ""

    def _mid(self, mid2: int) -> str:
        return "" if 2 * self.low <= mid2 <= 2 * self.high else OTHER_MID


class FavoriteFade(GameRule, frozen=True):
    """The underdog of a lopsided game at 25 cents or less: contrary to the published favourite-longshot bias."""

    code: ClassVar[str] = FAVORITE_FADE
    most: int = 2_500
    """Highest price, and the underdog's highest mid: the favourite then stands at 75 or more. As told."""
    near: float = 10.0
    far: float = 14.0
    """The underdog's line, points, both included. As told."""

    def _asks(self, game: GameSnap) -> str:
        if game.phase is not Phase.PRE:
            return NOT_BEFORE
        if game.spread is None:
            return NO_LINE
        if game.spread <= 0.0:
            return FAVOURITE
        return "" if self.near <= game.spread <= self.far else OTHER_LINE

    def _mid(self, mid2: int) -> str:
        return "" if mid2 <= 2 * self.most else OTHER_MID


class LateGameLeader(GameRule, frozen=True):
    """The leader of period 4 whose lead is safe by `LEADS`. At 97 cents one loss eats the profit of 32 wins.

    A rule sees one market at a time: should so large a lead change sides, the other side is bought as well.
    """

    code: ClassVar[str] = LATE_GAME_LEADER
    margin: float = 0.01
    most: int = 9_700
    """Ours: the rule is told without a table and without a price."""
    ttl_ns: int = TTL_NS

    def _asks(self, game: GameSnap) -> str:
        if game.phase is not Phase.LIVE or game.period != 4:
            return NOT_LATE
        if game.lead <= 0:
            return BEHIND
        if game.left_s <= 0.0:
            return CLOCK_OUT
        return "" if game.lead >= lead_needed(game.left_s) else SMALL_LEAD


def _edge(snap: Snap, price: int) -> float | None:
    """Our chance less price and maker's fee, dollars a contract; None without a chance of ours."""
    return None if snap.fair is None else snap.fair.mid - price / PRICE - maker_fee(snap.fees, price)


def _numbers(snap: Snap, price: int) -> tuple[tuple[str, int | float], ...]:
    """What a rule went by, at the price of an order; a model's numbers stand in both arms."""
    numbers: list[tuple[str, int | float]] = []
    if snap.bid > EMPTY_BID and snap.ask < EMPTY_ASK:
        numbers.append(("mid", (snap.bid + snap.ask) / (2 * PRICE)))
    game = snap.game
    if game is not None:
        numbers += [("lead", game.lead), ("period", game.period), ("left s", game.left_s)]
        numbers += [("heard s", (snap.ts - game.heard_ns) / SECOND)]
        if game.spread is not None:
            numbers.append(("line", game.spread))
        if game.phase is Phase.LIVE and game.period == 4:
            numbers.append(("lead needed", lead_needed(game.left_s)))
    numbers.append(("fee", maker_fee(snap.fees, price)))
    edge = _edge(snap, price)
    if snap.fair is not None and edge is not None:
        numbers += [("fair low", snap.fair.low), ("fair mid", snap.fair.mid), ("fair high", snap.fair.high)]
        numbers.append(("edge", edge))
    return tuple(numbers)


RULES: dict[str, tuple[GameRule, GameRule]] = {
    HOME_UNDERDOG: (HomeUnderdog(), HomeUnderdog(model=True)),
    FAVORITE_FADE: (FavoriteFade(), FavoriteFade(model=True)),
    LATE_GAME_LEADER: (LateGameLeader(), LateGameLeader(model=True)),
}
"""Each rule alone, and with the model's veto."""
