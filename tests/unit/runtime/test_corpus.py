"""The corpus: each occurrence once, all of an import or nothing, and what a run is told of it."""

import sqlite3
import time
from pathlib import Path

import msgspec
import pytest

from cockpit.domain.errors import InputError, OutputError
from cockpit.domain.events import PhrasesTold
from cockpit.domain.mentions import EventShare, Occurrence
from cockpit.feeds.corpus import CorpusFeed
from cockpit.models.mentions.rates import Rates, key, shares_of
from cockpit.runtime.corpus import APPLICATION, Added, Corpus, Row, corpus_path, found
from cockpit.runtime.lookup import MOST, Lookup
from cockpit.runtime.transcripts import Transcript
from cockpit.settings.tree import Settings, read

NOW = 1_796_000_000_000_000_000


def one(phrase: str = "biden", event: str = "E1", *, said: bool = True, day: str = "2026-05-01", speaker: str = "trump") -> Occurrence:  # fmt: skip
    return Occurrence(day, event, speaker, "rally", phrase, said=said)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus(tmp_path / "deep" / "corpus.sqlite3")


def add(corpus: Corpus, *rows: Row | Occurrence, source: str = "a") -> Added:
    with corpus.importing():
        return corpus.add([each if isinstance(each, Row) else Row(each) for each in rows], source, NOW)


def test_the_same_row_counts_once(corpus: Corpus) -> None:
    assert add(corpus, one(), one("oil")) == Added(2, 0, 0)
    assert add(corpus, one(), one("oil", said=False), one("oil", "E2"), source="b") == Added(1, 1, 1)
    rows = corpus.lookup([("trump", "oil")])
    assert rows.occurrences == (one("oil"), one("oil", "E2"))
    assert corpus.totals() == {"listed": 3, "from_transcripts": 0, "events": 2, "transcripts": 0}


def test_a_failed_import_changes_nothing(corpus: Corpus) -> None:
    add(corpus, one())

    def fail() -> None:
        with corpus.importing():
            corpus.add([Row(one("oil"))], "b", NOW)
            corpus.add_transcripts([Transcript("Oil.", "2026-01-02", "trump")], "b", NOW)
            raise InputError("line 7")

    with pytest.raises(InputError, match="line 7"):
        fail()
    assert corpus.totals()["listed"] == 1
    assert corpus.totals()["transcripts"] == 0
    assert add(corpus, one("oil")) == Added(1)


def test_what_is_told_is_what_rates_need(corpus: Corpus) -> None:
    told = [
        one("crypto/bitcoin", said=False), one("crypto", "E2"), one("bitcoin", "E3", day="2026-05-03"),
        one("oil", "E2", said=False), one("crypto", "E4", speaker="vance"), one("biden x5", "E2"), one("biden", "E2"),
    ]  # fmt: skip
    add(corpus, *told)
    phrase = key(["Crypto", "Bitcoin"])
    rows = corpus.lookup([("trump", phrase), ("trump", "biden x5"), ("nobody", "x")])
    assert rows.phrases == (("trump", phrase), ("trump", "biden x5"), ("nobody", "x"))
    own = [each for each in told if each.speaker == "trump"]
    assert set(rows.occurrences) == {each for each in own if each.phrase not in ("oil", "biden")}
    assert sorted(rows.shares, key=lambda each: each.event) == sorted(
        shares_of(own), key=lambda each: each.event
    )
    full, part = Rates(own), Rates(rows.occurrences, rows.shares)
    for each in (phrase, "biden x5"):
        assert part.rate("trump", "rally", each, "2026-06-01") == full.rate(
            "trump", "rally", each, "2026-06-01"
        )


TALK = Transcript("Biden and the immigrants. Oil!", "2026-06-02", "trump", "remarks", "An invented talk")


def test_transcripts_say_what_is_known_for_their_speaker_and_stand_apart(corpus: Corpus) -> None:
    add(
        corpus,
        Row(one("biden"), "Biden"),
        Row(one("immigrant"), "Immigrant"),
        Row(one("biden x2"), "Biden (2+ times)"),
        Row(one("tariff", said=False), "Tariff"),
        Row(one("talk", speaker="vance"), "Talk"),
        Row(one("oils"), "Oils"),
    )
    with corpus.importing():
        assert corpus.add_transcripts([TALK, TALK], "b", NOW) == Added(1, 1)
        assert corpus.derive(NOW) == Added(4)
        assert corpus.derive(NOW) == Added()
    plain = corpus.lookup([("trump", "biden"), ("trump", "tariff")])
    assert {each.event for each in plain.occurrences} == {"E1"}
    assert len(plain.shares) == 1
    more = corpus.lookup(
        [("trump", each) for each in ("biden", "tariff", "immigrant", "biden x2", "oils")], transcripts=True
    )
    own = {each.phrase: each.said for each in more.occurrences if each.event != "E1"}
    assert own == {
        "biden": True,
        "tariff": False,
        "immigrant": True,
        "biden x2": False,
    }  # "oil" for Oils is in doubt
    assert {(each.said, each.n) for each in more.shares if each.event != "E1"} == {(2, 4)}
    (line,) = [each for each in corpus.lines("trump") if each.phrase == "biden"]
    assert line == ("trump", "biden", "Biden", 1, 1, 1, 1)
    assert corpus.totals()["from_transcripts"] == 4


