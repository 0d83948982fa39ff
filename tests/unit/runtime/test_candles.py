"""Minute candles and their map into a session: what is told when, and what is passed over."""

import csv
import gzip
import io
import json
from datetime import datetime
from typing import Any

import pytest

from cockpit.cli.main import main
from cockpit.domain.book import EMPTY_BID
from cockpit.domain.errors import OutputError, SessionError
from cockpit.domain.events import EventListed, MarketListed, MarketSettled, Quote
from cockpit.domain.mentions import Stage
from cockpit.domain.units import PRICE, SECOND
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from cockpit.runtime import replay
from cockpit.runtime.candles import import_candles
from cockpit.runtime.capture import BAD, TICK
from cockpit.runtime.header import make_header
from cockpit.runtime.reader import SessionFile
from cockpit.settings.tree import Settings

NAME = "KXTRUMPMENTION-26MAR04"
CRYPTO, TARIFF = f"{NAME}-CRY", f"{NAME}-TAR"
HEAD = "ticker,end_period_ts,yes_bid_close,yes_ask_close,volume"


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


NOON = at("2026-03-04T12:00-05:00")
MIDNIGHT = at("2026-03-05T00:00-05:00")


def event(**fields: Any) -> dict[str, Any]:
    markets = [
        {"ticker": CRYPTO, "word": "Crypto / Bitcoin", "result": "yes", "status": "finalized"},
        {"ticker": TARIFF, "word": "Tariff", "result": "no", "status": "finalized"},
    ]
    usual = {
        "event_ticker": NAME,
        "title": "What will Trump say during his rally in Ohio?",
        "markets": markets,
    }
    return usual | fields


def transcripts(**events: Any) -> dict[str, Any]:
    found = {"one": [event()]} | events
    return {name: {"date": "2026-03-04", "kalshi_events": each} for name, each in found.items()}


