"""Teams of four leagues by code, city and name, for venues that write one or the other."""

from functools import lru_cache

_NBA = (
    "ATL|Atlanta|Hawks;BOS|Boston|Celtics;BKN|Brooklyn|Nets;CHA|Charlotte|Hornets;CHI|Chicago|Bulls;"
    "CLE|Cleveland|Cavaliers;DAL|Dallas|Mavericks;DEN|Denver|Nuggets;DET|Detroit|Pistons;GSW|Golden State|Warriors;"
    "HOU|Houston|Rockets;IND|Indiana|Pacers;LAC|Los Angeles|Clippers;LAL|Los Angeles|Lakers;MEM|Memphis|Grizzlies;"
    "MIA|Miami|Heat;MIL|Milwaukee|Bucks;MIN|Minnesota|Timberwolves;NOP|New Orleans|Pelicans;NYK|New York|Knicks;"
    "OKC|Oklahoma City|Thunder;ORL|Orlando|Magic;PHI|Philadelphia|76ers;PHX|Phoenix|Suns;"
    "POR|Portland|Trail Blazers;SAC|Sacramento|Kings;SAS|San Antonio|Spurs;TOR|Toronto|Raptors;UTA|Utah|Jazz;"
    "WAS|Washington|Wizards"
)
_NFL = (
    "ARI|Arizona|Cardinals;ATL|Atlanta|Falcons;BAL|Baltimore|Ravens;BUF|Buffalo|Bills;CAR|Carolina|Panthers;"
    "CHI|Chicago|Bears;CIN|Cincinnati|Bengals;CLE|Cleveland|Browns;DAL|Dallas|Cowboys;DEN|Denver|Broncos;"
    "DET|Detroit|Lions;GB|Green Bay|Packers;HOU|Houston|Texans;IND|Indianapolis|Colts;JAC|Jacksonville|Jaguars;"
    "KC|Kansas City|Chiefs;LV|Las Vegas|Raiders;LAC|Los Angeles|Chargers;LAR|Los Angeles|Rams;MIA|Miami|Dolphins;"
    "MIN|Minnesota|Vikings;NE|New England|Patriots;NO|New Orleans|Saints;NYG|New York|Giants;NYJ|New York|Jets;"
    "PHI|Philadelphia|Eagles;PIT|Pittsburgh|Steelers;SEA|Seattle|Seahawks;SF|San Francisco|49ers;"
    "TB|Tampa Bay|Buccaneers;TEN|Tennessee|Titans;WAS|Washington|Commanders"
)
_MLB = (
    "ARI|Arizona|Diamondbacks;ATH|Athletics|Athletics;ATL|Atlanta|Braves;BAL|Baltimore|Orioles;BOS|Boston|Red Sox;"
    "CHC|Chicago|Cubs;CWS|Chicago|White Sox;CIN|Cincinnati|Reds;CLE|Cleveland|Guardians;COL|Colorado|Rockies;"
    "DET|Detroit|Tigers;HOU|Houston|Astros;KC|Kansas City|Royals;LAA|Los Angeles|Angels;LAD|Los Angeles|Dodgers;"
    "MIA|Miami|Marlins;MIL|Milwaukee|Brewers;MIN|Minnesota|Twins;NYM|New York|Mets;NYY|New York|Yankees;"
    "PHI|Philadelphia|Phillies;PIT|Pittsburgh|Pirates;SD|San Diego|Padres;SEA|Seattle|Mariners;"
    "SF|San Francisco|Giants;STL|St. Louis|Cardinals;TB|Tampa Bay|Rays;TEX|Texas|Rangers;TOR|Toronto|Blue Jays;"
    "WSH|Washington|Nationals"
)
_NHL = (
    "ANA|Anaheim|Ducks;BOS|Boston|Bruins;BUF|Buffalo|Sabres;CGY|Calgary|Flames;CAR|Carolina|Hurricanes;"
    "CHI|Chicago|Blackhawks;COL|Colorado|Avalanche;CBJ|Columbus|Blue Jackets;DAL|Dallas|Stars;DET|Detroit|Red Wings;"
    "EDM|Edmonton|Oilers;FLA|Florida|Panthers;LA|Los Angeles|Kings;MIN|Minnesota|Wild;MTL|Montreal|Canadiens;"
    "NSH|Nashville|Predators;NJ|New Jersey|Devils;NYI|New York|Islanders;NYR|New York|Rangers;OTT|Ottawa|Senators;"
    "PHI|Philadelphia|Flyers;PIT|Pittsburgh|Penguins;SEA|Seattle|Kraken;SJ|San Jose|Sharks;STL|St. Louis|Blues;"
    "TB|Tampa Bay|Lightning;TOR|Toronto|Maple Leafs;UTA|Utah|Mammoth;VAN|Vancouver|Canucks;VGK|Vegas|Golden Knights;"
    "WSH|Washington|Capitals;WPG|Winnipeg|Jets"
)
_LISTS = {"nba": _NBA, "nfl": _NFL, "mlb": _MLB, "nhl": _NHL}
LEAGUES = frozenset(_LISTS)
_ALIASES = {("nba", "blazers"): "POR", ("nba", "cavs"): "CLE", ("nba", "mavs"): "DAL", ("nba", "sixers"): "PHI",
            ("nba", "wolves"): "MIN", ("nfl", "niners"): "SF", ("nfl", "bucs"): "TB", ("mlb", "dbacks"): "ARI",
            ("mlb", "d-backs"): "ARI", ("mlb", "a's"): "ATH", ("nba", "la lakers"): "LAL",
            ("nba", "la clippers"): "LAC", ("nfl", "la rams"): "LAR", ("nfl", "la chargers"): "LAC",
            ("mlb", "la dodgers"): "LAD", ("mlb", "la angels"): "LAA", ("nhl", "la kings"): "LA",
            ("nba", "oklahoma"): "OKC"}  # fmt: skip


