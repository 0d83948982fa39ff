"""Names as a trader says them."""

import pytest

from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.engine.labels import event_label, market_label

CLOSE = 1_796_328_000 * SECOND
CENT = UNDERLYING // 100


def dollars(value: float) -> int:
    return round(value * 100) * CENT


@pytest.mark.parametrize(
    ("series", "kind", "floor", "cap", "text"),
    [
        ("KXBTCD", "greater", 83_999.99, None, "BTC >84,000 3pm"),
        ("KXBTC", "between", 84_250, 84_349.99, "BTC 84,250-84,350 3pm"),
        ("KXBTC", "less", None, 83_800, "BTC <83,800 3pm"),
        ("KXBTC15M", "greater_or_equal", 84_043.74, None, "BTC 15m >84,043.74 3pm"),
        ("KXSOLD", "greater", 137.7399, None, "SOL >137.74 3pm"),
        ("KXETH15M", "", None, None, "ETH 15m no target yet 3pm"),
    ],
)
def test_crypto(series: str, kind: str, floor: float | None, cap: float | None, text: str) -> None:
    market = Market(
        f"{series}-X", "kalshi", series=series, strike_type=kind, close_ns=CLOSE,
        floor=None if floor is None else round(floor * UNDERLYING), cap=None if cap is None else dollars(cap),
    )  # fmt: skip
    assert market_label(market, CLOSE - 600 * SECOND) == text


def test_a_far_close_has_its_date() -> None:
    market = Market(
        "KXBTCD-X", "kalshi", series="KXBTCD", strike_type="greater", floor=dollars(83_999.99), close_ns=CLOSE
    )
    assert market_label(market, CLOSE - 3 * 86_400 * SECOND) == "BTC >84,000 Dec 3 3pm"


def test_where_no_strike_says_more() -> None:
    assert market_label(Market("KXFED-T1", "kalshi", subtitle="Cut 25", title="Fed?"), 0) == "Cut 25"
    assert market_label(Market("KXFED-T1", "kalshi", title="Fed?"), 0) == "Fed?"
    assert market_label(Market("KXFED-T1", "kalshi"), 0) == "KXFED-T1"


def test_events() -> None:
    market = Market("KXBTCD-X", "kalshi", series="KXBTCD", close_ns=CLOSE)
    assert event_label("E", None, [market], CLOSE) == "BTC 3pm"
    assert (
        event_label("E", EventGroup("E", "kalshi", title="Fed in December"), [Market("F", "kalshi")], 0)
        == "Fed in December"
    )
    assert event_label("E", None, [], 0) == "E"


def crypto(venue: str, family: str, horizon: str, **more: object) -> Market:
    custom = (("asset", "BTC"), ("family", family), ("horizon", horizon))
    return Market("0x1", venue, custom=custom, close_ns=CLOSE, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("market", "text"),
    [
        (
            crypto("polymarket", "above", "1h", strike_type="greater", floor=dollars(87_600), subtitle="87,600"),
            "pm BTC >87,600 3pm",
        ),
        (crypto("polymarket", "updown", "5m"), "pm BTC 5m up 3pm"),
        (
            crypto("polymarket", "updown", "1h", strike_type="greater_or_equal", floor=dollars(87_600.25)),
            "pm BTC 1h >87,600.25 3pm",
        ),
        (crypto("polymarket", "touch", "", subtitle="↑ 110,000"), "pm BTC ↑ 110,000 3pm"),
        (crypto("polymarket", "above", "1h"), "pm BTC no target yet 3pm"),
        (
            crypto(
                "polymarket_us", "range", "1d", strike_type="between", floor=dollars(74_000),
                cap=dollars(74_499.99),
            ),
            "us BTC 74,000-74,500 3pm",
        ),
        (Market("0x2", "polymarket", title="Rate cut in January?", subtitle="No change"), "pm No change"),
        (Market("0x2", "polymarket", title="Rate cut in January?"), "pm Rate cut in January?"),
    ],
)  # fmt: skip
def test_other_venues_say_so(market: Market, text: str) -> None:
    assert market_label(market, CLOSE - 600 * SECOND) == text


def test_events_of_other_venues() -> None:
    window = crypto("polymarket", "updown", "15m")
    assert event_label("9", None, [window], CLOSE) == "pm BTC 15m 3pm"
    rung = crypto("polymarket_us", "range", "1h", strike_type="between", floor=1, cap=2)
    assert event_label("9", None, [rung], CLOSE) == "us BTC range 3pm"
    fed = EventGroup("9", "polymarket", title="Fed decision in January?")
    assert event_label("9", fed, [Market("0x2", "polymarket")], 0) == "pm Fed decision in January?"
    assert event_label("9", fed, [], 0) == "pm Fed decision in January?"


def degrees(ticker: str, kind: str, floor: int | None, cap: int | None) -> Market:
    """A bracket of degrees."""
    ends = [None if end is None else end * UNDERLYING for end in (floor, cap)]
    return Market(
        ticker, "kalshi", series=ticker.partition("-")[0], strike_type=kind, floor=ends[0], cap=ends[1]
    )


@pytest.mark.parametrize(
    ("market", "label"),
    [
        (Market("KXNBAGAME-26DEC03BOSNYK-NYK", "kalshi", title="Will New York K win?"), "BOS@NYK NYK"),
        (Market("KXNBAGAME-26DEC05BOSNYK-BOS", "kalshi"), "BOS@NYK BOS Dec 5"),
        (Market("0x1", "polymarket", title="Celtics vs. Knicks", subtitle="Celtics"), "pm BOS/NYK BOS"),
        (
            Market(
                "KXTRUMPMENTION-26DEC03-TARI", "kalshi", title="What will Trump say during his rally?", subtitle="Tariff",
                custom=(("Word", "Tariff"),),
            ),
            "Trump 'Tariff'",
        ),
        (
            Market("0x2", "polymarket", title='Will Trump say "China" during the rally?', subtitle="China - What will"),
            "pm Trump 'China'",
        ),
        (degrees("KXHIGHNY-26DEC03-B44.5", "between", 44, 45), "New York high 44-45"),
        (degrees("KXHIGHNY-26DEC04-T43", "less", None, 44), "New York high <=43 Dec 4"),
        (degrees("KXLOWTAUS-26DEC03-T61", "greater", 60, None), "Austin low >=61"),
    ],
)  # fmt: skip
def test_games_words_and_degrees(market: Market, label: str) -> None:
    assert market_label(market, 1_796_328_000 * SECOND) == label
