"""``cockpit config``: the settings file, written, shown, found."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.talking import say

if TYPE_CHECKING:
    from cockpit.settings.tree import Settings

HIDDEN = "(set)"


def add_config(commands: Any) -> None:
    """``cockpit config``."""
    p = commands.add_parser("config", help="write, show or find the settings")
    what = p.add_subparsers(dest="what", required=True, metavar="WHAT")
    init = what.add_parser("init", help="write a settings file with the defaults")
    init.add_argument("--force", action="store_true", help="replace the file")
    init.set_defaults(run=_init)
    what.add_parser("show", help="print the settings in force; keys are not shown").set_defaults(run=_show)
    what.add_parser("path", help="print where the settings file is looked for").set_defaults(run=_path)


def _init(args: argparse.Namespace) -> int:
    from cockpit.domain.errors import OutputError
    from cockpit.settings.tree import Settings

    path = _where(args)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if args.force else os.O_EXCL)
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(Settings().toml())
    except FileExistsError:
        raise OutputError(f"{path}: exists already (--force replaces it)") from None
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from None
    say(f"written: {path}")
    return 0


def _show(args: argparse.Namespace) -> int:
    from cockpit.settings import files

    print(shown(files.load(args.settings)), end="")
    return 0


def _path(args: argparse.Namespace) -> int:
    print(_where(args))
    return 0


def shown(settings: "Settings") -> str:
    """The settings as TOML, the key's id hidden; where the key is from the environment, a comment says so."""
    from cockpit.runtime.keys import FILE_VARIABLE, ID_VARIABLE

    kalshi = settings.kalshi
    hidden = kalshi.model_copy(update={"key_id": HIDDEN if kalshi.key_id else ""})
    text = settings.model_copy(update={"kalshi": hidden}).toml()
    found = [name for name in (ID_VARIABLE, FILE_VARIABLE) if os.environ.get(name)]
    return text + "".join(f"# {name} is set in the environment and comes first\n" for name in found)


def _where(args: argparse.Namespace) -> Path:
    from cockpit.settings.files import usual_path

    path: Path | None = args.settings
    return path or usual_path()
