"""``cockpit rehearse``: the live mode against stand-in venues on this machine, or a synthetic session as a file."""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from cockpit.cli.live import drive, need_terminal, seconds, watch
from cockpit.cli.talking import say
from cockpit.domain.errors import InputError
from cockpit.rehearsal.worlds import WORLDS

if TYPE_CHECKING:
    from cockpit.runtime.keys import KalshiKey
    from cockpit.runtime.live import Live
    from cockpit.runtime.opening import Opening
    from cockpit.settings.tree import Settings

READY_S = 30.0
"""How long the stand-ins may take to open."""
ENDS_S = 3.0
_SERIES_S = 0.3
"""Between two looks at what is listed: what a world begins with comes within a tenth of a second."""
UNWRITTEN = "a rehearsal writes into no settings file but one named by --settings"
"""It is not the person's own market: what was tried out there must not change tomorrow's limits."""
GAME_TAGS = ("nba", "nfl")
"""Polymarket's tags of what a world plays besides crypto."""

Places = dict[str, dict[str, str]]
"""Where each stand-in is, by venue and by what is found there."""


def add_rehearse(commands: Any) -> None:
    """``cockpit rehearse``."""
    p = commands.add_parser(
        "rehearse", help="the live mode against stand-in venues on this machine: no key, no risk"
    )
    p.add_argument(
        "--session", type=Path, metavar="FILE", help="play this recording instead of a seeded world"
    )
    p.add_argument("--seed", type=int, default=7, help="of the world")
    p.add_argument("--world", default="demo", metavar="NAME", help=f"which world: {', '.join(WORLDS)}")
    p.add_argument(
        "--faults", default="none", metavar="PROFILE", help="what goes wrong: flaky, gaps, silence, ..."
    )
    p.add_argument("--keyless", action="store_true", help="without the stand-in's key: Kalshi is polled")
    p.add_argument("--headless", action="store_true", help="no screen")
    p.add_argument("--record", type=Path, metavar="FILE", help="record the run")
    p.add_argument("--seconds", type=seconds, metavar="N", help="end after this long")
    p.add_argument("--speed", type=float, default=1.0, metavar="X", help="the stand-ins' time, times as fast")
    p.add_argument(
        "-o", dest="out", type=Path, metavar="OUT.jsonl.zst", help="write a synthetic session and leave"
    )
    p.add_argument("--minutes", type=float, default=9.0, help="with -o: how long it is")
    p.add_argument("--force", action="store_true", help="replace OUT or the recording")
    p.set_defaults(run=_rehearse)


def _rehearse(args: argparse.Namespace) -> int:
    if args.out is not None:
        from cockpit.rehearsal.write import write_session

        write_session(args.out, args.seed, args.minutes, overwrite=args.force)
        say(f"{args.out}: {args.out.stat().st_size} bytes, seed {args.seed}")
        return 0
    from cockpit.settings import files

    if not args.headless:
        need_terminal()
    synthetic = args.session is None or "synthetic" in _capabilities(args.session)
    with stand_ins(args) as stands:
        chosen = files.load(args.settings)
        if args.headless:
            stands.begin()
            return drive(asyncio.run(_made(args, chosen, stands, synthetic)), args.seconds)
        return _on_screen(args, chosen, stands, synthetic)


def _on_screen(args: argparse.Namespace, chosen: "Settings", stands: "StandIns", synthetic: bool) -> int:
    """The screen at once; the stand-ins open while it is up."""
    from cockpit.engine.engine import Engine
    from cockpit.runtime.opening import REHEARSAL, Opening, standing, warm

    async def make(opening: "Opening") -> "Live":
        stands.begin()
        await warm()
        return await _made(args, chosen, stands, synthetic, opening.tell)

    opening = Opening(
        Engine(chosen.engine()), standing(REHEARSAL, synthetic=synthetic, keyed=not args.keyless), make,
        sources=("stand-ins",),
    )  # fmt: skip
    return watch(
        opening, chosen,
        seconds=args.seconds, config=args.settings, unwritten="" if args.settings else UNWRITTEN,
    )  # fmt: skip


async def _made(
    args: argparse.Namespace,
    chosen: "Settings",
    stands: "StandIns",
    synthetic: bool,
    tell: Callable[[Sequence[str], str], None] = lambda _sources, _doing: None,
) -> "Live":
    """The run, once the stand-ins have opened and said what they list."""
    from cockpit.runtime.launch import Launch
    from cockpit.runtime.opening import REHEARSAL

    places = await stands.places()
    tell(list(places), "asking what is listed")
    chosen = await against(chosen, places)
    await spoil(places, args.faults)
    key = None if args.keyless else stand_in_key(places)
    launch = Launch(chosen, mode=REHEARSAL, key=key, synthetic=synthetic, trust_env=False)
    reel = None
    if args.record is not None:
        reel = launch.reel(args.record.parent, first=args.record, overwrite=args.force)
        reel.check()
    return launch.live(reel=reel)


def _capabilities(path: Path) -> tuple[str, ...]:
    from cockpit.runtime.reader import SessionFile

    return SessionFile(path).header.capabilities


