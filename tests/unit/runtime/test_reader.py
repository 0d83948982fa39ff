import json
import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.errors import SessionError
from cockpit.domain.units import SECOND
from cockpit.feeds.base import payload
from cockpit.runtime.header import make_header
from cockpit.runtime.reader import Line, Recovered, SessionFile
from cockpit.runtime.recorder import HEAD_SIZE, Head, Recorder

T0 = 1_790_000_000_000_000_000
BLOCKS = 6
EACH = 4


def body(n: int) -> bytes:
    """A payload of its own for every line, in all three spellings."""
    return (b'{"seq":%d,"side":"yes"}', b"text %d", b"\xff%d")[n % 3] % n


def write(path: Path) -> Path:
    """BLOCKS blocks of EACH lines, one block a second, behind the block of the first two lines."""
    with Recorder(path, make_header(created=T0, settings={}), b'{"cash":1}') as recorder:
        for n in range(1, BLOCKS * EACH + 1):
            t = T0 + (n - 1) // EACH * SECOND + n
            recorder.write(n, t, "kalshi.ws", body(n))
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "s.jsonl.zst")


def read(path: Path) -> tuple[list[Line], Recovered]:
    session = SessionFile(path)
    lines = [line for block in session.blocks() for line in block]
    assert session.recovered is not None
    return lines, session.recovered


def offsets(data: bytes) -> list[int]:
    """Where each block starts, and the end."""
    found = [0]
    while found[-1] < len(data):
        head = Head.unpack(data[found[-1] : found[-1] + HEAD_SIZE])
        assert head is not None
        found.append(found[-1] + HEAD_SIZE + head.compressed)
    return found


def is_true(line: Line) -> bool:
    """Whether a line is one that was written."""
    return (bytes(payload(line)), line.s) == (body(line.n), "kalshi.ws")


def test_blocks_come_as_they_were_written(path: Path) -> None:
    session = SessionFile(path)
    blocks = list(session.blocks())
    assert [[line.n for line in block] for block in blocks] == [
        list(range(k * EACH + 1, (k + 1) * EACH + 1)) for k in range(BLOCKS)
    ]
    assert all(is_true(line) for block in blocks for line in block)
    assert session.recovered == Recovered(BLOCKS * EACH, 0, 0, "")
    assert session.header.created == T0
    assert session.opening == b'{"cash":1}'


def test_the_index_is_read_from_the_heads(path: Path) -> None:
    starts = offsets(path.read_bytes())[1:]
    index = SessionFile(path).index
    assert [block.offset for block in index] == starts[:-1]
    assert [block.offset + block.size for block in index] == starts[1:]
    assert [(block.lines, block.first_n, block.last_n) for block in index] == [
        (EACH, k * EACH + 1, (k + 1) * EACH) for k in range(BLOCKS)
    ]
    assert [(block.first_t, block.last_t) for block in index] == [
        (T0 + k * SECOND + k * EACH + 1, T0 + k * SECOND + (k + 1) * EACH) for k in range(BLOCKS)
    ]


def compressed_again(path: Path) -> Path:
    plain = b"".join(SessionFile(path).texts())
    again = path.with_name("again.zst")
    again.write_bytes(zstandard.ZstdCompressor(level=3, write_checksum=True).compress(plain))
    return again


def plain_copy(path: Path) -> Path:
    copy = path.with_name("copy.jsonl")
    copy.write_bytes(b"".join(SessionFile(path).texts()))
    return copy


@pytest.mark.parametrize("form", [lambda path: path, compressed_again, plain_copy])
@pytest.mark.parametrize(
    "t", [0, T0, T0 + 3 * SECOND, T0 + 3 * SECOND + 14, T0 + 4 * SECOND - 1, T0 + 99 * SECOND]
)
def test_seek_starts_no_later_than_the_time_asked_for(
    path: Path, form: Callable[[Path], Path], t: int
) -> None:
    session = SessionFile(form(path))
    expected = [line.n for block in session.blocks() for line in block if line.t >= t]
    found = [line.n for block in session.seek(t) for line in block]
    assert found[len(found) - len(expected) :] == expected
    assert (found == []) == (expected == [])
    if session.index:
        assert len(found) - len(expected) < EACH


@pytest.mark.parametrize("form", [compressed_again, plain_copy])
def test_the_same_lines_in_another_form_read_the_same(path: Path, form: Callable[[Path], Path]) -> None:
    lines, recovered = read(form(path))
    assert lines == read(path)[0]
    assert recovered == Recovered(BLOCKS * EACH, 0, 0, "")
    assert SessionFile(form(path)).index == []
    assert SessionFile(form(path)).header == SessionFile(path).header


def test_blocks_of_files_put_one_behind_the_other_still_read(path: Path) -> None:
    """The second file's header lines are no inputs; they are reported, and its inputs kept."""
    path.write_bytes(path.read_bytes() * 2)
    lines, recovered = read(path)
    assert len(lines) == 2 * BLOCKS * EACH
    assert (recovered.frames, recovered.frames_dropped) == (2 * BLOCKS * EACH, 2)
    assert recovered.reason.startswith("unreadable line")


