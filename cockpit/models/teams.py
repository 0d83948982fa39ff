"""The teams of two leagues by what each source calls them, so that games are joined by code and never by title.

Sources: Kalshi's codes as its ``KXNBAGAME-YYMMMDDAAAHHH`` and ``KXNFLGAME`` tickers write them (away, then home); ESPN's
``team.abbreviation`` and ``team.id``; Polymarket's lower-case codes of ``nba-{away}-{home}-YYYY-MM-DD``. Historical odds
files write ESPN's abbreviation in lower case. Kalshi writes NOP, never NO.
"""

import msgspec


class Team(msgspec.Struct, frozen=True):
    """One team; ``code`` is Kalshi's."""

    league: str
    code: str
    espn: str
    espn_id: str
    polymarket: tuple[str, ...]
    """Lower case; the first is the one in use now."""
    city: str
    nick: str


# Kalshi code, ESPN's where it differs, ESPN id, Polymarket's where it is not Kalshi's, city, nick
_NBA = (
    "ATL||1||Atlanta|Hawks;BOS||2||Boston|Celtics;BKN||17||Brooklyn|Nets;CHA||30||Charlotte|Hornets;"
    "CHI||4||Chicago|Bulls;CLE||5||Cleveland|Cavaliers;DAL||6||Dallas|Mavericks;DEN||7||Denver|Nuggets;"
    "DET||8||Detroit|Pistons;GSW|GS|9||Golden State|Warriors;HOU||10||Houston|Rockets;IND||11||Indiana|Pacers;"
    "LAC||12||Los Angeles|Clippers;LAL||13||Los Angeles|Lakers;MEM||29||Memphis|Grizzlies;MIA||14||Miami|Heat;"
    "MIL||15||Milwaukee|Bucks;MIN||16||Minnesota|Timberwolves;NOP|NO|3||New Orleans|Pelicans;"
    "NYK|NY|18||New York|Knicks;OKC||25||Oklahoma City|Thunder;ORL||19||Orlando|Magic;PHI||20||Philadelphia|76ers;"
    "PHX||21||Phoenix|Suns;POR||22||Portland|Trail Blazers;SAC||23||Sacramento|Kings;SAS|SA|24||San Antonio|Spurs;"
    "TOR||28||Toronto|Raptors;UTA|UTAH|26||Utah|Jazz;WAS|WSH|27||Washington|Wizards"
)
_NFL = (
    "ARI||22||Arizona|Cardinals;ATL||1||Atlanta|Falcons;BAL||33||Baltimore|Ravens;BUF||2||Buffalo|Bills;"
    "CAR||29||Carolina|Panthers;CHI||3||Chicago|Bears;CIN||4||Cincinnati|Bengals;CLE||5||Cleveland|Browns;"
    "DAL||6||Dallas|Cowboys;DEN||7||Denver|Broncos;DET||8||Detroit|Lions;GB||9||Green Bay|Packers;"
    "HOU||34||Houston|Texans;IND||11||Indianapolis|Colts;JAC|JAX|30|jax,jac|Jacksonville|Jaguars;"
    "KC||12||Kansas City|Chiefs;LV||13||Las Vegas|Raiders;LAC||24||Los Angeles|Chargers;LAR||14|la,lar|Los Angeles|Rams;"
    "MIA||15||Miami|Dolphins;MIN||16||Minnesota|Vikings;NE||17||New England|Patriots;NO||18||New Orleans|Saints;"
    "NYG||19||New York|Giants;NYJ||20||New York|Jets;PHI||21||Philadelphia|Eagles;PIT||23||Pittsburgh|Steelers;"
    "SEA||26||Seattle|Seahawks;SF||25||San Francisco|49ers;TB||27||Tampa Bay|Buccaneers;TEN||10||Tennessee|Titans;"
    "WAS|WSH|28||Washington|Commanders"
)


def _team(league: str, listed: str) -> Team:
    code, espn, espn_id, polymarket, city, nick = listed.split("|")
    codes = tuple((polymarket or code.lower()).split(","))
    return Team(league, code, espn or code, espn_id, codes, city, nick)


TEAMS: dict[str, tuple[Team, ...]] = {
    league: tuple(_team(league, each) for each in listed.split(";"))
    for league, listed in (("nba", _NBA), ("nfl", _NFL))
}
"""Every team, by league."""

_KALSHI = {(each.league, each.code): each for teams in TEAMS.values() for each in teams}
_ESPN = {(each.league, each.espn): each for teams in TEAMS.values() for each in teams}
_POLYMARKET = {
    (each.league, code): each for teams in TEAMS.values() for each in teams for code in each.polymarket
}


def by_kalshi(league: str, code: str) -> Team | None:
    """The team of a Kalshi ticker's code."""
    return _KALSHI.get((league, code))


def by_espn(league: str, abbreviation: str) -> Team | None:
    """The team of ESPN's ``team.abbreviation``."""
    return _ESPN.get((league, abbreviation))


def by_polymarket(league: str, code: str) -> Team | None:
    """The team of a Polymarket slug's code."""
    return _POLYMARKET.get((league, code))


def by_odds_file(league: str, code: str) -> Team | None:
    """The team of a historical odds file's code: ESPN's in lower case."""
    return _ESPN.get((league, code.upper()))
