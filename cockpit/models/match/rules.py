"""What a person's confirmation of a pair stands under, and the hash by which it is asked for again.

Crypto and weather list new markets every hour of the same terms, so that one confirmation covers a pair of series; any other
pair is confirmed market by market. The hash is over both rule texts. In recurring families the literals that the typed
contracts hold themselves (strikes, date, clock time, ticker) are taken out first, each only where the words about it say that
it is one ("above 60 at", "before 5 PM", "on Jan 5, 2027"), and nothing else: another source, averaging window, zone or any
other word makes another hash. A literal that cannot be placed makes one too, which is safe.
"""

import re
from datetime import date
from functools import partial
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
_COMPARES = r"(?P<before>(?:\b(?:above|below|over|under|than|at least|at most|exceeds?|equal to|between)|[<>]=?|[\u2265\u2264])\s{0,3}\$?)"
"""What a strike stands behind: a comparison."""
_ENDS = (
    r"(?P<after>\s{0,3}(?:\u00b0\s?f?|degrees(?: fahrenheit)?\b|fahrenheit\b|f\b|dollars?\b|usd\b)?"
    r"(?=\s{0,3}(?:$|[.,;?](?![0-9])|or (?:above|below|higher|lower|greater|less)\b(?!\s\w*(?:prints?|seconds?|minutes?))"
    r"|(?:at|on|pays?|then|inclusive)\b)))"
)
"""What may follow a strike: its unit, and the end of the phrase; never what is counted ("60 prints", "5 business days")."""
_AT = r"(?P<before>\b(?:at|before|ending)\s{1,3})"
_ON = r"(?P<before>\b(?:on|for|of)\s{1,3})"


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
    sides = sorted(((a, ca), (b, cb)), key=lambda side: (side[0].venue, side[0].ticker))
    told = blake2b(digest_size=_BYTES)
    for market, contract in sides:
        for text in (market.venue, _bare(market.rules, contract), _bare(market.rules_secondary, contract)):
            data = text.encode(errors="surrogatepass")
            told.update(len(data).to_bytes(8, "big"))
            told.update(data)
    return told.hexdigest()


def _bare(text: str, c: TypedContract) -> str:
    """A rule text of a recurring family without the literals its contract holds."""
    if not text or not _recurs(c):
        return text
    text = text.replace("\x00", "\x00\x00")
    for name, pattern in _literals(c):
        text = pattern.sub(partial(_named, name), text)
    return text


def _named(name: str, m: re.Match[str]) -> str:
    """A literal by its name; what made it one stays."""
    around = m.groupdict()
    return f"{around.get('before') or ''}\x00{name}\x00{around.get('after') or ''}"


def _literals(c: TypedContract) -> list[tuple[str, re.Pattern[str]]]:
    """What stands for a contract's own terms in a text, in its place in a sentence, the longest forms first."""
    out = [("ticker", re.compile(rf"(?<![\w-]){re.escape(c.market)}(?![\w-])"))] if c.market else []
    if forms := _dates(c):
        out.append(("date", re.compile(rf"{_ON}(?:{'|'.join(forms)})(?![\w-]|,? 20[0-9]{{2}})")))
    if forms := _clocks(c):
        out.append(("clock", re.compile(rf"{_AT}(?:{'|'.join(forms)})(?![\w:])", re.IGNORECASE)))
    return [*out, *_strikes(c)]


def _strikes(c: TypedContract) -> list[tuple[str, re.Pattern[str]]]:
    """Both bounds of a range as one literal, or the one bound there is."""
    low, high = ("|".join(map(re.escape, _numbers(v))) if v is not None else "" for v in (c.low, c.high))
    if low and high:
        both = rf"(?:{low})(?:\s?[-\u2013]\s?| and | to )\$?(?:{high})"
        return [("range", re.compile(rf"{_COMPARES}{both}{_ENDS}", re.IGNORECASE))]
    name = "low" if low else "high"
    return [(name, re.compile(rf"{_COMPARES}(?:{low or high}){_ENDS}", re.IGNORECASE))] if low or high else []


def _numbers(value: int) -> list[str]:
    """A strike as texts write it: with and without commas, with its decimals or two."""
    out = set()
    for text in (decimal(value, UNDERLYING_DIGITS), decimal(value, UNDERLYING_DIGITS, 2)):
        whole, dot, part = text.lstrip("-").partition(".")
        sign = "-" if value < 0 else ""
        out |= {text, f"{sign}{int(whole):,}{dot}{part}"}
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
    """The New York hour as texts write it: "5 PM", "5:00 PM"; the zone word behind it is no part of it."""
    if not c.instant_ns:
        return []
    at = local(c.instant_ns)
    hour, half = at.hour % 12 or 12, "AM" if at.hour < 12 else "PM"
    out = [rf"{hour}:{at.minute:02}\s?{half}"]
    if not at.minute:
        out.append(rf"{hour}\s?{half}")
    return out
