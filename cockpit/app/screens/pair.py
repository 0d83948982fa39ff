"""Two contracts field by field, and both rule texts: a person says once whether they are the same."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from cockpit.app import text
from cockpit.app.line import Line, crop, wrap
from cockpit.app.scene import Scene
from cockpit.app.screens.base import SCROLL, Dialog
from cockpit.domain.commands import Command, ConfirmPair, RefusePair
from cockpit.domain.newyork import local
from cockpit.domain.pairs import DifferenceView, PairDetail
from cockpit.domain.units import SECOND

NAMES = {"K": "Kalshi", "P": "Polymarket", "U": "Polymarket US"}
YES, NO = frozenset("yY"), frozenset("nN")
RELATIONS = {
    "identical": "same question (identical)",
    "overlap": "same question on another basis (overlap)",
    "complement": "same question turned round (complement)",
}
_UTC = re.compile(r"\b(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?)(?: ?UTC|Z)")
VERDICTS = {"same": ("=", "dim"), "differs": ("!", "alert"), "silent": ("?", "warn")}


class PairScreen(Dialog):
    """Confirm or refuse a pair, on what is shown. What is confirmed is the rules as they were when ``y`` was pressed."""

    title: ClassVar[str] = "SAME QUESTION?"
    width: ClassVar[int] = 78
    tall: ClassVar[bool] = True

    def __init__(self, name: str, send: Callable[[Command], None]) -> None:
        self._name, self._send = name, send
        self._shown: PairDetail | None = None
        self._top = 0
        self._end = False
        """Whether the last row has been on the screen: what was not read cannot be confirmed."""
        self._past = False
        """Whether a recording plays: what its desk went by cannot be changed."""
        self._asked = False
        """Whether ``n`` was pressed once."""
        self._answer = ""

    def lines(self, scene: Scene, width: int, height: int) -> Sequence[Line]:
        """The document, scrolled, and its keys."""
        detail, self._past = scene.view.pair, scene.hindsight
        if detail is None or detail.pair.name != self._name:
            self._shown = None
            return [
                (("this pair is gone: one of its markets is over", "warn"),),
                (("Esc", "key"), (" leave", "text")),
            ]
        if self._shown is not None and self._shown.rules_hash != detail.rules_hash:
            self._top, self._end, self._asked = 0, False, False
        self._shown = detail
        rows, room = document(detail, width), height - 1
        self._top = max(0, min(self._top, len(rows) - room))
        self._end = self._end or self._top + room >= len(rows)
        return [*rows[self._top : self._top + room], crop(self._keys(len(rows), room), width)]

    def _keys(self, rows: int, room: int) -> Line:
        if self._past:
            return (
                ("a recording plays: pairs are confirmed live  ", "warn"),
                ("Esc", "key"),
                (" leave", "dim"),
            )
        more = f"  j k: rows {self._top + 1}-{min(self._top + room, rows)} of {rows}" if rows > room else ""
        yes: Line = (("y", "key"), (" the same  ", "text")) if self._end else (("read to the end  ", "warn"),)
        if self._asked and self._shown is not None:
            return (
                ("n", "key"),
                (f" again: refuse all pairs of {self._shown.key}  ", "alert"),
                ("Esc", "key"),
                (" later", "dim"),
            )
        no: Line = (("n", "key"), (" not the same  ", "text")) if self._end else ()
        return (*yes, *no, ("Esc", "key"), (f" later{more}", "dim"))

    def press(self, key: str) -> None:
        """Scroll."""
        self._top += SCROLL.get(key, 0)
        self._asked = key in NO and self._end and self._shown is not None and not self._past
        if key in ("q", "enter"):
            self.closed = True

    def submits(self, key: str) -> bool:
        """Yes, once all of it has been shown; no, at its second press."""
        if (
            not self._end
            or self._shown is None
            or self._past
            or not (key in YES or (key in NO and self._asked))
        ):
            return False
        self._answer = key
        return True

    def submit(self) -> None:
        """Confirm it, or refuse it."""
        if self._shown is None:
            return
        if self._answer in YES:
            self._send(ConfirmPair(0, self._shown.key, self._shown.rules_hash))
        else:
            self._send(RefusePair(0, self._shown.key))
        self.closed = True


def _local(value: str, room: int) -> str:
    """A time of the contracts as New York's clock shows it, and in UTC; the year where there is room for it."""
    found = _UTC.search(value)
    if found is None:
        return value
    at = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    here = local(int(at.timestamp()) * SECOND)
    hour = f"{here:%H:%M:%S}".removesuffix(":00")
    day, rest = (
        f"{value[: found.start()]}{here:%b} {here.day}",
        f"{hour} ET ({at:%H:%M}Z){value[found.end() :]}",
    )
    dated = f"{day} {here.year} {rest}"
    return dated if len(dated) <= room else f"{day} {rest}"


def _ends(value: str, room: int) -> str:
    """In at most so many cells; what is too long keeps its end, where a source names its hour and its pair."""
    value = text.clean(value)
    if len(value) <= room:
        return value
    tail = (room - 1) * 2 // 3
    return f"{value[: room - 1 - tail]}{text.CUT}{value[-tail:]}"


def document(detail: PairDetail, width: int) -> list[Line]:
    """Everything about a pair: titles, fields, what a confirmation stands for, both rule texts."""
    pair = detail.pair
    one, two = NAMES.get(pair.venue_a, pair.venue_a), NAMES.get(pair.venue_b, pair.venue_b)
    rows: list[Line] = [*wrap(f"{one}: {detail.title_a}", width, 2, "title", "")]
    rows += wrap(f"{two}: {detail.title_b}", width, 2, "title", "")
    turned = (
        "" if pair.polarity > 0 else f": YES of one is NO of the other, {two}'s book is shown turned round"
    )
    rows += wrap(
        f"{RELATIONS.get(pair.relation, pair.relation)}{turned}. Basis {pair.basis}, taken to cost {pair.haircut:.2f}c a contract. "
        f"You said: {pair.state}.",
        width, 3, "text", "",
    )  # fmt: skip
    rows += _fields(detail.differences, one, two, width)
    rows.append(())
    rows += wrap(f"A confirmation stands for: {detail.key}", width, 2, "dim", "")
    for name, rules in ((one, detail.rules_a), (two, detail.rules_b)):
        rows.append(((f"{name}'s rules", "title"),))
        rows += wrap(rules or "none told", width, 60, "text", "")
    return rows


def _fields(differences: Sequence[DifferenceView], one: str, two: str, width: int) -> list[Line]:
    """A table: what differs first, then what a venue is silent on, then what is the same."""
    label = max([8, *(len(each.field) for each in differences)])
    room = max((width - label - 5) // 2, 8)
    order = {"differs": 0, "silent": 1}
    rows: list[Line] = [(((" " * (label + 3)) + f"{one:<{room}} {two:<{room}}", "title"),)]
    for each in sorted(differences, key=lambda each: order.get(each.verdict, 2)):
        if not each.a and not each.b:
            continue
        glyph, role = VERDICTS.get(each.verdict, ("?", "warn"))
        a, b = (_ends(_local(value, room) or "says nothing", room) for value in (each.a, each.b))
        rows.append(
            (
                (f"{glyph} {each.field:<{label}} ", role),
                (f"{a:<{room}} {b:<{room}}", "text" if role != "dim" else "dim"),
            )
        )
    return rows
