"""``cockpit corpus`` as a person types it."""

import json
import sqlite3
import tarfile
from pathlib import Path
from typing import Any

import pytest

from cockpit.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "examples" / "corpus-sample.jsonl"


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    return str(tmp_path / "corpus.sqlite3")


def run(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    code = main(["corpus", *map(str, argv)])
    out, err = capsys.readouterr()
    return code, out, err


def market(word: str, result: str) -> dict[str, Any]:
    return {"ticker": f"KXTRUMPMENTION-1-{word[:4]}", "word": word, "result": result, "volume": 5}


def mapped(path: Path) -> Path:
    event = {
        "event_ticker": "KXTRUMPMENTION-1",
        "title": "What will Trump say during his rally?",
        "markets": [market("Biden", "yes"), market("Crypto / Bitcoin", "no"), market("Odd", "void")],
    }
    path.write_text(json.dumps({"a.txt": {"date": "2026-05-01", "kalshi_events": [event]}}))
    return path


def test_the_sample_is_imported_once_and_shown(capsys: pytest.CaptureFixture[str], corpus: str) -> None:
    code, out, err = run(capsys, "import", "--corpus", corpus, SAMPLE)
    assert (code, out) == (0, "")
    assert "800 new, 0 known" in err
    assert "800 occurrences of 40 events, 0 transcripts" in err
    _, _, err = run(capsys, "import", "--corpus", corpus, SAMPLE)
    assert "0 new, 800 known" in err
    code, out, _ = run(capsys, "show", "--corpus", corpus)
    lines = out.splitlines()
    assert len(lines) == 24
    assert all(len(line) <= 80 for line in lines)
    assert any(line.split() == ["trump", "Crypto", "/", "Bitcoin", "4/34", "0.12"] for line in lines)


def test_one_phrase_with_its_rate_and_its_past(capsys: pytest.CaptureFixture[str], corpus: str) -> None:
    run(capsys, "import", "--corpus", corpus, SAMPLE)
    code, out, _ = run(capsys, "show", "--corpus", corpus, "Bitcoin", "--speaker", "President Trump")
    assert code == 0
    head, *past = out.splitlines()
    assert head.startswith("trump, Bitcoin: 0.")
    assert "said at 4 of 34 events" in head
    assert len(past) == 34
    assert past == sorted(past, key=lambda line: line[:12], reverse=True)
    _, out, _ = run(capsys, "show", "--corpus", corpus, "Biden (5+ times)", "--json")
    told = json.loads(out)
    assert told["phrase"] == "biden x5"
    (one,) = told["speakers"]
    assert (one["said"], one["n"], len(one["past"])) == (7, 30, 30)
    assert 0.0 < one["rate"] < one["prior"]
    code, out, err = run(capsys, "show", "--corpus", corpus, "Nothing of the kind")
    assert (code, out) == (0, "")
    assert "nothing is known" in err


def test_the_sample_is_what_its_script_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    import make_corpus

    make_corpus.write(tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == SAMPLE.read_bytes()


def test_every_kind_of_file_at_once(capsys: pytest.CaptureFixture[str], corpus: str, tmp_path: Path) -> None:
    talks = tmp_path / "talks"
    talks.mkdir()
    (talks / "2026-05-02_a_rally.txt").write_text("Biden and bitcoin.")
    (talks / "2026-05-03_other.json").write_text(json.dumps({"text": "Nothing.", "speaker": "Trump"}))
    (talks / "undated.txt").write_text("Biden.")
    with tarfile.open(tmp_path / "talks.tar.xz", "w:xz") as tar:
        tar.add(talks, "talks")
    single = tmp_path / "one.json"
    single.write_text(json.dumps({"text": "Crypto!", "date": "2026-05-04", "speaker": "Donald Trump"}))
    code, _, err = run(
        capsys, "import", "--corpus", corpus, "--speaker", "trump", mapped(tmp_path / "map.json"), talks,
        tmp_path / "talks.tar.xz", single,
    )  # fmt: skip
    assert code == 0, err
    assert "map.json: 2 new" in err
    assert "talks: 2 new, 0 known" in err
    assert "talks.tar.xz: 0 new, 2 known" in err
    assert "passed over: 1 files" in err
    assert "no day (--day)" in err
    assert "from transcripts: 6 new" in err
    assert "mentions.transcripts" in err
    _, out, _ = run(capsys, "show", "--corpus", corpus, "Crypto", "--json")
    (one,) = json.loads(out)["speakers"]
    assert (one["said"], one["n"], one["transcripts_said"], one["transcripts"]) == (0, 1, 2, 3)
    _, out, _ = run(capsys, "show", "--corpus", corpus, "--json")
    told = json.loads(out)
    assert (told["listed"], told["from_transcripts"], told["transcripts"]) == (2, 6, 3)


def test_a_session_s_own_settled_markets(
    capsys: pytest.CaptureFixture[str],
    corpus: str,
    tmp_path: Path,
    wire: Any,
    write: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for word, result in (("Biden", "yes"), ("Crypto / Bitcoin", "no")):
        wire.ticker = f"KXTRUMPMENTION-26DEC15-{word[:4].upper()}"
        said = {
            "title": "What will Trump say during his rally?",
            "yes_sub_title": word,
            "custom_strike": {"Word": word},
        }
        wire.market(0, status="active", **said)
        wire.market(100, status="finalized", result=result, settlement_value_dollars="1.0000" if result == "yes" else "0.0000", **said)  # fmt: skip
    session = write(wire.frames)
    code, _, err = run(capsys, "import", "--corpus", corpus, session)
    assert code == 0, err
    assert "2 new" in err
    _, out, _ = run(capsys, "show", "--corpus", corpus)
    assert [line.split()[-2:] for line in out.splitlines()] == [["1/1", "1.00"], ["0/1", "0.00"]]
    invented = write(wire.frames, "synthetic.jsonl.zst", ["synthetic"])
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    code, _, err = run(capsys, "import", invented)
    assert (code, "what is said in it is invented" in err) == (3, True)
    assert run(capsys, "import", "--corpus", corpus, invented)[0] == 0


def test_a_bad_file_leaves_the_corpus_as_it_was(
    capsys: pytest.CaptureFixture[str], corpus: str, tmp_path: Path
) -> None:
    run(capsys, "import", "--corpus", corpus, mapped(tmp_path / "map.json"))
    bad = tmp_path / "bad.jsonl"
    bad.write_text(SAMPLE.read_text() + "nonsense\n")
    code, out, err = run(capsys, "import", "--corpus", corpus, SAMPLE, bad)
    assert (code, out) == (3, "")
    assert "bad.jsonl: line 801" in err
    with sqlite3.connect(corpus) as db:
        assert db.execute("SELECT count(*) FROM occurrences").fetchone() == (2,)
    db.close()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.json", "{", "a.json"), ("a.json", '{"x":{"date":"2026-13-01","kalshi_events":[]}}', "a.json"),
        ("a.csv", "x", "by its name"), ("a.txt", "Biden.", "no speaker (--speaker) and no day (--day)"),
        ("a.zst", "x", "a.zst"), ("2026-01-02_a.txt", " ", "nothing is said"), ("missing.jsonl", None, "no such file"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_used_are_3(
    capsys: pytest.CaptureFixture[str], corpus: str, tmp_path: Path, name: str, content: str | None, why: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    code, out, err = run(capsys, "import", "--corpus", corpus, tmp_path / name)
    assert (code, out) == (3, "")
    assert why in err
    assert not list(tmp_path.glob("corpus.sqlite3*"))


def test_a_day_must_be_one_and_a_corpus_must_be_there(
    capsys: pytest.CaptureFixture[str], corpus: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("x")
    assert run(capsys, "import", "--corpus", corpus, "--day", "2026-1-2", tmp_path / "a.txt")[0] == 3
    code, _, err = run(capsys, "show", "--corpus", tmp_path / "none")
    assert code == 3
    assert "there is no corpus yet" in err


def test_without_a_place_it_lies_beside_the_journal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    run(capsys, "import", mapped(tmp_path / "map.json"))
    assert (tmp_path / "cockpit" / "default" / "corpus.sqlite3").exists()
    assert "Biden" in run(capsys, "show")[1]


@pytest.mark.parametrize(
    ("phrase", "more", "want"),
    [
        ("Border", [], "YES  2 for sure, 0 in doubt, 1 asked for by trump"),
        ("Border (3+ times)", [], "NO  2 for sure"),
        ("Oil / Gas", [], "NO  0 for sure"),
        ("Fire", [], "NO  0 for sure"),
        ("Fire", ["--rules", "polymarket"], "YES  1 for sure"),
        ("Taxes", [], "AMBIGUOUS  0 for sure, 1 in doubt"),
        ("Oil", ["--speaker", "question"], "YES  1 for sure, 0 in doubt, 1 asked for by question"),
    ],
)
def test_counting(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, phrase: str, more: list[str], want: str
) -> None:
    path = tmp_path / "talk.txt"
    path.write_text(
        "Speaker: Donald Trump\n\nPresident Trump: The border. A firetruck, a tax.\nQuestion: Oil?\nDonald Trump: Borders!"
    )
    code, out, _ = run(capsys, "count", path, "--phrase", phrase, *more)
    assert code == 0
    assert out.startswith(want)
    _, out, _ = run(capsys, "count", path, "--phrase", phrase, "--json", *more)
    assert json.loads(out)["outcome"] == want.split(maxsplit=1)[0].lower()


def test_counting_needs_a_word_and_a_transcript(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("x")
    assert run(capsys, "count", path, "--phrase", " / ")[0] == 3
    assert run(capsys, "count", tmp_path, "--phrase", "x")[0] == 3
    assert run(capsys, "count", tmp_path / "none.txt", "--phrase", "x")[0] == 3
    (tmp_path / "a.json").write_text("[]")
    assert run(capsys, "count", tmp_path / "a.json", "--phrase", "x")[0] == 3
