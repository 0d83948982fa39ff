"""Runs put together: sessions of one run that go on from each other, and the journal's account."""

import asyncio

import pytest

from cockpit.domain.errors import InputError
from cockpit.evaluation.report import report
from cockpit.evaluation.report_files import as_json, text
from cockpit.evaluation.report_html import page
from cockpit.evaluation.report_runs import JOURNAL, run_journal, run_session
from cockpit.models.match.families import ALL
from cockpit.runtime import replay
from cockpit.runtime.header import make_header
from cockpit.runtime.journal import Journal
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.recorder import Recorder
from cockpit.runtime.session import run
from cockpit.settings.tree import Settings

SETTINGS = Settings().with_lanes(("probe",))


@pytest.fixture
def halves(settled, tmp_path):
    """The same session cut in two before it settles, the second going on from the first's state, as when rotated."""
    whole = settled("whole.jsonl.zst")
    file = SessionFile(whole)
    frames = [frame for batch in file.blocks() for frame in batch if frame.s != "digest"]
    cut = next(i for i, frame in enumerate(frames) if frame.t - frames[0].t > 20_000_000_000)
    paths, engine = [], None
    for name, part in (("a", frames[:cut]), ("b", frames[cut:])):
        opening = engine.opening() if engine is not None else b"null"
        path = tmp_path / f"{name}.jsonl.zst"
        with Recorder(path, make_header(created=part[0].t, settings={}), opening) as recorder:
            for frame in part:
                recorder.write(frame.n, frame.t, frame.s, bytes(frame.d), url=frame.u)
        paths.append(path)
        file = SessionFile(path)
        engine = replay.engine(file, SETTINGS)
        asyncio.run(run(replay.session(file, engine, None), replay.batches(file)))
    return whole, paths


def whole_of(runs):
    made = report(runs)
    return next(each.figures for each in made.lanes if (each.lane, each.family) == ("probe", ALL)), made


def test_sessions_that_go_on_from_each_other_count_once(halves):
    whole, (first, second) = halves
    one, _ = whole_of([run_session(SessionFile(whole), SETTINGS, None, fresh=False)])
    both, made = whole_of(
        [
            run_session(SessionFile(first), SETTINGS, None, fresh=False),
            run_session(SessionFile(second), SETTINGS, None, fresh=True),
        ]
    )
    assert one.orders > 0
    assert one.events == both.events == 1
    for name in ("orders", "filled", "fill_rate", "net", "flat", "fees", "realised", "wins", "win_low"):
        assert getattr(both, name) == getattr(one, name), name
    assert [source.name for source in made.sources] == ["a.jsonl.zst", "b.jsonl.zst"]
    (outcome,) = made.claims["probe"]
    assert outcome[1] == pytest.approx(one.realised)


def test_what_an_opening_holds_stands_in_a_report_of_that_session_alone(halves):
    _, (_, second) = halves
    alone, _ = whole_of([run_session(SessionFile(second), SETTINGS, None, fresh=False)])
    rest, _ = whole_of([run_session(SessionFile(second), SETTINGS, None, fresh=True)])
    assert alone.orders > rest.orders


def test_without_a_trade_stream_only_cross_is_known(wire, write):
    wire.market(0).snapshot(1, {"0.4000": "100.00", "0.3900": "50.00"}, {"0.5800": "80.00"})
    for i in range(20):
        wire.delta(400 * i + 100, "yes", "0.3900", "7.00").delta(400 * i + 200, "yes", "0.3900", "-7.00")
    file = SessionFile(write(wire.frames, capabilities=("no_trades",)))
    figures, _ = whole_of([run_session(file, SETTINGS, None, fresh=False)])
    assert figures.orders > 0
    assert figures.fill_rate == {"cross": 0.0, "tail": None, "fifo": None, "touch": None}


def test_the_journals_account(settled, tmp_path):
    file = SessionFile(settled())
    engine = replay.engine(file, SETTINGS)
    path = tmp_path / "journal.sqlite3"
    with Journal(path) as journal:
        session = replay.session(file, engine, None, listeners=(journal.listen,))
        asyncio.run(run(session, replay.batches(file)))
        journal.commit(engine.opening(), session.frames, session.last_t)
    figures, made = whole_of([run_journal(path, SETTINGS)])
    played, told = whole_of([run_session(file, SETTINGS, None, fresh=False)])
    played_until = told.sources[0].last_ns + 1
    for name in ("orders", "filled", "fill_rate", "net", "flat", "realised", "events", "wins", "markouts"):
        assert getattr(figures, name) == getattr(played, name), name
    assert figures.seconds_to_fill == played.seconds_to_fill
    assert figures.drawdown == 0.0
    assert made.sources[0].name == JOURNAL
    assert any("journal" in each for each in made.not_computed)
    line = as_json(made)["equity"]["probe"]
    assert line[-1][1] == pytest.approx(played.net)
    assert all(0 < when < played_until for when, _ in line)
    assert "P&amp;L" in page(made)
    assert "probe" in text(made)


def test_no_journal_is_said(tmp_path):
    with pytest.raises(InputError, match="no journal"):
        run_journal(tmp_path / "journal.sqlite3", SETTINGS)
    with Journal(tmp_path / "journal.sqlite3"):
        pass
    with pytest.raises(InputError, match="no account"):
        run_journal(tmp_path / "journal.sqlite3", SETTINGS)
