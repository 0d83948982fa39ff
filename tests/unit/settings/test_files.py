"""Writing settings back: only what was changed is changed, whole or not at all, and never over somebody else's work."""

import os
import stat
from pathlib import Path

import pytest

from cockpit.domain.errors import OutputError, Overtaken, SettingsError
from cockpit.settings.files import SettingsFile, load

MINE = """\
# my desk, do not touch
profile = "mine"   # not the usual one

[desk]   # who proposes, and when
threshold_cents = 5   # five is the aim
strategies = [
  "V15",   # the blend
  # V12 is off since May
]

[kalshi]
key_id = "an-id"
"""


def beside(folder: Path) -> list[str]:
    """The names in a folder."""
    return [each.name for each in folder.iterdir()]


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    path = tmp_path / "config.toml"
    path.write_text(MINE)
    made = SettingsFile(path)
    made.read()
    return made


def test_only_what_changed_is_changed(file: SettingsFile) -> None:
    assert file.path is not None
    file.save({"desk.threshold_cents": 7.5})
    assert file.path.read_text() == MINE.replace("= 5 ", "= 7.5 ")
    file.save({"caps.order": 50, "desk.strategies": ["V15", "V14"]})
    text = file.path.read_text()
    assert "[caps]\norder = 50\n" in text
    assert '  "V15",   # the blend\n  # V12 is off since May\n  "V14"\n]' in text
    assert file.settings == load(file.path)
    assert str(file.settings.caps.order) == "50"


def test_the_mode_stays_and_nothing_else_is_left_behind(file: SettingsFile) -> None:
    assert file.path is not None
    file.path.chmod(0o640)
    file.save({"caps.order": 50})
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o640
    assert beside(file.path.parent) == ["config.toml"]


def test_a_link_stays_one(tmp_path: Path, file: SettingsFile) -> None:
    link = tmp_path / "elsewhere" / "config.toml"
    link.parent.mkdir()
    assert file.path is not None
    link.symlink_to(file.path)
    through = SettingsFile(link)
    through.read()
    through.save({"caps.order": 50})
    assert link.is_symlink()
    assert "order = 50" in file.path.read_text()


def test_a_file_that_is_not_there_is_made_with_its_folder(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "cockpit" / "config.toml")
    assert file.read() == load_defaults()
    file.save({"desk.threshold_cents": 6})
    assert file.path is not None
    assert file.path.read_text() == "[desk]\nthreshold_cents = 6\n"
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def load_defaults() -> object:
    return SettingsFile(None).read()


@pytest.mark.parametrize("other", [MINE + "# one word more\n", "", None])
def test_what_somebody_else_wrote_meanwhile_is_left_alone(file: SettingsFile, other: str | None) -> None:
    assert file.path is not None
    if other is None:
        file.path.unlink()
    else:
        file.path.write_text(other)
    with pytest.raises(Overtaken, match=r"config\.toml: somebody else has changed it"):
        file.save({"caps.order": 50})
    assert (file.path.read_text() if file.path.exists() else None) == other
    assert len(beside(file.path.parent)) == (other is not None)
    file.read()
    file.save({"caps.order": 50})
    assert "order = 50" in file.path.read_text()


def test_one_that_came_meanwhile_too(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "config.toml")
    file.read()
    assert file.path is not None
    file.path.write_text(MINE)
    with pytest.raises(Overtaken):
        file.save({"caps.order": 50})
    assert file.path.read_text() == MINE


def test_one_written_in_the_last_moment_too(file: SettingsFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the first look and the new file's last byte."""
    assert file.path is not None
    path, sync = file.path, os.fsync

    def slow(handle: int) -> None:
        path.write_text(MINE + "# late\n")
        sync(handle)

    monkeypatch.setattr(os, "fsync", slow)
    with pytest.raises(Overtaken):
        file.save({"caps.order": 50})
    assert path.read_text() == MINE + "# late\n"
    assert beside(path.parent) == ["config.toml"]


def test_a_full_disk_leaves_all_as_it_was(file: SettingsFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"config\.toml: No space left on device"):
        file.save({"caps.order": 50})
    assert file.path is not None
    assert file.path.read_text() == MINE
    assert beside(file.path.parent) == ["config.toml"]
    assert str(file.settings.caps.order) == "100"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "cockpit").write_text("a file where a folder should be")
    file = SettingsFile(tmp_path / "cockpit" / "config.toml")
    with pytest.raises((OutputError, SettingsError)):
        file.save({"caps.order": 50})
    assert (tmp_path / "cockpit").read_text() == "a file where a folder should be"


def test_a_file_its_owner_made_read_only_is_left_alone(file: SettingsFile) -> None:
    assert file.path is not None
    file.path.chmod(0o444)
    with pytest.raises(OutputError, match="read only"):
        file.save({"caps.order": 50})
    assert file.path.read_text() == MINE


def test_a_wrong_value_is_not_written(file: SettingsFile) -> None:
    with pytest.raises(SettingsError, match=r"caps\.order"):
        file.save({"caps.order": -1})
    assert file.path is not None
    assert file.path.read_text() == MINE


def test_a_broken_file_is_named_and_what_was_read_stays(file: SettingsFile) -> None:
    assert file.path is not None
    file.path.write_text("[caps\n")
    with pytest.raises(SettingsError, match=r"config\.toml: .*line 1"):
        file.read()
    assert file.settings.profile == "mine"
    with pytest.raises(Overtaken):
        file.save({"caps.order": 50})


def test_what_an_editor_puts_before_the_text_is_no_part_of_it_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(MINE, encoding="utf-8-sig")
    file = SettingsFile(path)
    assert file.read() == load(path)
    assert file.settings.profile == "mine"
    for cents in (7, 8):
        file.save({"desk.threshold_cents": cents})
        assert path.read_bytes() == b"\xef\xbb\xbf" + MINE.replace("= 5 ", f"= {cents} ").encode()
    file.read()
    assert file.settings.desk.threshold_cents == 8


def test_a_loop_of_links_made_meanwhile_is_told(file: SettingsFile) -> None:
    assert file.path is not None
    file.path.unlink()
    file.path.symlink_to(file.path)
    with pytest.raises(OutputError, match=r"config\.toml: Too many levels"):
        file.save({"caps.order": 50})
    assert file.path.is_symlink()
    assert beside(file.path.parent) == ["config.toml"]
    for read in (file.read, lambda: load(file.path)):
        with pytest.raises(SettingsError, match=r"config\.toml: Too many levels"):
            read()


def test_a_folder_put_in_its_place_meanwhile_is_told(file: SettingsFile) -> None:
    assert file.path is not None
    file.path.unlink()
    file.path.mkdir()
    with pytest.raises(OutputError, match=r"config\.toml: Is a directory"):
        file.save({"caps.order": 50})


@pytest.mark.parametrize("path", [None, "config.toml"])
def test_one_that_is_not_to_be_written_is_not(tmp_path: Path, path: str | None) -> None:
    file = SettingsFile(tmp_path / path if path else None, "only looked at" if path else "")
    with pytest.raises(OutputError, match="only looked at" if path else "no settings file"):
        file.save({"caps.order": 50})
    assert not beside(tmp_path)
