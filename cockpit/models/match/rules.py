"""What a person's confirmation of a pair stands under, and the hash by which it is asked for again.

Crypto and weather list new markets every hour of the same terms, so that one confirmation covers a pair of series; any other
pair is confirmed market by market. The hash is over both rule texts. In recurring families the literals that the typed
contracts hold themselves (strikes, date, clock time, ticker) are taken out first, and nothing else: another source, another
averaging window or any other word makes another hash. A literal that cannot be placed makes one too, which is safe.
"""

import re
from datetime import date
from hashlib import blake2b

from cockpit.domain.markets import Market
from cockpit.domain.newyork import local
from cockpit.domain.units import UNDERLYING_DIGITS, decimal
from cockpit.models.match.bounds import complementary, same
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.relate import compare

RECURRING = frozenset({"crypto", "weather"})
"""Families that list the same question anew all the time."""
_BYTES = 16
_FULL = ("", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
         "December")  # fmt: skip
_MEASURES = r"(?!\s*-?\s*(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|ticks?|prints?|digits?|decimals?|percent|%|bps?|points?|times)\b|%)"
"""A number before one of these is no strike."""


def pair_key(ca: TypedContract, cb: TypedContract) -> str:
    """What a confirmation of a pair covers, the same whichever comes first.

    For recurring families the two series, what is asked, how the two relate and in which fields they differ; else the
    two markets.
    """
    a, b = _ordered(ca, cb)
    if not (_recurs(a) and _recurs(b)):
        return f"{a.market}~{b.market}"
    found = compare(a, b)
    odd = ",".join(
        each.field for each in found.differences if each.verdict == "differs" and each.field not in _TOLD
    )
    kind = f"twin {found.polarity:+d}" if found.twin else f"{found.relation} {found.polarity:+d}"
    edge = "edge" if a.numbered and b.numbered and not (same(a, b) or complementary(a, b)) else ""
    return " ".join(filter(None, (f"{a.series}~{b.series}", a.measure, a.scope, kind, edge, odd)))


_TOLD = frozenset({"terms", "price to beat", "said besides"})


def _ordered(a: TypedContract, b: TypedContract) -> tuple[TypedContract, TypedContract]:
    return (a, b) if (a.venue, a.market) <= (b.venue, b.market) else (b, a)


def _recurs(c: TypedContract) -> bool:
    return c.family in RECURRING and c.measure != "touch" and bool(c.series)


def rules_hash(a: Market, b: Market, ca: TypedContract, cb: TypedContract) -> str:
    """A hash of both markets' rules, hexadecimal, the same whichever comes first.

    Args:
        a: one listing, with its texts.
        b: the other.
        ca: the first one's terms.
        cb: the other's.
    """
    sides = sorted(((a.venue, a.ticker), a, ca) for a, ca in ((a, ca), (b, cb)))
    told = blake2b(digest_size=_BYTES)
    for _, market, contract in sides:
        for text in (market.venue, _bare(market.rules, contract), _bare(market.rules_secondary, contract)):
            data = text.encode()
            told.update(len(data).to_bytes(8, "big"))
            told.update(data)
    return told.hexdigest()


def _bare(text: str, c: TypedContract) -> str:
    """A rule text of a recurring family without the literals its contract holds."""
    if not text or not _recurs(c):
        return text
    text = text.replace("\x00", "")
    for name, pattern in _literals(c):
        text = pattern.sub(f"\x00{name}\x00", text)
    return text


def _literals(c: TypedContract) -> list[tuple[str, re.Pattern[str]]]:
    """What stands for a contract's own terms in a text, the longest forms first."""
    out = [("ticker", re.compile(re.escape(c.market)))] if c.market else []
    if forms := _dates(c):
        out.append(("date", re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])")))
    if forms := _clocks(c):
        out.append(("clock", re.compile(rf"(?<![\w:])(?:{'|'.join(forms)})(?![\w:])", re.IGNORECASE)))
    for name, value in (("low", c.low), ("high", c.high)):
        if value is not None:
            numbers = "|".join(re.escape(form) for form in _numbers(value))
            out.append((name, re.compile(rf"(?<![\w.,$])\$?(?:{numbers})(?![\w]|[.,]\d){_MEASURES}")))
    return out


def _numbers(value: int) -> list[str]:
    """A strike as texts write it: with and without commas, with its decimals or two."""
    out = set()
    for text in (decimal(value, UNDERLYING_DIGITS), decimal(value, UNDERLYING_DIGITS, 2)):
        whole, dot, part = text.partition(".")
        out |= {text, f"{int(whole):,}{dot}{part}"}
    return sorted(out, key=len, reverse=True)


def _dates(c: TypedContract) -> list[str]:
    """The day as texts write it: with the year or without, with the month in full or in three letters."""
    day = _day(c)
    if day is None:
        return []
    full = _FULL[day.month]
    names = dict.fromkeys((full, full[:3], f"{full[:3]}."))
    out = [day.isoformat(), f"{day.month}/{day.day}/{day.year}"]
    out += [f"{name} {n}, {day.year}" for name in names for n in (str(day.day), f"{day.day:02}")]
    out += [f"{name} {n}" for name in names for n in (str(day.day), f"{day.day:02}")]
    return [re.escape(form) for form in sorted(dict.fromkeys(out), key=len, reverse=True)]


def _day(c: TypedContract) -> date | None:
    if c.instant_ns:
        return local(c.instant_ns).date()
    try:
        return date.fromisoformat(c.period)
    except ValueError:
        return None


def _clocks(c: TypedContract) -> list[str]:
    """The New York hour as texts write it, its zone word with it: "5 PM EDT", "12:00 in the ET timezone (noon)"."""
    if not c.instant_ns:
        return []
    at = local(c.instant_ns)
    hour, half = at.hour % 12 or 12, "AM" if at.hour < 12 else "PM"
    minute = f":{at.minute:02}"
    zone = r"(?:\s?(?:EDT|EST|ET))"
    out = [rf"{hour}{minute}\s?{half}{zone}?"]
    if not at.minute:
        out.append(rf"{hour}\s?{half}{zone}?")
    if (hour, at.minute, half) == (12, 0, "PM"):
        out.append(r"12:00 in the ET timezone \(noon\)")
    return out
