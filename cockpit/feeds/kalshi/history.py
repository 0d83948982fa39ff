"""Prints and bars fetched by REST: bodies to events."""

from collections import Counter
from collections.abc import Mapping

from cockpit.domain.events import Candle, Trade
from cockpit.domain.units import PRICE
from cockpit.feeds.census import tally
from cockpit.feeds.exact import instant
from cockpit.feeds.kalshi.bodies import CandleBody, Quad, RestTrade
from cockpit.feeds.kalshi.legacy import dollars
from cockpit.feeds.kalshi.numbers import Numbers
from cockpit.feeds.kalshi.tape import taker

PERIODS = {"1": 1, "60": 60, "1440": 1_440}
"""Minutes of a bar the exchange offers."""

Bar = tuple[int, int, int, int]


def trade(ts: int, body: RestTrade, numbers: Numbers) -> Trade:
    """A fetched print; legacy ones state cents and whole contracts. Raises ValueError."""
    price = body.yes_price_dollars or (None if body.yes_price is None else dollars(body.yes_price))
    count = body.count_fp or (None if body.count is None else str(body.count))
    if price is None or count is None:
        raise ValueError("a print without price or count")
    return Trade(
        ts=ts,
        ex=instant(body.created_time),
        market=body.ticker,
        price=numbers.yes[price],
        qty=numbers.size(count),
        taker=taker(numbers.census, body.taker_outcome_side, body.taker_book_side, body.taker_side),
        id=body.trade_id or "",
        block=bool(body.is_block_trade),
        backfill=True,
    )


def period(query: Mapping[str, list[str]], census: Counter[str]) -> int:
    """Minutes of the bars a URL asked for; 1, counted, when it does not say."""
    asked = query.get("period_interval", [""])[-1]
    if asked not in PERIODS:
        tally(census, "period", asked or "missing")
    return PERIODS.get(asked, 1)


def candle(ts: int, ticker: str, minutes: int, body: CandleBody, numbers: Numbers) -> Candle:
    """One bar; an empty side's sentinels (bid 0, ask 1 throughout) and missing prices are None. Raises ValueError."""
    volume = body.volume_fp or body.volume
    return Candle(
        ts=ts,
        market=ticker,
        end=instant(body.end_period_ts),
        minutes=minutes,
        bid=_bar(body.yes_bid, 0, numbers),
        ask=_bar(body.yes_ask, PRICE, numbers),
        trade=_bar(body.price, None, numbers),
        volume=numbers.qty[str(volume)] if volume else 0,
    )


def _bar(quad: Quad | None, empty: int | None, numbers: Numbers) -> Bar | None:
    if quad is None:
        return None
    first = _price(quad.open_dollars, quad.open, numbers)
    high = _price(quad.high_dollars, quad.high, numbers)
    low = _price(quad.low_dollars, quad.low, numbers)
    last = _price(quad.close_dollars, quad.close, numbers)
    if first is None or high is None or low is None or last is None:
        return None
    bar = (first, high, low, last)
    return None if bar == (empty,) * 4 else bar


def _price(modern: str | None, bare: int | str | None, numbers: Numbers) -> int | None:
    text = modern or (dollars(bare) if isinstance(bare, int) else bare)
    return numbers.yes[text] if text else None
