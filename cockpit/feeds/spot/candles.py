"""Exchanges' minute candles: questions for the last hours of them, and the finished ones among the answers.

Each venue answers without a time given with the newest it has, so that nobody needs to know what time it is.
"""

from collections import Counter
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import SpotBar
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame, payload
from cockpit.feeds.census import tally

MINUTE = 60
"""Seconds of a candle, the finest that all venues keep for hours."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """One candle as told: when it began (ns UTC), prices 1e-8 dollars, volume 1e-8 coins."""

    start: int
    open: int
    high: int
    low: int
    close: int
    volume: int


def finished(
    ts: int, source: str, symbol: str, rows: Iterable[Row], census: Counter[str], *, over: bool = False
) -> list[SpotBar]:
    """The minutes that were over at ``ts``, oldest first, each once.

    A candle nobody traded in repeats the price before it and says nothing of ranges; one whose prices contradict one
    another says nothing at all.

    Args:
        ts: when they were received.
        source: the feed's name.
        symbol: the pair.
        rows: in any order.
        census: where those left out are counted.
        over: whether the venue itself says that they are over, whatever our clock says.
    """
    bars = {}
    for each in rows:
        end = each.start + MINUTE * SECOND
        if end > ts and not over:
            continue
        if not each.volume:
            tally(census, "candle", "without a trade")
        elif not 0 < each.low <= min(each.open, each.close) <= max(each.open, each.close) <= each.high:
            tally(census, "candle", "out of order")
        else:
            bars[end] = SpotBar(
                ts, source, symbol, end, MINUTE, each.open, each.high, each.low, each.close, each.volume
            )
    return [bars[end] for end in sorted(bars)]


def body(frame: Frame) -> bytes | msgspec.Raw | None:
    """What an HTTP answer holds; None where it says that nothing is new.

    Raises:
        FeedError: when there was no answer, or a refusal.
    """
    status, data = (200 if frame.st is None else frame.st), frame.d or payload(frame)
    if status in (204, 304):
        return None
    if not 200 <= status < 300:
        said = bytes(data)[:200].decode(errors="replace")
        raise FeedError(f"{frame.s}: HTTP {status}: {said}" if status else f"{frame.s}: {said}")
    return data


def asked(frame: Frame) -> tuple[list[str], dict[str, str]]:
    """The path's parts and the query of what an answer is to; raises ValueError where it does not say."""
    url = urlsplit(frame.u or "")
    query = parse_qs(url.query, max_num_fields=100)
    return [part for part in url.path.split("/") if part], {name: values[0] for name, values in query.items()}
