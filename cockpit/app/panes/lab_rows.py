"""What the Lab says of a lane: its row, everything about it, and what it came to against the others."""

from collections.abc import Sequence

from cockpit.app import cells, text
from cockpit.app.cells import RULES, Valuation
from cockpit.app.line import Line, Part, Span, crop, part
from cockpit.app.widgets.live_grid import Cell, Row
from cockpit.domain.lab import AIM, LaneView, Versus, Waits, WinRate

VERDICTS = {"earning": "good", "losing": "bad", "failed": "alert"}
SCALE = 40
"""Cells of the win rate's ruler."""
_ONLY_CROSS = "no trade stream: only cross"

# ---------------------------------------------------------------------------------------------- the row


def row(lane: LaneView, valuation: Valuation, room: int, versions: Sequence[Versus]) -> Row:
    """A lane's row; ``room`` is that of its name."""
    win = lane.win
    return Row(
        lane.name,
        (
            (_named(lane, room), "own" if lane.name == "desk" else "text"),
            (str(lane.proposed), "text"),
            (str(lane.sent), "text"),
            (fill_rates(lane), "text"),
            cells.cents_cell(lane.claimed),
            cells.cents_cell(lane.realised),
            (str(lane.events), "text"),
            (text.NONE if lane.slope is None else f"{lane.slope:.2f}", "text"),
            (_interval(win), "text"),
            (cells.share(win.break_even), "text"),
            _dollars(win.average_win),
            _dollars(-win.average_loss),
            cells.money_cell(valuation.net(lane), 7),
            cells.money_cell(lane.flat, 7),
            (text.money(lane.fees), "dim"),
            *(cells.cents_cell(mark) for mark in lane.markouts),
            (str(lane.working), "dim"),
            versus_cell(lane.name, versions),
            verdict(lane),
        ),
        "text" if lane.on and not lane.failed else "dim",
    )  # fmt: skip


def _named(lane: LaneView, room: int) -> str:
    """A lane's name and its flag; of a name that does not fit the end stays, which tells two arms of a rule apart."""
    name, flag = lane.name, _flag(lane)
    stem, plus, arm = name.rpartition("+")
    if plus and len(name) > room > len(arm) + 3:
        name = f"{stem[: room - len(arm) - 2]}{text.CUT}+{arm}"
    return f"{name}\t{flag}" if flag else name


def _flag(lane: LaneView) -> str:
    return "FAILED" if lane.failed else "" if lane.on else "off"


def verdict(lane: LaneView) -> Cell:
    """The verdict and its role: only one that says something stands out."""
    word = "failed" if lane.failed else lane.verdict or text.NONE
    return word, VERDICTS.get(word, "dim")


def fill_rates(lane: LaneView) -> str:
    """Per cent of the accepted quantity filled under cross, tail, fifo and touch: ``3/12/14*/40``; ``*`` counts."""
    rates = lane.filled or (None,) * len(RULES)
    if all(rate is None for rate in rates):
        return text.NONE
    pairs = zip(RULES, rates, strict=True)
    return "/".join(f"{cells.share(rate)}{'*' * (rule == lane.headline)}" for rule, rate in pairs)


def _interval(win: WinRate) -> str:
    """``67 30-90``; without an interval nothing is claimed."""
    if not win.n or win.low is None or win.high is None:
        return text.NONE
    return f"{cells.share(win.wins / win.n)} {cells.share(win.low)}-{cells.share(win.high)}"


def _dollars(value: int) -> Cell:
    return cells.money_cell(value, 6) if value else (text.NONE, "dim")


# ---------------------------------------------------------------------------------------------- the detail


def about(lane: LaneView, width: int, *, no_trades: bool, versions: Sequence[Versus] = ()) -> list[Line]:
    """Everything about a lane, in rows of whole pieces, what decides first: the end may not fit."""
    head: list[Span] = [(f"LANE {lane.name}", "title")]
    if lane.strategy and lane.strategy != lane.name:
        head.append((f"  {lane.strategy}", "text"))
    head.append(("  off" if not lane.on else "", "warn"))
    words, role = verdict(lane)
    head.append((f"  {words}", role))
    head.append(
        (f"  {text.clean(lane.failed)}" if lane.failed else _so_far(lane), "warn" if lane.failed else "dim")
    )
    rows = [
        crop(tuple(head), width),
        *cells.block("A/B", against(lane.name, versions), width),
        *cells.block("edge", _edge(lane), width),
        *cells.block("wins", _wins(lane.win), width),
        *cells.block("P&L", _pnl(lane), width),
        *cells.block("of it", _families(lane), width),
        *cells.block("marks", _marks(lane), width),
        *cells.block("orders", _orders(lane), width),
        *cells.block("filled", _filled(lane, no_trades), width),
        *cells.block("waits", _waits(lane.waits), width),
        *cells.block("rules", _by_rule(lane, no_trades), width),
    ]
    if lane.win.low is not None and lane.win.high is not None:
        rows.append(crop(ruler(lane.win), width))
    return rows


