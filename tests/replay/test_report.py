"""The report of the bundled demo: the same numbers as the Lab pane's view, family by family, in every form."""

import asyncio
import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cockpit.domain.units import MONEY, SECOND
from cockpit.engine.metrics import Markout
from cockpit.engine.queue import RULES
from cockpit.engine.views.lab import lanes
from cockpit.engine.views.versions import versions
from cockpit.evaluation.calibration import decided
from cockpit.evaluation.report import POINTS, report
from cockpit.evaluation.report_files import as_json, tables, text
from cockpit.evaluation.report_html import page
from cockpit.evaluation.report_runs import run_journal, run_session
from cockpit.models.match.families import ALL
from cockpit.runtime import replay
from cockpit.runtime.journal import Journal
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import run
from cockpit.settings.tree import Settings

DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo-seed22.jsonl.zst"


@pytest.fixture(scope="module")
def raw():
    return run_session(SessionFile(DEMO), Settings(), None, fresh=False)


@pytest.fixture(scope="module")
def made(raw):
    return report([raw])


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where the journal of the plain replay is."""
    return tmp_path_factory.mktemp("journal") / "journal.sqlite3"


@pytest.fixture(scope="module")
def pane(kept):
    """What the Lab pane would show at the end of the same session, by a plain replay, of which a journal is kept."""
    file = SessionFile(DEMO)
    engine = replay.engine(file, Settings())
    with Journal(kept) as journal:
        journal.begin(engine.opening())
        session = replay.session(file, engine, None, listeners=(journal.listen,))
        asyncio.run(run(session, replay.batches(file)))
        journal.commit(engine.opening(), session.frames, session.last_t)
    return session.digest, lanes(engine), versions(engine), engine


def test_every_figure_is_the_panes_to_the_last_digit(made, pane):
    digest, views, _, _ = pane
    assert made.sources[0].digest == digest
    whole = {each.lane: each.figures for each in made.lanes if each.family == ALL}
    assert list(whole) == [view.name for view in views]
    assert sum(view.events for view in views) > 10
    for view in views:
        f = whole[view.name]
        assert (f.orders, f.filled, f.events) == (view.accepted, view.orders_filled, view.events)
        assert (f.claimed, f.realised, f.slope) == (view.claimed, view.realised, view.slope)
        assert tuple(f.fill_rate.values()) == view.filled
        assert tuple(f.markouts.values())[:3] == view.markouts
        assert (f.net, f.flat, f.fees) == (view.net / MONEY, view.flat / MONEY, view.fees / MONEY)
        assert list(f.by_rule.values()) == [None if net is None else net / MONEY for net in view.by_rule]
        assert (f.wins, f.win_low, f.win_high) == (view.win.wins, view.win.low, view.win.high)
        assert f.break_even == view.win.break_even
        assert (f.average_win, f.average_loss) == (
            view.win.average_win / MONEY,
            view.win.average_loss / MONEY,
        )
        assert f.verdict == view.verdict == "cannot tell yet"
        waits = view.waits
        assert (f.seconds_to_fill, *f.filled_by.values()) == (waits.median_s, waits.by_10s, waits.by_60s)
        assert (waits.n, waits.filled) == (view.accepted, view.orders_filled)
        kinds = {
            each.family: each.figures for each in made.lanes if each.lane == view.name and each.family != ALL
        }
        for part in view.families:
            assert (kinds[part.family].net, kinds[part.family].events) == (part.net / MONEY, part.events)
        assert sum(part.net for part in view.families) == view.net


def test_lanes_against_each_other_are_the_panes(made, pane):
    _, _, found, _ = pane
    assert made.comparisons == list(found)
    assert len(found) == 7
    assert any(each.n > 2 and each.takes for each in found)


def test_families_add_up_to_the_whole(raw):
    names = {lane for lane, _ in raw.cells}
    for lane in names:
        whole = raw.cells[lane, ALL]
        parts = [cell for (owner, family), cell in raw.cells.items() if owner == lane and family != ALL]
        assert sum(cell.orders for cell in parts) == whole.orders
        assert sum(cell.filled for cell in parts) == whole.filled
        assert sum(cell.accepted_qty for cell in parts) == whole.accepted_qty
        assert sum(cell.net for cell in parts) == whole.net
        assert sum(cell.fees for cell in parts) == whole.fees
        assert sum(cell.flat_fees for cell in parts) == whole.flat_fees
        for i in range(len(RULES)):
            assert sum(cell.qty_filled[i] for cell in parts) == whole.qty_filled[i]
        for i in range(3):
            marks = [cell.markouts[i] for cell in parts]
            added = Markout(*(sum(getattr(m, f) for m in marks) for f in ("total", "qty", "n", "missing")))
            assert added == whole.markouts[i]
        outcomes = [o for cell in parts for o in cell.outcomes]
        assert sorted(outcomes, key=repr) == sorted(whole.outcomes, key=repr)
        assert len(whole.times) == whole.orders


def test_equity_ends_where_the_lane_does(made):
    for each in made.lanes:
        line = made.equity.get(each.lane, [])
        if each.family == ALL and each.figures.orders and line:
            assert line[-1][1] == each.figures.net
            assert len(line) <= POINTS + 1
            assert each.figures.drawdown is not None
            assert each.figures.drawdown >= 0


def test_what_was_declined_is_scored_and_pairs_are_apart(made):
    ends = {each.end: each for each in made.decisions}
    assert {"expired", "withdrawn"} <= set(ends)
    assert ends["expired"].settled <= ends["expired"].tickets
    assert ends["expired"].edge is not None
    assert {each.verdict for each in made.decisions} == {"cannot tell yet"}
    assert made.spreads.average is not None
    assert sum(made.spreads.cents.values()) <= made.spreads.pair_seconds


def test_comparisons_ask_the_right_questions(made):
    asked = {each.question for each in made.comparisons}
    assert asked == {"version", "what choice added", "what delay cost"}
    versions = {each.b: each.a for each in made.comparisons if each.question == "version"}
    assert versions == {
        "V11": "V15", "V14": "V15", "homeUnderdog+P": "homeUnderdog", "favoriteFade+P": "favoriteFade",
        "lateGameLeader+P": "lateGameLeader",
    }  # fmt: skip
    assert all(each.verdict == "cannot tell yet" for each in made.comparisons)
    assert all(each.adjusted >= each.p for each in made.comparisons)
    assert all("collecting" in each.missing for each in made.comparisons)
    assert any(each.takes for each in made.comparisons)


def test_one_day_has_no_interval(made):
    settled = {each.lane: each.figures for each in made.lanes if each.family == ALL and each.figures.events}
    assert [each.lane for each in made.days] == list(settled)
    for each in made.days:
        assert (each.days, each.low, each.high) == (1, None, None)
        assert len(made.claims[each.lane]) == settled[each.lane].events


def test_calibration_is_one_observation_an_event(raw, made):
    keys = [(each.cluster, each.ahead) for each in raw.calibration]
    assert len(keys) == len(set(keys)) > 0
    whole = next(each for each in made.calibration if each.family == ALL)
    assert whole.n == sum(1 for each in raw.calibration if each.ahead == whole.ahead)
    assert whole.verdict == "cannot tell yet"


class Tags(HTMLParser):
    """Every tag and attribute."""

    def __init__(self):
        super().__init__()
        self.tags, self.words = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.words += [value or "" for _, value in attrs]


def test_the_page_needs_nothing_but_itself(made):
    html = page(made)
    tags = Tags()
    tags.feed(html)
    assert not {"script", "link", "img", "iframe", "object"} & set(tags.tags)
    assert not re.search(r"https?:|url\(|@import", html)
    assert "prefers-color-scheme:dark" in html
    assert html.count("<figure>") == 7
    assert "nothing to show yet" not in html
    assert "cannot tell yet" in html
    assert "Synthetic:" in html
    for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        assert "nan" not in svg
        ElementTree.fromstring(svg)


def test_json_and_csv_hold_the_same_numbers(made):
    plain = json.loads(json.dumps(as_json(made)))
    files = {name: list(csv.DictReader(io.StringIO(rows))) for name, rows in tables(made).items()}
    assert len(files["lanes.csv"]) == len(plain["lanes"])
    for row, each in zip(files["lanes.csv"], plain["lanes"], strict=True):
        figures = each["figures"]
        assert (row["lane"], row["family"]) == (each["lane"], each["family"])
        for name in ("net", "flat", "realised", "slope", "win_low", "drawdown"):
            assert (float(row[name]) if row[name] else None) == figures[name]
        assert (float(row["fill_rate_fifo"]) if row["fill_rate_fifo"] else None) == figures["fill_rate"][
            "fifo"
        ]
        assert (float(row["markouts_60s"]) if row["markouts_60s"] else None) == figures["markouts"]["60 s"]
    assert len(files["equity.csv"]) == sum(len(line) for line in plain["equity"].values())
    assert len(files["calibration.csv"]) == len(plain["calibration"])
    assert len(files["reliability.csv"]) == sum(len(found) for found in plain["reliability"].values())
    assert {row["verdict"] for row in files["comparisons.csv"]} == {"cannot tell yet"}


def test_a_few_lines_for_people(made):
    out = text(made)
    assert out.endswith("7 questions asked: cannot tell yet")
    assert max(map(len, out.splitlines())) <= 80


def test_what_was_declined_is_followed_by_the_mirror(made):
    mirrored = [each for each in made.decisions if each.mirrored]
    assert mirrored
    for each in mirrored:
        assert each.mirrored <= each.tickets
        assert 0.0 <= each.fill_rate <= 1.0
    assert any(each.filled_edge is not None for each in mirrored)


def test_the_journal_says_the_same_of_what_was_declined(made, pane, kept):
    assert pane
    assert report([run_journal(kept, Settings())]).decisions == made.decisions


def test_horizons_count_to_what_decides(pane):
    """A game's start, a speech's, a temperature's midnight (standard time, so 5 h after UTC's), else the close."""
    *_, engine = pane
    pricer, counted = engine.pricer, set()
    for ticker, m in engine.state.markets.items():
        if game := pricer.games.of(ticker):
            assert decided(engine, ticker) == game[0].game.start_ns
            counted.add("game")
        elif speech := pricer.mentions.of(ticker):
            assert decided(engine, ticker) == speech.start_ns
            counted.add("speech")
        elif ticker in pricer.weather.terms:
            assert decided(engine, ticker) // SECOND % 86_400 == 5 * 3_600
            counted.add("weather")
        else:
            assert decided(engine, ticker) == m.market.close_ns
    assert counted == {"game", "speech", "weather"}
