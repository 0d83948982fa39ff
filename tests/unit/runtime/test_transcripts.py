"""Transcripts: what their files say of them, who speaks, and what was said."""

import json
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.errors import InputError
from cockpit.models.mentions.counting import KALSHI, Outcome, Passage, count, outcome
from cockpit.runtime import transcripts
from cockpit.runtime.transcripts import Heard, Transcript, asked, files_of, parse, passages, spoken_by


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("President Trump", "trump"),
        ("Donald Trump", "trump"),
        ("Kash Patel", "kash patel"),
        ("QUESTION", "question"),
    ],
)
def test_speakers_are_named_as_markets_name_them(name: str, want: str) -> None:
    assert spoken_by(name) == want


@pytest.mark.parametrize(
    ("label", "want"),
    [
        ("Crypto / Bitcoin", (["Crypto", "Bitcoin"], 1)), ("Biden (5+ times)", (["Biden"], 5)), ("biden x5", (["biden"], 5)),
        ("Biden 10+ times", (["Biden"], 10)), ("Wall (3+)", (["Wall"], 3)), ("F-35", (["F-35"], 1)), ("6-7", (["6-7"], 1)),
        ("Space X", (["Space X"], 1)), (" / ", ([], 1)), ("at least 3 times Oil", (["Oil"], 3)),
    ],
)  # fmt: skip
def test_labels(label: str, want: tuple[list[str], int]) -> None:
    assert asked(label) == want


def test_text_with_a_head() -> None:
    text = "Speaker: Kash Patel\nDate: 2026-01-02\nTitle: A hearing\n=====\n\nHello.\nDate: not this"
    told = parse("somewhere/x.txt", b"\xef\xbb\xbf" + text.encode())
    assert told == Transcript("\nHello.\nDate: not this", "2026-01-02", "kash patel", "hearing", "A hearing")


def test_text_without_a_head_is_named_by_its_file() -> None:
    told = parse("2026-01-02_invented_rally_in_a_town.txt", b"Look: it is\nso.")
    assert told == Transcript("Look: it is\nso.", "2026-01-02", "", "rally", "invented rally in a town")
    assert parse("20260230_x.txt", b"x") == Transcript("x", "", "", "remarks", "x")


def test_json() -> None:
    body = {
        "text": "Hi",
        "date": "2026-01-02T10:00",
        "speaker": "Trump",
        "kind": "Speech",
        "title": "T",
        "more": 1,
    }
    assert parse("a.json", json.dumps(body).encode()) == Transcript(
        "Hi", "2026-01-02", "trump", "speech", "T"
    )
    assert parse("a.json", b"[]") is None
    assert parse("a.json", b'{"text":5}') is None
    with pytest.raises(InputError, match=r"a\.json.*no day"):
        parse("a.json", b'{"text":"x","date":"soon"}')
    with pytest.raises(InputError, match=r"a\.json.*2026-02-30"):
        parse("a.json", b'{"text":"x","date":"2026-02-30"}')
    with pytest.raises(InputError, match=r"b\.txt"):
        parse("b.txt", b"\xff\xfe")


def test_who_speaks() -> None:
    text = "Invented Hall\nPresident Trump: We like golf.\nAnd this: eggs.\nQuestion: Is oil up?\nDonald Trump (on stage): No."
    told = passages(Transcript(text, speaker="trump"))
    assert told == [
        Passage("Invented Hall", ""),
        Passage("We like golf.\nAnd this: eggs.", "trump"),
        Passage("Is oil up?", "question"),
        Passage("No.", "trump"),
    ]
    heard = Heard(Transcript(text, speaker="trump"))
    assert [heard.outcome([word]) for word in ("golf", "oil", "hall")] == [
        Outcome.YES,
        Outcome.NO,
        Outcome.AMBIGUOUS,
    ]


def test_where_nobody_is_named_all_is_the_speaker_s() -> None:
    text = "Look: eggs.\nQuestion: oil?"
    assert passages(Transcript(text, speaker="trump")) == [Passage(text, "trump")]


WORDS = [
    "border",
    "borders",
    "border's",
    "oil",
    "stock",
    "market",
    "markets",
    "6th",
    "6",
    "tax",
    "taxes",
    "ice-cold",
    "ICE",
]
TALK = st.lists(st.sampled_from([*WORDS, ".", "\n", "the", "Question:"]), max_size=40).map(" ".join)
LABELS = st.lists(
    st.sampled_from(["border", "oil", "stock market", "6", "taxes", "tax", "ice", "market stock"]),
    min_size=1,
    max_size=3,
)


@given(TALK, LABELS, st.integers(1, 3))
def test_the_quick_way_and_the_slow_way_agree(text: str, phrases: list[str], least: int) -> None:
    told = Transcript(text, speaker="trump")
    slow = outcome(count(passages(told), phrases, KALSHI, "trump"), least)
    assert Heard(told).outcome(phrases, least) is slow


def test_folders_and_tars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "talks"
    (folder / "deep").mkdir(parents=True)
    (folder / "b.txt").write_text("b")
    (folder / "deep" / "a.json").write_text("{}")
    (folder / "picture.png").write_text("x")
    with tarfile.open(tmp_path / "talks.tar.xz", "w:xz") as tar:
        tar.add(folder, "talks")
    assert [data for _, data in files_of(folder)] == [b"b", b"{}"]
    named = dict(files_of(tmp_path / "talks.tar.xz"))
    assert sorted(name.rpartition(":")[2] for name in named) == ["talks/b.txt", "talks/deep/a.json"]
    assert [data for _, data in files_of(folder / "b.txt")] == [b"b"]
    monkeypatch.setattr(transcripts, "MOST", 1)
    for path in (folder, tmp_path / "talks.tar.xz"):
        with pytest.raises(InputError, match="more than 1 files"):
            list(files_of(path))
    monkeypatch.setattr(transcripts, "LARGEST", 0)
    with pytest.raises(InputError, match="too long"):
        list(files_of(folder / "b.txt"))


def test_what_is_no_tar_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.tar.xz"
    path.write_bytes(b"no tar")
    with pytest.raises(InputError, match=r"x\.tar\.xz"):
        list(files_of(path))
    with pytest.raises(InputError, match=r"y\.txt"):
        list(files_of(tmp_path / "y.txt"))
