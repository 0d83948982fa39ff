"""Listings of the gateway in the house's terms."""

from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import EventListed, MarketListed
from cockpit.domain.markets import CENT_GRID, EventGroup, FeeSchedule, Market, PriceBand
from cockpit.domain.units import MONEY, PRICE, QTY, UNDERLYING

from .conftest import SECOND, SLUG, T0, market, terms, usd  # noqa: TID252  the tests are no package

CENT = UNDERLYING // 100


def told(gateway: Any, body: dict[str, Any]) -> Market:
    found = [each.market for each in gateway.named(body) if isinstance(each, MarketListed)]
    assert len(found) == 1
    listed: Market = found[0]
    return listed


def test_a_window_in_full(gateway: Any) -> None:
    group, listed = gateway.named(market())
    close = T0 + 900 * SECOND
    assert group == EventListed(
        T0,
        EventGroup(
            SLUG, "polymarket_us", series="btc-updown-15m", title="BTC Up or Down: 15 min", strike_ns=close
        ),
    )
    assert listed.market == Market(
        ticker=SLUG,
        venue="polymarket_us",
        event=SLUG,
        series="btc-updown-15m",
        title="BTC Up or Down: 15 min",
        status="active",  # type: ignore[arg-type]
        open_ns=1_799_956_800 * SECOND,
        close_ns=close,
        expected_ns=close,
        strike_type="greater_or_equal",
        floor=8_400_012 * CENT,
        custom=(
            ("asset", "BTC"), ("family", "updown"), ("horizon", "15m"), ("index", "BRTI"),
            ("round_digits", "2"), ("starts", "2027-01-15T08:00:00Z"),
        ),
        rules="Up if the last minute's average is at or above the first.",
        least=QTY // 100,
        fees=FeeSchedule(695, rebate_rate=1_798, quantum=MONEY // 100, nearest=True),
    )  # fmt: skip


def test_listings_alone_tell_of_nothing_and_what_is_known_is_not_told_again(gateway: Any) -> None:
    assert gateway.page(market()) == []
    assert len(gateway.named(market())) == 2
    assert gateway.named(market()) == gateway.page(market()) == []
    (changed,) = gateway.page(market(question="Other?"))
    assert changed.market.title == "Other?"


@pytest.mark.parametrize(
    ("about", "stated"),
    [
        (terms(), ("", None, None)),
        (terms(priceToBeat=usd("84000.12")), ("greater_or_equal", 8_400_012, None)),
        (terms("ABOVE_BELOW", strike=usd("84000")), ("greater_or_equal", 8_400_000, None)),
        (
            terms("RANGE", rangeLower=usd("74000.00"), rangeUpper=usd("74499.99")),
            ("between", 7_400_000, 7_449_999),
        ),
        (terms("RANGE", rangeUpper=usd("73999.99")), ("less_or_equal", None, 7_399_999)),
        (terms("RANGE", rangeLower=usd("90000")), ("greater_or_equal", 9_000_000, None)),
        (terms("RANGE"), ("", None, None)),
        (terms("ONE_TOUCH", strike=usd("90000")), ("", None, None)),
        (terms("FIRST_TO_HIT", strike=usd("90000")), ("", None, None)),
    ],
)
def test_strikes(gateway: Any, about: dict[str, Any], stated: tuple[str, int | None, int | None]) -> None:
    listed = told(gateway, market(about=about))
    floor, cap = (None if each is None else each * CENT for each in stated[1:])
    assert (listed.strike_type, listed.floor, listed.cap) == (stated[0], floor, cap)


def test_a_ladder_shares_an_event(gateway: Any) -> None:
    """And what its markets measure, word for word, so that their outcomes net."""
    rungs = [
        market(f"s{n}", terms("ABOVE_BELOW", horizon="1h", windowStart=None, strike=usd(f"{84 + n}000")))
        for n in (0, 1)
    ]
    group, first, second = gateway.named(*rungs)
    assert first.market.event == second.market.event == group.group.ticker
    assert group.group.ticker == "btc-above-1h 2027-01-15T08:15:00Z"
    assert first.market.custom == second.market.custom
    assert not group.group.exclusive
    ranged = gateway.named(market("r", terms("RANGE", rangeLower=usd("1"), rangeUpper=usd("2"))))
    assert ranged[0].group.exclusive


def test_a_market_of_no_family(gateway: Any) -> None:
    plain = market(
        "mlb", {}, assetPriceTerms=None, question="Champion?", title="Atlanta", marketSides=[
            {"description": "No", "long": False}, {"description": "Yes", "long": True},
        ],
    )  # fmt: skip
    (listed,) = gateway.named(plain)
    found = listed.market
    assert (found.event, found.series, found.custom, found.close_ns) == ("", "", (), 0)
    assert found.expected_ns == 1_800_002_700 * SECOND
    assert (found.title, found.subtitle) == ("Champion?", "Atlanta")


def test_yes_is_the_long_side(gateway: Any) -> None:
    """The lists beside it have been in different orders."""
    sides = [{"description": "Celtics", "long": False}, {"description": "Lakers", "long": True}]
    assert told(gateway, market(marketSides=sides)).subtitle == "Lakers"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "active"),
        ({"closed": True}, "closed"),
        ({"status": "MARKET_STATUS_HALTED"}, "inactive"),
        ({"status": "MARKET_STATUS_CLOSED"}, "inactive"),
        ({"status": "MARKET_STATUS_RESOLVING"}, "closed"),
        ({"status": "MARKET_STATUS_RESOLVED", "closed": True}, "determined"),
        ({"status": "MARKET_STATUS_UNSPECIFIED"}, "inactive"),
        ({"status": "MARKET_STATUS_NEW"}, "inactive"),
        ({"status": None}, "active"),
        ({"status": None, "active": False}, "inactive"),
    ],
)
def test_status(gateway: Any, change: dict[str, Any], status: str) -> None:
    assert told(gateway, market(**change)).status == status
    assert gateway.feed.census == (
        {"status:MARKET_STATUS_NEW": 1} if change.get("status") == "MARKET_STATUS_NEW" else {}
    )


