"""Win probabilities on recorded NBA timelines with closing lines."""

import pytest

from cockpit.evaluation.nba import ODD, evaluate_nba
from cockpit.evaluation.nba_fit import fitted
from cockpit.evaluation.timelines import games, odds
from cockpit.models.nba import FITTED, UNLINED


@pytest.fixture(scope="module")
def paths(shared):
    found = sorted((shared / "nba").glob("nba_score_timeline_*.csv.gz"))
    lines = sorted((shared / "nba").glob("nba_odds_*.csv.gz"))
    if not found or not lines:
        pytest.skip("the recorded NBA timelines and lines are not beside this checkout (nba)")
    return found[0], lines[0]


@pytest.fixture(scope="module")
def known(paths):
    return games(paths[0]), odds(paths[1])


@pytest.fixture(scope="module")
def report(paths):
    return evaluate_nba(*paths)


def test_scores_agree_with_the_odds_file(known):
    found, lines = known
    finished = [game for game in found if game.margin]
    assert len(finished) >= 200
    for game in finished:
        line = lines[game.key]
        assert game.margin == line.margin
        assert [game.at(720.0 * i - 0.01).lead for i in (1, 2, 3)] == pytest.approx(line.quarters[:3], abs=3)


def test_enough_was_scored(report):
    assert report.n_games >= 200
    assert report.lined == report.n_games
    assert report.n_states > 5_000


def test_the_model_beats_the_plain_motion(report):
    assert report.logloss.mean < report.stern
    assert report.logloss.mean < report.best + 0.005


def test_the_log_loss_is_what_the_moments_of_a_game_allow(report):
    """The line alone has 0.62 at the tip of these games; the mean over a game cannot be far below this."""
    assert report.logloss.mean < 0.485
    assert report.brier < 0.165


def test_ten_up_with_five_minutes_left(report):
    assert 0.95 <= report.lead10 <= 0.975


def test_calibration(report):
    """Nine in ten of independent bins would hold; these share their games."""
    assert sum(each.holds for each in report.calibration) >= len(report.calibration) - 2


def test_the_numbers_in_use_are_what_the_fit_gives(known):
    for even, told in ((True, (FITTED, UNLINED)), (False, ODD)):
        for found, stored in zip(fitted(*known, even=even), told, strict=True):
            for name, error in zip(
                ("sigma", "beta", "floor", "line"), (0.05, 0.005, 0.05, 0.01), strict=True
            ):
                assert getattr(found, name) == pytest.approx(getattr(stored, name), abs=error)
            assert found.overtime == pytest.approx(stored.overtime, abs=0.01)
