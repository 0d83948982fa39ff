"""Fees: the only place money is rounded.

Kalshi, C contracts at YES price P, multiplier M (reference: the venue's fee schedule and its fee-rounding page):

    taker                            0.07   * M * C * P * (1 - P)
    maker, quadratic                 0
    maker, quadratic_with_maker_fees 0.0175 * M * C * P * (1 - P)
    maker, ..._combo_maker_fees      0.035  * M * C * P * (1 - P)

The trade fee is rounded up to its quantum; the member's balance change is then rounded down to the balance quantum,
and that difference is part of the fee. Rounding gathers per order and comes back in whole balance quanta on a later
fill, never making a fill's fee negative. Polymarket charges takers ``C * rate * (P * (1 - P)) ** exponent``,
rounded down to 1e-5, with rate and exponent stated by each market; Polymarket US the same curve, rounded to the
nearest cent. Both hand makers a share of it, which is estimated here and booked nowhere. The flat model reads
"0.3 % / 1.2 %" as cents per one-dollar contract.
"""

from typing import Literal

import msgspec

from cockpit.domain.markets import FeeSchedule, Market
from cockpit.domain.units import MONEY, PRICE, RATIO

TAKER = 700
"""0.07 in 1e-4."""
CURVE = "curve"
CURVE_FOR_ALL = "curve_with_maker_fees"
MAKER_SHARE: dict[str, int] = {
    "quadratic": 0,
    "quadratic_with_maker_fees": 175,
    "quadratic_with_combo_maker_fees": 350,
    CURVE: 0,
    CURVE_FOR_ALL: TAKER,
}
"""Maker coefficient by fee type, in 1e-4."""
FLAT_MAKER = 30
FLAT_TAKER = 120
"""Flat model: price units (1e-4 dollar) per contract."""

Source = Literal["event override", "series record", "fallback table", "waiver", "assumed", "market record"]


class FeeTerms(msgspec.Struct, frozen=True, gc=False):
    """What a fill in a market is charged by, and where that was read."""

    kind: str
    multiplier: int
    """In 1e-4 (RATIO)."""
    source: Source
    schedule: FeeSchedule | None = None
    """The market's own terms where it states them; kind and multiplier then say the same, rounding and exponent apart."""


class Rounding(msgspec.Struct, frozen=True, gc=False):
    """Rounding quanta in money units (1e-10 dollar)."""

    trade: int = MONEY // 10_000
    """The trade fee is rounded up to this: 1e-4 dollar reproduces every recorded fill of 2026."""
    balance: int = MONEY // 10_000
    """The balance is rounded down to this: 1e-4 for direct members, 1e-2 for others."""
    strict: bool = False
    """Whether gathered rounding must exceed a quantum (rather than reach it) before it comes back."""


class Dated(msgspec.Struct, frozen=True, gc=False):
    """Fee terms from a moment on; None is left to what stands below it (an override may name one of the two)."""

    from_ns: int
    kind: str | None
    multiplier: int | None


