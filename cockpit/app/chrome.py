"""The lines around the pane: banner, spots, feeds, footer. Pure: a scene and a width in, lines out."""

from collections.abc import Mapping, Sequence

from cockpit.app import text
from cockpit.app.keys import Action, Keymap
from cockpit.app.line import Line, Part, fit, length, part, spread
from cockpit.app.scene import Scene
from cockpit.app.venues import ASIDE, BASIS, awaited, short, waited_ns
from cockpit.domain.spots import SpotLine
from cockpit.domain.status import FeedLine, Status
from cockpit.domain.view import View

# ---------------------------------------------------------------------------------------------- first line


def banner(scene: Scene) -> Line:
    """The mode, whether prices are real, how the venue is read, and the time in New York."""
    status, view = scene.status, scene.view
    loud = "live" if status.mode.startswith("LIVE") else "replay"
    line: list[tuple[str, str]] = [(f" {mode(status)} ", loud)]
    if view.killed:
        line.append((" KILLED ", "alert"))
    elif status.fault:
        line.append((" ENDED ", "alert"))
    elif view.away:
        line.append((" AWAY ", "alert"))
    how = access(status, view)
    if how and not (view.killed and how != "POLLED"):
        line.append((f" {how}", "warn" if how == "POLLED" else "dim"))
    line.append((f" {text.clock(view.ts)} ET", "title"))
    return tuple(line)


def mode(status: Status) -> str:
    """The mode in words that cannot be missed."""
    words = [status.mode]
    if status.synthetic and status.mode != "REHEARSAL":
        words.append("SYNTHETIC")
    if status.read_only:
        words.append("READ ONLY")
    if status.hindsight:
        words.append("what-if")
    if status.playback is not None:
        at = status.playback
        words.append("end" if at.finished else "paused" if at.paused else f"{at.speed:g}x")
    return " ".join(words)


def access(status: Status, view: View) -> str:
    """Keyed where a venue's own socket speaks to us, POLLED where its books are polled instead; empty else."""
    if status.keyed:
        return "keyed"
    if any(feed.source == "kalshi.ws" for feed in status.feeds):
        return ""
    return "POLLED" if any("POLLED" in row.flags for row in view.rows) else ""


# ---------------------------------------------------------------------------------------------- spots


def spots(view: View, width: int) -> Line:
    """The underlyings; with little room the later ones lose their details first, then go."""
    levels = [0] * len(view.spots)
    while True:
        parts = [
            Part(_spot(spot, level), i)
            for i, (spot, level) in enumerate(zip(view.spots, levels, strict=True))
        ]
        room = width - 2 * max(len(parts) - 1, 0)
        if sum(length(item.line) for item in parts) <= room or not any(level < 4 for level in levels):
            break
        levels[min((level - 1.5 * i, i) for i, level in enumerate(levels) if level < 4)[1]] += 1
    return fit(parts, width, mark=99) if parts else ((" no spot prices", "dim"),)


def _spot(spot: SpotLine, level: int) -> Line:
    line = [(spot.symbol, "title"), (f" {text.underlying(spot.price)}", "stale" if spot.stale else "text")]
    if spot.source and (level < 2 or spot.source.startswith("PROXY")):
        line.append(
            (
                f" {spot.source.split()[0] if level else spot.source}",
                "warn" if "PROXY" in spot.source else "dim",
            )
        )
    if level < 4 or spot.stale:
        line.append((f" {text.age(spot.age_ns)}{'!' if spot.stale else ''}", "warn" if spot.stale else "dim"))
    if spot.vol and level < 3:
        line.append((f" v{spot.vol * 100:.0f}", "dim"))
    if spot.move is not None and level < 1:
        line.append(
            (f" 5m{spot.move * 100:+.2f}%".replace("+0.", "+.").replace("-0.", "-."), _sign(spot.move))
        )
    return tuple(line)


def _sign(value: float | None) -> str:
    return "dim" if not value else "good" if value > 0 else "bad"


def counts(parts: Sequence[Part], width: int) -> Line:
    """What the pane counts."""
    return fit([Part(((" ", "text"), *parts[0].line)), *parts[1:]], width) if parts else ()


# ---------------------------------------------------------------------------------------------- feeds


def feeds(scene: Scene, width: int) -> Line:
    """How old each source is, what is recorded, and who is at the wheel."""
    status, view = scene.status, scene.view
    gaps = sum(feed.gaps for feed in status.feeds)
    parts = [part("FEED", "title"), *_venues(status.feeds), *_awaited(status)]
    if len(parts) == 1:
        parts.append(part("none", "dim"))
    parts.append(part(f"gaps {gaps}", "warn" if gaps else "dim", 2))
    parts.append(
        part(
            f"| REC {status.recording}" if status.recording else "| not recorded",
            "text" if status.recording else "dim",
            3,
        )
    )
    parts.append(_bell(scene))
    if view.away:
        parts.append(part("| AWAY: any key", "alert"))
    elif view.away_ns is not None:
        parts.append(
            part(
                f"| away {text.duration(view.away_ns)}", "warn" if view.away_ns < 60_000_000_000 else "dim", 1
            )
        )
    return fit(parts, width, gap=" ", mark=1)


