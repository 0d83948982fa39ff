"""A recording moved to the present: every time by the same constant, nothing else."""

import json

import pytest
from echoing import T0
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.errors import SessionError
from cockpit.domain.units import SECOND
from cockpit.rehearsal.stands.shifting import recorded, shifted
from cockpit.runtime.header import make_header
from cockpit.runtime.recorder import Recorder

BY = 86_400 * SECOND


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'{"ts":1796000000}', b'{"ts":1796086400}'),
        (b'{"ts_ms": 1796000000123}', b'{"ts_ms": 1796086400123}'),
        (b'{"time":1796000000123456}', b'{"time":1796086400123456}'),
        (b'{"timestamp":"1796000000123"}', b'{"timestamp":"1796086400123"}'),
        (b'{"close_time":"2026-11-30T00:53:20Z"}', b'{"close_time":"2026-12-01T00:53:20Z"}'),
        (b'{"eventStartTime":"2026-11-30T00:53:20Z"}', b'{"eventStartTime":"2026-12-01T00:53:20Z"}'),
        (b'{"ts":"2026-11-30T00:53:20.957081Z"}', b'{"ts":"2026-12-01T00:53:20.957081Z"}'),
        (b'{"date":"2026-11-30T00:53Z","name":"x"}', b'{"date":"2026-12-01T00:53Z","name":"x"}'),
        (b'{"wallclock":"2026-11-30T00:53:20Z"}', b'{"wallclock":"2026-12-01T00:53:20Z"}'),
        (b'{"gameStartTime":"2026-11-30 00:53:20+00"}', b'{"gameStartTime":"2026-12-01 00:53:20+00"}'),
        (b'{"time":"2026-11-30T00:53:20.5+00:00"}', b'{"time":"2026-12-01T00:53:20.5+00:00"}'),
        (b'{"data":"{\\"time\\":1796000000000,\\"value\\":\\"1796000000\\"}"}',
         b'{"data":"{\\"time\\":1796086400000,\\"value\\":\\"1796000000\\"}"}'),
    ],
)  # fmt: skip
def test_times_of_every_kind_are_moved(before, after):
    assert shifted(before, BY) == after


@pytest.mark.parametrize(
    "payload",
    [
        b'{"price":1796000000,"floor_strike":1796000000}',
        b'{"ticker":"KXBTC15M-26NOV300053-53"}',
        b'{"ts":17960,"time":"12:30","close_time":null,"open_time":"","ts_ms":0}',
        b'{"close_time":"2026-11-30T00:53:20"}',
        b'{"close_time":"2026-13-30T00:53:20Z"}',
        b'{"day":{"date":"2026-11-30"}}',
        b'{"date":"2026-11-30 at noon"}',
        b'{"their_ts":1796000000,"note":"ts"}',
        b"\xff\xfe not json at all",
    ],
)
def test_everything_else_stays(payload):
    assert shifted(payload, BY) == payload


@given(st.integers(1_700_000_000, 1_900_000_000), st.integers(-(10**6), 10**6), st.integers(0, 999_999))
def test_moving_there_and_back_changes_nothing(second, seconds, micros):
    whole = {"ts": second, "ts_ms": second * 1000 + micros // 1000, "msg": {"time": second * 10**6 + micros}}
    payload = json.dumps(whole).encode()
    assert shifted(shifted(payload, seconds * SECOND), -seconds * SECOND) == payload


def test_a_session_begins_now(tmp_path):
    path = tmp_path / "old.jsonl.zst"
    start = T0 - 1_000_000 * SECOND + 123_456_789
    with Recorder(path, make_header(created=start, settings={}), b"null") as recorder:
        recorder.write(1, start, "kalshi.ws", b'{"type":"trade","msg":{"ts":1795000000}}')
        recorder.write(2, start + 1, "tick", b"null")
        recorder.write(3, start + 2, "link", b"{}")
        recorder.write(4, start + 3, "kalshi.rest", b"<html>", "/trade-api/v2/markets", 502)
        recorder.write(5, start + 4, "coinbase.ws", b"plain text")
        recorder.write(6, start + SECOND, "kalshi.rest", b"{}", "/trade-api/v2/series/A", 200)
    found = list(recorded(path, T0))
    assert [arrival.source for arrival in found] == ["kalshi.ws", "coinbase.ws", "kalshi.rest"]
    assert 0 <= T0 - found[0].t < SECOND
    moved = (found[0].t - start) // SECOND
    assert json.loads(found[0].payload)["msg"]["ts"] == 1_795_000_000 + moved
    assert found[1].payload == b"plain text"
    assert found[2].t - found[0].t == SECOND
    assert found[2].url == "/trade-api/v2/series/A"


def test_a_file_that_is_none_is_told_at_once(tmp_path):
    with pytest.raises(SessionError, match="nothing"):
        recorded(tmp_path / "nothing.jsonl.zst", T0)
