"""Calls beside the loop that nobody waits for at the end.

The event loop asks for addresses of names in threads of its default executor, and waits for all of them before it
closes. A name server that does not answer would keep a program that was told to end for many seconds.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import ParamSpec, TypeVar

Args = ParamSpec("Args")
Result = TypeVar("Result")


class Unwaited(ThreadPoolExecutor):
    """A thread a call, which ends with the program at the latest: fit for calls that only read."""

    def submit(
        self, fn: Callable[Args, Result], /, *args: Args.args, **kwargs: Args.kwargs
    ) -> Future[Result]:
        """Call it in a thread of its own."""
        future: Future[Result] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001  whoever waits for the future is told, whatever it is
                future.set_exception(error)
            else:
                future.set_result(result)

        Thread(target=work, name="unwaited", daemon=True).start()
        return future
