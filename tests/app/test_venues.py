"""What is still waited for, in the feed line, in empty panes and on the Feeds pane."""

import pytest
from app_sample import STATUS, change

from cockpit.app.link import Link
from cockpit.app.venues import awaited
from cockpit.domain.errors import InputError
from cockpit.domain.status import Awaited, FeedLine
from cockpit.domain.units import SECOND
from cockpit.domain.view import View


def waiting(*sources, since_ns=0, feeds=()):
    told = tuple(
        Awaited(name, "connecting" if name.endswith(".ws") else "asking", since_ns) for name in sources
    )
    return change(STATUS, feeds=feeds, awaited=told)


def test_a_venue_is_waited_for_until_any_source_of_it_spoke_or_failed():
    status = waiting("kraken.ws", "kraken.rest", "kalshi.rest", "polymarket.gamma", "corpus.rows")
    assert awaited(status) == {"asking": ["K", "P"], "connecting": ["KR"]}
    heard = waiting("kraken.ws", "kalshi.rest", feeds=(FeedLine("kraken.rest", 0, 1),))
    assert awaited(heard) == {"asking": ["K"]}


@pytest.mark.parametrize(("since_ns", "tail"), [(SECOND, ""), (4 * SECOND, " 4s")])
async def test_the_screen_says_who_is_tried(run, since_ns, tail):
    async with run(View(), waiting("kalshi.rest", "kraken.ws", since_ns=since_ns)) as desk:
        (feeds,) = (row for row in desk.text().splitlines() if row.startswith("FEED"))
        assert feeds.startswith(f"FEED K asking{tail} KR connecting{tail} gaps 0")
        assert "no markets yet: K asking, KR connecting" in desk.text()
        await desk.press("9")
        told = " ".join(desk.text().split())
        assert ("kraken.ws .. - - - - - connecting" + (" for 4 s" if tail else "")) in told


async def test_who_is_down_beside_who_is_tried(run):
    down = (FeedLine("kalshi.rest", 0, 0, up=False, note="name not found"),)
    async with run(View(), waiting("kraken.ws", feeds=down)) as desk:
        assert "no markets yet: KR connecting, the others are down" in desk.text()
        assert "FEED K DOWN KR connecting" in desk.text()


async def test_a_session_that_cannot_begin_ends_the_program_and_says_why(run):
    async with run() as desk:
        link: Link = desk.link

        async def refuse():
            raise InputError("no such world")

        link.run = refuse
        await desk.app._session()
        assert isinstance(desk.app.return_value, InputError)
