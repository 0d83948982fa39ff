"""Scoring of win probabilities on an invented league whose law is known."""

import json
import math

import numpy as np
import pytest

from cockpit.cli.main import main
from cockpit.domain.errors import InputError
from cockpit.evaluation.nba import bins, evaluate_nba
from cockpit.evaluation.nba_fit import fitted, played, quarters, states
from cockpit.evaluation.nba_fit import main as fit_main
from cockpit.evaluation.timelines import games, odds
from cockpit.models.teams import TEAMS

HEADER = "game,date,away,home,period,clock,home_score,away_score"
ODDS_HEADER = "date,away,home,whos_favored,spread,moneyline_away,moneyline_home"
KEYS = {
    "n_games", "n_states", "logloss", "logloss_ci", "brier", "logloss_stern", "logloss_diff_ci", "lead10_5min",
    "calibration", "logloss_stern_best", "logloss_diff_best_ci",
}  # fmt: skip
CODES = [team.code for team in TEAMS["nba"]]


def names(n):
    """Games two a day: (name, date, away, home)."""
    for i in range(n):
        date = np.datetime64("2030-01-01") + i // 2
        away, home = CODES[(2 * i) % 30], CODES[(2 * i + 1) % 30]
        day = str(date).replace("-", "")
        yield f"{day}-{away}{home}", str(date), away, home


def season(folder, n=60, seed=4, noise=6.2):
    """A timeline and an odds file: each two minutes both sides score by chance, the favourite more."""
    rng = np.random.default_rng(seed)
    plays, lines = [HEADER], [ODDS_HEADER]
    for name, date, away, home in names(n):
        spread = round(float(rng.normal(2.5, 6.0)) * 2) / 2
        score, per, side = [0, 0], spread / 24, "home" if spread >= 0 else "away"
        for step in range(24):
            period, left = step // 6 + 1, 720 - step % 6 * 120
            score = [
                score[0] + int(rng.poisson(noise + per / 2)),
                score[1] + int(rng.poisson(noise - per / 2)),
            ]
            left -= 120
            if step == 23 and score[0] == score[1]:
                score[0] += 1
            clock = f"{left // 60:02}:{left % 60:02}"
            row = f"{name},{date.replace('-', '')},{away},{home},{period},{clock},{score[0]},{score[1]}"
            plays.append(row)
        codes = [team.espn.lower() for code in (away, home) for team in TEAMS["nba"] if team.code == code]
        lines.append(f"{date},{codes[0]},{codes[1]},{side},{abs(spread)},,")
    paths = folder / "t.csv", folder / "o.csv"
    for path, rows in zip(paths, (plays, lines), strict=True):
        path.write_text("\n".join(rows) + "\n")
    return paths


@pytest.fixture(scope="module")
def league(tmp_path_factory):
    return season(tmp_path_factory.mktemp("league"))


@pytest.fixture(scope="module")
def report(league):
    return evaluate_nba(*league)


def test_every_game_is_scored_each_two_minutes(report):
    assert report.n_games == 60
    assert report.n_states == 60 * 24
    assert report.lined == 60
    assert report.unfinished == []
    assert sum(each.n for each in report.calibration) == 60 * 24


def test_scores_of_a_known_league(report):
    assert 0.2 < report.logloss.mean < math.log(2)
    assert report.logloss.low < report.logloss.mean < report.logloss.high
    assert 0.0 < report.brier < 0.25
    assert report.difference.mean == pytest.approx(report.logloss.mean - report.stern)
    assert report.best_difference.mean == pytest.approx(report.logloss.mean - report.best)


def test_a_line_helps(league, report):
    blind = evaluate_nba(league[0])
    assert blind.lined == 0
    assert blind.logloss.mean > report.logloss.mean + 0.02


def test_the_machine_form(report):
    told = json.loads(json.dumps(report.as_json()))
    assert set(told) == KEYS
    assert told["lead10_5min"] == report.lead10
    assert len(told["logloss_ci"]) == len(told["logloss_diff_ci"]) == 2
    for row in told["calibration"]:
        assert set(row) == {"from", "to", "n", "n_games", "p", "observed", "ci"}
        assert row["from"] <= row["p"] <= row["to"]
        assert row["ci"][0] <= row["observed"] <= row["ci"][1]


def test_the_text_form_fits_a_screen(report):
    text = report.as_text()
    assert "60 games scored at 1,440 states, 60 with a line" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_run_repeats(league, report):
    assert evaluate_nba(*league) == report


def test_too_few_games_leave_the_baseline_as_it_is(tmp_path):
    few = evaluate_nba(*season(tmp_path, n=6))
    assert few.n_games == 6
    assert set(few.stern_sigmas) == set(few.best_sigmas) == {13.6}


