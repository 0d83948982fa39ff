"""What commands say on the way, on standard error."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.runtime.reader import SessionFile
    from cockpit.runtime.session import Session

Progress = Callable[[int, int], None]


def say(text: str) -> None:
    """Narration; what venues wrote in it cannot command the terminal."""
    print("\n".join(clean(line) for line in text.splitlines()), file=sys.stderr)


def clean(text: str) -> str:
    """Text without anything a terminal would obey."""
    return "".join(c if c.isprintable() else "?" for c in text)


def recovered(file: "SessionFile") -> None:
    """What a damaged or torn file lost."""
    found = file.recovered
    if found is not None and found.reason:
        say(
            f"{file.path}: {found.frames} frames recovered, {found.bytes_dropped} bytes dropped: {found.reason}"
        )


def narrate(session: "Session", file: "SessionFile") -> None:
    """What went wrong on the way, if anything did."""
    recovered(file)
    if session.faults:
        counts = ", ".join(f"{source} {n}" for source, n in sorted(session.faults.items()))
        say(f"unreadable frames: {counts}; the first: {session.first_fault}")
    tolerated = Counter({what: n for what, n in session.tolerated().items() if " field:" not in what})
    if tolerated:
        say("passed over: " + ", ".join(f"{what} ({n})" for what, n in tolerated.most_common(8)))
    if session.backwards:
        say(f"{session.backwards} frames were stamped earlier than the one before")
    if session.breaks:
        say(
            f"{session.breaks} frames do not follow the one before by number: lines were lost, repeated or moved"
        )
    if session.doubts:
        first = session.doubts[0]
        say(f"doubts: {session.engine.state.doubts}; the first: {first.market} at {first.ts}: {first.reason}")
    if session.engine.config.no_trades:
        say("no trade stream in this session: only the cross rule can be computed")


@contextmanager
def progress(what: str, total: int) -> Iterator[Progress]:
    """A progress bar on standard error when that is a terminal; nothing otherwise."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done, of: bar.update(task, completed=done, total=of)
