"""A session played: pace, pause, step, seek, markers, and what a person does meanwhile."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from cockpit.cli.screen import WARM, bundled
from cockpit.domain.commands import Approve, Kill, Lease, PlaceManual, Present, Resume
from cockpit.domain.effects import Effect
from cockpit.domain.units import BID, QTY, SECOND
from cockpit.engine.config import WHAT_IF
from cockpit.runtime import replay
from cockpit.runtime.film import FASTEST, SLICE_NS, SLOWEST, Film
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.scout import marked
from cockpit.settings.tree import Settings

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "btc-hour-seed7.jsonl.zst"


class Clock:
    """A steady clock that goes on by itself a little at each look, and by as much as a test says."""

    def __init__(self) -> None:
        self.now = 0
        self.each = 5_000

    def __call__(self) -> int:
        self.now += self.each
        return self.now


class Hall:
    """A film and its clock."""

    def __init__(self, hindsight: bool = False, path: Path = EXAMPLE, **more: object) -> None:
        self.clock = Clock()
        file = SessionFile(path)
        self.film = Film(
            file, Settings(), mode="REPLAY", hindsight=hindsight, clock=self.clock, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    def passes(self, seconds: float) -> "Hall":
        """Time passes, and the film keeps up."""
        self.clock.now += int(seconds * SECOND)
        self.settle()
        return self

    def settle(self) -> None:
        while self.film.work():
            pass

    @property
    def at(self) -> float:
        """Seconds from the start to the playhead."""
        return (self.film.status().playback.now - self.film.start) / SECOND  # type: ignore[union-attr]

    def digest(self) -> str:
        return self.film._session.digest


@pytest.fixture(scope="module")
def whole() -> dict[str, object]:
    """The same session without a screen."""
    file = SessionFile(EXAMPLE)
    made = replay.engine(file, Settings())
    effects: list[Effect] = []
    session = replay.session(file, made, None, listeners=(effects.extend,))
    replay.run_quietly(session, replay.batches(file), None)
    return {"digest": session.digest, "frames": session.frames, "effects": effects}


def test_it_plays_at_the_pace_it_happened() -> None:
    hall = Hall()
    hall.passes(3)
    assert 2.5 < hall.at < 3.6
    view = hall.film.view()
    assert view.spots
    assert len(view.rows) > 10


def test_the_end_is_the_same_as_without_a_screen(whole: dict[str, object]) -> None:
    hall = Hall(speed=500)
    hall.passes(10)
    status = hall.film.status()
    assert status.playback is not None
    assert status.playback.finished
    assert hall.digest() == whole["digest"]


def test_pause_speed_and_step() -> None:
    hall = Hall()
    hall.passes(2)
    hall.film.toggle()
    stood = hall.at
    hall.passes(5)
    assert hall.at == stood
    hall.film.step()
    hall.settle()
    assert hall.at == pytest.approx(stood + 0.25, abs=0.01)
    hall.film.toggle()
    hall.film.speed(10)
    hall.passes(1)
    assert hall.at == pytest.approx(stood + 10.25, abs=0.6)
    hall.film.speed(1e9)
    assert hall.film.status().playback.speed == FASTEST  # type: ignore[union-attr]
    hall.film.speed(0)
    assert hall.film.status().playback.speed == SLOWEST  # type: ignore[union-attr]


def test_seeking_back_and_forth_is_the_same_place() -> None:
    straight, jumping = Hall(), Hall()
    straight.film.seek(straight.film.start + 40 * SECOND)
    straight.settle()
    for seconds in (90, 20, 60, 40):
        jumping.film.seek(jumping.film.start + seconds * SECOND)
        jumping.settle()
    assert (jumping.at, straight.at) == (40, 40)
    assert jumping.digest() == straight.digest()
    assert jumping.film.view().rows == straight.film.view().rows


def test_a_slice_lets_others_run() -> None:
    hall = Hall(speed=500)
    hall.clock.each = 100_000
    hall.clock.now += 10 * SECOND
    before = hall.clock.now
    assert hall.film.work()
    assert hall.clock.now - before < 2 * SLICE_NS


class TestMarkers:
    def scouted(self) -> Hall:
        hall = Hall()
        while not hall.film._scout.done:
            hall.film._scout.read(hall.clock() + SLICE_NS, hall.clock)
        return hall

    def test_they_are_what_comes(self, whole: dict[str, object]) -> None:
        hall = self.scouted()
        markers = hall.film.status().playback.markers  # type: ignore[union-attr]
        coming = {(e.ts // SECOND, marked(e)) for e in whole["effects"] if marked(e)}  # type: ignore[attr-defined]
        assert {(m.ts // SECOND, m.kind) for m in markers} == coming
        assert any(m.kind == "ticket" for m in markers)

    def test_next_and_last(self) -> None:
        hall = self.scouted()
        tickets = [m.ts for m in hall.film.status().playback.markers if m.kind == "ticket"]  # type: ignore[union-attr]
        hall.film.pause()
        hall.film.next("ticket")
        hall.settle()
        assert hall.film.view().tickets
        assert abs(hall.film.start + int(hall.at * SECOND) - tickets[0]) <= SECOND
        hall.film.seek(tickets[2] + 2 * SECOND)
        hall.settle()
        hall.film.next("ticket", back=True)
        hall.settle()
        assert hall.film.start + int(hall.at * SECOND) in tickets


class TestAHand:
    def first_ticket(self, hindsight: bool) -> Hall:
        hall = Hall(hindsight=hindsight)
        hall.film.pause()
        hall.film.next("ticket")
        hall.settle()
        return hall

    def approve(self, hall: Hall) -> None:
        ticket = hall.film.view().tickets[0]
        hall.film.send(
            Approve(
                0, ticket.id, ticket.side, ticket.price, ticket.qty, -SECOND, -9 * SECOND, lane=hall.film.lane
            )
        )

    def test_in_the_demo_it_is_the_desks(self) -> None:
        hall = self.first_ticket(hindsight=False)
        self.approve(hall)
        view = hall.film.view()
        assert [order.lane for order in view.desk.working] == ["desk"]
        assert "approved by hand after" in view.notes[-1].text

    def test_a_film_has_no_limits_of_its_own(self) -> None:
        for hindsight in (False, True):
            hall = self.first_ticket(hindsight=hindsight)
            before = hall.film.view().limits
            assert before is not None
            hall.film.send(msgspec.structs.replace(before, threshold=before.threshold + 100))
            assert hall.film.view().limits == before

    def test_in_a_replay_it_is_hindsight(self) -> None:
        hall = self.first_ticket(hindsight=True)
        self.approve(hall)
        view = hall.film.view()
        assert [order.lane for order in view.desk.working] == [WHAT_IF]
        assert not hall.film._session.engine.state.lanes["desk"].working
        assert not view.tickets

    def test_it_is_remembered_when_going_back_and_forgotten_when_going_further_back(self) -> None:
        hall = self.first_ticket(hindsight=False)
        self.approve(hall)
        done = hall.film.status().playback.now  # type: ignore[union-attr]
        hall.film.seek(done + 20 * SECOND)
        hall.settle()
        after = hall.film.view().desk.working, hall.digest()
        hall.film.seek(done + 5 * SECOND)
        hall.settle()
        assert [order.id for order in hall.film.view().desk.working] == ["desk-1"]
        hall.film.seek(done + 20 * SECOND)
        hall.settle()
        assert (hall.film.view().desk.working, hall.digest()) == after
        hall.film.seek(done - 2 * SECOND)
        hall.settle()
        hall.film.seek(done + 1 * SECOND)
        hall.settle()
        assert hall.film.view().desk.working == ()

    def test_hindsight_leaves_every_other_effect_as_it_was(self, whole: dict[str, object]) -> None:
        hall = self.first_ticket(hindsight=True)
        told: list[Effect] = []
        hall.film._session._listeners = (told.extend,)
        self.approve(hall)
        ticker = hall.film.view().rows[0].ticker
        hall.film.send(PlaceManual(0, ticker, BID, 5000, 20 * QTY, lane=WHAT_IF))
        hall.film.seek(hall.film.end)
        hall.settle()
        since = told[0].ts
        mine = [e for e in told if getattr(e, "lane", "") == WHAT_IF]
        others = [
            e for e in told if getattr(e, "lane", "") != WHAT_IF and type(e).__name__ != "CommandRefused"
        ]
        untouched = [e for e in whole["effects"] if e.ts > since]  # type: ignore[attr-defined]
        assert mine
        assert [e for e in others if e.ts > since] == untouched

    def test_a_kill_stops_tickets_in_the_demo(self) -> None:
        hall = self.first_ticket(hindsight=False)
        hall.film.send(Kill(0))
        hall.film.send(Present(0))
        assert hall.film.view().killed
        hall.film.resume()
        hall.passes(30)
        assert not hall.film.view().tickets


def test_a_file_that_breaks_off_is_a_place_to_stand(tmp_path: Path) -> None:
    torn = tmp_path / "torn.jsonl.zst"
    torn.write_bytes(EXAMPLE.read_bytes()[:300_000])
    hall = Hall(path=torn, speed=500)
    hall.passes(10)
    playback = hall.film.status().playback
    assert playback is not None
    assert playback.finished
    assert hall.film.view().rows
    assert "bytes dropped" in hall.film.status().fault


class TestWhileItRuns:
    def test_words_wait_until_it_arrives(self) -> None:
        hall = Hall()
        hall.film.seek(hall.film.start + 60 * SECOND)
        hall.film.send(PlaceManual(0, "KXBTCD-26DEC0317-T83749.99", BID, 5_000, QTY))
        assert hall.film.view().desk.working == ()
        hall.settle()
        (order,) = hall.film.view().desk.working
        assert order.sent_ns >= hall.film.start + 59 * SECOND
        hall.film.seek(hall.film.start + 50 * SECOND)
        hall.film.send(PlaceManual(0, "KXBTCD-26DEC0317-T83749.99", BID, 4_900, QTY))
        hall.settle()
        assert [order.price for order in hall.film.view().desk.working] == [4_900]
        hall.film.seek(hall.film.start + 70 * SECOND)
        hall.settle()
        hall.film.seek(hall.film.start + 55 * SECOND)
        hall.settle()
        assert [order.price for order in hall.film.view().desk.working] == [4_900]

    def test_the_recorded_desk_cannot_be_killed_nor_leased(self) -> None:
        hall = Hall(hindsight=True)
        hall.passes(2)
        for command in (Kill(0), Lease(0, 2, 10**12, 10**12), Resume(0), Present(0)):
            hall.film.send(command)
        view = hall.film.view()
        assert not view.killed
        assert view.lease is None
        assert view.away_ns is None

    def test_nothing_ahead_is_no_journey(self) -> None:
        hall = Hall()
        hall.film.seek(hall.film.end - 2 * SECOND)
        hall.settle()
        while not hall.film._scout.done:
            hall.film._scout.read(hall.clock() + SLICE_NS, hall.clock)
        hall.film.pause()
        before = hall.at
        hall.film.next("ticket")
        hall.settle()
        assert hall.at == before


def test_the_demo_has_something_to_decide_and_everything_moves() -> None:
    hall = Hall(path=bundled())
    hall.film.seek(replay.moment(WARM, SessionFile(bundled())))
    hall.settle()
    before = hall.film.view()
    hall.passes(1)
    after = hall.film.view()
    assert before.rows != after.rows
    assert before.spots != after.spots
    assert hall.film.status().feeds[0].frames > 100
    assert hall.film.status().synthetic
    seen = 0
    for _ in range(30):
        seen += bool(hall.passes(1).film.view().tickets)
    assert seen > 10


def test_feeds_are_counted(write: Callable[..., Path]) -> None:
    hall = Hall()
    hall.passes(3)
    lines = {line.source: line for line in hall.film.status().feeds}
    assert set(lines) >= {"kalshi.ws", "coinbase.ws", "kraken.ws", "kalshi.rest"}
    assert lines["kalshi.ws"].frames > 100
    assert lines["kalshi.ws"].rate > 10
    assert lines["kalshi.ws"].age_ns < SECOND
