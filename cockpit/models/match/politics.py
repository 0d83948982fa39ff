"""Elections: who wins which office, where, in which contest of which year.

The ticker of a Kalshi race holds state, district, year and party: they are read first, and a title that says otherwise
makes the reading doubtful.
"""

import re

import msgspec

from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.newyork import local
from cockpit.models.match.amounts import bounded, by_fields, reconciled
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.frame import Frame, frame, hints_of, loose, silent_period
from cockpit.models.match.places import CODES, NATIONS, STATES, state_in

_PARTY = {"D": "democrat", "DEM": "democrat", "R": "republican", "REP": "republican", "GOP": "republican"}
_PARTIES = frozenset(_PARTY.values())
_CHAMBERS = {"H": "US House control", "S": "US Senate control"}

_HOUSE = re.compile(r"(?:KX)?HOUSE(?:RACE-)?([A-Z]{2})([0-9]{1,2}|AL)-([0-9]{2})(?:-([A-Z]+))?")
_STATEWIDE = re.compile(r"(?:KX)?(GOVPARTY|SENATE|LTGOV|ATTYGEN)([A-Z]{2})-(\d\d)(?:-([A-Z]+))?")
_CHAMBER = re.compile(r"(?:KX)?CONTROL([HS])-(20\d\d)-([A-Z]+)")
_PRIMARY = re.compile(r"KX([A-Z]{2})PRIMARY-(\d\d|AL)([DR])(\d\d)-")
_OFFICES = {
    "GOVPARTY": "Governor",
    "SENATE": "US Senate",
    "LTGOV": "Lieutenant Governor",
    "ATTYGEN": "Attorney General",
}

_DISTRICT = re.compile(r"\b([a-z]{2})-?([0-9]{1,2}|al)\b(?!%)")
_NTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th) (?:congressional )?district")
_AT_LARGE = frozenset({"AK", "DE", "ND", "SD", "VT", "WY"})
"""States with one seat in the House, whose district is written "AL", "01" or "at-large"."""
_ABOUT = re.compile(
    r"\b(?:senate|senator|governor|president|mayor|prime minister|chancellor|congress|nominee|nomination|primary"
    r"|primaries|attorney general|secretary of state|election|parliament|house (?:seat|race|district|election|control)"
    r"|(?:win|control|flip|lose|hold|retake) the (?:us )?house|house of representatives|house in 20\d\d)"
    r"|\b[a-z]{2}-(?:\d{1,2}|al)\b"
)
_OFFICE_WORDS = (
    ("white house", "White House"),
    ("lieutenant governor", "Lieutenant Governor"),
    ("lt governor", "Lieutenant Governor"),
    ("lt. governor", "Lieutenant Governor"),
    ("attorney general", "Attorney General"),
    ("secretary of state", "Secretary of State"),
    ("state senate", "State Senate"),
    ("state house", "State House"),
    ("vice president", "Vice President"),
    ("prime minister", "Prime Minister"),
    ("house of representatives", "US House"),
    ("governor", "Governor"),
    ("senate", "US Senate"),
    ("senator", "US Senate"),
    ("president", "President"),
    ("mayor", "Mayor"),
    ("chancellor", "Chancellor"),
    ("house", "US House"),
)
_SPENT_WORDS = (
    "house senate senator governor president mayor chancellor prime minister lieutenant lt attorney "
    "general secretary state vice representative seat race district congressional election primary "
    "nominee nomination win winner control majority midterm democrat republican party contest general "
    "round first #1 the for with "
)
_SPENT = frozenset(_SPENT_WORDS.split())
"""Words whose meaning the typed fields hold."""
_NATION_NAMES = frozenset(NATIONS.values())
_MEASURES = {
    "win": "winner",
    "elect": "winner",
    "control": "winner",
    "nominee": "nominee",
    "be nominate": "nominee",
}


class Race(msgspec.Struct, frozen=True, gc=False):
    """An office and its contest, as a ticker or a title states them; empty where it does not."""

    office: str = ""
    place: str = ""
    year: str = ""
    party: str = ""
    """Of the winner, or of the primary where ``primary``."""
    primary: bool = False


def is_politics(folded: str, market: Market) -> bool:
    """Whether a folded title, or the ticker, is about an election."""
    return bool(_ABOUT.search(folded)) or (
        market.venue == "kalshi" and ticker_race(market.ticker) is not None
    )


def ticker_race(ticker: str) -> Race | None:
    """The race in a Kalshi ticker; None where it holds none."""
    if m := _HOUSE.match(ticker):
        return Race("US House", _district(m[1], m[2]), f"20{m[3]}", _PARTY.get(m[4] or "", ""))
    if m := _STATEWIDE.match(ticker):
        place = m[2] if m[2] in CODES else ""
        return Race(_OFFICES[m[1]], place, f"20{m[3]}", _PARTY.get(m[4] or "", ""))
    if m := _CHAMBER.match(ticker):
        return Race(_CHAMBERS[m[1]], "", m[2], _PARTY.get(m[3], ""))
    if m := _PRIMARY.match(ticker):
        return Race("US House", _district(m[1], m[2]), f"20{m[4]}", _PARTY[m[3]], primary=True)
    return None


def _district(state: str, number: str) -> str:
    if state in _AT_LARGE and number in ("1", "01"):
        number = "AL"
    return f"{state}-{number if number == 'AL' else f'{int(number):02}'}" if state in CODES else ""


