"""Who looks after Polymarket's markets in the rehearsal world: their ticks, and their ends.

Each has the agents' ``act``: do one thing at ``now`` (ns UTC), say when to act again, None when done.
"""

from collections.abc import Callable

from cockpit.domain.markets import Market
from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.happenings import Ended, Happening, Refined
from cockpit.rehearsal.polymarket.terms import UPDOWN, Terms, amount
from cockpit.rehearsal.tokens import TokenFloor
from cockpit.rehearsal.twins import TwinPit

Emit = Callable[[Happening], None]
LOOK_NS = 2 * SECOND
_CENT = UNDERLYING // 100


class TickKeeper:
    """Refines the tick of a market that has come near an end, once."""

    def __init__(self, pit: TokenFloor, emit: Emit) -> None:
        self.pit = pit
        self._emit = emit

    def act(self, now: int) -> int | None:
        """Look at the price."""
        if not self.pit.open:
            return None
        if not self.pit.edgy:
            return now + LOOK_NS
        before = self.pit.tick
        self.pit.refine()
        self._emit(Refined(now, self.pit.market.ticker, before))
        return None


class TwinSteward:
    """Closes one market, and brings its outcome: a window's at once, a ladder's after it was proposed."""

    def __init__(self, pit: TwinPit, lag: int, emit: Emit) -> None:
        """``lag`` (ns) is from the close to the final outcome."""
        self.pit = pit
        self._lag = lag
        self._emit = emit
        window = pit.terms.family == UPDOWN
        steps: list[Callable[[int], int | None]] = [self._close, self._final]
        self._steps = iter(steps if window else [self._close, self._proposed, self._final])

    def act(self, now: int) -> int | None:
        """The next step of the market's end."""
        return next(self._steps)(now)

    def _close(self, now: int) -> int:
        self.pit.exchange.close(now)
        return now + (self._lag if self.pit.terms.family == UPDOWN else self._lag // 2)

    def _proposed(self, now: int) -> int:
        self._emit(Ended(now, self.pit.market.ticker, final=False))
        return now + self._lag - self._lag // 2

    def _final(self, now: int) -> None:
        self._emit(Ended(now, self.pit.market.ticker, final=True))


def end_of(pit: TwinPit) -> dict[str, object]:
    """How a twin ends, as plain values."""
    return {"expiration_value": amount(pit.value(), 2), "yes": pit.pays()}


def alike(market: Market, twin: Terms) -> bool:
    """Whether a Kalshi market on the same asset is about the same hour and amount, or the same window."""
    if market.close_ns != twin.close_ns:
        return False
    if twin.family == UPDOWN:
        return market.strike_type == "greater_or_equal"
    assert twin.low is not None
    return market.strike_type == "greater" and market.floor == twin.low - _CENT
