"""Scoring books' closing prices by method."""

import gzip

import pytest

from cockpit.domain.errors import InputError
from cockpit.evaluation.devig import evaluate_devig
from cockpit.models.devig import METHODS

HEADER = "moneyline_home,moneyline_away,score_home,score_away"


@pytest.fixture
def closing(tmp_path):
    """A favourite at -400 against +320 that wins four games of five, and rows that say nothing."""
    rows = [HEADER] + ["-400,320,100,90"] * 80 + ["-400,320,90,100"] * 20
    rows += [",,100,90", "-400,320,,", "-400,320,90,90", "50,320,1,0", "-5000,-5000,1,0"]
    path = tmp_path / "closing.csv.gz"
    path.write_bytes(gzip.compress("\n".join(rows).encode()))
    return path


def test_every_method_on_the_same_games(closing):
    report = evaluate_devig(closing)
    assert (report.n_games, report.passed_over) == (100, 5)
    assert report.margin == pytest.approx(0.8 + 100 / 420 - 1)
    assert set(report.methods) == set(METHODS)
    for score in report.methods.values():
        assert len(score.calibration) == 1
        assert score.calibration[0].observed == 0.8
        assert score.calibration[0].holds
    assert report.methods["multiplicative"].difference.low == 0.0
    told = report.as_json()
    assert told["methods"]["shin"]["calibration"][0]["n"] == 100
    assert "100 games" in report.as_text()


def test_nothing_to_score(tmp_path):
    path = tmp_path / "none.csv"
    path.write_text(f"{HEADER}\n,,1,0\n")
    assert evaluate_devig(path).n_games == 0
    assert "no game" in evaluate_devig(path).as_text()


def test_a_file_without_the_columns(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="no column"):
        evaluate_devig(path)
