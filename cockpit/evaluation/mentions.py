"""How right base rates are about words said: a map of settled mention markets by event, before and after a day.

The file is one JSON object (plain or .gz): a name of each transcript to ``{date, kalshi_events: [{event_ticker, title,
markets: [{ticker, word, result}]}]}``. A market that stands under several transcripts counts once, on the first of their
days. What is scored is P(said | listed) as known before the day the split is at; ``rolling`` learns from each settled day
before the next, as a live desk would.

A file of minute candles (``ticker,end_period_ts,yes_bid_close,yes_ask_close``, cents) gives the markets' own prices: the
first middle the file has of each. An event most of whose words are decided by then was over when the file begins, and is
left out: a price after the fact is no forecast.
"""

import csv
import gzip
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec

from cockpit.domain.errors import InputError
from cockpit.domain.mentions import Occurrence
from cockpit.evaluation.scores import Interval, brier, clustered
from cockpit.models.match.mentions import speaker_of
from cockpit.models.mentions.occasions import kind_of
from cockpit.models.mentions.rates import Rates, key

SEED = 20250701
"""Of the resampling, so that a report repeats."""
DECIDED = 0.04
"""A price this near to 0 or 1 takes a word for decided."""
MOST = 0.5
"""Share of an event's words that may be, where the prices are of before the event."""
_WIDE = 40
"""A book wider than this, in cents, says nothing."""


class _Market(msgspec.Struct):
    ticker: str
    word: str
    result: str


class _Event(msgspec.Struct):
    event_ticker: str
    title: str
    markets: list[_Market]


class _Transcript(msgspec.Struct):
    date: str
    kalshi_events: list[_Event]


class Settled(msgspec.Struct, frozen=True):
    """One settled market."""

    ticker: str
    occurrence: Occurrence


class MentionsReport(msgspec.Struct, frozen=True):
    """What was found; a score is None where there was nothing to score."""

    n_markets: int
    n_events: int
    n_train: int
    brier_model: float | None
    brier_base: float | None
    brier_rolling: float | None
    diff: Interval | None
    """Model less constant, by event."""
    n_priced: int
    brier_market: float | None
    brier_model_priced: float | None
    """The model's, on the markets that had a price."""

    def as_json(self) -> dict[str, object]:
        """One JSON object."""
        out = {name: getattr(self, name) for name in self.__struct_fields__ if name != "diff"}
        out["diff_ci"] = None if self.diff is None else [self.diff.low, self.diff.high]
        return out

    def as_text(self) -> str:
        """The same for people."""
        interval = "" if self.diff is None else f" (by event {self.diff.low:+.4f} to {self.diff.high:+.4f})"
        return "\n".join(
            (
                f"{self.n_markets:,} markets of {self.n_events} events, {self.n_train:,} before them",
                f"Brier  model {_score(self.brier_model)}  constant {_score(self.brier_base)}{interval}",
                f"       model that learns as days settle {_score(self.brier_rolling)}",
                f"       market's own price {_score(self.brier_market)}, model there "
                f"{_score(self.brier_model_priced)} ({self.n_priced:,} markets)",
            )
        )


def evaluate_mentions(path: Path, before: str, candles: Path | None = None) -> MentionsReport:
    """Score base rates learnt before a day (ISO) on the events from that day on.

    Raises:
        InputError: for a file that cannot be read, or a day that is none.
    """
    try:
        date.fromisoformat(before)
    except ValueError:
        raise InputError(f"{before!r}: expected a day as YYYY-MM-DD") from None
    found = read_map(path)
    train = [each for each in found if each.occurrence.day < before]
    test = [each for each in found if each.occurrence.day >= before]
    prices = quotes(candles, test) if candles is not None else {}
    return _scored(train, test, before, prices)


