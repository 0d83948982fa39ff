"""Captures of pairs of markets through the importer and the feed: every row read, nothing quoted that nobody quoted."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.events import MarketListed, Quote
from cockpit.domain.units import PRICE
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from cockpit.feeds.base import Frame
from cockpit.runtime import replay
from cockpit.runtime.capture import Form, Report, import_captures
from cockpit.runtime.feeds import recorded
from cockpit.runtime.header import make_header
from cockpit.runtime.reader import SessionFile
from cockpit.settings.tree import Settings


def read(shared: Path, tmp_path: Path, name: str) -> tuple[Report, list[Any], Counter[str]]:
    source = shared / "cross_platform" / "kalshi_pm_pairs" / name
    if not source.is_file():
        pytest.skip(f"no recorded data at {source}")
    out = tmp_path / "pairs.jsonl.zst"
    report = import_captures([source], out, form=Form(), header=make_header(created=0, settings={}))
    session = SessionFile(out)
    feeds = recorded(session.header.capabilities)
    events: list[Any] = []
    for block in session.blocks():
        for line in block:
            if line.s == "tick":
                continue
            receive = feeds.get(line.s)
            assert receive is not None
            assert isinstance(line, Frame)
            events += receive(line)
    return report, events, feeds.census()


def listed(events: list[Any]) -> dict[str, str]:
    found = [event.market for event in events if isinstance(event, MarketListed)]
    assert len({market.ticker for market in found}) == len(found)
    return {market.ticker: market.venue for market in found}


@pytest.mark.parametrize(
    ("name", "rows", "pairs", "missed", "captures"),
    [
        ("polymarket_macro_pairs.jsonl.gz", 8_790, 15, 3, 586),
        ("polymarket_pairs.jsonl.gz", 6_369, 48, 3, 424),
    ],
)
def test_same_moment_quotes(
    shared: Path, tmp_path: Path, name: str, rows: int, pairs: int, missed: int, captures: int
) -> None:
    report, events, census = read(shared, tmp_path, name)
    assert (report.frames, report.bad, report.backwards, report.derived) == (rows, 0, 0, 0)
    assert report.capabilities == ("imported", "no_trades")
    assert Counter(listed(events).values()) == {"kalshi": pairs, "polymarket": pairs}
    quotes = [event for event in events if isinstance(event, Quote)]
    assert len(quotes) == 2 * rows - missed
    assert census == {"tops book not fetched": missed}
    assert all(
        0 <= quote.bid <= quote.ask <= PRICE and quote.bid_qty == quote.ask_qty == 0 for quote in quotes
    )
    assert len({quote.ts for quote in quotes}) == captures
    venues = listed(events)
    per_moment = Counter((quote.ts, venues[quote.market]) for quote in quotes)
    apart = sum(
        per_moment[ts, "kalshi"] - n for (ts, venue), n in per_moment.items() if venue == "polymarket"
    )
    assert apart == missed  # of every moment there are as many quotes of one venue as of the other


@pytest.mark.parametrize("name", ["polymarket_macro_pairs.jsonl.gz", "polymarket_pairs.jsonl.gz"])
def test_the_spread_of_the_pane_is_that_of_the_rows(shared: Path, tmp_path: Path, name: str) -> None:
    """Every moment whose four prices are there is a pair-second, and their mean distance the metric."""
    read(shared, tmp_path, name)
    file = SessionFile(tmp_path / "pairs.jsonl.zst")
    engine = replay.engine(file, Settings())
    session = replay.session(file, engine, None)
    replay.run_quietly(session, replay.batches(file), None)
    shown = view(engine, Watch(engine)).spreads
    gaps = []
    with gzip.open(shared / "cross_platform" / "kalshi_pm_pairs" / name) as rows:
        for row in map(json.loads, rows):
            here, there = row["kalshi"], row["polymarket"]
            tops = (here["yes_bid"], here["yes_ask"], there["best_bid"], there["best_ask"])
            if None not in tops and tops[0] > 0 < tops[2] and tops[1] < 1 > tops[3]:
                gaps.append(abs(tops[0] + tops[1] - tops[2] - tops[3]) / 2)
    assert len(gaps) > 5_000
    assert shown.seconds == pytest.approx(len(gaps), rel=0.01)
    assert shown.average == pytest.approx(100 * sum(gaps) / len(gaps), abs=0.05)


def test_a_derived_side_is_never_quoted(shared: Path, tmp_path: Path) -> None:
    report, events, census = read(shared, tmp_path, "polymarket_cpi_pairs.jsonl.gz")
    assert (report.frames, report.derived) == (1_572, 1_572)
    assert set(listed(events).values()) == {"polymarket"}
    assert sum(isinstance(event, Quote) for event in events) == 1_572
    assert census == {"tops derived quote": 1_572}
