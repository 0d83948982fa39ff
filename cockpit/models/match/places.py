"""States, nations and their adjectives, as titles write them."""

import re

STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "florida": "FL", "georgia": "GA", "hawaii": "HI", "idaho": "ID",
    "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY", "louisiana": "LA",
    "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN",
    "mississippi": "MS", "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV",
    "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM", "new york": "NY", "north carolina": "NC",
    "north dakota": "ND", "ohio": "OH", "oklahoma": "OK", "oregon": "OR", "pennsylvania": "PA",
    "rhode island": "RI", "south carolina": "SC", "south dakota": "SD", "tennessee": "TN", "texas": "TX",
    "utah": "UT", "vermont": "VT", "virginia": "VA", "washington": "WA", "west virginia": "WV",
    "wisconsin": "WI", "wyoming": "WY",
}  # fmt: skip
CODES = frozenset(STATES.values())
STATE = re.compile(rf"\b({'|'.join(sorted(STATES, key=len, reverse=True))})\b")

_NATIONS = (
    "argentina argentine argentinian|australia australian|austria austrian|belarus belarusian|bolivia bolivian|"
    "brazil brazilian|bulgaria bulgarian|canada canadian|chile chilean|china chinese|colombia colombian|"
    "croatia croatian|czechia czech|denmark danish|ecuador ecuadorian|egypt egyptian|estonia estonian|"
    "finland finnish|france french|germany german|greece greek|hungary hungarian|india indian|indonesia indonesian|"
    "iran iranian|iraq iraqi|ireland irish|israel israeli|italy italian|japan japanese|kenya kenyan|latvia latvian|"
    "lithuania lithuanian|mexico mexican|moldova moldovan|netherlands dutch|nigeria nigerian|norway norwegian|"
    "pakistan pakistani|peru peruvian|philippines philippine|poland polish|portugal portuguese|romania romanian|"
    "russia russian|scotland scottish|serbia serbian|slovakia slovak|slovenia slovenian|spain spanish|sweden swedish|"
    "switzerland swiss|syria syrian|taiwan taiwanese|thailand thai|turkey turkish|ukraine ukrainian|"
    "uruguay uruguayan|venezuela venezuelan|vietnam vietnamese|wales welsh"
)
NATIONS = {word: line.split()[0] for line in _NATIONS.split("|") for word in line.split()}
"""A nation by its name and its adjective."""


def state_in(folded: str) -> str:
    """The postal code of the one state a folded text names; empty for none, or for several."""
    found = {STATES[name] for name in STATE.findall(folded)}
    return found.pop() if len(found) == 1 else ""