def read_map(path: Path) -> list[Settled]:
    """The settled markets of a map, oldest first. Raises InputError."""
    try:
        raw = path.read_bytes()
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        told = msgspec.json.decode(raw, type=dict[str, _Transcript])
        found: dict[str, Settled] = {}
        for each in sorted(told.values(), key=lambda each: each.date):
            date.fromisoformat(each.date)
            for event in each.kalshi_events:
                for market in event.markets:
                    if market.result in ("yes", "no") and market.ticker not in found:
                        found[market.ticker] = Settled(market.ticker, _occurrence(each.date, event, market))
    except (OSError, EOFError, ValueError, msgspec.MsgspecError) as error:
        raise InputError(f"{path}: {error}") from error
    return list(found.values())


def _occurrence(day: str, event: _Event, market: _Market) -> Occurrence:
    return Occurrence(
        day,
        event.event_ticker,
        speaker_of(event.title),
        kind_of(event.title),
        key(market.word.split("/")),
        market.result == "yes",
    )


def quotes(path: Path, markets: Iterable[Settled]) -> dict[str, float]:
    """What markets' own middles were before their events, by ticker, as probabilities. Raises InputError."""
    events = {each.ticker: each.occurrence.event for each in markets}
    first: dict[str, tuple[int, float]] = {}
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
        for row in csv.DictReader(io.StringIO(text)):
            ticker, end = row["ticker"], int(row["end_period_ts"])
            if ticker not in events or end >= first.get(ticker, (end + 1, 0.0))[0]:
                continue
            if row["yes_bid_close"] and row["yes_ask_close"]:
                bid, ask = float(row["yes_bid_close"]), float(row["yes_ask_close"])
                if 0 <= bid < ask <= 100 and ask - bid <= _WIDE:
                    first[ticker] = (end, (bid + ask) / 200.0)
    except (OSError, EOFError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise InputError(f"{path}: {error}") from error
    return _undecided({ticker: price for ticker, (_, price) in first.items()}, events)


def _undecided(prices: dict[str, float], events: dict[str, str]) -> dict[str, float]:
    """The prices of events that were not over."""
    decided: dict[str, list[bool]] = {}
    for ticker, price in prices.items():
        decided.setdefault(events[ticker], []).append(not DECIDED < price < 1.0 - DECIDED)
    fit = {event for event, each in decided.items() if sum(each) <= MOST * len(each)}
    return {ticker: price for ticker, price in prices.items() if events[ticker] in fit}


def _scored(
    train: list[Settled], test: list[Settled], before: str, prices: dict[str, float]
) -> MentionsReport:
    import numpy as np

    rng = np.random.default_rng(SEED)  # noqa: TID251  the one place where the resampling's seed enters
    known = Rates(each.occurrence for each in train)
    rolling = Rates(each.occurrence for each in (*train, *test))
    happened = [float(each.occurrence.said) for each in test]
    model = [_rate(known, each.occurrence, before) for each in test]
    learning = [_rate(rolling, each.occurrence, each.occurrence.day) for each in test]
    base = sum(each.occurrence.said for each in train) / len(train) if train else 0.5
    worse = [(p - y) ** 2 - (base - y) ** 2 for p, y in zip(model, happened, strict=True)]
    events = [each.occurrence.event for each in test]
    priced = [i for i, each in enumerate(test) if each.ticker in prices]
    return MentionsReport(
        n_markets=len(test),
        n_events=len(set(events)),
        n_train=len(train),
        brier_model=brier(model, happened) if test else None,
        brier_base=brier([base] * len(test), happened) if test else None,
        brier_rolling=brier(learning, happened) if test else None,
        diff=clustered(worse, events, rng) if len(set(events)) > 1 else None,
        n_priced=len(priced),
        brier_market=_brier_at(priced, [prices.get(each.ticker, 0.0) for each in test], happened),
        brier_model_priced=_brier_at(priced, learning, happened),
    )


def _brier_at(rows: list[int], p: list[float], y: list[float]) -> float | None:
    return brier([p[i] for i in rows], [y[i] for i in rows]) if rows else None


def _rate(known: Rates, each: Occurrence, day: str) -> float:
    return known.rate(each.speaker, each.kind, each.phrase, day).mean


def _score(value: float | None) -> str:
    return "none" if value is None else f"{value:.4f}"
