"""Grids of parameters as a person types them: ``threshold=3..8``, ``gate=0.55,0.6``, ``ttl=10..30:10``.

A value is in the unit a person thinks in; which one is told by what the parameter is:

    dollars and prices a contract (threshold, theta, margin, low, high, most, limits.max_spread)    cents
    times (a name that ends in _ns; the ending may be left out)                                     seconds
    qty                                                                                             contracts
    caps.kelly, caps.market                                                                         per cent
    anything else (V10's threshold in standard deviations, gate, blend.w, ...)                      as it is
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from itertools import product
from typing import Any

import msgspec

from cockpit.domain.errors import SettingsError
from cockpit.domain.units import PRICE, QTY, RATIO, SECOND
from cockpit.strategies.directional import Directional
from cockpit.strategies.versions import VERSIONS, version

MOST = 10_000
"""Values of one parameter, and parameter sets of one sweep."""
NONE = "none"
CENTS = PRICE // 100
_DOLLARS = frozenset({"threshold", "theta", "margin"})
_PRICES = frozenset({"low", "high", "most", "max_wide", "limits.max_spread"})
_SHARES = frozenset({"caps.kelly", "caps.market"})


class Axis(msgspec.Struct, frozen=True):
    """One parameter and its values, in the parameter's own unit as text."""

    name: str
    values: tuple[str, ...]


def axis(strategy: str, text: str) -> Axis:
    """One ``NAME=VALUES``: values apart by commas, or a range ``FIRST..LAST[:STEP]`` with both ends.

    Raises:
        SettingsError: when it cannot be read, or the version has no such parameter.
    """
    name, equals, values = text.partition("=")
    if not equals or not values:
        raise SettingsError(f"--set {text!r}: give NAME=A,B,C or NAME=FIRST..LAST or NAME=FIRST..LAST:STEP")
    name = _full(strategy, name.strip())
    found = [_own(strategy, name, each) for part in values.split(",") for each in _range(text, part.strip())]
    if len(found) > MOST:
        raise SettingsError(f"--set {text!r}: more than {MOST} values")
    return Axis(name, tuple(dict.fromkeys(found)))


def names(strategy: str, axes: Sequence[Axis]) -> list[str]:
    """The version itself, first, and every combination of values that differs from it, as names of versions.

    Raises:
        SettingsError: for a parameter given twice, or more than `MOST` combinations.
    """
    if len({each.name for each in axes}) < len(axes):
        raise SettingsError("--set: a parameter is given twice")
    size = 1
    for each in axes:
        size *= len(each.values)
    if size > MOST:
        raise SettingsError(f"--set: {size} combinations; at most {MOST}")
    base = version(strategy)
    found = [strategy]
    for values in product(*(each.values for each in axes)):
        changes = ";".join(f"{one.name}={value}" for one, value in zip(axes, values, strict=True))
        name = f"{strategy}[{changes}]" if changes else strategy
        if version(name) != base:
            found.append(name)
    return found


def parameters(name: str) -> dict[str, str]:
    """The changes a name tells, parameter by parameter, in the parameters' own units."""
    _, _, rest = name.partition("[")
    return dict(each.split("=", 1) for each in rest[:-1].split(";")) if rest else {}


def shown(name: str) -> str:
    """The changes a name tells in a person's units: ``threshold=3``; the version itself is ``base``."""
    base = name.partition("[")[0]
    changes = parameters(name)
    return " ".join(f"{key}={_people(base, key, value)}" for key, value in changes.items()) or "base"


def _full(strategy: str, name: str) -> str:
    """A parameter's whole name: what is measured in ns need not say so."""
    if strategy not in VERSIONS:
        raise SettingsError(f"no strategy version {strategy!r}; known: {', '.join(sorted(VERSIONS))}")
    part: Any = VERSIONS[strategy]
    *above, last = name.split(".")
    for step in above:
        part = getattr(part, step, None)
    fields = getattr(part, "__struct_fields__", ())
    return f"{name}_ns" if last not in fields and f"{last}_ns" in fields else name


def _scale(strategy: str, name: str) -> Decimal:
    """How many of a parameter's own units one of a person's is."""
    if name in _DOLLARS and not (name == "threshold" and isinstance(VERSIONS[strategy], Directional)):
        return Decimal("0.01")
    if name in _PRICES:
        return Decimal(CENTS)
    if name.endswith("_ns"):
        return Decimal(SECOND)
    if name == "qty":
        return Decimal(QTY)
    return Decimal(RATIO // 100) if name in _SHARES else Decimal(1)


def _own(strategy: str, name: str, value: str) -> str:
    if value == NONE or value in ("true", "false"):
        return value
    try:
        number = Decimal(value) * _scale(strategy, name)
    except InvalidOperation:
        raise SettingsError(f"--set {name}: {value!r} is no number") from None
    if not number.is_finite():
        raise SettingsError(f"--set {name}: {value!r} is no number")
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _people(strategy: str, name: str, value: str) -> str:
    try:
        number = Decimal(value) / _scale(strategy, name)
    except InvalidOperation:
        return value
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _range(text: str, part: str) -> Iterable[str]:
    """One value, or those of a range."""
    first, dots, rest = part.partition("..")
    if not dots:
        yield part
        return
    last, colon, step = rest.partition(":")
    try:
        at, end, by = Decimal(first), Decimal(last), Decimal(step if colon else 1)
    except InvalidOperation:
        raise SettingsError(f"--set {text!r}: {part!r} is no range") from None
    if not (at.is_finite() and end.is_finite() and by.is_finite() and by > 0 and at <= end):
        raise SettingsError(f"--set {text!r}: {part!r} is no range")
    if (end - at) / by > MOST:
        raise SettingsError(f"--set {text!r}: more than {MOST} values")
    while at <= end:
        yield f"{at:f}"
        at += by
