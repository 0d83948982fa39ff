"""A sweep: many trials over any executor of `concurrent.futures`, each result a line of a file as soon as it is there.

    trials less those that are there -> executor -> row -> file
                  ^                        |
                  '--- a worker died: a new executor for what was not answered, three times at most

There is no scheduler of ours: processes on this machine, or `dask.distributed` on a cluster, which has its own.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, contextmanager, suppress
from multiprocessing import active_children, get_context
from pathlib import Path

import msgspec

from cockpit.domain.errors import InputError, InvariantError, OutputError, SettingsError
from cockpit.evaluation.trials import Row, Trial, run_trial

TRIES = 3
ASK_S = 60.0
"""Seconds without an answer after which the executor is asked whether it still stands."""
END_S = 2.0
"""Seconds a worker that has nothing to do may take to end."""
DASK = "dask://"
PROCESS = "process"
_LOST = frozenset({"KilledWorker", "CancelledError", "FutureCancelledError", "CommClosedError"})
"""What a cluster says when the worker of a trial is gone for good."""
_REFUSED = (BrokenExecutor, OSError, ValueError)
"""What handing work to a pool raises while it breaks: it may just have closed the pipes a new worker would inherit."""

Told = Callable[[int, int], None]
Opened = Callable[[], AbstractContextManager[Executor]]


def sweep(
    trials: Sequence[Trial],
    out: Path,
    opened: Opened,
    told: Told,
    work: Callable[[Trial], Row] = run_trial,
) -> tuple[list[Row], int]:
    """Run what is not in the file yet; every row of these trials, and how many were run now.

    Args:
        trials: each once.
        out: the results file; rows are added at its end.
        opened: makes an executor; called again when its workers have died.
        told: progress, (done, of).
        work: what is done with each; it and its argument must be picklable.

    Raises:
        InputError: when the file holds something else.
        OutputError: when it cannot be written.
        InvariantError: when workers died over the same trials `TRIES` times; what was answered is in the file.
    """
    there = {row.key: row for row in results(out)}
    left = {each.key: each for each in trials if each.key not in there}
    ran, tries = len(left), 0
    told(len(trials) - len(left), len(trials))
    with _appending(out) as write:
        while left:
            before = len(left)
            with opened() as pool:
                for row in _answers(pool, list(left.values()), work):
                    write(row)
                    there[row.key] = row
                    del left[row.key]
                    told(len(trials) - len(left), len(trials))
            tries = tries + 1 if len(left) == before else 1
            if left and tries >= TRIES:
                names = ", ".join(sorted({each.name for each in left.values()})[:3])
                raise InvariantError(f"workers died {TRIES} times over {len(left)} trials ({names}, ...)")
    return [there[each.key] for each in trials], ran


def _answers(pool: Executor, trials: Sequence[Trial], work: Callable[[Trial], Row]) -> Iterator[Row]:
    """Results as they come, until all are there or the workers are gone; of a dead worker's trial there is none."""
    waiting: set[Future[Row]] = set()
    broken = not _handed(pool, trials, work, waiting)
    try:
        while waiting and not broken:
            done, waiting = wait(waiting, timeout=ASK_S, return_when=FIRST_COMPLETED)
            broken = not done and not _stands(pool)
            for future in done:
                lost = CancelledError() if future.cancelled() else future.exception()
                if lost is None:
                    yield future.result()
                elif isinstance(lost, BrokenExecutor):
                    broken = True
                elif type(lost).__name__ not in _LOST:
                    raise lost
    finally:
        for future in waiting:
            future.cancel()
    for future in waiting:  # what was answered before the others died
        if future.done() and not future.cancelled() and future.exception() is None:
            yield future.result()


def _handed(
    pool: Executor, trials: Sequence[Trial], work: Callable[[Trial], Row], waiting: set[Future[Row]]
) -> bool:
    """Hand all trials over; whether the executor still stood."""
    try:
        for each in trials:
            waiting.add(pool.submit(work, each))
    except _REFUSED:
        return False
    return True


def _stands(pool: Executor) -> bool:
    """Whether an executor still takes work: one whose workers are gone may have told nobody."""
    try:
        pool.submit(int).cancel()
    except _REFUSED:
        return False
    return True


def results(path: Path) -> list[Row]:
    """The rows of a results file; none where there is no file. A line cut short at its end is passed over.

    Raises:
        InputError: for a line that is no result.
    """
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=Row))
        except msgspec.MsgspecError as error:
            if number == len(lines):
                break  # whoever wrote it was killed; the trial is run again
            raise InputError(f"{path}: line {number}: no result of a sweep ({error})") from None
    return found


@contextmanager
def _appending(path: Path) -> Iterator[Callable[[Row], None]]:
    """A writer of whole lines at the end of a file; a line cut short before is taken off first."""
    try:
        file = path.open("ab+")
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from None
    with file:
        size = file.seek(0, 2)
        file.seek(max(0, size - (1 << 20)))
        tail = file.read()
        if tail and not tail.endswith(b"\n"):
            file.truncate(size - len(tail) + tail.rfind(b"\n") + 1)

        def write(row: Row) -> None:
            try:
                file.write(msgspec.json.encode(row) + b"\n")
                file.flush()
            except OSError as error:
                raise OutputError(f"{path}: {error.strerror or error}") from None

        yield write


@contextmanager
def processes(workers: int | None) -> Iterator[Executor]:
    """Processes of this machine, none of which outlives the block.

    A worker that is killed while others start may leave one of them waiting for ever for the lock it held, and
    whoever joins the pool with it (CPython 3.11): so they are joined with a limit, and killed beyond it.
    """
    before = {child.pid for child in active_children()}
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        with suppress(OSError):  # its pipes are closed already
            pool.shutdown(wait=False, cancel_futures=True)
        for child in active_children():
            if child.pid not in before:
                child.join(END_S)
                if child.is_alive():
                    child.kill()


def executor(spec: str, workers: int | None) -> Opened:
    """What makes the executor a person asks for: ``process``, or ``dask://ADDRESS`` of a scheduler.

    Raises:
        SettingsError: for anything else, and where the extra for Dask is not installed.
    """
    if spec == PROCESS:
        return lambda: processes(workers)
    if not spec.startswith(DASK) or spec == DASK:
        raise SettingsError(f"--executor {spec!r}: give process or dask://HOST:PORT")
    try:
        from distributed import Client
    except ImportError:
        raise SettingsError("--executor dask://... needs `pip install 'cockpit[dask]'`") from None
    address = spec.removeprefix(DASK)

    @contextmanager
    def cluster() -> Iterator[Executor]:
        try:
            client = Client(address)
        except OSError as error:
            raise InputError(f"no Dask scheduler at {address}: {error}") from None
        with client, client.get_executor(retries=TRIES) as pool:
            yield pool

    return cluster
