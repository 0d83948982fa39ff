"""The Odds API, v4: the odds of one sport's games, all books in one answer.

Outcomes are named by the team's full name, the home side not always first; ``last_update`` may be missing at a market and
then stands at its book; a game that has begun stays in the list, and a market that is suspended is left out. A question
costs markets times regions of the account's credits; the list of sports costs nothing, and both tell what is left. The key
goes in the query: it is added on sending, and no URL of ours holds it. Source: the service's OpenAPI description of 2026.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from cockpit.domain.books import BookGame, BookPrice
from cockpit.feeds.census import tally
from cockpit.feeds.exact import rfc3339
from cockpit.feeds.sportsbook.prices import MARKETS, SIDES, priced
from cockpit.feeds.sportsbook.teams import LEAGUES, Names

Shape = TypeVar("Shape")

SITE = "https://api.the-odds-api.com"
SECRET = "theoddsapi"  # noqa: S105  the name of a secret, not one
PATH = "/v4/sports"
LEFT, USED = "x-requests-remaining", "x-requests-used"
"""Headers that tell the account's credits."""


class Outcome(msgspec.Struct, frozen=True):
    """One outcome's decimal odds; ``point`` of spreads and totals."""

    name: str
    price: Decimal | None = None
    point: Decimal | None = None


class Market(msgspec.Struct, frozen=True):
    """One book's market on one game."""

    key: str
    last_update: str | None = None
    outcomes: list[msgspec.Raw] = []


class Bookmaker(msgspec.Struct, frozen=True):
    """One book on one game."""

    key: str
    title: str = ""
    last_update: str | None = None
    markets: list[msgspec.Raw] = []


class GameBody(msgspec.Struct, frozen=True):
    """One game."""

    id: str
    sport_key: str
    commence_time: str
    home_team: str | None = None
    away_team: str | None = None
    bookmakers: list[msgspec.Raw] = []


class Sport(msgspec.Struct, frozen=True):
    """One sport, in the list of those in season."""

    key: str
    active: bool = True


_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_game = msgspec.json.Decoder(GameBody).decode
_book = msgspec.json.Decoder(Bookmaker).decode
_market = msgspec.json.Decoder(Market).decode
_outcome = msgspec.json.Decoder(Outcome).decode
_sports = msgspec.json.Decoder(list[Sport]).decode


def url(site: str, sport: str, regions: Sequence[str], markets: Sequence[str]) -> str:
    """The question for one sport's odds, without the key."""
    fields = {
        "regions": ",".join(regions),
        "markets": ",".join(markets),
        "oddsFormat": "decimal",
        "dateFormat": "iso",
    }
    return f"{site}{PATH}/{sport}/odds?{urlencode(fields, safe=',')}"


def in_season(data: bytes | msgspec.Raw) -> list[str]:
    """The sports that are played now. Raises ValueError."""
    return [each.key for each in _sports(data) if each.active]


def read(data: bytes | msgspec.Raw, names: Names) -> list[BookGame]:
    """Every game of an answer whose teams are known.

    Raises:
        ValueError: when it cannot be read, or none of its games can.
    """
    pieces = _list(data)
    found: dict[str, BookGame] = {}
    failed: list[Exception] = []
    for piece in pieces:
        try:
            game = _read(_game(piece), names)
        except (ValueError, RecursionError) as error:
            failed.append(error)
            continue
        if game is not None:
            found[game.id] = game
    if failed and len(failed) == len(pieces):
        raise ValueError(str(failed[0]))
    for why in failed:
        tally(names.census, "unreadable", why)
    return list(found.values())


def _read(body: GameBody, names: Names) -> BookGame | None:
    """One game; None, counted, for another sport's or a team that is not known. Raises ValueError."""
    league = LEAGUES.get(body.sport_key, "")
    if not league:
        tally(names.census, "sport", body.sport_key)
        return None
    away, home = (names.code(league, each or "") for each in (body.away_team, body.home_team))
    start = rfc3339(body.commence_time)
    if not body.id or len(body.id) > 100 or not start:
        raise ValueError("a game without a name or a start")
    if not away or not home or away == home:
        return None
    books = [each for raw in body.bookmakers if (each := _tolerant(_book, raw, names.census)) is not None]
    prices = [price for book in books for price in _prices(book, league, names, (away, home))]
    titles = tuple((each.key, each.title or each.key) for each in books)
    return BookGame(body.id, league, start, away, home, tuple(prices), titles)


def _prices(book: Bookmaker, league: str, names: Names, sides: tuple[str, str]) -> Iterable[BookPrice]:
    """One book's prices; what cannot be read is counted and left out."""
    for raw in book.markets:
        market = _tolerant(_market, raw, names.census)
        if market is None:
            continue
        if market.key not in MARKETS:
            tally(names.census, "market", market.key)
            continue
        at = _updated(market.last_update or book.last_update, names.census)
        for each in market.outcomes:
            outcome = _tolerant(_outcome, each, names.census)
            who = SIDES.get(outcome.name.casefold()) or names.code(league, outcome.name) if outcome else ""
            if outcome is None or not who or (who not in SIDES.values() and who not in sides):
                continue
            try:
                price = priced(book.key, market.key, who, outcome.price, outcome.point, at, names.census)
            except ValueError as error:
                tally(names.census, "odds", error)
                continue
            if price is not None:
                yield price


def _tolerant(
    read: Callable[[bytes | msgspec.Raw], Shape], raw: msgspec.Raw, census: Counter[str]
) -> Shape | None:
    try:
        return read(raw)
    except (ValueError, RecursionError) as error:
        tally(census, "unreadable", error)
        return None


def _updated(text: str | None, census: Counter[str]) -> int:
    """When a book last said so, ns UTC; 0, counted, where that cannot be read."""
    try:
        return rfc3339(text) if text else 0
    except ValueError as error:
        tally(census, "time", error)
        return 0
