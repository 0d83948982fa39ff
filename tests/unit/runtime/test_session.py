"""The session: one path for every input, recorded before it is read, checked when it is replayed."""

import asyncio

import msgspec
import pytest

from cockpit.domain.commands import CancelOrder, Kill, PlaceManual
from cockpit.domain.effects import CommandRefused, OrderFilled, OrderPlaced, RiskHalt, TicketRaised
from cockpit.domain.errors import NotVerified
from cockpit.domain.events import FeedUp
from cockpit.domain.units import BID, QTY
from cockpit.engine.engine import Engine
from cockpit.feeds.base import Frame
from cockpit.runtime import replay
from cockpit.runtime.feeds import recorded
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import Session, run
from cockpit.settings.tree import Settings, read

from ...conftest import T0, TICKER  # noqa: TID252  the tests are no package


def command(wire, ms, value):
    return wire.raw(ms, "command", msgspec.json.encode(value))


def start(path, **options):
    file = SessionFile(path)
    effects = []
    engine = replay.engine(file, read(file.header.settings, "header"))
    session = replay.session(file, engine, None, listeners=(effects.extend,), **options)
    asyncio.run(run(session, replay.batches(file)))
    return session, effects


def placed(wire, ms=5):
    return command(wire, ms, PlaceManual(T0 + ms * 1_000_000, TICKER, BID, 4000, 10 * QTY, ref="mine"))


def traded(wire):
    wire.market(0).snapshot(1, {"0.4000": "100.00"}, {"0.5800": "80.00"})
    placed(wire)
    return wire.trade(400, "0.3900", "4.00", "no").trade(1500, "0.3900", "4.00", "no")


def test_recorded_commands_are_carried_out_again(wire, write):
    session, effects = start(write(traded(wire).frames))
    assert [e.order for e in effects if isinstance(e, OrderPlaced)] == ["desk-1"]
    assert sum(e.qty for e in effects if isinstance(e, OrderFilled) and e.counts) == 8 * QTY
    assert session.engine.state.lanes["desk"].account.positions[TICKER].qty == 8 * QTY


def test_commands_can_be_left_out(wire, write):
    _, effects = start(write(traded(wire).frames), approve="none")
    assert effects == []


def test_orphans_are_counted(wire, write):
    wire.market(0)
    command(wire, 1, CancelOrder(T0, "nothing"))
    command(wire, 2, Kill(T0))
    session, effects = start(write(wire.frames))
    assert session.engine.state.orphans == 1
    assert [type(e) for e in effects] == [CommandRefused, RiskHalt]


def test_bad_frames_are_counted_and_survived(wire, write):
    wire.market(0).raw(1, "kalshi.ws", b'{"type":"orderbook_delta","sid":1,"seq":1,"msg":{}}')
    wire.raw(2, "kalshi.ws", b"not json").raw(3, "nobody.ws", b"{}").raw(4, "command", b'{"type":"Dance"}')
    wire.raw(5, "link", b'{"type":"FeedUp","ts":0,"feed":"kalshi"}').raw(6, "tick", b"null")
    session, _ = start(write(wire.frames))
    assert session.faults == {"kalshi.ws": 2, "nobody.ws": 1, "command": 1}
    assert session.first_fault.startswith("frame 2 from kalshi.ws")
    assert session.frames == 7


def test_a_clock_that_goes_back_is_held(wire):
    seen = []
    engine = Engine(Settings().engine())
    session = Session(engine, recorded(()), listeners=(seen.extend,))
    for n, t in enumerate((100, 300, 200, 400)):
        session.take(Frame(n, t, "tick", msgspec.Raw(b"null")))
    assert session.backwards == 1
    assert engine.state.now == 400


def test_a_recording_of_a_replay_holds_the_same_frames_and_verifies(wire, write, tmp_path):
    path = write(traded(wire).frames)
    file = SessionFile(path)
    settings = Settings().with_lanes(("probe",))
    engine = replay.engine(file, settings)
    out = tmp_path / "again.jsonl.zst"
    recorder = replay.recorder(out, file, settings, engine)
    first = replay.session(file, engine, recorder)
    replay.run_quietly(first, replay.batches(file), recorder)
    again = SessionFile(out)
    lines = [line for batch in again.blocks() for line in batch if line.s != "digest"]
    assert [bytes(line.d) for line in lines] == [payload for _, _, payload, _ in wire.frames]
    second, _ = start(out, verify=True)
    assert second.digest != Session(Engine(Settings().engine()), recorded(())).digest
    assert again.header.settings["lab"] == {"lanes": ["probe"]}


def test_a_difference_is_named(wire, write, tmp_path):
    path = write(traded(wire).frames)
    file = SessionFile(path)
    engine = replay.engine(file, Settings())
    out = tmp_path / "again.jsonl.zst"
    recorder = replay.recorder(out, file, Settings(), engine)
    replay.run_quietly(replay.session(file, engine, recorder), replay.batches(file), recorder)
    slower = Settings.model_validate({"simulator": {"entry_latency_ms": 500}})
    again = SessionFile(out)
    with pytest.raises(NotVerified, match=r"effects differ in the second before t=\d+ \(frames up to \d+\)"):
        asyncio.run(
            run(replay.session(again, replay.engine(again, slower), None, verify=True), replay.batches(again))
        )


def test_everything_is_approved_when_asked(wire):
    """A raised ticket comes back as a command at once; without ticket strategies it names nothing."""
    engine = Engine(Settings().engine())
    seen = []
    session = Session(engine, recorded(()), listeners=(seen.extend,), approve="all")
    session._perform([TicketRaised(1, "desk", "D-1", TICKER, BID, 4000, QTY, 9)])
    session._approve_all()
    assert [e.reason for e in seen if isinstance(e, CommandRefused)] == ["no ticket D-1"]


def test_the_loop_lets_others_run(wire, write, monkeypatch):
    monkeypatch.setattr("cockpit.runtime.session.YIELD_AFTER", 0.0)
    others = []

    async def both():
        async def other():
            while True:
                others.append(1)
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as group:
            task = group.create_task(other())
            session = Session(Engine(Settings().engine()), recorded(()))
            batches = [[Frame(n, n, "tick", msgspec.Raw(b"null"))] for n in range(50)]
            await run(session, batches)
            task.cancel()

    asyncio.run(both())
    assert len(others) > 10


def test_a_link_resets_its_feed(wire):
    session = Session(Engine(Settings().engine()), recorded(()))
    wire.snapshot(1, {"0.4000": "100.00"}, {}).delta(2, "yes", "0.4000", "1.00")
    for n, (t, source, data, _) in enumerate(wire.frames):
        session.take(Frame(n, t, source, msgspec.Raw(data)))
    session.take(Frame(3, T0, "link", msgspec.Raw(msgspec.json.encode(FeedUp(T0, "kalshi")))))
    wire._seq[1] = 0
    wire.frames.clear()
    wire.snapshot(3, {"0.4000": "50.00"}, {})
    for t, source, data, _ in wire.frames:
        session.take(Frame(4, t, source, msgspec.Raw(data)))
    m = session.engine.state.markets[TICKER]
    assert m.book.bids == {4000: 50 * QTY}
    assert not session.engine.state.doubts
