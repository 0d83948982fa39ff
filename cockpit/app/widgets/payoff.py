"""What an event pays wherever it ends: on one row, or rung by rung with bars."""

from collections.abc import Sequence

from cockpit.app import cells, text
from cockpit.app.line import Line, Span, crop, length
from cockpit.domain.units import UNDERLYING, UNDERLYING_DIGITS, decimal
from cockpit.domain.view import EventView, RungView

HERE = "*"
"""Marks the rung the underlying is on now."""
_CENT = UNDERLYING // 100
_TICK = UNDERLYING // 1_000_000
_BAR = 24


def rung_label(rung: RungView) -> str:
    """Where a rung lies, as a trader says it: ``<84,000``, ``to 84,250``, ``above``."""
    if rung.label:
        return text.clean(rung.label)
    if rung.high is None:
        return "above" if rung.low is not None else "always"
    return f"{'<' if rung.low is None else 'to '}{strike(rung.high)}"


def strike(value: int) -> str:
    """A rung's upper end (1e-8) as the strike it belongs to: a cent or a step below a whole figure is that figure."""
    value = (value + _TICK // 2) // _TICK * _TICK
    if (value + _CENT) % UNDERLYING == 0:
        value += _CENT
    whole, _, part = decimal(value, UNDERLYING_DIGITS).partition(".")
    return f"{int(whole):,}" + (f".{part.ljust(2, '0')}" if part else "")


def row(event: EventView, width: int) -> Line:
    """The whole ladder on one row; where it does not fit, the worst rung, the one we are on and its neighbours stay."""
    head: Line = ((f" {text.clean(event.label)} pays", "title"),)
    rungs = list(event.rungs)
    line = _joined(head, rungs, rungs)
    for at in _least_telling(rungs):
        if length(line) <= width:
            break
        rungs.remove(at)
        line = _joined(head, rungs, event.rungs)
    return crop(line, width)


def _joined(head: Line, rungs: Sequence[RungView], every: Sequence[RungView]) -> Line:
    line: list[Span] = [*head]
    known = {id(rung): i for i, rung in enumerate(every)}
    last = -1
    for rung in rungs:
        at = known[id(rung)]
        gone = at != last + 1
        line.append((" | " if last >= 0 and not gone else f" {text.CUT} " if gone else " ", "dim"))
        last = at
        mark = HERE if rung.here else ""
        line.append((f"{mark}{rung_label(rung)} ", "accent" if rung.here else "text"))
        line.append((text.signed_money(rung.pnl), cells.tone(rung.pnl)))
    if rungs and last != len(every) - 1:
        line.append((f" {text.CUT}", "dim"))
    return tuple(line)


def _least_telling(rungs: Sequence[RungView]) -> list[RungView]:
    """Rungs in the order they are left out: those far from where we are first; the worst and ours never."""
    here = next((i for i, rung in enumerate(rungs) if rung.here), 0)
    worst = min(rungs, key=lambda rung: rung.pnl, default=None)
    some = [(abs(i - here), rung) for i, rung in enumerate(rungs) if not rung.here and rung is not worst]
    return [rung for _, rung in sorted(some, key=lambda pair: -pair[0])]


def bars(event: EventView, width: int, height: int) -> list[Line]:
    """A rung a row with its bar, the worst outcome and its cap above; with too few rows the single one."""
    if height < 3 or len(event.rungs) < 2:
        return [row(event, width)] if height else []
    cap = f" of -{text.whole_money(event.cap)}" if event.cap else ""
    lines: list[Line] = [
        (
            (f" {text.clean(event.label)} pays", "title"),
            (f"  worst {text.money(event.worst)}{cap}, orders filled when that hurts", "dim"),
        )
    ]
    rungs = list(event.rungs)
    for gone in _least_telling(rungs)[: max(len(rungs) - height + 1, 0)]:
        rungs.remove(gone)
    most = max((abs(rung.pnl) for rung in rungs), default=0) or 1
    wide = max(len(rung_label(rung)) for rung in rungs)
    last = -1
    for rung in rungs:
        at = event.rungs.index(rung)
        lines.append(_bar(rung, most, wide, after_gap=at != last + 1))
        last = at
    return [crop(line, width) for line in lines]


def _bar(rung: RungView, most: int, wide: int, *, after_gap: bool) -> Line:
    role = cells.tone(rung.pnl)
    sign = "+" if rung.pnl >= 0 else "-"
    return (
        (text.CUT if after_gap else " ", "dim"),
        (f"{HERE if rung.here else ' '} {rung_label(rung):<{wide}} ", "accent" if rung.here else "text"),
        (f"{text.signed_money(rung.pnl):>9} ", role),
        (sign * max(round(abs(rung.pnl) / most * _BAR), int(rung.pnl != 0)), role),
    )
