import gzip
import json
import math

import pytest

from cockpit.domain.errors import InputError
from cockpit.evaluation.hourly import captures

CAPTURE = {
    "schema_version": "crypto_hourly.v1",
    "capture_id": "20260903T142400Z",
    "captured_at": "2026-09-03T14:24:00.295146+00:00",
    "symbol": "ETH",
    "series": "KXETH",
    "venue": "kalshi",
    "current": {
        "status": "ok",
        "event_ticker": "KXETH-26SEP0311",
        "close_time": "2026-09-03T15:00:00Z",
        "outcomes": [
            {"ticker": "KXETH-26SEP0311-T2900", "strike_type": "less", "floor_strike": None, "cap_strike": 2900,
             "yes_bid": 0.0, "yes_ask": 0.01},
            {"ticker": "KXETH-26SEP0311-B2910", "strike_type": "between", "floor_strike": 2900,
             "cap_strike": 2919.99, "yes_bid": 0.4, "yes_ask": None},
            {"ticker": "KXETH-26SEP0311-T2919.99", "strike_type": "greater", "floor_strike": 2919.99,
             "cap_strike": None, "yes_bid": 0.5, "yes_ask": 0.55},
        ],
    },
    "previous_settlement": {
        "status": "settled",
        "event_ticker": "KXETH-26SEP0310",
        "expiration_value": "2911.07",
        "results": {"KXETH-26SEP0310-B2910": "yes"},
    },
    "spot": {"source": "coinbase", "product": "ETH-USD", "bid": 2912.0, "ask": 2912.5, "exchange_time": None},
}  # fmt: skip


@pytest.fixture
def write(tmp_path):
    def put(*lines, name="a.jsonl"):
        path = tmp_path / name
        path.write_text("".join((json.dumps(x) if isinstance(x, dict) else x) + "\n" for x in lines))
        return path

    return put


def test_a_capture(write):
    (found,) = captures(write(CAPTURE))
    assert found.ts == 1_788_445_440_295_146_000
    assert found.close_ns == 1_788_447_600_000_000_000
    assert found.mid == 2912.25
    assert found.source == "coinbase"
    assert found.settled.expiration_value == "2911.07"
    edges = [(each.low, each.high) for each in found.contracts]
    assert edges == [(-math.inf, 2899.995), (2899.995, 2919.995), (2919.995, math.inf)]
    assert {each.asset for each in found.contracts} == {"ETH"}


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"current": {"status": "no_hourly_group_found"}}, "contracts", ()),
        ({"series": "KXPEPE"}, "contracts", ()),
        ({"spot": None}, "mid", 0.0),
        ({"spot": {"source": "coinbase", "bid": None, "ask": 2912.5}}, "mid", 0.0),
    ],
)
def test_what_a_capture_may_lack(write, change, field, value):
    (found,) = captures(write(CAPTURE | change))
    assert getattr(found, field) == value


def test_a_capture_without_a_settlement(write):
    (found,) = captures(write(CAPTURE | {"previous_settlement": None}))
    assert found.settled.results == {}
    assert found.settled.expiration_value is None


def test_empty_lines_are_passed_over(write):
    assert len(list(captures(write(CAPTURE, "", CAPTURE)))) == 2


def test_compressed(write, tmp_path):
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(write(CAPTURE, CAPTURE).read_bytes()))
    assert list(captures(packed)) == list(captures(write(CAPTURE, CAPTURE)))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 3: "),
        ("[]", "line 3: "),
        ({"schema_version": "crypto_hourly.v1"}, "line 3: .*captured_at"),
        (CAPTURE | {"schema_version": "x"}, "line 3: schema 'x'"),
        (CAPTURE | {"captured_at": "noon"}, "line 3: not an RFC 3339 time"),
    ],
)
def test_a_line_that_is_no_capture(write, line, says):
    path = write(CAPTURE, CAPTURE, line)
    with pytest.raises(InputError, match=says) as error:
        list(captures(path))
    assert str(error.value).startswith(str(path))


def test_files_that_cannot_be_opened_or_hold_nothing(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        list(captures(tmp_path / "missing.jsonl"))
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    with pytest.raises(InputError, match="empty"):
        list(captures(empty))


@pytest.mark.parametrize(("lost", "says"), [(60, r"line \d+: "), (8, "line 9: compressed data end early")])
def test_a_file_cut_short(write, tmp_path, lost, says):
    lines = [CAPTURE | {"capture_id": str(i**9)} for i in range(8)]
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(gzip.compress(write(*lines).read_bytes())[:-lost])
    with pytest.raises(InputError, match=says):
        list(captures(cut))