def read_politics(market: Market, group: EventGroup | None) -> TypedContract:
    """An election market as a contract."""
    told = frame(market, group)
    named = ticker_race(market.ticker) if market.venue == "kalshi" else None
    said = _said(told)
    limits, torn = reconciled(by_fields(market), told.bounds)
    doubt = torn or _doubt(named, said, told)
    known = named or Race()
    hints = hints_of(market)
    year = told.period or known.year or silent_period(market, hints)[:4]
    measure = _measure(told, said)
    value = _value(told, said)
    hard, soft = loose(_left(told, said))
    found = TypedContract(
        market=market.ticker,
        venue=market.venue,
        family="politics",
        subject=f"{said.office or known.office} {said.place or known.place}".strip(),
        measure=measure,
        scope=_scope(told, said),
        period=year or _expected_year(market),
        value=value,
        polarity=told.polarity,
        group=market.event,
        series=market.series,
        exclusive=measure in ("winner", "nominee"),
        rest=hard,
        loose=soft,
        opens_ns=market.open_ns,
        doubt=doubt,
        confidence=0.95 if named is not None else 0.85 if said.place else 0.75,
    )
    return bounded(found, limits)


def _said(told: Frame) -> Race:
    """The race as the words state it."""
    text = told.text
    offices = _offices(text)
    office = offices[0] if offices else ""
    place = _place_of(text)
    if "-" in place and office in ("", "US House"):
        office = "US House"
    elif office in ("US House", "US Senate") and not place and _is_chamber(told):
        office = f"{office} control"
    primary = bool(re.search(r"\bprimar(?:y|ies)\b|\bnominee\b|\bnomination\b", text))
    party = next((word for word in told.actor.split() if word in _PARTIES), "")
    if primary:
        party = next((word for word in (*told.words, *told.actor.split()) if word in _PARTIES), "")
    return Race(office, place, "", party, primary)


def _offices(text: str) -> list[str]:
    """Every office a text names, the longest names first: a lieutenant governor is no governor."""
    found = []
    for words, name in _OFFICE_WORDS:
        left = re.sub(rf"\b{words}\b", " ", text)
        if left != text and name not in found:
            found.append(name)
        text = left
    return found


def _is_chamber(told: Frame) -> bool:
    return told.verb in ("win", "control", "hold", "be", "") and "seat" not in told.words


def _place_of(text: str) -> str:
    for m in _DISTRICT.finditer(text):
        if m[1].upper() in CODES and "-" in m[0]:
            return _district(m[1].upper(), m[2].upper())
    state = state_in(text)
    if state in _AT_LARGE and re.search(r"\bat[- ]large\b", text):
        return _district(state, "AL")
    nth = _NTH.search(text)
    return _district(state, nth[1]) if nth and state else state


def _doubt(named: Race | None, said: Race, told: Frame) -> str:
    """Where ticker and title contradict each other, or nothing is named."""
    if told.asks and told.actor.partition(" ")[0] in ("", "who", "which", "what", "party"):
        return "asks without naming an answer"
    if len(_offices(told.text)) > 1:
        return "several offices are named"
    if not said.office and named is None:
        return "no office is named"
    if named is None:
        return ""
    for what in ("office", "place", "party"):
        a, b = getattr(named, what), getattr(said, what)
        if a and b and a != b:
            return f"the ticker's {what} is {a}, the title's {b}"
    if named.primary != said.primary:
        return "ticker and title are about different contests"
    if named.year and re.fullmatch(r"20\d\d", told.period) and told.period != named.year:
        return f"the ticker's year is {named.year}, the title's {told.period}"
    return ""


def _measure(told: Frame, said: Race) -> str:
    if told.bounds is not None:
        return "seats" if "seat" in told.words else "margin or share"
    if re.search(r"\bprimar(?:y|ies)\b", told.text) and told.verb == "win":
        return "primary winner"
    if said.primary and told.verb in ("nominee", "be nominate", "win", "be", ""):
        return "nominee"
    return _MEASURES.get(told.verb, told.verb or "be")


def _scope(told: Frame, said: Race) -> str:
    parts = []
    if said.primary and said.party:
        parts.append(said.party)
    if "round" in told.words:
        parts.append("first round" if "#1" in told.words or "first" in told.words else "round")
    return " ".join(parts)


def _value(told: Frame, said: Race) -> str:
    """The party, or the person."""
    words = [word for word in told.actor.split() if word != "candidate"]
    if not said.primary and set(words) & _PARTIES and len(words) == 1:
        return words[0]
    return told.actor


def _left(told: Frame, said: Race) -> list[str]:
    """Words that neither office, place, party nor contest accounts for; nations by their names."""
    words = [NATIONS.get(word, word) for word in told.words]
    spent = set(_SPENT)
    chamber = said.office.endswith(" control")
    if "round" in told.words and "#1" not in told.words:
        spent.discard("round")
    if told.verb == "finish" or "round" not in told.words:
        spent -= {"#1", "first"}
    if not chamber or set(words) & _NATION_NAMES:
        spent.discard("majority")
    if said.place:
        state = next((name for name, code in STATES.items() if code == said.place[:2]), "")
        spent |= {*state.split(), said.place[:2].lower(), *_numbers(said.place)}
    if said.place or chamber:
        spent.add("us")
    if chamber and told.verb == "control" and {"midterm", "election"} & {*words}:
        spent.add("after")
    return [word for word in words if word not in spent and not _DISTRICT.fullmatch(word)]


def _numbers(place: str) -> set[str]:
    """A district's number as titles write it: "07", "7", "7th", and of the only one of a state "at-large"."""
    number = place[3:]
    if number == "AL":
        return {"al", "1", "01", "large"}
    bare = number.lstrip("0")
    return (
        {number, bare, f"#{bare}", *(f"{bare}{end}" for end in ("st", "nd", "rd", "th"))} if bare else set()
    )


def _expected_year(market: Market) -> str:
    """The year in which the venue expects an election whose year nothing states: weak, and the last resort."""
    hints = hints_of(market)
    return str(local(hints.expected_ns).year) if hints.expected_ns and market.venue != "kalshi" else ""
