"""A real engine with twenty proposals behind the screen at 80x24, and a person in a hurry."""

import asyncio
import re
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from app_sample import STATUS

from cockpit.domain.commands import Approve, Kill
from cockpit.domain.effects import CommandRefused, OrderPlaced, TicketDecided
from cockpit.domain.events import BookDoubt
from cockpit.domain.units import BID, QTY
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from cockpit.runtime.session import stamped
from cockpit.strategies.versions import VERSIONS
from tests.unit.engine.crowded import HERE, MARKETS, THERE, Crowd, N, Wishes

STRIP = re.compile(r"TICKET (\d+)/(\d+) (T-\d+) puppet +BUY YES (\d+) @ (\d+)c")


class EngineLink:
    """What stands between a screen and an engine in a live run, without the run."""

    playback = None
    lane = "desk"

    def __init__(self, crowd):
        self.crowd = crowd
        self.watch = Watch(crowd.engine)
        self.sent = []
        self.heard = 0

    def view(self, focus=""):
        self.hear()
        return view(self.crowd.engine, self.watch, focus=focus)

    def status(self):
        return STATUS

    def send(self, command):
        self.sent.append(command)
        self.crowd.send(stamped(command, self.crowd.t))

    def hear(self):
        self.watch.take(self.crowd.effects[self.heard :])
        self.heard = len(self.crowd.effects)

    async def run(self):
        await asyncio.Event().wait()

    def of(self, kind):
        return [command for command in self.sent if type(command) is kind]


@pytest.fixture
def fight(run, monkeypatch):
    """Start the app on a crowded engine: ``async with fight() as desk``."""

    @asynccontextmanager
    async def start(wishes=None, at=1_750, **more):
        wishes = wishes or Wishes()
        monkeypatch.setitem(VERSIONS, "puppet", wishes)
        crowd = Crowd(wishes, **more)
        crowd.at(at)
        async with run() as desk:
            desk.link = desk.app.link = EngineLink(crowd)
            desk.crowd = crowd
            await desk.settle()
            yield desk

    return start


def printed(desk):
    """Place, how many, ticket, quantity, price as they stand in the strip; None without a ticket."""
    found = STRIP.search(desk.text())
    return found and (int(found[1]), int(found[2]), found[3], int(found[4]), int(found[5]))


def placed(desk):
    return [e for e in desk.crowd.of(OrderPlaced) if e.lane == "desk"]


async def test_n_walks_all_twenty_and_paints_each(fight):
    """What stands on the screen right after each key, before anything else runs."""
    async with fight() as desk:
        order = [t.id for t in desk.link.view().tickets]
        assert len(order) == N
        seen = [printed(desk)[2]]
        for place in range(1, N + 1):
            desk.tap("n", gap_ms=40)
            assert printed(desk)[:3] == (place % N + 1, N, order[place % N])
            seen.append(printed(desk)[2])
        assert seen == [*order, order[0]]
        assert not desk.link.of(Approve)


