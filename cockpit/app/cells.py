"""Pieces that several panes print: money that keeps within its column, mark-outs, shares, words that flow over rows."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cockpit.app import text
from cockpit.app.line import Line, Part, Span, crop, fit, length, part
from cockpit.app.scene import Scene
from cockpit.app.venues import awaited
from cockpit.domain.lab import LaneView
from cockpit.domain.spots import SourceLine, SpotLine
from cockpit.domain.units import decimal
from cockpit.domain.view import DeskView

RULES = ("cross", "tail", "fifo", "touch")
"""Fill rules in the order of ``by_rule`` and ``filled``: in quantity filled, none is above the next."""


def tone(value: float | None) -> str:
    """The role of a signed figure; its sign is printed as well."""
    return "dim" if not value else "good" if value > 0 else "bad"


def money(value: int | None, width: int) -> str:
    """Signed money (money units) in at most ``width`` cells where whole dollars or thousands of them allow it."""
    for places in (2, 1, 0):
        words = text.signed_money(value, places)
        if len(words) <= width:
            return words
    return f"{text.signed_money((value or 0) // 1_000, 0)}k"


def money_cell(value: int | None, width: int) -> Span:
    """The same with its role."""
    return money(value, width), tone(value)


def markout(value: int | None) -> Span:
    """A mark-out (twice price units) in signed cents: ``+2.8``."""
    return (text.NONE, "dim") if value is None else (f"{value / 200:+.1f}", tone(value))


def cents_cell(value: float | None, places: int = 1) -> Span:
    """Dollars a contract as signed cents."""
    return text.signed_cents(value, places), tone(value)


def half_cents(mid2: int | None) -> str:
    """A mid, given as twice the price, in cents: ``58.5``."""
    return text.NONE if mid2 is None else decimal(mid2 * 5, 3)


def share(value: float | None) -> str:
    """A share of 1 in whole per cent, without the sign."""
    return text.NONE if value is None else f"{value * 100:.0f}"


def flow(
    items: Iterable[Part | Line], width: int, indent: str = " ", gap: str = "  ", rows: int = 0
) -> list[Line]:
    """Pieces over as many rows as they need, or at most ``rows`` and the sign of a cut.

    A piece is never parted unless it is longer than a row.
    """
    pieces = list(items)
    found = _flow(pieces, width, indent, gap)
    if not rows or len(found) <= rows:
        return found
    found = _flow(pieces, width, indent, gap, last=rows)
    return [*found[: rows - 1], (*found[rows - 1], (f" {text.CUT}", "dim"))]


def _flow(items: Iterable[Part | Line], width: int, indent: str, gap: str, *, last: int = 0) -> list[Line]:
    """Pieces over rows; row number ``last``, counted from 1, leaves two cells free."""
    rows: list[Line] = []
    row: list[Span] = []
    used = 0
    for item in items:
        line = item.line if isinstance(item, Part) else item
        need = length(line)
        if row and used + len(gap) + need > width - 2 * (len(rows) + 1 == last):
            rows.append(tuple(row))
            row = []
        row.append((gap if row else indent, "text"))
        used = (used if len(row) > 1 else 0) + len(row[-1][0]) + need
        row.extend(line)
    shown = [line for line in [*rows, tuple(row)] if line]
    return [crop(line, width - 2 * (i == last)) for i, line in enumerate(shown, start=1)]


def block(name: str, parts: Iterable[Part], width: int) -> list[Line]:
    """A name in the margin and its pieces beside it, over as many rows as they need."""
    lines = flow(parts, width - 8, indent="")
    return [((f" {name if not i else '':<7}", "header"), *line) for i, line in enumerate(lines)]


def sources(spot: SpotLine) -> list[Part]:
    """An underlying and the exchanges that stand in for it: price, age, what is added, and weight or why none."""
    head: Line = (
        (spot.symbol, "title"),
        (f" {text.underlying(spot.price)}", "stale" if spot.stale else "text"),
        (f" {spot.source}", "warn" if spot.source.startswith("PROXY") else "dim"),
        (f" {text.age(spot.age_ns)}", "dim"),
        (f" +-{text.offset(spot.error).removeprefix('+')}" if spot.error else "", "dim"),
    )
    return [Part(head), *(Part(_source(each)) for each in spot.sources)]


def _source(each: SourceLine) -> Line:
    said: Line = (
        (f"{each.name} ", "dim"),
        (f"{text.underlying(each.price)} {text.age(each.age_ns)} ", "text" if each.weight else "dim"),
    )
    if each.stale:
        return (*said, ("stale", "dim"))
    if not each.weight:
        return (*said, (f"{text.offset(each.away)} off", "warn"))
    return (*said, (f"{text.offset(each.basis)} ", "dim"), (f"{share(each.weight)}%", "text"))


def window(rows: Sequence[Line], top: int, height: int) -> tuple[int, Sequence[Line]]:
    """(first row, rows) of what is seen when ``top`` rows are scrolled away, as far as there are rows."""
    top = max(0, min(top, len(rows) - height))
    return top, rows[top : top + height]


def silence(scene: Scene) -> str:
    """Why there may be nothing to show: what is waited for, that none can be heard; empty where one has spoken."""
    feeds, waiting = scene.status.feeds, awaited(scene.status)
    told = ", ".join(f"{' '.join(names)} {doing}" for doing, names in waiting.items())
    if feeds and not any(feed.up for feed in feeds):
        return f"{told}, the others are down" if told else "every source is down"
    return "" if any(feed.frames for feed in feeds) else told or "no source has spoken yet"


# ---------------------------------------------------------------------------------------------- the day's money


def day(scene: Scene, width: int) -> Line:
    """The day's fee-adjusted P&L and what may still be lost; or how the P&L of all days is under each rule."""
    desk = scene.view.desk
    if scene.fees:
        return fit([part(f"{whose(scene)}ALL NET:", "title"), *by_rule(scene)], width, gap=" ", mark=9)
    net: Line = (
        (f"{whose(scene)}DAY net ", "title"), (text.signed_money(desk.day_net), tone(desk.day_net)), (" mid ", "dim"),
        (text.signed_money(desk.day_liquidation), tone(desk.day_liquidation)), (" liq", "dim"),
    )  # fmt: skip
    every: Line = (("| ALL ", "dim"), (text.signed_money(desk.net), tone(desk.net)))
    parts = [
        Part(net),
        *_done(scene),
        part(f"| free {text.whole_money(desk.cash)}", "text", 2),
        *stakes(scene),
        Part(every, 3),
    ]
    return fit(parts, width, gap=" ", mark=1)


