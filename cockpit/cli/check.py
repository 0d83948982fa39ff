"""``cockpit check``: the doctor. Settings, key, clock, disk, and whether each feed is reached and speaks."""

import argparse
import asyncio
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from cockpit.cli.talking import clean
from cockpit.domain.errors import CockpitError
from cockpit.domain.units import SECOND

if TYPE_CHECKING:
    from cockpit.runtime.launch import Launch
    from cockpit.runtime.live import Live
    from cockpit.settings.tree import Settings

SECONDS = 8.0
"""How long feeds are listened to."""
MEGA = 1_000_000


class Finding(NamedTuple):
    """One thing looked at: "ok", "warn" or "bad", what it is, and in words how it stands."""

    state: str
    what: str
    words: str


def add_check(commands: Any) -> None:
    """``cockpit check``."""
    p = commands.add_parser(
        "check", help="look at settings, key, clock, disk and every feed, and say what is wrong"
    )
    p.add_argument("--json", action="store_true", help="print one JSON object")
    p.set_defaults(run=_check)


def _check(args: argparse.Namespace) -> int:
    findings = examine(args)
    if args.json:
        print(json.dumps([each._asdict() for each in findings]))
    else:
        for each in findings:
            print(clean(f"{each.state:<4} {each.what:<22} {each.words}"))
    return 1 if any(each.state == "bad" for each in findings) else 0


def examine(args: argparse.Namespace) -> list[Finding]:
    """Everything, in the order in which one would mend it."""
    from cockpit.runtime.launch import Launch, until
    from cockpit.settings import files

    path = args.settings or files.usual_path()
    try:
        chosen = files.load(args.settings)
    except CockpitError as error:
        return [Finding("bad", "settings", str(error))]
    told = str(path) if path.exists() else f"{path}: not there, the defaults hold"
    findings = [Finding("ok", "settings", told), *_disk(chosen), *_pen(chosen)]
    try:
        launch = Launch(chosen.without_desk().with_lanes(()))
    except CockpitError as error:
        return [*findings, Finding("bad", "kalshi key", str(error))]
    if launch.key is not None:
        findings.append(Finding("ok", "kalshi key", "readable by its owner only"))
    else:
        findings.append(Finding("ok", "kalshi key", "none: Kalshi is polled, its markets are badged POLLED"))
    live = launch.live()
    asyncio.run(until(live, SECONDS, lambda: _all_heard(live), 0.1))
    return [*findings, _clock(launch), *_feeds(live)]


def _disk(settings: "Settings") -> list[Finding]:
    """Where recordings go, and how much room there is."""
    import shutil

    from cockpit.runtime.profile import sessions_folder

    folder = sessions_folder(settings)
    there = next(each for each in (folder, *folder.parents) if each.exists())
    try:
        free = shutil.disk_usage(there).free // MEGA
    except OSError as error:
        return [Finding("bad", "disk", f"{there}: {error.strerror}")]
    enough = free >= settings.record.keep_free_mb
    words = f"{free} MB free for {folder}"
    return [Finding("ok" if enough else "warn", "disk", words)]


def _pen(settings: "Settings") -> list[Finding]:
    """Who holds the profile's pen."""
    from cockpit.runtime.lock import ProfileLock
    from cockpit.settings.files import data_dir

    holder = ProfileLock(data_dir() / settings.profile / "lock").holder()
    if holder is None:
        return [Finding("ok", "profile", f"{settings.profile}: free")]
    return [
        Finding("warn", "profile", f"{settings.profile}: held by process {holder.pid} since {holder.since}")
    ]


def _all_heard(live: "Live") -> bool:
    """Whether every source has spoken."""
    lines = {feed.source: feed for feed in live.status().feeds}
    awaited = live.sources()
    return bool(awaited) and all(name in lines and lines[name].frames for name in awaited)


def _clock(launch: "Launch") -> Finding:
    measured = launch.clock.measured
    if measured is None:
        return Finding("warn", "clock", "not measured: no server answered")
    if launch.clock.disputed:
        return Finding("warn", "clock", "the servers tell different times: nobody is believed")
    if not launch.clock.offset:
        return Finding("ok", "clock", "within two seconds of the servers'")
    seconds, way = abs(measured) / SECOND, "behind" if measured > 0 else "ahead"
    return Finding("warn", "clock", f"{seconds:.1f} s {way}; corrected while running, better set it right")


def _feeds(live: "Live") -> list[Finding]:
    """Each source: reached or not, and how old its newest message is."""
    lines = {feed.source: feed for feed in live.status().feeds}
    findings = []
    for source in live.sources():
        feed = lines.get(source)
        if feed is None or not feed.frames:
            why = feed.note if feed is not None and feed.note else "nothing heard"
            findings.append(Finding("bad", source, f"{why}"))
        else:
            words = f"{feed.frames} messages, the newest {feed.age_ns / SECOND:.1f} s ago"
            trouble = f"; {feed.faults} unreadable" if feed.faults else ""
            down = f"; DOWN: {feed.note}" if not feed.up else ""
            findings.append(Finding("warn" if trouble or down else "ok", source, words + trouble + down))
    if findings and all(each.state == "bad" for each in findings):
        findings.append(
            Finding("bad", "network", "no venue is reached: offline, or something stands between")
        )
    return findings
