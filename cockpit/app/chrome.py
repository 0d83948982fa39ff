"""The lines around the pane: tabs and banner, spots, money, feeds, footer. Pure: a scene and a width in, lines out."""

from collections.abc import Mapping, Sequence

from cockpit.app import text
from cockpit.app.keys import Keymap
from cockpit.app.line import Line, Part, fit, length, part, spread
from cockpit.app.panes.registry import Spec
from cockpit.app.scene import Scene
from cockpit.domain.status import FeedLine, Status
from cockpit.domain.view import SpotLine, View

BASIS = {
    "kalshi": "K",
    "polymarket": "P",
    "coinbase": "CB",
    "kraken": "KR",
    "espn": "ESPN",
    "weather": "NWS",
    "spot": "SPOT",
}
"""Short names of sources; the part after the dot follows in lower case where it is not a socket."""


# ---------------------------------------------------------------------------------------------- first line


def tabs(scene: Scene, panes: Sequence[Spec], active: int, unread: Mapping[str, int], width: int) -> Line:
    """The panes with their keys and unread counts, the mode, and the clock."""
    right = banner(scene)
    left = _tabs([spec.title for spec in panes], panes, active, unread)
    if length(left) + length(right) >= width:
        left = _tabs([spec.short for spec in panes], panes, active, unread)
    return spread(left, right, width)


def _tabs(names: Sequence[str], panes: Sequence[Spec], active: int, unread: Mapping[str, int]) -> Line:
    line: list[tuple[str, str]] = [(" ", "text")]
    for i, (name, spec) in enumerate(zip(names, panes, strict=True)):
        line.append((str(i + 1), "key"))
        line.append((name, "selection/title" if i == active else "text"))
        if unread.get(spec.title):
            line.append((f"+{unread[spec.title]}", "warn"))
        line.append((" ", "text"))
    return tuple(line)


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
    if how := access(status, view):
        line.append((f" {how}", "warn" if how == "POLLED" else "dim"))
    line.append((f" {text.clock(view.ts)} ET", "title"))
    return tuple(line)


def mode(status: Status) -> str:
    """The mode in words that cannot be missed."""
    words = [status.mode]
    if status.synthetic and status.mode != "REHEARSAL":
        words.append("SYNTHETIC")
    if status.hindsight:
        words.append("what-if")
    if status.playback is not None:
        at = status.playback
        words.append("end" if at.finished else "paused" if at.paused else f"{at.speed:g}x")
    return " ".join(words)


def access(status: Status, view: View) -> str:
    """POLLED where a market is read by polling, keyed where the venue's own socket speaks; empty else."""
    if any("POLLED" in row.flags for row in view.rows):
        return "POLLED"
    live = status.mode.startswith("LIVE")
    return "keyed" if live and any(feed.source.startswith("kalshi.ws") for feed in status.feeds) else ""


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
    price = f"{spot.price:,.2f}" if spot.price >= 10 else f"{spot.price:.4f}"
    line = [(spot.symbol, "title"), (f" {price}", "stale" if spot.stale else "text")]
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


# ---------------------------------------------------------------------------------------------- money


def money(scene: Scene, width: int) -> Line:
    """The day's fee-adjusted P&L, or the same under each fill rule and the flat fees."""
    desk = scene.view.desk
    word = "WHAT-IF" if scene.lane != "desk" else "DAY"
    if scene.fees:
        rules = zip(("cross", "tail", "FIFO", "touch"), desk.by_rule, strict=False)
        cells = [part(f"{name} {text.signed_money(value)}", _sign(value)) for name, value in rules]
        parts = [
            part(f"{word} NET by rule:", "title"),
            *cells,
            part(f"| flat fees {text.signed_money(desk.flat)}", "dim", 1),
        ]
        return fit(parts, width, gap=" ")
    cap = f" of {text.whole_money(desk.total_cap)}" if desk.total_cap else ""
    left = desk.loss_left
    parts = [
        Part(((f"{word} net ", "title"), (text.signed_money(desk.net), _sign(desk.net)), (" mid ", "dim"),
              (text.signed_money(desk.net_liquidation), _sign(desk.net_liquidation)), (" liq", "dim"))),
        part(f"| free {text.whole_money(desk.cash)}", "text", 1),
        part(f"| at risk {text.whole_money(desk.at_risk)}{cap}", "text", 2),
    ]  # fmt: skip
    if left is not None:
        parts.append(part(f"| loss left {text.whole_money(left)}", "alert" if left <= 0 else "text", 0))
    if scene.view.lease is not None:
        lease = scene.view.lease
        parts.append(
            part(
                f"| LEASE {text.whole_money(lease.risk_left)} {text.duration(lease.until_ns - scene.view.ts)}",
                "warn",
            )
        )
    return fit(parts, width, gap=" ")


# ---------------------------------------------------------------------------------------------- feeds


def feeds(scene: Scene, width: int) -> Line:
    """How old each source is, what is recorded, and who is at the wheel."""
    status, view = scene.status, scene.view
    gaps = sum(feed.gaps for feed in status.feeds)
    parts = [part("FEED", "title"), *(_feed(feed) for feed in status.feeds)]
    if not status.feeds:
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


def _feed(feed: FeedLine) -> Part:
    name, _, rest = feed.source.partition(".")
    name = BASIS.get(name, name.upper()[:6]) + ("" if rest in ("", "ws") else rest[:1])
    late = not feed.up or bool(feed.note)
    return part(
        f"{name} {text.age(feed.age_ns) if feed.up else 'DOWN'}{'!' if late else ''}",
        "warn" if late else "text",
        int(not late),
    )


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


def footer(keymap: Keymap, scene: Scene, width: int) -> Line:
    """The keys that work now; the kill, or its end, and the help stand at the right and never go."""
    right: list[tuple[str, str]] = [(keymap.key("help") or "-", "key"), (" ", "text")]
    if scene.view.killed:
        right += [(keymap.key("resume"), "key"), (" RESUME", "alert")]
    else:
        right.append((f"{keymap.key('kill') * 2}KILL", "alert"))
    actions = [action for action in keymap.footer(scene) if action.tier]
    parts = [Part(((action.keys[0], "key"), (f" {action.label}", "text")), action.tier) for action in actions]
    left = fit(parts, width - length(tuple(right)) - 1, gap=" ")
    return spread(left, tuple(right), width)
