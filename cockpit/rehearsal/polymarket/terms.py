"""What a market is about: asset, family, strikes and times; and how these are written."""

from datetime import UTC, datetime

import msgspec

from cockpit.domain.units import SECOND, UNDERLYING_DIGITS, decimal

UPDOWN, ABOVE, RANGE = "updown", "above", "range"
GAME, SPEECH = "game", "speech"
QUARTER_NS = 900 * SECOND


class Terms(msgspec.Struct, frozen=True):
    """A market's terms. ``low`` and ``high`` (1e-8 dollars) are the settlement values that pay, both included.

    Of an up/down market ``low`` is the price to beat, None until it is known; of a threshold it is the amount the
    question names. A game and a word said have no strikes; the ``asset`` of a game is its league. ``ticker`` is what the market's ids are made of.
    Times are ns UTC.
    """

    ticker: str
    asset: str
    family: str
    low: int | None
    high: int | None
    open_ns: int
    close_ns: int
    starts_ns: int = 0
    """When a game or a speech begins."""


def ns_of(text: str) -> int:
    """RFC 3339 text as ns UTC, to the microsecond; raises ValueError."""
    moment = datetime.fromisoformat(text)
    seconds = int(moment.replace(microsecond=0, tzinfo=moment.tzinfo or UTC).timestamp())
    return seconds * SECOND + moment.microsecond * 1_000


def iso(ts: int) -> str:
    """A moment (ns UTC) as RFC 3339, whole seconds."""
    return f"{datetime.fromtimestamp(ts // SECOND, UTC):%Y-%m-%dT%H:%M:%SZ}"


def amount(value: int, places: int | None = None) -> str:
    """A strike (1e-8) as text, with at least so many decimals."""
    return decimal(value, UNDERLYING_DIGITS, places)


def grouped(value: int) -> str:
    """A strike as people write it: thousands apart, cents only where there are any."""
    whole, _, part = decimal(value, UNDERLYING_DIGITS).partition(".")
    return f"{int(whole):,}" + (f".{part.ljust(2, '0')}" if part else "")
