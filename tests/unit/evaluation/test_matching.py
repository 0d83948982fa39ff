"""Labelled pairs: what is counted, and what is said of a file that cannot be read."""

import gzip
import json

import pytest

from cockpit.cli.main import main
from cockpit.domain.errors import InputError
from cockpit.evaluation.matching import evaluate_matching

SEAT = {
    "kalshi_id": "KXHOUSERACE-OH09-28-D",
    "polymarket_id": "0x1",
    "kalshi_title": "Will Democratic win the House race for OH-09?",
    "polymarket_title": "Will the Democratic Party win the OH-09 House seat in 2028?",
    "label": "true_match",
    "polarity": "aligned",
}
YEAR = SEAT | {
    "kalshi_id": "KXYEAR-28",
    "kalshi_title": "Will Acme end 2028 down?",
    "polymarket_title": "Will Acme end 2028 up?",
}


def written(tmp_path, *rows, name="labels.jsonl"):
    path = tmp_path / name
    text = "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def test_counts(tmp_path):
    rows = (
        SEAT,
        YEAR | {"polarity": "inverted"},
        SEAT | {"polymarket_title": "Will the Democratic Party win the OH-06 House seat in 2028?"},
        SEAT | {"label": "false_match", "polarity": "unknown"},
        SEAT | {"label": "false_match", "polymarket_title": "Will it rain in Sydney in 2028?"},
        "",
    )
    report = evaluate_matching(written(tmp_path, *rows))
    counts = report.as_json()
    assert counts.pop("seconds") >= 0
    assert counts == {
        "n": 5,
        "accepted": 3,
        "precision": pytest.approx(2 / 3),
        "recall": pytest.approx(2 / 3),
        "polarity_errors": 0,
        "refused": 2,
    }
    assert "called identical" in report.as_text()
    assert "another subject" in report.as_text()


def test_a_side_taken_wrongly_is_an_error(tmp_path):
    report = evaluate_matching(written(tmp_path, YEAR, SEAT | {"polarity": "inverted"}))
    assert (report.accepted, report.polarity_errors) == (2, 2)


def test_nothing_accepted_has_no_precision(tmp_path):
    row = SEAT | {"label": "false_match", "polymarket_title": "Will it rain in Sydney in 2028?"}
    counts = evaluate_matching(written(tmp_path, row)).as_json()
    assert (counts["precision"], counts["recall"]) == (None, None)


def test_closing_times_and_compressed_files(tmp_path):
    bare = SEAT | {"polymarket_title": "Will the Democratic Party win the OH-09 House seat?"}
    timed = bare | {"polymarket_close_time": "2028-11-07T00:00:00Z", "kalshi_rules": None}
    report = evaluate_matching(written(tmp_path, bare, timed, name="labels.jsonl.gz"))
    assert report.accepted == 1
    assert "polymarket does not state the period" in report.missed[0]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "line 2"),
        ("[]", "line 2"),
        (json.dumps({"label": "true_match"}), "kalshi_id"),
        (SEAT | {"label": "maybe"}, "'maybe'"),
        (SEAT | {"kalshi_close_time": "soon"}, "soon"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path, line, why):
    path = written(tmp_path, SEAT, line)
    with pytest.raises(InputError) as raised:
        evaluate_matching(path)
    assert str(raised.value).startswith(f"{path}: line 2: ")
    assert why in str(raised.value)


def test_a_file_that_is_not_there_or_torn_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.jsonl: No such file"):
        evaluate_matching(tmp_path / "none.jsonl")
    torn = written(tmp_path, *[SEAT] * 50, name="torn.jsonl.gz")
    torn.write_bytes(torn.read_bytes()[:-20])
    with pytest.raises(InputError, match=r"torn\.jsonl\.gz: "):
        evaluate_matching(torn)


def test_the_command(tmp_path, capsys):
    path = written(tmp_path, SEAT)
    assert main(["evaluate", "matching", str(path), "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["n"], counts["accepted"], counts["precision"], counts["recall"]) == (1, 1, 1.0, 1.0)
    assert main(["evaluate", "matching", str(path)]) == 0
    assert "precision" in capsys.readouterr().out
    assert main(["evaluate", "matching", str(tmp_path / "none.jsonl")]) == 3
    assert "none.jsonl" in capsys.readouterr().err
