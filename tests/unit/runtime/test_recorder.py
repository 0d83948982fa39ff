import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

import cockpit
from cockpit.domain.errors import InvariantError, OutputError
from cockpit.domain.units import SECOND
from cockpit.feeds.base import payload
from cockpit.runtime.header import Header, make_header
from cockpit.runtime.reader import Line, SessionFile
from cockpit.runtime.recorder import BLOCK_BYTES, HEAD_SIZE, Head, Recorder, one_json_value

T0 = 1_790_000_000_000_000_000
DELTA = (
    b'{"type":"orderbook_delta","sid":1,"seq":%d,"msg":{"market_ticker":"KXTEST-26NOV220900-T1","price_dollars":'
    b'"0.4700","delta_fp":"-3.00","side":"yes","ts_ms":1790000000000}}'
)


def header() -> Header:
    return make_header(
        created=T0, settings={"bankroll": 100}, seed=7, clock_offset=-5, capabilities=["synthetic"]
    )


def lines(path: Path) -> list[Line]:
    return [line for block in SessionFile(path).blocks() for line in block]


def text(path: Path) -> list[dict[str, object]]:
    """What ``zstdcat | jq`` would see."""
    with (
        path.open("rb") as file,
        zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True) as plain,
    ):
        return [json.loads(line) for line in plain.readall().splitlines()]


PAYLOADS = {
    "d": [
        b'{"type":"trade","sid":2,"seq":1,"msg":{"count_fp":"7.77"}}',
        b"null",
        b"-0",
        b'""',
        b'{"a":1,"a":2}',
        b"1" * 400,
        b"[1e999,-1e-999,12345678901234567890123456789]",
        b'{ "spaced" :\t[ 1 , 2 ] }',
        '"Zürich \U0001f600"'.encode(),
        b'"\\u00e9\\ud83d\\ude00\\u2028"',
        b"[" * 400 + b"]" * 400,
        b'{"levels":[' + b",".join([b'["0.0100","5.00"]'] * 900) + b"]}",
    ],
    "x": [
        b"",
        b"PONG",
        b" 1",
        b"1 ",
        b"1\n",
        b"[1,\n2]",
        b"[1,\r2]",
        b"NaN",
        b"Infinity",
        b'"\\ud800"',
        b'{"a":1}{"b":2}',
        b'1,"z":2',
        b'{"a":1',
        b"01",
        b"[1,]",
        b'"\x00"',
        "\ufeff1".encode(),
        "line\u2028separator \x7f".encode(),
        b"[" * 50_000 + b"]" * 50_000,
    ],
    "b": [b"\xff", b'"\xff"', b'{"\xff":1}', b'"a\xc3"', b'"\xed\xa0\x80"', b'"\xc0\x80"', bytes(range(256))],
}


@pytest.mark.parametrize(
    ("key", "body"), [(key, body) for key, bodies in PAYLOADS.items() for body in bodies]
)
def test_a_payload_comes_back_as_it_arrived_under_its_key(tmp_path: Path, key: str, body: bytes) -> None:
    path = tmp_path / "s.jsonl.zst"
    with Recorder(path, header(), b"{}") as recorder:
        recorder.write(1, T0, "kalshi.ws", body)
    assert text(path)[2].keys() - {"n", "t", "s"} == {key}
    (line,) = lines(path)
    assert (line.n, line.t, line.s, bytes(payload(line))) == (1, T0, "kalshi.ws", body)


def json_like() -> st.SearchStrategy[bytes]:
    """JSON of every shape, half of it spoilt at one place."""
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
    whole = st.builds(
        lambda value, indent, ascii_: json.dumps(value, indent=indent, ensure_ascii=ascii_).encode(
            errors="surrogatepass"
        ),
        values,
        st.sampled_from([None, None, 1]),
        st.booleans(),
    )
    spoilt = st.builds(
        lambda body, at, byte: body[: at % len(body)] + byte + body[at % len(body) + 1 :],
        whole,
        st.integers(0, 10_000),
        st.binary(max_size=2),
    )
    return whole | spoilt


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3 * SECOND),
            st.text(min_size=1, max_size=12),
            st.binary() | json_like(),
            st.none() | st.text(),
            st.none() | st.integers(100, 599),
            st.none() | st.dictionaries(st.text(), st.text(), max_size=3),
        ),
        max_size=12,
    )
)
def test_bytes_in_are_bytes_out(
    frames: list[tuple[int, str, bytes, str | None, int | None, dict[str, str] | None]],
) -> None:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "s.jsonl.zst"
        t = T0
        with Recorder(path, header(), b'{"cash":5}') as recorder:
            for n, (step, *rest) in enumerate(frames, 1):
                t += step
                recorder.write(n, t, *rest)
        session = SessionFile(path)
        read = [line for block in session.blocks() for line in block]
        assert [(f.s, bytes(payload(f)), f.u, f.st, f.h) for f in read] == [
            tuple(rest) for _, *rest in frames
        ]
        assert [line.n for line in read] == list(range(1, len(frames) + 1))
        assert session.recovered is not None
        assert (session.recovered.frames, session.recovered.reason) == (len(frames), "")
        # every line is JSON to a reader that knows nothing of this program
        assert len(text(path)) == len(frames) + 2


