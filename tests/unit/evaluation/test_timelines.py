"""Invented score timelines and odds files: what is read, how scorers' slips are taken, what is refused."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.errors import InputError
from cockpit.evaluation.timelines import games, odds, settled

HEADER = "game,date,away,home,evt,period,clock,home_score,away_score,etype,desc"
ODDS_HEADER = (
    "date,away,home,whos_favored,spread,moneyline_away,moneyline_home,score_away,score_home,"
    "q1_home,q2_home,q3_home,q4_home,q1_away,q2_away,q3_away,q4_away"
)


def play(clock, home, away, period=1, game="20300105-NYKGSW"):
    return f"{game},20300105,NYK,GSW,7,{period},{clock},{home},{away},1,invented"


def write(path, *rows, header=HEADER):
    path.write_text("\n".join((header, *rows)) + "\n")
    return path


@pytest.fixture
def timeline(tmp_path):
    return lambda *rows, header=HEADER: write(tmp_path / "t.csv", *rows, header=header)


def test_a_game_by_the_clock(timeline):
    path = timeline(
        play("12:00", 0, 0), play("11:00", 2, 0), play("00:30.5", 2, 3), play("10:00", 5, 3, period=2),
        play("00:00.0", 9, 8, period=4),
    )  # fmt: skip
    (game,) = games(path)
    assert game.key == ("2030-01-05", "NYK", "GSW")
    assert game.played == (0.0, 60.0, 689.5, 840.0, 2880.0)
    assert game.leads == (0, 2, -1, 2, 1)
    assert (game.end, game.margin) == (2880.0, 1)
    assert [(m.left, m.lead) for m in game.each(720)] == [(2880, 0), (2160, -1), (1440, 2), (720, 2)]
    assert len(game.each(120)) == 24
    assert not any(m.overtime for m in game.each(120))


def test_overtimes_are_sampled_by_their_own_clocks(timeline):
    path = timeline(
        play("00:00", 90, 90, period=4), play("05:00", 90, 90, period=5), play("00:00", 98, 98, period=5),
        play("04:00", 98, 100, period=6), play("00:00", 101, 104, period=6),
    )  # fmt: skip
    (game,) = games(path)
    assert (game.end, game.margin) == (3480.0, -3)
    late = [(m.left, m.lead) for m in game.each(120) if m.overtime]
    assert late == [(300, 0), (180, 0), (60, 0), (240, -2), (120, -2)]


@pytest.mark.parametrize(
    "rows",
    [
        (play("04:19", 50, 40, period=2),),
        (play("00:00", 90, 90, period=4),),
        (play("00:07", 90, 80, period=4),),
        (play("00:00", 99, 90, period=3),),
        (play("00:00", 99, 99, period=5),),
        (play("", "", ""),),
    ],
)
def test_games_without_their_end_have_no_margin(timeline, rows):
    (game,) = games(timeline(*rows))
    assert game.margin == 0


def test_a_game_that_closes_with_its_last_play_has_ended(timeline):
    (game,) = games(timeline(play("00:02.2", 90, 80, period=4)))
    assert game.margin == 10


def test_blank_rows_and_repeated_headers_are_passed_over(timeline):
    path = timeline(
        play("12:00", 0, 0),
        "",
        ",,,,,,,,,,",
        HEADER,
        play("05:00", "", 3),
        play("", 4, 3),
        play("04:00", 2, 0),
    )
    (game,) = games(path)
    assert game.leads == (0, 2)


def test_rows_out_of_order_and_scores_that_step_back(timeline):
    path = timeline(
        play("12:00", 0, 0), play("11:00", 2, 0), play("10:30", 40, 33), play("10:00", 2, 3), play("10:01", 2, 0),
        play("09:00", 4, 3), play("08:50", 4, 3), play("08:30", 2, 3), play("08:00", 4, 5),
    )  # fmt: skip
    (game,) = games(path)
    assert list(game.played) == sorted(game.played)
    assert game.leads == (0, 2, 2, 2, -1, 1, 1, 1, -1)


def test_a_header_alone_is_a_file_of_no_games(timeline):
    assert games(timeline()) == []


def test_compressed_and_marked_files_read_the_same(tmp_path, timeline):
    text = timeline(play("12:00", 0, 0), play("00:00", 9, 8, period=4)).read_bytes()
    zipped = tmp_path / "t.csv.gz"
    zipped.write_bytes(gzip.compress(b"\xef\xbb\xbf" + text))
    assert games(zipped) == games(tmp_path / "t.csv")


@given(st.lists(st.integers(0, 30), max_size=40))
def test_settled_scores_never_fall_and_are_scores_of_the_table(scores):
    out = settled(scores)
    assert len(out) == len(scores)
    assert out == sorted(out)
    assert set(out) <= set(scores)


@given(st.lists(st.integers(0, 30), max_size=40).map(sorted), st.data())
def test_one_slip_is_repaired(scores, data):
    if len(scores) < 3:
        return
    i = data.draw(st.integers(1, len(scores) - 2))
    slipped = [*scores[:i], 99, *scores[i:]]
    assert settled(slipped) == [*scores[:i], scores[i - 1], *scores[i:]]
    assert settled(scores) == scores


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (play("12:00", "two", 0), "home_score 'two'"),
        (play("12:00", -2, 0), "home_score '-2'"),
        (play("13:00", 2, 0), "clock '13:00'"),
        (play("06:00", 2, 0, period=5), "clock '06:00'"),
        (play("noon", 2, 0), "clock 'noon'"),
        (play("12:00", 2, 0, period=0), "period 0"),
        (play("12:00", 2, 0, period=99), "period 99"),
        (play("12:00", 2, 0, game="other").replace(",20300105", ",5 Jan"), "date '5 Jan'"),
        (play("12:00", 2, 0, game="other").replace("NYK", "SEA"), "team 'SEA'"),
        ("20300105-NYKGSW,20300105", "2 fields, expected 11"),
    ],
)
def test_a_bad_row_is_named(timeline, row, why):
    path = timeline(play("12:00", 0, 0), row)
    with pytest.raises(InputError) as error:
        games(path)
    assert f"{path}: line 3: " in str(error.value)
    assert why in str(error.value)


def test_a_file_that_is_no_timeline_is_refused(tmp_path, timeline):
    with pytest.raises(InputError, match=r"line 1: no column .*home_score"):
        games(timeline("1,2", header="a,b"))
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(InputError, match="line 1: no column game"):
        games(tmp_path / "empty.csv")
    with pytest.raises(InputError, match=r"none\.csv.*No such file"):
        games(tmp_path / "none.csv")


def test_a_torn_or_foreign_file_is_refused(tmp_path, timeline):
    text = timeline(*(play("12:00", 0, 0) for _ in range(5_000))).read_bytes()
    torn = tmp_path / "torn.csv.gz"
    torn.write_bytes(gzip.compress(text, mtime=0)[:-20])
    with pytest.raises(InputError, match=r"torn\.csv\.gz: line \d+"):
        games(torn)
    for name, content in (("damaged.csv.gz", b"\x1f\x8b\x08\x00junk" * 9), ("latin.csv", b"game,\xff\xfe\n")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=f"{name}: line 1"):
            games(tmp_path / name)
    with pytest.raises(InputError, match="directory"):
        games(tmp_path)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 7), st.sampled_from(["", "0", "-1", "12:00", "x", '"', ",", "\0", "\n", "９"])
        ),
        max_size=8,
    )
)
def test_spoilt_rows_are_read_or_refused(tmp_path_factory, changes):
    cells = ["20300105-NYKGSW", "20300105", "NYK", "GSW", "4", "00:00", "101", "100"]
    for i, text in changes:
        cells[i] = text
    path = tmp_path_factory.mktemp("spoilt") / "t.csv"
    path.write_text("game,date,away,home,period,clock,home_score,away_score\n" + ",".join(cells) + "\n")
    try:
        found = games(path)
    except InputError as error:
        assert str(error).startswith(f"{path}: line ")  # noqa: PT017  either outcome is right
    else:
        assert len(found) <= 1


def test_halves_are_the_same_everywhere(timeline):
    """CRC-32 of the name, not Python's hash."""
    found = games(timeline(*(play("12:00", 0, 0, game=f"203001{i:02}-NYKGSW") for i in range(1, 9))))
    assert [game.even for game in found] == [True, False, False, True, True, False, False, False]


