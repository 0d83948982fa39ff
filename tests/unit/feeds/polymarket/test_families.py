"""Slugs and strikes."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from cockpit.domain.units import UNDERLYING
from cockpit.feeds.polymarket.families import Family, Strike, amount, family, settles_on, strike

LADDER = Family("BTC", "above", "1h")
RANGE = Family("ETH", "range", "1d")


@pytest.mark.parametrize(
    ("slug", "found"),
    [
        ("btc-updown-5m-1800000000", Family("BTC", "updown", "5m")),
        ("hype-updown-15m-1800000000", Family("HYPE", "updown", "15m")),
        ("sol-updown-4h-1800000000", Family("SOL", "updown", "4h")),
        ("bitcoin-up-or-down-january-15-2027-4am-et", Family("BTC", "updown", "1h")),
        ("ethereum-up-or-down-on-january-15", Family("ETH", "updown", "1d")),
        ("bitcoin-above-on-january-15-2027-4am-et", LADDER),
        ("bitcoin-above-on-november-1-2026-1am-et-2", LADDER),
        ("solana-above-on-january-15", Family("SOL", "above", "1d")),
        ("bitcoin-above-70k-on-january-15-2027", Family("BTC", "above", "1d")),
        ("ethereum-price-on-january-15", RANGE),
        ("what-price-will-bitcoin-hit-in-january-2027", Family("BTC", "touch", "")),
        ("fed-decision-in-january", None),
        ("bitcoiner-above-on-x", None),
        ("", None),
    ],
)
def test_families_by_slug(slug: str, found: Family | None) -> None:
    assert family(slug) == found


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("87,600", "87600"),
        ("$70K", "70000"),
        ("$1.5m", "1500000"),
        (" 0.0725 ", "0.0725"),
        ("1,000,000", "1000000"),
        ("87600", "87600"),
        ("8,76", None),
        ("No change", None),
        ("↑ 100", None),
        ("-5", None),
        ("5%", None),
        ("", None),
        ("١٢", None),
    ],
)
def test_amounts(text: str, dollars: str | None) -> None:
    assert amount(text) == (None if dollars is None else int(Decimal(dollars) * UNDERLYING))


def above(value: float) -> Strike:
    return Strike("greater", floor=round(value * UNDERLYING))


@pytest.mark.parametrize(
    ("found", "question", "short", "stated"),
    [
        (LADDER, "Bitcoin above 87,600 on January 15, 4AM ET?", "87,600", above(87_600)),
        (LADDER, "Will the price of Bitcoin be above $72,000 on January 15?", "$72K", above(72_000)),
        (LADDER, "Bitcoin above 87,600 on January 15?", "", above(87_600)),
        (LADDER, "Bitcoin above 87,600 on January 15?", "the first", above(87_600)),
        (LADDER, "Bitcoin above 87,600 on January 15?", "87,400", Strike()),
        (LADDER, "Bitcoin above the moon?", "87,600", Strike()),
        (
            RANGE,
            "Will the price of Ethereum be between $4,000 and $4,100 on January 15?",
            "4,000-4,100",
            Strike("between", 4_000 * UNDERLYING, 4_100 * UNDERLYING),
        ),
        (RANGE, "Will Ethereum be between $4,000 and $4,100 on January 15?", "4,000-4,200", Strike()),
        (RANGE, "Will Ethereum be between $4,100 and $4,000 on January 15?", "", Strike()),
        (
            RANGE,
            "Will the price of Ethereum be less than $3,500 on January 15?",
            "<3,500",
            Strike("less", cap=3_500 * UNDERLYING),
        ),
        (RANGE, "Will Ethereum be greater than $5,000 on January 15?", ">5,000", above(5_000)),
        (Family("BTC", "touch", ""), "Will Bitcoin reach $100,000 in January?", "↑ 100,000", Strike()),
        (None, "Anything above 5 on Monday?", "5", Strike()),
    ],
)
def test_strikes_without_doubt(found: Family | None, question: str, short: str, stated: Strike) -> None:
    census: Counter[str] = Counter()
    assert strike(found, question, short, None, census) == stated
    doubtful = found is not None and found.kind != "touch" and stated == Strike()
    assert census["strike:in doubt"] == doubtful


def test_a_window_begins_without_a_strike() -> None:
    census: Counter[str] = Counter()
    five, day = Family("BTC", "updown", "5m"), Family("BTC", "updown", "1d")
    price = Decimal("65026.457815")
    assert strike(five, "Up?", "", None, census) == Strike()
    assert strike(five, "Up?", "", price, census) == Strike("greater_or_equal", floor=6_502_645_781_500)
    assert strike(day, "Up?", "", price, census) == Strike()
    assert not census


@pytest.mark.parametrize(
    ("source", "rules", "lookback", "words"),
    [
        ("https://data.chain.link/streams/btc-usd", "", 0, "chainlink btc-usd"),
        ("https://data.chain.link/streams/btc-usd-twap-60s-streams", "", 60, "chainlink btc-usd-twap-60s-streams twap60"),
        ("", 'The Binance 1 minute candle for BTC/USDT has a final "Close".', 0, "binance BTC/USDT 1m"),
        ("", 'Binance ETH/USDT with "1h" and "Candles" selected, the 1 hour candle.', 0, "binance ETH/USDT 1h"),
        ("", "Binance BTC/USDT, or ETH/USDT", 0, ""),
        ("", 'Binance BTC/USDT "1h" or "1m"', 0, "binance BTC/USDT"),
        ("", "A consensus of credible reporting.", 0, ""),
    ],
)  # fmt: skip
def test_what_a_market_settles_on(source: str, rules: str, lookback: int, words: str) -> None:
    assert settles_on(source, rules, lookback) == words


def test_a_windows_opening_price_arrives_late_and_stays(live: Any) -> None:
    """It stands in the event, which an answer about the market alone leaves out."""
    from .conftest import COND, event, market  # noqa: TID252  the tests are no package

    window = {
        "question": "Bitcoin Up or Down", "groupItemTitle": "", "eventStartTime": "2027-01-15T08:55:00Z",
        "cryptoMarketConfig": {"asset": "BTC", "twapEnabled": True, "twapLookbackSeconds": 60},
        "resolutionSource": "https://data.chain.link/streams/btc-usd",
    }  # fmt: skip
    about = {"slug": "btc-updown-5m-1800003300", "seriesSlug": "btc-up-or-down-5m"}
    told = live.page(event(market(**window), **about))
    assert (told[-1].market.strike_type, told[-1].market.floor) == ("greater", 87_600 * UNDERLYING)
    told = live.page(event(market(**window), **about, eventMetadata={"priceToBeat": 87_650.25}))
    assert (told[-1].market.strike_type, told[-1].market.floor) == ("greater_or_equal", 8_765_025_000_000)
    assert dict(told[-1].market.custom) == {
        "asset": "BTC", "family": "updown", "horizon": "5m", "starts": "2027-01-15T08:55:00Z",
        "settles": "chainlink btc-usd twap60",
    }  # fmt: skip
    assert (
        live.answer(f"https://gamma-api.polymarket.com/markets?condition_ids={COND}", [market(**window)])
        == []
    )
