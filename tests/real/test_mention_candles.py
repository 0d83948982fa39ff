"""Minute candles of mention markets through the importer, the engine and the screen: the speeches they were."""

import csv
import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from cockpit.app.app import CockpitApp
from cockpit.app.panes.registry import PANES
from cockpit.domain.mentions import SpeechView, Stage
from cockpit.domain.newyork import local
from cockpit.domain.units import PRICE, SECOND
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from cockpit.runtime import replay
from cockpit.runtime.candles import import_candles
from cockpit.runtime.capture import Report
from cockpit.runtime.film import Film
from cockpit.runtime.header import make_header
from cockpit.runtime.reader import SessionFile
from cockpit.settings.tree import Settings

EVERY = 40
"""One minute in so many is looked at."""


class Truth:
    """The candles and their map, read by themselves."""

    def __init__(self, candles: Path, mapped: Path) -> None:
        self.days: dict[str, str] = {}
        self.words: dict[str, dict[str, str]] = defaultdict(dict)
        self.results: dict[str, str] = {}
        for transcript in json.loads(gzip.decompress(mapped.read_bytes())).values():
            for event in transcript["kalshi_events"]:
                name = event["event_ticker"]
                self.days[name] = min(transcript["date"], self.days.get(name, "9999"))
                for each in event["markets"]:
                    self.words[name][each["ticker"]] = each["word"]
                    self.results[each["ticker"]] = each["result"]
        self.minutes: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
        with gzip.open(candles, "rt") as rows:
            for row in csv.DictReader(rows):
                if row["ticker"] in self.results:
                    prices = (100 * int(row["yes_bid_close"]), 100 * int(row["yes_ask_close"]))
                    self.minutes[int(row["end_period_ts"]) * SECOND][row["ticker"]] = prices
        self.rows = sum(map(len, self.minutes.values()))
        self.quoted = {ticker for each in self.minutes.values() for ticker in each}


@pytest.fixture(scope="module")
def found(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, Report, SessionFile]:
    folder = shared / "mentions"
    candles, mapped = (
        folder / "trump_mention_minute_candles_dev.csv.gz",
        folder / "transcript_kalshi_map_dev.json.gz",
    )
    for path in (candles, mapped):
        if not path.is_file():
            pytest.skip(f"no recorded data at {path}")
    out = tmp_path_factory.mktemp("candles") / "words.jsonl.zst"
    report = import_candles([candles], mapped, out, header=make_header(created=0, settings={}))
    return Truth(candles, mapped), report, SessionFile(out)


def tops(speech: SpeechView) -> dict[str, tuple[int, int]]:
    return {line.market: (line.bid, line.ask) for each in speech.phrases for line in each.lines}


def test_every_row_of_the_map_is_taken(found: tuple[Truth, Report, SessionFile]) -> None:
    truth, report, file = found
    assert (report.bad, report.torn) == (0, ())
    assert report.frames == truth.rows + 2 * len(truth.days)
    assert report.unmapped > 0
    assert truth.quoted
    assert file.header.capabilities == ("imported", "no_trades", "polled:kalshi")


def test_the_speeches_of_a_replay(found: tuple[Truth, Report, SessionFile]) -> None:
    """From announced to settled, each on its day with all its phrases, at the rows' prices, paying what the map says."""
    truth, _, file = found
    engine = replay.engine(file, Settings())
    session, watch = replay.session(file, engine, None), Watch(engine)
    stages: dict[str, list[Stage]] = defaultdict(list)
    settled: dict[str, int | None] = {}
    looked = checked = 0

    def look() -> dict[str, SpeechView]:
        speeches = {each.id: each for each in view(engine, watch).schedule.speeches}
        for name, speech in speeches.items():
            stages[name] += [speech.stage] if speech.stage not in stages[name][-1:] else []
        return speeches

    for batch in file.blocks():
        for line in batch:
            session.take(line)
            if line.s in ("candles.listed", "candles.results"):
                speeches = look()
                for name, speech in speeches.items():
                    assert engine.pricer.mentions.speeches[name].speech.day == truth.days[name]
                    assert set(tops(speech)) == truth.words[name].keys()
                    labels = {each.phrase: each.label for each in speech.phrases}
                    assert set(labels.values()) <= {word.strip() for word in truth.words[name].values()}
                settled |= {t: m.settled[1] for t, m in engine.state.markets.items() if m.settled}
            if line.s == "tick" and line.t - SECOND in truth.minutes:
                looked += 1
                if looked % EVERY == 0:
                    shown = {t: top for each in look().values() for t, top in tops(each).items()}
                    said = truth.minutes[line.t - SECOND]
                    assert {ticker: shown[ticker] for ticker in said} == said
                    checked += len(said)
    session.finish()
    assert checked > 200
    assert not session.faults
    assert stages.keys() == truth.days.keys()
    assert truth.quoted <= settled.keys()
    assert settled == {ticker: PRICE * (result == "yes") for ticker, result in truth.results.items()}
    assert all(each[-1] is Stage.SETTLED for each in stages.values())
    first = {
        name: min(t for t, each in truth.minutes.items() if each.keys() & words.keys())
        for name, words in truth.words.items()
    }
    for name, each in stages.items():
        begun = f"{local(first[name]):%Y-%m-%d}"
        assert each[0] is (Stage.ANNOUNCED if begun <= truth.days[name] else Stage.ENDED)
    assert Stage.ANNOUNCED in {each[0] for each in stages.values()}


def test_nothing_is_filled_and_it_repeats(found: tuple[Truth, Report, SessionFile]) -> None:
    """No queue and no size is known at these prices: no lane trades on them."""
    _, _, file = found
    digests = []
    for _ in range(2):
        engine = replay.engine(file, Settings())
        session = replay.session(file, engine, None, approve="all")
        replay.run_quietly(session, replay.batches(file), None)
        digests.append(session.digest)
        assert not any(lane.orders for lane in engine.state.lanes.values())
    assert digests[0] == digests[1]


async def test_the_pane(found: tuple[Truth, Report, SessionFile]) -> None:
    """At 80x24 a recorded minute's event stands open with its phrases and their prices."""
    truth, _, file = found
    t = max(truth.minutes, key=lambda t: len(truth.minutes[t]))
    film = Film(file, Settings(), mode="REPLAY", hindsight=True)
    film.pause()
    film.seek(t + SECOND)
    while film.work():
        pass
    app: Any = CockpitApp(film, theme="dark", fps=0.01)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in (str([each.title for each in PANES].index("Mentions") + 1), "enter"):
            await pilot.press(key)
            await pilot.pause()
        shown = [strip.text for strip in app.screen._compositor.render_strips()]
    (speech,) = film.view().schedule.speeches
    assert any(row.startswith(">") and "no time" in row and "Trump: " in row for row in shown)
    drawn = 0
    for ticker, (bid, ask) in truth.minutes[t].items():
        label = truth.words[speech.id][ticker][:10]
        if 0 < bid < ask < PRICE and any(row[1:].strip().startswith(label) for row in shown):
            price = f" {bid // 100}/{ask // 100} "
            assert any(row[1:].strip().startswith(label) and price in row for row in shown), (label, price)
            drawn += 1
    assert drawn >= 5
    assert all(len(row) <= 80 for row in shown)
