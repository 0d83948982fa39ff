"""The stand-ins as a process: ``python -m cockpit.rehearsal.stands --seed N | --session FILE``.

One line of JSON on standard output says where each venue is and which key signs; then it serves until standard input
ends, SIGTERM or SIGINT comes, or its minutes are over. So a parent that dies never leaves it behind.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from cockpit.domain.errors import CockpitError
from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.profiles import PROFILES as WORLDS
from cockpit.rehearsal.stands.faults import PROFILES
from cockpit.rehearsal.stands.shifting import recorded
from cockpit.rehearsal.stands.table import troupe
from cockpit.rehearsal.stands.worlds import chain


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; returns the exit code."""
    args = _parser().parse_args(arguments)
    try:
        if args.folder is not None:
            asyncio.run(_serve(args, args.folder))
        else:
            with tempfile.TemporaryDirectory(prefix="cockpit-rehearsal-") as folder:
                asyncio.run(_serve(args, Path(folder)))
    except CockpitError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cockpit.rehearsal.stands", description=__doc__)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--seed", type=int, default=7, help="of the world that is played")
    source.add_argument("--session", type=Path, metavar="FILE", help="a recording to play instead")
    parser.add_argument("--profile", choices=sorted(WORLDS), default="crypto", help="which world")
    parser.add_argument("--faults", choices=list(PROFILES), default="none", help="what goes wrong")
    parser.add_argument("--speed", type=float, default=1.0, help="of the stage's time against the clock's")
    parser.add_argument("--rate", type=float, default=0.0, help="frames a second regardless of their times")
    parser.add_argument("--minutes", type=float, default=0.0, help="serve this long; 0 has no end")
    parser.add_argument("--folder", type=Path, help="where the throw-away key goes")
    return parser


def _frames(args: argparse.Namespace, now: int) -> Iterator[Arrival]:
    if args.session is not None:
        return recorded(args.session, now)
    return chain(args.seed, now, WORLDS[args.profile])


async def _serve(args: argparse.Namespace, folder: Path) -> None:
    clock = time.time_ns  # noqa: TID251  the one place where the wall clock enters
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with suppress(
        PermissionError
    ):  # a plain file or /dev/null never ends by itself: then only signals stop it
        loop.add_reader(sys.stdin.fileno(), _listen, stop)
    frames = _frames(args, clock())
    faults = PROFILES[args.faults]
    async with troupe(frames, clock, folder, faults=faults, speed=args.speed, rate=args.rate) as running:
        sys.stdout.write(msgspec.json.encode(running.places).decode() + "\n")
        sys.stdout.flush()
        with suppress(TimeoutError):
            async with asyncio.timeout(args.minutes * 60 or None):
                await stop.wait()
    loop.remove_reader(sys.stdin.fileno())


def _listen(stop: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        stop.set()


if __name__ == "__main__":
    sys.exit(main())