@given(st.binary() | json_like())
def test_what_counts_as_json_is_json_and_utf8(body: bytes) -> None:
    if one_json_value(body):
        json.loads(body.decode())
        assert body == body.strip()
        assert b"\n" not in body


def test_the_first_two_lines_are_header_and_opening(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl.zst"
    with Recorder(path, header(), b'{"cash":"1.50"}') as recorder:
        # before anything is recorded they are on disk, in a block of their own
        session = SessionFile(path)
        assert (session.header, session.opening) == (header(), b'{"cash":"1.50"}')
        recorder.write(1, T0, "clock", b"{}")
    first, second, third = text(path)
    assert list(first)[:3] == ["s", "format", "program"]
    assert (first["s"], first["format"], first["seed"], first["clock_offset"]) == ("header", 1, 7, -5)
    assert first["capabilities"] == ["synthetic"]
    assert second == {"s": "opening", "d": {"cash": "1.50"}}
    assert third == {"n": 1, "t": T0, "s": "clock", "d": {}}


def test_http_lines_and_digest_lines(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl.zst"
    with Recorder(path, header(), b"{}") as recorder:
        recorder.write(1, T0, "kalshi.rest", b"{}", "/trade-api/v2/markets", 200, {"ETag": '"x"'})
        recorder.write(2, T0, "kalshi.rest", b"", "/trade-api/v2/markets", 304)
        recorder.digest(3, T0 + 1, "00ff", 2)
    assert text(path)[2:] == [
        {
            "n": 1,
            "t": T0,
            "s": "kalshi.rest",
            "u": "/trade-api/v2/markets",
            "st": 200,
            "h": {"ETag": '"x"'},
            "d": {},
        },
        {"n": 2, "t": T0, "s": "kalshi.rest", "u": "/trade-api/v2/markets", "st": 304, "x": ""},
        {"n": 3, "t": T0 + 1, "s": "digest", "v": "00ff", "upto": 2},
    ]
    digest = lines(path)[2]
    assert (digest.s, digest.v, digest.upto, bytes(digest.d)) == ("digest", "00ff", 2, b"")


def heads(path: Path) -> list[tuple[Head, bytes]]:
    data = path.read_bytes()
    found = []
    while data:
        head = Head.unpack(data[:HEAD_SIZE])
        assert head is not None
        end = HEAD_SIZE + head.compressed
        found.append((head, zstandard.ZstdDecompressor().decompress(data[HEAD_SIZE:end])))
        data = data[end:]
    return found


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, SECOND // 3), st.integers(0, 20_000)), max_size=60))
def test_blocks_keep_their_bounds_and_their_heads_tell_the_truth(steps: list[tuple[int, int]]) -> None:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "s.jsonl.zst"
        t = T0
        with Recorder(path, header(), b"{}") as recorder:
            for n, (step, size) in enumerate(steps, 1):
                t += step
                recorder.write(n, t, "kalshi.ws", b'"%b"' % (b"a" * size))
        first, *rest = heads(path)
        assert first[0][2:7] == (2, 0, 0, 0, 0)
        for head, raw in rest:
            inside = [json.loads(line) for line in raw.splitlines()]
            assert head.raw == len(raw) <= BLOCK_BYTES
            assert head.last_t - head.first_t < SECOND
            ends = (inside[0]["n"], inside[-1]["n"], inside[0]["t"], inside[-1]["t"])
            assert head[2:7] == (len(inside), *ends)
        # no block is sealed early
        for (head, raw), (following, text_) in pairwise(rest):
            full = len(raw) + len(text_.splitlines(keepends=True)[0]) > BLOCK_BYTES
            assert full or following.first_t - head.first_t >= SECOND


def test_a_line_longer_than_a_block_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl.zst"
    with Recorder(path, header(), b"{}") as recorder:
        for n, size in enumerate((1, 200_000, 1), 1):
            recorder.write(n, T0, "kalshi.rest", b'"%b"' % (b"a" * size))
    assert [head.lines for head, _ in heads(path)] == [2, 1, 1, 1]


def test_flush_seals_and_waits(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl.zst"
    with Recorder(path, header(), b"{}") as recorder:
        for n in range(1, 4):
            recorder.write(n, T0 + n, "clock", b"{}")
            recorder.flush(wait=True)
            assert len(lines(path)) == n
        recorder.flush(wait=True)
        assert recorder.size == path.stat().st_size
    assert [head.lines for head, _ in heads(path)] == [2, 1, 1, 1]


def test_only_the_owner_may_read_and_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl.zst"
    path.write_bytes(b"precious")
    with pytest.raises(OutputError, match=f"{path}: exists already"):
        Recorder(path, header(), b"{}")
    assert path.read_bytes() == b"precious"
    Recorder(path, header(), b"{}", overwrite=True).close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert SessionFile(path).opening == b"{}"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"missing/s\.jsonl\.zst: No such file"):
        Recorder(tmp_path / "missing" / "s.jsonl.zst", header(), b"{}")


@pytest.mark.parametrize("opening", [b"", b"{", b"{}\n", b"\xff"])
def test_an_opening_must_be_one_json_value(tmp_path: Path, opening: bytes) -> None:
    with pytest.raises(InvariantError):
        Recorder(tmp_path / "s.jsonl.zst", header(), opening)
    assert not list(tmp_path.iterdir())


def test_a_closed_recorder_refuses_lines(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "s.jsonl.zst", header(), b"{}")
    recorder.close()
    recorder.close()
    with pytest.raises(OutputError, match="the recording is closed"):
        recorder.write(1, T0, "clock", b"{}")


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """As if the disk were full: the system refuses to let any file grow beyond ``size``."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_raised_and_leaves_a_readable_file(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl.zst"
    recorder = Recorder(path, header(), b"{}")
    written: list[int] = []
    full = re.escape(f"{path}: File too large")
    with largest_file(200_000), pytest.raises(OutputError, match=full):  # noqa: PT012  one of these calls
        for n in count(1):
            recorder.write(n, T0, "kalshi.ws", b'"%b"' % os.urandom(20_000).hex().encode())
            written.append(n)
    with pytest.raises(OutputError, match="File too large"):
        recorder.flush()
    with pytest.raises(OutputError, match="File too large"):
        recorder.close()
    recorder.close()
    session = SessionFile(path)
    kept = [line.n for block in session.blocks() for line in block]
    assert kept == list(range(1, len(kept) + 1))
    assert 5 <= len(kept) <= len(written)
    assert session.recovered is not None
    assert session.recovered.reason.startswith("torn tail at byte")
    assert path.stat().st_size == 200_000


CHILD = """
import sys
from pathlib import Path
from cockpit.runtime.header import make_header
from cockpit.runtime.recorder import Recorder
recorder = Recorder(Path(sys.argv[1]), make_header(created=0, settings={}), b"{}")
n, t = 0, 1_790_000_000_000_000_000
for second in range(5):
    for _ in range(500):
        n, t = n + 1, t + 1_900_000
        recorder.write(n, t, "kalshi.ws", b'{"seq":%d}' % n)
    if second < 4:
        recorder.flush(wait=True)
print(n, flush=True)
sys.stdin.read()
"""


def test_kill_9_loses_at_most_one_second(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl.zst"
    environment = os.environ | {"PYTHONPATH": str(Path(cockpit.__file__).parents[1])}
    command = [sys.executable, "-c", CHILD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as child:
        assert child.stdout is not None
        written = int(child.stdout.readline())
        child.kill()
    assert child.returncode == -9
    kept = lines(path)
    assert [bytes(line.d) for line in kept] == [b'{"seq":%d}' % n for n in range(1, len(kept) + 1)]
    assert written == 2_500
    # the child had been killed 500 lines, 0.95 s of recording, after its last flush
    assert len(kept) >= 2_000
    assert (written - len(kept)) * 1_900_000 < SECOND