def test_a_file_cut_at_any_byte_yields_all_its_whole_blocks(path: Path) -> None:
    data = path.read_bytes()
    starts = offsets(data)
    for size in range(len(data)):
        path.write_bytes(data[:size])
        if size < starts[1]:
            with pytest.raises(SessionError, match="empty file" if size == 0 else "torn or damaged"):
                SessionFile(path)
            continue
        lines, recovered = read(path)
        whole = sum(end <= size for end in starts[1:]) - 1
        kept = starts[whole + 1]
        assert [line.n for line in lines] == list(range(1, whole * EACH + 1))
        assert all(map(is_true, lines))
        assert (recovered.frames, recovered.bytes_dropped) == (whole * EACH, size - kept)
        assert recovered.reason == ("" if size == kept else f"torn tail at byte {kept}")
        assert recovered.frames_dropped == (EACH if size - kept >= HEAD_SIZE else 0)
        assert len(SessionFile(path).index) == whole


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_plain_copy_cut_anywhere_yields_all_its_whole_lines(data: st.DataObject) -> None:
    with TemporaryDirectory() as directory:
        copy = plain_copy(write(Path(directory) / "s.jsonl.zst"))
        text = copy.read_bytes()
        first = text.index(b"\n", text.index(b"\n") + 1) + 1
        cut = data.draw(st.integers(first, len(text)))
        copy.write_bytes(text[:cut])
        lines, recovered = read(copy)
        # a line that lacks its line end only is whole
        whole = text[first : cut + 1].count(b"\n")
        assert [line.n for line in lines] == list(range(1, whole + 1))
        tail = 0 if text[cut : cut + 1] == b"\n" else cut - text.rindex(b"\n", 0, cut) - 1
        assert recovered.bytes_dropped == tail
        assert ("torn tail" in recovered.reason) == (tail > 0)


def test_a_stream_cut_anywhere_never_crashes_and_invents_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl.zst"
    noise = random.Random(5)  # so that the stream is long enough to be read in several pieces
    with Recorder(path, make_header(created=T0, settings={}), b"{}") as recorder:
        for n in range(1, 41):
            recorder.write(n, T0 + n, "kalshi.ws", b'"%d %b"' % (n, noise.randbytes(4_000).hex().encode()))
    expected, _ = read(path)
    again = compressed_again(path)
    data = again.read_bytes()
    for size in range(len(data) // 2, len(data), 1_009):
        again.write_bytes(data[:size])
        lines, recovered = read(again)
        assert 0 < len(lines) < 41
        assert lines == expected[: len(lines)]
        assert "end early" in recovered.reason


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_a_flipped_byte_costs_at_most_its_block(path: Path, flip: int) -> None:
    data = path.read_bytes()
    starts = offsets(data)
    harmless = 0
    for at in range(starts[1], len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ flip]) + data[at + 1 :])
        lines, recovered = read(path)
        assert all(map(is_true, lines))
        assert {line.n for block in SessionFile(path).seek(T0) for line in block} == {
            line.n for line in lines
        }
        if not recovered.reason:  # zstd has a few bits that mean nothing
            assert len(lines) == BLOCKS * EACH
            harmless += 1
            continue
        hit = sum(start <= at for start in starts) - 1
        lost = range((hit - 1) * EACH + 1, hit * EACH + 1)
        assert [line.n for line in lines] == [n for n in range(1, BLOCKS * EACH + 1) if n not in lost]
        assert recovered.bytes_dropped == starts[hit + 1] - starts[hit]
        kind = "torn tail" if hit == BLOCKS else "damaged block"
        assert recovered.reason == f"{kind} at byte {starts[hit]}"
        assert recovered.frames_dropped == (0 if at - starts[hit] < HEAD_SIZE else EACH)
    assert harmless <= 2 * BLOCKS


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_a_flipped_byte_in_the_first_block_is_named_or_harmless(path: Path, flip: int) -> None:
    data = path.read_bytes()
    end = offsets(data)[1]
    accounted = 0
    for at in range(end):
        path.write_bytes(data[:at] + bytes([data[at] ^ flip]) + data[at + 1 :])
        try:
            lines, _ = read(path)
        except SessionError as error:
            accounted += str(error).startswith(f"{path}: ")
            continue
        assert len(lines) == BLOCKS * EACH
        assert all(map(is_true, lines))
        accounted += 1
    assert accounted == end


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_damage_is_survived_and_invents_nothing(data: st.DataObject) -> None:
    with TemporaryDirectory() as directory:
        path = write(Path(directory) / "s.jsonl.zst")
        whole = path.read_bytes()
        first = offsets(whole)[1]
        low, high = sorted(
            (data.draw(st.integers(first, len(whole))), data.draw(st.integers(first, len(whole))))
        )
        path.write_bytes(whole[:low] + data.draw(st.binary(max_size=200)) + whole[high:])
        lines, recovered = read(path)
        assert all(map(is_true, lines))
        assert [line.n for line in lines] == sorted({line.n for line in lines})
        assert recovered.frames == len(lines)


