"""The settings screen: what it shows, what typing does and does not, what is applied and where it is written."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from app_sample import REPLAYING, STATUS, VIEW, SamplePlayer, change

from cockpit.domain.commands import SetLimits
from cockpit.domain.units import MONEY
from cockpit.settings.files import SettingsFile, load
from cockpit.settings.tree import Settings

MINE = """\
# my desk
[desk]
threshold_cents = 6   # mine
[kalshi]
series = ["KXBTCD", "KXETHD"]   # no more
key_id = "my-own-id"
"""
DOWN = ["down"]
KEY_ROW = 21
"""Of the screen: what keys do."""


def written() -> str:
    """What stands in the file."""
    return Path("config.toml").read_text()


def write(text: str) -> None:
    """Somebody else writes it."""
    Path("config.toml").write_text(text)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SettingsFile:
    """The person's file; its path is short wherever the tests run."""
    monkeypatch.chdir(tmp_path)
    write(MINE)
    return SettingsFile(Path("config.toml"))


@pytest.fixture
def view(file: SettingsFile) -> Any:
    """An engine that started with the file."""
    return change(VIEW, limits=load(file.path).limits())


def typed(text: str) -> list[str]:
    return ["space" if char == " " else char for char in text]


async def engine(desk: Any) -> None:
    """The engine carries out what was sent."""
    sent = desk.link.of(SetLimits)
    if sent:
        await desk.show(change(desk.link.shown, limits=sent[-1], ts=desk.link.shown.ts + 1))


async def test_it_shows_every_setting_with_its_default(run, snapshot, file, view):
    async with run(view, settings=file) as desk:
        await desk.press(",")
        snapshot("settings", desk.text())
        assert "my-own-id" not in desk.text()


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=str)
async def test_it_fits(run, snapshot, file, view, size):
    async with run(view, settings=file, size=size) as desk:
        await desk.press(",", *DOWN * 9)
        if size != (80, 24):
            snapshot("settings-wide", desk.text())
        rows = desk.text().splitlines()
    assert len(rows) == size[1]
    assert all(len(row) <= size[0] for row in rows)
    assert any("spot.assets" in row for row in rows)


async def test_typing_is_checked_and_applies_nothing(run, snapshot, file, view):
    async with run(view, settings=file) as desk:
        await desk.press(",", "enter", "9", "9")
        snapshot("settings-wrong", desk.text())
        assert "less than or equal to 50" in desk.text()
        await desk.press("enter")
        assert "less than or equal to 50" in desk.text()
        await desk.press("backspace", "enter")
        snapshot("settings-changed", desk.text())
        await desk.press("escape")
        assert "SETTINGS" not in desk.text()
        assert desk.link.of(SetLimits) == []
        assert written() == MINE
        await desk.press(",")
        assert "> desk.threshold_cents 6 " in desk.text()


async def test_escape_leaves_a_row_as_it_was_and_then_the_screen(run, file, view):
    async with run(view, settings=file) as desk:
        await desk.press(",", "enter", "9", "escape")
        assert "> desk.threshold_cents 6 " in desk.text()
        assert "SETTINGS" in desk.text()
        await desk.press("escape")
        assert "SETTINGS" not in desk.text()


async def test_one_key_applies_and_writes(run, snapshot, file, view):
    async with run(view, settings=file) as desk:
        await desk.press(",", "enter", "8", "enter", *DOWN * 5, "enter", *"50", "enter")
        await desk.press(*DOWN * 4, "enter", *typed(" KXSOLD"), "enter")
        assert desk.link.of(SetLimits) == []
        assert "w apply and write 3" in desk.row(KEY_ROW)
        await desk.press("w")
        await engine(desk)
        snapshot("settings-applied", desk.text())
        (sent,) = desk.link.of(SetLimits)
    assert sent == msgspec.structs.replace(view.limits, threshold=800, order=50 * MONEY)
    assert written() == (
        MINE.replace("= 6 ", "= 8 ").replace('"KXETHD"]', '"KXETHD", "KXSOLD"]') + "\n[caps]\norder = 50\n"
    )


async def test_what_is_watched_alone_sends_no_command(run, file, view):
    async with run(view, settings=file) as desk:
        await desk.press(",", "G", "enter", "ctrl+u", *"BTC", "enter", "w")
        assert "from the next start: spot.assets" in desk.text()
        assert "written: config.toml" in desk.text()
        assert desk.link.of(SetLimits) == []
    assert load(file.path).spot.assets == ("BTC",)


async def test_a_command_that_is_not_in_force_is_told_and_not_claimed(run, file, view):
    async with run(view, settings=file) as desk:
        await desk.press(",", "enter", "8", "enter", "w")
        assert "NOT IN FORCE: desk.threshold_cents 6 -> 8" in desk.text()
        assert ">!desk.threshold_cents 6 " in desk.text()
        assert "in force now" not in desk.text()