def rows(*told: tuple[Any, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(told)
    return f"{HEAD}\n{text.getvalue()}"


@pytest.fixture
def load(tmp_path):
    def made(text, mapped=None, **options):
        candles, known = tmp_path / "candles.csv.gz", tmp_path / "map.json"
        candles.write_bytes(gzip.compress(text.encode()))
        known.write_text(json.dumps(transcripts() if mapped is None else mapped, indent=1))
        out, header = tmp_path / "out.jsonl.zst", make_header(created=0, settings={})
        report = import_candles([candles], known, out, header=header, **options)
        file = SessionFile(out)
        return report, file, [line for block in file.blocks() for line in block]

    return made


def test_what_is_told_when(load):
    """Rows go by their minutes, an event is listed with its first, and results wait for the end of its day."""
    report, file, lines = load(
        rows((CRYPTO, NOON + 60, 41, 44, 7), (TARIFF, NOON, 90, 92, ""), (CRYPTO, NOON, 40, 44, ""))
    )
    assert [(line.s, line.t // SECOND) for line in lines if line.s != TICK] == [
        ("candles.listed", NOON), ("candles.minutes", NOON), ("candles.minutes", NOON),
        ("candles.minutes", NOON + 60), ("candles.results", MIDNIGHT),
    ]  # fmt: skip
    assert b"yes" not in bytes(lines[0].d)
    assert json.loads(bytes(lines[1].d)) == {
        "ticker": TARIFF, "end_period_ts": str(NOON), "yes_bid_close": "90", "yes_ask_close": "92", "volume": "",
    }  # fmt: skip
    assert (report.frames, report.ticks, report.unmapped, report.bad) == (5, 3, 0, 0)
    assert report.capabilities == file.header.capabilities == ("imported", "no_trades", "polled:kalshi")
    kinds = [type(each) for each in replay.events(file)]
    assert kinds == [
        EventListed,
        MarketListed,
        MarketListed,
        Quote,
        Quote,
        Quote,
        MarketSettled,
        MarketSettled,
    ]


def test_an_event_that_goes_on_past_its_day_settles_after_its_last_minute(load):
    _, _, lines = load(rows((CRYPTO, MIDNIGHT + 3_600, 41, 44, "")))
    assert [line.t // SECOND for line in lines if line.s == "candles.results"] == [MIDNIGHT + 3_660]


def test_an_event_of_several_transcripts_is_listed_once(load):
    more = [event(markets=[{"ticker": f"{NAME}-GOLD", "word": "Gold", "result": ""}, event()["markets"][0]])]
    _, file, _ = load(rows((CRYPTO, NOON, 41, 44, "")), transcripts(two=more))
    listed = [each.market.ticker for each in replay.events(file) if isinstance(each, MarketListed)]
    assert listed == [CRYPTO, TARIFF, f"{NAME}-GOLD"]
    assert [each.ticker for each in replay.events(file) if isinstance(each, MarketSettled)] == [
        CRYPTO,
        TARIFF,
    ]


def test_what_is_not_on_the_map_is_passed_over(load):
    quiet = event(event_ticker="KXTRUMPMENTION-26MAR05", markets=[])
    report, file, _ = load(
        rows((CRYPTO, NOON, 41, 44, ""), ("KXOTHER-1", NOON, 1, 2, "")), transcripts(two=[quiet])
    )
    assert (report.frames, report.unmapped) == (3, 1)
    assert sum(isinstance(each, EventListed) for each in replay.events(file)) == 1


def test_lines_without_a_row_are_kept_and_counted(load):
    broken = f"{HEAD}\n{CRYPTO},soon,1,2,\n{CRYPTO},{NOON},41,44,\n{CRYPTO},{NOON}\n"
    report, _, lines = load(broken)
    assert report.bad == 2
    assert ":2: " in report.first_bad
    assert [line.t // SECOND for line in lines if line.s == BAD] == [NOON, NOON]
    assert report.first_t // SECOND == NOON


@pytest.mark.parametrize(
    ("text", "mapped", "told"),
    [
        ("", None, "the heading lacks"),
        ("ticker,price\nA,1\n", None, "the heading lacks end_period_ts"),
        (rows(("KXOTHER-1", NOON, 1, 2, "")), None, "no minute of a market of"),
        (rows((CRYPTO, NOON, 1, 2, "")), [], "no map of mention events"),
        (rows((CRYPTO, NOON, 1, 2, "")), {"one": {"date": "soon", "kalshi_events": []}}, "no map of mention"),
    ],
)
def test_inputs_that_are_none(load, text, mapped, told):
    with pytest.raises(SessionError, match=told):
        load(text, mapped)


def test_an_output_that_exists_is_kept(load):
    text = rows((CRYPTO, NOON, 41, 44, ""))
    load(text)
    with pytest.raises(OutputError):
        load(text)
    load(text, overwrite=True)


def test_the_speech_of_a_replay(load):
    """Announced with its prices while its day lasts, settled by its results once it is over."""
    _, file, lines = load(rows((CRYPTO, NOON, 41, 44, ""), (TARIFF, NOON + 60, 0, 3, "")))
    engine = replay.engine(file, Settings())
    session, watch = replay.session(file, engine, None), Watch(engine)
    for line in lines[:-2]:
        session.take(line)
    (speech,) = view(engine, watch).schedule.speeches
    assert (speech.stage, speech.start_ns, speech.venues) == (Stage.ANNOUNCED, 0, ("K",))
    crypto, tariff = speech.phrases
    assert [(each.label, each.lines[0].bid, each.lines[0].ask) for each in (crypto, tariff)] == [
        ("Crypto / Bitcoin", 4_100, 4_400),
        ("Tariff", EMPTY_BID, 300),
    ]
    for line in lines[-2:]:
        session.take(line)
    (speech,) = view(engine, watch).schedule.speeches
    assert speech.stage is Stage.SETTLED
    assert [each.settled for each in speech.phrases] == ["yes", "no"]
    assert {ticker: m.settled[1] for ticker, m in engine.state.markets.items()} == {CRYPTO: PRICE, TARIFF: 0}
    assert not session.faults


def test_the_command(capsys, load, tmp_path):
    load(rows((CRYPTO, NOON, 41, 44, ""), ("KXOTHER-1", NOON, 1, 2, "")))
    out = tmp_path / "again.jsonl.zst"
    argv = ["import", str(tmp_path / "candles.csv.gz"), "--map", str(tmp_path / "map.json"), "-o", str(out)]
    assert main(argv) == 0
    told = capsys.readouterr().err
    assert "1 minutes are of markets the map does not have" in told
    assert "3 frames" in told
    assert SessionFile(out).header.capabilities[-1] == "polled:kalshi"