def _done(scene: Scene) -> list[Part]:
    """What the desk did then, beside what is done in hindsight."""
    then = next((lane.net for lane in scene.view.lanes if lane.name == "desk"), None)
    if not scene.hindsight or then is None:
        return []
    return [Part((("| then ", "dim"), (text.signed_money(then), tone(then))), 1)]


def whose(scene: Scene) -> str:
    """In hindsight the money is the what-if lane's."""
    return "WHAT-IF " if scene.hindsight else ""


def by_rule(scene: Scene, chosen: "Valuation | None" = None) -> list[Part]:
    """Net P&L of all days under every fill rule, the one that counts in capitals, and under flat fees."""
    parts = []
    counts = headline(scene)
    for i, valuation in enumerate(VALUATIONS[1:]):
        value = valuation.net(scene.view.desk)
        name = rule_name(valuation.name, counts) if valuation.name in RULES else "flat fees"
        figure = (text.signed_money(value), tone(value))
        bar: Line = (("| ", "dim"),) if valuation.name == "flat" else ()
        words: Line = (("[", "accent"), (f"{name} ", "accent"), figure, ("]", "accent"))
        parts.append(Part((*bar, *(words if valuation is chosen else ((f"{name} ", "dim"), figure))), i))
    if counts == "mixed":
        parts.append(part("(rules mixed)", "dim", 7))
    return parts


def headline(scene: Scene) -> str:
    """The fill rule that counts in the lane shown: its name, ``mixed``, or empty before there is one."""
    return next((lane.headline for lane in scene.view.lanes if lane.name == scene.lane), "")


def stakes(scene: Scene) -> list[Part]:
    """What is at risk, what the day's loss limit leaves, and the lease in force."""
    desk, view = scene.view.desk, scene.view
    cap = f" of {text.whole_money(desk.total_cap)}" if desk.total_cap else ""
    left = desk.loss_left
    parts = [
        part(f"| risk {text.whole_money(desk.at_risk)}{cap}", "text", 1),
        part(f"| loss left {text.whole_money(left)}", "alert" if left is not None and left <= 0 else "text"),
    ]
    if view.lease is not None:
        until = text.duration(view.lease.until_ns - view.ts)
        parts.append(part(f"| LEASE {text.whole_money(view.lease.risk_left)} {until}", "warn"))
    return parts


# ---------------------------------------------------------------------------------------------- P&L by valuation


class Valuation(NamedTuple):
    """A way to count the net P&L."""

    name: str
    words: str
    """What it means, for the line under the pane."""

    def net(self, of: DeskView | LaneView) -> int | None:
        """The P&L so counted, money units; None where it cannot be."""
        if self.name in RULES:
            return of.by_rule[RULES.index(self.name)] if of.by_rule else None
        return of.flat if self.name == "flat" else of.net


_NOT_ORDERED = "Fills are ordered by rule, P&L is not"
COUNTED = Valuation("net", "net = real + open at mid - venue fees, by each order's own rule")
VALUATIONS = (
    COUNTED,
    Valuation("cross", f"cross: only what went through us. {_NOT_ORDERED}"),
    Valuation("tail", f"tail: all cancels behind us. {_NOT_ORDERED}"),
    Valuation("fifo", f"fifo: queue rebuilt order by order. {_NOT_ORDERED}"),
    Valuation("touch", f"touch: any print at our price. {_NOT_ORDERED}"),
    Valuation("flat", "flat fees: 0.3 c maker a contract in place of the venue's own"),
)


def following(now: Valuation, of: Iterable[DeskView | LaneView]) -> Valuation:
    """The next way to count that has a figure anywhere."""
    some = list(of)
    at = VALUATIONS.index(now)
    turned = (*VALUATIONS[at + 1 :], *VALUATIONS[: at + 1])
    return next((v for v in turned if any(v.net(one) is not None for one in some)), COUNTED)


def rule_name(rule: str, headline: str) -> str:
    """A rule's name, in capitals where it counts."""
    return rule.upper() if rule == headline else rule