async def test_each_key_approves_the_one_that_is_printed(fight):
    async with fight() as desk:
        left = N
        while left:
            if left % 3 == 0:
                await desk.press(*["n"] * (left // 2))
            _, of, name, qty, price = printed(desk)
            assert of == left
            await desk.press("a")
            command = desk.link.of(Approve)[-1]
            assert (command.ticket, command.price, command.qty) == (name, price * 100, qty * QTY)
            order = placed(desk)[-1]
            assert (order.ticket, order.side, order.price, order.qty) == (
                name, BID, price * 100, qty * QTY,
            )  # fmt: skip
            left -= 1
            assert len(placed(desk)) == N - left
            desk.crowd.on(1)
        assert printed(desk) is None
        assert {e.market for e in placed(desk)} == set(MARKETS)
        assert not desk.crowd.of(CommandRefused)


async def test_an_expiry_under_the_finger_approves_no_other(fight):
    """The ticket ends between the key and the moment it counts; the next takes its place in the strip."""
    async with fight(Wishes(markets=HERE)) as desk:
        desk.crowd.at(10_000)
        desk.crowd.wishes.wants |= dict.fromkeys(THERE, (75, 10))
        desk.crowd.at(30_999)
        await desk.settle()
        _, of, old, *_ = printed(desk)
        assert of == N
        desk.tap("a")
        desk.crowd.on(5)
        await desk.settle()
        _, of, new, *_ = printed(desk)
        assert (of, new != old) == (N // 2, True)
        desk.wait(40)
        await desk.settle()
        assert [c.ticket for c in desk.link.of(Approve)] == [old]
        assert [e.reason for e in desk.crowd.of(CommandRefused)] == [f"no ticket {old}"]
        assert not placed(desk)
        assert f"no ticket {old}" in "\n".join(note.text for note in desk.link.view().notes)


async def test_a_second_press_meets_terms_too_new_to_have_been_read(fight):
    """The finger comes down again as the next ticket slides in; only a later press sends that one."""
    async with fight(Wishes(markets=HERE)) as desk:
        desk.crowd.at(10_000)
        desk.crowd.wishes.wants |= dict.fromkeys(THERE, (75, 10))
        desk.crowd.at(30_999)
        await desk.settle()
        desk.now += 5_000_000_000
        desk.crowd.on(5)
        await desk.settle()
        new = printed(desk)[2]
        desk.tap("a", gap_ms=100)
        desk.wait(40)
        assert [e.reason for e in desk.crowd.of(CommandRefused)] == ["shown too briefly to have been read"]
        desk.now += 1_000_000_000
        await desk.press("a")
        assert [e.ticket for e in placed(desk)] == [new]


async def test_a_revision_under_the_finger_sends_nothing(fight):
    async with fight() as desk:
        name = printed(desk)[2]
        desk.tap("a")
        desk.crowd.wishes.wants = dict.fromkeys(MARKETS, (76, 10))
        desk.crowd.on(500)
        desk.wait(40)
        await desk.settle()
        assert [e.reason for e in desk.crowd.of(CommandRefused)] == ["the terms have changed"]
        assert not placed(desk)
        assert printed(desk)[2:] == (name, 10, 76)


async def test_books_that_go_are_said_in_the_strip_before_the_key(fight):
    async with fight() as desk:
        assert "ARMED" in desk.text()
        for market in MARKETS:
            desk.crowd.send(BookDoubt(desk.crowd.t, market, "gap"))
        await desk.settle()
        assert "NOT ARMED" in desk.text()
        assert "would be refused: book in doubt: gap" in desk.text()
        await desk.press("a")
        assert not desk.link.of(Approve)
        desk.crowd.on(2_500)
        await desk.settle()
        assert printed(desk) is None


async def test_a_kill_is_seen_in_the_very_frame(fight):
    async with fight() as desk:
        for _ in range(3):
            await desk.press("a")
        assert len(placed(desk)) == 3
        desk.tap("!")
        assert "again within 2 s" in desk.text()
        desk.tap("!", gap_ms=300)
        text = desk.text()
        assert len(desk.link.of(Kill)) == 1
        assert text.count("KILLED") == 2
        assert printed(desk) is None
        assert not desk.crowd.engine.gate.own("desk")
        await desk.press("a", "n", "a")
        assert len(placed(desk)) == 3
        await desk.press("R")
        assert "KILLED" not in desk.text()


async def test_a_storm_of_revisions_and_keys(fight):
    """Between any two keys everything is re-priced and some expire; what is sent is what was printed at the key."""
    async with fight(revise_ns=0, expired_ns=0) as desk:
        for i in range(90):
            if i % 7 == 3:
                prices = 74 + i % 3
                desk.crowd.wishes.wants = dict.fromkeys(MARKETS, (prices, 5 + i % 6))
            if i % 11 == 5:
                desk.crowd.on(9_000)
            desk.crowd.on(260)
            await desk.settle()
            before, told = printed(desk), len(desk.link.of(Approve))
            await desk.press("n" if i % 3 else "a")
            assert len(desk.text().splitlines()) == 24
            for command in desk.link.of(Approve)[told:]:
                assert before is not None
                assert (command.ticket, command.qty, command.price) == (
                    before[2], before[3] * QTY, before[4] * 100,
                )  # fmt: skip
        approved = {c.ticket: c for c in desk.link.of(Approve)}
        decided = [e.ticket for e in desk.crowd.of(TicketDecided)]
        assert len(decided) == len(set(decided)) >= 5
        for order in placed(desk):
            command = approved[order.ticket]
            assert (order.side, order.price, order.qty) == (command.side, command.price, command.qty)
