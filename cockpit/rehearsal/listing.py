"""The invented markets of the rehearsal world: true ticker grammar and strike conventions, made-up dates.

Source of the shapes: the venue's market records of September 2026. Threshold ladders pay above X.99 (strictly), range ladders pay between a
floor and a cap X.99 (both included) with an open tail on either side, and up/down markets pay at or above the last
quarter's settlement value. All dates lie in December, when New York is five hours behind UTC.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from cockpit.domain.markets import CENT_GRID, EventGroup, Market, MarketStatus, PriceBand, Series
from cockpit.domain.units import PRICE, RATIO, SECOND, UNDERLYING, UNDERLYING_DIGITS, decimal

TAPERED_GRID = (PriceBand(0, 1000, 10), PriceBand(1000, 9000, 100), PriceBand(9000, PRICE, 10))
STRUCTURES = {CENT_GRID: "linear_cent", TAPERED_GRID: "tapered_deci_cent"}
QUARTER_S = 900
HOUR_S = 3600
SHARD = 2
_CENT = UNDERLYING // 100
_NAMES = {"BTC": "Bitcoin", "ETH": "Ethereum", "SOL": "Solana"}
_RANGES = {"BTC": "KXBTC", "ETH": "KXETH", "SOL": "KXSOLE"}


class Ladder(msgspec.Struct, frozen=True):
    """Which markets an asset has: thresholds and ranges around the money, ``step`` (1e-8 dollars) apart.

    Thresholds and ranges close ``later_h`` hours after the world's close.
    """

    asset: str
    step: int
    above: int = 0
    between: int = 0
    updown: bool = False
    later_h: int = 0


class Board(msgspec.Struct, frozen=True):
    """Everything listed."""

    series: tuple[Series, ...]
    events: tuple[EventGroup, ...]
    markets: tuple[Market, ...]


def board(ladder: Ladder, money: int, last_quarter: int, close_ns: int) -> Board:
    """The markets of one asset that close at ``close_ns``, a full hour, or later, and the quarter hour after it.

    Args:
        ladder: what to list.
        money: the price (1e-8 dollars) the strikes stand around.
        last_quarter: the settlement value (1e-8 dollars) of the quarter hour before, the up/down target.
        close_ns: ns UTC.
    """
    parts: list[tuple[Series, EventGroup, list[Market]]] = []
    middle = round(money / ladder.step) * ladder.step
    later = close_ns + ladder.later_h * HOUR_S * SECOND
    if ladder.above:
        parts.append(_above(ladder, middle, later))
    if ladder.between:
        parts.append(_between(ladder, middle, later))
    if ladder.updown:
        parts.append(_updown(ladder, last_quarter, close_ns))
        parts.append(_updown(ladder, None, close_ns + QUARTER_S * SECOND))
    return Board(
        series=tuple({series.ticker: series for series, _, _ in parts}.values()),
        events=tuple(event for _, event, _ in parts),
        markets=tuple(market for _, _, markets in parts for market in markets),
    )


def _above(ladder: Ladder, middle: int, close_ns: int) -> tuple[Series, EventGroup, list[Market]]:
    series = _series(f"KX{ladder.asset}D", f"{_NAMES[ladder.asset]} price above/below", "hourly")
    event = _event(series, _hour(close_ns), f"{_NAMES[ladder.asset]} price", "DIRECNET", close_ns)
    low = middle - (ladder.above // 2) * ladder.step
    levels = [low + i * ladder.step for i in range(ladder.above)]
    return series, event, [_threshold(event, level, close_ns, ladder) for level in levels]


def _between(ladder: Ladder, middle: int, close_ns: int) -> tuple[Series, EventGroup, list[Market]]:
    series = _series(_RANGES[ladder.asset], f"{_NAMES[ladder.asset]} price range", "hourly")
    event = _event(series, _hour(close_ns), f"{_NAMES[ladder.asset]} price range", "MECNET", close_ns)
    low = middle - (ladder.between // 2) * ladder.step
    top = low + ladder.between * ladder.step
    markets = [_below(event, low, close_ns, ladder)]
    markets += [_range(event, low + i * ladder.step, close_ns, ladder) for i in range(ladder.between)]
    return series, event, [*markets, _threshold(event, top, close_ns, ladder)]


def _updown(ladder: Ladder, target: int | None, close_ns: int) -> tuple[Series, EventGroup, list[Market]]:
    series = _series(f"KX{ladder.asset}15M", f"{ladder.asset} price up or down in 15 minutes", "fifteen_min")
    local = new_york(close_ns)
    event = _event(series, f"{_day(local)}{local:%H%M}", f"{ladder.asset} price up?", "MECNET", close_ns)
    market = msgspec.structs.replace(
        _market(event, f"{local:%M}", "greater_or_equal", target, None, close_ns, QUARTER_S),
        subtitle=target_text(target),
        grid=TAPERED_GRID,
        custom=(("round_digits", "2"),),
        status=MarketStatus.ACTIVE if target is not None else MarketStatus.INITIALIZED,
    )
    return series, event, [market]


def target_text(target: int | None) -> str:
    """The subtitle of an up/down market; its target is unknown until the quarter before has settled."""
    return "Target Price: TBD" if target is None else f"Target Price: ${_money(target)}"


def strike(value: int) -> int | float:
    """A strike (1e-8 dollars) as the JSON number the venue sends: whole numbers without a point."""
    whole, rest = divmod(value, UNDERLYING)
    return float(decimal(value, UNDERLYING_DIGITS)) if rest else whole


def new_york(ts: int) -> datetime:
    """Eastern standard time of a moment in December (ns UTC)."""
    return datetime.fromtimestamp(ts // SECOND, UTC) - timedelta(hours=5)


def _threshold(event: EventGroup, level: int, close_ns: int, ladder: Ladder) -> Market:
    floor = level - _CENT
    market = _market(event, f"T{_plain(floor)}", "greater", floor, None, close_ns, _life(ladder))
    return msgspec.structs.replace(market, subtitle=f"${_money(level)} or above")


def _below(event: EventGroup, level: int, close_ns: int, ladder: Ladder) -> Market:
    market = _market(event, f"T{_plain(level)}", "less", None, level, close_ns, _life(ladder))
    return msgspec.structs.replace(market, subtitle=f"${_money(level - _CENT)} or below")


def _range(event: EventGroup, floor: int, close_ns: int, ladder: Ladder) -> Market:
    cap = floor + ladder.step - _CENT
    suffix = f"B{_plain(floor + ladder.step // 2)}"
    market = _market(event, suffix, "between", floor, cap, close_ns, _life(ladder))
    return msgspec.structs.replace(market, subtitle=f"${_money(floor)} to {_money(cap)}")


def _life(ladder: Ladder) -> int:
    """How long its markets trade, in seconds: an hour, and as much longer as they close later."""
    return HOUR_S * (1 + ladder.later_h)


def _market(
    event: EventGroup,
    suffix: str,
    strike_type: str,
    floor: int | None,
    cap: int | None,
    close_ns: int,
    life_s: int,
) -> Market:
    return Market(
        ticker=f"{event.ticker}-{suffix}",
        venue="kalshi",
        event=event.ticker,
        series=event.series,
        title=f"{event.title} on {new_york(close_ns):%b %-d, %Y}?",
        status=MarketStatus.ACTIVE,
        open_ns=close_ns - life_s * SECOND,
        close_ns=close_ns,
        expected_ns=close_ns + 300 * SECOND,
        strike_type=strike_type,
        floor=floor,
        cap=cap,
        rules="Resolves on the mean of the sixty index prints of the last minute before the close.",
        rules_secondary="Invented for rehearsal; the mean is rounded to two decimals.",
        shard=SHARD,
    )


def _event(series: Series, part: str, title: str, collateral: str, close_ns: int) -> EventGroup:
    return EventGroup(
        ticker=f"{series.ticker}-{part}",
        venue="kalshi",
        series=series.ticker,
        title=title,
        subtitle=f"{new_york(close_ns):%b %-d, %Y at %-I:%M %p} EST",
        exclusive=collateral == "MECNET",
        collateral=collateral,
        strike_ns=close_ns,
    )


def _series(ticker: str, title: str, frequency: str) -> Series:
    return Series(ticker, "kalshi", title, "Crypto", frequency, fee_type="quadratic", fee_multiplier=RATIO)


def _hour(close_ns: int) -> str:
    local = new_york(close_ns)
    return f"{_day(local)}{local:%H}"


def _day(local: datetime) -> str:
    return f"{local:%y%b%d}".upper()


def _plain(value: int) -> str:
    return decimal(value, UNDERLYING_DIGITS)


def _money(value: int) -> str:
    whole, _, cents = decimal(value, UNDERLYING_DIGITS, 2).partition(".")
    return f"{int(whole):,}.{cents}" if cents != "00" else f"{int(whole):,}"
