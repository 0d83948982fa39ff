"""Scoring blended forecasts on invented stations."""

import math
from datetime import date, timedelta

import pytest

from cockpit.domain.errors import InputError
from cockpit.evaluation.weather import evaluate_weather


def wave(n, k):
    """A fixed pattern that looks like chance and is not."""
    return math.sin(n * 12.9898 + k * 78.233) * 2.0


@pytest.fixture
def folder(tmp_path):
    """Two stations, two years: one model is always three degrees cold, the other right but noisy."""
    for k, name in enumerate(("KXHIGHAA", "KXHIGHBB")):
        observed, forecasts = ["ticker,date,nws_high"], ["date,ticker,fcst_cold,fcst_noisy"]
        for n in range(760):
            day = (date(2022, 1, 1) + timedelta(days=n)).isoformat()
            seen = round(60 + 20 * math.sin(n / 58.0) + 4 * wave(n, k))
            observed.append(f"{name},{day},{seen}")
            forecasts.append(f"{day},{name},{seen - 3 + wave(n, 5):.1f},{seen + 1.5 * wave(n, 9):.1f}")
        forecasts.append("2024-02-10,X,50,")
        (tmp_path / f"{name}_nws.csv").write_text("\n".join(observed))
        (tmp_path / f"{name}_forecasts.csv").write_text("\n".join(forecasts))
    return tmp_path


def test_a_bias_is_learnt_and_two_are_better_than_one(folder):
    report = evaluate_weather(folder, "2023-06-01")
    assert (report.n_stations, report.n_days) == (2, 2 * 244)
    assert report.crps_model < report.crps_single[report.best_single]
    assert report.diff.high < 0
    assert report.brier_model < report.brier_climatology
    assert set(report.as_json()) >= {
        "n_days", "n_stations", "crps_model", "crps_best_single", "brier_model", "brier_climatology", "diff_ci",
    }  # fmt: skip
    assert "488 days of 2 stations" in report.as_text()


def test_nothing_to_score(folder):
    report = evaluate_weather(folder, "2030-01-01")
    assert report.crps_model is None
    assert "no day" in report.as_text()


def test_folders_and_files_that_are_none(tmp_path, folder):
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        evaluate_weather(folder, "soon")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="no NAME_nws"):
        evaluate_weather(empty, "2023-06-01")
    (folder / "KXHIGHAA_nws.csv").write_text("date,nws_high\nnever,1\n")
    with pytest.raises(InputError, match="KXHIGHAA"):
        evaluate_weather(folder, "2023-06-01")
