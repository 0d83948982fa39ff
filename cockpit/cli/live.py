"""``cockpit live`` and ``cockpit record``: the venues as they are, on the screen or without one."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.talking import say
from cockpit.domain.errors import InputError

if TYPE_CHECKING:
    from cockpit.runtime.launch import Launch
    from cockpit.runtime.live import Live
    from cockpit.runtime.opening import Opening
    from cockpit.runtime.profile import Profile
    from cockpit.runtime.reel import Reel
    from cockpit.settings.tree import Settings

RATES_S = 5
"""Seconds between two lines of rates."""


def add_live(commands: Any) -> None:
    """``cockpit live``."""
    p = commands.add_parser("live", help="the venues as they are, on paper: nothing is ever sent to them")
    p.add_argument("--headless", action="store_true", help="no screen")
    p.add_argument("--seconds", type=seconds, metavar="N", help="end after this long")
    p.add_argument("--record", type=Path, metavar="OUT", help="the recording's own name")
    p.add_argument("--no-record", action="store_true", help="record nothing")
    p.add_argument("--theme", metavar="NAME", help="instead of the theme in the settings")
    p.set_defaults(run=_live)


def add_record(commands: Any) -> None:
    """``cockpit record``."""
    p = commands.add_parser("record", help="record the venues, without strategies and without a screen")
    p.add_argument("-o", dest="out", type=Path, metavar="OUT.jsonl.zst", help="the first file's name")
    p.add_argument("--seconds", type=seconds, metavar="N", help="end after this long")
    p.add_argument("--force", action="store_true", help="replace OUT")
    p.set_defaults(run=_record)


def _live(args: argparse.Namespace) -> int:
    from cockpit.settings import files

    chosen = files.load(args.settings)
    return _headless(args, chosen) if args.headless else _on_screen(args, chosen)


def _headless(args: argparse.Namespace, chosen: "Settings") -> int:
    from cockpit.runtime.launch import Launch
    from cockpit.runtime.profile import Profile

    launch = Launch(chosen)
    with Profile(chosen) as profile:
        if profile.held:
            say(f"{profile.held}: opening read only")
        live = launch.live(profile=profile, reel=_reel(args, launch, profile))
        return drive(live, args.seconds)


def _on_screen(args: argparse.Namespace, chosen: "Settings") -> int:
    """The account first, so that the screen is up at once; the network while it is."""
    from cockpit.runtime.clock import Clock
    from cockpit.runtime.keys import find_key
    from cockpit.runtime.opening import LIVE, Opening, named, polled_venues, standing, warm
    from cockpit.runtime.profile import Profile

    need_terminal()
    key, clock = find_key(chosen.kalshi), Clock()
    with Profile(chosen) as profile:
        engine = profile.engine(chosen, clock.now(), polled_venues(chosen, keyed=key is not None))

        async def make(_: "Opening") -> "Live":
            await warm()
            from cockpit.runtime.launch import Launch

            launch = Launch(chosen, key=key, clock=clock)
            return launch.live(profile=profile, engine=engine, reel=_reel(args, launch, profile))

        shown = standing(LIVE, held=profile.held, keyed=key is not None)
        opening = Opening(engine, shown, make, sources=named(chosen))
        return watch(opening, chosen, seconds=args.seconds, theme=args.theme, config=args.settings)


def _reel(args: argparse.Namespace, launch: "Launch", profile: "Profile") -> "Reel | None":
    """The recording; without the pen only one that was asked for by name."""
    if args.no_record or (profile.held and args.record is None):
        return None
    reel = launch.reel(profile.sessions, first=args.record)
    reel.check()
    return reel


def _record(args: argparse.Namespace) -> int:
    from cockpit.runtime.launch import Launch
    from cockpit.runtime.profile import sessions_folder
    from cockpit.settings import files

    chosen = files.load(args.settings).without_desk().with_lanes(())
    launch = Launch(chosen)
    reel = launch.reel(sessions_folder(chosen), first=args.out, overwrite=args.force)
    reel.check()
    return drive(launch.live(reel=reel), args.seconds)


def drive(live: "Live", seconds: float | None = None) -> int:
    """Run it to its end without a screen, telling rates; the exit code."""
    import asyncio

    from cockpit.runtime.launch import until

    asyncio.run(until(live, seconds, _rates(live)))
    _told(live)
    return 1 if live.status().fault else 0


def watch(
    opening: "Opening",
    settings: "Settings",
    *,
    seconds: float | None = None,
    theme: str | None = None,
    config: Path | None = None,
    unwritten: str = "",
) -> int:
    """Put it on the screen, where it is made and run to its end; the exit code.

    Raises:
        CockpitError: when it cannot be made.
    """
    from cockpit.cli.screen import screen

    try:
        screen(opening, settings, theme=theme, config=config, seconds=seconds, unwritten=unwritten)
    finally:
        opening.close()
        if opening.live is not None:
            _told(opening.live)
        elif opening.traceback:
            say(opening.traceback)
    return 1 if opening.status().fault else 0


def _rates(live: "Live") -> Callable[[], bool]:
    """Says every few seconds how much comes from where."""
    passed = 0

    def each_second() -> bool:
        nonlocal passed
        passed += 1
        if passed % RATES_S:
            return False
        status = live.status()
        feeds = ", ".join(
            f"{feed.source} {feed.rate:.1f}/s" + ("" if feed.up else f" DOWN ({feed.note})")
            for feed in status.feeds
        )
        say(
            " | ".join(
                part for part in (feeds or "nothing heard yet", status.recording, *status.notes) if part
            )
        )
        return False

    return each_second


def _told(live: "Live") -> None:
    """The end of a run, in a line or two."""
    session, status = live.session, live.status()
    say(f"{session.frames} frames, {session.events} events; recorded: {status.recording or 'nothing'}")
    if session.faults:
        say(f"unreadable: {dict(session.faults)}; first: {session.first_fault}")
    if status.fault:
        say(live.traceback or status.fault)


def need_terminal() -> None:
    """Raises InputError where there is no terminal to draw on."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("no terminal to draw on (`--headless` runs without one)")


def seconds(text: str) -> float:
    """A span as argparse takes it."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e7:
        raise argparse.ArgumentTypeError(f"{text!r}: a number of seconds above 0")
    return value
