"""Calls beside the loop."""

import asyncio
import threading

import pytest

from cockpit.runtime.unwaited import Unwaited


def test_a_loop_ends_without_waiting_for_a_call_that_hangs() -> None:
    started, let_go = threading.Event(), threading.Event()

    def hang() -> None:
        started.set()
        let_go.wait(30)

    async def work() -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(Unwaited())
        call = loop.run_in_executor(None, hang)
        while not started.is_set():
            await asyncio.sleep(0)
        call.cancel()

    asyncio.run(work())
    assert not let_go.is_set()
    let_go.set()


async def test_what_a_call_gives_and_what_it_raises_arrive() -> None:
    asyncio.get_running_loop().set_default_executor(Unwaited())
    assert await asyncio.to_thread(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(divmod, 7, 0)
