"""Bounds as titles write them: "more than 4,000", "85 or above", "between 88 and 89", "0.3% or more", "10-15%"."""

import re

import msgspec

from cockpit.domain.markets import Market
from cockpit.domain.units import UNDERLYING_DIGITS, fixed
from cockpit.models.match.contract import TypedContract

_N = r"([-+]?\d{1,20}(?:\.\d{1,20})?)\s?(%|percent|bps?|f\b|c\b)?"
_RANGE = re.compile(rf"(?<![\w.-]){_N}\s*(?:-|to)\s*{_N}(?![\w-])")
_BETWEEN = re.compile(rf"between\s+{_N}\s*(?:-|to|and)\s*{_N}")
_AFTER = re.compile(rf"(?<![\w.-]){_N}\s?(?:(\+)|or (more|above|higher|greater|less|below|lower|fewer)\b)")
_BEFORE = re.compile(
    r"(?:by |rise |increase |grow )?"
    r"(at or (?:above|below)|no (?:more|higher|greater) than|no (?:less|fewer|lower) than|more than|greater than|higher than|above|over|exceeds?"
    r"|at least|less than|fewer than|lower than|below|under|at most|>=|<=|>|<)"
    rf"\s*(?:or equal to\s+)?{_N}(?!\w)"
)
_EXACT = re.compile(rf"exactly\s+{_N}(?!\w)")
_SIGNS = {
    **dict.fromkeys(
        ("more than", "greater than", "higher than", "above", "over", "exceed", "exceeds", ">"), ">"
    ),
    **dict.fromkeys(
        ("at or above", "at least", ">=", "no less than", "no fewer than", "no lower than"), ">="
    ),
    **dict.fromkeys(("less than", "fewer than", "lower than", "below", "under", "<"), "<"),
    **dict.fromkeys(
        ("at or below", "at most", "<=", "no more than", "no higher than", "no greater than"), "<="
    ),
    **dict.fromkeys(("+", "more", "higher", "greater"), ">="),
    **dict.fromkeys(("less", "lower", "fewer"), "<="),
}
_TAIL = {**_SIGNS, "above": ">=", "below": "<="}
"""After the number, "or above" includes it."""
_LONGEST = 16
"""Digits and sign of the longest whole number that is read."""
_UNITS = {"percent": "%", "%": "%", "bp": "bp", "bps": "bp", "f": "F", "c": "C"}


class Bounds(msgspec.Struct, frozen=True, gc=False):
    """A set of numbers as a text states it, 1e-8 of the unit."""

    comparator: str
    low: int | None = None
    high: int | None = None
    low_closed: bool = False
    high_closed: bool = False
    unit: str = ""


def bounds(text: str) -> tuple[Bounds | None, str]:
    """The one bound a text states, and the text without it; None where there is none or more than one.

    Args:
        text: folded, its numbers written out (`cockpit.models.match.words.numerals`).
    """
    if not any(map(str.isdigit, text)):
        return None, text
    for pattern, make in _PATTERNS:
        match = pattern.search(text)
        if match is None:
            continue
        left = f"{text[: match.start()]} {text[match.end() :]}"
        found = make(match)
        if found is None or _AFTER.search(left) or _BEFORE.search(left):
            return None, text
        return found, left
    return None, text


def bounded(contract: TypedContract, limits: Bounds | None) -> TypedContract:
    """A contract with its terms: bounds, or without them that it must be a value."""
    if limits is None:
        return msgspec.structs.replace(contract, comparator="is")
    return msgspec.structs.replace(
        contract,
        comparator=limits.comparator,
        low=limits.low,
        high=limits.high,
        low_closed=limits.low_closed,
        high_closed=limits.high_closed,
        unit=contract.unit or limits.unit,
    )


def half_line(sign: str, value: int, unit: str = "") -> Bounds:
    """All numbers on one side of a value."""
    if sign in (">", ">="):
        return Bounds(sign, low=value, low_closed=sign == ">=", unit=unit)
    return Bounds(sign, high=value, high_closed=sign == "<=", unit=unit)


def by_fields(market: Market, unit: str = "") -> Bounds | None:
    """Bounds by the venue's strike fields, where it has them; a strike type that is not known states nothing."""
    low, high, kind = market.floor, market.cap, market.strike_type
    if kind in ("greater", "greater_or_equal") and low is not None:
        return half_line(">" if kind == "greater" else ">=", low, unit)
    if kind in ("less", "less_or_equal") and high is not None:
        return half_line("<" if kind == "less" else "<=", high, unit)
    if kind == "between" and low is not None and high is not None:
        return span(low, high, unit)
    return None


def reconciled(stated: Bounds | None, said: Bounds | None) -> tuple[Bounds | None, str]:
    """Bounds of strike fields beside those of the words, and what is in doubt where they differ."""
    if stated is None or said is None:
        return stated or said, ""
    same = (stated.low, stated.high, stated.low_closed, stated.high_closed)
    if same != (said.low, said.high, said.low_closed, said.high_closed):
        return stated, "strike fields and words name different bounds"
    return said, ""


def span(low: int, high: int, unit: str = "") -> Bounds | None:
    """All numbers from one to another, both included; None where they are the wrong way round."""
    if low > high:
        return None
    return Bounds("between", low, high, low_closed=True, high_closed=True, unit=unit)


def _between(m: re.Match[str]) -> Bounds | None:
    low, high = number(m[1]), number(m[3])
    if low is None or high is None:
        return None
    return span(low, high, _UNITS.get(m[4] or m[2] or "", ""))


def _tail(m: re.Match[str]) -> Bounds | None:
    value = number(m[1])
    return None if value is None else half_line(_TAIL[m[3] or m[4]], value, _UNITS.get(m[2] or "", ""))


def _head(m: re.Match[str]) -> Bounds | None:
    value, sign = number(m[2]), _SIGNS[m[1]]
    if "or equal to" in m[0]:
        sign = f"{sign[0]}="
    return None if value is None else half_line(sign, value, _UNITS.get(m[3] or "", ""))


def _exactly(m: re.Match[str]) -> Bounds | None:
    value = number(m[1])
    return None if value is None else span(value, value, _UNITS.get(m[2] or "", ""))


def number(text: str) -> int | None:
    """A plain decimal in 1e-8 of its unit; None for any other text, one too fine, or of more than 15 digits."""
    if len(text.partition(".")[0]) > _LONGEST:
        return None
    try:
        return fixed(text.lstrip("+"), UNDERLYING_DIGITS)
    except ValueError:
        return None


_PATTERNS = ((_BETWEEN, _between), (_AFTER, _tail), (_BEFORE, _head), (_EXACT, _exactly), (_RANGE, _between))