def test_nothing_to_score(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(f"{HEADER}\n20300101-NYKGSW,20300101,NYK,GSW,2,04:19,50,40\n")
    report = evaluate_nba(path)
    assert (report.n_games, report.unfinished) == (0, ["20300101-NYKGSW"])
    told = report.as_json()
    assert told["logloss"] is None
    assert told["calibration"] == []
    assert "-" in report.as_text()


def test_bins_hold_what_falls_in_them():
    found = bins([0.05, 0.62, 0.68, 0.65, 1.0], [0.0, 1.0, 1.0, 0.0, 1.0], ["a", "b", "b", "c", "d"])
    assert [(each.low, each.n, each.games) for each in found] == [(0.0, 1, 1), (0.6, 3, 2), (0.9, 1, 1)]
    middle = found[1]
    assert middle.p == pytest.approx(0.65)
    assert middle.observed == pytest.approx(2 / 3)
    assert middle.holds


def test_one_game_told_often_is_one_trial():
    once = bins([0.55, 0.55], [1.0, 0.0], ["a", "b"])[0]
    often = bins([0.55] * 40, [1.0] * 20 + [0.0] * 20, ["a"] * 20 + ["b"] * 20)[0]
    assert often.interval == pytest.approx(once.interval)
    apart = bins([0.55] * 40, [1.0] * 20 + [0.0] * 20, [f"g{i}" for i in range(40)])[0]
    assert apart.interval[1] - apart.interval[0] < 0.6 * (once.interval[1] - once.interval[0])


def test_the_command(capsys, league):
    timeline, lines = map(str, league)
    assert main(["evaluate", "nba", timeline, "--odds", lines, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["n_games"] == 60
    assert err == ""
    assert main(["evaluate", "nba", timeline]) == 0
    assert "0 with a line" in capsys.readouterr().out


def test_the_command_says_what_it_left_out(capsys, tmp_path, league):
    path = tmp_path / "t.csv"
    path.write_text(league[0].read_text() + "20310101-NYKGSW,20310101,NYK,GSW,2,04:19,50,40\n")
    assert main(["evaluate", "nba", str(path)]) == 0
    assert "20310101-NYKGSW" in capsys.readouterr().err


def test_the_command_names_what_it_cannot_read(capsys, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(f"{HEADER}\n20300101-NYKGSW,20300101,NYK,GSW,2,04:19,fifty,40\n")
    assert main(["evaluate", "nba", str(path)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{path}: line 2: home_score 'fifty'" in err


FIT_HEADER = (
    "date,away,home,whos_favored,spread,moneyline_away,moneyline_home,score_away,score_home,"
    + ",".join(f"q{i}_{side}" for i in (1, 2, 3, 4) for side in ("home", "away"))
)


@pytest.fixture(scope="module")
def quartered(tmp_path_factory):
    """Quarter scores of 900 games of a plain motion: sigma 12, no floor, drift as the spread says."""
    rng = np.random.default_rng(8)
    rows = [FIT_HEADER]
    for i in range(900):
        date = np.datetime64("2029-01-01") + i // 15
        codes = [TEAMS["nba"][(2 * i + side) % 30].espn.lower() for side in (0, 1)]
        spread = round(float(rng.normal(2.5, 6.0)) * 2) / 2
        gains = [round(float(rng.normal(spread / 4, 6.0))) for _ in range(4)]
        extra = int(rng.choice((-4, 4))) if sum(gains) == 0 else 0
        side = "home" if spread >= 0 else "away"
        price = round(100 * math.exp(abs(spread) / 7))
        money = (
            ("0", "0")
            if not spread
            else (str(price), str(-price))
            if spread > 0
            else (str(-price), str(price))
        )
        quarters = [str(each) for gain in gains for each in (30 + max(gain, 0), 30 - min(gain, 0))]
        margin = sum(gains) + extra
        rows.append(
            ",".join([str(date), *codes, side, str(abs(spread)), *money, "100", str(100 + margin), *quarters])
        )
    path = tmp_path_factory.mktemp("fit") / "o.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def test_a_fit_finds_the_motion_it_is_given(league, quartered):
    lined, blind = fitted(games(league[0]), odds(quartered))
    ratio = lined.sigma / lined.line
    assert ratio == pytest.approx(12.0, abs=1.5)
    assert abs(lined.beta) < 0.35
    assert lined.n == 900
    assert all(lined.covariance[i][i] > 0 for i in range(4))
    assert lined.home == pytest.approx(2.5, abs=0.7)
    assert lined.line_error > 0
    assert blind.line_error == 0
    data = states(quarters(list(odds(quartered).values())))
    assert data.losses(lined).mean() < data.losses(blind).mean()


def test_play_by_play_gives_the_end_of_games(league):
    rows = played(games(league[0]), odds(league[1]))
    assert {row[1] for row in rows} == {600, 480, 360, 240, 120, 90, 60, 45, 30, 15}
    assert len(rows) == 60 * 10


def test_the_fit_prints_both_halves(capsys, league, quartered):
    fit_main([str(league[0]), str(quartered)])
    out = capsys.readouterr().out
    assert out.count("even half: Parameters") == out.count("odd half: Parameters") == 2


def test_a_fit_needs_quarter_scores(league):
    with pytest.raises(InputError, match="no quarter scores"):
        fitted(games(league[0]), odds(league[1]))