def _singular(name: str) -> str:
    return " ".join(w[:-1] if len(w) > 3 and w[-1] == "s" and w[-2] not in "sui" else w for w in name.split())


def _build() -> dict[str, dict[str, str]]:
    """Names to codes by league; a name two teams of a league share is none."""
    out: dict[str, dict[str, str]] = {}
    for league, listed in _LISTS.items():
        names: dict[str, set[str]] = {}
        for line in listed.split(";"):
            code, city, nick = line.lower().split("|")
            initials = "".join(word[0] for word in nick.split())
            for name in (city, nick, f"{city} {nick}", f"{city} {initials}", f"{city} {nick[0]}"):
                names.setdefault(name, set()).add(code.upper())
                names.setdefault(_singular(name), set()).add(code.upper())
        names |= {name: {code} for (of, name), code in _ALIASES.items() if of == league}
        out[league] = {name: next(iter(codes)) for name, codes in names.items() if len(codes) == 1}
    return out


_NAMES = _build()
_CODES = {league: {line.partition("|")[0] for line in listed.split(";")} for league, listed in _LISTS.items()}
_CITIES = {
    league: {line.split("|")[1].lower() for line in listed.split(";")} for league, listed in _LISTS.items()
}
_OTHER_CODES = {"nba": {"GS": "GSW", "SA": "SAS", "NO": "NOP", "NY": "NYK", "BRK": "BKN", "PHO": "PHX"},
                "nfl": {"JAX": "JAC", "LA": "LAR", "WSH": "WAS", "ARZ": "ARI"},
                "mlb": {"OAK": "ATH", "AZ": "ARI", "WAS": "WSH", "CHW": "CWS", "SDP": "SD", "TBR": "TB"},
                "nhl": {"LAK": "LA", "NJD": "NJ", "SJS": "SJ", "TBL": "TB", "WAS": "WSH", "MON": "MTL"}}  # fmt: skip


@lru_cache(maxsize=4_096)
def team(league: str, name: str) -> str:
    """The code of a team by its folded name; empty for none, or for several."""
    return _NAMES.get(league, {}).get(name.strip(" ."), "")


@lru_cache(maxsize=4_096)
def is_city(league: str, name: str) -> bool:
    """Whether a name of a team is its city alone, which other sports' teams are called by as well."""
    return name.strip(" .") in _CITIES[league]


def code(league: str, text: str) -> str:
    """A team code in the spelling used here; empty for none."""
    text = text.upper()
    if text in _CODES.get(league, ()):
        return text
    return _OTHER_CODES.get(league, {}).get(text, "")


def leagues_of(*names: str) -> list[str]:
    """The leagues in which every name is a team."""
    return [league for league in _NAMES if all(team(league, name) for name in names)]
