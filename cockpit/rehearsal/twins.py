"""Polymarket's markets on what Kalshi's are on: the same hour and the same window, another number that decides.

A ladder's threshold pays when the last trade of an exchange's candle is above a round amount, where Kalshi pays when the mean
of its index is above X.99; a window pays when the stream's average is at or above what it was when the window began.
So a twin's true probability is near that of Kalshi's market and not the same, and now and then they end differently.
"""

import math
from collections.abc import Mapping

import msgspec

from cockpit.domain.markets import Market, MarketStatus
from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.agents import Crowding, Habits
from cockpit.rehearsal.path import STEP_NS, Path
from cockpit.rehearsal.pit import LOT
from cockpit.rehearsal.polymarket.market import ids_of, tick_of
from cockpit.rehearsal.polymarket.names import Names, names_of
from cockpit.rehearsal.polymarket.terms import ABOVE, QUARTER_NS, UPDOWN, Terms, amount
from cockpit.rehearsal.proxy import Basis, Proxies
from cockpit.rehearsal.tokens import VENUE, TokenFloor, grid_of

_HOUR_NS = 4 * QUARTER_NS
_HALF_CENT = 0.005
_MARKETS, _WORLDS = 32, 100_000


class Doubled(msgspec.Struct, frozen=True):
    """An asset with twins: so many thresholds ``step`` (1e-8 dollars) apart around the money, and the window."""

    asset: str
    step: int
    above: int


class Twins(msgspec.Struct, frozen=True):
    """What Polymarket lists, who trades there, and how its numbers differ from the index.

    ``lead_s`` is how many seconds ahead of everyone else its traders see prices; below 0 they see them that much later.
    """

    doubled: tuple[Doubled, ...]
    makers: tuple[Habits, ...]
    crowding: Crowding
    hawk_pace_s: float
    lead_s: float = 0.0
    candle: Basis = Basis(2.5e-4, 1.0 / 600.0)
    """Coins are priced in a stablecoin there, whose own price wanders by a few basis points for minutes."""
    stream: Basis = Basis(0.4e-4, 1.0 / 120.0)
    window_lag_s: float = 12.0
    """From a window's end to its outcome, which a machine finds."""
    ladder_lag_s: float = 45.0
    """The same for a ladder, whose outcome is proposed first: quick, so that a recording holds it."""


class TwinPit(TokenFloor):
    """Where a twin trades. Its traders go by its own settlement, and may see prices early or late."""

    def __init__(self, terms: Terms, number: int, path: Path, proxies: Proxies, lead_s: float) -> None:
        self.path = path
        self.proxies = proxies
        self._lead = int(lead_s * SECOND)
        self._fair = (-1, 0.0)
        super().__init__(_market(terms, number), terms, number)

    def fair(self, now: int) -> float:
        """What its traders take for the probability now, taken anew every 100 ms."""
        step = now // STEP_NS
        if step != self._fair[0]:
            self._fair = (step, self.worth(min(now + self._lead, self.market.close_ns)))
        return self._fair[1]

    def worth(self, now: int) -> float:
        """The true probability that it pays, as seen at ``now`` (ns UTC)."""
        low, close = self.terms.low, self.terms.close_ns
        assert low is not None
        if self.terms.family == UPDOWN:
            mean, sd = self.proxies.stream(now, close)
            return _above(low / UNDERLYING, mean, sd)
        mean, sd = self.proxies.candle(now, close)
        return _above(low / UNDERLYING + _HALF_CENT, mean, sd)

    def value(self) -> int:
        """The number that decides, 1e-8 dollars."""
        close = self.terms.close_ns
        return self.proxies.twap(close) if self.terms.family == UPDOWN else self.proxies.last(close)

    @property
    def names(self) -> Names:
        """What its listing calls it."""
        return names_of(self.terms)

    def final(self) -> str:
        """The price a window ended on."""
        return amount(self.value()) if self.terms.family == UPDOWN else ""

    def pays(self) -> bool:
        """Whether YES (or Up) is paid."""
        low, value = self.terms.low, self.value()
        assert low is not None
        return value >= low if self.terms.family == UPDOWN else value > low


def pits(spec: Twins, paths: Mapping[str, Path], start: int, close_ns: int) -> list[TwinPit]:
    """The twins of markets that close at ``close_ns``, with strikes around the price at ``start`` (ns UTC)."""
    found: list[TwinPit] = []
    first = close_ns // QUARTER_NS % _WORLDS * _MARKETS
    for each in spec.doubled:
        path = paths[each.asset]
        proxies = Proxies(path, (spec.candle, spec.stream))
        for terms in _listed(each, path, proxies, start, close_ns):
            found.append(TwinPit(terms, first + len(found), path, proxies, spec.lead_s))
    return found


def _listed(each: Doubled, path: Path, proxies: Proxies, start: int, close_ns: int) -> list[Terms]:
    middle = round(round(path.at(start) * UNDERLYING) / each.step) * each.step
    levels = [middle + (i - each.above // 2) * each.step for i in range(each.above)]
    opens = close_ns - QUARTER_NS
    name = f"{each.asset}|{close_ns // SECOND}"
    window = Terms(f"{name}|updown", each.asset, UPDOWN, proxies.twap(opens), None, opens, close_ns)
    hour = close_ns - _HOUR_NS
    ladder = [
        Terms(f"{name}|{amount(level)}", each.asset, ABOVE, level, None, hour, close_ns) for level in levels
    ]
    return [*ladder, window]


def _market(terms: Terms, number: int) -> Market:
    """As much of a market as trading it takes."""
    return Market(
        ticker=ids_of(number, terms.ticker).condition,
        venue=VENUE,
        status=MarketStatus.ACTIVE,
        open_ns=terms.open_ns,
        close_ns=terms.close_ns,
        strike_type="greater_or_equal" if terms.family == UPDOWN else "greater",
        floor=terms.low,
        grid=grid_of(tick_of(terms.family)),
        lot=LOT,
    )


def _above(level: float, mean: float, sd: float) -> float:
    """P(A >= level)."""
    if sd == 0.0:
        return 1.0 if mean >= level else 0.0
    return 0.5 * math.erfc((level - mean) / (sd * math.sqrt(2.0)))
