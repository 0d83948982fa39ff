"""The fields of two contracts side by side, as a person reads them before confirming a pair."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from cockpit.domain.units import SECOND, UNDERLYING_DIGITS, decimal
from cockpit.models.match.bounds import same
from cockpit.models.match.contract import UNKNOWN_WINDOW, TypedContract

SAME = "same"
DIFFERS = "differs"
SILENT = "silent"

HARD = frozenset(
    {"family", "subject", "measure", "scope", "period", "observed", "unit", "count", "other words"}
)
"""Fields on which two markets must agree to ask one question; terms and value make the relation."""
SOFT = frozenset({"source", "window", "rounding", "void", "price to beat"})
"""Fields that make the basis between two markets that ask one question."""


class Difference(msgspec.Struct, frozen=True, gc=False):
    """One field of two contracts, as text for a person."""

    field: str
    a: str
    b: str
    verdict: str
    """``same``, ``differs``, or ``silent`` where one or both say nothing."""


def difference(a: TypedContract, b: TypedContract) -> tuple[Difference, ...]:
    """Every field of two contracts, in the order a person reads them."""
    out = []
    for name, read in _FIELDS:
        x, y = read(a), read(b)
        if name == "period" and x != y and _same_period(a, b):
            verdict = SAME
        elif name in _INSTANTS and not (_timed(a) or _timed(b)):
            if name == "observed" and _two_games(a, b):
                out.append(Difference(name, x, y, DIFFERS))
            continue
        elif name == "terms" and x != y and a.numbered and b.numbered and same(a, b):
            verdict = SAME
        elif name == "other words" and x != y:
            verdict = DIFFERS
        else:
            verdict = SILENT if not x or not y else SAME if x == y else DIFFERS
        out.append(Difference(name, x, y, verdict))
    return tuple(out)


def _two_games(a: TypedContract, b: TypedContract) -> bool:
    """Whether two starts on one day are those of two games."""
    if "crypto" in (a.family, b.family) or not (a.instant_ns and b.instant_ns):
        return False
    return abs(a.instant_ns - b.instant_ns) > _ONE_GAME_NS


_ONE_GAME_NS = 2 * 3_600 * SECOND
"""What venues' starts of one game may lie apart; the second game of a day begins later."""


def _timed(c: TypedContract) -> bool:
    """Whether the observation instant, to the second, is part of the question."""
    return c.family == "crypto" and c.measure != "touch"


_INSTANTS = frozenset({"observed", "price to beat"})


def _same_period(a: TypedContract, b: TypedContract) -> bool:
    """Whether "in 2026" and "before 2027" come to the same: only when both markets opened within the year."""
    x, y = sorted((a.period, b.period), key=len)
    if y != f"<={x}-12-31" or not (a.opens_ns and b.opens_ns):
        return False
    return all(datetime.fromtimestamp(c.opens_ns // SECOND, UTC).year == int(x) for c in (a, b))


def terms(c: TypedContract) -> str:
    """When it pays YES, in words: ">= 84,250", "52,200 to 52,299.99", "cut 25"."""
    if not c.numbered:
        return f"not {c.value}" if c.polarity < 0 else c.value
    low, high = _number(c.low), _number(c.high)
    if low and high:
        if low == high:
            return low
        edges = ("" if c.low_closed else "above ", "" if c.high_closed else "below ")
        return f"{edges[0]}{low} to {edges[1]}{high}"
    if low:
        return f"{'>=' if c.low_closed else '>'} {low}"
    return f"{'<=' if c.high_closed else '<'} {high}" if high else ""


def _number(value: int | None) -> str:
    if value is None:
        return ""
    whole, dot, part = decimal(value, UNDERLYING_DIGITS).partition(".")
    return f"{int(whole):,}{dot}{part}" if whole not in ("-0", "0") else f"{whole}{dot}{part}"


def _instant(c: TypedContract) -> str:
    if not c.instant_ns:
        return ""
    return datetime.fromtimestamp(c.instant_ns // SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _window(c: TypedContract) -> str:
    if c.window_s == UNKNOWN_WINDOW:
        return ""
    return f"{c.window_s} s mean" if c.window_s else "one observation"


def _beat(c: TypedContract) -> str:
    return _number(c.low) if not c.numbered else "none"


_FIELDS: tuple[tuple[str, Callable[[TypedContract], str]], ...] = (
    ("family", lambda c: c.family),
    ("subject", lambda c: c.subject),
    ("measure", lambda c: c.measure),
    ("scope", lambda c: c.scope),
    ("period", lambda c: c.period),
    ("observed", _instant),
    ("terms", terms),
    ("unit", lambda c: c.unit),
    ("count", lambda c: str(c.count or "")),
    ("price to beat", _beat),
    ("source", lambda c: c.source),
    ("window", _window),
    ("zone", lambda c: c.zone),
    ("rounding", lambda c: c.rounding),
    ("void", lambda c: c.void),
    ("other words", lambda c: " ".join(c.rest)),
    ("said besides", lambda c: " ".join(c.loose)),
)
