import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.errors import CockpitError, SessionError
from cockpit.domain.units import SECOND
from cockpit.feeds.base import payload
from cockpit.runtime.capture import UNITS, Form, Report, import_captures, nanoseconds
from cockpit.runtime.header import make_header
from cockpit.runtime.reader import Line, SessionFile

T0 = 1_790_000_000_000_000_000
HEADER = make_header(created=T0, settings={})
DELTA = b'{"type":"orderbook_delta","sid":1,"seq":2,"msg":{"price_dollars":"0.4700","delta_fp":"-3.00","side":"yes"}}'
TRADE = b'{"type":"trade","sid":2,"seq":1,"msg":{"yes_price_dollars":"0.4700","count_fp":"3.00","taker_side":"no"}}'


def row(t: int, frame: bytes, source: str = "kalshi.ws", rest: bytes = b"") -> bytes:
    return b'{"recv_ns":%d,"source":"%b","frame":%b%b}\n' % (t, source.encode(), frame, rest)


def put(path: Path, *rows: bytes) -> Path:
    path.write_bytes(b"".join(rows))
    return path


def load(*inputs: Path, form: Form | None = None) -> tuple[Report, list[Line]]:
    out = inputs[0].with_name("out.jsonl.zst")
    report = import_captures(inputs, out, form=form or Form(), header=HEADER, overwrite=True)
    session = SessionFile(out)
    lines = [line for block in session.blocks() for line in block]
    assert [line.n for line in lines] == list(range(1, len(lines) + 1))
    assert [line.t for line in lines] == sorted(line.t for line in lines)
    assert session.header.capabilities == report.capabilities
    assert (report.first_t, report.last_t) == (lines[0].t, lines[-1].t)
    assert report.frames + report.bad + report.ticks == len(lines)
    return report, lines


def bodies(lines: list[Line]) -> list[bytes]:
    return [bytes(payload(line)) for line in lines]


def test_the_default_form(tmp_path: Path) -> None:
    spaced = b'{ "type" : "orderbook_snapshot", "price": 0.10, "a":1, "a":2 }'
    market = row(T0 + 1, b"{}", "kalshi.rest", b',"url":"/trade-api/v2/markets/KXTEST"')
    report, lines = load(put(tmp_path / "a", row(T0, spaced), market, row(T0 + 2, TRADE)))
    assert report == Report(3, 0, "", 0, (), ("imported",), T0, T0 + 2)
    assert bodies(lines) == [spaced, b"{}", TRADE]
    assert [(line.t, line.s, line.u) for line in lines] == [
        (T0, "kalshi.ws", None),
        (T0 + 1, "kalshi.rest", "/trade-api/v2/markets/KXTEST"),
        (T0 + 2, "kalshi.ws", None),
    ]


def test_the_opening_and_the_header_are_the_callers(tmp_path: Path) -> None:
    source = put(tmp_path / "a", row(T0, TRADE))
    header = make_header(created=5, settings={"x": 1}, capabilities=["use_yes_price", "imported"])
    import_captures([source], tmp_path / "b", form=Form(), header=header, opening=b'{"cash":1}')
    session = SessionFile(tmp_path / "b")
    assert session.opening == b'{"cash":1}'
    assert session.header.created == 5
    assert session.header.capabilities == ("use_yes_price", "imported")


@pytest.mark.parametrize(
    ("line", "trades"),
    [
        (row(T0, DELTA), False),
        (row(T0, TRADE), True),
        (row(T0, b'{"msg":{"channel":"trade"},"type":"subscribed"}'), False),
        (row(T0, TRADE, "coinbase.ws"), False),
        (row(T0, b'"trade"'), False),
        (row(T0, b'{"trades":[]}', "kalshi.rest", b',"url":"/trade-api/v2/markets/trades?ticker=KX"'), True),
        (row(T0, b'{"market":{}}', "kalshi.rest", b',"url":"/trade-api/v2/markets/KX"'), False),
        (row(T0, b'[{"event_type":"last_trade_price"}]', "polymarket.ws"), True),
        (row(T0, b'[{"event_type":"book","last_trade_price":"0.5"}]', "polymarket.ws"), False),
    ],
)
def test_a_capture_without_trades_says_so(tmp_path: Path, line: bytes, trades: bool) -> None:
    report, _ = load(put(tmp_path / "a", row(T0, DELTA), line))
    assert report.capabilities == (("imported",) if trades else ("imported", "no_trades"))


