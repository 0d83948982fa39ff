"""Which markets are of a kind, and which settle on one outcome."""

import pytest

from cockpit.domain.markets import EventGroup, Market
from cockpit.models.match.families import CRYPTO, FAMILIES, GAMES, MENTIONS, OTHER, placed

HOUR = 1_796_328_000_000_000_000


def market(ticker, title="", **fields):
    event, _, _ = ticker.rpartition("-")
    return Market(
        ticker=ticker, venue="kalshi", event=event, series=event.split("-")[0], title=title, **fields
    )


def crypto(ticker, **fields):
    return market(ticker, "Bitcoin price on Dec 3, 2026 at 3pm EST?", close_ns=HOUR, **fields)


def test_what_settles_on_one_price_is_one():
    threshold = crypto("KXBTCD-26DEC0315-T84299.99", strike_type="greater", floor=8_429_999_000_000)
    bracket = crypto(
        "KXBTC-26DEC0315-B84250", strike_type="between", floor=8_420_000_000_000, cap=8_429_999_000_000
    )
    other = market("KXETHD-26DEC0315-T3029.99", "Ethereum price on Dec 3, 2026 at 3pm EST?", close_ns=HOUR)
    assert placed(threshold) == placed(bracket)
    assert placed(threshold)[0] == CRYPTO
    assert placed(other)[1] != placed(threshold)[1]


def test_both_sides_of_a_game_are_one():
    home, away = (
        placed(market(f"KXNBAGAME-26DEC03ATLMIN-{team}", "Atlanta at Minnesota Winner?", subtitle=words))
        for team, words in (("MIN", "Minnesota"), ("ATL", "Atlanta"))
    )
    assert home == away
    assert home[0] == GAMES


def test_words_of_one_speaker_in_a_day_are_one():
    group = EventGroup("KXTRUMPMENTION-26DEC03", "kalshi", title="What will Donald Trump say?")
    one, other = (
        placed(
            market(f"KXTRUMPMENTION-26DEC03-{word}", "What will Donald Trump say during his speech?"), group
        )
        for word in ("TARI", "BIDE")
    )
    assert one == other
    assert one[0] == MENTIONS


@pytest.mark.parametrize("ticker", ["KXTEST-26DEC0112-T100", "ODD"])
def test_anything_else_goes_by_its_event(ticker):
    made = market(ticker)
    assert placed(made) == (OTHER, made.event or ticker)
    assert OTHER in FAMILIES
