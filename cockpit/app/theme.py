"""Themes are files: each maps roles to styles. A bad one is a notice that names the file and the key.

A style is what `rich.style.Style.parse` reads: ``bold #5fd787 on #101418``, ``reverse``, ``bright_red``.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from rich.color import Color
from rich.errors import StyleSyntaxError
from rich.style import Style

ROLES = {
    "background": "the screen's own colour",
    "text": "everything not named below",
    "dim": "what matters least",
    "title": "names of panes and blocks",
    "header": "column titles",
    "accent": "where the eye should go first",
    "key": "keys in the footer and the help",
    "good": "a gain, an edge",
    "bad": "a loss",
    "warn": "look soon",
    "alert": "look now",
    "bid": "prices bid",
    "ask": "prices asked",
    "own": "our own orders",
    "band": "fair values",
    "stale": "a market whose fair value is too old",
    "doubt": "a market whose book is in doubt",
    "blocked": "a market that may not be traded",
    "selection": "the row under the cursor",
    "strip": "the ground of the ticket strip",
    "ticket": "the terms an approval would send",
    "armed": "an approval would be sent now",
    "live": "the banner of live prices",
    "replay": "the banner of a recording, a demo or a rehearsal",
    "dialog": "the ground of forms and help",
    "field": "where typing goes",
}
"""Every role and what wears it."""

FALLBACK = "dark"
PLAIN = "mono"
SIXTEEN = "sixteen"


@dataclass(frozen=True)
class Theme:
    """Styles by role."""

    name: str
    styles: Mapping[str, Style]
    dark: bool = True
    ansi: bool = False
    """Colours are the terminal's own sixteen."""
    _made: dict[str, Style] = field(default_factory=dict, compare=False, repr=False)

    def style(self, role: str) -> Style:
        """The full style of a role, or of a cell's role laid over its row's: ``selection/good``.

        On a row in reverse a cell's own colour would become its ground: it keeps the row's.
        """
        made = self._made.get(role)
        if made is None:
            made = self.styles["text"] + self.styles["background"]
            for layer in role.split("/"):
                style = self.styles[layer]
                made += style.without_color if made.reverse else style
            self._made[role] = made
        return made

    @property
    def ground(self) -> str:
        """The background as CSS has it."""
        color = self.styles["background"].bgcolor
        return "ansi_default" if self.ansi or color is None or color.is_default else color.get_truecolor().hex


def load(user: Path | None = None) -> tuple[dict[str, Theme], list[str]]:
    """All themes by name, the user's own replacing bundled ones, and notices about what could not be read."""
    themes: dict[str, Theme] = {}
    notices: list[str] = []
    for file in [*_files(_bundled()), *_files(user)]:
        theme = _read(file, themes, notices)
        if theme is not None:
            themes[theme.name] = theme
    return themes, notices


def choose(themes: Mapping[str, Theme], wanted: str, *, no_color: bool, colors: str) -> tuple[str, str]:
    """The theme to begin with and a notice: no colour and few colours outrank an unnamed wish.

    Args:
        themes: what there is.
        wanted: a theme's name, or empty for what suits the terminal.
        no_color: whether NO_COLOR is set.
        colors: the terminal's colour system, as Rich names it: standard, 256, truecolor.
    """
    if no_color:
        return PLAIN, ""
    if wanted and wanted not in themes:
        return FALLBACK, f"no theme {wanted!r}; there are {', '.join(sorted(themes))}"
    return wanted or (SIXTEEN if colors == "standard" else FALLBACK), ""


def _bundled() -> Traversable:
    """In a wheel the themes lie inside the package; in a checkout beside it."""
    inside = resources.files("cockpit") / "themes"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "themes"


def _files(folder: Traversable | None) -> Iterable[Traversable]:
    """Theme files, the fallback first because others build on it."""
    if folder is None or not folder.is_dir():
        return []
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return sorted(files, key=lambda file: (file.name != f"{FALLBACK}.toml", file.name))


def _read(file: Traversable, themes: Mapping[str, Theme], notices: list[str]) -> Theme | None:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        notices.append(f"{file.name}: {error}")
        return None
    name = data.get("name", file.name.removesuffix(".toml"))
    base = data.get("base", FALLBACK)
    if not isinstance(name, str) or not name.isprintable():
        notices.append(f"{file.name}: name: not a name")
        return None
    known = {"name", "base", "dark", "ansi", "roles"}
    notices += [f"{file.name}: {key}: unknown key" for key in data if key not in known]
    if themes and (not isinstance(base, str) or base not in themes):
        notices.append(f"{file.name}: base: no theme {base!r}")
        base = FALLBACK
    styles = dict(themes[base].styles) if base in themes else {}
    styles |= _styles(file.name, data.get("roles", {}), notices)
    missing = ROLES.keys() - styles.keys()
    if missing:
        notices.append(f"{file.name}: roles.{min(missing)}: missing")
        return None
    return Theme(name, styles, dark=data.get("dark", True) is True, ansi=data.get("ansi", False) is True)


def _styles(file: str, roles: Any, notices: list[str]) -> dict[str, Style]:
    if not isinstance(roles, dict):
        notices.append(f"{file}: roles: not a table")
        return {}
    styles = {}
    for role, value in roles.items():
        if role not in ROLES:
            notices.append(f"{file}: roles.{role}: unknown role")
            continue
        try:
            style = Style.parse(value) if isinstance(value, str) else None
        except StyleSyntaxError:
            style = None
        if style is None:
            notices.append(f"{file}: roles.{role}: not a style: {value!r}")
        else:
            styles[role] = _ground(style) if role == "background" else style
    return styles


def _ground(style: Style) -> Style:
    """A lone colour under ``background`` means the ground."""
    if style.bgcolor is not None:
        return style
    return Style(bgcolor=style.color or Color.default())
