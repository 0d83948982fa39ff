"""The first line: the panes by their keys, called as there is room, and the banner of the mode beside them."""

from collections.abc import Mapping, Sequence

from cockpit.app.chrome import banner
from cockpit.app.line import Line, length, spread
from cockpit.app.panes.registry import Spec
from cockpit.app.scene import Scene


def tabs(scene: Scene, panes: Sequence[Spec], active: int, unread: Mapping[str, int], width: int) -> Line:
    """The panes with their keys and unread counts, the mode, and the clock."""
    right = banner(scene)
    left: Line = ()
    for others, own, gap in _NAMES:
        names = [(own if i == active else others)(spec) for i, spec in enumerate(panes)]
        left = _tabs(names, panes, active, unread, gap)
        if length(left) + 1 + length(right) <= width:
            break
    return spread(left, right, width)


def _title(spec: Spec) -> str:
    return spec.title


def _short(spec: Spec) -> str:
    return spec.short


def _brief(spec: Spec) -> str:
    return spec.brief or spec.short


def _bare(_: Spec) -> str:
    return ""


_NAMES = (
    (_title, _title, " "),
    (_short, _short, " "),
    (_brief, _title, " "),
    (_brief, _short, " "),
    (_brief, _brief, " "),
    (_brief, _brief, ""),
    (_bare, _title, " "),
    (_bare, _bare, " "),
)
"""What the panes are called, the one that is shown, and what parts them: the first that fits. Keys stay."""


def _tabs(
    names: Sequence[str], panes: Sequence[Spec], active: int, unread: Mapping[str, int], gap: str
) -> Line:
    line: list[tuple[str, str]] = [(" ", "text")]
    for i, (name, spec) in enumerate(zip(names, panes, strict=True)):
        line.append((str(i + 1), "key"))
        line.append((name, "selection/title" if i == active else "text"))
        if unread.get(spec.title):
            line.append((f"+{unread[spec.title]}", "warn"))
        line.append((" " if unread.get(spec.title) else gap, "text"))
    return tuple(line[:-1])