PACKERS: list[Callable[[bytes], bytes]] = [
    bytes,
    gzip.compress,
    lzma.compress,
    bz2.compress,
    zstandard.ZstdCompressor().compress,
]


@pytest.mark.parametrize("pack", PACKERS)
def test_compression_is_told_by_the_first_bytes(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    text = b"".join(row(T0 + n, b'{"seq":%d}' % n) for n in range(2_000))
    report, lines = load(put(tmp_path / "a.log", pack(text)))
    assert bodies(lines) == [b'{"seq":%d}' % n for n in range(2_000)]
    assert report.torn == ()


@pytest.mark.parametrize("pack", PACKERS[1:])
def test_a_cut_input_keeps_what_can_be_read(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    text = b"".join(row(T0 + n, b'{"seq":%d}' % n) for n in range(1_000))
    data = pack(text) + pack(text.replace(b'{"seq"', b'{"SEQ"'))
    path = put(tmp_path / "a", data[: len(data) * 2 // 3])
    report, lines = load(path)
    assert bodies(lines)[:1_000] == [b'{"seq":%d}' % n for n in range(1_000)]
    assert report.torn == (f"{path}: compressed data end early, at byte {len(data) * 2 // 3}",)
    assert report.bad <= 1  # the line the cut goes through


FORMS: list[tuple[Form, bytes, str]] = [
    (
        Form(source="kalshi.ws", time_field="ts", time_unit="ms", frame_field="data"),
        b'{"ts":%d,"data":%b}',
        "ms",
    ),
    (
        Form(source="kalshi.ws", time_field="ts", time_unit="us", frame_field="data"),
        b'{"ts":"%d","data":%b}',
        "us",
    ),
    (
        Form(time_field="at.recv", source_field="src"),
        b'{"src":"kalshi.ws","at":{"recv":%d},"frame":%b}',
        "ns",
    ),
    (Form(time_unit="s"), b'{"recv_ns":%d,"source":"kalshi.ws","frame":%b}\r', "s"),
    (Form(), b'  {"recv_ns":%d,"more":[1,2],"source":"kalshi.ws","frame":%b}\n \n', "ns"),
]


@pytest.mark.parametrize(("form", "shape", "unit"), FORMS)
def test_other_shapes_of_line(tmp_path: Path, form: Form, shape: bytes, unit: str) -> None:
    stamp = T0 // UNITS[unit]
    _, lines = load(put(tmp_path / "a", shape % (stamp, DELTA), b"\n", shape % (stamp, TRADE)), form=form)
    assert bodies(lines) == [DELTA, TRADE]
    assert {(line.t, line.s) for line in lines} == {(T0, "kalshi.ws")}


@pytest.mark.parametrize("field", ["", "."])
def test_the_line_may_be_the_frame(tmp_path: Path, field: str) -> None:
    frame = b'{"type":"orderbook_delta", "msg":{"ts_ms":%d}}' % (T0 // 1_000_000)
    form = Form(source="kalshi.ws", frame_field=field, time_field="msg.ts_ms", time_unit="ms")
    _, lines = load(put(tmp_path / "a", b" " + frame + b"\r\n"), form=form)
    assert (bodies(lines), lines[0].t) == ([frame], T0)


def test_a_string_holds_the_frames_text(tmp_path: Path) -> None:
    texts = ['{"type": "trade",\n "é":"\U0001f600"}', "PONG", ""]
    rows = [row(T0, json.dumps(text).encode()) for text in texts]
    _, lines = load(put(tmp_path / "a", *rows))
    assert bodies(lines) == [text.encode() for text in texts]


def test_a_clock_that_goes_back_is_held(tmp_path: Path) -> None:
    stamps = [5, 3, 4, 9, 8, 9, 10]
    report, lines = load(put(tmp_path / "a", *(row(T0 + t, b"%d" % n) for n, t in enumerate(stamps))))
    assert [line.t - T0 for line in lines] == [5, 5, 5, 9, 9, 9, 10]
    assert bodies(lines) == [b"%d" % n for n in range(7)]
    assert report.backwards == 3


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=8), min_size=1, max_size=4))
def test_inputs_merge_by_time_and_keep_their_own_order(stamps: list[list[int]]) -> None:
    with TemporaryDirectory() as directory:
        paths = [
            put(Path(directory) / str(k), *(row(T0 + t, b"[%d,%d]" % (k, n)) for n, t in enumerate(times)))
            for k, times in enumerate(stamps)
        ]
        _, lines = load(*paths)
        placed = [(*json.loads(body), line.t - T0) for body, line in zip(bodies(lines), lines, strict=True)]
        # each frame stands at the latest time its own file had reached; ties in the order of the inputs
        expected = [(max(times[: n + 1]), k, n) for k, times in enumerate(stamps) for n in range(len(times))]
        assert [(t, k, n) for k, n, t in placed] == sorted(expected)


def test_lines_without_a_frame_are_kept_and_counted(tmp_path: Path) -> None:
    bad = [
        b"# recorded in May",
        b'{"recv_ns":1,"source":"kalshi.ws"}',
        b'{"recv_ns":"soon","source":"kalshi.ws","frame":{}}',
        b'{"recv_ns":1,"frame":{}}',
        b'{"recv_ns":1,"source":7,"frame":{}}',
        b"\xff\xfe",
    ]
    good = [row(T0, DELTA), row(T0 + 5, DELTA)]
    path = put(tmp_path / "a", bad[0] + b"\n", good[0], *(line + b"\n" for line in bad[1:]), good[1])
    report, lines = load(path)
    assert (report.frames, report.bad) == (2, 6)
    assert report.first_bad.startswith(f"{path}:1: ")
    assert bodies(lines) == [bad[0], DELTA, *bad[1:], DELTA]
    assert [line.s for line in lines] == ["import.bad", "kalshi.ws", *["import.bad"] * 5, "kalshi.ws"]
    assert [line.t - T0 for line in lines] == [0] * 7 + [5]
    assert (lines[0].x, lines[6].b) == ("# recorded in May", "//4=")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "the file is empty"),
        (b"recv_ns,frame\n1,2\n", "malformed"),
        (b'{"t":1}\n', "no field 'recv_ns'"),
        (b'{"t":1}\n' * 5_000 + row(T0, DELTA), "no field 'recv_ns'"),
        (b'{"recv_ns":"2026-01-01T00:00:00","source":"a","frame":1}\n', "with its zone"),
    ],
)
def test_a_capture_of_another_form_is_refused_and_leaves_nothing(
    tmp_path: Path, data: bytes, why: str
) -> None:
    path = put(tmp_path / "a", data)
    for inputs in ([path], [put(tmp_path / "good", row(T0, TRADE)), path]):
        with pytest.raises(SessionError, match=why) as caught:
            import_captures(inputs, tmp_path / "out", form=Form(), header=HEADER)
        assert str(caught.value).startswith(f"{path}: no line holds a frame")
        assert not (tmp_path / "out").exists()


