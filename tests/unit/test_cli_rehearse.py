"""A rehearsal asks its stand-ins and nobody else."""

from cockpit.cli.rehearse import against
from cockpit.feeds.base import Poll, Socket
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