def _so_far(lane: LaneView) -> str:
    if not lane.verdict:
        return ""
    needed = f" of the {lane.enough} it takes" if lane.events < lane.enough else ""
    return f": {lane.events} settled event{'s' * (lane.events != 1)}{needed}"


def _orders(lane: LaneView) -> list[Part]:
    return [
        part(f"sent {lane.sent} of {lane.proposed} proposed"),
        part(f"accepted {lane.accepted}"),
        part(f"rejected {lane.rejected}", "warn" if lane.rejected else "text"),
        part(f"filled {lane.orders_filled}"),
        part(f"working {lane.working}"),
    ]


def _filled(lane: LaneView, no_trades: bool) -> list[Part]:
    rates = lane.filled or (None,) * len(RULES)
    words = _ONLY_CROSS if no_trades else f"of quantity; traded {text.short_quantity(lane.traded)}"
    pairs = zip(RULES, rates, strict=True)
    return [
        *(
            part(f"{cells.rule_name(rule, lane.headline)} {cells.share(rate)}{'%' * (rate is not None)}")
            for rule, rate in pairs
        ),
        part(words, "dim"),
    ]


def _edge(lane: LaneView) -> list[Part]:
    return [
        _figure("claimed", cells.cents_cell(lane.claimed), "c"),
        _figure("realised", cells.cents_cell(lane.realised), "c"),
        part(f"n={lane.events}ev", "dim"),
        part(f"slope {text.NONE if lane.slope is None else f'{lane.slope:.2f}'}"),
        _figure("| open", cells.cents_cell(lane.claimed_open), "c"),
        part(f"aim {AIM * 100:g}c", "dim"),
    ]


def _wins(win: WinRate) -> list[Part]:
    if not win.n or win.low is None or win.high is None:
        return [part("no event has settled", "dim")]
    even = text.NONE if win.break_even is None else f"{win.break_even * 100:.0f}%"
    return [
        part(f"{win.wins} of {win.n} {win.wins / win.n * 100:.0f}%"),
        part(f"Wilson {win.low * 100:.0f}-{win.high * 100:.0f}%"),
        part(f"break-even {even}"),
        _figure("avg win", _dollars(win.average_win)),
        _figure("loss", _dollars(-win.average_loss)),
    ]


def ruler(win: WinRate) -> Line:
    """The interval on a line from 0 to 100 %: ``(`` and ``)`` its ends, ``o`` the share seen, ``B`` break-even."""
    marks = dict.fromkeys(range(SCALE + 1), "-")
    low, high = (round((end or 0.0) * SCALE) for end in (win.low, win.high))
    marks |= dict.fromkeys(range(low, high + 1), "=") | {low: "(", high: ")"}
    marks[round(win.wins / win.n * SCALE)] = "o"
    roles = {"o": "accent", "-": "dim", "B": "warn"}
    if win.break_even is not None:
        marks[round(win.break_even * SCALE)] = "B"
    line = tuple((sign, roles.get(sign, "text")) for sign in marks.values())
    return (("        0% ", "dim"), *line, (" 100%  o seen B break-even", "dim"))


def _pnl(lane: LaneView) -> list[Part]:
    return [
        _figure("net", _signed(lane.net)),
        part(f"after venue fees of {text.money(lane.fees)}"),
        _figure("| under flat fees", _signed(lane.flat)),
        *(
            [part(f"| maker rebates perhaps {text.money(lane.rebates)}, not counted", "dim", 2)]
            if lane.rebates
            else []
        ),
    ]


def _families(lane: LaneView) -> list[Part]:
    """The net by family of markets, where there is more than one."""
    if len(lane.families) < 2:
        return []
    return [
        Part(((f"{each.family} ", "text"), _signed(each.net), (f" n={each.events}ev", "dim")))
        for each in lane.families
    ]