def test_inputs_and_output_are_checked_first(tmp_path: Path) -> None:
    source = put(tmp_path / "a", row(T0, DELTA))
    out = put(tmp_path / "out", b"precious")
    cases: list[tuple[list[Path], Path, Form, str]] = [
        ([], out, Form(), "no capture"),
        ([source, tmp_path / "gone"], out, Form(), "gone: no such file"),
        ([tmp_path], out, Form(), "not a file"),
        ([source], out, Form(time_unit="h"), "time unit 'h' is none of s, ms, us, ns"),
        ([source], source, Form(), "both input and output"),
        ([source], out, Form(), "out: exists already"),
    ]
    for inputs, target, form, why in cases:
        with pytest.raises(CockpitError, match=why):
            import_captures(inputs, target, form=form, header=HEADER)
    assert (source.read_bytes(), out.read_bytes()) == (row(T0, DELTA), b"precious")


@pytest.mark.parametrize("body", [DELTA, TRADE])
def test_progress_goes_from_nothing_to_all(tmp_path: Path, body: bytes) -> None:
    path = put(tmp_path / "a", *(row(T0, body) for _ in range(2_000)))
    seen: list[tuple[int, int]] = []
    import_captures(
        [path], tmp_path / "out", form=Form(), header=HEADER, progress=lambda *done: seen.append(done)
    )
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {total for _, total in seen} == {2 * path.stat().st_size}
    assert seen[-1][0] == seen[-1][1]
    assert len(seen) > 4


