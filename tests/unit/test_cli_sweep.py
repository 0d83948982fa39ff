"""``cockpit sweep`` as a person types it."""

import json

import pytest

from cockpit.cli.main import main


@pytest.fixture
def session(wire, write):
    wire.market(0).snapshot(1, {"0.4000": "100.00", "0.3900": "50.00"}, {"0.5800": "80.00"})
    for i in range(40):
        wire.delta(400 * i + 100, "yes", "0.3900", "7.00").delta(400 * i + 200, "yes", "0.3900", "-7.00")
    wire.trade(16_500, "0.3900", "50.00", "no").market(30_000, status="finalized", result="yes")
    return str(write(wire.frames))


def run(capsys, *argv):
    code = main(argv)
    out, err = capsys.readouterr()
    return code, out, err


def test_a_sweep_and_its_rerun(capsys, session, tmp_path):
    results = tmp_path / "results.jsonl"
    argv = (
        "sweep",
        session,
        session,
        "--strategy",
        "probe",
        "--set",
        "qty=5,20",
        "--workers",
        "1",
        "-o",
        str(results),
    )
    code, out, err = run(capsys, *argv)
    assert code == 0
    assert err == f"3 trials run, 0 were in {results}\n"
    lines = out.splitlines()
    assert lines[0].split() == [
        "parameters",
        "sess",
        "ev",
        "orders",
        "net",
        "$",
        "e",
        "p",
        "adj",
        "DSR",
        "verdict",
    ]
    assert [line.split()[0] for line in lines[1:4]] == ["base", "qty=5", "qty=20"]
    assert lines[2].endswith("cannot tell yet")
    rows = [json.loads(line) for line in results.read_text().splitlines()]
    assert {row["trial"] for row in rows} == {"probe", "probe[qty=5000000]", "probe[qty=20000000]"}
    assert all(row["events"]["KXTEST-26DEC0112"]["net"] > 0 for row in rows)
    code, again, err = run(capsys, *argv, "--json")
    assert (code, err) == (0, f"0 trials run, 3 were in {results}\n")
    assert [line["orders"] for line in json.loads(again)["lines"]] == [8, 8, 8]


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (("--set", "qty=x"), 2, "no number"),
        (("--strategy", "V99"), 2, "V99"),
        (("--executor", "moon"), 2, "--executor"),
    ],
)
def test_what_is_wrong_is_named(capsys, session, tmp_path, change, code, words):
    argv = ["sweep", session, "--strategy", "probe", "-o", str(tmp_path / "out.jsonl"), *change]
    found, out, err = run(capsys, *argv)
    assert (found, out) == (code, "")
    assert words in err


def test_workers_are_counted_from_one(capsys, session):
    with pytest.raises(SystemExit):
        main(["sweep", session, "--strategy", "probe", "--workers", "0", "-o", "x"])
    assert "--workers" in capsys.readouterr().err
