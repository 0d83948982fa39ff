"""Closing lines of 13 seasons, calibrated once the margin is out."""

from cockpit.evaluation.devig import evaluate_devig


def test_closing_lines_are_calibrated(shared):
    report = evaluate_devig(shared / "nba" / "nba_odds_2008_2020.csv.gz")
    assert report.n_games > 16_000
    for name in ("multiplicative", "additive", "shin"):
        assert all(each.holds for each in report.methods[name].calibration), name
