"""Runs put together: sessions of one run that go on from each other, and the journal's account."""

import asyncio
from functools import partial

import msgspec
import pytest

from cockpit.domain.effects import (
    MarketBooked,
    OrderFilled,
    OrderPlaced,
    TicketDecided,
    TicketExpired,
    TicketRaised,
)
from cockpit.domain.errors import InputError
from cockpit.domain.units import ASK, BID, MONEY, QTY
from cockpit.engine.config import DESK, MIRROR
from cockpit.evaluation.report import report
from cockpit.evaluation.report_files import as_json, text
from cockpit.evaluation.report_html import page
from cockpit.evaluation.report_runs import JOURNAL, declined, run_journal, run_session
from cockpit.models.match.families import ALL
from cockpit.runtime import replay
from cockpit.runtime.header import make_header
from cockpit.runtime.journal import Journal
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.recorder import Recorder
from cockpit.runtime.session import run
from cockpit.settings.tree import Settings

SETTINGS = Settings().with_lanes(("probe",))


@pytest.fixture(params=[20, 31, 34], ids=["before", "determined", "final"])
def halves(request, settled, tmp_path):
    """The same session cut in two before or after it settles, the second going on from the first's, as when rotated."""
    whole = settled("whole.jsonl.zst")
    file = SessionFile(whole)
    frames = [frame for batch in file.blocks() for frame in batch if frame.s != "digest"]
    cut = next(i for i, frame in enumerate(frames) if frame.t - frames[0].t > request.param * 1_000_000_000)
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


def test_what_files_of_one_run_tell_is_counted_once_everywhere(halves):
    """By family, by day and against each other too, also where the settlement's last word is in the second file."""
    whole, (first, second) = halves
    one = report([run_session(SessionFile(whole), SETTINGS, None, fresh=False)])
    both = report(
        [
            run_session(SessionFile(first), SETTINGS, None, fresh=False),
            run_session(SessionFile(second), SETTINGS, None, fresh=True),
        ]
    )
    assert [(each.lane, each.family) for each in both.lanes] == [
        (each.lane, each.family) for each in one.lanes
    ]
    for mine, theirs in zip(both.lanes, one.lanes, strict=True):
        for name in ("events", "decided", "wins", "net", "fees", "flat", "realised", "claimed"):
            assert getattr(mine.figures, name) == getattr(theirs.figures, name), (
                mine.lane,
                mine.family,
                name,
            )
    assert both.comparisons == one.comparisons
    assert [(day.lane, day.mean, day.days) for day in both.days] == [
        (day.lane, day.mean, day.days) for day in one.days
    ]
    assert both.claims == one.claims


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


def test_the_journal_tells_what_became_of_what_was_declined(settled, tmp_path):
    """As the mirror lane's orders say: the first was met in part, the second rested, and what polls tell is not counted."""
    market = "KXTEST-26DEC0112-T100"
    file = SessionFile(settled())
    engine = replay.engine(file, SETTINGS)
    asyncio.run(run(replay.session(file, engine, None), replay.batches(file)))
    ticket, order = partial(TicketRaised, 1, DESK), partial(OrderPlaced, 2, MIRROR)
    filled = partial(OrderFilled, 3, MIRROR, rule="tail", cause="queue", gap=False)
    path = tmp_path / "journal.sqlite3"
    with Journal(path) as journal:
        journal.listen(
            [
                ticket("T-1", market, BID, 4_000, 10 * QTY, 99),
                TicketRaised(2, DESK, "T-1", market, BID, 4_100, 10 * QTY, 99, rev=2),
                ticket("T-2", "0xgone", ASK, 6_000, 5 * QTY, 99),
                ticket("T-3", "0xwaits", BID, 6_000, 5 * QTY, 99),
                order("mirror-1", market, BID, 4_100, 10 * QTY, "tail", 2, "T-1"),
                order("mirror-2", "0xgone", ASK, 6_000, 5 * QTY, "tail", 2, "T-2"),
                order("mirror-3", market, BID, 4_100, 10 * QTY, "tail", 2, ""),
                filled("mirror-1", market, BID, 4_100, 4 * QTY, counts=True, fee=700),
                filled("mirror-1", market, BID, 4_100, 6 * QTY, counts=False, fee=700),
                filled("mirror-2", "0xgone", ASK, 6_000, 5 * QTY, counts=True, fee=0),
                filled("mirror-3", market, BID, 4_100, 9 * QTY, counts=True, fee=0),
                MarketBooked(4, MIRROR, "0xgone", "determined", 10_000, 0),
                MarketBooked(5, MIRROR, "0xgone", "amended", 0, 0),
                TicketExpired(9, "T-1"),
                TicketDecided(9, "T-2", "rejected", "hand", 1),
            ]
        )
        journal.commit(engine.opening(), 1, 9)
        one, two, three = declined(journal, engine).values()
        assert (one.price, one.end, one.mirrored, one.filled) == (4_100, "expired", 10 * QTY, 4 * QTY)
        assert one.paid == 4_100 * 4 * QTY + 700
        assert (one.fee, two.fee) == (0.0, None)
        assert (two.end, two.filled, two.paid) == ("rejected", 5 * QTY, -6_000 * 5 * QTY)
        assert (three.end, three.mirrored) == ("waiting", 0)
    (expired, rejected, waiting) = report([run_journal(path, SETTINGS)]).decisions
    assert (expired.end, expired.tickets, expired.fill_rate, expired.events) == ("expired", 1, 0.4, 1)
    assert expired.filled_edge == pytest.approx(1 - 0.41 - 700 / MONEY / 4)
    assert expired.edge == pytest.approx(1 - 0.41)
    assert (rejected.end, rejected.settled, rejected.events, rejected.edge) == ("rejected", 1, 0, None)
    assert rejected.filled_edge == pytest.approx(
        0.6
    )  # of a market long let go: worth, but no event to count it under
    assert (waiting.end, waiting.mirrored, waiting.fill_rate) == ("waiting", 0, None)


def test_what_polled_books_fill_counts_in_no_journal_either(settled, tmp_path):
    file = SessionFile(settled())
    engine = replay.engine(file, SETTINGS)
    asyncio.run(run(replay.session(file, engine, None), replay.batches(file)))
    (market, m) = next(iter(engine.state.markets.items()))
    engine.config = msgspec.structs.replace(engine.config, polled=(m.market.venue,))
    with Journal(tmp_path / "journal.sqlite3") as journal:
        journal.listen(
            [
                TicketRaised(1, DESK, "T-1", market, BID, 4_000, QTY, 99),
                OrderPlaced(2, MIRROR, "mirror-1", market, BID, 4_000, QTY, "cross", 2, "T-1"),
                OrderFilled(3, MIRROR, "mirror-1", market, BID, 4_000, QTY, "cross", "cross", True, False, 0),
            ]
        )
        journal.commit(engine.opening(), 1, 9)
        (one,) = declined(journal, engine).values()
    assert (one.mirrored, one.filled, one.paid) == (QTY, 0, 0)


def test_no_journal_is_said(tmp_path):
    with pytest.raises(InputError, match="no journal"):
        run_journal(tmp_path / "journal.sqlite3", SETTINGS)
    with Journal(tmp_path / "journal.sqlite3"):
        pass
    with pytest.raises(InputError, match="no account"):
        run_journal(tmp_path / "journal.sqlite3", SETTINGS)
