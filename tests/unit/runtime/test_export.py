import json
import resource
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from cockpit.domain.errors import FeedError, InputError, OutputError
from cockpit.domain.events import BookDelta, BookSnapshot, Event, FeedUp, SpotTick, Trade
from cockpit.feeds.base import Frame, Request, payload
from cockpit.runtime import export
from cockpit.runtime.export import export_jsonl, export_parquet
from cockpit.runtime.header import make_header
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.recorder import Recorder

T0 = 1_790_000_000_000_000_000


class Letters:
    """A feed of one-letter frames: each letter is one event, "!" is nonsense."""

    name = "letters"

    def __init__(self) -> None:
        self.census = Counter[str]()

    def requests(self) -> list[Request]:
        return []

    def outgoing(self) -> list[bytes]:
        return []

    def receive(self, frame: Frame) -> Sequence[Event]:
        events: dict[str, Event] = {
            "d": BookDelta(ts=frame.t, ex=5, market="M", side=-1, price=4_700, qty=-3_000_000),
            "s": BookSnapshot(ts=frame.t, ex=6, market="M", bids=((4_600, 10), (4_500, 20)), asks=()),
            "t": Trade(ts=frame.t, ex=7, market="M", price=4_700, qty=1, taker=1, id="a", block=True),
            "p": SpotTick(
                ts=frame.t, ex=8, source="coinbase", symbol="BTC-USD", price=9, qty=2, taker=-1, bid=8, ask=10
            ),
            "u": FeedUp(ts=frame.t, feed="letters"),
        }
        text = bytes(payload(frame)).decode()
        if "!" in text:
            raise FeedError(text)
        return [events[letter] for letter in text]


@pytest.fixture
def session(tmp_path: Path) -> SessionFile:
    path = tmp_path / "s.jsonl.zst"
    with Recorder(path, make_header(created=T0, settings={"a": 1}), b"{}") as recorder:
        recorder.write(1, T0, "letters.ws", b"ds")
        recorder.write(2, T0 + 1, "letters.ws", b"d!")
        recorder.write(3, T0 + 2, "letters.rest", b"tup", "/x", 200, {"ETag": "e"})
        recorder.digest(4, T0 + 3, "ab", 3)
        recorder.write(5, T0 + 4, "other.ws", b'{ "not":"read" }')
        recorder.write(6, T0 + 5, "other.ws", b"\xff")
    return SessionFile(path)


def test_a_plain_copy_is_the_same_lines(session: SessionFile, tmp_path: Path) -> None:
    out = tmp_path / "copy.jsonl"
    assert export_jsonl(session, out) == 8
    rows = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert [row["s"] for row in rows[:3]] == ["header", "opening", "letters.ws"]
    assert out.read_bytes() == b"".join(session.texts())
    copy = SessionFile(out)
    assert (copy.header, copy.opening) == (session.header, session.opening)
    assert list(copy.blocks()) == list(session.blocks())
    assert out.stat().st_mode & 0o777 == 0o600


def table(path: Path) -> list[dict[str, object]]:
    import pyarrow.parquet

    rows: list[dict[str, object]] = pyarrow.parquet.read_table(path).to_pylist()
    return rows


def test_parquet_files_hold_frames_and_events(session: SessionFile, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "parquet"
    # the longer prefix is the one that counts
    done = export_parquet(session, out, {"letters": Letters(), "letters.none": Letters()})
    assert done.rows == {"frames": 5, "deltas": 1, "snapshots": 1, "trades": 1, "spot": 1}
    assert done.refused == 1
    frames = table(out / "frames.parquet")
    assert [list(row.values()) for row in frames] == [
        [1, T0, "letters.ws", None, None, "ds", None],
        [2, T0 + 1, "letters.ws", None, None, "d!", None],
        [3, T0 + 2, "letters.rest", "/x", 200, "tup", None],
        [5, T0 + 4, "other.ws", None, None, '{ "not":"read" }', None],
        [6, T0 + 5, "other.ws", None, None, None, "/w=="],
    ]
    assert table(out / "deltas.parquet") == [
        {"n": 1, "t": T0, "ex": 5, "market": "M", "side": -1, "price": 4_700, "qty": -3_000_000}
    ]
    (snapshot,) = table(out / "snapshots.parquet")
    assert snapshot == {"n": 1, "t": T0, "ex": 6, "market": "M"} | {
        "bid_price": [4_600, 4_500],
        "bid_qty": [10, 20],
        "ask_price": [],
        "ask_qty": [],
    }
    (trade,) = table(out / "trades.parquet")
    assert trade == {"n": 3, "t": T0 + 2, "ex": 7, "market": "M", "price": 4_700, "qty": 1} | {
        "taker": 1,
        "id": "a",
        "block": True,
        "backfill": False,
    }
    (spot,) = table(out / "spot.parquet")
    assert spot == {"n": 3, "t": T0 + 2, "ex": 8, "source": "coinbase", "symbol": "BTC-USD"} | {
        "price": 9,
        "qty": 2,
        "taker": -1,
        "bid": 8,
        "ask": 10,
    }


def test_a_parquet_file_carries_the_header_and_nulls_for_nothing(
    session: SessionFile, tmp_path: Path
) -> None:
    import pyarrow.parquet

    done = export_parquet(session, tmp_path / "p", {})
    assert done.rows == {"frames": 5, "deltas": 0, "snapshots": 0, "trades": 0, "spot": 0}
    schema = pyarrow.parquet.read_schema(tmp_path / "p" / "deltas.parquet")
    assert schema.names == ["n", "t", "ex", "market", "side", "price", "qty"]
    assert schema.metadata[b"cockpit.header"] == msgspec.json.encode(session.header)


def test_many_rows_are_written_in_groups(
    session: SessionFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_ROWS", 2)
    export_parquet(session, tmp_path / "p", {})
    assert [row["n"] for row in table(tmp_path / "p" / "frames.parquet")] == [1, 2, 3, 5, 6]


def test_nothing_is_overwritten(session: SessionFile, tmp_path: Path) -> None:
    (tmp_path / "spot.parquet").write_bytes(b"precious")
    with pytest.raises(OutputError, match=r"spot\.parquet: exists already"):
        export_parquet(session, tmp_path, {})
    with pytest.raises(OutputError, match="exists already"):
        export_jsonl(session, session.path)
    # what was begun is removed, what was there stays
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.jsonl.zst", "spot.parquet"]
    assert (tmp_path / "spot.parquet").read_bytes() == b"precious"


def test_parquet_without_pyarrow_says_what_to_install(
    session: SessionFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(InputError, match=r"pip install 'cockpit\[parquet\]'"):
        export_parquet(session, tmp_path / "p", {})
    assert not (tmp_path / "p").exists()


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """As if the disk were full: the system refuses to let any file grow beyond ``size``."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_named_and_leaves_no_half_copy(session: SessionFile, tmp_path: Path) -> None:
    with largest_file(300):
        with pytest.raises(OutputError, match="File too large"):
            export_jsonl(session, tmp_path / "copy.jsonl")
        with pytest.raises(OutputError, match=r"File too large"):
            export_parquet(session, tmp_path / "p", {})
    assert not (tmp_path / "copy.jsonl").exists()
    assert list((tmp_path / "p").iterdir()) == []