def test_a_tail_of_zeros_is_reported(path: Path) -> None:
    """What some file systems leave behind after a power loss."""
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + bytes(5_000))
    lines, recovered = read(path)
    assert len(lines) == BLOCKS * EACH
    assert recovered == Recovered(BLOCKS * EACH, 0, 5_000, f"torn tail at byte {size}")


def test_an_unreadable_line_costs_only_itself(path: Path) -> None:
    copy = plain_copy(path)
    rows = copy.read_bytes().splitlines(keepends=True)
    rows[4] = b'{"n":3,"t":"soon","s":"kalshi.ws","d":{}}\n'
    rows[5] = b"[1,2\n"
    copy.write_bytes(b"".join(rows))
    lines, recovered = read(copy)
    assert [line.n for line in lines] == [1, 2, *range(5, BLOCKS * EACH + 1)]
    assert recovered.frames_dropped == 2
    assert recovered.bytes_dropped == len(rows[4]) + len(rows[5])
    assert recovered.reason.startswith("unreadable line")


def test_an_opening_larger_than_a_piece_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl.zst"
    opening = b'["%b"]' % (b"a" * 300_000)
    with Recorder(path, make_header(created=T0, settings={"long": "b" * 100_000}), opening) as recorder:
        recorder.write(1, T0, "clock", b"{}")
    for file in (path, compressed_again(path), plain_copy(path)):
        assert SessionFile(file).opening == opening
        assert [line.n for line in read(file)[0]] == [1]


def test_lines_nested_to_the_limit_read_on_a_deeper_stack(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl.zst"
    bodies = [b"[" * depth + b"]" * depth for depth in range(300, 900, 20)]
    with Recorder(path, make_header(created=T0, settings={}), b"{}") as recorder:
        for n, nested in enumerate(bodies, 1):
            recorder.write(n, T0, "kalshi.rest", nested)

    def deeper(levels: int) -> list[Line]:
        return deeper(levels - 1) if levels else read(path)[0]

    assert [bytes(payload(line)) for line in deeper(250)] == bodies


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "an empty file"),
        (b"recv_ns,source\n1,2\n", "neither a zstd file nor JSON lines"),
        (b'{"recv_ns":1,"frame":{}}\n', "no header line; not a session file"),
        (b'{"s":"kalshi.ws","format":1}\n{}\n', "no header line; not a session file"),
        (b'{"s":"header","format":2}\n{}\n', r"format 2 is newer than this program reads \(1\)"),
        (b'{"s":"header","format":0}\n{}\n', "unknown format 0"),
        (b'{"s":"header","format":1}\n{}\n', "bad header"),
        (zstandard.ZstdCompressor().compress(b"n,t\n1,2\n"), "no header line; not a session file"),
        (zstandard.ZstdCompressor().compress(b"n,t\n1,2\n")[:-2], "torn or damaged inside its first lines"),
        (b"\x28\xb5\x2f\xfd nonsense", "torn or damaged inside its first lines"),
    ],
)
def test_a_foreign_file_is_refused_by_name_and_reason(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "s.jsonl.zst"
    path.write_bytes(data)
    with pytest.raises(SessionError, match=why) as caught:
        SessionFile(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_missing_file_and_a_directory_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match=r"gone\.zst: No such file or directory"):
        SessionFile(tmp_path / "gone.zst")
    with pytest.raises(SessionError, match="Is a directory"):
        SessionFile(tmp_path)


@pytest.mark.parametrize("second", [b'{"n":1,"t":2,"s":"clock","d":{}}', b"[", b'{"s":"opening"}'])
def test_a_second_line_that_is_no_opening_is_refused(path: Path, second: bytes) -> None:
    copy = plain_copy(path)
    rows = copy.read_bytes().split(b"\n")
    rows[1] = second
    copy.write_bytes(b"\n".join(rows))
    with pytest.raises(SessionError, match="line 2 is not an opening"):
        SessionFile(copy)


def test_fields_of_a_later_program_are_passed_over(path: Path) -> None:
    copy = plain_copy(path)
    rows = copy.read_bytes().splitlines()
    rows[0] = json.dumps({**json.loads(rows[0]), "mood": "good"}).encode()
    rows[2] = rows[2][:-1] + b',"later":[1]}'
    copy.write_bytes(b"\n".join(rows))
    assert SessionFile(copy).header == SessionFile(path).header
    assert read(copy)[0] == read(path)[0]


def test_another_programs_skippable_frame_may_come_first(path: Path) -> None:
    again = compressed_again(path)
    again.write_bytes(b"\x53\x2a\x4d\x18\x03\x00\x00\x00abc" + again.read_bytes())
    assert read(again)[0] == read(path)[0]
