"""Limits changed while a session was recorded: its replay does the same to the bit, also where a file begins after."""

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cockpit.domain.commands import Approve, Command, SetLimits
from cockpit.domain.effects import Effect, LimitSet, OrderPlaced, TicketRaised, TicketWithdrawn, encode
from cockpit.domain.units import MONEY, SECOND
from cockpit.engine.config import DESK
from cockpit.engine.engine import Engine, restore
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from cockpit.runtime import replay
from cockpit.runtime.journal import Journal
from cockpit.runtime.reader import SessionFile
from cockpit.settings.tree import Settings

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "btc-hour-seed7.jsonl.zst"
CHANGES = {
    4_000: {"threshold": 300, "order": 40 * MONEY},
    9_000: {"strategies": ("V15", "V14"), "bankroll": 20_000 * MONEY, "event_share": 100_000},
    11_500: {"threshold": 300},
    16_000: {"threshold": 1_500, "day_loss": 100 * MONEY},
    17_500: {"threshold": 500},
    21_000: {"order": 25 * MONEY, "total": 300 * MONEY, "strategies": ("V14", "V15")},
}
"""By the frames taken before."""
ANSWERS = {2: {"threshold": 5_000}, 5: {"strategies": ("V14",)}}
"""What a ticket's number makes the person do instead of approving it."""
HALF = {n // 4: change for n, change in CHANGES.items()}
CUT = 12_000
"""After so many a new file is begun: limits other than the settings' are in force."""


def commands(
    change: dict[str, Any] | None, limits: SetLimits, raised: list[TicketRaised]
) -> Iterator[Command]:
    """Tickets are approved, or make a person set other limits; now and then others are set besides."""
    while raised:
        t = raised.pop()
        answer = ANSWERS.get(int(t.ticket.removeprefix("T-")))
        if answer is not None:
            limits = msgspec.structs.replace(limits, ts=0, **answer)
            yield limits
        else:
            yield Approve(0, t.ticket, t.side, t.price, t.qty, -SECOND, -9 * SECOND)
    if change is not None:
        yield msgspec.structs.replace(limits, ts=0, **change)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[Effect], bytes]:
    """The example with limits changed in it, in two files, and everything that came of it."""
    folder = tmp_path_factory.mktemp("limits")
    paths = [folder / f"{name}.jsonl.zst" for name in ("first", "second")]
    file, settings, effects = SessionFile(EXAMPLE), Settings(), list[Effect]()
    raised: list[TicketRaised] = []
    made = replay.engine(file, settings)

    def hear(told: list[Effect]) -> None:
        effects.extend(told)
        raised.extend(e for e in told if isinstance(e, TicketRaised) and e.rev == 1)

    recorder = replay.recorder(paths[0], file, settings, made)
    session = replay.session(file, made, recorder, listeners=(hear,))  # type: ignore[arg-type]
    for batch in file.blocks():
        for frame in batch:
            session.take(frame)
            if session.frames == CUT:
                recorder = replay.recorder(paths[1], file, settings, made)
                session.record(recorder)
            for command in commands(CHANGES.get(session.frames), made.gate.limits.now, raised):
                session.say(command)
    session.finish()
    recorder.close()
    return paths, effects, made.opening()


def again(path: Path) -> tuple[list[Effect], Engine]:
    file, effects = SessionFile(path), list[Effect]()
    made = replay.engine(file, Settings())
    session = replay.session(file, made, None, listeners=(effects.extend,), verify=True)
    for batch in file.blocks():
        for frame in batch:
            session.take(frame)
    session.finish()
    assert session.digests > 20
    return effects, made


def test_the_limits_mattered(recorded: tuple[list[Path], list[Effect], bytes]) -> None:
    _, effects, _ = recorded
    named = [e.name for e in effects if isinstance(e, LimitSet)]
    assert len(named) > 12
    reasons = {e.reason for e in effects if isinstance(e, TicketWithdrawn)}
    assert {"LOW is under half the new threshold", "V15 is off the desk"} <= reasons
    assert sum(isinstance(e, OrderPlaced) and e.lane == DESK for e in effects) > 2


def test_both_files_replay_to_the_same_digests(recorded: tuple[list[Path], list[Effect], bytes]) -> None:
    paths, effects, opening = recorded
    first, _ = again(paths[0])
    second, engine = again(paths[1])
    assert encode(first + second) == encode(effects)
    assert any(isinstance(e, LimitSet) for e in second)
    assert engine.opening() == opening


def test_a_file_that_begins_after_a_change_shows_what_was_in_force(
    recorded: tuple[list[Path], list[Effect], bytes],
) -> None:
    paths, _, _ = recorded
    engine = replay.engine(SessionFile(paths[1]), Settings())
    shown = view(engine, Watch(engine))
    assert shown.threshold == 0.03
    assert shown.limits is not None
    assert (shown.limits.order, shown.limits.strategies) == (40 * MONEY, ("V15", "V14"))
    assert shown.desk.bankroll == 20_000 * MONEY
    assert engine.gate.caps_of("V15").order == 100 * MONEY


def test_read_back_at_any_input_it_goes_on_as_one_that_never_stopped() -> None:
    inputs = 6_000
    one = Engine(Settings().engine())
    points = set(random.Random(1).sample(range(inputs), 25))
    other, raised = one, list[TicketRaised]()
    for i, event in enumerate(islice(replay.events(SessionFile(EXAMPLE)), inputs)):
        said = commands(HALF.get(i), one.gate.limits.now, raised)
        for item in (event, *(msgspec.structs.replace(each, ts=event.ts) for each in said)):
            if i in points and item is event:
                written = one.opening()
                assert other.opening() == written, f"before input {i}"
                other = Engine(one.config, restore(written))
            told = one.process(item)
            raised += [e for e in told if isinstance(e, TicketRaised) and e.rev == 1]
            if other is not one:
                assert other.process(item) == told, f"input {i}, {item}"
    assert one.state.limits is not None
    assert other.opening() == one.opening()


def test_the_journal_knows_who_set_what_and_gives_no_limits_back(
    recorded: tuple[list[Path], list[Effect], bytes], tmp_path: Path
) -> None:
    _, effects, opening = recorded
    with Journal(tmp_path / "journal.db") as journal:
        journal.begin(Engine(Settings().engine()).opening())
        journal.listen(effects)
        journal.commit(opening, 1, effects[-1].ts)
        rows = [(row.command, row.reason) for row in journal.decisions() if row.kind == "limit set"]
    assert rows[:2] == [("desk.threshold_cents", "5 -> 3"), ("caps.order", "100 -> 40")]
    assert ("desk.strategies", "V15 -> V15 V14") in rows
