"""The command line. Data goes to standard output, narration and progress to standard error.

Exit codes: 0 ok, 1 a fault of ours, 2 usage or settings, 3 input that cannot be read, 4 not verified.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cockpit.cli.check import add_check
from cockpit.cli.config import add_config
from cockpit.cli.corpus import add_corpus
from cockpit.cli.evaluate import add_evaluate, add_simulate
from cockpit.cli.files import add_export, add_import
from cockpit.cli.live import add_live, add_record
from cockpit.cli.markets import add_markets
from cockpit.cli.rehearse import add_rehearse
from cockpit.cli.replay import add_replay
from cockpit.cli.report import add_report
from cockpit.cli.screen import add_demo
from cockpit.cli.sweep import add_sweep
from cockpit.cli.talking import say
from cockpit.domain.errors import CockpitError


def entry() -> None:
    """The console script."""
    sys.exit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Run one command; its exit code."""
    args = parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except CockpitError as error:
        say(f"{error.title}: {error}")
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130
    return code


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    made = _Command("cockpit", description="A trading cockpit for makers on prediction markets.")
    made.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    made.set_defaults(settings=None)
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        add_demo, add_live, add_record, add_markets, add_check, add_config, add_replay, add_import, add_export, add_corpus, add_simulate, add_evaluate, add_sweep, add_report, add_rehearse,
    ):  # fmt: skip
        add(commands)
    return made


class _Command(argparse.ArgumentParser):
    """The program or one of its commands, however deep: each takes ``--settings``, and the last one named counts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_argument(
            "--settings", type=Path, metavar="FILE", default=argparse.SUPPRESS,
            help="a settings file instead of the usual one",
        )  # fmt: skip


class _Version(argparse.Action):
    """``--version``, read from the installed package only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any, **__: Any) -> None:
        from importlib.metadata import version

        print(f"cockpit {version('cockpit')}")
        parser.exit(0)
