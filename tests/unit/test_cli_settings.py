"""Which settings file a screen is given, and whether it may write there."""

from pathlib import Path
from typing import Any

import platformdirs
import pytest

from cockpit.app import app
from cockpit.cli import main, rehearse
from cockpit.cli.screen import screen
from cockpit.domain.errors import OutputError
from cockpit.settings.files import SettingsFile
from cockpit.settings.tree import Settings


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[SettingsFile]:
    """The files that screens were given."""
    given: list[SettingsFile] = []

    class Screen:
        def __init__(self, _: Any, *, settings: SettingsFile, **__: Any) -> None:
            given.append(settings)

        def run(self, *, mouse: bool) -> None:
            assert not mouse

    monkeypatch.setattr(app, "CockpitApp", Screen)
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda name: str(tmp_path / "usual" / name))
    return given


def test_the_usual_file_unless_another_is_named(shown: list[SettingsFile], tmp_path: Path) -> None:
    screen(None, Settings())  # type: ignore[arg-type]
    screen(None, Settings(), config=tmp_path / "mine.toml")  # type: ignore[arg-type]
    assert [(file.path, file.refusal) for file in shown] == [
        (tmp_path / "usual" / "cockpit" / "config.toml", ""),
        (tmp_path / "mine.toml", ""),
    ]


@pytest.mark.parametrize("named", [False, True])
def test_a_rehearsal_writes_only_into_a_file_that_was_named(
    shown: list[SettingsFile], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, named: bool
) -> None:
    monkeypatch.setattr(rehearse, "need_terminal", lambda: None)
    mine = tmp_path / "mine.toml"
    mine.write_text("")
    flags = ["--settings", str(mine)] if named else []
    assert main.main([*flags, "rehearse"]) == 0
    (file,) = shown
    file.read()
    if named:
        file.save({"caps.order": 50})
        assert mine.read_text() == "[caps]\norder = 50\n"
    else:
        with pytest.raises(OutputError, match="named by --settings"):
            file.save({"caps.order": 50})
        assert not (tmp_path / "usual").exists()
