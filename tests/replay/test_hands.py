"""A person at the desk, recorded: the replay does the same, to the bit; hindsight on top of it changes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.domain.commands import (
    Approve,
    CancelOrder,
    Command,
    Edit,
    Kill,
    Lease,
    PlaceManual,
    Present,
    Reject,
    Resume,
)
from cockpit.domain.effects import Effect, OrderFilled, OrderPlaced, TicketDecided, TicketRaised, encode
from cockpit.domain.units import BID, MONEY, QTY, SECOND
from cockpit.engine.config import DESK, WHAT_IF
from cockpit.engine.engine import Engine
from cockpit.runtime import replay
from cockpit.runtime.journal import Journal
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import Session
from cockpit.settings.tree import Settings

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "btc-hour-seed7.jsonl.zst"


class Person:
    """Approves, rejects and edits tickets as they come, and now and then does something else."""

    def __init__(self) -> None:
        self.session: Session
        self.effects: list[Effect] = []
        self.todo: list[Command] = []

    def hear(self, effects: list[Effect]) -> None:
        self.effects += effects
        for effect in effects:
            if isinstance(effect, TicketRaised) and effect.rev == 1:
                self.todo.append(self.answer(effect))

    def answer(self, raised: TicketRaised) -> Command:
        n = int(raised.ticket.removeprefix("T-"))
        if n % 5 == 4:
            return Reject(0, raised.ticket)
        if n % 7 == 6:
            return Edit(0, raised.ticket, raised.price - 100 * raised.side, raised.qty // 2 // QTY * QTY)
        return Approve(0, raised.ticket, raised.side, raised.price, raised.qty, -SECOND, -9 * SECOND)

    def moment(self, frames: int) -> Iterator[Command]:
        """What is said after a frame."""
        said, self.todo = self.todo, []
        yield from said
        extra: dict[int, Command] = {
            100: Present(0),
            9_000: PlaceManual(0, "KXBTCD-26DEC0317-T83749.99", BID, 5_000, 20 * QTY, ref="mine"),
            12_000: Lease(0, 2, 400 * MONEY, 60 * SECOND),
            15_000: CancelOrder(0, "mine"),
            20_000: Kill(0),
            21_000: Resume(0),
        }
        if frames in extra:
            yield extra[frames]
        if frames % 4_000 == 2_500:
            yield from self.join_the_best()

    def join_the_best(self) -> Iterator[Command]:
        """Rest at the best bid of every market, by hand."""
        for ticker, m in self.session.engine.state.markets.items():
            if m.book.two_sided:
                yield PlaceManual(0, ticker, BID, m.book.bid, 5 * QTY, 60 * SECOND)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Effect]]:
    """The example with a person at its desk, as a session file, and everything that came of it."""
    out = tmp_path_factory.mktemp("hands") / "hands.jsonl.zst"
    file, settings, person = SessionFile(EXAMPLE), Settings(), Person()
    made = replay.engine(file, settings)
    recorder = replay.recorder(out, file, settings, made)
    person.session = replay.session(file, made, recorder, listeners=(person.hear,))  # type: ignore[arg-type]
    for batch in file.blocks():
        for frame in batch:
            person.session.take(frame)
            for command in person.moment(person.session.frames):
                person.session.say(command)
    person.session.finish()
    recorder.close()
    return out, person.effects


def again(path: Path, *, verify: bool = True, meddle: bool = False) -> tuple[list[Effect], bytes]:
    file = SessionFile(path)
    settings = Settings()
    effects: list[Effect] = []
    session = replay.session(
        file, replay.engine(file, settings), None, listeners=(effects.extend,), verify=verify
    )
    seen = 0
    for batch in file.blocks():
        for frame in batch:
            session.take(frame)
            if meddle:
                raised = [e for e in effects[seen:] if isinstance(e, TicketRaised)]
                seen = len(effects)
                for ticket in raised:
                    session.say(
                        Approve(
                            0,
                            ticket.ticket,
                            ticket.side,
                            ticket.price,
                            ticket.qty,
                            -SECOND,
                            -9 * SECOND,
                            WHAT_IF,
                        )
                    )
    session.finish()
    assert not verify or session.digests > 100
    return effects, session.engine.opening()


def test_the_desk_was_busy(recorded: tuple[Path, list[Effect]]) -> None:
    _, effects = recorded
    decided = [(e.decision, e.by) for e in effects if isinstance(e, TicketDecided)]
    assert {("approved", "hand"), ("rejected", "hand"), ("approved", "lease")} <= set(decided)
    placed = [e for e in effects if isinstance(e, OrderPlaced) and e.lane == DESK]
    assert len(placed) > 8
    approved = {e.ticket for e in effects if isinstance(e, TicketDecided) and e.decision == "approved"}
    assert {e.ticket for e in placed} - {""} == approved
    assert sum(not e.ticket for e in placed) > 3
    assert any(isinstance(e, OrderFilled) and e.lane == DESK for e in effects)


def test_the_replay_is_the_same_to_the_bit(recorded: tuple[Path, list[Effect]]) -> None:
    path, effects = recorded
    assert encode(again(path)[0]) == encode(effects)


def test_a_recording_of_all_approved_replays_as_recorded(tmp_path: Path) -> None:
    file, settings = SessionFile(EXAMPLE), Settings()
    made = replay.engine(file, settings)
    out = tmp_path / "all.jsonl.zst"
    recorder = replay.recorder(out, file, settings, made)
    session = replay.session(file, made, recorder, approve="all")
    replay.run_quietly(session, replay.batches(file), recorder)
    effects = again(out)[0]
    assert sum(isinstance(e, OrderPlaced) and e.lane == DESK for e in effects) > 3


def test_hindsight_changes_nothing_else(recorded: tuple[Path, list[Effect]], tmp_path: Path) -> None:
    path, effects = recorded
    meddled, opening = again(path, verify=False, meddle=True)
    mine = [e for e in meddled if getattr(e, "lane", "") == WHAT_IF]
    assert sum(isinstance(e, OrderPlaced) for e in mine) > 5
    assert [e for e in meddled if getattr(e, "lane", "") != WHAT_IF] == effects

    with Journal(tmp_path / "journal.db") as journal:
        journal.begin(Engine(Settings().engine()).opening())
        journal.listen(meddled)
        journal.commit(opening, 1, meddled[-1].ts)
        assert {row.lane for row in journal.orders()} <= {DESK, "mirror", "V11", "V14", "V15"}
