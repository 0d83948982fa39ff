"""Who is called when something happens."""

import asyncio
import json
import sys

import pytest
from app_sample import NOTES, REPLAYING, VIEW, SamplePlayer, change

from cockpit.app import alerts
from cockpit.app.alerts import SNOOZE_NS, Alerts
from cockpit.app.panes.registry import Spec
from cockpit.domain.units import SECOND
from cockpit.domain.view import Note

PANES = (
    Spec("Edges", "Edge", "x:y", frozenset({"ticket"})),
    Spec("Desk", "Desk", "x:y", frozenset({"fill", "cap"})),
)
CODE = "import json,os,sys; json.dump([sys.argv[2:], {k: v for k, v in os.environ.items() if 'COCKPIT' in k}], open(sys.argv[1], 'w'))"


class Room:
    """All the means, noted."""

    def __init__(self, **options) -> None:
        self.rung = 0
        self.titles, self.work, self.said = [], [], []
        self.alerts = Alerts(
            PANES, bell=self.bell, title=self.titles.append, start=self.work.append,
            say=lambda words, role: self.said.append(words), **options,
        )  # fmt: skip
        self.alerts.take((), "Edges", 0, live=True)

    def bell(self) -> None:
        self.rung += 1

    def take(self, *notes, now=0, live=True, active="Edges"):
        return self.alerts.take(notes, active, now, live=live)


def note(n, kind="fill", loud=True):
    return Note(n, 0, kind, f"{kind} {n}", "M", loud=loud)


def test_each_note_once_whatever_comes_back():
    room = Room()
    assert len(room.take(note(1), note(2))) == 2
    assert room.take(note(1), note(2), now=9 * SECOND) == []
    assert room.take(note(1), now=18 * SECOND) == []
    assert room.rung == 1
    assert room.titles == ["fill 2"]


def test_what_was_there_before_is_old():
    room = Room()
    room.alerts = Alerts(
        PANES, bell=room.bell, title=room.titles.append, start=room.work.append, say=lambda *_: None
    )
    assert room.take(note(5), note(6)) == []
    assert room.rung == 0
    assert [found.n for found in room.take(note(6), note(7))] == [7]


def test_quiet_notes_do_not_ring_and_bells_are_a_second_apart():
    room = Room()
    room.take(note(1, loud=False))
    assert room.rung == 0
    for i in range(2, 12):
        room.take(note(i), now=i * SECOND // 10 + SECOND)
    assert room.rung == 1
    room.take(note(20), now=9 * SECOND)
    assert room.rung == 2


def test_mute_and_snooze():
    room = Room()
    room.alerts.mute = True
    room.take(note(1), now=SECOND)
    room.alerts.mute = False
    assert room.alerts.snooze(2 * SECOND)
    room.take(note(2), now=3 * SECOND)
    assert room.rung == 0
    assert room.alerts.snoozed(3 * SECOND) == SNOOZE_NS - SECOND
    room.take(note(3), now=3 * SECOND + SNOOZE_NS)
    assert room.rung == 1
    room.alerts.snooze(4 * SECOND + SNOOZE_NS)
    assert not room.alerts.snooze(5 * SECOND + SNOOZE_NS)


def test_unread_counts_are_of_other_panes():
    room = Room()
    room.take(note(1), note(2, "ticket"), note(3, "cap"), note(4, "info"))
    assert dict(room.alerts.unread) == {"Desk": 2}
    room.alerts.read("Desk")
    assert not room.alerts.unread


async def test_a_persons_command_gets_the_words_and_no_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("COCKPIT_KALSHI_KEY", "secret")
    monkeypatch.delenv("COCKPIT_UPDATE_SNAPSHOTS", raising=False)
    out = tmp_path / "out"
    room = Room(hook=[sys.executable, "-c", CODE, str(out), "{kind}: {text}; $(id)", "{market}"])
    room.take(note(1))
    (work,) = room.work
    await work
    arguments, environment = json.loads(out.read_text())
    assert arguments == ["fill: fill 1; $(id)", "M"]
    assert environment == {"COCKPIT_KIND": "fill", "COCKPIT_TEXT": "fill 1", "COCKPIT_MARKET": "M"}
    assert room.said == []


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        (["/no/such/program"], "No such file"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "exit code 3"),
        ([sys.executable, "-c", "import time; time.sleep(60)"], "stopped after"),
        (["a\0b"], "alert command"),
    ],
)
async def test_a_command_that_fails_or_hangs_is_told(monkeypatch, hook, said):
    monkeypatch.setattr(alerts, "HOOK_SECONDS", 0.3)
    room = Room(hook=hook)
    room.take(note(1))
    await asyncio.wait_for(room.work[0], 20)
    assert said in room.said[0]


def test_not_more_commands_than_a_few_and_none_for_a_recording():
    room = Room(hook=["true"])
    room.take(note(1), live=False)
    assert room.work == []
    room.take(*(note(i) for i in range(2, 9)))
    assert len(room.work) == 4
    assert "still running" in room.said[0]
    for work in room.work:
        work.close()


async def test_on_the_screen(run):
    async with run() as desk:
        desk.app.bell = lambda: setattr(desk, "rung", getattr(desk, "rung", 0) + 1)
        desk.app.alerts._bell = desk.app.bell
        await desk.show(change(VIEW, notes=(*NOTES, Note(3, 0, "halt", "total cap at 80 %", loud=True))))
        assert "total cap at 80 %" in desk.row(16)
        assert desk.rung == 1
        await desk.press("m")
        assert "| muted" in desk.text()
        await desk.press("m", "z")
        assert "snooze" in desk.text()


async def test_no_command_runs_for_a_replay(run):
    async with run(VIEW, REPLAYING, player=SamplePlayer(), hook=["/no/such/program"]) as desk:
        await desk.show(change(VIEW, notes=(*NOTES, Note(3, 0, "halt", "halted", loud=True))))
        assert desk.app.alerts._running == 0