def kalshi_trade_fee(terms: FeeTerms, price: int, qty: int, *, maker: bool, quantum: int) -> int:
    """The quadratic fee of one fill in money units, rounded up to ``quantum``.

    An unknown fee type is charged as if makers paid: a fee too high is the safe mistake.
    """
    share = MAKER_SHARE.get(terms.kind, 175) if maker else TAKER
    raw = share * terms.multiplier * qty * price * (PRICE - price)
    scale = RATIO * RATIO * PRICE
    return -(-raw // (scale * quantum)) * quantum


def kalshi_fee(
    terms: FeeTerms, rounding: Rounding, side: int, price: int, qty: int, carry: int, *, maker: bool
) -> tuple[int, int]:
    """The whole fee of one fill, and the order's gathered rounding after it; money units.

    Args:
        terms: fee type and multiplier in force.
        rounding: the member's quanta.
        side: BID for a YES buy, ASK for a YES sale (a NO buy rounds alike: a contract is a whole dollar).
        price: YES price of the fill.
        qty: contracts filled.
        carry: rounding gathered by earlier fills of the same order.
        maker: whether the fill rested.
    """
    trade = kalshi_trade_fee(terms, price, qty, maker=maker, quantum=rounding.trade)
    change = -side * price * qty - trade
    excess = change % rounding.balance
    carry += excess
    due = carry // rounding.balance
    if rounding.strict and due and carry == due * rounding.balance:
        due -= 1
    back = min(due, (trade + excess) // rounding.balance) * rounding.balance
    return trade + excess - back, carry - back


def polymarket_fee(price: int, qty: int, rate: int, exponent: int = 1, *, maker: bool) -> int:
    """The fee of one fill on Polymarket in money units, rounded down to 1e-5 dollar; makers pay none.

    Args:
        price: price of the token traded.
        qty: shares.
        rate: the market's fee rate in 1e-4 (crypto 0.07 is 700).
        exponent: power of P(1-P) in the market's fee schedule.
        maker: whether the fill rested.
    """
    return scheduled_fee(FeeSchedule(rate, exponent), price, qty, maker=maker)


def scheduled_fee(schedule: FeeSchedule, price: int, qty: int, *, maker: bool) -> int:
    """The fee of one fill by a market's own schedule, money units. The same for YES at P and NO at 1 - P."""
    if maker and schedule.taker_only:
        return 0
    raw, scale = qty * schedule.rate * PRICE, RATIO * schedule.quantum
    for _ in range(schedule.exponent):
        raw, scale = raw * price * (PRICE - price), scale * PRICE * PRICE
    count, rest = divmod(raw, scale)
    if schedule.nearest and (2 * rest > scale or (2 * rest == scale and count % 2)):
        count += 1
    return count * schedule.quantum


def trade_fee(terms: FeeTerms, price: int, qty: int, *, maker: bool, quantum: int) -> int:
    """The fee of one fill, money units: by the market's own schedule, else quadratic and rounded up to ``quantum``."""
    if terms.schedule is not None:
        return scheduled_fee(terms.schedule, price, qty, maker=maker)
    return kalshi_trade_fee(terms, price, qty, maker=maker, quantum=quantum)


def fill_fee(
    terms: FeeTerms, rounding: Rounding, side: int, price: int, qty: int, carry: int, *, maker: bool
) -> tuple[int, int]:
    """The whole fee of one fill and the order's gathered rounding after it; arguments as of `kalshi_fee`.

    A market's own schedule rounds each fill by itself: nothing gathers.
    """
    if terms.schedule is not None:
        return scheduled_fee(terms.schedule, price, qty, maker=maker), carry
    return kalshi_fee(terms, rounding, side, price, qty, carry, maker=maker)


def rebate_estimate(terms: FeeTerms, price: int, qty: int) -> int:
    """What a maker's fill may earn of the taker's fee, money units, rounded down; 0 where the venue shares none.

    Polymarket pays each day, to all makers of a market by their share of its fee curve: the figure is what comes out
    when every fill of the day met a taker who paid. Source: docs.polymarket.com, maker rebates.
    """
    schedule = terms.schedule
    if schedule is None or not schedule.rebate_rate:
        return 0
    return scheduled_fee(schedule, price, qty, maker=False) * schedule.rebate_rate // RATIO


def flat_fee(qty: int, *, maker: bool) -> int:
    """The flat model's fee in money units: 0.3 (maker) or 1.2 (taker) cents a contract."""
    return qty * (FLAT_MAKER if maker else FLAT_TAKER)


FALLBACK: dict[str, tuple[str, int]] = {
    "KXNBAGAME": ("quadratic_with_maker_fees", RATIO),
    "KXNFLGAME": ("quadratic_with_maker_fees", RATIO),
    "KXNHLGAME": ("quadratic_with_maker_fees", RATIO),
    "KXWNBAGAME": ("quadratic_with_maker_fees", RATIO),
    "KXNCAAFGAME": ("quadratic_with_maker_fees", RATIO),
    "KXMLBGAME": ("quadratic_with_maker_fees", RATIO // 2),
    "KXMLBSPREAD": ("quadratic", RATIO // 2),
    "KXMLBTOTAL": ("quadratic", RATIO // 2),
    "KXMLBKS": ("quadratic", RATIO // 2),
    "KXFED": ("quadratic_with_maker_fees", RATIO),
    "KXFEDDECISION": ("quadratic_with_maker_fees", RATIO),
    "KXRATECUTCOUNT": ("quadratic_with_maker_fees", RATIO),
    "KXCPI": ("quadratic_with_maker_fees", RATIO),
    "KXCPIYOY": ("quadratic_with_maker_fees", RATIO),
    "KXGDP": ("quadratic_with_maker_fees", RATIO),
    "KXPAYROLLS": ("quadratic_with_maker_fees", RATIO),
    "KXU3": ("quadratic_with_maker_fees", RATIO),
    "KXINXY": ("quadratic_with_maker_fees", RATIO),
    "KXBTC": ("quadratic", RATIO),
    "KXBTCD": ("quadratic", RATIO),
    "KXBTC15M": ("quadratic", RATIO),
    "KXETH15M": ("quadratic", RATIO),
    "KXSOL15M": ("quadratic", RATIO),
    "KXBTCY": ("quadratic", 0),
    "KXETHY": ("quadratic", 0),
}
"""Fee terms by series as read in September 2026; used only where the venue's own record is not at hand."""


class FeeTable(msgspec.Struct):
    """The dated table of fee terms: series records, event overrides and what is scheduled for both."""

    series: dict[str, list[Dated]] = msgspec.field(default_factory=dict)
    events: dict[str, list[Dated]] = msgspec.field(default_factory=dict)

    def add(self, scope: str, ticker: str, dated: Dated) -> None:
        """Record terms of a series or an event from a moment on; a later word on the same moment wins."""
        table = self.events if scope == "event" else self.series
        rows = [row for row in table.get(ticker, []) if row.from_ns != dated.from_ns]
        table[ticker] = sorted([*rows, dated], key=lambda row: row.from_ns)

    def observe(self, scope: str, ticker: str, dated: Dated) -> None:
        """Record terms seen in force now, unless they are known to be: a record polled all day stays one row."""
        table = self.events if scope == "event" else self.series
        known = _in_force(table.get(ticker, []), dated.from_ns)
        if known is None or (known.kind, known.multiplier) != (dated.kind, dated.multiplier):
            self.add(scope, ticker, dated)

    def terms(self, market: Market, ts: int) -> FeeTerms:
        """The terms in force for a market at a time (ns UTC)."""
        if market.fees is not None:
            return _stated(market.fees)
        if ts < market.fee_waiver_ns:
            return FeeTerms("quadratic", 0, "waiver")
        override = _in_force(self.events.get(market.event, []), ts)
        record = _in_force(self.series.get(market.series, []), ts)
        base = self._base(market, record)
        if override is None or (override.kind is None and override.multiplier is None):
            return base
        multiplier = base.multiplier if override.multiplier is None else override.multiplier
        return FeeTerms(override.kind or base.kind, multiplier, "event override")

    @staticmethod
    def _base(market: Market, record: Dated | None) -> FeeTerms:
        """The series' terms: its record, else the fallback table, else what most series have."""
        known = market.series in FALLBACK
        kind, multiplier = FALLBACK.get(market.series, ("quadratic", RATIO))
        if record is None or record.kind is None:
            return FeeTerms(kind, multiplier, "fallback table" if known else "assumed")
        return FeeTerms(
            record.kind, multiplier if record.multiplier is None else record.multiplier, "series record"
        )


def _stated(schedule: FeeSchedule) -> FeeTerms:
    kind = CURVE if schedule.taker_only else CURVE_FOR_ALL
    return FeeTerms(kind, -(-schedule.rate * RATIO // TAKER), "market record", schedule)


def _in_force(rows: list[Dated], ts: int) -> Dated | None:
    """The last row that has begun; before the first one begins, none."""
    started = [row for row in rows if row.from_ns <= ts]
    return started[-1] if started else None
