from collections import Counter

import msgspec
import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame
from cockpit.feeds.spot.candles import Row, asked, body, finished

START = 1_778_501_820 * SECOND
END = START + 60 * SECOND


def row(start: int = START, low: int = 90, high: int = 110, close: int = 105, volume: int = 1) -> Row:
    return Row(start, 100, high, low, close, volume)


def test_a_minute_counts_when_it_is_over() -> None:
    assert finished(END - 1, "x", "BTC-USD", [row()], Counter()) == []
    (bar,) = finished(END, "x", "BTC-USD", [row()], Counter())
    assert (bar.end, bar.seconds, bar.source, bar.symbol) == (END, 60, "x", "BTC-USD")
    assert len(finished(END - SECOND, "x", "BTC-USD", [row()], Counter(), over=True)) == 1


def test_order_and_repetition_do_not_matter() -> None:
    rows = [row(START + minute * 60 * SECOND) for minute in (2, 0, 1, 0)]
    bars = finished(END + 3600 * SECOND, "x", "BTC-USD", rows, Counter())
    assert [(bar.end - END) // (60 * SECOND) for bar in bars] == [0, 1, 2]


@pytest.mark.parametrize(
    ("candle", "counted"),
    [
        (row(volume=0), "candle:without a trade"),
        (row(low=101), "candle:out of order"),
        (row(low=0), "candle:out of order"),
        (row(high=104), "candle:out of order"),
        (row(close=89), "candle:out of order"),
    ],
)
def test_what_says_nothing_is_counted(candle: Row, counted: str) -> None:
    census: Counter[str] = Counter()
    assert finished(END, "x", "BTC-USD", [candle], census) == []
    assert census == {counted: 1}


def frame(status: int | None, data: bytes = b"[]", url: str | None = None) -> Frame:
    return Frame(n=1, t=7, s="x.rest", d=msgspec.Raw(data), st=status, u=url)


def test_bodies() -> None:
    assert [body(frame(status)) for status in (304, 204)] == [None, None]
    for status in (None, 200):
        found = body(frame(status))
        assert found is not None
        assert bytes(found) == b"[]"
    recorded = Frame(n=1, t=7, s="x.rest", x="plain text", st=200)
    assert body(recorded) == b"plain text"


@pytest.mark.parametrize(("status", "said"), [(404, "HTTP 404: gone"), (0, "gone"), (429, "HTTP 429: gone")])
def test_refusals(status: int, said: str) -> None:
    with pytest.raises(FeedError, match=rf"^x\.rest: {said}"):
        body(frame(status, b"gone"))


def test_what_was_asked() -> None:
    url = "https://example.test/products/BTC-USD/candles?granularity=60&granularity=300"
    assert asked(frame(200, url=url)) == (["products", "BTC-USD", "candles"], {"granularity": "60"})
    assert asked(frame(200)) == ([], {})
