"""Replay: times a person gives, lanes that start late, and what cannot be verified."""

import asyncio

import pytest

from cockpit.domain.errors import NotVerified, SessionError, SettingsError
from cockpit.runtime import replay
from cockpit.runtime.header import make_header
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.recorder import Recorder
from cockpit.runtime.session import run
from cockpit.settings.tree import Settings

from ...conftest import T0  # noqa: TID252  the tests are no package

PROBE = Settings().with_lanes(("probe",))


@pytest.fixture
def quoted(wire, write):
    """Half a minute of a two-sided book that changes twice a second."""
    wire.market(0).snapshot(1, {"0.4000": "100.00"}, {"0.5800": "80.00"})
    for i in range(60):
        wire.delta(500 * i + 100, "yes", "0.3900", "1.00")
    return write(wire.frames)


def test_moments(quoted):
    file = SessionFile(quoted)
    assert replay.moment("+01:30", file) == T0 + 90_000_000_000
    assert replay.moment("+5", file) == T0 + 5_000_000_000
    assert replay.moment(str(T0), file) == T0
    assert replay.moment("2026-11-30T12:00:00.5Z", file) == 1_796_040_000_500_000_000
    assert replay.moment("2026-11-30T12:00:00", file) == 1_796_040_000_000_000_000
    for bad in ("soon", "+x", "", "-5"):
        with pytest.raises(SettingsError, match="--from"):
            replay.moment(bad, file)


def test_lanes_start_at_the_given_time(quoted):
    def orders(start):
        file = SessionFile(quoted)
        engine = replay.engine(file, PROBE)
        batches = replay.batches(file)
        if start:
            batches = replay.lanes_from(engine, batches, start)
        asyncio.run(run(replay.session(file, engine, None), batches))
        return engine.state.lanes["probe"].metrics.accepted

    everything = orders(0)
    assert everything > 8
    assert 0 < orders(T0 + 20_000_000_000) < everything
    assert orders(T0 + 40_000_000_000) == 0


def test_other_versions_are_not_verifiable(tmp_path):
    path = tmp_path / "old.jsonl.zst"
    import msgspec

    header = msgspec.structs.replace(make_header(created=T0, settings={}), version="0.0.1")
    Recorder(path, header, b"null").close()
    with pytest.raises(NotVerified, match=r"recorded with version 0\.0\.1"):
        replay.check_versions(SessionFile(path))


def test_a_session_without_digests_is_not_verifiable(quoted):
    file = SessionFile(quoted)
    session = replay.session(file, replay.engine(file, PROBE), None, verify=True)
    asyncio.run(run(session, replay.batches(file)))
    with pytest.raises(NotVerified, match="no digests"):
        replay.check_digests(session, quoted)


def test_an_opening_that_is_no_state(tmp_path):
    path = tmp_path / "odd.jsonl.zst"
    Recorder(path, make_header(created=T0, settings={}), b'{"now":"noon"}').close()
    with pytest.raises(SessionError, match="opening state"):
        replay.engine(SessionFile(path), PROBE)


def test_a_rotated_file_goes_on_from_its_opening(quoted, tmp_path):
    """Cut a run in two files: the second, alone, ends where the whole run ends."""
    file = SessionFile(quoted)
    whole = replay.engine(file, PROBE)
    effects = []
    asyncio.run(run(replay.session(file, whole, None, listeners=(effects.extend,)), replay.batches(file)))
    first = replay.engine(file, PROBE)
    frames = [frame for batch in SessionFile(quoted).blocks() for frame in batch]
    session = replay.session(file, first, None)
    for frame in frames[:31]:
        session.take(frame)
    path = tmp_path / "second.jsonl.zst"
    with Recorder(path, file.header, first.opening()) as recorder:
        for n, frame in enumerate(frames[31:], start=1):
            recorder.write(n, frame.t, frame.s, bytes(frame.d), url=frame.u)
    second = SessionFile(path)
    tail = []
    engine = replay.engine(second, PROBE)
    asyncio.run(run(replay.session(second, engine, None, listeners=(tail.extend,)), replay.batches(second)))
    assert tail
    assert tail == effects[-len(tail) :]
    assert engine.opening() == whole.opening()