class StandIns:
    """The stand-in venues: a process of its own that ends with this one. A context manager; it opens when asked to.

    Whatever is called ``cockpit`` in the folder one stands in is not mistaken for this program.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self._command = [sys.executable, "-P", "-m", "cockpit.rehearsal.stands", *arguments]
        self._process: subprocess.Popen[bytes] | None = None
        self._opened = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End them: at once where they have not opened yet."""
        process, self._process = self._process, None
        if process is None:
            return
        with process:
            assert process.stdin is not None
            process.stdin.close()
            if not self._opened:
                process.terminate()
            try:
                process.wait(ENDS_S)
            except subprocess.TimeoutExpired:
                process.kill()

    def begin(self) -> None:
        """Let them open while others work."""
        self._process = subprocess.Popen(  # noqa: S603  our own module, and arguments that no shell reads
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    async def places(self) -> Places:
        """Where they are, as soon as they are open.

        Raises:
            InputError: when they do not open; the message is theirs.
        """
        try:
            async with asyncio.timeout(READY_S):
                line = await self._line()
        except TimeoutError:
            raise InputError(f"the stand-ins did not open within {READY_S:.0f} seconds") from None
        if not line.endswith(b"\n"):
            raise InputError(f"the stand-ins did not open: {self._last_words()}")
        self._opened = True
        found: Places = json.loads(line)
        return found

    async def _line(self) -> bytes:
        """All they say: one line, or what there was of it when they ended."""
        assert self._process is not None
        assert self._process.stdout is not None
        number, said, all_said = self._process.stdout.fileno(), bytearray(), asyncio.Event()

        def read() -> None:
            part = os.read(number, 65_536)
            said.extend(part)
            if not part or part.endswith(b"\n"):
                all_said.set()

        loop = asyncio.get_running_loop()
        loop.add_reader(number, read)
        try:
            await all_said.wait()
        finally:
            loop.remove_reader(number)
        return bytes(said)

    def _last_words(self) -> str:
        assert self._process is not None
        assert self._process.stderr is not None
        told = self._process.stderr.read().decode(errors="replace").strip().splitlines()
        return told[-1] if told else "no reason given"


def stand_ins(args: argparse.Namespace) -> StandIns:
    """The stand-ins that the command line asks for."""
    source = ["--session", str(args.session)] if args.session is not None else ["--seed", str(args.seed)]
    if args.session is None:
        source += ["--profile", args.world]
    return StandIns([*source, "--speed", str(args.speed)])


async def against(settings: "Settings", places: Places) -> "Settings":
    """The settings with every venue's address replaced by its stand-in's; whatever has none is off."""
    from cockpit.settings.tree import read

    plain = settings.plain()
    for venue in ("kalshi", "polymarket", "polymarket_us", "espn", "schedule", "weather", "sportsbook"):
        plain[venue]["on"] = venue in places
    plain["kalshi"] |= {"key_id": "", "key_file": ""}
    for venue, fields in places.items():
        if venue in plain:
            plain[venue] |= {
                name: url for name, url in fields.items() if name in plain[venue] and "key" not in name
            }
        else:
            plain["spot"] |= {f"{venue}_{name}": url for name, url in fields.items()}
    for name in ("coinbase", "kraken", "binance_us", "deribit"):
        plain["spot"][name] = name in places
    plain["polymarket"]["tags"] = [*dict.fromkeys((*plain["polymarket"]["tags"], *GAME_TAGS))]
    if "kalshi" in places:
        plain["kalshi"]["series"] = await _series(places["kalshi"]["rest"])
    return read(plain, "rehearsal")


async def spoil(places: Places, faults: str) -> None:
    """Switch a profile of faults on in every stand-in, now that they are found.

    Raises:
        InputError: for a profile that does not exist.
    """
    import httpx

    from cockpit.rehearsal.stands.faults import PROFILES

    if faults not in PROFILES:
        raise InputError(f"--faults {faults!r}: one of {', '.join(PROFILES)}")
    roots = {urlsplit(url).netloc for place in places.values() for url in place.values() if "://" in url}
    async with httpx.AsyncClient(trust_env=False) as client:
        for root in sorted(roots):
            await client.post(f"http://{root}/_control", json={"faults": faults})


async def _series(rest: str) -> list[str]:
    """Every series the stand-in lists, as soon as it lists any and no more come."""
    import httpx

    known: list[str] = []
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(100):
            answer = await client.get(f"{rest}/series")
            listed = answer.json().get("series") if answer.status_code == 200 else None
            told = [str(each["ticker"]) for each in listed or ()]
            if told and told == known:
                return told
            known = told
            await asyncio.sleep(_SERIES_S)
    return known


def stand_in_key(places: Places) -> "KalshiKey | None":
    """The throw-away key the stand-in knows."""
    from cockpit.runtime.keys import KalshiKey, read_private

    kalshi = places.get("kalshi", {})
    if "key_file" not in kalshi:
        return None
    return KalshiKey(kalshi["key_id"], read_private(Path(kalshi["key_file"])))
