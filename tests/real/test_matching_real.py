"""Matching on labelled pairs, on naive scans that took other contracts for arbitrage, and on whole listings."""

import csv
import gzip
import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.units import SECOND
from cockpit.evaluation.matching import evaluate_matching, labelled
from cockpit.models.match.index import Index
from cockpit.models.match.read import read
from cockpit.models.match.relate import compare

NOON = "The Binance 1 minute candle for {coin}/USDT 12:00 in the ET timezone (noon) on that day."


@pytest.fixture
def folder(shared: Path) -> Path:
    found = shared / "cross_platform"
    if not found.is_dir():
        pytest.skip(
            "the recorded pairs of two venues are not beside this checkout (shared/data/cross_platform)"
        )
    return found


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * SECOND if text else 0


def test_labelled_pairs(folder, capsys):
    report = evaluate_matching(folder / "matching_labels" / "labeled_pairs_dev.jsonl")
    with capsys.disabled():
        print(f"\nlabelled pairs: {report.as_json()}")
    assert report.precision >= 0.97
    assert report.recall >= 0.85
    assert report.polarity_errors == 0


def test_the_index_loses_no_labelled_pair(folder):
    rows = list(labelled(folder / "matching_labels" / "labeled_pairs_dev.jsonl"))
    index = Index()
    for _, _, listed in rows:
        index.add(read(*listed))
    for row, ours, listed in rows:
        contract = read(*ours)
        if compare(contract, read(*listed)).accepted:
            assert row.polymarket_id in {each.market for each in index.candidates(contract)}


def test_pairs_that_others_took_for_one(folder):
    report = evaluate_matching(folder / "matching_labels" / "aninaga_precision_regression.jsonl")
    assert report.precision == 1.0
    assert report.wrong == []


@pytest.mark.parametrize("told", ["titles alone", "the rules' noon as well"])
def test_no_pair_of_the_naive_scans_is_one_contract(folder, told):
    contracts, relations = {}, Counter()
    for path in sorted((folder / "cross_arb_scans").glob("*.csv.gz")):
        with gzip.open(path, "rt") as lines:
            for row in csv.DictReader(lines):
                a, b = scanned(contracts, row, noon=told != "titles alone")
                found = compare(a, b)
                relations[found.relation.value, found.twin] += 1
                assert not found.accepted, (row["titulo_a"], row["url_b"])
                if found.twin:
                    assert a.instant_ns == b.instant_ns
                    assert abs(a.low - b.low) <= a.step
    assert sum(relations.values()) > 20_000


def scanned(contracts, row, *, noon):
    """Both sides of a row; the Kalshi ticker stands in its address."""
    ticker = row["url_b"].rpartition("/")[2]
    if ticker not in contracts:
        contracts[ticker] = read(
            Market(ticker=ticker, venue="kalshi", series=ticker.partition("-")[0], title=row["titulo_b"])
        )
    key = (row["titulo_a"], row["fecha_a"])
    if key not in contracts:
        rules = NOON.format(coin="BTC" if "Bitcoin" in row["titulo_a"] else "ETH") if noon else ""
        contracts[key] = read(
            Market(
                ticker=str(key),
                venue="polymarket",
                title=row["titulo_a"],
                expected_ns=instant(f"{row['fecha_a']}T16:00:00+00:00"),
                rules=rules,
            )
        )
    return contracts[ticker], contracts[key]


def test_whole_listings_of_one_subject_hold_next_to_nothing_in_common(folder):
    """Read by hand, the two venues' Iran listings of March 2026 share one question under the same rules at most."""
    index, ours = Index(), []
    for market, group in kalshi_iran(folder):
        ours.append(read(market, group))
    for market, group in polymarket_iran(folder):
        index.add(read(market, group))
    accepted = {(c.market, o.market) for c in ours for o in index.candidates(c) if compare(c, o).accepted}
    assert len(ours) > 500
    assert len(accepted) <= 2


def kalshi_iran(folder):
    for event in json.loads(gzip.decompress((folder / "dumps" / "iran_kalshi_raw.json.gz").read_bytes())):
        group = EventGroup(event["event_ticker"], "kalshi", title=event["title"])
        for m in event["markets"]:
            yield (
                Market(
                    ticker=m["ticker"],
                    venue="kalshi",
                    event=m["event_ticker"],
                    series=m["ticker"].partition("-")[0],
                    title=m["title"],
                    subtitle=m.get("yes_sub_title") or "",
                    rules=m.get("rules_primary") or "",
                    open_ns=instant(m["open_time"]),
                    expected_ns=instant(m["expected_expiration_time"]),
                ),
                group,
            )


def polymarket_iran(folder):
    for event in json.loads(gzip.decompress((folder / "dumps" / "iran_polymarket_raw.json.gz").read_bytes())):
        group = EventGroup(event["id"], "polymarket", title=event["title"], subtitle=event["slug"])
        for m in event["markets"]:
            short = m.get("groupItemTitle") or ""
            yield (
                Market(
                    ticker=m["conditionId"],
                    venue="polymarket",
                    event=event["id"],
                    title=m["question"],
                    subtitle=f"{short} - {event['title']}" if short else "",
                    rules=m.get("description") or "",
                    open_ns=instant(m.get("startDate") or ""),
                    expected_ns=instant(m.get("endDate") or ""),
                ),
                group,
            )
