"""Exact integer units, and the only way from decimal text to them and back.

=============  =====================================  ==========================
quantity       unit                                   constant (units per whole)
=============  =====================================  ==========================
price          1e-4 dollar (0.055 $ is 550)           ``PRICE``
quantity       1e-6 contract (0.01 contract is 10_000)  ``QTY``
money          1e-10 dollar (price times quantity)    ``MONEY``
underlying     1e-8 (spot, index, strike, degrees)    ``UNDERLYING``
multiplier     1e-4 (a fee multiplier of 0.5 is 5_000)  ``RATIO``
time           nanoseconds since the epoch, UTC       ``SECOND``
=============  =====================================  ==========================

Price times quantity is money without rounding; rounding happens in `cockpit.domain.fees` only.
"""

PRICE = 10_000
QTY = 1_000_000
MONEY = PRICE * QTY
UNDERLYING = 100_000_000
RATIO = 10_000

MILLISECOND = 1_000_000
SECOND = 1_000_000_000

BID = 1
"""The side of a resting YES bid; also a taker who buys YES."""
ASK = -1
"""The side of a resting YES ask (a NO bid in YES terms); also a taker who sells YES."""

PRICE_DIGITS = 4
QTY_DIGITS = 6
MONEY_DIGITS = 10
UNDERLYING_DIGITS = 8

_SCALE = tuple(int("1" + "0" * digits) for digits in range(20))


def fixed(text: str, digits: int) -> int:
    """Parse plain decimal text into an integer count of ``10**-digits``.

    Args:
        text: ``[-]digits[.digits]``; no exponent, no blanks, no underscores, no infinity.
        digits: decimal places of the unit.

    Raises:
        ValueError: for any other text, or when a non-zero digit lies beyond the unit.
    """
    whole, dot, part = text.partition(".")
    body = whole[1:] if whole[:1] == "-" else whole
    if not (body.isascii() and body.isdigit()) or (dot and not (part.isascii() and part.isdigit())):
        raise ValueError(f"not a plain decimal: {text!r}")
    if len(part) > digits:
        if part[digits:].strip("0"):
            raise ValueError(f"finer than 1e-{digits}: {text!r}")
        part = part[:digits]
    value = int(body) * _SCALE[digits] + int(part.ljust(digits, "0") or "0")
    return -value if whole[:1] == "-" else value


def price(text: str) -> int:
    """Parse dollars ("0.4700") into price units.

    Raises:
        ValueError: when the text is not a plain decimal, is finer than 1e-4, or lies outside 0..1.
    """
    value = fixed(text, PRICE_DIGITS)
    if not 0 <= value <= PRICE:
        raise ValueError(f"price outside 0..1: {text!r}")
    return value


def qty(text: str) -> int:
    """Parse contracts ("3.00", signed) into quantity units; raises ValueError."""
    return fixed(text, QTY_DIGITS)


def decimal(value: int, digits: int, places: int | None = None) -> str:
    """Print an integer count of ``10**-digits`` as exact decimal text.

    Args:
        value: the count.
        digits: decimal places of the unit.
        places: minimum decimals shown; None trims trailing zeros.
    """
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value), _SCALE[digits])
    text = str(part).zfill(digits).rstrip("0") if digits else ""
    text = text.ljust(places or 0, "0")
    return f"{sign}{whole}.{text}" if text else f"{sign}{whole}"


def dollars(value: int) -> float:
    """Money units as a float of dollars, for printing and statistics only."""
    return value / MONEY


def contracts(value: int) -> float:
    """Quantity units as a float of contracts, for printing and statistics only."""
    return value / QTY
