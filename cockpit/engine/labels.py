"""Short names for markets and events, as a trader says them: "BTC >84,000 3pm".

Those of other venues than Kalshi begin with the venue: a Polymarket threshold settles on another number than Kalshi's
of the same strike and hour, and must not be taken for it.
"""

from datetime import date
from functools import lru_cache

from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.newyork import hour, is_day, local
from cockpit.domain.units import SECOND, UNDERLYING, UNDERLYING_DIGITS, decimal
from cockpit.models.assets import by_series
from cockpit.models.games import LEAGUES, fixture_of_ticker
from cockpit.models.match.dates import ticker_date
from cockpit.models.match.mentions import speaker_of
from cockpit.models.match.teams import team
from cockpit.models.match.words import fold
from cockpit.models.weather.brackets import bracket_of
from cockpit.models.weather.stations import by_series as by_temperature

_CENT = UNDERLYING // 100
_DAY_NS = 86_400 * SECOND

VENUES = {"polymarket": "pm ", "polymarket_us": "us "}
"""What a name begins with, by venue."""


def market_label(market: Market, now: int) -> str:
    """A market's short name at a time (ns UTC)."""
    symbol = _asset(market)
    venue = VENUES.get(market.venue, "")
    if not symbol:
        return venue + (_game(market, now) or _temperature(market, now) or _plain(market))
    what = _strikes(market) or _without_strike(market)
    words = (symbol, _window(market), what, when(market.close_ns, now))
    return venue + " ".join(word for word in words if word)


def event_label(event: str, group: EventGroup | None, markets: list[Market], now: int) -> str:
    """An event's short name."""
    first = markets[0] if markets else None
    venue = VENUES.get(first.venue if first else group.venue if group else "", "")
    symbol = _asset(first) if first is not None else ""
    if first is not None and symbol:
        kind = _window(first) or ("range" if first.strike_type == "between" else "")
        words = (symbol, kind, when(first.close_ns, now))
        return venue + " ".join(word for word in words if word)
    game = fixture_of_ticker(event)
    if game is not None:
        return venue + game[0].label + _day(game[0].day, now)
    return venue + ((group.title if group is not None else "") or event)


def _game(market: Market, now: int) -> str:
    """A game and the team YES pays on ("BOS@NYK BOS"), by Kalshi's codes or by the names of a league's teams."""
    known = fixture_of_ticker(market.ticker)
    if known is not None:
        return f"{known[0].label} {known[1]}".rstrip() + _day(known[0].day, now)
    said = _said(market.title, _field(market, "Word") or market.subtitle)
    if said:
        return said
    first, _, second = fold(market.title).partition(" vs. ")
    for league in LEAGUES:
        one, other, yes = (team(league, name) for name in (first, second, fold(market.subtitle)))
        if one and other and yes in (one, other):
            return f"{one}/{other} {yes}"
    return ""


def _temperature(market: Market, now: int) -> str:
    """A city's high or low and the degrees that pay ("New York high 44-45", "Austin low >=61")."""
    station, bracket = by_temperature(market.series or market.ticker.partition("-")[0]), bracket_of(market)
    if station is None or bracket is None:
        return ""
    degrees = f"{bracket.low}-{bracket.high}"
    if bracket.low is None or bracket.high is None:
        degrees = f"<={bracket.high}" if bracket.low is None else f">={bracket.low}"
    kind = "low" if "LOW" in (market.series or market.ticker) else "high"
    of = ticker_date(market.ticker)
    day = f"{of.year}-{of.month:02}-{of.day:02}"
    return f"{station.city} {kind} {degrees}" + (_day(day, now) if is_day(day) else "")


@lru_cache(maxsize=4_096)
def _said(title: str, words: str) -> str:
    """Who says what ("Trump 'Tariff'"), where a market is about a word."""
    speaker = speaker_of(title)
    return f"{speaker.title()} '{words.partition(' - ')[0]}'" if speaker and words else ""


def _day(day: str, now: int) -> str:
    """When it is not today: the day ("Dec 5")."""
    if day == f"{local(now):%Y-%m-%d}":
        return ""
    return f" {date.fromisoformat(day):%b} {date.fromisoformat(day).day}"


def _asset(market: Market) -> str:
    """The underlying's symbol: by the series, else as the market's own fields say; empty for none."""
    asset = by_series(market.series or market.ticker.partition("-")[0])
    return asset.symbol if asset is not None else _field(market, "asset")


def _field(market: Market, name: str) -> str:
    return next((value for key, value in market.custom if key == name), "")


def _window(market: Market) -> str:
    """The window of an up/down market ("15m"), empty for others."""
    if "15M" in market.series or "15M" in market.ticker:
        return "15m"
    return _field(market, "horizon") if _field(market, "family") == "updown" else ""


def _without_strike(market: Market) -> str:
    """What stands where a strike would: the venue's words, else that there is none yet."""
    if _field(market, "family") == "updown":
        return "up"
    return market.subtitle if market.venue in VENUES and market.subtitle else "no target yet"


def when(close_ns: int, now: int) -> str:
    """A close as people say it: the hour in New York, with the date when it is not within a day."""
    if not close_ns:
        return ""
    if abs(close_ns - now) < _DAY_NS:
        return hour(close_ns)
    return f"{local(close_ns):%b} {local(close_ns).day} {hour(close_ns)}"


def _strikes(market: Market) -> str:
    floor, cap = market.floor, market.cap
    match market.strike_type:
        case "greater" if floor is not None:
            return f">{_money(_above(floor))}"
        case "greater_or_equal" if floor is not None:
            return f">{_money(floor)}"
        case "less" | "less_or_equal" if cap is not None:
            return f"<{_money(cap)}"
        case "between" if floor is not None and cap is not None:
            top = cap + _CENT if (cap + _CENT) % UNDERLYING == 0 else cap
            return f"{_money(floor)}-{_money(top)}"
        case _:
            return ""


def _above(floor: int) -> int:
    """The first value above a strike that ends in nines on its own decimals: 83,999.99 is 84,000."""
    digits = decimal(floor, UNDERLYING_DIGITS).partition(".")[2]
    return floor + 10 ** (UNDERLYING_DIGITS - len(digits)) if digits.endswith("9") else floor


def _money(value: int) -> str:
    """Dollars with thousands marked, and cents only where there are any."""
    whole, _, cents = decimal(value - value % 1_000_000, UNDERLYING_DIGITS).partition(".")
    return f"{int(whole):,}" + (f".{cents.ljust(2, '0')}" if cents else "")


def _plain(market: Market) -> str:
    """Where no strike says more: the words for YES, else the title, else the ticker."""
    words = market.subtitle or market.title
    return words if words else market.ticker