def test_phrases_that_come_later_are_asked_of_transcripts_too(corpus: Corpus) -> None:
    with corpus.importing():
        corpus.add_transcripts([TALK], "b", NOW)
        assert corpus.derive(NOW) == Added()
    add(corpus, Row(one("oil"), "Oil"))
    heard: list[tuple[int, int]] = []
    with corpus.importing():
        assert corpus.derive(NOW, lambda done, of: heard.append((done, of))) == Added(1)
    assert heard == [(1, 1)]


def test_only_its_owner_may_read_it_and_a_reader_writes_nothing(corpus: Corpus) -> None:
    add(corpus, one())
    assert corpus.path.stat().st_mode & 0o777 == 0o600
    with Corpus(corpus.path, read_only=True) as reader:
        assert reader.lookup([("trump", "biden")]).occurrences == (one(),)
        with pytest.raises(InputError, match="cannot be written"), reader.importing():
            reader.add([Row(one("oil"))], "b", NOW)
    add(corpus, one("oil"))


def test_a_reader_beside_a_writer_sees_what_is_committed(corpus: Corpus) -> None:
    add(corpus, one())
    with Corpus(corpus.path, read_only=True) as reader:
        with corpus.importing():
            corpus.add([Row(one("oil"))], "b", NOW)
            assert reader.lookup([("trump", "oil")]).occurrences == ()
        assert reader.lookup([("trump", "oil")]).occurrences == (one("oil"),)


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE t (x)")
    db.close()
    before = other.read_bytes()
    for read_only in (True, False):
        with pytest.raises(InputError, match="not a corpus"):
            Corpus(other, read_only=read_only)
    assert other.read_bytes() == before
    newer = tmp_path / "newer.sqlite3"
    with sqlite3.connect(newer) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute("PRAGMA user_version = 9")
    db.close()
    with pytest.raises(InputError, match="version 9 is newer"):
        Corpus(newer)
    junk = tmp_path / "junk"
    junk.write_bytes(b"no database at all" * 100)
    with pytest.raises(InputError, match="junk"):
        Corpus(junk, read_only=True)
    with pytest.raises(InputError, match="nothing"):
        Corpus(tmp_path / "nothing", read_only=True)
    with pytest.raises(OutputError, match="junk"):
        Corpus(junk / "below")


def test_where_it_lies(tmp_path: Path) -> None:
    assert corpus_path(Settings(), tmp_path) == tmp_path / "default" / "corpus.sqlite3"
    own = read({"mentions": {"corpus": str(tmp_path / "mine")}}, "test")
    assert corpus_path(own) == tmp_path / "mine"
    assert found(own) is None


# ---------------------------------------------------------------------------------------------- for a run


def test_a_run_is_told_frames_that_its_feed_reads(corpus: Corpus) -> None:
    add(corpus, one(), *(one(f"p{i}") for i in range(60)))
    corpus.close()
    lookup = Lookup(read({"mentions": {"corpus": str(corpus.path)}}, "test"))
    assert lookup.frame({("trump", "biden")}, NOW) is None
    lookup.open()
    assert lookup.frame(set(), NOW) is None
    frame = lookup.frame({("trump", "biden")}, NOW)
    assert frame is not None
    assert (frame.s, frame.t) == ("corpus.rows", NOW)
    (told,) = CorpusFeed().receive(frame)
    assert told == PhrasesTold(
        NOW, (("trump", "biden"),), (one(),), (EventShare("2026-05-01", "E1", "trump", "rally", 61, 61),)
    )
    many = lookup.frame({("trump", f"p{i}") for i in range(60)}, NOW)
    assert many is not None
    assert len(msgspec.json.decode(many.d)["phrases"]) == MOST
    lookup.close()
    lookup.close()
    assert lookup.frame({("trump", "biden")}, NOW) is None


def test_a_run_without_a_corpus_or_with_a_bad_one_goes_on(tmp_path: Path, corpus: Corpus) -> None:
    none = Lookup(read({"mentions": {"corpus": str(tmp_path / "none")}}, "test"))
    none.open()
    assert (none.frame({("a", "b")}, NOW), none.trouble) == (None, "")
    junk = tmp_path / "junk"
    junk.write_bytes(b"no database at all" * 100)
    bad = Lookup(read({"mentions": {"corpus": str(junk)}}, "test"))
    bad.open()
    assert bad.frame({("a", "b")}, NOW) is None
    assert bad.trouble.startswith("NO BASE RATES: ")
    lost = Lookup(read({"mentions": {"corpus": str(corpus.path)}}, "test"))
    lost.open()
    corpus._db.execute("DROP TABLE parts")
    assert lost.frame({("a", "b")}, NOW) is None
    assert "cannot be read" in lost.trouble


def test_looking_up_fifty_phrases_takes_a_moment(corpus: Corpus) -> None:
    rows = [Row(one(f"p{i % 300}", f"E{i // 30}", said=i % 3 == 0)) for i in range(20_000)]
    add(corpus, *rows)
    wanted = [("trump", f"p{i}") for i in range(50)]
    best = 1.0
    for _ in range(3):
        started = time.perf_counter()
        rows_told = corpus.lookup(wanted)
        best = min(best, time.perf_counter() - started)
    assert len(rows_told.occurrences) > 3_000
    assert best < 0.25  # a tenth of it on an idle machine