@pytest.mark.parametrize(
    ("value", "unit", "t"),
    [
        (b"1785901540722", "ms", 1_785_901_540_722_000_000),
        (b'"1785901540"', "s", 1_785_901_540 * SECOND),
        (b"1785901540.722003123", "s", 1_785_901_540_722_003_123),
        (b'"1785901540.1"', "s", 1_785_901_540_100_000_000),
        (b"1785901540.0000000019", "s", 1_785_901_540_000_000_001),
        (b"1.785901540722e+18", "ns", 1_785_901_540_722_000_000),
        (b"1.785901540722E9", "s", 1_785_901_540_722_000_000),
        (b'"2026-08-05T03:45:40.722003Z"', "ms", 1_785_901_540_722_003_000),
        (b'"2026-08-05t05:45:40.722003999123+02:00"', "s", 1_785_901_540_722_003_999),
        (b'"2026-08-04 20:15:40-07:30"', "s", 1_785_901_540 * SECOND),
        (b'"1970-01-01T00:00:00Z"', "s", 0),
        (b'"2016-12-31T23:59:60Z"', "s", 1_483_228_800 * SECOND),
        (b"0", "s", 0),
    ],
)
def test_times_are_exact(value: bytes, unit: str, t: int) -> None:
    assert nanoseconds(value, UNITS[unit]) == t


@pytest.mark.parametrize(
    "value",
    [
        b"-1",
        b"1e400",
        b"1e999999999999",
        b"1e-999999999",
        b"0e-999999999",
        b"1e9999999999999999999999",
        b"1e-9999999999999999999999",
        b"9223372037",
        b"9" * 5_000,
        b"null",
        b"true",
        b"{}",
        b'""',
        b'"NaN"',
        b'"1_000"',
        b'" 1"',
        b'"0x10"',
        '"١٢"'.encode(),
        b'"2026-08-05T03:45:40"',
        b'"2026-13-05T03:45:40Z"',
        b'"2026-02-30T03:45:40Z"',
        b'"2026-08-05T24:00:00Z"',
        b'"2026-08-05T03:61:40Z"',
        b'"2026-08-05T03:45:40+99:00"',
        b'"1969-12-31T23:59:59Z"',
        b'"2026-08-05"',
    ],
)
def test_what_is_no_time_is_refused(value: bytes) -> None:
    with pytest.raises(ValueError, match=r"time|number|month|day|out of range"):
        nanoseconds(value, SECOND)