def _by_rule(lane: LaneView, no_trades: bool) -> list[Part]:
    by_rule = lane.by_rule or (None,) * len(RULES)
    pairs = zip(RULES, by_rule, strict=True)
    counts = "rules are mixed; " if lane.headline == "mixed" else ""
    words = part(_ONLY_CROSS if no_trades else f"({counts}P&L: not a bracket)", "dim")
    return [*(_figure(cells.rule_name(rule, lane.headline), _signed(value)) for rule, value in pairs), words]


def _marks(lane: LaneView) -> list[Part]:
    pairs = zip(("1 s", "10 s", "60 s"), lane.markouts, strict=True)
    words = part("mid less price", "dim")
    settled = _figure("| settled", cells.cents_cell(lane.realised), "c")
    return [*(_figure(name, cells.cents_cell(mark), "c") for name, mark in pairs), settled, words]


def _waits(waits: Waits) -> list[Part]:
    """How long orders waited to be filled, and how many ever were."""
    if not waits.n:
        return []
    median = "not reached" if waits.median_s is None else f"{waits.median_s:.1f} s"
    return [
        part(f"to the first fill: median {median}"),
        part(f"within 10 s {cells.share(waits.by_10s)}%"),
        part(f"60 s {cells.share(waits.by_60s)}%"),
        part(f"of {waits.n}", "dim"),
    ]


# ---------------------------------------------------------------------------------------------- against the others


def against(name: str, versions: Sequence[Versus]) -> list[Part]:
    """What a lane came to against another on the same settled events; of the one others are compared with, each of them."""
    mine = [each for each in versions if each.b == name]
    theirs = [each for each in versions if each.a == name]
    parts = [piece for each in mine for piece in _full(each)]
    return parts + [_brief(each) for each in theirs if each.n]


def _full(each: Versus) -> list[Part]:
    question = "" if each.question == "version" else f"{each.question}: "
    if not each.n:
        return [part(f"{question}less {each.a}: no event has settled", "dim")]
    parts = [
        Part(((f"{question}less {each.a} ", "text"), _an_event(each.mean), (" an event", "text"))),
        part(f"n={each.n}ev", "dim"),
    ]
    if each.low is not None and each.high is not None:
        parts.append(part(f"95% {each.low:+.2f} to {each.high:+.2f}"))
    parts.append(part(f"e {each.e:.2g} of 20", "dim"))
    parts.append(part(decided(each), roles(each)))
    if each.verdict != each.state and each.takes is not None:
        parts.append(part(f"about {each.takes:,} would tell", "dim"))
    if each.state == "B better":
        parts.append(
            part("; ".join(each.missing) or "nothing stands against it", "warn" if each.missing else "good")
        )
    return parts


def _brief(each: Versus) -> Part:
    said: Line = ((f"{each.b} ", "text"), _an_event(each.mean))
    return Part((*said, (_WORDS.get(each.state, ""), roles(each))))


def decided(each: Versus) -> str:
    """The state by the versions' own names; two of the five are said as "cannot tell yet"."""
    match each.state:
        case "A better":
            return f"{each.a} better"
        case "B better":
            return f"{each.b} better"
        case "stop":
            return f"stop {each.b}: it loses"
        case "collecting":
            return f"{each.verdict}: {each.n} of {each.enough} events"
        case _:
            return f"{each.verdict}: {each.state}"


def roles(each: Versus) -> str:
    """Only what says something stands out."""
    return {"A better": "bad", "B better": "good", "stop": "alert"}.get(each.state, "dim")


_WORDS = {"A better": " worse", "B better": " better", "stop": " stop"}


def _an_event(mean: float | None) -> Span:
    return (
        (text.NONE, "dim")
        if mean is None
        else (f"{'-' if mean < 0 else '+'}${abs(mean):.2f}", cells.tone(mean))
    )


def versus_cell(name: str, versions: Sequence[Versus]) -> Cell:
    """A lane's difference an event in dollars, and the verdict in a word where there is one."""
    each = next((v for v in versions if v.b == name), None)
    if each is None or each.mean is None:
        return text.NONE, "dim"
    return f"{each.mean:+.2f}{_WORDS.get(each.state, '')}", roles(each)


def _figure(name: str, cell: Cell, unit: str = "") -> Part:
    figure, role = cell
    return Part(((f"{name} ", "text"), (figure if figure == text.NONE else f"{figure}{unit}", role)))


def _signed(value: int | None) -> Cell:
    return text.signed_money(value), cells.tone(value)