@pytest.mark.parametrize(
    ("change", "grid", "least", "rate"),
    [
        ({"orderPriceMinTickSize": 0.001}, (PriceBand(0, PRICE, 10),), QTY // 100, 695),
        ({"orderPriceMinTickSize": None}, CENT_GRID, QTY // 100, 695),
        ({"minimumTradeQty": 1}, CENT_GRID, QTY, 695),
        ({"minimumTradeQty": None, "feeCoefficient": None}, CENT_GRID, 0, 0),
        ({"feeCoefficient": "0.05"}, CENT_GRID, QTY // 100, 500),
    ],
)
def test_terms_of_trade(gateway: Any, change: dict[str, Any], grid: Any, least: int, rate: int) -> None:
    listed = told(gateway, market(**change))
    assert (listed.grid, listed.least, listed.fees.rate) == (grid, least, rate)  # type: ignore[union-attr]
    assert listed.fees.taker_only  # type: ignore[union-attr]


def test_an_odd_market_spares_the_others(gateway: Any) -> None:
    odd = [market("a", terms(windowEnd="soon")), {"no": "slug"}, market("b", minimumTradeQty="many")]
    assert len(gateway.answer("markets?slug=x", {"markets": [*odd, market()]})) == 2
    assert sum(n for key, n in gateway.feed.census.items() if key.startswith("unreadable:")) == 3
    with pytest.raises(FeedError):
        gateway.answer("markets?slug=x", {"markets": odd})


def test_one_market_by_its_slug(gateway: Any) -> None:
    assert len(gateway.answer(f"market/slug/{SLUG}", {"market": market()})) == 2


def test_new_fields_are_counted(gateway: Any) -> None:
    gateway.page(market(surprise=1))
    assert gateway.feed.census == {"field:market.surprise": 1}
