"""Fair values of hourly crypto ladders on recorded captures, against the market's own prices."""

import pytest

from cockpit.evaluation.crypto import evaluate_crypto


@pytest.fixture(scope="module")
def report(shared):
    folder = shared / "kalshi_tape_jul2026" / "crypto_hourly"
    files = sorted(folder.glob("dt=*.jsonl.gz"))
    if not files:
        pytest.skip(
            "the recorded hourly captures are not beside this checkout (kalshi_tape_jul2026/crypto_hourly)"
        )
    return evaluate_crypto(files)


def test_enough_was_scored(report):
    told = report.as_json()
    assert told["n_events"] >= 276
    assert told["n_rows"] > 70_000


def test_near_the_money_the_model_beats_the_bar(report):
    assert report.near.n_rows > 3_500
    assert report.near.brier_model <= 0.0560


def test_the_model_beats_the_market_however_it_is_read(report):
    for scores in (report.all, report.near):
        assert scores.brier_model < scores.brier_market_normalised < scores.brier_market
        assert scores.logloss_model < scores.logloss_market
        assert scores.difference.high < 0


def test_the_model_is_calibrated(report):
    assert report.near.slope_model == pytest.approx(1.0, abs=0.15)