@given(st.decimals(0, 9_000_000_000, allow_nan=False, places=12), st.sampled_from(["s", "ms", "us", "ns"]))
def test_decimal_times_agree_with_fractions(number: object, unit: str) -> None:
    assert nanoseconds(str(number).encode(), UNITS[unit]) == Fraction(str(number)) * UNITS[unit] // 1


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)),  # noqa: DTZ001  the zone is drawn apart
    st.integers(-1_439, 1_439),
)
def test_rfc3339_agrees_with_datetime(naive: datetime, east: int) -> None:
    moment = naive.replace(tzinfo=UTC)
    local = (moment + timedelta(minutes=east)).replace(tzinfo=None)
    zone = f"{'-' if east < 0 else '+'}{abs(east) // 60:02}:{abs(east) % 60:02}"
    text = f'"{local.isoformat(timespec="microseconds")}{zone}"'
    expected = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1_000
    assert nanoseconds(text.encode(), SECOND) == expected


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=80) | st.sampled_from([DELTA, row(T0, TRADE), row(T0, DELTA)[:-9]])))
def test_no_capture_crashes_the_import(lines: list[bytes]) -> None:
    with TemporaryDirectory() as directory:
        path = put(Path(directory) / "a", b"\n".join([row(T0, DELTA).strip(), *lines]))
        report, read = load(path)
        expected = [line.strip() for line in path.read_bytes().split(b"\n") if line.strip()]
        assert report.frames + report.bad == len(expected) == len(read)


# ---------------------------------------------------------------------- rows of pairs


def pair(at: str, tag: str = "real_ask", schema: str = "polymarket_macro_pairs.v1") -> bytes:
    fields = {"schema_version": schema, "captured_at": at, "kalshi": {"price_source_tag": tag}}
    return json.dumps(fields).encode() + b"\n"


def test_rows_of_pairs_are_known_by_their_schema_and_go_by_their_own_times(tmp_path: Path) -> None:
    """Nothing is said of their form; they are a table, in no order."""
    late, early, same = (
        pair(f"2027-01-15T0{hour}:00:00+00:00", tag) for hour, tag in ((9, "a"), (8, "b"), (8, "c"))
    )
    report, lines = load(put(tmp_path / "a", late, b"\n", early, same))
    tick = b"null"
    assert bodies(lines) == [*(row.strip() for row in (early, same)), tick, late.strip(), tick]
    assert [line.s for line in lines] == ["tops.pairs", "tops.pairs", "tick", "tops.pairs", "tick"]
    seconds = (1_800_000_000, 1_800_000_000, 1_800_000_001, 1_800_003_600, 1_800_003_601)
    assert [line.t for line in lines] == [each * SECOND for each in seconds]
    assert (report.frames, report.ticks) == (3, 2)
    assert report.capabilities == ("imported", "no_trades")
    assert (report.backwards, report.bad, report.derived) == (0, 0, 0)


def test_rows_with_a_derived_side_are_kept_and_counted(tmp_path: Path) -> None:
    at = "2027-01-15T08:00:00+00:00"
    report, lines = load(put(tmp_path / "a", b"junk\n", pair(at, "synthetic"), pair(at)))
    assert (report.frames, report.bad, report.derived) == (2, 1, 1)
    assert bodies(lines)[0] == b"junk"
    assert [line.s for line in lines] == ["import.bad", "tops.pairs", "tops.pairs", "tick"]


def test_a_stream_beside_rows_of_pairs_is_not_sorted(tmp_path: Path) -> None:
    stream = put(tmp_path / "s", row(1_800_000_100 * SECOND, DELTA), row(1_800_000_000 * SECOND, TRADE))
    rows = put(tmp_path / "p", pair("2027-01-15T08:00:00+00:00"))
    report, lines = load(stream, rows)
    assert [line.s for line in lines] == ["tops.pairs", "tick", "kalshi.ws", "kalshi.ws"]
    assert report.backwards == 1


@pytest.mark.parametrize("schema", ["polymarket_macro_pairs.v2", "", "x" * 50])
def test_other_schemas_are_no_rows_of_pairs(tmp_path: Path, schema: str) -> None:
    foreign = put(tmp_path / "a", pair("2027-01-15T08:00:00+00:00", schema=schema))
    with pytest.raises(SessionError, match="no field 'recv_ns'"):
        load(foreign)


def test_a_row_of_pairs_may_be_wrapped_like_any_frame(tmp_path: Path) -> None:
    wrapped = b'{"schema_version":"polymarket_pairs.v1","recv_ns":%d,"source":"tops.pairs","frame":{}}\n' % T0
    _, lines = load(put(tmp_path / "a", wrapped))
    assert bodies(lines)[0] == b"{}"
