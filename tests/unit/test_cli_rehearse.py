"""A rehearsal asks its stand-ins and nobody else."""

import re
from pathlib import Path

import pytest

from cockpit.cli.main import main
from cockpit.cli.rehearse import StandIns, against
from cockpit.domain.errors import InputError
from cockpit.feeds.base import Poll, Socket
from cockpit.rehearsal.profiles import PROFILES
from cockpit.runtime.feeds import wanted
from cockpit.settings.tree import Settings


async def test_without_stand_ins_nothing_is_asked() -> None:
    chosen = await against(Settings(), {})
    asked = [each.url for feed in wanted(chosen, keyed=False).values() for each in feed.requests()]
    assert asked == []


async def test_scores_come_from_their_stand_in() -> None:
    here = "http://127.0.0.1:8001"
    chosen = await against(Settings(), {"espn": {"site": here}})
    asked = [each for feed in wanted(chosen, keyed=False).values() for each in feed.requests()]
    assert asked
    assert all(isinstance(each, Poll | Socket) and each.url.startswith(here) for each in asked)


async def test_another_cockpit_in_the_folder_is_not_taken_for_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cockpit").mkdir()
    (tmp_path / "cockpit" / "__init__.py").write_text("raise SystemExit('not the one')")
    (tmp_path / "asyncio.py").write_text("raise SystemExit('not the one either')")
    monkeypatch.chdir(tmp_path)
    with StandIns(["--profile", "nowhere"]) as stands:
        stands.begin()
        with pytest.raises(InputError, match="invalid choice: 'nowhere'"):
            await stands.places()


def test_every_world_is_named_where_worlds_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["rehearse", "--help"])
    told = re.search(r"which\s+world:\s+((?:\w+,\s+)*\w+)", capsys.readouterr().out)
    assert told is not None
    assert re.split(r",\s+", told[1]) == list(PROFILES)
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    listed = re.search(r"`--world (\S+)`", readme)
    assert listed is not None
    assert listed[1].split("\\|") == list(PROFILES)
