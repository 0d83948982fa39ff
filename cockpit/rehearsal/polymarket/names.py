"""How Polymarket.com names a crypto market: slugs, titles, rules, ids. Source: its listings of 2026; all wording is ours.

Up/down windows are `btc-updown-15m-START` (Unix seconds, UTC); hourly ladders are `bitcoin-above-on-december-3-2026-3pm-et`
with markets `bitcoin-above-84200-on-...`, where the hour is the one the candle ends. Windows pay on a Chainlink stream,
ladders on a Binance candle, which are other numbers than Kalshi's index. A market that was made up in the wake of
Kalshi's ends as that one does, and its rules say so.
"""

from hashlib import sha256

import msgspec

from cockpit.domain.units import SECOND
from cockpit.rehearsal.listing import new_york
from cockpit.rehearsal.polymarket.terms import QUARTER_NS, UPDOWN, Terms, amount, grouped

_COINS = {"BTC": "Bitcoin", "ETH": "Ethereum", "SOL": "Solana"}
_TAGS = {
    "BTC": ("235", "bitcoin", "Bitcoin"),
    "ETH": ("39", "ethereum", "Ethereum"),
    "SOL": ("818", "solana", "Solana"),
}
CRYPTO = ("21", "crypto", "Crypto")
WAKE = "In this rehearsal its book follows that of Kalshi's market on the same hour or window, and it pays as that one does."
"""What the rules of a market that follows Kalshi's say besides."""
_UPDOWN = ("102127", "up-or-down", "Up or Down")
_LADDER = ("102281", "crypto-prices", "Crypto Prices")


class Tag(msgspec.Struct, frozen=True):
    """A tag: id, slug, label."""

    id: str
    slug: str
    label: str


class Event(msgspec.Struct, frozen=True):
    """What an event's markets share."""

    slug: str
    title: str
    series: str
    recurrence: str
    rules: str
    source: str
    tags: tuple[Tag, ...]


class Names(msgspec.Struct, frozen=True):
    """A market's own names."""

    event: Event
    slug: str
    question: str
    short: str
    outcomes: tuple[str, str]


def names_of(terms: Terms, *, wake: bool = False) -> Names:
    """The names of an up/down window or of a ladder's threshold; ``wake`` for one that follows Kalshi's."""
    names = _window(terms) if terms.family == UPDOWN else _threshold(terms)
    if wake:
        event = msgspec.structs.replace(names.event, rules=f"{names.event.rules} {WAKE}")
        return msgspec.structs.replace(names, event=event)
    return names


def _window(terms: Terms) -> Names:
    coin, asset = _COINS[terms.asset], terms.asset.lower()
    start = terms.close_ns - QUARTER_NS
    slug = f"{asset}-updown-15m-{start // SECOND}"
    title = f"{coin} Up or Down - {_day(start)}, {_clock(start)}-{_clock(terms.close_ns)} ET"
    source = f"https://data.chain.link/streams/{asset}-usd-twap-60s-streams"
    rules = (
        f'Resolves to "Up" if {coin} ends the window in the title at or above where it began, else to "Down". '
        f"What counts is Chainlink's 60-second average of {terms.asset}/USD: {source}. Invented for rehearsal."
    )
    event = Event(slug, title, f"{asset}-up-or-down-15m", "15m", rules, source, _tags(terms, _UPDOWN))
    return Names(event, slug, title, "", ("Up", "Down"))


def _threshold(terms: Terms) -> Names:
    coin, at = _COINS[terms.asset], terms.close_ns
    word = coin.lower()
    when = f"{new_york(at):%B-%-d-%Y}-{_clock(at)}-et".lower().replace(":", "-")
    moment = f"{_day(at)}, {_clock(at)} ET"
    rules = (
        f'Resolves to "Yes" if the "Close" of the {terms.asset}/USDT 1 hour candle that ends at the time in the title is '
        f'higher than the price in the title, else to "No". The source is Binance, {terms.asset}/USDT with "1h" selected. '
        "Invented for rehearsal."
    )
    event = Event(
        slug=f"{word}-above-on-{when}",
        title=f"{coin} above ___ on {moment}?",
        series=f"{word}-multi-strikes-hourly",
        recurrence="hourly",
        rules=rules,
        source="",
        tags=_tags(terms, _LADDER),
    )
    low = terms.low or 0
    strike = amount(low).replace(".", "pt")
    question = f"{coin} above {grouped(low)} on {moment}?"
    return Names(event, f"{word}-above-{strike}-on-{when}", question, grouped(low), ("Yes", "No"))


def _tags(terms: Terms, kind: tuple[str, str, str]) -> tuple[Tag, ...]:
    return tuple(Tag(*each) for each in (CRYPTO, _TAGS[terms.asset], kind))


def _day(ts: int) -> str:
    return f"{new_york(ts):%B %-d}"


def _clock(ts: int) -> str:
    local = new_york(ts)
    return f"{local:%-I%p}" if not local.minute else f"{local:%-I:%M%p}"


# ---------------------------------------------------------------------- ids


def condition_of(ticker: str) -> str:
    """A market's condition id: 32 bytes of hexadecimal."""
    return "0x" + sha256(f"condition|{ticker}".encode()).hexdigest()


def question_of(ticker: str) -> str:
    """The id of the question the oracle is asked."""
    return "0x" + sha256(f"question|{ticker}".encode()).hexdigest()


def tokens_of(condition: str) -> tuple[str, str]:
    """The ids of a market's two tokens: decimal numbers of 77 or 78 digits."""
    first, second = (_number(f"token|{condition}|{i}") for i in (0, 1))
    return first, second


def _number(text: str) -> str:
    # the bit makes it long enough, whatever was drawn
    return str(int.from_bytes(sha256(text.encode()).digest()) | 1 << 254)


def address_of(text: str) -> str:
    """An account's address: 20 bytes of hexadecimal."""
    return "0x" + sha256(f"account|{text}".encode()).hexdigest()[:40]


def transaction_of(text: str) -> str:
    """A transaction's hash: 32 bytes of hexadecimal."""
    return "0x" + sha256(f"transaction|{text}".encode()).hexdigest()
