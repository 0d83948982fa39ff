"""Matching from nothing: 5,000 titles of one venue against 20,000 of another, and one title that is new."""

import tracemalloc
from collections.abc import Iterator
from time import perf_counter

import numpy as np
import pytest

from cockpit.domain.markets import Market
from cockpit.models.match.index import Index
from cockpit.models.match.read import read
from cockpit.models.match.relate import compare

STATES = [
    "AL",
    "AK",
    "AZ",
    "AR",
    "CA",
    "CO",
    "CT",
    "DE",
    "FL",
    "GA",
    "HI",
    "ID",
    "IL",
    "IN",
    "IA",
    "KS",
    "KY",
    "LA",
    "ME",
    "MD",
    "MA",
    "MI",
    "MN",
    "MS",
    "MO",
    "MT",
    "NE",
    "NV",
    "NH",
    "NJ",
    "NM",
    "NY",
    "NC",
    "ND",
]
VERBS = (
    "be arrested",
    "resign",
    "win the Borduria Cup",
    "release an album",
    "visit Ruritania",
    "leave the council",
)
SYLLABLES = [
    "ba",
    "ko",
    "ri",
    "ta",
    "lu",
    "men",
    "dor",
    "vi",
    "sha",
    "pel",
    "gan",
    "tor",
    "mi",
    "ze",
    "ra",
    "no",
    "qua",
    "fe",
]
CITIES = ("New York City", "Chicago", "Miami", "Denver", "Austin", "Seattle")


def name(rng: np.random.Generator) -> str:
    """An invented person."""
    return " ".join("".join(rng.choice(SYLLABLES, rng.integers(2, 4))).title() for _ in range(2))


def questions(n: int, seed: int) -> Iterator[tuple[str, str]]:
    """Pairs of wordings of one question, as the two venues would put it."""
    rng = np.random.default_rng(seed)
    for i in range(n):
        year = int(rng.integers(2026, 2030))
        match i % 6:
            case 0:
                seat = f"{rng.choice(STATES)}-{rng.integers(1, 53):02}"
                party = ("Democratic", "Republican")[int(rng.integers(2))]
                yield (
                    f"Will {party} win the House race for {seat} in {year}?",
                    f"Will the {party} Party win the {seat} House seat in {year}?",
                )
            case 1:
                day, strike = int(rng.integers(1, 29)), int(rng.integers(400, 900)) * 250
                text = f"price of Bitcoin be above ${strike:,} on June {day}, {year}"
                yield f"Will the {text}, 5PM ET?", f"Will the {text}, 5PM ET?"
            case 2:
                city, low = rng.choice(CITIES), int(rng.integers(0, 100))
                text = f"temperature in {city} be between {low}-{low + 1}°F on July {int(rng.integers(1, 29))}, {year}?"
                yield f"Will the high {text}", f"Will the highest {text}"
            case 3:
                month = rng.choice(["January", "March", "May", "July"])
                text = f"by {int(rng.choice([25, 50]))} bps after {month} {year} meeting?"
                yield f"Will the Fed cut rates {text}", f"Fed decreases interest rates {text}"
            case _:
                who, verb = name(rng), VERBS[int(rng.integers(len(VERBS)))]
                yield f"Will {who} {verb} before Jan {year}?", f"Will {who} {verb} before {year}?"


def listings(n: int, seed: int, venue: str, side: int) -> list[Market]:
    """A venue's listings of the first n questions."""
    return [
        Market(ticker=f"{venue}-{i}", venue=venue, title=pair[side])
        for i, pair in enumerate(questions(n, seed))
    ]


@pytest.mark.full
def test_five_thousand_against_twenty_thousand(capsys):
    ours, theirs = listings(5_000, 5, "kalshi", 0), listings(20_000, 5, "polymarket", 1)
    began = perf_counter()
    index = Index()
    for market in theirs:
        index.add(read(market))
    indexed = perf_counter()
    pairs = accepted = 0
    for market in ours:
        contract = read(market)
        for other in index.candidates(contract):
            pairs += 1
            accepted += compare(contract, other).accepted
    whole = perf_counter() - began
    one = max(_one(index, market) for market in listings(50, 77, "kalshi", 0))
    with capsys.disabled():
        print(
            f"\nmatching 5,000 x 20,000: {whole:.2f} s ({indexed - began:.2f} s to read and index), "
            f"{pairs:,} compared, {accepted:,} accepted; a new title {one * 1e3:.2f} ms at worst"
        )
    assert accepted > 2_500


def _one(index: Index, market: Market) -> float:
    began = perf_counter()
    contract = read(market)
    for other in index.candidates(contract):
        compare(contract, other)
    return perf_counter() - began


@pytest.mark.full
def test_memory_of_twenty_five_thousand(capsys):
    markets = listings(5_000, 5, "kalshi", 0) + listings(20_000, 5, "polymarket", 1)
    tracemalloc.start()
    index = Index()
    for market in markets:
        index.add(read(market))
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    with capsys.disabled():
        print(f"\nmatching, 25,000 contracts indexed: {held / 1e6:.0f} MB held, {peak / 1e6:.0f} MB at most")
    assert len(index) == len(markets)
