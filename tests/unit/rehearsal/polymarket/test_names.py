"""Slugs, titles, rules and ids."""

import re

import pytest

from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.polymarket.names import WAKE, condition_of, names_of, tokens_of
from cockpit.rehearsal.polymarket.terms import ABOVE, QUARTER_NS, UPDOWN, Terms

CLOSE = 1_796_000_400 * SECOND
"""01:00 UTC on 30 November, 8 p.m. the evening before in New York."""
WINDOW = Terms("w", "BTC", UPDOWN, None, None, CLOSE - QUARTER_NS, CLOSE)
LADDER = Terms("l", "BTC", ABOVE, 84_200 * UNDERLYING, None, CLOSE - 4 * QUARTER_NS, CLOSE)


def test_a_window():
    names = names_of(WINDOW)
    assert names.slug == names.event.slug == f"btc-updown-15m-{(CLOSE - 900 * SECOND) // SECOND}"
    assert names.question == "Bitcoin Up or Down - November 29, 7:45PM-8PM ET"
    assert names.outcomes == ("Up", "Down")
    assert "btc-usd-twap-60s-streams" in names.event.source
    assert [tag.slug for tag in names.event.tags] == ["crypto", "bitcoin", "up-or-down"]


def test_a_threshold():
    names = names_of(LADDER)
    assert names.event.slug == "bitcoin-above-on-november-29-2026-8pm-et"
    assert names.slug == "bitcoin-above-84200-on-november-29-2026-8pm-et"
    assert names.event.title == "Bitcoin above ___ on November 29, 8PM ET?"
    assert names.question == "Bitcoin above 84,200 on November 29, 8PM ET?"
    assert names.short == "84,200"
    assert '"1h"' in names.event.rules
    assert "BTC/USDT" in names.event.rules


def test_a_close_within_the_hour_and_a_strike_with_cents():
    terms = Terms("KXSOLD-X-T1", "SOL", "above", 553 * UNDERLYING // 4, None, 0, CLOSE + 900 * SECOND)
    names = names_of(terms)
    assert names.slug == "solana-above-138pt25-on-november-29-2026-8-15pm-et"
    assert names.short == "138.25"


@pytest.mark.parametrize("terms", [WINDOW, LADDER])
def test_a_market_in_anothers_wake_says_in_its_rules_what_it_pays_on(terms):
    own, follower = names_of(terms), names_of(terms, wake=True)
    assert follower.event.rules == f"{own.event.rules} {WAKE}"
    assert (follower.slug, follower.question, follower.event.slug) == (own.slug, own.question, own.event.slug)
    assert "Kalshi" in WAKE
    assert "Kalshi" not in own.event.rules


@pytest.mark.parametrize("ticker", [f"KXBTCD-{n}" for n in range(40)])
def test_ids_have_the_venues_form(ticker):
    condition = condition_of(ticker)
    assert re.fullmatch("0x[0-9a-f]{64}", condition)
    tokens = tokens_of(condition)
    assert len(set(tokens)) == 2
    assert all(re.fullmatch("[1-9][0-9]{76,77}", token) for token in tokens)


def test_ids_are_the_same_on_every_run():
    assert tokens_of(condition_of("A")) == tokens_of(condition_of("A"))
    assert condition_of("A") != condition_of("B")