async def test_a_file_that_changed_meanwhile_is_not_written_over(run, snapshot, file, view):
    async with run(view, settings=file) as desk:
        await desk.press(",", "enter", "8", "enter")
        other = MINE.replace("= 6 ", "= 7 ")
        write(other)
        await desk.press("w")
        await engine(desk)
        snapshot("settings-overtaken", desk.text())
        assert "in force now: desk.threshold_cents 6 -> 8" in desk.text()
        assert written() == other
        await desk.press("w")
        assert written() == other
        await desk.press("r", "down", "up")
        assert "in force 8, in the file 7" in desk.text()
        await desk.press("w")
        assert len(desk.link.of(SetLimits)) == 1
    assert written() == MINE.replace("= 6 ", "= 8 ")


async def test_a_full_disk_is_a_message_and_what_was_applied_stays(run, file, view, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    async with run(view, settings=file) as desk:
        await desk.press(",", "enter", "8", "enter")
        with monkeypatch.context() as disk:
            disk.setattr(os, "fsync", full)
            await desk.press("w")
        await engine(desk)
        assert "in force now: desk.threshold_cents 6 -> 8" in desk.text()
        assert "NOT WRITTEN: No space left on device" in desk.text()
        assert written() == MINE
        await desk.press("w")
        assert "written:" in desk.text()


async def test_a_broken_file_is_told_and_limits_can_be_applied_all_the_same(run, file, view):
    write("[desk\n")
    async with run(view, settings=file) as desk:
        await desk.press(",")
        assert "NOT READ: Expected ']'" in desk.text()
        await desk.press("enter", "8", "enter", "w")
        await engine(desk)
        assert "in force now: desk.threshold_cents 6 -> 8" in desk.text()
        assert "NOT WRITTEN" in desk.text()
        write(MINE)
        await desk.press("r", "w")
    assert "= 8 " in written()


async def test_where_nothing_may_be_written_limits_hold_and_what_is_watched_is_shut(run, view):
    async with run(view, settings=SettingsFile(Path("config.toml"), "only looked at")) as desk:
        await desk.press(",", "G", "enter")
        assert "only looked at" in desk.text()
        await desk.press("g", "enter", "8", "enter", "w")
        await engine(desk)
        assert "in force now: desk.threshold_cents 6 -> 8" in desk.text()
        assert "not written: only looked at" in desk.text()
        await desk.press("down", "up")
        assert "w apply" not in desk.text()


async def test_a_default_at_one_key(run, file, view):
    async with run(view, settings=file) as desk:
        await desk.press(",", "d")
        assert ">*desk.threshold_cents 5 " in desk.text()
        await desk.press("enter", "6", "enter")
        assert "> desk.threshold_cents 6 " in desk.text()
        assert "w apply" not in desk.text()


@pytest.mark.parametrize(
    ("status", "player", "why"),
    [
        (REPLAYING, True, "a recording plays"),
        (change(REPLAYING, hindsight=False, mode="DEMO"), True, "a recording plays"),
        (change(STATUS, read_only=True), False, "READ ONLY"),
        (change(STATUS, fault="journal: disk full"), False, "the session has ended"),
    ],
)
async def test_where_nothing_can_be_changed_it_says_so(run, file, view, status, player, why):
    async with run(view, status, player=SamplePlayer() if player else None, settings=file) as desk:
        await desk.press(",")
        assert why in desk.row(KEY_ROW)
        await desk.press("enter", "8", "enter", "d", "w")
        assert why in desk.text()
        assert "> desk.threshold_cents 6 " in desk.text()
        assert desk.link.of(SetLimits) == []
    assert written() == MINE


async def test_a_film_of_a_desk_shows_the_limits_it_had(run, snapshot, file, view):
    limits = change(Settings().limits(), threshold=300, strategies=("V14",))
    async with run(change(view, limits=limits), REPLAYING, player=SamplePlayer(), settings=file) as desk:
        await desk.press(",")
        snapshot("settings-film", desk.text())


@pytest.mark.parametrize("text", ["ww", "www", "dw", "xw\n"])
async def test_a_paste_applies_nothing(run, file, view, text):
    async with run(view, settings=file) as desk:
        await desk.press(",", "enter", "8", "enter")
        assert desk.app.dialog is not None
        desk.app.dialog.paste(text)
        desk.tap(*text.strip(), gap_ms=10)
        desk.wait(100)
        await desk.settle()
        assert desk.link.of(SetLimits) == []
    assert written() == MINE


async def test_a_long_list_is_typed_with_the_cursor_where_it_is_wanted(run, file, view):
    async with run(view, settings=file) as desk:
        await desk.press(",", *DOWN * 9, "enter", "home", *["delete"] * 7, *typed("KXNBAGAME "), "end")
        assert "kalshi.series = KXNBAGAME KXETHD" in desk.text()
        await desk.press(*typed(", KXA KXB KXC"), *["left"] * 4, "backspace", "B", "enter", "w")
    assert load(file.path).kalshi.series == ("KXNBAGAME", "KXETHD", "KXA", "KXB", "KXC")


async def test_without_a_file_there_is_a_screen_too(run, view):
    async with run(change(view, limits=None)) as desk:
        await desk.press(",", "G", "enter")
        assert "there is no settings file here" in desk.text()


def test_the_usual_key_stands_in_the_readme():
    text = (Path(__file__).parents[2] / "README.md").read_text()
    assert "| `,` |" in text
