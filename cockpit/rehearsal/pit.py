"""One market of the rehearsal world: its terms, its exchange, its true value, and the prices one may quote."""

from bisect import bisect_left, bisect_right
from functools import cache

from cockpit.domain.markets import Market, PriceBand, on_grid
from cockpit.domain.units import ASK, BID, PRICE, QTY
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.exchange import Change, Exchange, Print
from cockpit.rehearsal.path import STEP_NS, Path
from cockpit.rehearsal.value import fair
from cockpit.rehearsal.wire import Top

LOT = QTY // 100
_ROUND = (1, 5, 10, 10, 10, 25, 50, 100, 100, 250)


@cache
def quotable(grid: tuple[PriceBand, ...]) -> tuple[int, ...]:
    """Every price an order may have, lowest first."""
    return tuple(price for price in range(1, PRICE) if on_grid(grid, price))


def human_size(draws: Draws) -> int:
    """An order's size, quantity units: a quarter round numbers, a third odd whole counts, the rest to 0.01 contract."""
    kind = draws.uniform()
    if kind < 0.25:
        return _ROUND[draws.below(len(_ROUND))] * QTY
    if kind < 0.6:
        return max(1, min(3000, int(2.718281828 ** (3.0 + 1.1 * draws.normal())))) * QTY
    return max(1, min(80_000, int(100 * 2.718281828 ** (2.6 + 1.2 * draws.normal())))) * LOT


class Floor:
    """Where one market trades. ``before`` is the volume (quantity units) it had before the world began."""

    def __init__(self, market: Market, before: int) -> None:
        self.market = market
        self.exchange = Exchange(market.ticker, market.grid, market.lot)
        self.prices = quotable(market.grid)
        self._before = before
        self._traded = before * (PRICE // 2)

    @property
    def open(self) -> bool:
        """Whether it trades."""
        return not self.exchange.closed

    def fair(self, now: int) -> float:
        """What its traders take for the probability now."""
        raise NotImplementedError

    def ends(self, now: int) -> int:
        """When the outcome is to be known, as seen at ``now``; ns UTC."""
        return self.market.close_ns

    def quote(self, side: int, value: float) -> int | None:
        """The best price a side may show without giving up ``value`` (price units); None when there is none."""
        at = bisect_right(self.prices, value) - 1 if side == BID else bisect_left(self.prices, value)
        return self.prices[at] if 0 <= at < len(self.prices) else None

    def step(self, price: int, ticks: int) -> int | None:
        """The price so many ticks up; None beyond the grid."""
        at = bisect_left(self.prices, price) + ticks
        return self.prices[at] if 0 <= at < len(self.prices) else None

    def ticks(self, low: int, high: int) -> int:
        """How many ticks lie between two quotable prices."""
        return bisect_left(self.prices, high) - bisect_left(self.prices, low)

    def size(self, draws: Draws) -> int:
        """The size of an order here, quantity units."""
        return human_size(draws)

    def drain(self) -> list[Change | Print]:
        """What happened on the exchange since the last call."""
        tape = self.exchange.drain()
        self._traded += sum(item.price * item.qty for item in tape if isinstance(item, Print))
        return tape

    def top(self) -> Top:
        """Top of book and totals, as a ticker states them."""
        exchange = self.exchange
        bid, ask = exchange.best(BID), exchange.best(ASK)
        volume = self._before + exchange.volume
        return Top(
            bid=bid or 0,
            bid_qty=0 if bid is None else exchange.displayed(BID, bid),
            ask=PRICE if ask is None else ask,
            ask_qty=0 if ask is None else exchange.displayed(ASK, ask),
            last=exchange.last,
            last_qty=exchange.last_qty,
            volume=volume,
            # half of all trades open a position on both sides; the rest pass one on
            open_interest=volume // (2 * LOT) * LOT,
            traded=self._traded,
        )


class Pit(Floor):
    """Where a market on an underlying trades."""

    def __init__(self, market: Market, path: Path, before: int) -> None:
        super().__init__(market, before)
        self.path = path
        self._fair = (-1, 0.0)

    @property
    def open(self) -> bool:
        """Whether it has strikes and still trades."""
        return super().open and (self.market.floor is not None or self.market.cap is not None)

    def fair(self, now: int) -> float:
        """The true probability now, taken anew every 100 ms."""
        step = now // STEP_NS
        if step != self._fair[0]:
            self._fair = (step, fair(self.market, self.path, now))
        return self._fair[1]
