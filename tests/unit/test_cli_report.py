"""``cockpit report`` as a person types it."""

import json

import pytest

from cockpit.cli.main import main


@pytest.fixture
def session(wire, write):
    wire.market(0).snapshot(1, {"0.4000": "100.00", "0.3900": "50.00"}, {"0.5800": "80.00"})
    for i in range(40):
        wire.delta(400 * i + 100, "yes", "0.3900", "7.00").delta(400 * i + 200, "yes", "0.3900", "-7.00")
    wire.trade(16_500, "0.3900", "50.00", "no").market(30_000, status="finalized", result="yes")
    return str(write(wire.frames, settings={"lab": {"lanes": ["probe"]}}))


def run(capsys, *argv):
    code = main(argv)
    out, err = capsys.readouterr()
    return code, out, err


def test_every_form_at_once(capsys, session, tmp_path):
    page, folder = tmp_path / "page.html", tmp_path / "tables"
    code, out, err = run(
        capsys, "report", session, session, "--json", "--html", str(page), "--csv", str(folder)
    )
    made = json.loads(out)
    assert (code, err, len(made["sources"])) == (0, "", 1)
    figures = next(each["figures"] for each in made["lanes"] if each["lane"] == "probe")
    assert (figures["orders"], figures["events"], figures["verdict"]) == (8, 1, "cannot tell yet")
    assert figures["net"] > 0
    assert page.read_text().startswith("<!doctype html>")
    assert (folder / "lanes.csv").read_text().startswith("lane,strategy,family,orders")
    assert len(list(folder.iterdir())) == 10


def test_for_people(capsys, session):
    code, out, _ = run(capsys, "report", session)
    assert code == 0
    assert out.splitlines()[1].startswith("probe")


@pytest.mark.parametrize("more", [(), ("--journal",)])
def test_sessions_or_the_journal(capsys, session, more):
    argv = ["report", *([session] if more else []), *more]
    code, out, err = run(capsys, *argv)
    assert (code, out) == (2, "")
    assert "give sessions, or --journal" in err


def test_a_profile_without_a_journal(capsys):
    code, _, err = run(capsys, "report", "--journal")
    assert code == 3
    assert "no journal" in err


def test_what_cannot_be_written_is_said(capsys, session, tmp_path):
    code, _, err = run(capsys, "report", session, "--html", str(tmp_path / "nowhere" / "page.html"))
    assert code == 2
    assert "nowhere" in err
    (tmp_path / "file").write_text("")
    code, _, err = run(capsys, "report", session, "--csv", str(tmp_path / "file"))
    assert code == 2
    assert "file" in err
