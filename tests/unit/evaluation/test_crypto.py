"""Hourly captures of invented ladders: what is scored, what is known when, what is refused."""

import gzip
import json
import math

import numpy as np
import pytest

from cockpit.domain.errors import InputError
from cockpit.evaluation.crypto import WARM_UP, evaluate_crypto

HOUR = 3_600
START = 1_788_220_800
"""A full hour in September 2026."""
STEP = 100


def stamp(second):
    return f"{np.datetime64(int(second), 's')}Z"


def strikes(middle):
    """Six ranges around a price, and the two open ends: (type, floor, cap)."""
    low = round(middle / STEP) * STEP - 3 * STEP
    inner = [("between", low + i * STEP, low + (i + 1) * STEP - 0.01) for i in range(6)]
    return [("less", None, low), *inner, ("greater", low + 6 * STEP - 0.01, None)]


def pays(kind, floor, cap, value):
    if kind == "less":
        return value < cap
    return value > floor if kind == "greater" else floor <= value <= cap


class World:
    """An hourly world: a spot walks, a ladder an hour settles on it, two captures an hour tell of both.

    ``quote(chance)`` is the market's (bid, ask) of a bracket whose true chance is ``chance``.
    """

    def __init__(self, hours=30, sigma=0.5, seed=1, quote=None):
        rng = np.random.default_rng(seed)
        self.sigma, self.quote = sigma, quote or (lambda p: (max(0.0, p - 0.02), min(1.0, p + 0.02)))
        steps = sigma * math.sqrt(60 / 31_536_000) * rng.standard_normal(hours * 60 + 1)
        self.minutes = (60_000 * np.exp(np.cumsum(steps))).tolist()
        self.rows = []
        for hour in range(hours):
            for minute in (24, 55):
                self.rows.append(self.capture(hour, minute))

    def price(self, second):
        return self.minutes[int(second) // 60]

    def event(self, hour):
        return f"KXBTC-E{hour:03}"

    def ladder(self, hour):
        return strikes(self.price(hour * HOUR))

    def outcome(self, hour, i, bracket, left, spot):
        deviation = self.sigma * math.sqrt((left - 39.5) / 31_536_000)

        def below(level):
            return 0.5 * math.erfc(math.log(spot / level) / deviation / math.sqrt(2))

        kind, floor, cap = bracket
        chance = (1.0 if kind == "greater" else below(cap)) - (0.0 if kind == "less" else below(floor))
        bid, ask = self.quote(chance)
        return {
            "ticker": f"{self.event(hour)}-{i}", "strike_type": kind, "floor_strike": floor, "cap_strike": cap,
            "yes_bid": bid, "yes_ask": ask, "title": "invented",
        }  # fmt: skip

    def capture(self, hour, minute):
        second = hour * HOUR + minute * 60
        left, spot = HOUR - minute * 60, self.price(second)
        outcomes = [self.outcome(hour, i, b, left, spot) for i, b in enumerate(self.ladder(hour))]
        return {
            "schema_version": "crypto_hourly.v1", "captured_at": stamp(START + second), "symbol": "BTC",
            "series": "KXBTC",
            "current": {"status": "ok", "event_ticker": self.event(hour), "outcomes": outcomes,
                        "close_time": stamp(START + (hour + 1) * HOUR)},
            "previous_settlement": self.settled(hour - 1),
            "spot": {"source": "coinbase", "product": "BTC-USD", "bid": spot - 0.01, "ask": spot + 0.01},
        }  # fmt: skip

    def settled(self, hour):
        if hour < 0:
            return {"status": "pending"}
        value = round(self.price((hour + 1) * HOUR), 2)
        results = {
            f"{self.event(hour)}-{i}": "yes" if pays(*bracket, value) else "no"
            for i, bracket in enumerate(self.ladder(hour))
        }
        return {"event_ticker": self.event(hour), "expiration_value": f"{value:.2f}", "results": results}


@pytest.fixture
def write(tmp_path):
    def put(rows, name="a.jsonl"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    return put


def test_what_is_scored(write):
    """After the warm-up, all captures but those of the last hour, whose result nobody tells."""
    world = World(hours=30)
    report = evaluate_crypto([write(world.rows)])
    assert report.captures == 60
    assert report.scored == 60 - WARM_UP - 2
    told = report.as_json()
    assert told["n_events"] == (60 - WARM_UP - 2) // 2
    assert told["n_rows"] == report.scored * 8
    assert 0 < told["near"]["n_rows"] < told["n_rows"]
    keys = {
        "n_events", "n_rows", "brier_model", "brier_market", "brier_market_normalised", "logloss_model",
        "logloss_market", "brier_diff", "brier_diff_ci",
    }  # fmt: skip
    assert set(told) == keys | {"near"}
    assert set(told["near"]) == keys
    json.dumps(told)


def test_the_model_is_near_the_truth(write):
    """A market that quotes the truth is hardly better than the model; one that quotes nonsense is far worse."""
    true = evaluate_crypto([write(World(hours=120).rows)]).near
    assert abs(true.brier_model - true.brier_market) < 0.01
    assert true.difference.low <= true.brier_model - true.brier_market <= true.difference.high
    blind = World(hours=120, quote=lambda _: (0.10, 0.15))
    wrong = evaluate_crypto([write(blind.rows, "b.jsonl")]).near
    assert wrong.brier_model < wrong.brier_market - 0.02
    assert wrong.difference.high < 0


def test_nothing_is_known_before_its_time(write):
    """Other futures, same fair values: the scores of the rows before do not move."""
    world = World(hours=40)
    before = evaluate_crypto([write(world.rows[:60])])
    changed = json.loads(json.dumps(world.rows))
    for row in changed[60:]:
        row["spot"]["bid"] *= 1.2
        row["spot"]["ask"] *= 1.2
        row["previous_settlement"]["results"] = {}
        row["previous_settlement"]["expiration_value"] = None
    after = evaluate_crypto([write(changed, "b.jsonl")])
    assert after.as_json() == before.as_json()


def test_files_come_in_any_order(write):
    rows = World(hours=30).rows
    first, second = write(rows[:30], "a.jsonl"), write(rows[30:], "b.jsonl")
    assert evaluate_crypto([first, second]) == evaluate_crypto([second, first])


def test_compressed_files(write, tmp_path):
    plain = write(World(hours=20).rows)
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert evaluate_crypto([packed]) == evaluate_crypto([plain])


def test_progress(write):
    seen = []
    path = write(World(hours=2).rows)
    evaluate_crypto([path, path], progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 2), (2, 2)]


def test_a_dead_bracket_is_worth_a_fifth_of_a_cent(write):
    dead = evaluate_crypto([write(World(hours=20, quote=lambda _: (0.0, 0.01)).rows)])
    shares = 2 * dead.all.n_rows / 8
    losses = [(0.002 - 1) ** 2 / 8, 0.002**2 * 7 / 8]
    assert shares > 0
    assert dead.all.brier_market == pytest.approx(sum(losses))
    assert dead.near.n_rows == 0
    assert dead.near.brier_model is None
    assert dead.near.difference is None


def test_a_bracket_nobody_quotes_is_worth_a_half(write):
    unquoted = evaluate_crypto([write(World(hours=20, quote=lambda _: (None, None)).rows)])
    assert unquoted.all.brier_market == pytest.approx(0.25)


def test_the_market_is_normalised(write):
    """Eight middles of 20 cents sum to 1.60; normalised they are an eighth each."""
    flat = evaluate_crypto([write(World(hours=20, quote=lambda _: (0.19, 0.21)).rows)])
    assert flat.all.brier_market_normalised == pytest.approx(((7 / 8) ** 2 + 7 / 64) / 8)


def test_what_is_passed_over(write):
    """Captures without a ladder, a spot or a known asset, and those inside the settlement window, are not scored."""
    rows = World(hours=30).rows
    whole = evaluate_crypto([write(rows)]).scored
    rows[40]["current"] = {"status": "no_hourly_group_found"}
    rows[42]["spot"] = None
    rows[44] |= {"symbol": "PEPE", "series": "KXPEPE"}
    rows[46]["captured_at"] = stamp(START + 24 * HOUR - 30)
    rows[48]["current"]["outcomes"][0]["cap_strike"] = None
    rows[50]["current"]["outcomes"][0]["ticker"] = "KXBTC-NOBODY-KNOWS"
    rows.sort(key=lambda row: row["captured_at"])
    assert evaluate_crypto([write(rows, "b.jsonl")]).scored == whole - 6


def test_text(write):
    text = evaluate_crypto([write(World(hours=30).rows)]).as_text()
    assert "34 of 60 captures scored" in text
    assert "2 to 98 cents" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    nothing = evaluate_crypto([write(World(hours=2).rows, "b.jsonl")]).as_text()
    assert "0 of 4 captures scored" in nothing
    assert " - " in nothing or nothing.rstrip().endswith("-")


def test_a_file_that_cannot_be_read_is_named(write, tmp_path):
    good, bad = write(World(hours=2).rows), tmp_path / "bad.jsonl"
    bad.write_text("{\n")
    with pytest.raises(InputError, match=r"bad\.jsonl: line 1: "):
        evaluate_crypto([good, bad])


def test_files_that_hold_something_else_are_passed_over_by_name(write, tmp_path):
    good = write(World().rows)
    other = tmp_path / "payload.json"
    other.write_text('{"event": {"markets": []}}\n')
    report = evaluate_crypto([other, good])
    assert report.as_json() == evaluate_crypto([good]).as_json()
    assert len(report.passed_over) == 1
    assert "payload.json: line 1" in report.passed_over[0]
    with pytest.raises(InputError, match=r"payload\.json: line 1"):
        evaluate_crypto([other, other])


def test_a_file_that_breaks_off_is_never_passed_over(write, tmp_path):
    good = write(World().rows)
    torn = tmp_path / "torn.jsonl"
    torn.write_text(good.read_text().splitlines()[0] + "\n{\n")
    with pytest.raises(InputError, match=r"torn\.jsonl: line 2"):
        evaluate_crypto([good, torn])
