"""The keymap as data: what each action is called, which keys do it, and when it can be done."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from cockpit.app.scene import Scene

When = Callable[[Scene], bool]


class Action(NamedTuple):
    """Something a key does."""

    name: str
    keys: tuple[str, ...]
    label: str
    """In the footer; empty stays out of it."""
    help: str
    group: str
    when: When
    needs: str = ""
    """What is missing when it cannot be done now."""
    tier: int = 1
    """In the footer the highest goes first when room is short; 0 stands apart from the others."""
    brief: str = ""
    """The label where room is short."""

    def lacks(self, scene: Scene, keymap: "Keymap | None" = None) -> str:
        """Why it cannot be done now."""
        if scene.hindsight and self.name in _PAST:
            return HINDSIGHT
        return self.needs.format(resume=keymap.key("resume") if keymap is not None else "R")


HINDSIGHT = "a recording plays: the desk's past cannot be changed"
_PAST = frozenset({"lease", "kill", "resume", "acknowledge"})


def _always(_: Scene) -> bool:
    return True


def _serves(name: str) -> When:
    return lambda scene: name in scene.serves


def _replay(scene: Scene) -> bool:
    return scene.replay


def _alive(scene: Scene) -> bool:
    return not scene.hindsight and not scene.view.killed


ACTIONS: tuple[Action, ...] = (
    Action("approve", ("a",), "approve", "approve the ticket in the strip, on the terms printed", "ticket",
           lambda s: not s.refusal, "no ticket in the strip that would be sent", 1, "appr"),
    Action("reject", ("r",), "reject", "reject the ticket in the strip", "ticket",
           lambda s: s.ticket is not None, "no ticket in the strip", 1, "rej"),
    Action("edit", ("e",), "edit", "change the ticket, or the working order under the cursor", "ticket",
           lambda s: s.ticket is not None or s.working is not None, "no ticket and no working order here", 1),
    Action("next", ("n",), "next", "print the next ticket; if there is none, tell the last fill", "ticket",
           lambda s: len(s.view.tickets) > 1 or bool(s.view.desk.fills), "no other ticket and no fill", 4),
    Action("why", ("w",), "why", "where this market's numbers come from; why no ticket", "look",
           _serves("why"), "nothing to explain here", 3),
    Action("unwind", ("u",), "unwind", "close this market's position with resting orders", "order",
           lambda s: bool(s.held), "no position here", 2, "unw"),
    Action("flatten", ("U",), "flat event", "close every position of this event with resting orders", "order",
           lambda s: s.holds(s.target.event), "no position in this event", 5, "flat"),
    Action("order", ("o",), "order", "place a maker order by hand in this market", "order",
           lambda s: bool(s.target.market), "no market under the cursor", 3, "ord"),
    Action("cancel", ("x",), "cancel", "cancel the order here, else the newest; of a pair both legs", "order",
           lambda s: bool(s.doomed), "no working order here", 2, "cxl"),
    Action("pull", ("X",), "pull", "cancel every order of this market", "order",
           lambda s: any(s.orders(market) for market in s.target.markets), "no working order in this market", 7),
    Action("confirm", ("c",), "same?", "both contracts of a pair field by field: confirm or refuse", "look",
           lambda s: bool(s.target.pair), "no pair under the cursor", 2),
    Action("acknowledge", ("d",), "seen", "the two venues disagree: you know, and approvals here go on", "look",
           lambda s: s.disagrees and not s.hindsight, "the venues do not disagree here", 2),
    Action("detail", ("enter",), "detail", "all about this market, pair, game; open or fold an event", "look", _serves("detail"),
           "nothing to open here", 5, "det"),
    Action("filter", ("/",), "find", "show only rows that contain a text", "look", _serves("filter"),
           "nothing to filter here", 6),
    Action("sort", ("s",), "sort", "sort by the next column", "look", _serves("sort"), "nothing to sort here", 6),
    Action("valuation", ("v",), "P&L", "P&L by fill rule and fee model", "look", _always, "", 6),
    Action("pause", ("space",), "pause", "stop the replay, or go on", "replay", _replay, "live: nothing to pause"),
    Action("slower", ("[",), "slower", "half the speed", "replay", _replay, "live"),
    Action("faster", ("]",), "faster", "twice the speed", "replay", _replay, "live"),
    Action("step", (".",), "step", "one input further", "replay", _replay, "live: nothing to step"),
    Action("goto", ("t",), "go to", "go to a time", "replay", _replay, "live: no other time to go to"),
    Action("previous_marker", ("{",), "", "back to the marker before", "replay", _replay, "live: no markers"),
    Action("next_marker", ("}",), "marker", "on to the next ticket, fill or doubt", "replay", _replay,
           "live: no markers"),
    Action("lease", ("L",), "lease", "let the desk requote and approve within bounds for a while", "desk",
           _alive, "killed: {resume} resumes first", 9),
    Action("kill", ("!",), "KILL", "twice: cancel all desk orders and stop approvals", "desk",
           _alive, "killed already", 0),
    Action("resume", ("R",), "resume", "allow approvals again after a kill", "desk",
           lambda s: s.view.killed and not s.hindsight, "not killed", 0),
    Action("mute", ("m",), "", "bell and hook off or on", "app", _always),
    Action("snooze", ("z",), "", "put alerts off for five minutes", "app", _always),
    Action("theme", ("T",), "", "the next theme", "app", _always),
    Action("palette", ("ctrl+p",), "", "choose an action or a theme from a list", "app", _always),
    Action("settings", (",",), "", "settings: limits and what is watched", "app", _always),
    Action("help", ("?",), "help", "all keys", "app", _always, "", 0),
    Action("quit", ("q", "ctrl+c", "ctrl+q"), "", "twice: leave", "app", _always),
    Action("back", ("escape",), "", "close what is open, clear the filter", "app", _always),
    Action("up", ("up", "k"), "", "one row up", "move", _always),
    Action("down", ("down", "j"), "", "one row down", "move", _always),
    Action("page_up", ("pageup",), "", "one page up", "move", _always),
    Action("page_down", ("pagedown",), "", "one page down", "move", _always),
    Action("top", ("g", "home"), "", "first row", "move", _always),
    Action("bottom", ("G", "end"), "", "last row", "move", _always),
    *(Action(f"pane{n}", (str(n),), "", f"pane {n}", "panes", _always) for n in range(1, 10)),
)  # fmt: skip

GROUPS = ("ticket", "order", "desk", "look", "replay", "move", "panes", "app")
_KEY = re.compile(
    r"(?:(?:ctrl|shift|alt)\+)*(?:[^\s+]|space|enter|escape|tab|backspace|delete|insert|home|end|pageup|pagedown"
    r"|up|down|left|right|f\d{1,2})"
)


LEAVING = frozenset({"enter", "escape"})
"""What a form is sent and left with."""
TYPED = frozenset(
    {
        *"0123456789.,:+-/_'\"[]",
        "space",
        "tab",
        "shift+tab",
        "backspace",
        "delete",
        "left",
        "right",
        "up",
        "down",
        "home",
        "end",
        "ctrl+u",
    }
)
"""What is typed in forms: prices, times, names, lists, and the keys that move among them."""
AT_ONCE = frozenset({"approve", "reject", "unwind", "cancel", "resume", "acknowledge"})
"""Actions that reach the engine at one press."""


class Keymap:
    """Keys to actions, with a person's own keys laid over the usual ones.

    A change that cannot be had (no such action, no such key, two actions on one key, a kill without a key, a key that
    forms need) is left out and told in ``notices``, with the file it stands in.
    """

    def __init__(
        self, changes: Mapping[str, Sequence[str] | str] | None = None, where: str = "the settings"
    ) -> None:
        self.notices: list[str] = []
        self._where = where
        usual = {action.name: action.keys for action in ACTIONS}
        wanted = dict(self._valid(changes or {}, usual))
        while clash := _clash(usual | wanted, wanted):
            name, key, other = clash
            self._leave_out(name, f"{key!r} is {other}'s already")
            del wanted[name]
        final = usual | wanted
        self.actions = tuple(action._replace(keys=final[action.name]) for action in ACTIONS)
        self.by_name = {action.name: action for action in self.actions}
        self._by_key = {key: action for action in self.actions for key in action.keys}

    def action(self, key: str) -> Action | None:
        """What a key does."""
        return self._by_key.get(key)

    def key(self, name: str) -> str:
        """The first key of an action, as printed; empty when a person took all its keys away."""
        keys = self.by_name[name].keys
        return keys[0] if keys else ""

    def footer(self, scene: Scene) -> list[Action]:
        """The actions with a label that work now."""
        return [action for action in self.actions if action.label and action.keys and action.when(scene)]

    def _valid(
        self, changes: Mapping[str, Sequence[str] | str], usual: Mapping[str, tuple[str, ...]]
    ) -> Iterable[tuple[str, tuple[str, ...]]]:
        for name, value in changes.items():
            keys = tuple(key for key in ((value,) if isinstance(value, str) else value) if key)
            bad = [key for key in keys if not _KEY.fullmatch(key)]
            needed = [key for key in keys if key in _needed(name)]
            if name not in usual:
                self._leave_out(name, "no such action")
            elif bad:
                self._leave_out(name, f"no such key: {bad[0]!r}")
            elif not keys and name in ("kill", "quit"):
                self._leave_out(name, "needs a key")
            elif needed:
                self._leave_out(name, f"{needed[0]!r} is what forms need")
            else:
                yield name, keys

    def _leave_out(self, name: str, why: str) -> None:
        self.notices.append(f"screen.keys.{name}: {why} ({self._where})")


def _needed(name: str) -> frozenset[str]:
    """Keys that an action may not have since forms need them.

    A kill is heard while a form is open, so it takes a key away from typing there. What acts at one press must not
    stand on the key that a form was left with a moment before.
    """
    if name == "kill":
        return TYPED | LEAVING
    return LEAVING if name in AT_ONCE else frozenset()


def _clash(
    keys: Mapping[str, tuple[str, ...]], changed: Mapping[str, tuple[str, ...]]
) -> tuple[str, str, str] | None:
    """A changed action that shares a key: (it, the key, the other)."""
    users: dict[str, list[str]] = defaultdict(list)
    for action, taken in keys.items():
        for key in dict.fromkeys(taken):
            users[key].append(action)
    for key, names in users.items():
        if len(names) > 1:
            loser = next(name for name in reversed(names) if name in changed)
            return loser, key, next(name for name in names if name != loser)
    return None
