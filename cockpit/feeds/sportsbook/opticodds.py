"""OpticOdds (the service behind OddsJam), v3: unverified, read by names that settings may change.

Nobody has shown us an answer of it: what stands below is what third parties document. It is read tolerantly, by dotted paths
into each object; what a path does not find is left out and counted. Games are listed by league; odds are asked for by game,
five books at most. Source: descriptions of the service's API of June to August 2026.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import msgspec

from cockpit.domain.books import BookGame, BookPrice
from cockpit.domain.units import SECOND
from cockpit.feeds.census import tally
from cockpit.feeds.exact import LATEST_S, nearest, rfc3339
from cockpit.feeds.sportsbook.prices import SIDES, Market, priced
from cockpit.feeds.sportsbook.teams import Names

SITE = "https://api.opticodds.com/api/v3"
SECRET = "opticodds"  # noqa: S105  the name of a secret, not one
BATCH = 5
"""Games in one question for odds."""
MOST = 50
"""Games followed at most."""

FIELDS: dict[str, str] = {
    "games": "data",
    "id": "id",
    "start": "start_date",
    "league": "league.id",
    "home": "home_team_display",
    "away": "away_team_display",
    "odds": "odds",
    "book": "sportsbook",
    "market": "market",
    "outcome": "selection",
    "price": "price",
    "points": "points",
    "updated": "timestamp",
}
"""Where each thing stands, by the documented names: the first within the answer, to ``odds`` in a game, the rest in odds."""
WORDS: dict[str, Market] = {"moneyline": "h2h", "point spread": "spreads", "total points": "totals"}
"""Our markets by theirs, small letters."""

_whole = msgspec.json.Decoder(object).decode


def games_url(site: str, league: str) -> str:
    """The question for a league's games."""
    return f"{site}/fixtures/active?{urlencode({'league': league})}"


def odds_urls(site: str, ids: Sequence[str], books: Sequence[str], markets: Iterable[str]) -> list[str]:
    """The questions for games' odds, without the key."""
    common = [("sportsbook", each) for each in books]
    common += [("market", each) for each in markets]
    common += [("odds_format", "DECIMAL"), ("is_main", "true")]
    batches = (ids[at : at + BATCH] for at in range(0, min(len(ids), MOST), BATCH))
    return [
        f"{site}/fixtures/odds?{urlencode([*(('fixture_id', each) for each in batch), *common])}"
        for batch in batches
    ]


def at(value: object, path: str) -> Any:
    """What stands at a dotted path; None where the path leads nowhere. A number is a place in a list."""
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit():
            value = value[int(part)] if int(part) < len(value) else None
        else:
            return None
    return value


class Reader:
    """Reads answers by paths."""

    def __init__(self, names: Names, fields: Mapping[str, str], words: Mapping[str, str]) -> None:
        self._names = names
        self._census: Counter[str] = names.census
        self.fields = {**FIELDS, **fields}
        self.words = dict(words)

    def games(self, data: bytes | msgspec.Raw) -> list[BookGame]:
        """Every game of an answer whose teams are known. Raises ValueError when it holds no list of games."""
        listed = at(_whole(data), self.fields["games"])
        if not isinstance(listed, list):
            raise ValueError("no list of games")  # noqa: TRY004  bad content, whatever its Python type
        found: dict[str, BookGame] = {}
        for each in listed:
            try:
                game = self._game(each)
            except (ValueError, ArithmeticError) as error:
                tally(self._census, "unreadable", error)
                continue
            if game is not None:
                found[game.id] = game
        return list(found.values())

    def _game(self, value: object) -> BookGame | None:
        """One game; None, counted, for one that is none of ours. Raises ValueError."""
        name, league = self._text(value, "id"), self._text(value, "league").casefold()
        away, home = (self._names.code(league, self._text(value, each)) for each in ("away", "home"))
        if not away or not home or away == home:
            return None
        start = self._time(value, "start")
        if not name or len(name) > 100 or not start:
            raise ValueError("a game without a name or a start")
        prices: list[BookPrice] = []
        listed = at(value, self.fields["odds"])
        for each in listed if isinstance(listed, list) else ():
            try:
                price = self._price(each, league, (away, home))
            except (ValueError, ArithmeticError) as error:
                tally(self._census, "odds", error)
                continue
            if price is not None:
                prices.append(price)
        titles = tuple(dict.fromkeys((each.book, each.book) for each in prices))
        return BookGame(name, league, start, away, home, tuple(prices), titles)

    def _price(self, value: object, league: str, sides: tuple[str, str]) -> BookPrice | None:
        """One price; None, counted, where it is of another market or nobody's. Raises ValueError."""
        word = self._text(value, "market")
        market = self.words.get(word.casefold())
        if market is None:
            tally(self._census, "market", word or "missing")
            return None
        said = self._text(value, "outcome")
        who = SIDES.get(said.casefold()) or self._names.code(league, said)
        if not who or (who not in SIDES.values() and who not in sides):
            return None
        book = self._text(value, "book")
        odds, points = self._number(value, "price"), self._number(value, "points")
        return priced(book, market, who, odds, points, self._time(value, "updated"), self._census)

    def _text(self, value: object, field: str) -> str:
        found = at(value, self.fields[field])
        return found.strip()[:200] if isinstance(found, str) else ""

    def _number(self, value: object, field: str) -> Decimal | None:
        """A number, or a text that is one. Raises ArithmeticError."""
        found = at(value, self.fields[field])
        if isinstance(found, bool) or not isinstance(found, int | float | str):
            return None
        return Decimal(str(found)) if str(found).strip() else None

    def _time(self, value: object, field: str) -> int:
        """An RFC 3339 time or Unix seconds as ns UTC; 0 where none stands. Raises ValueError."""
        found = at(value, self.fields[field])
        if isinstance(found, str) and found:
            return rfc3339(found)
        if isinstance(found, bool) or not isinstance(found, int | float):
            return 0
        seconds = nearest(Decimal(str(found)), 3)
        if not 0 <= seconds <= LATEST_S * 1_000:
            raise ValueError("time out of range")
        return seconds * (SECOND // 1_000)