def priced(**values):
    row = {
        "date": "2030-01-05", "away": "ny", "home": "gs", "whos_favored": "home", "spread": "6.5",
        "moneyline_away": "200", "moneyline_home": "-250", "score_away": "101", "score_home": "104",
        "q1_home": "30", "q2_home": "20", "q3_home": "25", "q4_home": "26",
        "q1_away": "25", "q2_away": "27", "q3_away": "25", "q4_away": "24",
    }  # fmt: skip
    return ",".join({**row, **values}.values())


def lines(tmp_path, *rows):
    return odds(write(tmp_path / "o.csv", *rows, header=ODDS_HEADER))


def test_lines_by_the_codes_of_the_timelines(tmp_path):
    known = lines(tmp_path, priced(), priced(away="utah", home="wsh", whos_favored="away", moneyline_home=""))
    first, second = known["2030-01-05", "NYK", "GSW"], known["2030-01-05", "UTA", "WAS"]
    assert (first.spread, second.spread) == (-6.5, 6.5)
    assert first.moneyline == pytest.approx((250 / 350 - 100 / 300 + 1) / 2)
    assert second.moneyline is None
    assert first.quarters == (5, -2, -2, 0)
    assert first.margin == 3


def test_other_spellings_of_teams_and_dates(tmp_path, timeline):
    row = play("12:00", 0, 0).replace("20300105,NYK,GSW", "2030-01-05,NY,GS")
    assert games(timeline(row))[0].key == ("2030-01-05", "NYK", "GSW")
    assert list(lines(tmp_path, priced(away="nyk", home="gsw"))) == [("2030-01-05", "NYK", "GSW")]


def test_what_a_line_may_lack(tmp_path):
    (line,) = lines(tmp_path, priced(spread="", moneyline_home="", q3_away="", score_home="")).values()
    assert (line.spread, line.moneyline, line.quarters, line.margin) == (None, None, (), None)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"home": "sea"}, "team 'sea'"),
        ({"spread": "pk"}, "spread 'pk'"),
        ({"spread": "nan"}, "spread 'nan'"),
        ({"whos_favored": "nobody"}, "whos_favored 'nobody'"),
        ({"moneyline_home": "evens"}, "moneyline_home 'evens'"),
        ({"q1_home": "1.5"}, "q1_home '1.5'"),
    ],
)
def test_a_bad_line_is_named(tmp_path, values, why):
    with pytest.raises(InputError, match="line 3") as error:
        lines(tmp_path, priced(), priced(**values))
    assert why in str(error.value)
