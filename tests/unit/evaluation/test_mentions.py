"""Scoring base rates on maps of settled markets."""

import gzip
import json

import pytest

from cockpit.domain.errors import InputError
from cockpit.evaluation.mentions import evaluate_mentions, read_map


def event(name, day, words, title="What will Trump say during his rally?"):
    markets = [{"ticker": f"{name}-{w[:3]}", "word": w, "result": r, "volume": 1} for w, r in words.items()]
    return {"date": day, "kalshi_events": [{"event_ticker": name, "title": title, "markets": markets}]}


@pytest.fixture
def mapped(tmp_path):
    """Biden is always said, bananas never; one event stands under two transcripts."""
    told = {}
    for i in range(12):
        day = f"2026-{1 + i // 2:02}-{10 + i:02}"
        told[f"t{i}.txt"] = event(
            f"KXTRUMPMENTION-{i}", day, {"Biden": "yes", "Bananas": "no", "Odd": "void"}
        )
    told["again.txt"] = told["t11.txt"] | {"date": "2026-06-30"}
    path = tmp_path / "map.json.gz"
    path.write_bytes(gzip.compress(json.dumps(told).encode()))
    return path


def test_what_is_always_said_is_learnt(mapped):
    report = evaluate_mentions(mapped, "2026-04-01")
    assert (report.n_markets, report.n_events, report.n_train) == (12, 6, 12)
    assert report.brier_base == pytest.approx(0.25)
    assert report.brier_rolling < report.brier_model < report.brier_base
    assert report.diff.high < 0
    assert report.brier_market is None
    assert set(report.as_json()) >= {
        "n_markets", "n_events", "brier_model", "brier_base", "brier_market", "diff_ci",
    }  # fmt: skip
    assert "12 markets of 6 events" in report.as_text()


def test_the_market_s_own_price_is_that_of_before_the_event(mapped, tmp_path):
    rows = ["ticker,end_period_ts,yes_bid_close,yes_ask_close,volume"]
    for i in range(6, 12):
        over = i == 6  # its candles begin when its words are decided
        for word, price in (("Bid", 99 if over else 80), ("Ban", 1 if over else 30)):
            rows += [f"KXTRUMPMENTION-{i}-{word},{1_000 + i},{price - 1},{price + 1},5"]
            rows += [f"KXTRUMPMENTION-{i}-{word},{2_000 + i},98,100,5"]
    path = tmp_path / "candles.csv"
    path.write_text("\n".join(rows))
    report = evaluate_mentions(mapped, "2026-04-01", path)
    assert report.n_priced == 10
    assert report.brier_market == pytest.approx((0.2**2 + 0.3**2) / 2)


def test_nothing_to_score(mapped):
    report = evaluate_mentions(mapped, "2027-01-01")
    assert (report.n_markets, report.brier_model, report.diff) == (0, None, None)
    assert "none" in report.as_text()


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": {"date": "never", "kalshi_events": []}}'])
def test_files_that_are_none(tmp_path, text):
    path = tmp_path / "map.json"
    path.write_text(text)
    with pytest.raises(InputError):
        read_map(path)


def test_a_day_that_is_none(mapped):
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        evaluate_mentions(mapped, "yesterday")


def test_candles_that_are_none(mapped, tmp_path):
    path = tmp_path / "candles.csv"
    path.write_text("ticker,end_period_ts\nKXTRUMPMENTION-6-Bid,soon\n")
    with pytest.raises(InputError):
        evaluate_mentions(mapped, "2026-04-01", path)
