"""Ladders with official results, and full-depth books, as recorded in July 2026."""

import gzip
import json

from cockpit.domain.book import Book
from cockpit.domain.markets import Market
from cockpit.domain.units import PRICE, UNDERLYING_DIGITS, fixed, price, qty
from cockpit.engine.payoff import pays


def level(value):
    return None if value is None else fixed(str(value), UNDERLYING_DIGITS)


def rows(folder):
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt") as lines:
            yield from (json.loads(line) for line in lines)


def test_every_bracket_result_follows_from_its_expiration_value(shared):
    markets, checked = {}, 0
    results = {}
    for row in rows(shared / "kalshi_tape_jul2026" / "crypto_hourly"):
        for each in (row.get("current") or {}).get("outcomes", []):
            markets[each["ticker"]] = Market(
                ticker=each["ticker"],
                venue="kalshi",
                strike_type=each["strike_type"],
                floor=level(each.get("floor_strike")),
                cap=level(each.get("cap_strike")),
            )
        past = row.get("previous_settlement") or {}
        if past.get("expiration_value"):
            value = fixed(past["expiration_value"], UNDERLYING_DIGITS)
            results.update({ticker: (value, word) for ticker, word in past["results"].items()})
    for ticker, (value, word) in results.items():
        if ticker in markets:
            assert pays(markets[ticker], value) == (word == "yes"), ticker
            checked += 1
    assert checked > 20_000


def test_full_depth_books_stand(shared):
    books = 0
    for row in rows(shared / "kalshi_tape_jul2026" / "orderbook_depth"):
        book = Book()
        bids = [(price(str(p)), qty(str(q))) for p, q in row["yes_bids"]]
        asks = [(PRICE - price(str(p)), qty(str(q))) for p, q in row["no_bids"]]
        book.replace(bids, asks)
        assert not book.crossed
        if row["best_yes_bid"] is not None:
            assert book.bid == price(str(row["best_yes_bid"]))
        if row["best_no_bid"] is not None:
            assert book.ask == PRICE - price(str(row["best_no_bid"]))
        books += 1
        if books == 5_000:
            break
    assert books == 5_000
