"""How each venue calls a game and its sides. Source: their listings of 2026; all wording is ours.

Kalshi's tickers have the day in New York, then away, then home (`KXNBAGAME-26DEC03BOSNYK-NYK`); its sides go by city,
with a letter where two share one. Polymarket's slugs have the same day (`nba-bos-nyk-2026-12-03`), its outcomes are
nicknames, away first.
"""

from hashlib import sha256

from cockpit.domain.newyork import local
from cockpit.models.teams import TEAMS, Team
from cockpit.rehearsal.games.play import Tie

SPORTS = {"nba": "basketball", "nfl": "football"}
PRO = {"nba": "Pro Basketball", "nfl": "Pro Football"}


def day_of(tie: Tie) -> str:
    """The day in New York as Kalshi writes it: 26DEC03."""
    return f"{local(tie.scheduled):%y%b%d}".upper()


def iso_day(tie: Tie) -> str:
    """The same as Polymarket does: 2026-12-03."""
    return f"{local(tie.scheduled):%Y-%m-%d}"


def spoken_day(tie: Tie) -> str:
    """The same in words: Dec 3, 2026."""
    return f"{local(tie.scheduled):%b %-d, %Y}"


def series_of(league: str) -> str:
    """Kalshi's series of a league's games."""
    return f"KX{league.upper()}GAME"


def event_of(tie: Tie) -> str:
    """Kalshi's event."""
    return f"{series_of(tie.home.league)}-{day_of(tie)}{tie.away.code}{tie.home.code}"


def side_of(team: Team) -> str:
    """A side as Kalshi writes it."""
    shared = [each for each in TEAMS[team.league] if each.city == team.city]
    return f"{team.city} {team.nick[0]}" if len(shared) > 1 else team.city


def slug_of(tie: Tie) -> str:
    """Polymarket's slug of the event, and of its market."""
    return f"{tie.home.league}-{tie.away.polymarket[0]}-{tie.home.polymarket[0]}-{iso_day(tie)}"


def target_of(team: Team) -> str:
    """The id of Kalshi's structured target, made up."""
    return _uuid(f"target|{team.league}|{team.code}")


def milestone_of(event: str) -> str:
    """The id of Kalshi's milestone of a game, made up."""
    return _uuid(f"milestone|{event}")


def _uuid(name: str) -> str:
    text = sha256(name.encode()).hexdigest()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:32]}"