def _venues(feeds: Sequence[FeedLine]) -> list[Part]:
    """One word a venue: how old its newest message is, of its stream where it has one; what is down or late is said."""
    found: dict[str, list[FeedLine]] = {}
    for feed in feeds:
        name = feed.source.partition(".")[0]
        if name not in ASIDE:
            found.setdefault(name, []).append(feed)
    order = [*BASIS, *found]
    return [_feed(name, found[name]) for name in sorted(found, key=order.index)]


def _awaited(status: Status) -> list[Part]:
    """Who is asked and has not answered yet; for how long, once that is long."""
    ns = waited_ns(status)
    tail = f" {text.age(ns)}" if ns else ""
    return [part(f"{' '.join(names)} {doing}{tail}", "dim", 1) for doing, names in awaited(status).items()]


def _feed(name: str, lines: Sequence[FeedLine]) -> Part:
    down = [line.source.partition(".")[2] for line in lines if not line.up]
    late = bool(down) or any(line.note for line in lines)
    streams = [line for line in lines if line.source.endswith(".ws")]
    heard = [line.age_ns for line in streams or lines if line.frames]
    age = text.age(min(heard)) if heard else text.NONE
    said = "DOWN" if len(down) == len(lines) else f"{age}{'!' if late else ''}"
    if down and len(down) < len(lines):
        said += f"{' '.join(down)}"
    return part(f"{short(name)} {said}", "warn" if late else "text", int(not late))


def _bell(scene: Scene) -> Part:
    """Alerts that are off are always told."""
    if scene.mute:
        return part("| muted", "warn")
    return (
        part(f"| snooze {text.duration(scene.snooze_ns)}", "warn")
        if scene.snooze_ns > 0
        else part("| bell", "dim", 4)
    )


# ---------------------------------------------------------------------------------------------- last line


LEAST = 9
"""The tier of what goes first when room is short."""


def footer(keymap: Keymap, scene: Scene, width: int, *, form: bool = False) -> Line:
    """The keys that work now; the help and the kill, or its end, stand at the right and never go.

    While a form is open it has all keys but the kill's.

    Short of room the least useful are shortened first, then left out, which shows its sign. A replay's keys stand in
    its own bar.
    """
    if form:
        return spread((("Esc", "key"), (" leave", "text")), _last_keys(keymap, scene, form=True), width)
    right = _last_keys(keymap, scene)
    actions = [action for action in keymap.footer(scene) if action.tier and action.group != "replay"]
    if scene.ticket is None:
        last = keymap.by_name["next"]
        actions = [
            *(a for a in actions if a is not last),
            *(a._replace(tier=LEAST) for a in actions if a is last),
        ]
    return spread(_keys(actions, width - length(right) - 2), right, width)


def _last_keys(keymap: Keymap, scene: Scene, *, form: bool = False) -> Line:
    line: list[tuple[str, str]] = [(keymap.key("help") or "-", "key"), (" help", "text")]
    if form:
        line = []
        if keymap.key("kill").isalnum():  # a letter is typed
            return ()
    if keymap.by_name["kill"].when(scene):
        line += [(" ", "text"), (f"{keymap.key('kill') * 2} KILL", "alert")]
    elif keymap.by_name["resume"].when(scene) and not form:
        line += [(" ", "text"), (keymap.key("resume"), "key"), (" RESUME", "alert")]
    return tuple(line)


def _keys(actions: Sequence[Action], room: int) -> Line:
    """As many as there is room for, in their usual order."""
    labels = {action.name: action.label for action in actions}
    least_useful = sorted(actions, key=lambda action: action.tier)[::-1]
    for action in least_useful:
        if _width(actions, labels) > room:
            labels[action.name] = action.brief or action.label
    shown = list(actions)
    for action in least_useful:
        if _width(shown, labels) > room - 2 * (len(shown) < len(actions)):
            shown.remove(action)
    room -= 2 * (len(shown) < len(actions))
    for action in reversed(least_useful):
        if action in shown and _width(shown, labels | {action.name: action.label}) <= room:
            labels[action.name] = action.label
    line: list[tuple[str, str]] = []
    for action in shown:
        line += [(" " if line else "", "text"), (_key(action), "key"), (f" {labels[action.name]}", "text")]
    return (*line, *([(f" {text.CUT}", "dim")] if len(shown) < len(actions) else []))


def _width(actions: Sequence[Action], labels: Mapping[str, str]) -> int:
    return sum(len(_key(action)) + len(labels[action.name]) + 2 for action in actions) - 1


def _key(action: Action) -> str:
    return {"enter": "Ent"}.get(action.keys[0], action.keys[0])


def replay_keys(keymap: Keymap) -> Line:
    """The keys of a replay, for its bar."""
    line: list[tuple[str, str]] = []
    for names, word in REPLAY_KEYS:
        line += [
            (" " if line else "", "text"),
            (" ".join(filter(None, map(keymap.key, names))), "key"),
            (f" {word}", "dim"),
        ]
    return tuple(line)


REPLAY_KEYS = (
    (("pause",), "pause"),
    (("slower", "faster"), "x"),
    (("step",), "step"),
    (("goto",), "go"),
    (("previous_marker", "next_marker"), "mark"),
)
