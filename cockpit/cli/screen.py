"""``cockpit demo``, and how any session is put on the screen."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.domain.errors import InputError

if TYPE_CHECKING:
    from cockpit.app.link import Link
    from cockpit.runtime.reader import SessionFile
    from cockpit.settings.tree import Settings

DEMO = "demo-seed22.jsonl.zst"
WARM = "+7"
"""Where the demo opens: books and volatility are warm, and the first ticket is a moment away."""


def add_demo(commands: Any) -> None:
    """``cockpit demo``."""
    p = commands.add_parser("demo", help="the cockpit on a bundled synthetic session: no network, no key")
    p.add_argument("--speed", type=speed, default=1.0, metavar="X", help="times as fast as it happened")
    p.add_argument("--theme", metavar="NAME", help="instead of the theme in the settings")
    p.set_defaults(run=_demo)


def _demo(args: argparse.Namespace) -> int:
    from cockpit.runtime import replay
    from cockpit.runtime.reader import SessionFile
    from cockpit.settings import files

    file = SessionFile(bundled())
    return show(
        file, files.load(args.settings), "DEMO",
        hindsight=False, speed=args.speed, theme=args.theme, start=replay.moment(WARM, file),
        config=args.settings,
    )  # fmt: skip


def show(
    file: "SessionFile",
    settings: "Settings",
    mode: str,
    *,
    hindsight: bool,
    approve: str = "recorded",
    speed: float = 1.0,
    start: int | None = None,
    theme: str | None = None,
    config: Path | None = None,
) -> int:
    """Open the screen on a session file, until the person leaves.

    Raises:
        InputError: when there is no terminal to draw on.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("no terminal to draw on (`cockpit replay --headless` runs without one)")
    from cockpit.runtime.film import Film

    film = Film(file, settings, mode=mode, hindsight=hindsight, approve=approve, speed=speed)
    if start is not None:
        film.seek(start)
    screen(film, settings, theme=theme, config=config)
    return 0


def screen(
    link: "Link",
    settings: "Settings",
    *,
    theme: str | None = None,
    config: Path | None = None,
    seconds: float | None = None,
    unwritten: str = "",
) -> None:
    """The screen on a film or a live run, until the person leaves, or ``seconds`` have passed.

    ``config`` is the settings file where it is not the usual one, and ``unwritten`` why it is never written to.

    Raises:
        CockpitError: when the session could not begin.
    """
    from cockpit.app.app import CockpitApp
    from cockpit.settings.files import SettingsFile, usual_path

    look = settings.screen
    refusal = CockpitApp(
        link,
        theme=theme or look.theme,
        themes=(config or usual_path()).parent / "themes",
        settings=SettingsFile(config or usual_path(), unwritten),
        keymap=look.keys,
        fps=look.fps,
        hook=look.hook,
        ascii_only=look.ascii or "utf" not in (sys.stdout.encoding or "").lower(),
        seconds=seconds,
    ).run(mouse=False)
    if refusal is not None:
        raise refusal


def bundled() -> Path:
    """The demo's session: inside the installed package, or beside it in a checkout.

    Raises:
        InputError: when neither is there.
    """
    here = Path(__file__).resolve().parents[1]
    for path in (here / "demo" / DEMO, here.parent / "examples" / DEMO):
        if path.is_file():
            return path
    raise InputError(f"{DEMO} is missing from this installation")


def speed(text: str) -> float:
    """A speed as argparse takes it."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.25 <= value <= 500:
        raise argparse.ArgumentTypeError(f"{text!r}: a number from 0.25 to 500")
    return value
