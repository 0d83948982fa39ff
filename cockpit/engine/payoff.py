"""The payoff ladder of one event: what a set of positions pays in each way the event can end.

Markets with numeric strikes on the same thing share one outcome axis: their strikes cut it into cells, and every
market pays YES on whole cells (strikes on different teams share none, which their custom fields tell). Markets
without strikes are their own outcomes: one cell each if the event is exclusive (plus "none of these"), else each
market ends on its own and only the worst and the best of all are told.
"""

from itertools import pairwise

import msgspec

from cockpit.domain.markets import Market
from cockpit.domain.units import PRICE

_ABOVE = ("greater", "greater_or_equal")
_BELOW = ("less", "less_or_equal")


class Rung(msgspec.Struct, frozen=True, gc=False):
    """One way the event can end: the interval of the outcome (1e-8, None is unbounded) and what is paid then."""

    low: int | None
    high: int | None
    label: str
    pnl: int
    """Money units, cost already taken off."""


class Holding(msgspec.Struct, frozen=True, gc=False):
    """Net YES of one market and the money tied to it; ``maybe`` is a working order, which may fill or not."""

    market: Market
    qty: int
    cost: int
    maybe: bool = False

    def pnl(self, *, yes: bool) -> int:
        """What it comes to if its market ends YES or NO; an order that may fill is filled when that hurts."""
        value = (PRICE * self.qty if yes else 0) - self.cost
        return min(0, value) if self.maybe else value


def ladder(holdings: list[Holding], *, exclusive: bool) -> list[Rung]:
    """The rungs of an event, lowest outcome first; empty for no holdings."""
    if not holdings:
        return []
    if all(_numeric(h.market) for h in holdings) and len({h.market.custom for h in holdings}) == 1:
        return _numeric_ladder(holdings)
    if exclusive:
        return _exclusive_ladder(holdings)
    return _free_ladder(holdings)


def worst(holdings: list[Holding], *, exclusive: bool) -> int:
    """The lowest payoff over all outcomes, money units (0 for no holdings)."""
    return min((rung.pnl for rung in ladder(holdings, exclusive=exclusive)), default=0)


def pays(market: Market, value: int) -> bool:
    """Whether a market with numeric strikes settles YES at an outcome (1e-8).

    Source: Kalshi ``strike_type``; between is inclusive at both ends.
    """
    floor = market.floor if market.floor is not None else value
    cap = market.cap if market.cap is not None else value
    match market.strike_type:
        case "greater":
            return value > floor
        case "greater_or_equal":
            return value >= floor
        case "less":
            return value < cap
        case "less_or_equal":
            return value <= cap
        case _:
            return floor <= value <= cap


def _numeric(market: Market) -> bool:
    kind = market.strike_type
    if kind in _ABOVE:
        return market.floor is not None
    if kind in _BELOW:
        return market.cap is not None
    return kind == "between" and market.floor is not None and market.cap is not None


def _cuts(market: Market) -> list[int]:
    """The first outcome of each cell a market's strikes start, in 1e-8 steps."""
    floor, cap = market.floor, market.cap
    match market.strike_type:
        case "greater":
            return [floor + 1] if floor is not None else []
        case "greater_or_equal":
            return [floor] if floor is not None else []
        case "less":
            return [cap] if cap is not None else []
        case "less_or_equal":
            return [cap + 1] if cap is not None else []
        case _:
            return [floor, cap + 1] if floor is not None and cap is not None else []


def _numeric_ladder(holdings: list[Holding]) -> list[Rung]:
    cuts = sorted({cut for h in holdings for cut in _cuts(h.market)})
    edges: list[int | None] = [None, *cuts, None]
    rungs = []
    for low, high in pairwise(edges):
        probe = low if low is not None else (high or 0) - 1
        pnl = sum(h.pnl(yes=pays(h.market, probe)) for h in holdings)
        rungs.append(Rung(low, None if high is None else high - 1, "", pnl))
    return rungs


def _tickers(holdings: list[Holding]) -> list[str]:
    return list(dict.fromkeys(h.market.ticker for h in holdings))


def _exclusive_ladder(holdings: list[Holding]) -> list[Rung]:
    rungs = [
        Rung(None, None, winner, sum(h.pnl(yes=h.market.ticker == winner) for h in holdings))
        for winner in _tickers(holdings)
    ]
    return [*rungs, Rung(None, None, "none of these", sum(h.pnl(yes=False) for h in holdings))]


def _free_ladder(holdings: list[Holding]) -> list[Rung]:
    ends = []
    for ticker in _tickers(holdings):
        mine = [h for h in holdings if h.market.ticker == ticker]
        ends.append([sum(h.pnl(yes=yes) for h in mine) for yes in (False, True)])
    return [
        Rung(None, None, "worst", sum(min(end) for end in ends)),
        Rung(None, None, "best", sum(max(end) for end in ends)),
    ]
