"""``--settings`` before a command, after it, and after what stands below it; ``config`` writes and shows that file."""

from pathlib import Path
from typing import Any

import platformdirs
import pytest

from cockpit.cli.main import main, parser
from cockpit.settings.files import load
from cockpit.settings.tree import Settings


def commands(found: Any = None, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command as it is typed, without what it needs."""
    deeper = [a for a in (found or parser())._actions if isinstance(a.choices, dict)]
    below = [
        each for a in deeper for name, sub in a.choices.items() for each in commands(sub, (*before, name))
    ]
    return [*([before] if before else []), *below]


@pytest.mark.parametrize(
    "argv",
    [
        ["--settings", "F", "config", "init"],
        ["config", "--settings", "F", "init"],
        ["config", "init", "--settings", "F"],
        ["config", "init", "--settings=F"],
        ["--settings", "other", "config", "--settings", "third", "init", "--settings", "F"],
    ],
)
def test_a_settings_file_is_named_wherever_one_likes(
    argv: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda name: str(tmp_path / "usual" / name))
    assert main(argv) == 0
    assert capsys.readouterr().err == "written: F\n"
    assert [each.name for each in tmp_path.iterdir()] == ["F"]
    assert load(tmp_path / "F") == Settings()


@pytest.mark.parametrize(
    "argv",
    [
        ["live"],
        ["record", "-o", "out"],
        ["check", "--json"],
        ["markets"],
        ["config", "show"],
        ["replay", "X"],
        ["sweep", "X", "--set", "threshold=3..8", "-o", "out"],
        ["evaluate", "fair", "X"],
        ["evaluate", "crypto", "X", "Y"],
        ["corpus", "show", "--json"],
        ["rehearse", "--seconds", "3"],
    ],
)
def test_it_is_the_same_file_before_and_after(argv: list[str]) -> None:
    if argv[0] == "sweep":
        argv = [*argv, "--strategy", "V15"]
    before, after = (
        vars(parser().parse_args(each)) for each in (["--settings", "F", *argv], [*argv, "--settings", "F"])
    )
    assert before == after
    assert after["settings"] == Path("F")
    assert vars(parser().parse_args(argv)) == before | {"settings": None}


def test_every_command_takes_it(capsys: pytest.CaptureFixture[str]) -> None:
    found = commands()
    assert ("evaluate", "fair") in found
    assert ("config", "init") in found
    for command in found:
        with pytest.raises(SystemExit):
            parser().parse_args([*command, "--settings", "F", "--help"])
        assert "--settings FILE" in capsys.readouterr().out, command


def test_what_is_wrong_in_it_is_told_from_there_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(f"beat_ms = {'9' * 5_000}\n")
    assert main(["config", "show", "--settings", str(bad)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "bad.toml: " in err
    assert "Traceback" not in err
