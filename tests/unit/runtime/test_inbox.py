import asyncio

from hypothesis import given
from hypothesis import strategies as st

from cockpit.feeds.base import Frame
from cockpit.runtime.inbox import Inbox, Weight


def frame(source="a.ws", n=0):
    return Frame(n, 1, source)


def test_tickers_go_first_then_polls_and_books_never():
    inbox = Inbox(room=8)
    for n in range(4):
        assert inbox.offer(frame(n=n), Weight.HEAVY)
    inbox.offer(frame("light.ws"), Weight.LIGHT)
    inbox.offer(frame("poll.rest"), Weight.POLL)
    assert inbox.shed == {"light.ws": 1}
    inbox.offer(frame(n=4), Weight.HEAVY)
    inbox.offer(frame("poll.rest"), Weight.POLL)
    assert inbox.shed == {"light.ws": 1, "poll.rest": 1}
    assert inbox.offer(frame(n=5), Weight.HEAVY)
    assert inbox.offer(frame(n=6), Weight.HEAVY)
    assert not inbox.offer(frame(n=7), Weight.HEAVY)
    assert len(inbox) == 9


@given(st.lists(st.tuples(st.sampled_from(Weight), st.booleans()), max_size=200))
def test_order_is_kept_and_nothing_heavy_is_lost(steps):
    inbox = Inbox(room=10)
    put, taken = [], []
    for n, (weight, take) in enumerate(steps):
        inbox.offer(frame(n=n), weight)
        put += [n] if weight is Weight.HEAVY else []
        if take and (first := inbox.pop()):
            taken.append(first.n)
    while first := inbox.pop():
        taken.append(first.n)
    assert taken == sorted(taken)
    assert set(put) <= set(taken)
    assert len(taken) + inbox.shed.total() == len(steps)


async def test_a_full_inbox_holds_the_reader_until_there_is_room():
    inbox = Inbox(room=4)
    for n in range(5):
        more = inbox.offer(frame(n=n), Weight.HEAVY)
    assert not more
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(inbox.space())
        await asyncio.sleep(0)
        assert not waiting.done()
        for _ in range(3):
            inbox.pop()
    assert inbox.most == 5


async def test_filled_returns_at_once_or_after_a_while():
    inbox = Inbox()
    await inbox.filled(0.001)
    assert inbox.pop() is None
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(inbox.filled(60.0))
        await asyncio.sleep(0)
        inbox.offer(frame(n=3), Weight.LIGHT)
        await waiting
    first = inbox.pop()
    assert first is not None
    assert first.n == 3
