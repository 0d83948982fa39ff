"""Titles of the big leagues in one wording: the team by its code, the prize by its own name."""

from cockpit.models.match.teams import team
from cockpit.models.match.words import LOOSE

_BY_WORD = {
    "mlb": "mlb", "nlcs": "mlb", "alcs": "mlb", "nl": "mlb", "al": "mlb",
    "nfl": "nfl", "afc": "nfl", "nfc": "nfl", "nba": "nba", "nhl": "nhl",
}  # fmt: skip
_BY_PAIR = {
    frozenset({"world", "serie"}): "mlb",
    frozenset({"super", "bowl"}): "nfl",
    frozenset({"stanley", "cup"}): "nhl",
}
_SERIES = {"KXNBA": "nba", "KXNFL": "nfl", "KXMLB": "mlb", "KXNHL": "nhl"}
_PRIZES = {"nba": {"final"}, "nfl": {"super", "bowl"}, "mlb": {"world", "serie"}, "nhl": {"stanley", "cup"}}
_TITLES = frozenset({"championship", "final", "title"})
_OTHERS = frozenset({"women", "wnba", "college", "ncaa", "summer", "minor"})
_OWN = frozenset(_SERIES.values())


def league_of(series: str, words: list[str]) -> str:
    """The league a question is about; empty for none or several."""
    have = set(words)
    if have & _OTHERS:
        return ""
    found = {_BY_WORD[word] for word in have & _BY_WORD.keys()}
    found |= {league for pair, league in _BY_PAIR.items() if pair <= have}
    if not found and series[:5] in _SERIES:
        found.add(_SERIES[series[:5]])
    return found.pop() if len(found) == 1 else ""


def in_one_wording(league: str, actor: str, verb: str, words: list[str]) -> tuple[str, list[str]]:
    """A team's code for its name, and a league's prize for "its championship"."""
    named = team(league, actor)
    have = set(words)
    if verb == "win" and have & _TITLES and have <= _TITLES | _PRIZES[league] | _OWN | LOOSE:
        have = (have - _TITLES) | _PRIZES[league]
    return (f"{league} {named}" if named else actor), [league, *sorted(have - _OWN)]
